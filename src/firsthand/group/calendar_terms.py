"""The date in a headline: "Weather for Tuesday" and "Weather for Wednesday" are one column, "14 hurt" and "41 hurt" are not."""

from __future__ import annotations

import re

from firsthand.group.story_terms import STEM, StoryFeatures

_NAMES = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
januar februar märz april mai juni juli august september oktober november dezember
lunes martes miércoles jueves viernes sábado domingo
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
lundi mardi mercredi jeudi vendredi samedi dimanche
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
lunedì martedì mercoledì giovedì venerdì sabato domenica
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
segunda terça quarta quinta sexta sábado maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
""".split()
CALENDAR = frozenset(form for name in _NAMES for form in (name, name[:STEM]))
"""Days and months, whole as English stems leave them, and cut as those of other languages are."""
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?")
_DATE = re.compile(r"\d{1,2}[.,]\d{1,2}(?:[.,]\d{2,4})?|(?:19|20)\d\d")


def undated(article: StoryFeatures) -> frozenset[str]:
    """The terms of an article's headline without those of a date. A number is a day only beside its month or a weekday."""
    days = {day.split()[-1] for day in article.days}
    dated = not CALENDAR.isdisjoint(article.title)
    return frozenset(
        term
        for term in article.title
        if term not in CALENDAR
        and not (_DATE.fullmatch(term) or term.lstrip("0") in days or (dated and _DAY.fullmatch(term)))
    )
