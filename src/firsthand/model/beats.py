"""Beats: what a reader watches, and the alerts that watching brings. Times are aware UTC."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

LONGEST_NAME = 100
"""Characters of a beat's name."""
LONGEST_SLUG = 60


class BeatKind(Enum):
    """What is watched. `Beat.key` holds the words of a search, an id, or the name of a place."""

    SEARCH = "search"
    PERSON = "person"
    OUTLET = "outlet"
    PLACE = "place"
    STORY = "story"

    @property
    def is_numbered(self) -> bool:
        """Whether its key is an id."""
        return self in (BeatKind.PERSON, BeatKind.OUTLET, BeatKind.STORY)


class AlertKind(Enum):
    """What an alert tells."""

    FIRST = "first"
    """The first report of a story that the beat had not come across."""
    ORIGIN = "origin"
    """One more independent origin of a story."""
    STATEMENT = "statement"
    """A new statement by the person who is watched."""
    CORRECTION = "correction"
    """The outlet corrected an article of the beat."""


ALL_ALERTS = frozenset(AlertKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a reader watches."""

    id: int
    reader_id: int
    name: str
    slug: str
    """Its address among the reader's beats."""
    kind: BeatKind
    key: str
    starts: datetime | None = None
    """Articles before this are not its own; None: no beginning."""
    ends: datetime | None = None
    """Nor those from this on; None: no end."""
    alerts: frozenset[AlertKind] = ALL_ALERTS
    """The kinds of alerts that are wanted."""
    created: datetime
    seen_alert: int = 0
    """Alerts up to this id have been seen."""

    def spans(self, at: datetime) -> bool:
        """Whether a time lies between its beginning and its end."""
        return (self.starts is None or self.starts <= at) and (self.ends is None or at < self.ends)

    @property
    def is_special(self) -> bool:
        """Whether it begins or ends: it then has its box on the front page while it runs, and its archive afterwards."""
        return self.starts is not None or self.ends is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing that happened on a beat, told once."""

    id: int
    reader_id: int
    beat_id: int
    beat: str
    """The beat's name."""
    slug: str
    """The beat's address."""
    kind: AlertKind
    at: datetime
    title: str
    text: str
    article_id: int | None
    story_id: int | None
    person_id: int | None
    seen: bool

    @property
    def path(self) -> str:
        """The page that tells more."""
        if self.kind in (AlertKind.FIRST, AlertKind.ORIGIN) and self.story_id:
            return f"/stories/{self.story_id}"
        return f"/articles/{self.article_id}" if self.article_id else f"/beats/{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert that is to be kept, unless one of the same beat, kind and key is."""

    beat: Beat
    kind: AlertKind
    key: str
    at: datetime
    title: str
    text: str
    article_id: int | None = None
    story_id: int | None = None
    person_id: int | None = None


def slug_of(name: str) -> str:
    """A name as a part of an address: "The Sea Wall, 2026" → "the-sea-wall-2026"; "beat" where nothing is left."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:LONGEST_SLUG].rstrip("-_") or "beat"
