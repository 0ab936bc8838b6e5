"""Search: words are found as readers type them, the same on both databases, and nothing in a query is an operator."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_world import MINUTE, NOW, OWNER, brought, every_page, feed, item, poll, read

from firsthand.model.records import Cursor, SearchQuery
from firsthand.store import Store

TEXT = (
    "Über Müller's naïve café at example.com: growth of 3.5 percent, a 10-year low, on 2026-11-24 in the U.S. foo_bar"
)


def found(store: Store, **parts: object) -> list[int]:
    return [one.id for one in store.articles.search(OWNER, SearchQuery(**parts), before=None, limit=50)]  # type: ignore[arg-type]


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


ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(ANY, max_size=3), phrase=ANY, excluded=ANY, outlet=ANY, by=ANY, section=ANY)
def test_any_text_can_be_asked(
    library: Store, words: list[str], phrase: str, excluded: str, outlet: str, by: str, section: str
) -> None:
    asked = {"words": (*words, "zebra"), "phrases": (phrase,), "excluded": (excluded,)}
    assert found(library, **asked) == []
    assert found(library, **asked, outlet=outlet, by=by, section=section) == []


def test_a_word_longer_than_an_index_takes(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "x" * 5000 + " and an end")
    assert found(store, words=("end",)) == [key]
    assert found(store, words=("y" * 5000,)) == []


def test_a_text_of_more_words_than_an_index_takes_is_still_kept(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "zebra " + " ".join(chr(0x4E00 + n % 20_000) + chr(0x4E00 + n // 7) for n in range(140_000)))
    assert found(store, words=("zebra",)) == [key]


def test_hits_go_by_cursor(store: Store) -> None:
    ids = brought(store, *(f"n{n}" for n in range(7)), title="The council")
    pages = every_page(
        lambda before: store.articles.search(OWNER, SearchQuery(words=("council",)), before=before, limit=3)
    )
    assert pages == ids[::-1]
    assert found(store, words=("council",)) == pages
    assert store.articles.search(OWNER, SearchQuery(), before=Cursor(NOW, ids[0]), limit=3) == []


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
