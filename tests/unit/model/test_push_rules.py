"""When a reader is told: what is breaking, when it is quiet, how long to wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from firsthand.model.push import Breaking, PushRules, backoff, burst, day_of, grown, is_breaking, is_quiet, quiet_until

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RULES = PushRules(outlets=3, origins=2)


def story(*minutes_ago: int, at_least: int = 1) -> Breaking:
    times = tuple(sorted(NOW - timedelta(minutes=one) for one in minutes_ago))
    return Breaking(
        story_id=1,
        title="Sea wall cracks",
        outlet="Daily Ledger",
        outlets=len(times),
        at_least=at_least,
        at_most=at_least,
        times=times,
        last=times[-1],
    )


@pytest.mark.parametrize(
    ("minutes", "most"), [((), 0), ((5,), 1), ((5, 50, 64), 3), ((5, 50, 66), 2), ((0, 90, 100, 110, 300), 3)]
)
def test_the_most_outlets_within_an_hour(minutes: tuple[int, ...], most: int) -> None:
    assert burst(sorted(NOW - timedelta(minutes=one) for one in minutes)) == most


@pytest.mark.parametrize(
    ("told", "breaking"),
    [
        (story(5, 20, 40), True),
        (story(5, 20), False),
        (story(5, 20, 100), False),
        (story(5, 200, at_least=2), True),
        (story(5, 26 * 60, at_least=2), False),  # an old story that somebody has confirmed
        (story(190, 200, 210), False),  # it came to us late
    ],
)
def test_breaking(told: Breaking, breaking: bool) -> None:
    assert is_breaking(told, RULES, NOW) is breaking


def test_what_a_reader_switched_off_is_not_breaking() -> None:
    assert not is_breaking(story(1, 2, 3), replace(RULES, breaking=False), NOW)
    assert not is_breaking(story(1, 2, 3), replace(RULES, outlets=0), NOW)
    assert not is_breaking(story(5, at_least=2), replace(RULES, origins=0), NOW)


ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("at", "goes_out"),
    [
        ("2026-11-24T21:00+01:00", "2026-11-24T21:00+01:00"),
        ("2026-11-24T22:00+01:00", "2026-11-25T07:00+01:00"),
        ("2026-11-25T06:59+01:00", "2026-11-25T07:00+01:00"),
        ("2026-11-25T07:00+01:00", "2026-11-25T07:00+01:00"),
        ("2026-10-24T23:00+02:00", "2026-10-25T07:00+01:00"),  # the clock goes back in this night
        ("2026-03-28T23:00+01:00", "2026-03-29T07:00+02:00"),  # and forward in this one
    ],
)
def test_quiet_hours_end_by_the_reader_s_clock(at: str, goes_out: str) -> None:
    rules = PushRules(quiet_from=22 * 60, quiet_to=7 * 60)
    assert quiet_until(rules, datetime.fromisoformat(at), ROME) == datetime.fromisoformat(goes_out)


def test_quiet_hours_within_a_day_and_none() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=ROME)
    assert is_quiet(PushRules(quiet_from=11 * 60, quiet_to=13 * 60), noon, ROME)
    assert not is_quiet(PushRules(quiet_from=13 * 60, quiet_to=15 * 60), noon, ROME)
    assert not is_quiet(PushRules(quiet_from=None, quiet_to=None), noon, ROME)
    assert not is_quiet(PushRules(quiet_from=600, quiet_to=600), noon, ROME)


def test_a_day_begins_at_the_reader_s_midnight() -> None:
    assert day_of(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), ROME) == datetime(2026, 11, 24, 23, tzinfo=UTC)


def test_waits_grow_and_end() -> None:
    waits = [backoff(attempts) for attempts in range(1, 9)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == timedelta(hours=6)


def test_a_story_has_grown_by_an_origin_or_twice_the_outlets() -> None:
    assert grown(4, 2, 4, 1)
    assert grown(8, 1, 4, 1)
    assert not grown(7, 1, 4, 1)
    assert not grown(7, 1, 4, 2)
