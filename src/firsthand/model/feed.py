"""Feeds, what they claim, and how well they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from firsthand.model.when import When


class FeedFormat(Enum):
    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with a body, inflated and within limits."""

    url: str
    """The final address, after redirects."""
    status: int
    body: bytes
    content_type: str = ""
    """The Content-Type header as sent."""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    """Where the resource has moved for good: the end of an unbroken chain of 301/308, else None."""
    max_age: timedelta | None = None
    """Freshness that the cache headers state (Cache-Control max-age, else Expires minus Date)."""
    links: str = ""
    """The Link headers as sent, joined by commas (RFC 8288)."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: what we hold is current."""

    url: str
    moved_to: str | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    url: str
    type: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a feed claims about one article. Text fields are plain text: tags gone, entities resolved."""

    id: str
    """The feed's own id (guid, atom:id), else one made from link or title and date; never empty."""
    url: str | None = None
    """Absolute http(s) address of the article, else None."""
    title: str = ""
    summary: str = ""
    content_html: str | None = None
    """Full content that the feed carries (`content:encoded`, atom:content), as hostile HTML, not sanitized."""
    published: When | None = None
    updated: When | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    language: str | None = None
    rights: str | None = None
    source: str | None = None
    """Whom the feed credits as the item's origin (RSS `source`, atom:source, a news sitemap's publication)."""
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class PaceHints:
    """What a feed says about how often to ask: RSS `ttl`, `skipHours` and `skipDays`, `sy:updatePeriod`."""

    period: timedelta | None = None
    """The longest of `ttl` and the syndication module's period, where given."""
    skip_hours: frozenset[int] = frozenset()
    """Hours 0 to 23, UTC."""
    skip_days: frozenset[int] = frozenset()
    """Weekdays, Monday 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, read."""

    format: FeedFormat
    title: str = ""
    description: str = ""
    site_url: str | None = None
    self_url: str | None = None
    hub_url: str | None = None
    """WebSub hub (`rel=hub`)."""
    language: str | None = None
    image: str | None = None
    hints: PaceHints = field(default_factory=PaceHints)
    items: tuple[Item, ...] = ()
    dropped: int = 0
    """Entries beyond the parser's limit that were left out."""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that discovery found."""

    url: str
    title: str = ""
    format: FeedFormat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A followed feed as the store holds it. Shared by all readers; times are aware UTC."""

    id: int
    url: str
    title: str
    outlet_id: int
    site_url: str | None = None
    format: FeedFormat | None = None
    """None until it was read once."""
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    """Of the last body that was read: the same body brings nothing new."""
    hints: PaceHints = field(default_factory=PaceHints)
    interval: timedelta = timedelta(minutes=15)
    """The interval in force, as shown to readers."""
    next_poll: datetime
    added: datetime
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    """When a poll last brought a new item."""
    failing_since: datetime | None = None
    """None while well."""
    failures: int = 0
    """Failed polls in a row."""
    failure: str | None = None
    """The last failure in words, with its remedy."""
    note: str | None = None
    """Something worth knowing that is no failure ("moved to …", "only the newest 1,000 entries are read")."""
