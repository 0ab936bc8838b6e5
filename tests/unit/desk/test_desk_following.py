"""Following: addresses, choices, starters, OPML; and how health is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firsthand.desk import Desk
from firsthand.desk.following import Choice, handful, starters_by_country, starters_by_topic
from firsthand.model.errors import BadStatus, NotAFeed, NotFound, ParseError, UsageError
from firsthand.model.feed import Feed, FeedLink, Fetched
from firsthand.model.records import PollOutcome, Reader
from firsthand.store import Store, open_store

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)
FEED = b"""<rss version="2.0"><channel><title>Ledger news</title><link>https://ledger.example/</link>
<item><title>One</title><link>https://ledger.example/1</link></item></channel></rss>"""
TWO = b"""<html><head><title>Gazette</title><link rel="alternate" type="application/rss+xml" title="News" href="/news.xml">
<link rel="alternate" type="application/rss+xml" title="Sport" href="/sport.xml"></head><body></body></html>"""
OPML = b"""<opml version="2.0"><body><outline text="Coast"><outline text="Ledger" xmlUrl="https://ledger.example/feed"/>
</outline><outline text="Post" xmlUrl="https://post.example/rss"/></body></opml>"""


class Shelf:
    """A fetcher that has a few pages on a shelf, and no network."""

    def __init__(self, pages: dict[str, tuple[bytes, str]]) -> None:
        self.pages = pages

    async def get(self, url: str, **_: object) -> Fetched:
        if url not in self.pages:
            raise BadStatus(url, 404, "The server answers 404: there is no such page.")
        body, kind = self.pages[url]
        return Fetched(url=url, status=200, body=body, content_type=kind)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    pages = {
        "https://ledger.example/feed": (FEED, "application/rss+xml"),
        "https://gazette.example/": (TWO, "text/html"),
        "https://list.example/mine.opml": (OPML, "text/x-opml"),
        "https://silent.example/": (b"<html><title>Nothing</title></html>", "text/html"),
    }
    return Desk(store, Shelf(pages), lambda: NOW)  # type: ignore[arg-type]


@pytest.fixture
def reader(store: Store) -> Reader:
    return store.readers.owner()


async def test_a_feed_is_followed_at_once_and_only_once(desk: Desk, store: Store, reader: Reader) -> None:
    first = await desk.following.follow(reader, "https://ledger.example/feed", folder=" Coast ")
    again = await desk.following.follow(reader, "https://ledger.example/feed")
    assert isinstance(first, Feed)
    assert isinstance(again, Feed)
    assert first.id == again.id
    (followed,) = store.readers.followed(reader.id)
    assert (followed.feed.title, followed.follow.folder, followed.outlet.domain) == (
        "Ledger news",
        "Coast",
        "ledger.example",
    )


async def test_several_feeds_are_a_choice(desk: Desk, store: Store, reader: Reader) -> None:
    choice = await desk.following.follow(reader, "gazette.example")
    assert isinstance(choice, Choice)
    assert [link.title for link in choice.feeds] == ["News", "Sport"]
    assert not store.readers.followed(reader.id)
    desk.following.follow_links(reader, choice.feeds[1:], site_url=choice.page_url)
    assert [one.feed.title for one in store.readers.followed(reader.id)] == ["Sport"]


async def test_no_feed_is_said_with_a_remedy(desk: Desk, reader: Reader) -> None:
    with pytest.raises(NotAFeed) as caught:
        await desk.following.follow(reader, "https://silent.example/")
    assert caught.value.remedy


async def test_an_opml_file_is_found_by_its_address(desk: Desk) -> None:
    assert await desk.following.find("https://list.example/mine.opml") == OPML


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "file:///etc/passwd"])
def test_what_is_no_address_is_refused(desk: Desk, reader: Reader, address: str) -> None:
    with pytest.raises(UsageError):
        desk.following.follow_links(reader, [FeedLink(address)])


def test_opml_in_and_out(desk: Desk, store: Store, reader: Reader) -> None:
    first = desk.following.import_opml(reader, OPML)
    assert (first.added, first.known, first.refused) == (2, 0, 0)
    again = desk.following.import_opml(reader, desk.following.export_opml(reader))
    assert (again.added, again.known) == (0, 2)
    assert {(one.feed.url, one.follow.folder) for one in store.readers.followed(reader.id)} == {
        ("https://ledger.example/feed", "Coast"),
        ("https://post.example/rss", ""),
    }
    with pytest.raises(ParseError):
        desk.following.import_opml(reader, b"no opml")


def test_starters_are_followed_by_their_feeds_and_nothing_else_is(desk: Desk, store: Store, reader: Reader) -> None:
    starter = handful()[0]
    desk.following.follow_starters(reader, [starter.feed_url, "https://evil.example/feed"])
    (followed,) = store.readers.followed(reader.id)
    assert (followed.outlet.name, followed.outlet.country) == (starter.name, starter.country)
    with pytest.raises(UsageError):
        desk.following.follow_starters(reader, ["https://evil.example/feed"])


def test_starters_are_many_and_sorted_both_ways() -> None:
    by_country, by_topic = starters_by_country(), starters_by_topic()
    assert sum(len(group.starters) for group in by_country) == sum(len(group.starters) for group in by_topic) >= 60
    assert len({starter.country for starter in handful()}) >= 6


def test_unfollow_folder_and_retry(desk: Desk, store: Store, reader: Reader) -> None:
    feed = desk.following.follow_links(reader, [FeedLink("https://post.example/rss", "Post")])[0]
    desk.following.set_folder(reader, feed.id, "Coast")
    assert store.readers.followed(reader.id)[0].follow.folder == "Coast"
    desk.following.unfollow(reader, feed.id)
    assert not store.readers.followed(reader.id)
    with pytest.raises(NotFound):
        desk.following.retry(999)


def test_health_names_the_failing_first_and_counts_the_rest(desk: Desk, store: Store, reader: Reader) -> None:
    links = [FeedLink(f"https://{name}.example/rss", name) for name in ("alpha", "beta", "gamma")]
    well, failing, _waiting = desk.following.follow_links(reader, links)
    hour = timedelta(hours=1)
    store.ingest.save_poll(PollOutcome(feed_id=well.id, polled=NOW, next_poll=NOW + hour, interval=hour))
    store.ingest.save_poll(
        PollOutcome(feed_id=failing.id, polled=NOW, next_poll=NOW + hour, interval=hour, failure="It answers 403.")
    )
    page = desk.browse.health(reader)
    assert (page.health.well, len(page.health.failing), page.health.waiting) == (1, 1, 1)
    assert page.health.failing[0].feed.id == failing.id
    assert desk.browse.front(reader).filling
