"""Telling a reader outside the pages: where, by what rules, and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import Enum

HOUR = timedelta(hours=1)
FRESH = timedelta(hours=3)
"""A story whose last article is older is told to nobody as breaking: it only came to us late."""
YOUNG = timedelta(hours=24)
"""A story that began earlier is no longer breaking because a second origin has turned up."""


class ChannelKind(Enum):
    """By what way a notice goes out."""

    WEB = "web"
    """To a browser, by Web Push (RFC 8030)."""
    NTFY = "ntfy"
    """To a topic of an ntfy server."""
    WEBHOOK = "webhook"
    """To a program, as signed JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place to which notices of one reader go."""

    id: int
    reader_id: int
    kind: ChannelKind
    address: str
    label: str
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """web: `p256dh` and `auth`, base64url; ntfy: `token`, where the server asks for one."""
    last_sent: datetime | None = None
    problem: str | None = None
    stopped: datetime | None = None
    """From then on nothing is sent: the browser has taken its subscription back, or it failed too often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRules:
    """What a reader wants to be told of, and when."""

    breaking: bool = True
    outlets: int = 4
    """A story is breaking when as many outlets carry it within an hour; 0: not for that."""
    origins: int = 2
    """Or when as many independent origins know it; 0: not for that."""
    beats: bool = True
    quiet_from: int | None = 22 * 60
    """Minutes after midnight in the zone; None: no quiet hours."""
    quiet_to: int | None = 7 * 60
    per_day: int = 10
    """Notices a day; what only changes an earlier one does not count."""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaking:
    """A story as the rules look at it."""

    story_id: int
    title: str
    outlet: str
    outlets: int
    at_least: int
    at_most: int
    times: tuple[datetime, ...]
    """When each outlet's first article of it was published, earliest first."""
    last: datetime
    """When its newest article was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What a beat has found, to be told."""

    id: int
    reader_id: int
    beat: str
    slug: str
    title: str
    text: str
    at: datetime
    article_id: int | None
    story_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that a reader is told."""

    id: int
    tag: str
    """One thing has one tag: on a screen, a later notice takes the place of the one before."""
    stage: int
    """1 is told; further ones change what was told."""
    title: str
    body: str
    path: str
    """The page that it leads to."""
    made: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice to keep, and when it may go out."""

    reader_id: int
    tag: str
    stage: int
    title: str
    body: str
    path: str
    due: datetime
    outlets: int = 0
    origins: int = 0
    channel_id: int | None = None
    """Only to this channel; None: to all of the reader's."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader was told of a thing last."""

    stage: int
    outlets: int
    origins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A notice on its way to one channel."""

    notice: Notice
    channel: Channel
    attempts: int
    """This one among them."""


class PushFate(Enum):
    """How a sending ended."""

    TAKEN = "taken"
    AGAIN = "again"
    """Not now: it is tried again."""
    REFUSED = "refused"
    """This notice will never be taken."""
    GONE = "gone"
    """The channel itself is no longer there."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of one attempt."""

    fate: PushFate
    says: str = ""
    retry_after: timedelta | None = None


def burst(times: Sequence[datetime], within: timedelta = HOUR) -> int:
    """The most outlets that took a story up within that time."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] > within:
            first += 1
        most = max(most, last - first + 1)
    return most


def is_breaking(story: Breaking, rules: PushRules, now: datetime) -> bool:
    """Whether a story is to be told by these rules, now."""
    if not rules.breaking or now - story.last > FRESH:
        return False
    many = bool(rules.outlets) and burst([at for at in story.times if now - at <= YOUNG]) >= rules.outlets
    young = bool(story.times) and now - story.times[0] <= YOUNG
    return many or (young and bool(rules.origins) and story.at_least >= rules.origins)


def is_quiet(rules: PushRules, at: datetime, zone: tzinfo) -> bool:
    """Whether `at` lies in the quiet hours; they may go over midnight."""
    start, end = rules.quiet_from, rules.quiet_to
    if start is None or end is None or start == end:
        return False
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return start <= minute < end if start < end else minute >= start or minute < end


def quiet_until(rules: PushRules, at: datetime, zone: tzinfo) -> datetime:
    """When a notice of `at` may go out: then, or at the end of the quiet hours on the reader's clock."""
    if not is_quiet(rules, at, zone):
        return at
    assert rules.quiet_to is not None
    local = at.astimezone(zone)
    end = time(rules.quiet_to // 60, rules.quiet_to % 60)
    # The wall clock decides, through changes of the clock as well: the day after is a date, not 24 hours later.
    days = [local.date() + timedelta(days=ahead) for ahead in (0, 1)]
    return next(
        found
        for found in (datetime.combine(one, end, zone).astimezone(UTC) for one in days)
        if found > at.astimezone(UTC)
    )


def day_of(at: datetime, zone: tzinfo) -> datetime:
    """When the reader's day began in which `at` lies."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 1, 4, 16 minutes, then hours."""
    return min(timedelta(minutes=4 ** (attempts - 1)), timedelta(hours=6))


def grown(outlets: int, origins: int, then_outlets: int, then_origins: int) -> bool:
    """Whether a story that was told has become another: a further origin, or twice as many outlets."""
    return origins > then_origins or outlets >= 2 * max(then_outlets, 1)
