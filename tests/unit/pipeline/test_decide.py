from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from firsthand.model.article import Article
from firsthand.model.errors import BadStatus, FirsthandError, NotAnArticle, RobotsRefused, TimedOut, Unreachable
from firsthand.model.feed import Feed, FeedFormat, Fetched, Item, NotModified, ParsedFeed
from firsthand.model.records import KnownItem, PageDue
from firsthand.model.when import When
from firsthand.pipeline.decide import (
    RETRIES,
    decide_failed_poll,
    decide_poll,
    decide_reading,
    fingerprint,
    pick_pages,
    place,
)
from firsthand.pipeline.settings import PipelineSettings

NOW = datetime(2025, 11, 10, 12, 0, tzinfo=UTC)
FEED = Feed(id=7, url="https://example.com/feed", title="Ledger", outlet_id=1, next_poll=NOW, added=NOW)
PAGE = PageDue(article_id=3, url="https://example.com/a", item=Item(id="a"), attempts=0)
SETTINGS = PipelineSettings()


def item(name: str, hours_ago: float = 1, **more: object) -> Item:
    at = When.of(NOW - timedelta(hours=hours_ago))
    return replace(Item(id=name, url=f"https://example.com/{name}", title=name, published=at), **more)  # type: ignore[arg-type]


def poll(*items: Item, known: dict[str, KnownItem] | None = None):
    fetched = Fetched(url=FEED.url, status=200, body=b"", etag='"1"')
    return decide_poll(
        FEED, fetched, ParsedFeed(format=FeedFormat.RSS, title="T", items=items), known or {}, NOW, SETTINGS
    )


def test_new_items_come_oldest_first_whatever_order_the_feed_has() -> None:
    outcome = poll(item("b", 1), item("c", 0.5), item("a", 5))
    assert [new.item.id for new in outcome.new] == ["a", "b", "c"]


def test_a_known_item_is_neither_new_nor_changed() -> None:
    known = {"a": KnownItem(fingerprint(item("a")), 1)}
    outcome = poll(item("a"), known=known)
    assert (outcome.new, outcome.changed) == ((), ())


def test_an_edited_item_is_changed() -> None:
    known = {"a": KnownItem(fingerprint(item("a")), 1)}
    outcome = poll(item("a", title="Another headline"), known=known)
    assert [one.item.title for one in outcome.changed] == ["Another headline"]
    assert outcome.new == ()


def test_an_item_twice_in_one_feed_is_one() -> None:
    assert len(poll(item("a"), item("a", title="again")).new) == 1


def test_a_date_in_the_future_is_not_believed() -> None:
    assert place(FEED, item("a", hours_ago=-30), NOW).sort_at == NOW


def test_an_item_without_date_stands_at_the_time_it_came() -> None:
    assert place(FEED, item("a", published=None), NOW).sort_at == NOW


def test_an_item_without_link_has_its_own_identity() -> None:
    one, other = place(FEED, item("a", url=None), NOW), place(FEED, item("b", url=None), NOW)
    assert one.key != other.key
    assert place(FEED, item("a", url=None), NOW + timedelta(hours=1)).key == one.key


def test_items_of_one_page_are_told_apart_by_their_fragments() -> None:
    first, second = (item(name, url=f"https://example.com/log.html#{name}") for name in ("july", "august"))
    other = item("c", url="https://example.com/other#top")
    keys = {new.item.id: new.key for new in poll(first, second, other).new}
    assert keys == {
        "july": "https://example.com/log.html#july",
        "august": "https://example.com/log.html#august",
        "c": "https://example.com/other",
    }


def test_a_page_and_a_part_of_it_are_two() -> None:
    page, reply = item("a"), item("reply", url="https://www.example.com/a/#reply-5")
    assert {new.key for new in poll(page, reply).new} == {"https://example.com/a", "https://example.com/a#reply-5"}


def test_a_fragment_that_tells_no_items_apart_does_not_count() -> None:
    again = (item("a", url="https://example.com/a#ref=rss"), item("a-edited", url="https://example.com/a#ref=rss"))
    assert {new.key for new in poll(*again).new} == {"https://example.com/a"}


def test_items_without_usable_links_are_no_parts_of_a_page() -> None:
    broken = (item("a", url=None), item("b", url="mailto:x#1"), item("c", url="mailto:x#2"))
    assert len({new.key for new in poll(*broken).new}) == 3


def test_304_keeps_what_is_known_of_the_feed() -> None:
    feed = replace(FEED, etag='"old"', last_modified="yesterday", format=FeedFormat.ATOM, note="kept")
    outcome = decide_poll(feed, NotModified(url=feed.url), None, {}, NOW, SETTINGS)
    assert (outcome.etag, outcome.last_modified, outcome.format) == ('"old"', "yesterday", FeedFormat.ATOM)
    assert outcome.failure is None
    assert outcome.note == "kept"
    assert outcome.title is None


def test_a_moved_feed_says_so() -> None:
    answer = Fetched(url="https://new.example/feed", status=200, body=b"", moved_to="https://new.example/feed")
    outcome = decide_poll(FEED, answer, ParsedFeed(format=FeedFormat.RSS), {}, NOW, SETTINGS)
    assert outcome.url == "https://new.example/feed"
    assert "moved" in (outcome.note or "")


def test_the_interval_stays_within_the_settings() -> None:
    settings = PipelineSettings(shortest_interval=timedelta(seconds=5), longest_interval=timedelta(seconds=10))
    fetched = Fetched(url=FEED.url, status=200, body=b"")
    outcome = decide_poll(FEED, fetched, ParsedFeed(format=FeedFormat.RSS), {}, NOW, settings)
    assert timedelta(seconds=5) <= outcome.interval <= timedelta(seconds=10)


def test_failures_wait_longer_and_longer_but_never_more_than_four_hours_and_a_little() -> None:
    waits = [
        decide_failed_poll(replace(FEED, failures=n), FirsthandError("No."), NOW).next_poll - NOW for n in range(20)
    ]
    assert waits[0] < waits[3] < waits[6]
    assert max(waits) <= timedelta(hours=5)


def test_a_failure_keeps_the_feed_and_gives_the_reason_in_words() -> None:
    outcome = decide_failed_poll(replace(FEED, etag='"e"'), FirsthandError("It is shut.", "Knock."), NOW)
    assert outcome.failure == "It is shut. Knock."
    assert outcome.etag == '"e"'
    assert outcome.new == ()


def test_retry_after_is_obeyed() -> None:
    error = BadStatus(FEED.url, 429, "Too many.", retry_after=7200)
    assert decide_failed_poll(FEED, error, NOW).next_poll >= NOW + timedelta(hours=2)


def test_a_reading_names_all_addresses_of_the_article_canonical_first() -> None:
    article = Article(url="https://example.com/a?id=1&utm_source=x", canonical_url="https://example.com/canonical")
    reading = decide_reading(PAGE, article, NOW)
    assert reading.keys == ("https://example.com/canonical", "https://example.com/a?id=1", "https://example.com/a")
    assert reading.article is article


def test_a_canonical_address_at_another_outlet_makes_no_one_article_of_two() -> None:
    copy = Article(url="https://example.com/copy", canonical_url="https://agency.example/original")
    keys = decide_reading(PAGE, copy, NOW).keys
    assert "https://agency.example/original" not in keys
    assert "https://example.com/copy" in keys


def test_an_item_that_is_part_of_a_page_takes_none_of_its_addresses() -> None:
    page = replace(PAGE, url="https://example.com/log.html#july")
    article = Article(url="https://example.com/log.html", canonical_url="https://example.com/log")
    assert decide_reading(page, article, NOW).keys == ()


@pytest.mark.parametrize(
    "error",
    [Unreachable("u", "Down."), TimedOut("u", "Slow."), BadStatus("u", 503, "Busy."), BadStatus("u", 429, "Wait.")],
)
def test_a_passing_failure_is_tried_again_a_few_times_then_given_up(error: FirsthandError) -> None:
    for attempts, wait in enumerate(RETRIES):
        assert decide_reading(replace(PAGE, attempts=attempts), error, NOW).retry_at == NOW + wait
    last = decide_reading(replace(PAGE, attempts=len(RETRIES)), error, NOW)
    assert last.retry_at is None
    assert last.problem


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BadStatus("u", 403, "No."), "403"),
        (BadStatus("u", 410, "Gone."), "no longer"),
        (RobotsRefused("u", "No robots."), "robots.txt"),
        (NotAnArticle("Only a list of links."), "list of links"),
    ],
)
def test_a_lasting_failure_is_given_up_at_once_with_its_reason(error: FirsthandError, words: str) -> None:
    reading = decide_reading(PAGE, error, NOW)
    assert reading.retry_at is None
    assert words in (reading.problem or "")


def test_one_host_never_takes_all_workers() -> None:
    due = [replace(PAGE, article_id=n, url=f"https://busy.example/{n}") for n in range(10)]
    due += [replace(PAGE, article_id=99, url="https://calm.example/a")]
    assert [page.article_id for page in pick_pages(due, {}, free=4, per_host=2)] == [0, 1, 99]
    assert [page.article_id for page in pick_pages(due, {"busy.example": 2}, free=4, per_host=2)] == [99]
    assert pick_pages(due, {}, free=1, per_host=2) == due[:1]
