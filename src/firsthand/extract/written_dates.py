"""Dates as people write them: `September 04, 2021 14:19 IST`, `Samstag, 4. September 2021, 14.19 Uhr`, `2021年9月4日`.

Only what is written without doubt is read: `04/09/2021` means different days in Boston and in Bombay, and is read only
where the outlet's country or language tells which.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

from firsthand.extract.dates import hour_of_day, with_zone, zone_of
from firsthand.model.text import one_line
from firsthand.model.when import Precision, When

_NAME = r"(?P<month>[^\W\d_]{3,14})\.?"
_MONTH_FIRST = re.compile(rf"\b{_NAME}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?[\s-](?:de\s|of\s)?{_NAME},?[\s-](?:de\s|del\s)?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[-/.年년]\s?(?P<month>\d{1,2})\s?[-/.月월]\s?(?P<day>\d{1,2})(?:\s?[日일.])?(?!\d)"
)
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)(?![\d.])"
)
_TIME = re.compile(
    r"(?<![\d.:])(?:(?P<before>오전|오후|午前|午後|上午|下午)\s?)?(?P<hour>\d{1,2})(?:(?P<sep>[:.hH時时시])\s?(?P<minute>\d{2})(?:[:분分](?P<second>\d{2})?)?)?"
    r"\s?(?P<meridiem>[ap]\.?\s?m\b\.?)?(?:\s?uhr\b)?(?:[\s,]*\(?(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}:?\d{0,2}|[A-Z]{2,5})\b\)?)?",
    re.IGNORECASE,
)
_MONTH_FIRST_COUNTRIES = frozenset({"us", "gov", "mil", "edu"})
_WINDOW = 45
# What stands before the time of a change.
UPDATED = re.compile(
    r"updat|modif|aktualisiert|mis à jour|actualiz|atualiz|aggiorn|bijgewerkt|oppdatert|uppdaterad|opdateret|güncel"
    r"|обновлен|更新|수정|zaktualizowan|aktualizov",
    re.IGNORECASE,
)


def parse_written(text: str, hints: Iterable[str] = ()) -> When | None:
    """The first date in `text`, with the time and zone that stand beside it; None if none is plain.

    `hints` are the outlet's country domain and language; see `dates.zone_of`.
    """
    text = one_line(text)[:400]
    hints = tuple(hints)
    best: tuple[int, int, datetime] | None = None
    for pattern in (_MONTH_FIRST, _DAY_FIRST, _YEAR_FIRST, _NUMERIC):
        for match in pattern.finditer(text):
            day = _numeric(match, hints) if pattern is _NUMERIC else _named(match)
            if day is not None and (best is None or match.start() < best[0]):
                best = (match.start(), match.end(), day)
                break
    if best is None:
        return None
    start, end, day = best
    after = text[end : end + _WINDOW]
    before = text[max(0, start - _WINDOW) : start]
    return (
        _with_time(day, after, hints, last=False)
        or _with_time(day, before, hints, last=True)
        or When(day, Precision.DAY)
    )


def stamp_in(lines: Iterable[str], hints: Iterable[str] = ()) -> When | None:
    """The first date among lines that hold nothing else; one that says "updated" only where there is no other."""
    marks = tuple(hints)
    changed: When | None = None
    for line in lines:
        when = parse_written(line, marks)
        if when is None:
            continue
        if not UPDATED.search(line):
            return when
        changed = changed or when
    return changed


@cache
def _months() -> dict[str, int]:
    text = files("firsthand.extract").joinpath("data/months.toml").read_text("utf-8")
    return {name: int(number) for number, names in tomllib.loads(text).items() for name in names}


def _named(match: re.Match[str]) -> datetime | None:
    word = match["month"].lower().rstrip(".")
    month = int(word) if word.isdigit() else _months().get(word)
    return _date(match["year"], month, match["day"])


def _numeric(match: re.Match[str], hints: tuple[str, ...]) -> datetime | None:
    a, b = int(match["a"]), int(match["b"])
    year = match["year"] if len(match["year"]) == 4 else f"20{match['year']}"
    if a > 12 or match["sep"] == "." or (a == b):
        return _date(year, b, str(a))
    if b > 12 or _MONTH_FIRST_COUNTRIES & set(hints):
        return _date(year, a, str(b))
    # Of the countries that write in English only some put the month first; elsewhere the day stands first.
    known = any(len(hint) == 2 and hint not in {"en", "io", "co", "tv"} for hint in hints)
    return _date(year, b, str(a)) if known else None


def _date(year: str, month: int | None, day: str) -> datetime | None:
    if month is None:
        return None
    try:
        return datetime(int(year), month, int(day))
    except ValueError:
        return None


def _with_time(day: datetime, text: str, hints: tuple[str, ...], *, last: bool) -> When | None:
    found = [match for match in _TIME.finditer(text) if _is_time(match)]
    if not found:
        return None
    match = found[-1] if last else found[0]
    between = text[: match.start()] if not last else text[match.end() :]
    if len(between) > 20 or re.search(r"\d", between):
        return None
    meridiem = (
        match["meridiem"]
        or {"오후": "pm", "午後": "pm", "下午": "pm"}.get(match["before"] or "")
        or ("am" if match["before"] else None)
    )
    hour = hour_of_day(int(match["hour"]), meridiem)
    try:
        at = day.replace(hour=hour, minute=int(match["minute"] or 0), second=int(match["second"] or 0))
    except ValueError:
        return None
    zone = match["zone"]
    if zone is not None and zone.isalpha() and not zone.isupper():
        zone = None
    return with_zone(at, zone if zone and zone_of(zone, hints) else None, hints)


def _is_time(match: re.Match[str]) -> bool:
    return match["minute"] is not None or match["meridiem"] is not None
