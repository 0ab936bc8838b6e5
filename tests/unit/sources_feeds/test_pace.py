"""How often a feed is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.feed import PaceHints
from firsthand.sources.pace import (
    LONGEST,
    RETRY_LIMIT,
    SHORTEST,
    SKIP_LIMIT,
    START,
    WISH_LIMIT,
    PaceFacts,
    backoff,
    next_interval,
    next_poll,
)

NOW = datetime(2024, 5, 8, 12, 0, tzinfo=UTC)  # a Wednesday
NO_HINTS = PaceHints()


def every(gap: timedelta, count: int = 40, until: datetime = NOW) -> tuple[datetime, ...]:
    """Times of items that come in a steady rhythm, the last half a gap ago."""
    return tuple(until - gap / 2 - gap * number for number in range(count))


def settled(recent: tuple[datetime, ...], *, period: timedelta | None = None) -> timedelta:
    """The interval after many polls that saw the same rhythm."""
    interval = START
    for _ in range(12):
        interval = next_interval(PaceFacts(current=interval, now=NOW, recent=recent, new=1, period=period))
    return interval


@pytest.mark.parametrize(
    ("gap", "at_least", "at_most"),
    [
        (timedelta(minutes=3), timedelta(minutes=2), timedelta(minutes=4)),
        (timedelta(minutes=15), timedelta(minutes=3), timedelta(minutes=6)),
        (timedelta(hours=1), timedelta(minutes=10), timedelta(minutes=20)),
        (timedelta(hours=6), timedelta(hours=1), timedelta(hours=2)),
        (timedelta(days=1), timedelta(hours=5), timedelta(hours=6)),
        (timedelta(days=30), timedelta(hours=6), timedelta(hours=6)),
    ],
)
def test_the_interval_follows_the_rhythm(gap: timedelta, at_least: timedelta, at_most: timedelta) -> None:
    assert at_least <= settled(every(gap)) <= at_most


def test_a_daily_batch_is_one_arrival() -> None:
    batches = tuple(at - timedelta(seconds=n) for at in every(timedelta(days=1), 5) for n in range(20))
    assert settled(batches) >= timedelta(hours=5)


def test_a_busy_feed_at_night_is_asked_every_half_hour() -> None:
    day = every(timedelta(minutes=10), until=NOW - timedelta(hours=8))
    assert timedelta(minutes=20) <= settled(day) <= timedelta(minutes=40)


def test_a_feed_that_died_is_asked_a_few_times_a_day() -> None:
    assert settled(every(timedelta(minutes=10), until=NOW - timedelta(days=100))) == LONGEST


def test_items_without_dates_say_nothing_of_the_rhythm() -> None:
    undated = (NOW,) * 30
    quiet = PaceFacts(current=START, now=NOW, recent=undated, new=0, last_new=NOW - timedelta(days=2))
    assert next_interval(quiet) > START
    assert next_interval(PaceFacts(current=START, now=NOW, recent=undated, new=3)) == START / 2


def test_unchanged_answers_keep_a_busy_feed_busy_and_let_a_quiet_one_rest() -> None:
    pace = timedelta(minutes=4)
    assert next_interval(PaceFacts(current=pace, now=NOW, last_new=NOW - timedelta(minutes=20))) == pace
    assert next_interval(PaceFacts(current=pace, now=NOW, last_new=NOW - timedelta(days=3))) == pace * 1.5
    assert next_interval(PaceFacts(current=pace, now=NOW)) == pace * 1.5


def test_a_wish_is_obeyed_up_to_half_an_hour_where_the_rhythm_is_faster() -> None:
    busy = every(timedelta(minutes=5))
    assert settled(busy, period=timedelta(minutes=15)) == timedelta(minutes=15)
    assert settled(busy, period=timedelta(minutes=1440)) == WISH_LIMIT
    assert settled(every(timedelta(days=2)), period=timedelta(minutes=1)) == LONGEST


times = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(0), timedelta(days=400))
facts = st.builds(
    PaceFacts,
    current=spans,
    now=times,
    recent=st.lists(times, max_size=60).map(tuple),
    new=st.integers(0, 100),
    last_new=st.none() | times,
    period=st.none() | spans,
)


@given(facts)
def test_an_interval_is_always_within_its_limits_and_never_jumps(known: PaceFacts) -> None:
    interval = next_interval(known)
    assert SHORTEST <= interval <= LONGEST
    within = max(SHORTEST, min(known.current, LONGEST))
    assert within / 2 <= max(interval, SHORTEST)
    assert interval <= within * 2
    assert interval == next_interval(known)


def test_the_limits_can_be_set() -> None:
    known = PaceFacts(current=START, now=NOW, shortest=timedelta(minutes=20), longest=timedelta(minutes=40))
    assert next_interval(known) == timedelta(minutes=30)


# --- when to ask next


def test_the_next_poll_is_after_the_interval() -> None:
    assert next_poll(NOW, START, NO_HINTS) == NOW + START


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ({"max_age": timedelta(minutes=20)}, timedelta(minutes=20)),
        ({"max_age": timedelta(seconds=5)}, START),
        ({"max_age": timedelta(days=365)}, WISH_LIMIT),
        ({"retry_after": timedelta(hours=3)}, timedelta(hours=3)),
        ({"retry_after": timedelta(days=365)}, RETRY_LIMIT),
        ({"retry_after": timedelta(seconds=1)}, START),
    ],
)
def test_what_the_answer_asks_for(asked: dict[str, timedelta], waited: timedelta) -> None:
    assert next_poll(NOW, START, NO_HINTS, **asked) == NOW + waited


def test_five_hundred_feeds_are_not_asked_at_once() -> None:
    polls = [next_poll(NOW, START, NO_HINTS, feed_id=number) for number in range(1, 501)]
    assert polls == [next_poll(NOW, START, NO_HINTS, feed_id=number) for number in range(1, 501)]
    seconds = [int((at - NOW).total_seconds()) for at in polls]
    assert max(seconds.count(second) for second in set(seconds)) < 20
    assert min(seconds) >= START.total_seconds()
    assert max(seconds) <= START.total_seconds() * 1.2


def test_skipped_hours_and_days_are_skipped() -> None:
    night = PaceHints(skip_hours=frozenset({12, 13, 14}))
    assert next_poll(NOW, START, night) == NOW.replace(hour=15, minute=15)
    thursday_off = PaceHints(skip_days=frozenset({3}))
    assert next_poll(NOW, timedelta(hours=13), thursday_off).weekday() == 4


def test_a_feed_that_skips_everything_is_asked_once_a_day() -> None:
    for hints in (PaceHints(skip_hours=frozenset(range(24))), PaceHints(skip_days=frozenset(range(7)))):
        assert next_poll(NOW, START, hints) == NOW + START + SKIP_LIMIT


@given(
    st.timedeltas(SHORTEST, LONGEST),
    st.builds(
        PaceHints,
        period=st.none() | spans,
        skip_hours=st.frozensets(st.integers(0, 23)),
        skip_days=st.frozensets(st.integers(0, 6)),
    ),
    st.none() | spans,
    st.none() | spans,
    st.none() | st.integers(0, 10**9),
    times,
)
def test_a_poll_is_never_early_and_never_lost(
    interval: timedelta,
    hints: PaceHints,
    max_age: timedelta | None,
    retry_after: timedelta | None,
    feed_id: int | None,
    now: datetime,
) -> None:
    at = next_poll(now, interval, hints, max_age=max_age, retry_after=retry_after, feed_id=feed_id)
    assert at >= now + interval
    assert at >= now + min(retry_after or timedelta(0), RETRY_LIMIT)
    assert at <= now + max(interval, RETRY_LIMIT) * 1.2 + SKIP_LIMIT
    assert at.utcoffset() == timedelta(0)


def test_backoff_doubles_up_to_four_hours() -> None:
    minutes = [backoff(failures) / timedelta(minutes=1) for failures in range(1, 9)]
    assert minutes == [5, 10, 20, 40, 80, 160, 240, 240]
    assert backoff(0) == backoff(1)
    assert backoff(10**6) == timedelta(hours=4)
