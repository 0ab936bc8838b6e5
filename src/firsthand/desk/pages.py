"""One frozen dataclass for each page: all that it shows, with nothing left to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from firsthand.desk.cues import Cues
from firsthand.desk.quotes import Quote
from firsthand.model.beats import Beat
from firsthand.model.feed import Feed
from firsthand.model.findings import Analysis, Chain
from firsthand.model.people import Person, Said
from firsthand.model.push import Channel, Notice, PushRules
from firsthand.model.records import (
    Credit,
    Cursor,
    FollowedFeed,
    Headline,
    HeldArticle,
    Outlet,
    SearchQuery,
    Version,
)
from firsthand.model.stories import StoryHead
from firsthand.model.websub import Subscription


@dataclass(frozen=True, slots=True)
class Section:
    """A section that outlets use, by the words of its path."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A run of headlines, newest first."""

    headlines: tuple[Headline, ...]
    older: Cursor | None
    """Where the next page starts; None at the end."""

    @property
    def newest(self) -> Cursor | None:
        """The first headline's place: what a reader of this page has seen reaches to here."""
        return self.headlines[0].cursor if self.headlines else None


@dataclass(frozen=True, slots=True)
class Health:
    """How a reader's feeds are, in one line."""

    well: int
    failing: tuple[FollowedFeed, ...]
    """Those that fail now, the longest failing first."""
    waiting: int
    """Followed, but not asked even once yet."""

    @property
    def total(self) -> int:
        return self.well + len(self.failing) + self.waiting


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around every page."""

    sections: tuple[Section, ...]
    seq: int
    """Everything up to this change is on the page; live updates start after it."""
    alerts: int = 0
    """Alerts of the reader's beats that have not been seen; stops at 100."""


@dataclass(frozen=True, slots=True)
class BeatBox:
    """A special beat that runs now, as the front page shows it."""

    beat: Beat
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """What a reader follows in one folder."""

    name: str
    """"" for what is in none."""
    feeds: tuple[FollowedFeed, ...]
    """By title."""

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """Whose feeds they are, by name."""
        unique = {one.outlet.id: one.outlet for one in self.feeds}
        return tuple(sorted(unique.values(), key=lambda outlet: outlet.name.casefold()))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    shell: Shell
    listing: Listing
    unread_only: bool
    first: bool
    """Whether this is the newest page, not an older one."""
    health: Health
    folders: tuple[Folder, ...]
    saved: tuple[Headline, ...]
    boxes: tuple[BeatBox, ...] = ()
    """Special beats that run now."""

    @property
    def filling(self) -> bool:
        """Whether articles are about to come for the first time: the page then fills by itself."""
        return self.first and (self.health.waiting > 0 or (not self.listing.headlines and not self.unread_only))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletPage:
    shell: Shell
    outlet: Outlet
    feeds: tuple[FollowedFeed, ...]
    """The reader's feeds of this outlet."""
    listing: Listing
    credits: tuple[Credit, ...] = ()
    """Whom it credits, most often first."""
    credited: tuple[Credit, ...] = ()
    """Who credits it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    shell: Shell
    feed: Feed
    outlet: Outlet | None
    followed: FollowedFeed | None
    listing: Listing
    hub: Subscription | None = None
    """How the hub that it names tells us of what is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage:
    shell: Shell
    section: Section
    listing: Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    shell: Shell
    listing: Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    shell: Shell
    text: str
    query: SearchQuery | None
    """None: nothing was asked, or it could not be understood."""
    problem: str | None
    """What could not be understood, and how to write it."""
    listing: Listing
    said: Mapping[int, Said] = field(default_factory=dict)
    """By article, the first statement for which it was found."""
    cues: Cues = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    shell: Shell
    held: HeldArticle
    old: Version | None
    """The old version that was asked for; None shows the newest."""
    analysis: Analysis | None = None
    """What was found in the newest version; None until it was analyzed, and with an old version."""
    people: Mapping[int, int] = field(default_factory=dict)
    """The person of each statement, by its number, where one is known."""
    corrections: tuple[str, ...] = ()
    """Notes by which the outlet corrects the text that is shown, in its own words."""
    story: StoryHead | None = None
    """The story that it is a part of; None until it was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    shell: Shell
    person: Person
    said: tuple[Said, ...]
    older: Cursor | None
    namesakes: tuple[Person, ...]
    """Others of the same name, whom nothing shows to be the same person."""
    quotes: tuple[Quote, ...] = ()
    """What outlets give in different words; with the newest page only."""
    ways: Mapping[int, tuple[Chain, ...]] = field(default_factory=dict)
    """By article, how what was said came there, where it names whom it has it from."""
    cues: Cues = field(default_factory=dict)

    @property
    def by_article(self) -> tuple[tuple[Said, ...], ...]:
        """What was said, article by article, newest first."""
        return tuple(tuple(group) for _, group in groupby(self.said, key=lambda one: one.article_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    shell: Shell
    text: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    shell: Shell
    health: Health
    folders: tuple[Folder, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    shell: Shell
    feeds: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsPage:
    shell: Shell
    rules: PushRules
    channels: tuple[Channel, ...]
    ended: frozenset[str]
    """Addresses of browsers whose session has ended."""
    recent: tuple[Notice, ...]
    """What the reader was told last, newest first."""
    public_key: str
    """That browsers subscribe with."""
