"""Readings: versions, failures, and two articles that turn out to be one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_world import MINUTE, NOW, OWNER, article, brought, feed, front, item, poll, read

from firsthand.model.article import Article, OutletName
from firsthand.model.records import ChangeKind, HeldArticle, Reading, ReadState, SearchQuery
from firsthand.model.urls import domain_of
from firsthand.model.when import When
from firsthand.store import Store


def kinds(store: Store) -> list[ChangeKind]:
    return [change.kind for change in store.changes.after(0)]


def found(store: Store, *words: str) -> list[int]:
    return [one.id for one in store.articles.search(OWNER, SearchQuery(words=words), before=None, limit=50)]


def test_a_page_read_whole_is_version_one(store: Store) -> None:
    (key,) = brought(store, "a")
    whole = article(byline=("Ada Quist",), published=When.of(NOW - 5 * MINUTE), section=("World",))
    assert store.ingest.save_reading(Reading(article_id=key, at=NOW, article=whole)) == key
    held = store.articles.get(OWNER, key)
    assert (held.article, held.state, held.problem) == (whole, ReadState.WHOLE, None)
    assert (held.versions, held.sort_at) == (((1, NOW),), NOW - 5 * MINUTE)
    assert store.articles.version(key, 1).article == whole
    assert kinds(store) == [ChangeKind.ARTICLE_NEW, ChangeKind.ARTICLE_READ]
    (row,) = store.articles.front(OWNER, before=None, limit=5)
    assert row.sort_at == NOW - 5 * MINUTE


def test_the_same_text_again_makes_no_version(store: Store) -> None:
    (key,) = brought(store, "a")
    for minute in range(3):
        read(store, key, at=NOW + minute * MINUTE)
    assert store.articles.get(OWNER, key).versions == ((1, NOW),)
    assert kinds(store) == [ChangeKind.ARTICLE_NEW, ChangeKind.ARTICLE_READ]


def test_another_text_is_another_version_and_both_stay(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key, "The zebra fled.")
    read(store, key, "The lion fled.", at=NOW + MINUTE)
    assert store.articles.get(OWNER, key).versions == ((1, NOW), (2, NOW + MINUTE))
    assert [store.articles.version(key, n).article.text for n in (1, 2)] == ["The zebra fled.", "The lion fled."]
    assert kinds(store)[1:] == [ChangeKind.ARTICLE_READ, ChangeKind.ARTICLE_VERSION]
    assert (found(store, "zebra"), found(store, "lion")) == ([], [key])


def test_a_failure_for_now_and_for_good(store: Store) -> None:
    (key,) = brought(store, "a")
    store.ingest.save_reading(Reading(article_id=key, at=NOW, problem="Busy.", retry_at=NOW + MINUTE))
    assert store.articles.get(OWNER, key).state is ReadState.PENDING
    store.ingest.save_reading(Reading(article_id=key, at=NOW, problem="Paywall."))
    held = store.articles.get(OWNER, key)
    assert (held.state, held.problem, held.article.summary) == (ReadState.SUMMARY, "Paywall.", "Summary a.")
    assert store.ingest.pages_due(NOW + 60 * MINUTE, 5) == []
    assert kinds(store) == [ChangeKind.ARTICLE_NEW, ChangeKind.ARTICLE_READ]


def test_a_failure_to_read_again_leaves_what_is_held(store: Store) -> None:
    (key,) = brought(store, "a")
    read(store, key)
    store.ingest.save_reading(Reading(article_id=key, at=NOW, problem="Gone."))
    held = store.articles.get(OWNER, key)
    assert (held.state, held.problem, held.article.text) == (ReadState.WHOLE, None, "The council met on Monday.")


def test_two_articles_that_are_one_fold_into_the_older(store: Store) -> None:
    first, second = feed(store), feed(store, "https://other.example/feed")
    (older,) = store.ingest.save_poll(poll(first, item("a", sort_at=NOW - 9 * MINUTE)))
    (newer,) = store.ingest.save_poll(poll(second, item("b", url="https://other.example/b")))
    store.readers.mark(OWNER, newer, saved=True, read=True, now=NOW)
    keys = ("https://other.example/b", "https://herald.example/a")
    assert read(store, newer, "The zebra fled.", keys=keys) == older
    assert front(store) == [older]
    held = store.articles.get(OWNER, newer)
    assert (held.id, held.read, held.saved) == (older, True, True)
    assert [feed_id for feed_id, _ in held.feeds] == [first.id, second.id]
    assert found(store, "zebra") == [older]
    assert store.articles.by_key("https://other.example/b") == older
    assert store.ingest.known({second.id: ["b"]})[second.id]["b"].article_id == older
    assert store.ingest.save_poll(poll(second, item("c", url="https://other.example/b"))) == []
    store.readers.mark(OWNER, newer, read=False, now=NOW)
    assert not store.articles.get(OWNER, older).read


def test_folding_three_in_a_row_leaves_every_address_good(store: Store) -> None:
    one, two, three = brought(store, "a", "b", "c")
    read(store, three, keys=("https://herald.example/c", "https://herald.example/b"))
    read(store, two, keys=("https://herald.example/b", "https://herald.example/a"))
    assert [store.articles.get(OWNER, key).id for key in (one, two, three)] == [one, one, one]
    assert front(store) == [one]


def test_folding_a_read_article_into_one_still_pending_keeps_its_text(store: Store) -> None:
    older, newer = brought(store, "a", "b")
    read(store, newer, "The zebra fled.", section=("World",))
    keys = ("https://herald.example/b", "https://herald.example/a")
    store.ingest.save_reading(Reading(article_id=newer, at=NOW, problem="Gone.", keys=keys))
    held = store.articles.get(OWNER, older)
    assert (held.article.text, held.versions) == ("The zebra fled.", ((1, NOW),))
    assert held.state is ReadState.WHOLE
    assert found(store, "zebra") == [older]
    assert store.articles.sections(OWNER, 5) == [("world", "World")]
    assert [one.id for one in store.articles.by_section(OWNER, "world", before=None, limit=5)] == [older]
    assert store.ingest.pages_due(NOW, 5) == []


def test_folding_two_read_articles_keeps_the_versions_of_both_in_the_order_they_were_seen(store: Store) -> None:
    older, newer = brought(store, "a", "b")
    for key, minute, animal in ((older, 0, "zebra"), (newer, 1, "lion"), (older, 2, "tapir"), (newer, 3, "tapir")):
        read(store, key, f"The {animal} fled.", at=NOW + minute * MINUTE, section=(animal,))
    read(store, newer, "The okapi fled.", at=NOW + 4 * MINUTE, section=("okapi",))
    keys = ("https://herald.example/b", "https://herald.example/a")
    store.ingest.save_reading(Reading(article_id=newer, at=NOW + 5 * MINUTE, problem="Gone.", keys=keys))
    held = store.articles.get(OWNER, older)
    assert held.versions == tuple(
        (number, NOW + minute * MINUTE) for number, minute in ((1, 0), (2, 1), (3, 2), (4, 4))
    )
    animals = [store.articles.version(older, number).article.text.split()[1] for number in (1, 2, 3, 4)]
    assert animals == ["zebra", "lion", "tapir", "okapi"]
    assert (held.article.text, held.state) == ("The okapi fled.", ReadState.WHOLE)
    assert store.articles.sections(OWNER, 5) == [("okapi", "okapi")]
    assert (found(store, "okapi"), found(store, "tapir")) == ([older], [])
    last = store.changes.after(0)[-1]
    assert (last.kind, last.article_id) == (ChangeKind.ARTICLE_VERSION, older)


def test_folding_leaves_the_newest_text_where_the_article_that_stays_has_it(store: Store) -> None:
    older, newer = brought(store, "a", "b")
    read(store, newer, "The lion fled.", section=("Lion",))
    read(store, older, "The zebra fled.", at=NOW + MINUTE, section=("Zebra",))
    keys = ("https://herald.example/a", "https://herald.example/b")
    read(store, older, "The okapi fled.", at=NOW + 2 * MINUTE, keys=keys, section=("Zebra",))
    texts = [store.articles.version(older, number).article.text for number in (1, 2, 3)]
    assert texts == ["The lion fled.", "The zebra fled.", "The okapi fled."]
    assert store.articles.sections(OWNER, 5) == [("zebra", "Zebra")]
    assert (found(store, "lion"), found(store, "okapi")) == ([], [older])


def test_reading_again_what_was_folded_in_tells_that_it_was_read(store: Store) -> None:
    older, newer = brought(store, "a", "b")
    read(store, newer, "The zebra fled.")
    read(store, newer, "The zebra fled.", keys=("https://herald.example/b", "https://herald.example/a"))
    assert store.articles.get(OWNER, older).state is ReadState.WHOLE
    assert [change.article_id for change in store.changes.after(0)][-1] == older


def test_the_marks_of_every_reader_are_merged(store: Store) -> None:
    store.readers.add("ada", "hash", NOW)
    bob = store.readers.add("bob", "hash", NOW).id
    older, newer = brought(store, "a", "b")
    store.readers.mark(OWNER, older, read=True, now=NOW)
    store.readers.mark(OWNER, newer, read=False, saved=True, now=NOW)
    store.readers.mark(bob, newer, read=True, now=NOW)
    store.readers.mark(bob, older, saved=True, now=NOW)
    read(store, newer, keys=("https://herald.example/a",))
    for reader in (OWNER, bob):
        held = store.articles.get(reader, older)
        assert (held.read, held.saved) == (True, True)


def test_counters_of_sections_stay_right(store: Store) -> None:
    one, two, three = brought(store, "a", "b", "c")
    for key in (one, two, three):
        read(store, key, section=("Science & Climate", "Ice"))
    assert store.articles.sections(OWNER, 5) == [("science-climate", "Science & Climate")]
    read(store, one, section=("World",))
    read(store, two, section=("World",))
    assert [slug for slug, _ in store.articles.sections(OWNER, 5)] == ["world", "science-climate"]
    read(store, two, section=("World",), keys=("https://herald.example/a",))
    read(store, three, section=())
    assert [slug for slug, _ in store.articles.sections(OWNER, 5)] == ["world"]
    read(store, one, section=())
    assert store.articles.sections(OWNER, 5) == []


def test_a_bare_day_does_not_undo_the_time_that_the_feed_gave(store: Store) -> None:
    (key,) = brought(store, "a", sort_at=NOW - 5 * MINUTE)
    read(store, key, published=When.day(2026, 11, 24))
    assert store.articles.get(OWNER, key).sort_at == NOW - 5 * MINUTE


def test_a_page_names_an_outlet_that_had_only_a_domain(store: Store) -> None:
    ids = store.ingest.save_poll(
        poll(
            feed(store, "https://planet.example/feed"),
            *(item(f"n{n}", url=f"https://blog{n}.example/x") for n in range(3)),
        )
    )
    named = article()
    named = replace(named, outlet=replace(named.outlet, name="The Blog", domain="blog0.example"))
    store.ingest.save_reading(Reading(article_id=ids[0], at=NOW, article=named))
    assert store.articles.get(OWNER, ids[0]).outlet.name == "The Blog"


def _page(name: str | None, url: str) -> Article:
    return replace(article(), outlet=OutletName(name, domain_of(url)), url=url)


def _lead_to(
    store: Store, link: str, page: Article, source: str = "https://news.aggregator.example/feed"
) -> HeldArticle:
    """The article of a link in a feed that turned out to be of this page."""
    items = (item(f"n{n}", url=f"https://news.aggregator.example/{n}") for n in range(4))
    (key, *_) = store.ingest.save_poll(poll(feed(store, source), item("x", url=link), *items))
    store.ingest.save_reading(Reading(article_id=key, at=NOW, article=page))
    return store.articles.get(OWNER, key)


def test_a_link_that_leads_to_another_outlet_is_that_outlets(store: Store) -> None:
    page = _page("The Tribune", "https://www.tribune.example/a")
    held = _lead_to(store, "https://news.aggregator.example/r?to=a", page)
    assert (held.outlet.name, held.outlet.domain) == ("The Tribune", "tribune.example")
    (row,) = store.articles.by_outlet(OWNER, held.outlet.id, before=None, limit=5)
    assert (row.id, row.url) == (held.id, "https://www.tribune.example/a")
    assert [one.id for one in store.articles.search(OWNER, SearchQuery(outlet="tribune"), before=None, limit=5)] == [
        held.id
    ]
    source = store.feeds.by_url("https://news.aggregator.example/feed")
    assert source is not None
    assert store.articles.outlet(source.outlet_id).domain == "news.aggregator.example"
    store.ingest.save_reading(Reading(article_id=held.id, at=NOW, article=page))
    assert store.articles.get(OWNER, held.id).outlet == held.outlet


@pytest.mark.parametrize(
    ("link", "name", "url"),
    [
        ("https://herald.co.uk/a", "Herald", "https://www.herald.com/a"),
        ("https://herald.co.uk/a", None, "https://edition.herald.com/a"),
        ("https://hrld.example/a", "herald", "https://herald-online.example/a"),
        ("https://hrld.example/a", "Whatever", "https://news.herald.co.uk/a"),
        ("https://herald.co.uk/a", "Whatever", "https://amp.herald.co.uk/a"),
    ],
)
def test_an_outlets_own_links_may_lead_to_another_of_its_domains(
    store: Store, link: str, name: str | None, url: str
) -> None:
    source = feed(store, "https://herald.co.uk/feed")
    (key,) = store.ingest.save_poll(poll(source, item("a", url=link)))
    store.ingest.save_reading(Reading(article_id=key, at=NOW, article=_page(name, url)))
    assert store.articles.get(OWNER, key).outlet.id == source.outlet_id


def test_a_page_elsewhere_does_not_name_the_outlet(store: Store) -> None:
    source = store.feeds.add("https://links.example/feed", title="", outlet=OutletName(None, "links.example"), now=NOW)
    (key, _) = store.ingest.save_poll(
        poll(source, *(item(f"n{n}", url=f"https://videos.example/{n}") for n in range(2)))
    )
    store.ingest.save_reading(Reading(article_id=key, at=NOW, article=_page("Videos", "https://videos.example/0")))
    assert store.articles.outlet(source.outlet_id).name == "links.example"
