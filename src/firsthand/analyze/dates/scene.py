"""What a mention is read against, and the shape of a rule that reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from firsthand.analyze.dates.calendar import Days, Unit, shift, span_of
from firsthand.analyze.dates.tense import Tense
from firsthand.analyze.dates.weekday import nearest_weekday, on_weekday

__all__ = ["Anchored", "Read", "Rule", "Scene", "day_of_month", "month_of", "weekday_in"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known where a mention stands."""

    today: date | None
    """The day of publication; for what stands in quotation marks the day on which it was said, where that is known."""
    tense: Tense = Tense.NONE
    speech: date | None = None
    """The day of the saying that governs the mention ("said on Thursday he had met")."""


Read = Callable[[re.Match[str], Scene], Days | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and what it says of the calendar; `read` may raise ValueError for what no calendar holds."""

    pattern: re.Pattern[str]
    read: Read
    quoted: bool = False
    """Inside quotation marks it is read against the day of the saying ("yesterday")."""
    unless: Callable[[re.Match[str]], bool] | None = None
    """What shows that the words are no date after all."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A pattern for what hangs on another date: `read` gets that date's days ("two days later")."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Days], Days | None]


def weekday_in(scene: Scene, number: int) -> Days | None:
    """The day that a bare weekday means here (Monday is 0); None without a day of publication."""
    if scene.today is None:
        return None
    if scene.tense is Tense.EITHER:
        return Days.one(nearest_weekday(number, scene.today))
    if scene.tense is Tense.LATER and scene.speech is not None:
        return Days.one(on_weekday(number, scene.speech, coming=True))
    if scene.tense is Tense.EARLIER and scene.speech is not None:
        return Days.one(on_weekday(number, scene.speech, coming=False))
    coming = scene.tense in (Tense.COMING, Tense.LATER)
    return Days.one(on_weekday(number, scene.today, coming=coming))


_NEAR = timedelta(days=2)
"""A report may carry the date of the day after its own (time zones, print editions)."""
_SOON = timedelta(days=45)
"""A date a little ahead of a past verb is not one of the year before, which copy would name; the verb is another's.
So with a date just past beside a verb of the future."""
_FAR = timedelta(days=270)
"""Without a tense a date this far from publication belongs to the neighboring year ("Dec. 31" on 2 January)."""


def day_of_month(scene: Scene, month: int, day: int, weekday: int | None = None) -> Days | None:
    """A month and day without a year: in the year of publication unless weekday, tense or distance tell another.

    AP Stylebook, "months" and "years": the year is left out where it is the current one.
    """
    if scene.today is None:
        return None
    candidates = []
    for year in (scene.today.year, scene.today.year - 1, scene.today.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:  # 29 February, or no such day at all
            continue
    if weekday is not None:
        candidates = [found for found in candidates if found.weekday() == weekday]
    return Days.one(_by_tense(candidates, scene, scene.today)) if candidates else None


def _by_tense(candidates: list[date], scene: Scene, today: date) -> date:
    """The candidate that the tense asks for; they come in order of likelihood."""
    if scene.tense in (Tense.PAST, Tense.EARLIER):
        fitting = [found for found in candidates if found <= today + _SOON]
        return max(fitting, default=candidates[0])
    if scene.tense is Tense.COMING:
        fitting = [found for found in candidates if found >= today - _NEAR]
        found = min(fitting, default=candidates[0])
        just_past = max((day for day in candidates if day < today), default=found)
        return just_past if found - today > _FAR and today - just_past <= _SOON else found
    nearest = min(candidates, key=lambda found: abs(found - today))
    return nearest if abs(candidates[0] - today) > _FAR else candidates[0]


def month_of(scene: Scene, month: int) -> Days | None:
    """A month without a year, by the same rule."""
    if scene.today is None:
        return None
    this = span_of(date(scene.today.year, month, 1), Unit.MONTH)
    before, after = (span_of(shift(this.earliest, step, Unit.YEAR), Unit.MONTH) for step in (-1, 1))
    if scene.tense in (Tense.PAST, Tense.EARLIER):
        return this if this.earliest <= scene.today else before
    if scene.tense is Tense.COMING:
        found = this if this.latest >= scene.today else after
        just_past = before if found is this else this
        far = found.earliest - scene.today > _FAR and scene.today - just_past.latest <= _SOON
        return just_past if far else found
    distance = (this.earliest - scene.today).days
    if abs(distance) <= _FAR.days:
        return this
    return before if distance > 0 else after
