"""Dates in languages that are written down as tables (`data/es.toml`, `fr`, `de`); none of it touches English.

A table gives names of months, weekdays, units and numbers, and patterns in which `{month}`, `{day}`, `{weekday}`,
`{count}`, `{unit}`, `{year}` and `{decade}` stand for them. A weekday lies ahead only where the sentence has one
of the table's signs of the future; in Spanish, French and German copy as in English, it is else the latest one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from firsthand.analyze.dates import numeric
from firsthand.analyze.dates.calendar import Days, Unit, around, part_of, shift, span_of
from firsthand.analyze.dates.pieces import part_named
from firsthand.analyze.dates.scene import Read, Rule, Scene, day_of_month, month_of, weekday_in
from firsthand.analyze.dates.weekday import on_weekday

__all__ = ["LANGUAGES", "Table", "table"]

LANGUAGES = frozenset({"es", "fr", "de"})


@dataclass(frozen=True, slots=True)
class Table:
    """One language: its rules, and the signs that a sentence speaks of what is to come."""

    rules: tuple[Rule, ...]
    future: re.Pattern[str]


@cache
def table(language: str) -> Table:
    """The table of one of `LANGUAGES`."""
    text = files("firsthand.analyze.dates").joinpath(f"data/{language}.toml").read_text("utf-8")
    return _Builder(tomllib.loads(text)).build()


class _Builder:
    """Makes rules of one language's data."""

    def __init__(self, data: dict[str, object]) -> None:
        self._months = _words(data["months"])
        self._weekdays = _words(data["weekdays"])
        self._counts = _numbers(data["counts"])
        self._units = {pattern: Unit(str(name)) for pattern, name in _mapping(data["units"]).items()}
        self._patterns = {name: _words(found) for name, found in _mapping(data["patterns"]).items()}
        self._turns = [(int(str(turn["step"])), _words(turn["patterns"])) for turn in _tables(data["turns"])]
        self._deictic = _numbers(data["words"])
        self._future = str(data["future"])
        self._before_figures = str(data["before_figures"])
        self._dotted = bool(data.get("dotted"))
        self._case = "(?-i:" if data.get("case") else "(?:"
        self._parts = {str(key): part_named(str(value)) for key, value in _mapping(data["parts"]).items()}

    def build(self) -> Table:
        return Table(tuple(self._rules()), re.compile(self._future, re.IGNORECASE))

    def _rules(self) -> Iterator[Rule]:
        readers: dict[str, Callable[[re.Match[str], Scene], Days | None]] = {
            "day": self._day,
            "days": self._days,
            "month": self._month,
            "year": self._year,
            "decade": self._decade,
            "weekday": self._weekday,
            "weekday_last": self._weekday_last,
            "weekday_next": self._weekday_next,
            "ago": self._ago,
        }
        for name, patterns in self._patterns.items():
            for pattern in patterns:
                yield Rule(self._compiled(pattern), readers[name])
        for pattern, distance in self._deictic.items():
            yield Rule(self._compiled(pattern), _days_off(distance))
        for step, patterns in self._turns:
            for pattern in patterns:
                yield Rule(self._compiled(pattern), self._turned(step))
        yield from numeric.rules(self._before_figures, dotted=self._dotted)

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        fill = {
            "{month}": f"(?P<month>{self._case}{'|'.join(self._months)}))(?!\\w)",
            "{weekday}": f"(?P<weekday>{self._case}{'|'.join(self._weekdays)}))",
            "{day}": r"(?P<day>[12]\d|3[01]|0?[1-9])(?:er|º|\.(?=\s?o))?",
            "{day2}": r"(?P<day2>[12]\d|3[01]|0?[1-9])",
            "{year}": r"(?P<year>(?:1[5-9]|20)\d\d)(?![\w%]|[.,:]\d)",
            "{decade}": r"(?P<decade>1[5-9]\d0|20\d0|[1-9]0)",
            "{count}": f"(?P<count>\\d{{1,4}}|{'|'.join(sorted(self._counts, key=len, reverse=True))})",
            "{part}": f"(?P<part>{'|'.join(self._parts)})",
            "{unit}": f"(?P<unit>{'|'.join(self._units)})",
        }
        for name, words in fill.items():
            pattern = pattern.replace(name, words)
        return re.compile(rf"(?<![\w$€£./-])(?:{pattern})(?!\w)", re.IGNORECASE)

    def _number_in(self, names: tuple[str, ...], word: str) -> int:
        return next(i for i, name in enumerate(names) if re.fullmatch(name, word, re.IGNORECASE))

    def _day(self, match: re.Match[str], scene: Scene) -> Days | None:
        month, day = self._number_in(self._months, match["month"]) + 1, int(match["day"])
        if match["year"]:
            return Days.one(date(int(match["year"]), month, day))
        return day_of_month(scene, month, day)

    def _days(self, match: re.Match[str], scene: Scene) -> Days | None:
        first = self._day(match, scene)
        return first and Days(first.earliest, first.earliest.replace(day=int(match["day2"])))

    def _month(self, match: re.Match[str], scene: Scene) -> Days | None:
        month = self._number_in(self._months, match["month"]) + 1
        whole = span_of(date(int(match["year"]), month, 1), Unit.MONTH) if match["year"] else month_of(scene, month)
        return self._part(match, whole)

    def _part(self, match: re.Match[str], whole: Days | None) -> Days | None:
        word = match.groupdict().get("part")
        if not word or whole is None:
            return whole
        return part_of(
            whole, next(part for name, part in self._parts.items() if re.fullmatch(name, word, re.IGNORECASE))
        )

    def _year(self, match: re.Match[str], _scene: Scene) -> Days | None:
        return self._part(match, span_of(date(int(match["year"]), 1, 1), Unit.YEAR))

    def _decade(self, match: re.Match[str], _scene: Scene) -> Days | None:
        year = int(match["decade"])
        return span_of(date(year if year > 99 else 1900 + year, 1, 1), Unit.DECADE)

    def _weekday(self, match: re.Match[str], scene: Scene) -> Days | None:
        return weekday_in(scene, self._number_in(self._weekdays, match["weekday"]))

    def _weekday_last(self, match: re.Match[str], scene: Scene) -> Days | None:
        return self._turned_weekday(match, scene, coming=False)

    def _weekday_next(self, match: re.Match[str], scene: Scene) -> Days | None:
        return self._turned_weekday(match, scene, coming=True)

    def _turned_weekday(self, match: re.Match[str], scene: Scene, *, coming: bool) -> Days | None:
        if scene.today is None:
            return None
        number = self._number_in(self._weekdays, match["weekday"])
        return Days.one(on_weekday(number, scene.today, coming=coming, strictly=True))

    def _unit(self, word: str) -> Unit:
        return next(unit for name, unit in self._units.items() if re.fullmatch(name, word, re.IGNORECASE))

    def _ago(self, match: re.Match[str], scene: Scene) -> Days | None:
        words = match["count"].lower()
        count = int(words) if words.isdigit() else self._counts[words]
        return around(scene.today, -count, self._unit(match["unit"])) if scene.today else None

    def _turned(self, step: int) -> Read:
        def read(match: re.Match[str], scene: Scene) -> Days | None:
            unit = self._unit(match["unit"])
            if scene.today is None or unit is Unit.DAY:
                return None
            return span_of(shift(span_of(scene.today, unit).earliest, step, unit), unit)

        return read


def _days_off(distance: int) -> Read:
    """Reads "ayer", "demain": so many days from the report."""

    def read(_match: re.Match[str], scene: Scene) -> Days | None:
        return Days.one(scene.today + timedelta(days=distance)) if scene.today else None

    return read


def _words(found: object) -> tuple[str, ...]:
    return tuple(str(word) for word in found) if isinstance(found, list) else ()


def _mapping(found: object) -> dict[str, object]:
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def _numbers(found: object) -> dict[str, int]:
    return {key: int(str(value)) for key, value in _mapping(found).items()}


def _tables(found: object) -> list[dict[str, object]]:
    return [_mapping(table) for table in found] if isinstance(found, list) else []
