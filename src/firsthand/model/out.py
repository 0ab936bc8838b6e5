"""Feeds out: what they hold, whatever format they are written in. Times are aware UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from firsthand.model.article import Article
from firsthand.model.errors import NotFound

PRIVATE = frozenset(("saved", "beats"))
"""Kinds of feeds that are one reader's own, and never public."""
_NAME = re.compile(
    r"(front|saved|search|sections/([^/]{1,100})|(?:outlets|people|stories)/[1-9][0-9]{0,17}|beats/([^/]{1,100}))"
)


@dataclass(frozen=True, slots=True)
class FeedName:
    """Which feed: `front`, `saved`, `search`, `sections/world`, `outlets/3`, `people/7`, `stories/5`, `beats/sea-wall`."""

    path: str
    words: str = ""
    """What a search looks for."""

    @property
    def kind(self) -> str:
        return self.path.partition("/")[0]

    @property
    def key(self) -> str:
        """The id or slug; "" where the kind says it all."""
        return self.path.partition("/")[2]

    @property
    def whole(self) -> str:
        """Path and words in one, as a secret address names its feed."""
        return f"{self.path}?{self.words}" if self.words else self.path

    @property
    def is_private(self) -> bool:
        return self.kind in PRIVATE


def feed_name(path: str, words: str = "") -> FeedName:
    """The feed of this name. Raises NotFound where there is no such kind."""
    if _NAME.fullmatch(path) is None:
        raise NotFound("There is no such feed.", "The page “Feeds out” says which there are.")
    return FeedName(path, " ".join(words.split())[:500] if path == "search" else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutEntry:
    """One entry of a feed out: only what may leave, see `desk.rights`."""

    id: str
    """A URN that never changes and that nobody else uses."""
    title: str
    summary: str
    """Plain text."""
    url: str | None
    """The article at its outlet."""
    page: str
    """The path of its page here."""
    published: datetime
    updated: datetime
    """When it last changed in a way that matters: a new version, another origin. Never before `published`."""
    outlet: str
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    rights: str | None = None
    text: Article | None = None
    """The article whose text goes along; None: it may not."""

    @property
    def credited(self) -> tuple[str, ...]:
        """Who is named as its author: the byline, else the outlet."""
        return tuple(name for name in self.authors if name.strip()) or ((self.outlet,) if self.outlet.strip() else ())

    @property
    def terms(self) -> tuple[str, ...]:
        """Its categories, each once."""
        return tuple(dict.fromkeys(one for one in self.categories if one.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutFeed:
    """One feed out, newest entry first."""

    id: str
    name: FeedName
    title: str
    subtitle: str
    page: str
    """The path of the page with the same content."""
    entries: tuple[OutEntry, ...]
    slides: bool = False
    """Old articles come into it late, as a reader saves them: its newest time says nothing of when it changed."""

    @property
    def updated(self) -> datetime | None:
        """When anything in it last changed; None where it is empty."""
        return max((one.updated for one in self.entries), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedKey:
    """A secret address as it is listed: everything but the secret itself."""

    id: int
    feed: str
    """`FeedName.whole`; "" for all feeds of the reader."""
    created: datetime
    last_used: datetime | None
