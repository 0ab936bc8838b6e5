"""The words that English dates are made of, as pieces of patterns and as numbers."""

from __future__ import annotations

import re
from datetime import date, timedelta

from firsthand.analyze.dates.calendar import Part, Unit

__all__ = [
    "CLOCK", "COUNT", "DAY", "DAY_BEFORE", "MONTH", "NOT_MORE", "PART_OF_DAY", "PREPOSITION", "QUARTER_OF", "SEASON", "SHORT_WEEKDAY", "TIME_AFTER",
    "TIME_BEFORE", "UNIT", "WEEKDAY", "YEAR", "YEAR_BEFORE", "count_of", "easter", "month_number", "part_named", "season_days", "unit_of", "weekday_number",
]  # fmt: skip

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SHORT = "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec".split()

MONTH = (
    r"(?:"
    + "|".join(
        [
            *_MONTHS,
            *(m.upper() for m in _MONTHS),
            *(rf"{m}\b\.?" for m in _SHORT),
            *(rf"{m.upper()}\b\.?" for m in _SHORT),
        ]
    )
    + r")"
)
"""With a capital, since "may" and "march" are other words; abbreviations with or without their stop."""
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
SHORT_WEEKDAY = r"(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.?"
DAY_BEFORE = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
"""A day of the month before a dash or "to"."""
DAY = rf"{DAY_BEFORE}(?![\d%]|[.,:]\d|\w)"
YEAR_BEFORE = r"(?:1\d|20)\d\d"
YEAR = rf"{YEAR_BEFORE}(?![\d%]|[.,:]\d|\w)"
NOT_MORE = r"(?<![\w$£€¥#+./:])(?<!\d-)"
"""Nothing before it makes a date into the end of another thing (prices, telephone numbers, paths)."""
_ZONE = r"(?:GMT|UTC|BST|CET|CEST|EST|EDT|ET|CST|CDT|CT|MST|MDT|MT|PST|PDT|PT|IST|PKT|JST|KST|HKT|SGT|AEST|AEDT|MSK|EAT|SAST|WAT|WIB|local time)"
_AFTER_CLOCK = rf"(?:\s\(?{_ZONE}\)?|\s(?:Eastern|Central|Pacific|Mountain)(?:\s[Tt]ime)?)?(?:\s\(\d{{1,2}}:?\d\d\s?(?:[ap]\.?m\.?\s)?{_ZONE}\))?"
CLOCK = (
    rf"(?:\d{{1,2}}(?:[:.]\d\d)?\s?(?:[ap]\.m\.|[apAP][mM]\b){_AFTER_CLOCK}"
    rf"|(?:[01]?\d|2[0-3])[:.]?[0-5]\d(?:\shours)?\s?{_ZONE}(?:\s\(\d{{4}}\s{_ZONE}\))?"
    rf"|(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\shours|\shrs)?|noon|midnight)"
)
PREPOSITION = r"(?:(?i:on|in|since|by|until|till|from|during|at|over|through|throughout|for|as\sof)\s)?"
TIME_BEFORE = rf"(?:(?:(?i:at|by|until|from|around|about|before|after)\s)?{CLOCK},?\s(?:on\s|in\s)?)?"
TIME_AFTER = rf"(?:,?\s(?:at|by)\s(?:about\s|around\s)?{CLOCK})?"
PART_OF_DAY = r"(?:\s(?:morning|afternoon|evening|night|midday|noon|lunchtime|midnight))?"
UNIT = r"(?:day|week|fortnight|month|quarter|year|decade|centur(?:y|ie))"
QUARTER_OF = r"(?:first|second|third|fourth|final|last|1st|2nd|3rd|4th)"
SEASON = r"(?:spring|summer|autumn|fall|winter)"

_COUNTS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen twenty"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONES = "|".join(_COUNTS[1:10])
COUNT = (
    rf"(?:\d{{1,4}}|(?:{'|'.join(_TENS)})[- ](?:{_ONES})|{'|'.join(_TENS[1:])}|{'|'.join(reversed(_COUNTS[1:]))}"
    r"|a\scouple\sof|half\sa\sdozen|a\sdozen|a\shundred|a|an)"
)

_UNITS = {
    "day": (1, Unit.DAY), "week": (1, Unit.WEEK), "fortnight": (2, Unit.WEEK), "month": (1, Unit.MONTH), "quarter": (1, Unit.QUARTER),
    "year": (1, Unit.YEAR), "decade": (1, Unit.DECADE), "century": (1, Unit.CENTURY), "centurie": (1, Unit.CENTURY),
}  # fmt: skip
_PARTS = {
    "early": Part.EARLY, "mid": Part.MID, "middle": Part.MID, "late": Part.LATE, "beginning": Part.START, "start": Part.START,
    "end": Part.END, "close": Part.END,
}  # fmt: skip


def month_number(name: str) -> int:
    """1 to 12, of a name that `MONTH` matched."""
    return 1 + [month[:3].lower() for month in _MONTHS].index(name[:3].lower())


def weekday_number(name: str) -> int:
    """Monday is 0; of a name that `WEEKDAY` or `SHORT_WEEKDAY` matched."""
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(name[:3].lower())


def count_of(words: str) -> int:
    """The number that `COUNT` matched."""
    words = re.sub(r"[\s-]+", " ", words.lower())
    fixed = {"a couple of": 2, "half a dozen": 6, "a dozen": 12, "a hundred": 100, "a": 1, "an": 1}
    if words in fixed:
        return fixed[words]
    if words.isdigit():
        return int(words)
    total = 0
    for word in words.split():
        total += _COUNTS.index(word) if word in _COUNTS else 10 * (2 + _TENS.index(word))
    return total


def unit_of(word: str) -> tuple[int, Unit]:
    """How many of which unit a word means ("fortnight": two weeks)."""
    return _UNITS[word.lower().removesuffix("s")]


def part_named(word: str) -> Part:
    return _PARTS[word.lower()]


def season_days(name: str, year: int) -> tuple[date, date]:
    """The meteorological season of the northern hemisphere; the winter of a year is the one that begins in it."""
    first = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}[name.lower()]
    start = date(year, first, 1)
    after = date(year + (first + 3 > 12), (first + 2) % 12 + 1, 1)
    return start, after - timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus, Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)
