"""The day that a phrase of a chain names, where whoever calls brings no better reader of dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from firsthand.analyze.chains.phrases import Language
from firsthand.model.article import Article

__all__ = ["anchor", "day"]

_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_YEAR = re.compile(r"\d{4}")


def anchor(article: Article) -> date | None:
    """The day from which a weekday is counted: publication, else the dateline's."""
    if article.published:
        return article.published.at.date()
    return article.dateline.date if article.dateline else None


def day(words: str, published: date | None, language: Language) -> date | None:
    """The day of "on Friday", "May 10", "yesterday"; None for what is less than a day or cannot be placed.

    A weekday is the latest on or before publication (AP Stylebook, "days of the week"); a month and day without a
    year are the latest such day on or before the day after it.
    """
    lowered = words.casefold()
    month = _index(lowered, language.months)
    number = _DAY.search(lowered)
    if month is not None and number:
        year = _YEAR.search(lowered)
        return _calendar(int(number[0]), month + 1, int(year[0]) if year else None, published)
    if published is None:
        return None
    weekday = _index(lowered, language.weekdays)
    if weekday is not None:
        return _back(published, (published.weekday() - weekday) % 7)
    return next((_back(published, -distance) for word, distance in language.days if word in lowered), None)


def _index(text: str, names: tuple[str, ...]) -> int | None:
    for number, name in enumerate(names):
        if re.search(rf"(?<!\w){name[:3] if len(name) > 4 and '.' in text else name}", text):
            return number
    return None


def _calendar(number: int, month: int, year: int | None, published: date | None) -> date | None:
    years = [year] if year else [published.year, published.year - 1] if published else []
    for candidate in years:
        try:
            found = date(candidate, month, number)
        except ValueError:
            continue
        if year or published is None or found <= _back(published, -1):
            return found
    return None


def _back(start: date, days: int) -> date:
    try:
        return start - timedelta(days=days)
    except OverflowError:
        return start
