"""How often to ask a feed: as often as it brings news, never more than it wishes, and never all at once.

All pure. The rhythm comes from when its items came out; RSS `ttl`, the syndication module and cache headers are wishes
of the publisher and obeyed up to half an hour, beyond which a default that nobody chose (WordPress writes "hourly" into
every feed, and a `ttl` of a day stands in feeds that bring an item every ten minutes) would keep news from its readers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from firsthand.model.feed import PaceHints

SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(hours=6)
START = timedelta(minutes=15)
"""The interval of a feed of which nothing is known yet."""
WISH_LIMIT = timedelta(minutes=30)
"""How far a `ttl`, an update period or a max-age can hold back a feed whose rhythm is faster."""
SKIP_LIMIT = timedelta(days=1)
"""How far skipped hours and days can put off a poll: once a day every feed is asked, and so none dies silently."""
RETRY_LIMIT = timedelta(days=1)
BACKOFF_START = timedelta(minutes=5)
BACKOFF_LIMIT = timedelta(hours=4)

_BURST = timedelta(minutes=10)
"""Items within this time count as one arrival: a batch of twenty at midnight is one, not a busy feed."""
_ARRIVALS = 20
"""How many of the latest arrivals tell the rhythm: for a busy outlet hours, for a quiet one weeks."""
_POLLS_PER_ARRIVAL = 4
"""Polls in the time of one arrival: an item waits an eighth of that time, on average, until it is seen."""
_SILENCE_SHARE = 16
"""A feed that falls silent is asked at this share of its silence: every half hour after a night of eight hours."""
_SPREAD = 0.2
"""By how much of its interval a poll may come later than asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceFacts:
    """What is known of a feed's rhythm after a poll.

    Attributes:
        current: the interval in force.
        now: when it was polled.
        recent: when the items in the feed came out. Times that are not before `now` say nothing (items without a date
            are given the time of the poll). Empty after a 304.
        new: items that this poll brought for the first time.
        last_new: when an earlier poll last brought one.
        period: the feed's own wish (`PaceHints.period`).
        shortest, longest: the limits of the answer.
    """

    current: timedelta
    now: datetime
    recent: tuple[datetime, ...] = ()
    new: int = 0
    last_new: datetime | None = None
    period: timedelta | None = None
    shortest: timedelta = SHORTEST
    longest: timedelta = LONGEST


def next_interval(history: PaceFacts) -> timedelta:
    """The interval to poll at from now on, between the limits.

    At most half or twice the current one, so that one odd poll does not swing it.
    """
    current = _within(history.shortest, history.current, history.longest)
    arrivals = _arrivals(history.recent, history.now)
    if len(arrivals) >= 2:
        gap = (arrivals[-1] - arrivals[0]) / (len(arrivals) - 1)
        wanted = max(gap / _POLLS_PER_ARRIVAL, (history.now - arrivals[-1]) / _SILENCE_SHARE)
    elif history.new:
        wanted = current / 2
    else:
        quiet = history.now - history.last_new if history.last_new else history.longest * _SILENCE_SHARE
        wanted = max(current, min(current * 1.5, quiet / _SILENCE_SHARE))
    wanted = max(wanted, min(history.period or timedelta(0), WISH_LIMIT))
    return _within(history.shortest, _within(current / 2, wanted, current * 2), history.longest)


def next_poll(
    now: datetime,
    interval: timedelta,
    hints: PaceHints,
    *,
    max_age: timedelta | None = None,
    retry_after: timedelta | None = None,
    feed_id: int | None = None,
) -> datetime:
    """When to ask next: after the interval, what the answer asked for, and the hours and days that the feed skips.

    Args:
        now: an aware time; the answer is in UTC.
        max_age: freshness by the cache headers, obeyed up to `WISH_LIMIT`.
        retry_after: what a refusing server asked for, obeyed up to `RETRY_LIMIT`.
        feed_id: puts each feed a fixed share of its interval later, up to a fifth, so that five hundred feeds added
            in one second are not polled in one.
    """
    wait = max(interval, min(max_age or timedelta(0), WISH_LIMIT), min(retry_after or timedelta(0), RETRY_LIMIT))
    if feed_id is not None:
        wait += wait * _SPREAD * _share(feed_id)
    return _past_skipped(now.astimezone(UTC) + wait, hints)


def backoff(failures: int) -> timedelta:
    """How long to wait after so many failed polls in a row: 5 minutes, doubled each time, up to 4 hours."""
    return min(BACKOFF_START * (1 << min(max(failures - 1, 0), 10)), BACKOFF_LIMIT)


def _arrivals(times: Iterable[datetime], now: datetime) -> list[datetime]:
    """The latest arrivals before `now`, oldest first; what came in one burst is one arrival."""
    arrivals: list[datetime] = []
    for time in sorted(time for time in times if time < now):
        if not arrivals or time - arrivals[-1] >= _BURST:
            arrivals.append(time)
    return arrivals[-_ARRIVALS:]


def _past_skipped(at: datetime, hints: PaceHints) -> datetime:
    """The first time from `at` on that is in no skipped hour or day, but no later than `SKIP_LIMIT`."""
    if not hints.skip_hours and not hints.skip_days:
        return at
    moved = at
    while moved < at + SKIP_LIMIT:
        if moved.weekday() not in hints.skip_days and moved.hour not in hints.skip_hours:
            return moved
        # The minutes are kept, so that feeds that skip the same night are not polled together when it ends.
        moved += timedelta(hours=1)
    return at + SKIP_LIMIT


def _share(feed_id: int) -> float:
    """A number from 0 to below 1 that is always the same for a feed, and evenly spread over feeds."""
    digest = hashlib.blake2b(str(feed_id).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def _within(low: timedelta, value: timedelta, high: timedelta) -> timedelta:
    return max(low, min(value, high))
