"""Following: from what a reader types, picks or uploads to followed feeds, and back out as OPML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from firsthand.model.article import OutletName
from firsthand.model.errors import AccessDenied, NotAFeed, ParseError, UsageError
from firsthand.model.feed import Feed, FeedLink, Fetched
from firsthand.model.records import Reader
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url, domain_of, url_key
from firsthand.sources.discover import Discovery, discover
from firsthand.sources.mailbox import is_mailbox, parse_mailbox
from firsthand.sources.opml import OpmlFeed, read_opml, write_opml
from firsthand.sources.starters import Starter, load_starters

if TYPE_CHECKING:
    from firsthand.sources.fetcher import Fetcher
    from firsthand.store import Store

MAX_OPML: Final = 20_000
"""Feeds in one OPML file: far more than anyone reads, few enough to add while a page waits."""
MAX_FOLDER: Final = 100
MAX_TITLE: Final = 200
_HANDFUL: Final = (
    "bbc.com",
    "theguardian.com",
    "aljazeera.com",
    "dw.com",
    "france24.com",
    "npr.org",
    "thehindu.com",
    "cbc.ca",
    "abc.net.au",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A site with several feeds: the reader says which."""

    page_url: str
    title: str
    feeds: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML file brought."""

    added: int
    known: int
    """Followed already."""
    refused: int
    """No web addresses."""


@dataclass(frozen=True, slots=True)
class StarterGroup:
    """Starter outlets of one country or one topic."""

    slug: str
    label: str
    starters: tuple[Starter, ...]


class Following:
    """What a reader follows, and how that changes."""

    def __init__(self, store: Store, fetcher: Fetcher, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock

    async def find(self, text: str) -> Discovery | bytes:
        """What lies behind an address: feeds, or the bytes of an OPML file.

        Raises:
            UsageError: nothing was given.
            FetchError, NotAFeed: it cannot be had, or has no feed.
        """
        address = one_line(text)
        if not address:
            raise UsageError("No address was given.", "Type the address of a site or of a feed.")
        if is_mailbox(address):
            box = parse_mailbox(address)
            title = f"Newsletters to {box.user}"
            return Discovery(box.url, title, (FeedLink(box.url, title),), None)
        try:
            return await discover(self._fetcher, address)
        except NotAFeed:
            body = await self._opml_at(address)
            if body is None:
                raise
            return body

    async def follow(self, reader: Reader, text: str, folder: str = "") -> Feed | Choice:
        """Follow the feed behind an address; where there are several, give the choice instead.

        Raises:
            UsageError: nothing was given.
            FetchError, NotAFeed: it cannot be had, or has no feed.
        """
        found = await self.find(text)
        if isinstance(found, bytes):
            raise UsageError("This is an OPML file.", "Import it instead: `firsthand import`, or on the follow page.")
        if len(found.feeds) > 1:
            return Choice(found.page_url, found.title, found.feeds)
        return self.follow_found(reader, found, folder=folder)

    def follow_found(self, reader: Reader, found: Discovery, folder: str = "") -> Feed:
        """Follow the first feed that discovery found, with what its document says of itself."""
        link = found.feeds[0]
        if is_mailbox(link.url):
            return self._follow_mailbox(reader, link, folder)
        parsed = found.parsed[1] if found.parsed else None
        title = link.title or (parsed.title if parsed else "") or found.title
        return self._add(reader, link.url, title, (parsed.site_url if parsed else None) or found.page_url, folder)

    def _follow_mailbox(self, reader: Reader, link: FeedLink, folder: str) -> Feed:
        """Its password stands in the settings, so it is for whoever runs this installation. Raises AccessDenied."""
        if not reader.owns:
            raise AccessDenied("A mailbox is followed by the owner only.", "Ask whoever runs this installation.")
        box = parse_mailbox(link.url)
        outlet = OutletName(box.host, box.host)
        feed = self._store.feeds.add(box.url, title=link.title, outlet=outlet, now=self._clock())
        self._store.readers.follow(reader.id, feed.id, _folder(folder), self._clock())
        return feed

    def follow_links(
        self, reader: Reader, feeds: Sequence[FeedLink], folder: str = "", site_url: str | None = None
    ) -> list[Feed]:
        """Follow feeds by their own addresses, without asking them first. Raises UsageError for what is no address."""
        if not feeds:
            raise UsageError("No feed was chosen.", "Tick at least one.")
        checked = [(_address(link.url), link.title) for link in feeds]
        return [self._add(reader, url, title, site_url, folder) for url, title in checked]

    def follow_starters(self, reader: Reader, addresses: Iterable[str]) -> list[Feed]:
        """Follow starter outlets, named by their feeds' addresses; those that are no starters are passed over."""
        chosen = set(addresses)
        known = [starter for starter in load_starters() if starter.feed_url in chosen]
        if not known:
            raise UsageError("No outlet was chosen.", "Tick at least one.")
        return [self._follow_starter(reader, starter) for starter in known]

    def unfollow(self, reader: Reader, feed_id: int) -> Feed:
        """Stop following a feed; its articles stay. Raises NotFound."""
        feed = self._store.feeds.get(feed_id)
        self._store.readers.unfollow(reader.id, feed_id)
        return feed

    def refollow(self, reader: Reader, feed_id: int, folder: str = "") -> Feed:
        """Follow a feed that is known already. Raises NotFound."""
        feed = self._store.feeds.get(feed_id)
        self._store.readers.follow(reader.id, feed_id, _folder(folder), self._clock())
        return feed

    def set_folder(self, reader: Reader, feed_id: int, folder: str) -> None:
        """Put a followed feed in a folder; "" takes it out. Raises NotFound."""
        self._store.feeds.get(feed_id)
        self._store.readers.set_folder(reader.id, feed_id, _folder(folder))

    def rename(self, reader: Reader, feed_id: int, title: str) -> None:
        """Give a followed feed a name of the reader's own; "", or its own name, takes that back. Raises NotFound."""
        feed, title = self._store.feeds.get(feed_id), one_line(title)[:MAX_TITLE]
        self._store.readers.rename(reader.id, feed_id, "" if title == feed.title else title)

    def retry(self, feed_id: int) -> Feed:
        """Ask a feed now instead of at its next time. Raises NotFound."""
        feed = self._store.feeds.get(feed_id)
        self._store.feeds.poll_now(feed_id, self._clock())
        return feed

    def read_address(self, text: str) -> int:
        """Keep one article by its address, without following anything; gives its id.

        Raises:
            UsageError: it is no web address.
        """
        url = _address(text if "://" in text else f"https://{one_line(text)}")
        now = self._clock()
        article_id = self._store.ingest.add_page(url, url_key(url) or url, now)
        self._store.ingest.hurry(article_id, now)
        return article_id

    def import_opml(self, reader: Reader, body: bytes) -> Imported:
        """Follow all feeds of an OPML file. Raises ParseError."""
        return import_opml(self._store, reader, body, self._clock())

    def export_opml(self, reader: Reader) -> bytes:
        """What the reader follows, with folders."""
        return export_opml(self._store, reader, self._clock())

    def followed_urls(self, reader: Reader) -> frozenset[str]:
        """Addresses of all followed feeds."""
        return frozenset(one.feed.url for one in self._store.readers.followed(reader.id))

    async def _opml_at(self, address: str) -> bytes | None:
        """The body of an OPML file at this address, or None."""
        url = absolute_url(None, address if "://" in address else f"https://{address}")
        if url is None:
            return None
        fetched = await self._fetcher.get(url, polite=False)
        if not isinstance(fetched, Fetched) or b"<opml" not in fetched.body[:4096].lower():
            return None
        try:
            return fetched.body if read_opml(fetched.body) else None
        except ParseError:
            return None

    def _follow_starter(self, reader: Reader, starter: Starter) -> Feed:
        feed = self._store.feeds.add(
            starter.feed_url,
            title=starter.name,
            outlet=OutletName(starter.name, starter.domain),
            now=self._clock(),
            site_url=starter.home,
            kind=starter.kind,
            country=starter.country,
        )
        self._store.readers.follow(reader.id, feed.id, "", self._clock())
        return feed

    def _add(self, reader: Reader, url: str, title: str, site_url: str | None, folder: str) -> Feed:
        return _add(self._store, reader, url, title, site_url, folder, self._clock())


def import_opml(store: Store, reader: Reader, body: bytes, now: datetime) -> Imported:
    """Follow all feeds of an OPML file, with their folders.

    Raises:
        ParseError: it is no OPML.
        UsageError: it names more than `MAX_OPML` feeds.
    """
    feeds = read_opml(body)
    if len(feeds) > MAX_OPML:
        raise UsageError(f"The file names more than {MAX_OPML:,} feeds.", "Split it.")
    before = {one.feed.url for one in store.readers.followed(reader.id)}
    added = known = refused = 0
    for one in feeds:
        url = absolute_url(None, one.url)
        if url is None:
            refused += 1
            continue
        if url in before:
            known += 1
            continue
        before.add(url)
        _add(store, reader, url, one.title, one.site_url, one.folder, now)
        added += 1
    return Imported(added, known, refused)


def export_opml(store: Store, reader: Reader, now: datetime) -> bytes:
    """What a reader follows, with folders, as OPML 2.0."""
    feeds = [
        OpmlFeed(one.feed.url, one.feed.title, one.feed.site_url, one.follow.folder)
        for one in store.readers.followed(reader.id)
    ]
    return write_opml(feeds, title="Firsthand", now=now)


def starters_by_country() -> tuple[StarterGroup, ...]:
    """Starter outlets by the country they report for, in the order of the data file."""
    return _grouped(load_starters(), lambda starter: starter.country)


def starters_by_topic() -> tuple[StarterGroup, ...]:
    """Starter outlets by topic, the largest group first."""
    groups = _grouped(load_starters(), lambda starter: starter.topic)
    return tuple(sorted(groups, key=lambda group: -len(group.starters)))


def handful() -> tuple[Starter, ...]:
    """A first selection for somebody in a hurry: world news from several continents, in English, of the starters."""
    by_domain = {starter.domain: starter for starter in reversed(load_starters())}
    return tuple(by_domain[domain] for domain in _HANDFUL if domain in by_domain)


def _grouped(starters: Sequence[Starter], key: Callable[[Starter], str]) -> tuple[StarterGroup, ...]:
    groups: dict[str, list[Starter]] = {}
    for starter in starters:
        groups.setdefault(key(starter), []).append(starter)
    return tuple(StarterGroup(label.lower().replace(" ", "-"), label, tuple(group)) for label, group in groups.items())


def _add(store: Store, reader: Reader, url: str, title: str, site_url: str | None, folder: str, now: datetime) -> Feed:
    """Add a feed and follow it. Its outlet is known from the starters, else named after the feed."""
    home = absolute_url(None, site_url) if site_url else None
    domain = domain_of(home or url)
    starter = next((one for one in load_starters() if one.domain == domain or one.feed_url == url), None)
    title = one_line(title) or domain or url
    outlet = OutletName(starter.name, starter.domain) if starter else OutletName(title, domain)
    feed = store.feeds.add(
        url,
        title=title,
        outlet=outlet,
        now=now,
        site_url=home,
        kind=starter.kind if starter else "",
        country=starter.country if starter else "",
    )
    store.readers.follow(reader.id, feed.id, _folder(folder), now)
    return feed


def _address(text: str) -> str:
    url = absolute_url(None, one_line(text))
    if url is None:
        raise UsageError(f"“{one_line(text)[:200]}” is not a web address.", "Give one that starts with https://.")
    return url


def _folder(text: str) -> str:
    return one_line(text)[:MAX_FOLDER]
