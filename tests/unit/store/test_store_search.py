"""Search: words are found as readers type them, the same on both databases, and nothing in a query is an operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_world import MINUTE, NOW, OWNER, brought, every_page, feed, front, item, poll, read

from firsthand.model.errors import UsageError
from firsthand.model.records import Cursor, SearchQuery
from firsthand.model.when import When
from firsthand.store import Store
from firsthand.store.snippets import HIT_END, HIT_START
from firsthand.store.words import split

TEXT = (
    "Über Müller's naïve café at example.com: growth of 3.5 percent, a 10-year low, on 2026-11-24 in the U.S. foo_bar"
)


def found(store: Store, **parts: object) -> list[int]:
    return [one.id for one in store.articles.search(OWNER, SearchQuery(**parts), before=None, limit=50)]  # type: ignore[arg-type]


def snippet(store: Store, **parts: object) -> str:
    (hit,) = store.articles.search(OWNER, SearchQuery(**parts), before=None, limit=1)  # type: ignore[arg-type]
    return hit.snippet


@pytest.fixture
def library(store: Store) -> Store:
    """Article 1 says TEXT, article 2 says something of Ada Quist's in another outlet, article 3 only its headline."""
    other = feed(store, "https://other.example/feed")
    (one,) = store.ingest.save_poll(poll(feed(store), item("a", sort_at=NOW - 60 * MINUTE)))
    (two,) = store.ingest.save_poll(poll(other, item("b", url="https://other.example/b")))
    (three,) = store.ingest.save_poll(poll(other, item("c", url="https://other.example/c", title="Müller speaks")))
    read(store, one, TEXT, section=("World",))
    read(store, two, "Nothing much at the market, said Mueller.", byline=("Ada Quist",), section=("Economy",))
    assert [one, two, three] == [1, 2, 3]
    return store


@pytest.mark.parametrize(
    ("parts", "ids"),
    [
        ({"words": ("muller",)}, [3, 1]),
        ({"words": ("MÜLLER", "naive")}, [1]),
        ({"words": ("cafe",)}, [1]),
        ({"words": ("example",)}, [1]),
        ({"words": ("example.com",)}, [1]),
        ({"words": ("10-year",)}, [1]),
        ({"words": ("year",)}, [1]),
        ({"words": ("3.5",)}, [1]),
        ({"words": ("11",)}, [1]),
        ({"words": ("U.S.",)}, [1]),
        ({"words": ("foo",)}, [1]),
        ({"phrases": ("growth of 3.5 percent",)}, [1]),
        ({"phrases": ("percent growth",)}, []),
        ({"words": ("at",), "excluded": ("market",)}, [1]),
        ({"excluded": ("market",)}, [3, 1]),
        ({"by": "quist"}, [2]),
        ({"by": "Ada Quist", "words": ("cafe",)}, []),
        ({"words": ("quist",)}, [2]),
        ({"words": ("at",), "outlet": "OTHER"}, [2]),
        ({"outlet": "other.example"}, [3, 2]),
        ({"outlet": "%"}, []),
        ({"words": ("at",), "section": "World"}, [1]),
        ({"section": "economy"}, [2]),
        ({"words": ("at",), "before": NOW}, [1]),
        ({"words": ("at",), "after": NOW}, [2]),
        ({"words": ("muller", "---")}, [3, 1]),
        ({"words": ("muller",), "excluded": ("*",)}, [3, 1]),
        ({"words": ("mull",)}, []),
        ({}, [3, 2, 1]),
    ],
)
def test_what_is_found(library: Store, parts: dict[str, object], ids: list[int]) -> None:
    assert found(library, **parts) == ids


@pytest.mark.parametrize(
    "term",
    [
        "cafe* OR market",
        "mull*",
        "NEAR(cafe market)",
        "headline : speaks",
        'x" OR "market',
        "cafe | market",
        "!nothing",
        "a:*",
        "'market' & !x",
        "cafe <-> market",
        "(",
        ")",
        "^",
        "-market",
        "{headline} : x",
        "\\",
        "''",
    ],
)
def test_operators_of_the_databases_are_only_text(library: Store, term: str) -> None:
    for parts in ({"words": (term, "zebra")}, {"phrases": (term, "zebra")}, {"by": term, "words": ("zebra",)}):
        assert found(library, **parts) == []
    assert found(library, words=("market",), excluded=(f"zebra {term}",)) == [2]


ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=10)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(ANY, max_size=3), phrase=ANY, excluded=ANY, outlet=ANY, by=ANY, section=ANY)
def test_any_text_can_be_asked(
    library: Store, words: list[str], phrase: str, excluded: str, outlet: str, by: str, section: str
) -> None:
    asked = {"words": (*words, "zebra"), "phrases": (phrase,), "excluded": (excluded,)}
    assert found(library, **asked) == []
    assert found(library, **asked, outlet=outlet, by=by, section=section) == []


def test_a_search_of_more_words_than_anyone_types_is_refused(library: Store) -> None:
    for parts in ({"phrases": ("cafe " * 70,)}, {"words": ("cafe",), "excluded": tuple(f"x{n}" for n in range(70))}):
        with pytest.raises(UsageError, match="more than 64 words"):
            found(library, **parts)
    assert found(library, words=("cafe",), excluded=tuple(f"x{n}" for n in range(60))) == [1]


def test_a_word_longer_than_an_index_takes(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "x" * 5000 + " and an end")
    assert found(store, words=("end",)) == [key]
    assert found(store, words=("y" * 5000,)) == []


def test_a_text_of_more_words_than_an_index_takes_is_still_kept(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "zebra " + " ".join(chr(0x4E00 + n % 20_000) + chr(0x4E00 + n // 7) for n in range(140_000)))
    assert found(store, words=("zebra",)) == [key]


# Minutes before NOW: out of order, several in an hour, several at one time, years between.
SPREAD = (0, 50, 10, 10, 10, 70, 130, 65, 9_000, 3, 3_000_000, 130, 129)


@pytest.mark.parametrize("query", [SearchQuery(words=("council",)), SearchQuery(excluded=("zebra",)), SearchQuery()])
@pytest.mark.parametrize("limit", [1, 3, 5])
def test_hits_come_newest_first_and_go_by_cursor(store: Store, query: SearchQuery, limit: int) -> None:
    for number, minutes in enumerate(SPREAD):
        brought(store, f"n{number}", title="The council", sort_at=NOW - minutes * MINUTE)
    newest = front(store)
    pages = every_page(lambda before: store.articles.search(OWNER, query, before=before, limit=limit))
    assert pages == newest
    at = NOW - 65 * MINUTE
    late = replace(query, after=at, before=NOW - 3 * MINUTE)
    pages = every_page(lambda before: store.articles.search(OWNER, late, before=before, limit=limit))
    assert pages == [key for key in newest if at <= store.articles.get(OWNER, key).sort_at < NOW - 3 * MINUTE]
    assert store.articles.search(OWNER, query, before=Cursor(NOW - 10**7 * MINUTE, 1), limit=3) == []


def test_dates_at_the_ends_of_time(store: Store) -> None:
    (old, new) = (
        brought(store, name, sort_at=datetime(year, 1, 1, tzinfo=UTC))[0] for name, year in (("old", 1), ("new", 2026))
    )
    for query in (SearchQuery(words=("title",)), SearchQuery()):
        assert [one.id for one in store.articles.search(OWNER, query, before=None, limit=5)] == [new, old]
        early = replace(query, before=datetime(1, 1, 2, tzinfo=UTC), after=datetime.min.replace(tzinfo=UTC))
        assert [one.id for one in store.articles.search(OWNER, early, before=None, limit=5)] == [old]
        late = replace(query, after=datetime(1, 1, 2, tzinfo=UTC), before=datetime.max.replace(tzinfo=UTC))
        assert [one.id for one in store.articles.search(OWNER, late, before=None, limit=5)] == [new]


def test_an_article_that_moves_in_time_is_found_once_and_where_it_stands(store: Store) -> None:
    one, two = brought(store, "a", "b")
    read(store, two, "The zebra fled.", published=When.of(NOW - 9 * MINUTE))
    read(store, one, "The zebra fled.", published=When.of(NOW - 5 * MINUTE))
    assert found(store, words=("zebra",)) == front(store) == [one, two]
    read(store, one, "The zebra fled.", published=When.of(NOW - 99 * MINUTE))  # an edit moves nothing
    assert found(store, words=("zebra",)) == front(store) == [one, two]


def test_an_outlet_of_whose_name_there_are_hundreds(store: Store) -> None:
    keys = [
        store.ingest.save_poll(
            poll(feed(store, f"https://paper{n}.example/feed"), item(f"n{n}", url=f"https://paper{n}.example/x"))
        )[0]
        for n in range(60)
    ]
    brought(store, "other")
    assert found(store, words=("title",), outlet="paper", after=NOW) == keys[:-51:-1]
    assert found(store, outlet="paper7.example") == [keys[7]]


# ── Languages ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        (
            "東京都知事は新しいiPhoneの発表を見た。",
            ["東京", "都知事", "京", "iPhone", "新しいiphone", "発表"],
            ["京東", "知東京", "大"],
        ),
        ("上海证券交易所宣布停牌5G概念股", ["证券", "交易所", "所", "5G概念", "停牌5g"], ["所交", "概股"]),
        ("정부가 새로운 정책을 발표했다", ["정부", "정부가", "정책", "발표"], ["부정", "책발"]),
        ("นายกรัฐมนตรีไทยเยือนญี่ปุ่น", ["ไทย", "ญี่ปุ่น", "รัฐมนตรี"], ["ลาว"]),
        ("ភ្នំពេញជារាជធានី", ["រាជធានី", "ភ្នំពេញ"], ["ធានីភ្នំ"]),
        ("हिन्दी के समाचार पढ़िए", ["हिन्दी", "समाचार", "पढिए"], ["हिन्द", "समाचर"]),
        ("Die Straße ist STRASSENSPERRE genug", ["strasse", "straße", "STRASSE"], ["strase"]),
        ("Zażółć gęślą w Łodzi, Iğdır ve İstanbul", ["zazolc", "lodzi", "igdir", "istanbul", "ISTANBUL"], []),
        ("Ёлки в Йошкар-Оле", ["елки", "Йошкар"], []),
        ("قالت الأمّـــة إنّ", ["الامة", "الأمة"], []),
        ("می‌خواهم بدانم", ["می‌خواهم", "خواهم", "می خواهم"], []),
        ("soft\u00adware ﬁnds cafe\u0301 １２３", ["software", "finds", "café", "123"], ["soft"]),
    ],
)
def test_words_of_every_language_are_found_and_marked(
    store: Store, text: str, words: list[str], others: list[str]
) -> None:
    (key,) = brought(store, "a")
    read(store, key, text)
    for word in words:
        assert found(store, words=(word,)) == [key], word
        hit = snippet(store, words=(word,)).partition(HIT_START)[2].partition(HIT_END)[0]
        assert split(hit) == split(word), word
    for word in others:
        assert found(store, words=(word,)) == [], word


def test_names_in_scripts_without_spaces_are_found_by_byline(store: Store) -> None:
    one, two = brought(store, "a", "b")
    read(store, one, "王小明说。", byline=("李大山",))
    read(store, two, "李大山说。", byline=("王小明", "Ada Quist"))
    assert found(store, by="王小明") == found(store, by="王") == found(store, by="ada quist") == [two]
    assert found(store, by="明李") == found(store, by="王小明 Ada") == []


def test_no_phrase_is_found_across_headline_byline_and_text(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "Gamma delta.", headline="Alpha beta", byline=("Ada Quist",))
    for phrase in ("beta ada", "quist gamma", "beta gamma", "outlet 1"):
        assert found(store, phrases=(phrase,)) == []
    assert found(store, phrases=("alpha beta", "ada quist", "gamma delta")) == [key]


def test_marked_words_cannot_be_asked_for_or_forged(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "by=ada outlet=99 section=world = '=' by:ada", headline="outlet=98")
    assert found(store, by="ada") == found(store, section="world") == []
    assert found(store, words=("outlet=99",)) == [key]
    assert found(store, words=("outlet=1",)) == []


def test_snippets_mark_the_hits(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "\ue000Fake\ue001 mark. " + "Long words before it. " * 30 + "Then Müller spoke. " + "After. " * 80)
    (hit,) = store.articles.search(OWNER, SearchQuery(words=("muller",)), before=None, limit=1)
    assert "Then \ue000Müller\ue001 spoke." in hit.snippet
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) < 300
    (hit,) = store.articles.search(OWNER, SearchQuery(words=("council",)), before=None, limit=1)
    assert hit.snippet.startswith("Fake mark.")
    (hit,) = store.articles.search(OWNER, SearchQuery(phrases=("then muller",)), before=None, limit=1)
    assert "\ue000Then Müller\ue001" in hit.snippet


def test_marks_of_hits_cannot_be_forged(store: Store) -> None:
    forged = "\ue000false\ue001 zebra \ue001"
    (one,) = brought(store, "a", title=forged, summary=forged)
    assert snippet(store, words=("zebra",)) == "false \ue000zebra\ue001"
    read(store, one, forged, headline=forged)
    assert snippet(store, words=("zebra",)) == "false \ue000zebra\ue001"
    assert snippet(store, words=("\ue000zebra",)) == "false \ue000zebra\ue001"
