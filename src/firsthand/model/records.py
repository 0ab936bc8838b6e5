"""What the store keeps and gives back: outlets, articles as held, marks, readers, changes. Times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from firsthand.model.access import Role
from firsthand.model.article import Article
from firsthand.model.feed import Feed, FeedFormat, Item, PaceHints
from firsthand.model.findings import StatementKind
from firsthand.model.when import When


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes. `kind`: newspaper, agency, broadcaster, portal, government, company, or "" where unknown."""

    id: int
    domain: str
    name: str
    kind: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2, upper case, or ""."""
    home: str | None = None


class ReadState(Enum):
    """How far an article has come."""

    PENDING = "pending"
    """Only what the feed said; the page is still to be read."""
    WHOLE = "whole"
    """Read from its page (or from full content in the feed)."""
    SUMMARY = "summary"
    """The page cannot be had; the item stands with its summary, and `problem` says why."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list that is sorted newest first: everything strictly before (sort_at, article_id)."""

    sort_at: datetime
    article_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article in a list, with one reader's marks."""

    id: int
    outlet: Outlet
    headline: str
    summary: str
    byline: tuple[str, ...]
    agency: str | None
    section: tuple[str, ...]
    published: When | None
    seen: datetime
    """When it first came to us."""
    sort_at: datetime
    """Published where that is known and not in the future of `seen`; else `seen`."""
    url: str
    image: str | None
    state: ReadState
    read: bool
    saved: bool
    removed: datetime | None = None
    """When we saw that the outlet has removed it."""
    corrected: datetime | None = None
    """When we saw that the outlet has corrected it."""
    snippet: str = ""
    """For search hits: text around the match, hits between U+E000 and U+E001, to be escaped before display."""

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.sort_at, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An article's text as it stood. `number` counts from 1."""

    number: int
    seen: datetime
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldArticle:
    """One article as held: its newest version, its history in brief, one reader's marks."""

    id: int
    outlet: Outlet
    article: Article
    state: ReadState
    problem: str | None
    """Why the page could not be read whole, in words."""
    seen: datetime
    sort_at: datetime
    versions: tuple[tuple[int, datetime], ...]
    """Number and time seen, oldest first; empty while pending or summary."""
    feeds: tuple[tuple[int, str], ...]
    """Ids and titles of the feeds that brought it."""
    read: bool
    saved: bool
    removed: datetime | None = None
    """When we saw that the outlet has removed it; its text stands as it was last read."""
    corrected: datetime | None = None
    """When we saw that a version brought a note that corrects it."""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What we hold of an item that came before: its fingerprint and its article."""

    fingerprint: str
    article_id: int


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to keep, with its identity decided.

    `key` is the article's identity (canonical address, or `item:` + feed url + id where it has no link);
    `fingerprint` changes when the feed edits the item.
    """

    item: Item
    key: str
    fingerprint: str
    sort_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """All that one poll of one feed changes; saved in one transaction.

    `new` are items not known to this feed, oldest first; `changed` are known items with another fingerprint.
    The feed-state fields are the new values; those that a failure leaves alone hold the old values.
    """

    feed_id: int
    polled: datetime
    next_poll: datetime
    interval: timedelta
    new: tuple[NewItem, ...] = ()
    changed: tuple[NewItem, ...] = ()
    url: str | None = None
    """The feed's new address after a 301/308, else None."""
    title: str | None = None
    site_url: str | None = None
    format: FeedFormat | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    hints: PaceHints = field(default_factory=PaceHints)
    failure: str | None = None
    """None: the poll succeeded (also with 304)."""
    note: str | None = None
    hub: tuple[str, str] | None = None
    """The WebSub hub that the feed names, and the address under which that knows the feed; None: nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDue:
    """An article whose page is to be read now, for the first time or again."""

    article_id: int
    url: str
    item: Item
    attempts: int
    """Failed attempts so far."""
    first_read: datetime | None = None
    """When it was read whole for the first time; None: not yet, all that follows then says nothing."""
    etag: str | None = None
    last_modified: str | None = None
    """Validators of the page that is held."""
    missing: datetime | None = None
    """Since when the outlet answers that there is no such page."""
    removed: datetime | None = None
    """When that was said twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The end of one attempt to read a page; saved in one transaction.

    Exactly one of these holds: `article` is given (read whole); `stands` (read again, and what is held stays as it is);
    `retry_at` is given (failed for now, `problem` says why); none (given up, the item stands with its summary and
    `problem`).
    """

    article_id: int
    at: datetime
    article: Article | None = None
    keys: tuple[str, ...] = ()
    """Identity keys of the article's addresses, canonical first. One that another article holds folds both in one."""
    problem: str | None = None
    retry_at: datetime | None = None
    stands: bool = False
    attempts: int = 0
    """With `stands`: failed attempts so far, this one among them."""
    etag: str | None = None
    last_modified: str | None = None
    """Validators of the page that is held from now on."""
    reread_at: datetime | None = None
    """When it is to be read again; None: never."""
    missing: datetime | None = None
    removed: datetime | None = None
    """As in `PageDue`, as it stands from now on."""
    corrected: bool = False
    """The new text brings a note of correction that the one before did not have."""


@dataclass(frozen=True, slots=True)
class AnalysisDue:
    """A version of an article that is to be analyzed."""

    article_id: int
    version: int
    article: Article


@dataclass(frozen=True, slots=True)
class Credit:
    """An outlet or agency that is credited, or credits, by domain (or name), and in how many articles."""

    actor: str
    name: str
    articles: int


class ChangeKind(Enum):
    ARTICLE_NEW = "article.new"
    ARTICLE_READ = "article.read"
    """Read whole for the first time, or given up: what is shown has changed."""
    ARTICLE_VERSION = "article.version"
    ARTICLE_CORRECTED = "article.corrected"
    """A version brought a note of correction; comes beside the row of that version."""
    ARTICLE_REMOVED = "article.removed"
    """The outlet no longer has its page."""
    ARTICLE_ANALYZED = "article.analyzed"
    STORY_NEW = "story.new"
    STORY_CHANGED = "story.changed"
    """Another article, another outlet, another origin: what is shown of it has changed."""
    FEED_FAILING = "feed.failing"
    FEED_WELL = "feed.well"


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the one `changes` table that everything live follows, each follower with its own cursor."""

    seq: int
    at: datetime
    kind: ChangeKind
    article_id: int | None
    feed_id: int | None
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with an account. `password_hash` None: the local owner, who needs no sign-in on loopback."""

    id: int
    name: str
    password_hash: str | None = field(repr=False)
    zone: str = ""
    """IANA zone name, or "" for the browser's own."""
    role: Role = Role.READER

    @property
    def owns(self) -> bool:
        """Whether they run this installation, and may do what holds for all its readers."""
        return self.role is Role.OWNER


@dataclass(frozen=True, slots=True)
class Follow:
    """A feed that a reader follows, in a folder ("" for none)."""

    feed_id: int
    folder: str = ""
    feed_title: str = ""
    """What the feed calls itself, whatever the reader calls it."""


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """A followed feed with what a list of them shows."""

    follow: Follow
    feed: Feed
    outlet: Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A search, parsed. All parts must hold together; `words` and `phrases` are matched in headline, byline, text."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    outlet: str | None = None
    """Part of an outlet's name or domain."""
    by: str | None = None
    section: str | None = None
    said_by: str | None = None
    """Part of the name of somebody who says something in it."""
    source: str | None = None
    """Part of the name or description of anybody or anything that it has something from."""
    credits: str | None = None
    """Part of the name or domain of an outlet or agency that it credits."""
    kind: StatementKind | None = None
    """It holds such a statement; with `said_by` and `source`, a statement of theirs."""
    before: datetime | None = None
    after: datetime | None = None
