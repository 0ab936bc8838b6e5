"""What the JSON API answers and takes. Fields are only ever added; one that is unknown is null, never left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from firsthand.model.tokens import Scope

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Folder = Annotated[str, Field(max_length=100)]
MAX_MARKED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    """One sentence that says what went wrong."""
    remedy: str
    """One sentence that says what to do about it; "" where nothing can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Whose token this is, and what it may do."""

    id: int
    name: str
    zone: str
    scopes: list[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletShape:
    """Who publishes."""

    id: int
    name: str
    domain: str
    kind: str
    country: str
    home: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineShape:
    """An article in a list."""

    id: int
    url: str
    headline: str
    summary: str
    byline: list[str]
    agency: str | None
    section: list[str]
    outlet: OutletShape
    published: str | None
    """ISO 8601 with just the parts that are known: a day, a time, a time with its zone."""
    seen: datetime
    """When it first came to us."""
    sort_at: datetime
    """Where it stands in lists: when it was published where that is known, else `seen`."""
    image: str | None
    state: str
    """`pending` (its page is still to be read), `whole`, or `summary` (its page cannot be had)."""
    read: bool
    saved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """A part of a list of articles. `next` is the cursor of the part after it; null at the end."""

    items: list[HeadlineShape]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShape:
    """A version of an article."""

    number: int
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedName:
    """A feed by name."""

    id: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleShape:
    """One article, whole."""

    head: HeadlineShape
    problem: str | None
    """Why its page could not be read whole."""
    article: dict[str, Any]
    """As `firsthand read --json` gives it: text, blocks, links, dateline, rights and all."""
    findings: dict[str, Any] | None
    """Statements, chains, dates and people, as `firsthand read --json` gives them; null until it was analyzed."""
    html: str
    """The body as safe HTML, pictures through this server."""
    versions: list[VersionShape]
    feeds: list[FeedName]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShape:
    """A followed feed, and how it is."""

    id: int
    url: str
    title: str
    site: str | None
    folder: str
    outlet: OutletShape
    interval_seconds: int
    last_success: datetime | None
    next_poll: datetime
    failing_since: datetime | None
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """All that is followed."""

    items: list[FeedShape]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkShape:
    """The origin mark: how many outlets carry a story, and how many know it first hand."""

    outlets: int
    at_least: int
    at_most: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryShape:
    """A story in a list."""

    id: int
    title: str
    lead: str
    article_id: int
    """The article whose headline it bears."""
    outlet: str
    section: str | None
    image: str | None
    first_seen: datetime
    last_seen: datetime
    changed: datetime
    articles: int
    mark: MarkShape


@dataclass(frozen=True, slots=True, kw_only=True)
class StoriesShape:
    """A part of a list of stories."""

    items: list[StoryShape]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyShape:
    """Why articles are held to be one origin, and the words that show it."""

    says: str
    words: str
    article_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginShape:
    """One origin of a story, and the articles that carry it."""

    number: int
    own: bool
    articles: list[int]
    whys: list[WhyShape]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoShape:
    """Somebody who says something in a story."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPageShape:
    """A story: its articles and its origins."""

    story: StoryShape
    articles: list[HeadlineShape]
    origins: list[OriginShape]
    people: list[WhoShape]
    places: list[str]
    """Where its articles were filed."""
    storyline: list[StoryShape]
    """The events of the line that it belongs to, earliest first and with itself; empty where it stands alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonShape:
    """Somebody who was quoted by full name."""

    id: int
    name: str
    role: str | None
    statements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """People by name."""

    items: list[PersonShape]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidShape:
    """One statement of a person."""

    article_id: int
    number: int
    headline: str
    outlet: str
    content: str
    kind: str
    polarity: str
    day: str | None
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPageShape:
    """What a person said, newest first."""

    person: PersonShape
    items: list[SaidShape]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeShape:
    """Something that changed."""

    seq: int
    at: datetime
    kind: str
    article_id: int | None
    feed_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Changes after a number, oldest first; `latest` is the number to ask after next."""

    items: list[ChangeShape]
    latest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksIn:
    """Marks to set on articles; null leaves a mark as it is."""

    ids: Annotated[list[Id], Field(max_length=MAX_MARKED)]
    read: bool | None = None
    saved: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAllIn:
    """What to mark read: everything, or one feed or folder, that came until a time (null: now)."""

    feed_id: Id | None = None
    folder: Folder | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowIn:
    """A feed to follow: the address of a feed, a site or an article."""

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    folder: Folder = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderIn:
    """The folder to put a feed in; "" for none."""

    folder: Folder
