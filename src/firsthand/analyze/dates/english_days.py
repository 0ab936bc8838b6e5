"""English rules for days, months, weekdays, years and holidays."""

from __future__ import annotations

import re
from datetime import date, timedelta

from firsthand.analyze.dates.calendar import Days, Unit, part_of, shift, span_of
from firsthand.analyze.dates.pieces import (
    DAY,
    DAY_BEFORE,
    MONTH,
    NOT_MORE,
    PART_OF_DAY,
    PREPOSITION,
    QUARTER_OF,
    SEASON,
    SHORT_WEEKDAY,
    TIME_AFTER,
    TIME_BEFORE,
    WEEKDAY,
    YEAR,
    YEAR_BEFORE,
    easter,
    month_number,
    part_named,
    season_days,
    weekday_number,
)
from firsthand.analyze.dates.refuse import no_month, no_weekday, no_year, no_years
from firsthand.analyze.dates.scene import Rule, Scene, day_of_month, month_of, weekday_in
from firsthand.analyze.dates.tense import Tense
from firsthand.analyze.dates.weekday import on_weekday

__all__ = ["RULES"]

_TO = r"(?:\s?[-–—]\s?|\s(?:to|through|until|till|thru)\s)"
_DAY_NAME = rf"(?:(?<!Super\s)(?<!Black\s)(?<!Ash\s)(?<!Good\s)(?<!Easter\s)(?P<weekday>{WEEKDAY}|{SHORT_WEEKDAY}),?\s(?:the\s)?)?"
_HEAD = rf"{NOT_MORE}{TIME_BEFORE}{PREPOSITION}"
_YEAR_AFTER = rf"(?:,?\s(?:of\s|in\s)?(?P<year>{YEAR}))?"
_YEAR_END = r"(?![\w%]|[.,:]\d|[-–]\d)"
_POSSESSIVE = r"(?:['’]s(?!\w))?"


def _number(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _day(match: re.Match[str], scene: Scene) -> Days | None:
    """`March 3, 2019`, `Tuesday, 8 November`."""
    month, day = month_number(match["month"]), _number(match["day"])
    if match["year"]:
        return Days.one(date(int(match["year"]), month, day))
    weekday = weekday_number(match["weekday"]) if match["weekday"] else None
    found = day_of_month(scene, month, day, weekday)
    return found or (day_of_month(scene, month, day) if weekday is not None else None)


def _days_of_a_month(match: re.Match[str], scene: Scene) -> Days | None:
    """`from 3 to 5 May`, `March 3-5`, `Aug. 3 and 4`."""
    month = month_number(match["month"])
    if match["year"]:
        year = int(match["year"])
        return Days(date(year, month, _number(match["day"])), date(year, month, _number(match["day2"])))
    first = day_of_month(scene, month, _number(match["day"]))
    return first and Days(first.earliest, first.earliest.replace(day=_number(match["day2"])))


def _days_over_months(match: re.Match[str], scene: Scene) -> Days | None:
    """`from April 30 to May 2, 2018`."""
    month, month2 = month_number(match["month"]), month_number(match["month2"])
    day, day2 = _number(match["day"]), _number(match["day2"])
    if match["year"]:
        year = int(match["year"])
        first = int(match["year1"]) if match["year1"] else year - (month > month2)
        return Days(date(first, month, day), date(year, month2, day2))
    start = day_of_month(scene, month, day)
    return start and Days(start.earliest, date(start.earliest.year + (month > month2), month2, day2))


def _months(match: re.Match[str], scene: Scene) -> Days | None:
    """`from March to May 2018`, `between November and January`."""
    month, month2 = month_number(match["month"]), month_number(match["month2"])
    if match["year"]:
        year = int(match["year"])
        first = int(match["year1"]) if match["year1"] else year - (month > month2)
        return _month(first, month).to(_month(year, month2))
    start = month_of(scene, month)
    return start and start.to(_month(start.earliest.year + (month > month2), month2))


def _month(year: int, month: int) -> Days:
    return span_of(date(year, month, 1), Unit.MONTH)


def _one_month(match: re.Match[str], scene: Scene) -> Days | None:
    """`in March`, `early March 2019`, `by the end of September`."""
    month, year = month_number(match["month"]), match["year"]
    if not year and (match["preposition"] or "").lower() == "since":
        scene = Scene(scene.today, Tense.PAST)
    found = _month(int(year), month) if year else month_of(scene, month)
    return part_of(found, part_named(match["part"])) if found and match["part"] else found


def _turned_month(match: re.Match[str], scene: Scene) -> Days | None:
    """`last March`, `next May`, `this June`."""
    if scene.today is None:
        return None
    month, turn = month_number(match["month"]), match["turn"].lower()
    this = span_of(scene.today, Unit.MONTH).earliest
    if turn == "this":
        return _month(scene.today.year, month)
    past = turn.startswith(("last", "this past"))
    year = scene.today.year
    if past:
        return _month(year if month < this.month else year - 1, month)
    return _month(year if month > this.month else year + 1, month)


def _ended_quarter(match: re.Match[str], scene: Scene) -> Days | None:
    """`the March quarter`: the three months that end with March."""
    last = month_of(scene, month_number(match["month"])) if not match["year"] else None
    end = last or (_month(int(match["year"]), month_number(match["month"])) if match["year"] else None)
    return end and Days(shift(end.earliest, -2, Unit.MONTH), end.latest)


_NTH_END = r"(?=\s*[.,;:!?)”\"’]|\s(?:and|but|at|in|when|after|before|to|for)\b|$)"


def _nth(match: re.Match[str], scene: Scene) -> Days | None:
    """`on the 20th`: of this month, or of the one that the tense asks for."""
    if scene.today is None:
        return None
    day = scene.today.replace(day=_number(match["day"]))
    if scene.tense is Tense.COMING and day < scene.today:
        day = shift(scene.today.replace(day=1), 1, Unit.MONTH).replace(day=day.day)
    if scene.tense in (Tense.PAST, Tense.EARLIER) and day > scene.today:
        day = shift(scene.today.replace(day=1), -1, Unit.MONTH).replace(day=day.day)
    return Days.one(day)


def _weekday(match: re.Match[str], scene: Scene) -> Days | None:
    """`on Friday`, `last Friday`, `Friday night`, `Thursday of last week`."""
    number, turn = weekday_number(match["name"]), re.sub(r"\s+", " ", (match["turn"] or "").lower())
    week = (match["week"] or "").lower()
    if scene.today is None:
        return None
    if week:
        step = -1 if "last" in week else 1 if "next" in week else 0
        return Days.one(span_of(scene.today, Unit.WEEK).earliest + timedelta(days=7 * step + number))
    if turn in ("last", "past", "this past"):
        return Days.one(on_weekday(number, scene.today, coming=False, strictly=True))
    if turn in ("next", "this coming", "coming"):
        return Days.one(on_weekday(number, scene.today, coming=True, strictly=True))
    if match["since"]:
        return Days.one(on_weekday(number, scene.today, coming=False))
    return weekday_in(scene, number)


def _weekdays(match: re.Match[str], scene: Scene) -> Days | None:
    """`from Monday to Wednesday`."""
    first = weekday_in(scene, weekday_number(match["name"]))
    if first is None:
        return None
    last = on_weekday(weekday_number(match["name2"]), first.earliest, coming=True, strictly=True)
    if scene.tense in (Tense.PAST, Tense.EARLIER, Tense.NONE) and scene.today and last > scene.today:
        return Days(first.earliest - timedelta(days=7), last - timedelta(days=7))
    return Days(first.earliest, last)


def _week_off(match: re.Match[str], scene: Scene) -> Days | None:
    """`a week from Monday`, `two weeks ago Friday`."""
    if scene.today is None:
        return None
    number, weeks = weekday_number(match["name"]), {"a": 1, "one": 1, "two": 2, "three": 3}[match["weeks"].lower()]
    if match["ago"]:
        return Days.one(on_weekday(number, scene.today, coming=False) - timedelta(weeks=weeks))
    return Days.one(on_weekday(number, scene.today, coming=True) + timedelta(weeks=weeks))


def _year(match: re.Match[str], _scene: Scene) -> Days | None:
    days = span_of(date(int(match["year"]), 1, 1), Unit.YEAR)
    part = match.groupdict().get("part")
    return part_of(days, part_named(part)) if part else days


def _years(match: re.Match[str], _scene: Scene) -> Days | None:
    """`between 2012 and 2016`, `2019-20`."""
    first, last = match["year"], match["year2"]
    last = first[: 4 - len(last)] + last
    return span_of(date(int(first), 1, 1), Unit.YEAR).to(span_of(date(int(last), 1, 1), Unit.YEAR))


def _decade(match: re.Match[str], _scene: Scene) -> Days | None:
    digits = match["decade"]
    year = int(digits) if len(digits) == 4 else 1900 + int(digits) if int(digits) >= 30 else 2000 + int(digits)
    whole = span_of(date(year, 1, 1), Unit.CENTURY if year % 100 == 0 and year < 2000 else Unit.DECADE)
    if year % 100 == 0 and year < 2000:  # "the 1800s" are the century, as people say it
        whole = Days(date(year, 1, 1), date(year + 99, 12, 31))
    return part_of(whole, part_named(match["part"])) if match["part"] else whole


def _century(match: re.Match[str], _scene: Scene) -> Days | None:
    whole = span_of(date((int(match["nth"]) - 1) * 100 + 1, 1, 1), Unit.CENTURY)
    return part_of(whole, part_named(match["part"])) if match["part"] else whole


def _season(match: re.Match[str], _scene: Scene) -> Days | None:
    """`the summer of 2016`, `winter 2018-19`."""
    return Days(*season_days(match["season"], int(match["year"])))


_ORDER = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "final": 4,
    "last": 4,
}


def _quarter(match: re.Match[str], scene: Scene) -> Days | None:
    """`the second quarter of 2020`, `Q3 2020`, `the first half of this year`."""
    year = match["year"]
    if not year:
        if scene.today is None:
            return None
        turn = (match["turn"] or "this").lower()
        year = str(scene.today.year + {"last": -1, "next": 1}.get(turn, 0))
    half = (match["size"] or "").lower() == "half"
    order = _ORDER[match["order"].lower()]
    if half:
        order = 2 if order == 4 else order
        return Days(date(int(year), 6 * order - 5, 1), _month(int(year), 6 * order).latest) if order <= 2 else None
    return Days(date(int(year), 3 * order - 2, 1), _month(int(year), 3 * order).latest)


def _quarter_by_number(match: re.Match[str], _scene: Scene) -> Days | None:
    return span_of(date(int(match["year"]), 3 * int(match["q"]) - 2, 1), Unit.QUARTER)


_FIXED = {
    "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26), "new year's day": (1, 1), "new year's eve": (12, 31),
    "valentine's day": (2, 14), "st. patrick's day": (3, 17), "halloween": (10, 31), "bastille day": (7, 14), "the fourth of july": (7, 4),
    "veterans day": (11, 11), "armistice day": (11, 11), "groundhog day": (2, 2), "juneteenth": (6, 19), "may day": (5, 1), "april fools' day": (4, 1),
}  # fmt: skip
_MOVABLE = {"good friday": -2, "easter sunday": 0, "easter monday": 1, "ash wednesday": -46, "palm sunday": -7}


def _holiday(match: re.Match[str], scene: Scene) -> Days | None:
    """`on Christmas Day 1950`, `Good Friday`."""
    name = match["holiday"].lower().replace("’", "'")
    if name in _FIXED:
        month, day = _FIXED[name]
        return Days.one(date(int(match["year"]), month, day)) if match["year"] else day_of_month(scene, month, day)
    offset = timedelta(days=_MOVABLE[name])
    if match["year"]:
        return Days.one(easter(int(match["year"])) + offset)
    return Days.one(easter(scene.today.year) + offset) if scene.today else None


_NAMED = (
    (r"9/11(?!/)|9-11(?=\s(?:attack|commission|terror|hijack|families|victims|era))", date(2001, 9, 11)),
    (r"(?:September|Sept\.?)\s11(?:th)?(?=(?:,?\s\w+)?\s(?:attack|terror|hijack|victim|atrocit|commission|conspirac|memorial|plot|families))", date(2001, 9, 11)),
    (r"(?:January|Jan\.?)\s6(?:th)?(?=(?:\s\w+)?\s(?:attack|riot|insurrection|committee|siege|defendants|panel|assault|rioter))", date(2021, 1, 6)),
    (r"(?:October|Oct\.?)\s7(?:th)?(?=(?:\s(?:Hamas|terror|cross-border))?\s(?:attack|massacre|assault|raid|terror|invasion|pogrom|hostages))", date(2023, 10, 7)),
    (r"7/7(?=\s(?:bomb|attack))", date(2005, 7, 7)),
    (r"26/11(?=\s(?:attack|Mumbai|terror)|\W)", date(2008, 11, 26)),
)  # fmt: skip
"""Days that go by their date. A report from before the day cannot mean it."""


def _named(words: str, day: date) -> Rule:
    def read(_match: re.Match[str], scene: Scene) -> Days | None:
        return Days.one(day) if scene.today is None or scene.today >= day else None

    return Rule(re.compile(rf"(?<![\w/.])(?:in\s)?(?:{words})"), read)


_PARTS = r"(?:(?P<part>(?i:early|late|mid(?=[- ])|beginning(?=\sof)|start(?=\sof)|end(?=\sof)|middle(?=\sof)|close(?=\sof)))(?:[- ]|\sof\s))"
_WEEK = r"(?:\s(?:of\s)?(?P<week>(?:last|next|this)\sweek)(?!['’]s))"
_TURN = r"(?:(?P<turn>(?i:this\spast|this\scoming|last|next|this|past|coming))\s)"
_THE = r"(?:(?i:the)\s)?"
_FISCAL = r"(?<!fiscal\s)(?<!Fiscal\s)(?<!FY\s)(?<!financial\syear\s)(?<!fiscal\syear\s)"

RULES: tuple[Rule, ...] = (
    *(_named(words, day) for words, day in _NAMED),
    Rule(re.compile(rf"{_HEAD}{_DAY_NAME}(?P<month>{MONTH})\s(?P<day>{DAY}){_YEAR_AFTER}{TIME_AFTER}{_POSSESSIVE}"), _day),
    Rule(re.compile(rf"{_HEAD}{_DAY_NAME}{_THE}(?P<day>{DAY})(?:\sof)?\s(?P<month>{MONTH})\b{_YEAR_AFTER}{TIME_AFTER}{_POSSESSIVE}"), _day),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}(?P<month>{MONTH})\s(?P<day>{DAY_BEFORE})(?:{_TO}|\sand\s|\sor\s)(?P<day2>{DAY}){_YEAR_AFTER}"), _days_of_a_month),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}{_THE}(?P<day>{DAY_BEFORE})(?:{_TO}|\sand\s)(?:the\s)?(?P<day2>{DAY})(?:\sof)?\s(?P<month>{MONTH})\b{_YEAR_AFTER}"), _days_of_a_month),
    *(
        Rule(re.compile(rf"{NOT_MORE}{opening}{first}(?:,?\s(?P<year1>{YEAR}))?,?{link}{second}{_YEAR_AFTER}"), _days_over_months)
        for opening, link in ((r"(?:(?i:from|on|for)\s)?", _TO), (r"(?i:between)\s", r"\sand\s"))
        for first, second in (
            (rf"(?P<month>{MONTH})\s(?P<day>{DAY_BEFORE})", rf"(?P<month2>{MONTH})\s(?P<day2>{DAY})"),
            (rf"(?P<day>{DAY_BEFORE})\s(?P<month>{MONTH})\b", rf"(?P<day2>{DAY})\s(?P<month2>{MONTH})\b"),
        )
    ),
    Rule(
        re.compile(rf"{NOT_MORE}(?:(?i:from|in|for|during)\s)?{_THE}(?P<month>{MONTH})(?:\s(?P<year1>{YEAR}))?{_TO}(?P<month2>{MONTH})\b{_YEAR_AFTER}(?:\speriod)?"),
        _months,
    ),
    Rule(re.compile(rf"{NOT_MORE}(?i:between)\s(?P<month>{MONTH})(?:\s(?P<year1>{YEAR}))?\sand\s(?P<month2>{MONTH})\b(?!\s\d\d?\b){_YEAR_AFTER}"), _months),
    Rule(re.compile(rf"{NOT_MORE}(?P<preposition>(?i:on|in|since|by|until|till|from|during|at|over|through|for|as\sof))?(?:(?<=\w)\s)?{_THE}{_PARTS}?(?P<month>{MONTH})\b(?!\s\d\d?\b)(?:,?\s(?:of\s)?(?P<year>{YEAR}))?{_POSSESSIVE}"), _one_month, unless=no_month),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}{_THE}(?P<month>March|June|September|December)(?:\s(?P<year>{YEAR}))?[- ]quarter\b"), _ended_quarter),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}{_TURN}(?P<month>{MONTH})\b(?!\s\d)"), _turned_month),
    Rule(re.compile(rf"{NOT_MORE}(?i:on)\sthe\s(?P<day>{DAY}){_NTH_END}"), _nth),
    Rule(
        re.compile(
            rf"{_HEAD}(?:(?<=(?P<since>since)\s)|(?<=Since\s))?{_THE}(?:(?i:early|late|mid)\s(?:on\s)?)?{_TURN}?(?:(?i:early|late)\s)?(?P<name>{WEEKDAY})\b"
            rf"{PART_OF_DAY}{_WEEK}?{TIME_AFTER}{_POSSESSIVE}"
        ),
        _weekday,
        unless=no_weekday,
    ),
    Rule(re.compile(rf"{NOT_MORE}(?:(?i:from|between)\s)?(?P<name>{WEEKDAY}){PART_OF_DAY}(?:{_TO}|(?<=\w)\sto\s)(?P<name2>{WEEKDAY})\b"), _weekdays, unless=no_weekday),
    Rule(re.compile(rf"{NOT_MORE}(?:(?i:between)\s)(?P<name>{WEEKDAY})\sand\s(?P<name2>{WEEKDAY})\b"), _weekdays, unless=no_weekday),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}(?P<weeks>(?i:a|one|two|three))\sweeks?\s(?:(?P<ago>ago)\s(?:on\s)?|from\s(?:next\s)?)(?P<name>{WEEKDAY})\b{PART_OF_DAY}"), _week_off),
    Rule(re.compile(rf"{_FISCAL}{NOT_MORE}{PREPOSITION}{_THE}(?P<year>{YEAR_BEFORE})(?:\s?[-–/]\s?|\s(?:to|through|until)\s)(?P<year2>\d{{4}}|\d\d){_YEAR_END}"), _years, unless=no_years),
    Rule(re.compile(rf"{NOT_MORE}(?i:between)\s(?P<year>{YEAR_BEFORE})\sand\s(?P<year2>\d{{4}}){_YEAR_END}"), _years),
    Rule(re.compile(rf"{_FISCAL}{NOT_MORE}{PREPOSITION}{_THE}(?:{_PARTS}(?:the\s)?)?(?P<year>{YEAR}){_POSSESSIVE}"), _year, unless=no_year),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}{_THE}{_PARTS}?(?P<decade>1[5-9]\d0|20\d0|(?<=['’‘])[1-9]0)['’]?s\b"), _decade),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}(?:the\s|The\s){_PARTS}?['’‘](?P<decade>[1-9]0)['’]?s\b"), _decade),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}{_THE}{_PARTS}?(?P<nth>1?\d|2[01])(?:st|nd|rd|th)[- ][Cc]entury\b"), _century),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}{_THE}(?P<season>{SEASON})(?:\sof)?\s(?P<year>{YEAR})(?:\s?[-–/]\s?\d\d(?:\d\d)?)?\b"), _season),
    Rule(
        re.compile(
            rf"{_FISCAL}{NOT_MORE}{PREPOSITION}{_THE}(?P<order>(?i:{QUARTER_OF}))[- ](?P<size>quarter|half)"
            rf"(?:\s(?:of|in))?\s(?:(?P<turn>this|last|next)\syear|the\syear|(?P<year>{YEAR}))\b"
        ),
        _quarter,
    ),
    Rule(re.compile(rf"{_FISCAL}{NOT_MORE}{PREPOSITION}Q(?P<q>[1-4])(?:\s(?:of|in))?\s(?P<year>{YEAR})\b"), _quarter_by_number),
    Rule(
        re.compile(
            rf"{_HEAD}(?P<holiday>(?i:{'|'.join(re.escape(name).replace(chr(39), '[' + chr(39) + '’]') for name in [*_FIXED, *_MOVABLE])}))\b"
            rf"(?:,?\s(?P<year>{YEAR}))?(?!\s(?:Agreement|Accord|Massacre|Parade|Sale|deal|peace))"
        ),
        _holiday,
    ),
)  # fmt: skip
