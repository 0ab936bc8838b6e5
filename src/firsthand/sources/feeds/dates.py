"""Dates as feeds write them, read no further than they say.

RSS asks for RFC 822 dates, Atom for RFC 3339, Dublin Core for W3CDTF (https://www.w3.org/TR/NOTE-datetime). Feeds send
all of these to each other, leave out parts, name zones, write months in their own language and lie about weekdays.
What a text does not say is not made up: no zone gives a local time, no clock gives a day, and a month without its
day gives nothing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firsthand.model.text import one_line
from firsthand.model.when import Precision, When

_INSTANT = Precision.INSTANT
_LONGEST = 100
"""Characters of a text that are looked at; no date is longer."""
_YEARS = range(1000, 9999)
"""Years that are believed. 0001 is what programs write for "no date"; the ends would overflow in other zones."""
_FARTHEST = timedelta(hours=16)
"""Offsets beyond are no offsets (the widest in use is +14:00, PostgreSQL takes less than 16 hours)."""

# Names that mean one offset. RFC 822 section 5.1 fixes the American ones; the others are abbreviations that the tz
# database gives to one offset only. IST (India, Ireland, Israel) and the military letters, whose sign RFC 822 had wrong
# (RFC 5322 section 4.3), say nothing certain, and so a time with them stays local. Minutes east of UTC.
_ZONES_BY_OFFSET = {
    -600: "hst",
    -540: "akst",
    -480: "pst akdt",
    -420: "mst pdt",
    -360: "cst mdt",
    -300: "est cdt",
    -240: "ast edt clt",
    -210: "nst",
    -180: "adt brt art",
    -150: "ndt",
    0: "z ut utc gmt wet zulu",
    60: "bst west cet met mez",
    120: "cest mest mesz eet sast cat",
    180: "eest msk trt eat",
    240: "gst",
    300: "pkt",
    345: "npt",
    420: "wib ict",
    480: "hkt sgt awst wita myt pht",
    540: "jst kst wit",
    570: "acst",
    600: "aest",
    630: "acdt",
    660: "aedt",
    720: "nzst",
    780: "nzdt",
}
_ZONES = {name: minutes for minutes, names in _ZONES_BY_OFFSET.items() for name in names.split()}
# Names that mean whichever offset is in force in a place on that day.
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}

# The first letters of month names, accents taken off: English, German, French, Spanish, Italian, Portuguese, Dutch,
# Polish, Turkish, Swedish, Hungarian, Greek, Russian. Four letters are tried before three.
_MONTHS = {
    1: "jan gen ene oca sty ιαν янв",
    2: "feb fev sub lut φεβ фев",
    3: "mar mrt maer mrz μαρ мар",
    4: "apr avr abr nis kwi απρ апр",
    5: "may mai maj mag mei μαι май мая",
    6: "jun juin giu haz cze ιουν июн",
    7: "jul juil lug tem lip ιουλ июл",
    8: "aug aou ago agu sie αυγ авг",
    9: "sep set eyl wrz szep σεπ сен",
    10: "oct okt ott out eki paz οκτ окт",
    11: "nov kas lis νοε ноя",
    12: "dec dez dic dez ara gru δεκ дек",
}
_MONTH_OF = {prefix: number for number, prefixes in _MONTHS.items() for prefix in prefixes.split()}
_MONTH_OF |= {"ιον": 6, "ιολ": 7, "μαω": 3}

_CLOCK = r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\b\.?)?"
_REST = r"(?P<rest>.*)$"
_YEAR = r"(?P<year>\d{2,4})(?!\d)"
_WORD = r"[^\W\d_]"
_WEEKDAY = rf"(?:{_WORD}+\.?\s*[,:]?\s+|{_WORD}+\.?,\s*)?"

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)", re.ASCII)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # ISO 8601 and W3CDTF, with MSSQL's blank for the T: 2021-09-04T14:19:00.5+05:30
        rf"^(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[\sT]+{_CLOCK})?{_REST}",
        # ISO 8601 basic: 20210904T141900Z
        r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[\sT]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?)?"
        r"(?P<half>)(?P<rest>(?!\d).*)$",
        # RFC 822, its weekday, comma, seconds and zone optional: Sat, 4 Sep 2021 14:19 +0530
        rf"^{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?[\s-]*(?:de\s+)?(?P<name>{_WORD}{{3,}})\.?[\s,-]*(?:de\s+)?"
        rf"{_YEAR}(?:[\sT,-]+(?:(?:at|à|um|às|kl\.?)\s+)?{_CLOCK})?{_REST}",
        # Month first: Sat, September 4, 2021 2:19 PM EDT
        rf"^{_WEEKDAY}(?P<name>{_WORD}{{3,}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}"
        rf"(?:[\sT,-]+(?:(?:at|à|um|às|kl\.?)\s+)?{_CLOCK})?{_REST}",
        # asctime, its zone before the year: Sat Sep  4 14:19:00 +0530 2021
        rf"^{_WEEKDAY}(?P<name>{_WORD}{{3,}})\.?\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s*(?P<rest>[^\s\d][^\s]*)?\s+"
        r"(?P<year>\d{4})$",
        # Perforce and others, largest first: Fri, 2006/09/15 08:19:53 EDT
        rf"^{_WEEKDAY}(?P<year>\d{{4}})[/.](?P<month>\d{{1,2}})[/.](?P<day>\d{{1,2}})(?:[\sT,]+{_CLOCK})?{_REST}",
        # A month's name inside ISO 8601 (Hungarian feeds): 2004-július-13T9:15-03:00
        rf"^(?P<year>\d{{4}})[-\s.]+(?P<name>{_WORD}{{3,}})[-\s.]+(?P<day>\d{{1,2}})\.?(?:[\sT]+{_CLOCK})?{_REST}",
    )
)
_OFFSET = re.compile(
    r"^[\s,(]*(?:(?:GMT|UTC|UT|Z)\s?)?(?P<sign>[+\-−])(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>\d{2}))?(?!\d)", re.I
)
_ZONE_NAME = re.compile(rf"^[\s,(]*(?:Etc/)?(?P<name>{_WORD}+)\b")
_ORDINAL = re.compile(r"^(\d{4})-?(\d{3})$")
_WEEK = re.compile(r"^(\d{4})-?W(\d{2})-?([1-7])$")
_EPOCH = re.compile(r"^(\d{10})(\d{3})?$")
# Korean clocks stand after the half of the day, and both services that wrote them run on Korean time.
_KOREAN = re.compile(
    r"^(\d{4})(?:-|년\s*)(\d{1,2})(?:-|월\s*)(\d{1,2})일?\s+(?:(오전|오후)\s+)?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$"
)
_KOREAN_ZONE = timezone(timedelta(hours=9))
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO_MONTHS = {f" {name} ": f"-{number:02}-" for number, name in enumerate(_ENGLISH, 1)}


def parse_date(text: str) -> When | None:
    """The point in time that `text` states, with its own offset; None if it states none.

    A day without a clock gives `Precision.DAY`; a clock without a zone, or with a name of a zone that may mean several
    offsets, gives `Precision.LOCAL`. Wrong weekdays are ignored. Two-digit years are 1990 to 2089, as in feedparser.
    """
    text = text[:_LONGEST].strip()
    iso = _as_iso(text)
    if iso:
        try:
            at = datetime.fromisoformat(iso)
        except ValueError:
            return _parse_slowly(text)
        return When(at.replace(microsecond=0) if at.microsecond else at, _INSTANT) if at.year in _YEARS else None
    return _parse_slowly(one_line(text)) if text else None


def _as_iso(text: str) -> str:
    """The forms of nine dates in ten as ISO 8601, whose digits are still to be checked; "" for others.

    They are `2021-09-04T14:19:00+05:30`, also with Z or fractions, and `Sat, 04 Sep 2021 14:19:00 +0530` or `… GMT`. Cut
    by position they take a tenth of the general way's time.
    """
    if text[4:17:3] == "--T::":
        zone = text[19:]
        plain = zone == "Z" or (len(zone) == 6 and zone[0] in "+-" and zone[1:3] < "15" and zone[3] == ":")
        return text if plain or _RFC3339.fullmatch(text) else ""
    zone = text[26:]
    if zone != "GMT" and not (len(zone) == 5 and zone[0] in "+-" and zone[1:3] < "16" and zone[1:].isdigit()):
        return ""
    month = _ISO_MONTHS.get(text[7:12])
    if month is None or text[3:5] != ", " or text[25] != " ":
        return ""
    return f"{text[12:16]}{month}{text[5:7]}T{text[17:25]}{'Z' if zone == 'GMT' else zone}"


@lru_cache(maxsize=1024)
def _parse_slowly(text: str) -> When | None:
    special = _parse_special(text)
    if special is not None:
        return special
    for pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        found = _from_match(match)
        if found is not None:
            return found
    return None


def _from_match(match: re.Match[str]) -> When | None:
    parts = match.groupdict()
    month = _month(parts["name"]) if parts.get("name") else int(parts.get("month") or 0)
    if not month:
        return None
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 1900 if year >= 90 else 2000
    elif len(parts["year"]) == 3:
        year += 1900  # RFC 5322 section 4.3
    day = (year, month, int(parts["day"]))
    rest = parts.get("rest") or ""
    if parts.get("hour") is None:
        # Digits that no clock could be read from: the text says more than a day, but not what.
        return None if re.search(r"\d:|\d{3}", rest) else _build(day, None, None)
    hour = int(parts["hour"])
    half = (parts.get("half") or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    clock = (hour, int(parts["minute"]), int(parts.get("second") or 0))
    return _build(day, clock, _zone(rest) or _place(rest, day, clock))


def _parse_special(text: str) -> When | None:
    """Forms that no pattern of day, month and year covers."""
    if match := _KOREAN.match(text):
        year, month, day, half, hour, minute, second = match.groups()
        if half is None and "년" not in text:
            return None
        clock = (int(hour) % 12 + (12 if half == "오후" else 0) if half else int(hour), int(minute), int(second or 0))
        return _build((int(year), int(month), int(day)), clock, _KOREAN_ZONE)
    if match := _EPOCH.match(text):
        return When.of(datetime.fromtimestamp(int(match[1]), UTC))
    try:
        if match := _WEEK.match(text):
            found = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
            return _build((found.year, found.month, found.day), None, None)
        if (match := _ORDINAL.match(text)) and 1 <= int(match[2]) <= 366:
            found = date(int(match[1]), 1, 1) + timedelta(days=int(match[2]) - 1)
            return _build((found.year, found.month, found.day), None, None) if found.year == int(match[1]) else None
    except (ValueError, OverflowError):
        return None
    return None


def _build(day: tuple[int, int, int], clock: tuple[int, int, int] | None, zone: timezone | None) -> When | None:
    """A `When` of checked parts: 24:00 is the next midnight (ISO 8601), second 60 the one before (a leap second)."""
    if day[0] not in _YEARS:
        return None
    try:
        if clock is None:
            return When.day(*day)
        hour, minute, second = clock
        if clock == (24, 0, 0):
            return When.of(datetime(*day, tzinfo=zone) + timedelta(days=1))
        return When.of(datetime(*day, hour, minute, 59 if second == 60 else second, tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def _zone(rest: str) -> timezone | None:
    """The zone that begins what stands behind a clock; None where there is none, or none that means one offset."""
    match = _OFFSET.match(rest)
    if match:
        return _offset(match["sign"], int(match["hours"]), int(match["minutes"] or 0))
    match = _ZONE_NAME.match(rest)
    if match is None:
        return None
    minutes = _ZONES.get(match["name"].lower())
    return None if minutes is None else timezone(timedelta(minutes=minutes))


def _place(rest: str, day: tuple[int, int, int], clock: tuple[int, int, int]) -> timezone | None:
    """The offset of a zone that is named by its place ("ET"), as it was at that time."""
    match = _ZONE_NAME.match(rest)
    place = _PLACES.get(match["name"].lower()) if match else None
    if place is None:
        return None
    try:
        offset = datetime(*day, *clock, tzinfo=ZoneInfo(place)).utcoffset()
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return timezone(offset) if offset is not None else None


def _offset(sign: str, hours: int, minutes: int) -> timezone | None:
    size = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or size >= _FARTHEST:
        return None
    return timezone(size if sign == "+" else -size) if size else UTC


@lru_cache(maxsize=256)
def _month(name: str) -> int:
    """The month that `name` begins to spell, in any language of the table; 0 for none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    for length in (4, 3):
        if (number := _MONTH_OF.get(plain[:length])) is not None:
            return number
    return 0
