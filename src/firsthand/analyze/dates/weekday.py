"""Which day a bare weekday means.

The rule is the AP Stylebook's ("days of the week", "time element"): a weekday in a report stands for the day within
seven days before or after publication, and the tense of the verb says which; the day of publication itself goes by its
name too. "Last Tuesday" and "next Tuesday" say no more than the tense does, except that they never mean today.
"""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["WEEKDAYS", "UnknownWeekday", "nearest_weekday", "resolve_weekday"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {name[:length]: number for number, name in enumerate(WEEKDAYS) for length in (3, len(name))} | {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}


class UnknownWeekday(ValueError):
    """Not the name of an English weekday."""


def resolve_weekday(name: str, anchor: date, *, coming: bool = False, strictly: bool = False) -> date:
    """The date a news text means by a bare weekday name.

    A bare "Friday" in a report dated `anchor` is the latest Friday on or before it, or the first on or after it where
    the text speaks of what is to come. With `strictly` it is never `anchor` itself ("last Friday", "next Friday").

    Raises:
        UnknownWeekday: `name` is not an English weekday.
        OverflowError: the day would lie outside the calendar.
    """
    number = _NUMBERS.get(name.strip().lower().rstrip("."))
    if number is None:
        raise UnknownWeekday(name)
    return on_weekday(number, anchor, coming=coming, strictly=strictly)


def on_weekday(number: int, anchor: date, *, coming: bool, strictly: bool = False) -> date:
    """The same by number, Monday being 0."""
    distance = (number - anchor.weekday()) % 7 if coming else (anchor.weekday() - number) % 7
    if strictly and distance == 0:
        distance = 7
    return anchor + timedelta(days=distance if coming else -distance)


def nearest_weekday(number: int, anchor: date) -> date:
    """The one nearest to `anchor` on either side (never more than three days off)."""
    before = (anchor.weekday() - number) % 7
    return anchor - timedelta(days=before) if before <= 3 else anchor + timedelta(days=7 - before)
