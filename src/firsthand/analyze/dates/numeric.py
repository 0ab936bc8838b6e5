"""Dates in figures, the same in every language, as far as they are plain: `2021-09-04`, `30/08/2021`, `2021年9月4日`.

`04/09/2021` means different days in Boston and in Bombay and is left unread.
"""

from __future__ import annotations

import re
from datetime import date

from firsthand.analyze.dates.calendar import Days
from firsthand.analyze.dates.scene import Rule, Scene

__all__ = ["rules"]

_FREE = r"(?<![\w/.-])"
_ISO = r"(?P<year>(?:1[5-9]|20)\d\d)(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d/-]|\.\d)"
_CJK = re.compile(
    r"(?<!\d)(?P<year>(?:1[5-9]|20)\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"
)
_SLASHED = r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d)(?![\d/-]|\.\d)"
_DOTTED = r"(?P<a>\d{1,2})\.\s?(?P<b>\d{1,2})\.\s?(?P<year>(?:19|20)\d\d)(?![\d/-]|\.\d)"


def _year_first(match: re.Match[str], _scene: Scene) -> Days | None:
    return Days.one(date(int(match["year"]), int(match["month"]), int(match["day"])))


def _year_last(match: re.Match[str], _scene: Scene) -> Days | None:
    """Only where the other order is no date, or the same."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    if a > 12 or a == b:
        return Days.one(date(year, b, a))
    return Days.one(date(year, a, b)) if b > 12 else None


def _day_first(match: re.Match[str], _scene: Scene) -> Days | None:
    return Days.one(date(int(match["year"]), int(match["b"]), int(match["a"])))


def rules(prepositions: str = "", *, dotted: bool = False) -> tuple[Rule, ...]:
    """The rules, with one of `prepositions` (joined by bars) before the date taken into the mention.

    `dotted` adds `15.08.2019`, for languages that write the day first.
    """
    head = rf"{_FREE}(?:(?i:{prepositions})\s)?" if prepositions else _FREE
    plain = ((_ISO, _year_first), (_SLASHED, _year_last))
    more = ((_DOTTED, _day_first),) if dotted else ()
    return (Rule(_CJK, _year_first), *(Rule(re.compile(head + words), read) for words, read in (*plain, *more)))
