"""English rules for what is told from the day of the report ("two weeks ago") or from another date ("a day later")."""

from __future__ import annotations

import re
from datetime import date, timedelta

from firsthand.analyze.dates.calendar import TOLERANCE, Days, Unit, around, part_of, shift, shift_days, span_of
from firsthand.analyze.dates.pieces import (
    COUNT,
    NOT_MORE,
    PREPOSITION,
    SEASON,
    UNIT,
    count_of,
    part_named,
    season_days,
    unit_of,
)
from firsthand.analyze.dates.scene import Anchored, Rule, Scene
from firsthand.analyze.dates.tense import Tense

__all__ = ["ANCHORED", "RULES"]

_DAY = timedelta(days=1)
_WORDS = {
    "today": (0, 0), "tonight": (0, 0), "yesterday": (-1, -1), "tomorrow": (1, 1), "last night": (-1, -1), "overnight": (-1, 0),
    "this morning": (0, 0), "this afternoon": (0, 0), "this evening": (0, 0), "the day before yesterday": (-2, -2),
    "day before yesterday": (-2, -2), "the day after tomorrow": (2, 2), "day after tomorrow": (2, 2), "last evening": (-1, -1),
}  # fmt: skip


def _in_name(match: re.Match[str]) -> bool:
    """ "Russia Today", "USA Today": a capital after a capitalized word."""
    before = match.string[max(0, match.start("word") - 30) : match.start("word")]
    return match["word"][0].isupper() and re.search(r"\b[A-Z]\w*\s$", before) is not None


def _word(match: re.Match[str], scene: Scene) -> Days | None:
    """`yesterday morning`, `tonight`."""
    if scene.today is None:
        return None
    first, last = _WORDS[re.sub(r"\s+", " ", match["word"].lower())]
    return Days(scene.today + first * _DAY, scene.today + last * _DAY)


def _ago(match: re.Match[str], scene: Scene) -> Days | None:
    """`two weeks ago`, `more than two years ago`, `a year ago today`."""
    if scene.today is None:
        return None
    times, unit = unit_of(match["unit"])
    count = times * count_of(match["count"])
    if match["exact"] or (match["how"] or "").lower() in ("exactly", "precisely"):
        return Days.one(shift(scene.today, -count, unit))
    return _measured(scene.today, -count, unit, (match["how"] or "").lower())


def _measured(day: date, count: int, unit: Unit, how: str) -> Days:
    """The days around `count` units from `day`; "more than" and "almost" keep one side of them."""
    found, middle = around(day, count, unit), shift(day, count, unit)
    if unit is Unit.DAY or not how:
        return found
    back = count < 0
    if how in ("more than", "over", "at least"):
        further = shift(day, count + (-1 if back else 1), unit)
        return Days(further, middle) if back else Days(middle, further)
    if how in ("nearly", "almost", "less than", "under", "just under"):
        return Days(middle, found.latest) if back else Days(found.earliest, middle)
    return found


def _ahead(match: re.Match[str], scene: Scene) -> Days | None:
    """`in two weeks' time`, `three days from now`; "in two weeks" only where the sentence speaks of what is to come."""
    if scene.today is None or (not match["time"] and scene.tense not in (Tense.COMING, Tense.LATER)):
        return None
    times, unit = unit_of(match["unit"])
    return around(scene.today, times * count_of(match["count"]), unit)


_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)|only|most|least|times?|once|twice|\w+est)\b",
    re.IGNORECASE,
)


def _counts(match: re.Match[str]) -> bool:
    """Whether "in eight years" measures what came before ("the sixth minister in eight years")."""
    return not match["time"] and _ORDINAL.search(match.string, max(0, match.start() - 60), match.start()) is not None


def _period(match: re.Match[str], scene: Scene) -> Days | None:
    """`in the past week`, `over the last two years`, `over the next ten years`."""
    if scene.today is None:
        return None
    times, unit = unit_of(match["unit"] or match["one"])
    count = times * (count_of(match["count"]) if match["count"] else 1)
    if match["turn"].lower() in ("next", "coming"):
        return Days(scene.today, shift(scene.today, count, unit))
    return Days(shift(scene.today, -count, unit), scene.today)


def _hangs(match: re.Match[str]) -> bool:
    """Whether "the next day" hangs on the day before it, and is no period from now."""
    return match["turn"].lower() == "next" and not match["count"] and match[0].lower().startswith("the")


def _turned(match: re.Match[str], scene: Scene) -> Days | None:
    """`last week`, `next month`, `this year`, `late last year`, `the end of this month`."""
    if scene.today is None:
        return None
    turn, unit = (match["turn"] or "this").lower(), unit_of(match["unit"])[1]
    step = -1 if turn.startswith("last") else 1 if turn == "next" else 0
    if unit is Unit.WEEK and step == 0:
        return _this_week(scene, scene.today)
    found = span_of(shift(span_of(scene.today, unit).earliest, step, unit), unit)
    return part_of(found, part_named(match["part"])) if match["part"] else found


def _this_week(scene: Scene, today: date) -> Days:
    """A Sunday paper's "this week" lies ahead where the sentence does; else weeks run from Monday to Sunday."""
    if today.weekday() == 6 and scene.tense in (Tense.COMING, Tense.LATER):
        return Days(today, today + 6 * _DAY)
    return span_of(today, Unit.WEEK)


def _part_so_far(match: re.Match[str], scene: Scene) -> Days | None:
    """`earlier this month` ends today, `later this month` begins today."""
    if scene.today is None:
        return None
    turn = (match["turn"] or "this").lower()
    whole = span_of(scene.today, unit_of(match["unit"])[1])
    if turn != "this":
        return span_of(shift(whole.earliest, -1 if turn == "last" else 1, whole.unit), whole.unit)
    early = match["side"].lower() in ("earlier", "so far")
    return Days(whole.earliest, scene.today) if early else Days(scene.today, whole.latest)


def _weekend(match: re.Match[str], scene: Scene) -> Days | None:
    """Saturday and Sunday of the week that is meant."""
    if scene.today is None:
        return None
    saturday = span_of(scene.today, Unit.WEEK).earliest + 5 * _DAY
    turn = (match["turn"] or "").lower()
    if turn in ("last", "this past", "past"):
        saturday -= 7 * _DAY if turn == "last" or scene.today < saturday else 0 * _DAY
    elif turn == "next":
        saturday += 7 * _DAY
    elif scene.today < saturday and scene.tense in (Tense.PAST, Tense.EARLIER, Tense.NONE) and turn != "this coming":
        saturday -= 7 * _DAY
    return Days(saturday, saturday + _DAY)


def _season(match: re.Match[str], scene: Scene) -> Days | None:
    """`last summer` is the latest that is over, `next` the first to come, `this` the one of the year."""
    if scene.today is None:
        return None
    name, turn, year = match["season"].lower(), match["turn"].lower(), scene.today.year
    seasons = [Days(*season_days(name, at)) for at in range(max(1, year - 2), min(9998, year + 2))]
    if turn in ("last", "past", "this past"):
        return max((found for found in seasons if found.latest < scene.today), key=lambda found: found.latest)
    if turn in ("next", "coming", "this coming"):
        return min((found for found in seasons if found.earliest > scene.today), key=lambda found: found.earliest)
    return min(seasons, key=lambda found: _distance(found, scene.today or date.min))


def _distance(days: Days, day: date) -> int:
    return max((days.earliest - day).days, (day - days.latest).days, 0)


def _later(match: re.Match[str], anchor: Days) -> Days | None:
    """`two days later`, `a year earlier`, `three days before`, from the date named before."""
    times, unit = unit_of(match["unit"])
    count = times * count_of(match["count"])
    back = match["way"].lower().startswith(("earlier", "before", "prior"))
    moved = shift_days(anchor, -count if back else count, unit)
    return moved if TOLERANCE[unit] or anchor.is_day else None


def _turned_from(match: re.Match[str], anchor: Days) -> Days | None:
    """`the next day`, `the following year`, `the previous month`, `the day before`."""
    words = match["way"].lower()
    unit = Unit.DAY if match["unit"] in ("morning", "evening", "night", "afternoon") else unit_of(match["unit"])[1]
    if TOLERANCE[unit] < TOLERANCE[anchor.unit]:
        return None
    step = {"next": 1, "following": 1, "after": 1, "later": 1, "same": 0, "that": 0, "that very": 0}.get(words, -1)
    if unit is Unit.DAY:
        return Days.one(anchor.earliest + step * _DAY) if anchor.is_day else None
    return span_of(shift(span_of(anchor.earliest, unit).earliest, step, unit), unit)


_HOW = r"(?:(?P<how>(?i:more\sthan|less\sthan|at\sleast|just\sunder|just\sover|nearly|almost|exactly|precisely|under|over|about|around|roughly|some|only|just|barely))\s)?"
_COUNT = rf"(?P<count>(?i:{COUNT}))"
_UNIT = rf"(?P<unit>{UNIT})s?"
_TURN = r"(?P<turn>(?i:last|next|this))"
_PARTS = r"(?:(?P<part>(?i:early|late|mid(?=[- ])|beginning(?=\sof)|start(?=\sof)|end(?=\sof)|middle(?=\sof)|close(?=\sof)))(?:[- ]|\sof\s))"
_EXACT = r"(?P<exact>\s(?:today|to\sthe\sday|tonight))?"
_OF_DAY = r"(?:\s(?:morning|afternoon|evening|night))?"
_POSSESSIVE = r"(?:['’]s(?!\w))?"
_WORD = "|".join(sorted((re.escape(word).replace(r"\ ", r"\s") for word in _WORDS), key=len, reverse=True))
_THE = r"(?:(?i:the)\s)?"

RULES: tuple[Rule, ...] = (
    Rule(re.compile(rf"{NOT_MORE}(?:(?i:by|until|since|from|through)\s)?(?P<word>(?i:{_WORD}))\b{_OF_DAY}{_POSSESSIVE}"), _word, quoted=True, unless=_in_name),
    Rule(re.compile(rf"{NOT_MORE}(?:(?i:since|from|until)\s)?{_HOW}{_COUNT}[ -]{_UNIT}\sago\b{_EXACT}"), _ago, quoted=True),
    Rule(re.compile(rf"{NOT_MORE}(?i:in)\s{_HOW}{_COUNT}\s{_UNIT}(?P<time>['’]?\stime|\sfrom\snow)?(?=[.,;]|\s(?:when|at|in)\b|$)"), _ahead, quoted=True, unless=_counts),
    Rule(re.compile(rf"{NOT_MORE}{_HOW}{_COUNT}\s{_UNIT}(?P<time>\sfrom\snow|\shence)\b"), _ahead, quoted=True),
    Rule(
        re.compile(
            rf"{NOT_MORE}(?:(?i:in|over|during|for|within|throughout|of)\s)?(?i:the|these)\s(?P<turn>(?i:past|last|next|coming))\s(?:(?P<count>(?i:{COUNT}))\s{_UNIT}|(?P<one>{UNIT}))\b"
        ),
        _period,
        quoted=True,
        unless=_hangs,
    ),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}{_THE}{_PARTS}?(?:the\s)?{_TURN}\s(?!day){_UNIT}\b{_POSSESSIVE}"), _turned, quoted=True),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}(?i:the)\s{_PARTS}the\s(?P<turn>)(?P<unit>week|month|year|decade|century)\b(?!\s\w+ed\b)"), _turned, quoted=True),
    Rule(re.compile(rf"{NOT_MORE}(?P<side>(?i:earlier|later|so\sfar))\s(?:in\s)?(?P<turn>this|last|next)\s{_UNIT}\b"), _part_so_far, quoted=True),
    Rule(re.compile(rf"{NOT_MORE}(?P<side>(?i:earlier|later))\sin\sthe(?P<turn>)\s(?P<unit>month|year)\b(?!\s?[’'])"), _part_so_far, quoted=True),
    Rule(re.compile(rf"{NOT_MORE}(?:(?i:on|over|at|during|by|until|since|through|throughout)\s)?(?:(?i:the)\s|(?P<turn>(?i:this\spast|this\scoming|last|next|this|past|coming))\s)weekend\b{_POSSESSIVE}"), _weekend, quoted=True),
    Rule(re.compile(rf"{NOT_MORE}{PREPOSITION}(?P<turn>(?i:this\spast|this\scoming|last|next|this|past|coming))\s(?P<season>{SEASON})\b{_POSSESSIVE}"), _season, quoted=True),
)  # fmt: skip

ANCHORED: tuple[Anchored, ...] = (
    Anchored(re.compile(rf"{NOT_MORE}{_HOW}{_COUNT}\s{_UNIT}\s(?P<way>(?i:later|earlier|afterwards?|beforehand|before(?=[.,;]|$)|after(?=[.,;]|$)))"), _later),
    Anchored(
        re.compile(
            rf"{NOT_MORE}(?:(?i:on|in|by|until|during)\s)?(?i:the)\s(?P<way>(?i:next|following|previous|preceding|same))\s"
            r"(?P<unit>day|week|month|year|decade|morning|evening|night|afternoon)\b"
        ),
        _turned_from,
    ),
    Anchored(re.compile(rf"{NOT_MORE}(?:(?i:in|from|on)\s)?(?i:the)\s(?P<unit>day|week|month|year|night|evening)\s(?P<way>before|earlier|after|later)(?=\s*[.,;!?)]|\s(?:and|but|he|she|it|they|we)\b|$)"), _turned_from),
    Anchored(re.compile(rf"{NOT_MORE}(?:(?i:on|in|by|until|during)\s)?(?P<way>(?i:that\svery|that))\s(?P<unit>day|week|month|year|decade|morning|evening|night|afternoon)\b(?!\s(?:when|that|will|the))"), _turned_from),
)  # fmt: skip


BEFORE_NOUN = re.compile(
    rf"{NOT_MORE}{_HOW}(?:{_COUNT}|the)\s{_UNIT}\s(?P<way>(?i:before|after|prior\sto|ahead\sof|following))(?=\s)"
)
"""`two weeks before the deadline`, `the day after the vote`: from a date that stands there or is told elsewhere."""


def moved_from(match: re.Match[str], anchor: Days) -> Days | None:
    """The days that a match of `BEFORE_NOUN` means, told from `anchor`."""
    times, unit = unit_of(match["unit"])
    count = times * (count_of(match["count"]) if match["count"] else 1)
    back = match["way"].lower().startswith(("before", "prior", "ahead"))
    if TOLERANCE[unit] == 0 and not anchor.is_day:
        return None
    return shift_days(anchor, -count if back else count, unit)
