"""Dates in the world's own words: placeholders in the texts, and how each language writes a time.

The texts name days relative to the day on which the world starts, `{weekday:-1}`, `{date:-3}`, so that a weekday or
a date that an article names is true whenever the demo is run, and the same in every article of a story.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from firsthand.demo.outlets import MAINLAND

_PLACEHOLDER = re.compile(r"\{(?P<form>weekday|date|fulldate|month|year):(?P<days>[+-]?\d+)\}")

_WEEKDAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "de": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
}
_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
}
_DATE = {"en": "{day} {month}", "es": "{day} de {month}", "de": "{day}. {month}"}
_FULL_DATE = {"en": "{day} {month} {year}", "es": "{day} de {month} de {year}", "de": "{day}. {month} {year}"}


def day_zero(start: datetime) -> date:
    """The world's day 0: the mainland's calendar day at `start`."""
    return start.astimezone(MAINLAND).date()


def fill_dates(text: str, *, zero: date, published: date, language: str) -> str:
    """`text` with its placeholders resolved.

    `published` is the article's local day: day 0 is never later than that, so that what an outlet further west
    reports of today bears the date that its readers have.
    """

    def fill(match: re.Match[str]) -> str:
        days = int(match["days"])
        day = min(zero, published) if days == 0 else zero + timedelta(days=days)
        return _name(match["form"], day, language)

    return _PLACEHOLDER.sub(fill, text)


def spell(moment: datetime, pattern: str, language: str) -> str:
    """`moment` written by `pattern`, with the names of `language`.

    Fields: `{weekday} {day} {month} {year} {clock} {clock12} {zone} {mon} {mm} {dd} {hh}`.
    """
    offset = moment.strftime("%z")
    return pattern.format(
        weekday=_name("weekday", moment.date(), language),
        day=moment.day,
        month=_name("month", moment.date(), language),
        mon=_name("month", moment.date(), language)[:3],
        year=moment.year,
        clock=moment.strftime("%H:%M"),
        clock12=moment.strftime("%I:%M %p").lstrip("0").lower().replace("am", "a.m.").replace("pm", "p.m."),
        zone=f"{offset[:3]}:{offset[3:]}",
        mm=f"{moment.month:02d}",
        dd=f"{moment.day:02d}",
        hh=f"{moment.hour:02d}",
    )


def _name(form: str, day: date, language: str) -> str:
    if form == "weekday":
        return _WEEKDAYS[language][day.weekday()]
    month = _MONTHS[language][day.month - 1]
    if form == "month":
        return month
    if form == "year":
        return str(day.year)
    pattern = (_DATE if form == "date" else _FULL_DATE)[language]
    return pattern.format(day=day.day, month=month, year=day.year)
