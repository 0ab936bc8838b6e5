"""Stories as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from firsthand.model.article import Article
from firsthand.model.findings import Analysis
from firsthand.model.grouping import CopyMatch, Origins
from firsthand.model.records import Headline, Outlet
from firsthand.model.storylines import NOTHING, Subject

LIFT = timedelta(hours=4)
"""By how much each doubling of what a story weighs lifts it above a younger one."""


@dataclass(frozen=True, slots=True)
class OriginMark:
    """The signature beside a headline: `6 outlets · 1 origin, perhaps 2`."""

    outlets: int
    """Outlets that carry the story."""
    at_least: int
    """Independent origins with evidence of own reporting; at least 1."""
    at_most: int
    """Groups of articles that nothing shown joins; at least `at_least`."""

    @property
    def dots(self) -> str:
        """● an independent origin, ◌ perhaps one, ○ a copy; one for each outlet, nine at most."""
        perhaps = max(0, min(self.at_most, self.outlets) - self.at_least)
        return ("●" * self.at_least + "◌" * perhaps + "○" * (self.outlets - self.at_least - perhaps))[:9]

    @property
    def words(self) -> str:
        """`6 outlets · 1 origin, perhaps 2`: the mark for everybody who does not see dots."""
        outlets = "1 outlet" if self.outlets == 1 else f"{self.outlets} outlets"
        origins = "1 origin" if self.at_least == 1 else f"{self.at_least} origins"
        perhaps = f", perhaps {self.at_most}" if self.at_most > self.at_least else ""
        return f"{outlets} · {origins}{perhaps}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHead:
    """A story as a list shows it."""

    id: int
    title: str
    """The headline of its best original."""
    lead: str
    """That article's summary; "" where it has none."""
    outlet: str
    """Name of the outlet whose headline it is."""
    article_id: int
    """The article whose headline it is."""
    section: str | None
    """Label of its section."""
    section_slug: str | None
    image: str | None
    first_seen: datetime
    last_seen: datetime
    changed: datetime
    """When anything about it changed last: a new article, a new origin, a correction."""
    articles: int
    mark: OriginMark

    @property
    def weight(self) -> float:
        return weight(self.mark)

    @property
    def lift(self) -> timedelta:
        """How much higher the story stands than its last article alone would."""
        return lift(self.mark)


def weight(mark: OriginMark) -> float:
    """What a story weighs: an independent origin as much as four further outlets that copy it."""
    return mark.at_least + (mark.outlets - 1) / 4


def lift(mark: OriginMark) -> timedelta:
    """`LIFT` for every doubling of the weight; none for a story of one outlet."""
    return LIFT * log2(max(1.0, weight(mark)))


def rank(last_seen: datetime, mark: OriginMark) -> datetime:
    """Where a story stands on the front page: the time of its last article, and what many know first hand on top."""
    return last_seen + lift(mark)


@dataclass(frozen=True, slots=True)
class StoryCursor:
    """A place in a list of stories, highest first: everything strictly below (rank, id)."""

    rank: datetime
    story_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDue:
    """An article whose copies and story are to be found, as it stands now."""

    article_id: int
    version: int
    """0: only its headline and summary are known."""
    article: Article
    outlet: Outlet
    seen: datetime
    sort_at: datetime
    analysis: Analysis | None = None
    """None until it was analyzed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an article belongs: its story, and the article that speaks for it when stories are compared."""

    article_id: int
    story_id: int
    speaker_id: int
    score: float
    reason: str
    """In words; "" leaves what stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found of an arriving article."""

    due: GroupDue
    marks: tuple[int, ...]
    """The fingerprints to be kept, as `store.fingerprints.Postings` gave them."""
    matches: tuple[CopyMatch, ...]
    placed: Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCount:
    """A story counted anew: all that its head shows, and its origins."""

    story_id: int
    title: str
    lead: str
    article_id: int
    section: str | None
    section_slug: str | None
    image: str | None
    first_seen: datetime
    last_seen: datetime
    articles: int
    mark: OriginMark
    origins: Origins
    subject: Subject = NOTHING
    """What it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article of a story, as the story's page lists it."""

    headline: Headline
    reason: str
    """Why it is here, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHeld:
    """A story whole: its head, its articles earliest first, its copies, its origins."""

    head: StoryHead
    members: tuple[Member, ...]
    copies: tuple[CopyMatch, ...]
    origins: Origins
