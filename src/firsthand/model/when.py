"""A point in time, as precisely as its source gave it and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum


class Precision(Enum):
    """How much of a `When` its source really said."""

    DAY = "day"
    """Only the calendar day; the clock part of `at` is midnight and means nothing."""
    LOCAL = "local"
    """Day and wall-clock time, but no zone: `at` is naive."""
    INSTANT = "instant"
    """Day, time and offset from UTC: `at` is aware and keeps the source's offset."""


@dataclass(frozen=True, slots=True)
class When:
    """A point in time with its precision; an offset that the source gave is kept, never normalized away."""

    at: datetime
    precision: Precision

    def __post_init__(self) -> None:
        if (self.at.tzinfo is not None) != (self.precision is Precision.INSTANT):
            raise ValueError("an instant is aware; a day or a local time is naive")

    @classmethod
    def of(cls, at: datetime) -> When:
        """An instant if `at` is aware, else a local time."""
        return cls(at, Precision.LOCAL if at.tzinfo is None else Precision.INSTANT)

    @classmethod
    def day(cls, year: int, month: int, day: int) -> When:
        return cls(datetime(year, month, day), Precision.DAY)

    def isoformat(self) -> str:
        """ISO 8601 with exactly the parts that are known: `2025-03-08`, `2025-03-08T14:19:00`, `…+05:30`."""
        if self.precision is Precision.DAY:
            return self.at.date().isoformat()
        return self.at.isoformat(timespec="seconds")

    def instant(self) -> datetime:
        """An aware UTC datetime for sorting; what has no zone is read as UTC."""
        if self.at.tzinfo is None:
            return self.at.replace(tzinfo=UTC)
        return self.at.astimezone(UTC)

    @classmethod
    def fromisoformat(cls, text: str) -> When:
        """The inverse of `isoformat`. Raises ValueError for anything else."""
        if len(text) == 10:
            return cls(datetime.fromisoformat(text), Precision.DAY)
        return cls.of(datetime.fromisoformat(text))
