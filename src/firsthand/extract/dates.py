"""Points in time as pages write them: with the zone they name, or without one, and never more than they say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from firsthand.model.text import one_line
from firsthand.model.when import Precision, When

_ISO = re.compile(
    r"""^(?P<day>\d{4}-\d{2}-\d{2}|\d{8})
    (?:[T\s_]+(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?
    \s*(?P<zone>Z|UTC|GMT|[A-Z]{2,5}|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?)?)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?$", re.IGNORECASE)
_EARLIEST = datetime(1600, 1, 1)
# Names that data layers and content systems give the time of first publication.
_PUBLISHED_KEY = re.compile(
    r"\"(?:date-?published|first-?publication|published-?first|publication-?date|published-?at|publish-?date"
    r"|first-?published(?:-?at)?)\"\s*:\s*\"?([^\",}{]{8,40})",
    re.IGNORECASE,
)

# Abbreviations that a dateline or time stamp uses, as offsets in minutes. Where one stands for several zones the
# usual meaning in news is taken: IST is India's unless the outlet is Irish or Israeli, CST and EST America's, BST
# Britain's (RFC 2822 section 4.3 for the American ones; tz database abbreviations for the others).
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "SAST": 120, "CAT": 120, "EAT": 180, "WAT": 60, "AST": -240,
    "ADT": -180, "NST": -210, "NDT": -150, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "BRT": -180, "ART": -180,
    "CLT": -240, "CLST": -180, "COT": -300, "PET": -300, "IST": 330, "PKT": 300, "NPT": 345, "BDT": 360, "MMT": 390,
    "ICT": 420, "WIB": 420, "WITA": 480, "WIT": 540, "SGT": 480, "MYT": 480, "HKT": 480, "PHT": 480, "PST8": 480,
    "AWST": 480, "KST": 540, "JST": 540, "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "NZST": 720,
    "NZDT": 780, "GST": 240, "IRST": 210, "AFT": 270, "IDT": 180, "UZT": 300,
}  # fmt: skip
_AMBIGUOUS = {
    "IST": (("ie", "Europe/Dublin"), ("il", "Asia/Jerusalem"), ("he", "Asia/Jerusalem"), ("ga", "Europe/Dublin")),
    "CST": (("cn", "Asia/Shanghai"), ("tw", "Asia/Taipei"), ("zh", "Asia/Shanghai")),
    "PST": (("ph", "Asia/Manila"),),
    "BST": (("bd", "Asia/Dhaka"), ("bn", "Asia/Dhaka")),
    "AST": (("sa", "Asia/Riyadh"), ("ar", "Asia/Riyadh")),
}
_WALL_ZONES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
               "UK": "Europe/London"}  # fmt: skip


def zone_of(name: str, hints: Iterable[str] = ()) -> tzinfo | None:
    """The zone that an abbreviation or offset names; None if it is none.

    `hints` are the outlet's country domain and language ("ie", "he"), which decide what "IST" means.
    """
    name = name.strip()
    if match := _OFFSET.match(name):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if len(match[2]) == 2 or match[3]:
            return _fixed(minutes if match[1] == "+" else -minutes)
        return _fixed(minutes if match[1] == "+" else -minutes)
    upper = name.upper()
    marks = tuple(hints)
    for hint, zone in _AMBIGUOUS.get(upper, ()):
        if hint in marks:
            return ZoneInfo(zone)
    if upper in _WALL_ZONES:
        return ZoneInfo(_WALL_ZONES[upper])
    return _fixed(_ZONES[upper]) if upper in _ZONES else None


def parse_stamp(text: str, hints: Iterable[str] = ()) -> When | None:
    """A time stamp made for machines (ISO 8601, RFC 2822, epoch seconds); None if it is not one."""
    text = one_line(text).strip("\"'")
    if not text or len(text) > 60:
        return None
    if match := _ISO.match(text):
        return _from_iso(match, tuple(hints))
    if _EPOCH.match(text):
        return _aware(datetime.fromtimestamp(int(text[:10]), UTC))
    return _from_rfc(text, tuple(hints))


def time_of_day(page: str, day: When, hints: Iterable[str] = ()) -> When:
    """`day` with the time that scripts of the page name for the same day; `day` itself where none does."""
    marks = tuple(hints)
    for match in _PUBLISHED_KEY.finditer(page):
        when = parse_stamp(match[1], marks)
        if when is None or when.precision is Precision.DAY or when.at.date() != day.at.date():
            continue
        if (when.at.hour, when.at.minute) != (0, 0):
            return when
    return day


def _fixed(minutes: int) -> tzinfo | None:
    return timezone(timedelta(minutes=minutes)) if abs(minutes) <= 15 * 60 else None


def _from_iso(match: re.Match[str], hints: tuple[str, ...]) -> When | None:
    try:
        day = datetime.strptime(match["day"].replace("-", ""), "%Y%m%d")
        if day < _EARLIEST:
            return None
        if match["hour"] is None:
            return When(day, Precision.DAY)
        at = day.replace(hour=int(match["hour"]), minute=int(match["minute"]), second=int(match["second"] or 0))
    except ValueError:
        return None
    return with_zone(at, match["zone"], hints)


def _from_rfc(text: str, hints: tuple[str, ...]) -> When | None:
    """`Sat, 04 Sep 2021 14:19:00 +0530` and `Sat Sep 04 2021 14:19:00 GMT+0530 (IST)`."""
    match = re.match(
        r"^(?:[A-Za-z]{3,9},?\s+)?(?:(\d{1,2})[\s-]([A-Za-z]{3})[a-z]*|([A-Za-z]{3})[a-z]*\s(\d{1,2})),?[\s-](\d{4})"
        r",?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp]\.?[Mm]\.?)?\s*([A-Za-z]{1,5}(?:[+-]\d{2}:?\d{2})?|[+-]\d{2}:?\d{2})?",
        text,
    )
    if match is None:
        return None
    month = MONTHS.get((match[2] or match[3]).lower())
    if month is None:
        return None
    hour = hour_of_day(int(match[6]), match[9])
    try:
        at = datetime(int(match[5]), month, int(match[1] or match[4]), hour, int(match[7]), int(match[8] or 0))
    except ValueError:
        return None
    return with_zone(at, match[10], hints)


MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}


def hour_of_day(hour: int, meridiem: str | None) -> int:
    """An hour of the twelve-hour clock as one of twenty-four (12 AM is 0)."""
    if not meridiem:
        return hour
    return hour % 12 + (12 if meridiem.strip()[0] in "pP" else 0)


def with_zone(at: datetime, zone: str | None, hints: Iterable[str] = ()) -> When | None:
    """Naive `at` in the zone of that name; a local time where there is none."""
    known = zone_of(zone, hints) if zone else None
    if known is None:
        return When.of(at)
    return _aware(at.replace(tzinfo=known))


def _aware(at: datetime) -> When | None:
    """An instant with a fixed offset, so that nothing later depends on a zone database."""
    offset = at.utcoffset()
    if offset is None or not 1600 < at.year < 9990:
        return None
    return When.of(at.astimezone(timezone(offset)).replace(microsecond=0))
