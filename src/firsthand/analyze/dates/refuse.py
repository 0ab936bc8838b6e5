"""What looks like an English date and is none, by the words around it; and the furniture of a page."""

from __future__ import annotations

import re
from functools import lru_cache

from firsthand.analyze.dates.pieces import MONTH, WEEKDAY

__all__ = ["in_furniture", "no_month", "no_weekday", "no_year", "no_years"]

_WINDOW = 60

# ------------------------------------------------------------------------------------------------ months
_LINKING = re.compile(r"(?i)^(?:in|since|by|until|till|from|during|at|over|through|for|as of|on)$")
_NOUN_AFTER = re.compile(
    r"[\s-](?!(?:on|for|of|to|in|at|by|with|and|or|from|said|says|is|was|has|had|did|will|would|who|which|that|told|also)\b)[a-z]{3,}"
)
_DETERMINED = re.compile(
    r"(?:^|\s)(?:a|an|the|this|that|his|her|their|its|our|each|another|[\w.]+['’]s)\s$", re.IGNORECASE
)
_RECURRING = re.compile(r"(?:\b(?:every|each|per)\s)$", re.IGNORECASE)
_NAME_AFTER = re.compile(r"\s(?!I\b|The\b)[A-Z][a-z]+")
_FIRST_NAME = re.compile(rf"\b(?P<first>[A-Z][a-z]+|Mr\.?|Mrs\.?|Ms\.?|Dr\.?)\s(?P<month>{MONTH})\b(?!\s\d)")
_NO_FIRST_NAME = frozenset(
    "In Since By Until Till From During Over Through On For Last Next This Early Late Mid And Or The A An Between Of As At But To After Before"
    " Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)


@lru_cache(maxsize=8)
def _surnames(text: str) -> frozenset[str]:
    """The months that go as a surname in this text ("Theresa May")."""
    return frozenset(match["month"] for match in _FIRST_NAME.finditer(text) if match["first"] not in _NO_FIRST_NAME)


def no_month(match: re.Match[str]) -> bool:
    """Whether a month's name without a day is a person, a march or a ship, for all that the sentence shows."""
    text, month = match.string, match["month"]
    before, after = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() : match.end() + _WINDOW]
    if _RECURRING.search(before):
        return True
    if match["year"] or match["part"]:
        return False
    preposition = (match["preposition"] or "").lower()
    ambiguous = month in ("May", "March", "April", "June", "August", "Jan", "Jun", "Mar")
    if match[0].endswith(("'s", "’s")) and ambiguous and month in _surnames(text):
        return True
    if _LINKING.match(preposition):
        if not ambiguous or preposition in ("in", "since"):
            return False
        return month in _surnames(text) or bool(_NAME_AFTER.match(after)) or preposition == "on"
    if re.match(r"(?i)the\s", match[0]):
        return bool(match[0].endswith(("'s", "’s"))) or not _NOUN_AFTER.match(after) or month in _surnames(text)
    return not (_DETERMINED.search(before) and _NOUN_AFTER.match(after)) or month in _surnames(text)


# ------------------------------------------------------------------------------------------------ weekdays
_PROPER_BEFORE = re.compile(
    r"(?:\b(?:every|each|most|some|alternate|Black|Cyber|Super|Bloody|Ash|Palm|Easter|Whit|Giving|Casual|Fat|Ruby|Taco|Maundy|Holy|Shrove|Good|Man|Girl)|Mail\son)\s(?:the\s)?$",
    re.IGNORECASE,
)
_PROPER_AFTER = re.compile(
    r"(?:\s(?:[Nn]ight\s)?(?:Football|Live|Lights|Fever)\b|\s(?:Times|Telegraph|Mirror|Express|Mail|Herald|Independent|World|People|Star|Sun|Age"
    r"|Paper|Post|Tribune|Review|Business\sPost|School|Morning\sHerald|Evening\sPost|school|best|roast|league)\b|\sfor\sFuture|s\b|[-–]\w+-\w)"
)
_MAIL_ON = re.compile(r"\bMail\s$")


def no_weekday(match: re.Match[str]) -> bool:
    """Whether the weekday recurs ("every Tuesday") or belongs to a name ("Black Friday", "The Sunday Times")."""
    text = match.string
    start = match.start("name")
    before = text[max(0, start - _WINDOW) : start]
    lead = text[max(0, match.start() - _WINDOW) : match.start()]
    indefinite = re.search(r"\b(?:an?|one)\s$", before, re.IGNORECASE)
    if indefinite and not _ATTRIBUTE.match(text, match.end()):
        return True
    return bool(
        _PROPER_BEFORE.search(before)
        or _PROPER_BEFORE.search(lead)
        or (_MAIL_ON.search(lead) and match[0].startswith("on "))
        or _PROPER_AFTER.match(text, match.end())
        or _PROPER_AFTER.match(text, match.end("name"))
    )


# ------------------------------------------------------------------------------------------------ years
_UNITS = re.compile(
    r"[\s-](?:meters?|metres?|feet|foot|ft|miles?|km|kilometers?|kilometres?|kg|tons?|tonnes?|pounds?|dollars?|euros?|crowns?|people|men|women|children"
    r"|seats?|homes?|houses?|jobs?|troops?|soldiers?|words?|pages?|points?|votes?|workers?|square|acres?|hectares?|GMT|UTC|hours|hrs|block|[A-Z]\w+\s(?:Street|St\.|Avenue|Ave\.|Road|Rd\.|Boulevard|Drive|Lane))\b"
)
_NUMBERED = re.compile(
    r"(?:\b(?:Vision|Agenda|Windows|Office|Flight|Room|Route|Highway|Interstate|Resolution|Order|Directive|Regulation|No\.?|number|page|pages|chapter|section|article"
    r"|Boeing|Airbus|Area|Channel|Proposition|Prop\.|Bill|about|nearly|some|over|than|almost|approximately|least|most|[Ff]iscal|FY|financial|fiscal\syear|tax)\s?|(?:[$£€¥]|US\$)\s?)(?:year\s)?$",
    re.IGNORECASE,
)
_PLURAL_AFTER = re.compile(r"\s(?:[a-z]+\s)?[a-z]+s\b")
_MAY_LINK = re.compile(r"(?i)^(?:in|since|by|until|till|from|during|throughout|through|for|of|before|after|between)\b")
_MAY_STAND_BEFORE = re.compile(
    r"(?:\b(?:of|before|after|between|than\sin|like|pre|post|circa|and|or|early|late|mid|around|about\sin|the|a|an|his|her|their|its|our|my|your|that|this|new|whole|all)[\s-]|[\w.]+(?:['’]s|s['’])\s|\()$",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?:['’]s)?\s(?!(?:is|was|are|were|and|or|to|of|in|for|on|at|by|the|has|had|have)\b)[A-Za-z-]{3,}"
)
_AND_BEFORE = re.compile(r"\b(?:1\d|20)\d\d(?:,|,?\s(?:and|or))\s$")


def no_year(match: re.Match[str]) -> bool:
    """Whether four digits are a count, a number or a name and no year; a year needs words that make it one."""
    text, digits = match.string, match["year"]
    start = match.start("year")
    before, after = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() : match.end() + _WINDOW]
    close = text[max(0, start - _WINDOW) : start]
    if _UNITS.match(after) or _NUMBERED.search(close) or re.match(r"[-–]\d|\s?%|\spercent", after):
        return True
    if match["part"]:
        return False
    if _AND_BEFORE.search(close):
        return False
    round_number = digits.endswith("00")
    linked = _MAY_LINK.match(match[0]) is not None
    if linked or re.search(r"\b(?:of|before|after|between|and|or)\s$", before):
        strict = round_number or int(digits) < 1600 or re.match(r"(?i)for", match[0]) is not None
        if re.search(r"\b(?:and|or)\s$", before):
            return True
        return strict and bool(_PLURAL_AFTER.match(after))
    if int(digits) < 1700:
        return True
    if re.search(r"\($", before):
        return not after.startswith(")")
    if re.match(r"(?i)the\s", match[0]) or _MAY_STAND_BEFORE.search(before):
        return not _ATTRIBUTE.match(after) or (round_number and bool(_PLURAL_AFTER.match(after)))
    return True


def no_years(match: re.Match[str]) -> bool:
    """Whether two numbers joined by a dash are no years: falling, far apart, or a count of things."""
    text, first, last = match.string, match["year"], match["year2"]
    start, end = int(first), int(first[: 4 - len(last)] + last)
    if not start < end < start + 120 or end > 2100:
        return True
    after = text[match.end() : match.end() + _WINDOW]
    return bool(
        _UNITS.match(after) or _NUMBERED.search(text[max(0, match.start("year") - _WINDOW) : match.start("year")])
    )


# ------------------------------------------------------------------------------------------------ furniture
_FURNITURE = re.compile(
    r"^\W*(?:(?:first|last|originally)\s)?(?:published|updated|posted|modified|created|issued|date|dated|uploaded|aired|archived|publicado|actualizado"
    r"|publié|mis à jour|veröffentlicht|aktualisiert|stand|published on)\b|\bmin(?:ute)?s?\sread\b|©|\(c\)\s|\bcopyright\b|\ball rights reserved\b",
    re.IGNORECASE,
)
_LONGEST = 130


def in_furniture(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` stands on a line of page furniture ("Last updated: …", "5 min read", "© 2024")."""
    first = text.rfind("\n", max(0, start - _LONGEST), start) + 1
    last = text.find("\n", end, end + _LONGEST)
    if first == 0 and start > _LONGEST:
        return False
    if last < 0:
        if len(text) - end > _LONGEST:
            return False
        last = len(text)
    line = text[first:last].strip()
    if len(line) > _LONGEST:
        return False
    found = _FURNITURE.search(line)
    return found is not None and (not line.endswith((".", "!", "?")) or "©" in line or "ights reserved" in line)


_ = WEEKDAY
