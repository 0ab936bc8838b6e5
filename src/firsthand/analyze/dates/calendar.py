"""Stretches of the calendar, and how far a word like "week" reaches.

What a unit of time leaves open stays open: "three days ago" is a day, "two weeks ago" a week around the fourteenth
day, "a year ago" half a year to either side. The widths in `TOLERANCE` are our choice, written down once.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

__all__ = ["TOLERANCE", "Days", "Part", "Unit", "around", "part_of", "shift", "shift_days", "span_of"]


class Unit(Enum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


class Part(Enum):
    """Which part of a stretch is meant: "early March", "mid-2020", "the end of the year"."""

    EARLY = "early"
    MID = "mid"
    LATE = "late"
    START = "start"
    END = "end"


TOLERANCE = {
    Unit.DAY: 0,
    Unit.WEEK: 3,
    Unit.MONTH: 15,
    Unit.QUARTER: 45,
    Unit.YEAR: 183,
    Unit.DECADE: 731,
    Unit.CENTURY: 3652,
}
"""Days to either side that a distance counted in this unit leaves open."""

_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12, Unit.DECADE: 120, Unit.CENTURY: 1200}


@dataclass(frozen=True, slots=True)
class Days:
    """A closed range of days. Raises ValueError where it would end before it begins."""

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise ValueError("a range ends before it begins")

    @classmethod
    def one(cls, day: date) -> Days:
        return cls(day, day)

    @property
    def is_day(self) -> bool:
        return self.earliest == self.latest

    @property
    def unit(self) -> Unit:
        """The smallest unit that is as wide as this range."""
        width = (self.latest - self.earliest).days + 1
        for limit, unit in ((1, Unit.DAY), (7, Unit.WEEK), (31, Unit.MONTH), (92, Unit.QUARTER), (366, Unit.YEAR)):
            if width <= limit:
                return unit
        return Unit.DECADE

    def to(self, other: Days) -> Days:
        """From the beginning of this to the end of `other`. Raises ValueError where that is no range."""
        return Days(self.earliest, other.latest)

    def holds(self, other: Days, slack: int = 0) -> bool:
        """Whether `other` lies inside, with `slack` days to either side."""
        return (self.earliest - other.earliest).days <= slack and (other.latest - self.latest).days <= slack


def shift(day: date, count: int, unit: Unit) -> date:
    """`day` moved by `count` units; the last of a month stays in the month. Raises ValueError or OverflowError."""
    if unit is Unit.DAY:
        return day + timedelta(days=count)
    if unit is Unit.WEEK:
        return day + timedelta(weeks=count)
    month = day.year * 12 + day.month - 1 + count * _MONTHS[unit]
    year, month = divmod(month, 12)
    if not 1 <= year <= 9999:
        raise ValueError("outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift_days(days: Days, count: int, unit: Unit, *, exact: bool = False) -> Days:
    """`days` moved by `count` units: whole months and years stay whole, a day opens as far as the unit leaves open."""
    if days.is_day and not exact:
        return around(days.earliest, count, unit)
    latest = shift(days.latest + timedelta(days=1), count, unit) - timedelta(days=1)
    return Days(shift(days.earliest, count, unit), latest)


def around(day: date, count: int, unit: Unit) -> Days:
    """The days that lie `count` units from `day`, as exactly as the unit says."""
    middle = shift(day, count, unit)
    slack = timedelta(days=TOLERANCE[unit])
    return Days(middle - slack, middle + slack)


def span_of(day: date, unit: Unit) -> Days:
    """The week (Monday to Sunday, ISO 8601), month, quarter, year, decade or century in which `day` lies."""
    if unit is Unit.DAY:
        return Days.one(day)
    if unit is Unit.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Days(monday, monday + timedelta(days=6))
    if unit is Unit.CENTURY:
        first = date((day.year - 1) // 100 * 100 + 1, 1, 1)
    elif unit is Unit.DECADE:
        first = date(max(1, day.year // 10 * 10), 1, 1)
    elif unit is Unit.YEAR:
        first = date(day.year, 1, 1)
    else:
        size = _MONTHS[unit]
        first = date(day.year, (day.month - 1) // size * size + 1, 1)
    return Days(first, shift(first, 1, unit) - timedelta(days=1))


def part_of(days: Days, part: Part) -> Days:
    """A third of a month, year, decade or longer for early, mid, late; its first or last stretch for start and end.

    Months part at the 10th and 20th, years after April and August, decades after their fourth and seventh year.
    The start and end of a year are its first and last month, of a month its first and last seven days.
    """
    width = (days.latest - days.earliest).days + 1
    if part in (Part.START, Part.END):
        return _edge(days, width, first=part is Part.START)
    if width > 366:
        return _third_of_years(days, part)
    if width > 93:
        return _third_of_months(days, part)
    third = width // 3
    first, second = days.earliest + timedelta(days=third), days.earliest + timedelta(days=2 * third)
    return _pick(days, first, second, part)


def _edge(days: Days, width: int, *, first: bool) -> Days:
    size = Unit.YEAR if width > 366 else Unit.MONTH if width > 31 else Unit.WEEK if width > 7 else None
    if size is None:  # the end of a week: Friday to Sunday
        cut = timedelta(days=min(width - 1, 2))
        return Days(days.earliest, days.earliest + cut) if first else Days(days.latest - cut, days.latest)
    if first:
        return Days(days.earliest, shift(days.earliest, 1, size) - timedelta(days=1))
    after = days.latest + timedelta(days=1)
    return Days(shift(after, -1, size), days.latest)


def _third_of_years(days: Days, part: Part) -> Days:
    years = days.latest.year - days.earliest.year + 1
    first = days.earliest.replace(year=days.earliest.year + round(years * 0.4))
    second = days.earliest.replace(year=days.earliest.year + round(years * 0.7))
    return _pick(days, first, second, part)


def _third_of_months(days: Days, part: Part) -> Days:
    third = round(((days.latest - days.earliest).days + 1) / 91.3)
    return _pick(days, shift(days.earliest, third, Unit.MONTH), shift(days.earliest, 2 * third, Unit.MONTH), part)


def _pick(days: Days, first: date, second: date, part: Part) -> Days:
    """The part of `days` before `first`, between, or from `second`."""
    day = timedelta(days=1)
    if part is Part.EARLY:
        return Days(days.earliest, first - day)
    return Days(first, second - day) if part is Part.MID else Days(second, days.latest)
