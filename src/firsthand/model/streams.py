"""Streams: articles in the order in which they came here, as apps that keep their own copy ask for them.

Pages sort by when an article was published; a copy is kept up to date by what has come since. Articles come in the order
of their ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firsthand.model.article import Article
from firsthand.model.records import Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamQuery:
    """Which articles of one reader's. All parts must hold; None is any."""

    feed_id: int | None = None
    folder: str | None = None
    """"" for feeds in no folder."""
    read: bool | None = None
    saved: bool | None = None
    """True: also what is saved of feeds that are not followed any more."""
    above: int = 0
    """Ids above this one only."""
    below: int | None = None
    since: datetime | None = None
    """Came at this time or later."""
    until: datetime | None = None
    """Came at this time or earlier."""
    oldest_first: bool = False
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FeedName:
    """The followed feed that an article is shown under."""

    id: int
    title: str
    site_url: str | None
    folder: str


@dataclass(frozen=True, slots=True)
class StreamItem:
    """An article of a stream, whole."""

    headline: Headline
    article: Article | None
    """What was read of its page; None while only the feed has spoken."""
    feeds: tuple[FeedName, ...]
    """The reader's feeds that brought it, the first one first; empty where none did."""


@dataclass(frozen=True, slots=True)
class StreamRef:
    """An article of a stream, by number."""

    id: int
    seen: datetime
    feeds: tuple[int, ...]
