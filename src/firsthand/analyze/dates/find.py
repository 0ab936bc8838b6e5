"""The dates of a text: mentions found by rules, read in the order in which they can be, each with its clause."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from firsthand.analyze.dates import english_days, english_relative, numeric, tables
from firsthand.analyze.dates.calendar import TOLERANCE, Days, Unit, shift_days
from firsthand.analyze.dates.clause import clause_of, sentence_of
from firsthand.analyze.dates.english_relative import BEFORE_NOUN, moved_from
from firsthand.analyze.dates.mentions import NOUN, Found, longest, near, read_before, scan
from firsthand.analyze.dates.nouns import noun_phrase
from firsthand.analyze.dates.refuse import in_furniture
from firsthand.analyze.dates.scene import Anchored, Rule, Scene
from firsthand.analyze.dates.sentence import Sentences, inside, quoted, sentences
from firsthand.analyze.dates.tense import Tense, tense_of
from firsthand.model.article import Span
from firsthand.model.findings import DateMention

__all__ = ["find_dates"]

_NEIGHBORS = 40
"""Mentions to either side among which a noun's date is looked for."""
_ANCHOR_REACH = 600
"""Characters over which "a day later" may hang on the date before it."""


def find_dates(text: str, published: date | None, language: str | None) -> tuple[DateMention, ...]:
    """Every mention in `text` that a calendar can hold, in reading order, none overlapping.

    `published` is the day of the report in its own zone; without it only what is absolute is read. English is read
    in full, Spanish, French and German by their tables, any other language only where its figures are plain.
    """
    tongue = (language or "").lower().split("-")[0]
    frame = sentences(text)
    if tongue != "en":
        others = _Other(text, published, frame, tongue).read()
        return tuple(
            _mention(one, sentence_of(text, frame.around(one.start, one.end), Span(one.start, one.end)))
            for one in others
        )
    found = _English(text, published, frame).read()
    mentions: list[DateMention] = []
    for index, one in enumerate(found):
        mentions.append(_mention(one, _event(text, frame, found, index, mentions)))
    return tuple(mentions)


def _mention(one: Found, event: Span | None) -> DateMention:
    assert one.days is not None, "only what was read is kept"
    return DateMention(one.start, one.end, one.days.earliest, one.days.latest, event)


def _event(
    text: str, frame: Sentences, found: Sequence[Found], index: int, mentions: Sequence[DateMention]
) -> Span | None:
    """The clause that a mention dates, or the noun that stands beside it ("before *the pullout* on August 31")."""
    one, before = found[index], found[index - 1] if index else None
    if before is not None and before.noun is not None and 0 <= one.start - before.noun.end <= 1:
        return before.noun
    if one.apposed and mentions and one.match.re is not _THE_DAY:
        return mentions[-1].event
    sentence = frame.around(one.start, one.end)
    others = [
        Span(other.start, other.end)
        for other in found[max(0, index - 8) : index + 9]
        if other is not one and sentence[0] <= other.start < sentence[1]
    ]
    mention = Span(one.start, one.end)
    if one.match.re is _THE_DAY:  # it dates what follows, not the clause in which the date stood
        start = _THAT.match(text, one.end).end()  # type: ignore[union-attr]
        sentence, mention = (start, max(start, sentence[1])), Span(start, start)
    clause = clause_of(text, sentence, mention, others)
    return None if clause and text[clause.start : clause.end].isupper() else clause  # a dateline's place


class _Reader:
    """Reads the mentions of one text; each pass reads what the passes before made readable."""

    def __init__(self, text: str, published: date | None, frame: Sentences) -> None:
        self._text = text
        self._published = published
        self._frame = frame
        self._quotes = quoted(text)

    def _select(
        self, rules: Sequence[Rule | Anchored], trigger: re.Pattern[str], more: Sequence[Found] = ()
    ) -> list[Found]:
        windows = near(self._text, trigger)
        found = [*scan(self._text, rules, windows), *more]
        return [
            one for one in longest(iter(found), len(self._text)) if not in_furniture(self._text, one.start, one.end)
        ]

    def _read_rule(self, one: Found, scene: Scene) -> Found:
        assert isinstance(one.rule, Rule)
        try:
            days = one.rule.read(one.match, scene)
        except (ValueError, OverflowError):  # no such day, or outside the calendar
            days = None
        return replace(one, days=days, tense=scene.tense)


class _English(_Reader):
    """English: tense, speech, quotation marks, and dates that hang on other dates."""

    def read(self) -> list[Found]:
        found = self._select([*_ENGLISH, *english_relative.ANCHORED], _TRIGGER, list(self._hanging()))
        passes: tuple[Callable[[list[Found], int], Found], ...] = (self._plain, self._in_quotes, self._anchored)
        for step in passes:
            for index, one in enumerate(found):
                if one.days is None:
                    found[index] = step(found, index)
        return self._contrasted([one for one in found if one.days is not None])

    def _contrasted(self, found: list[Found]) -> list[Found]:
        """ "Last Monday" in a text that calls the latest Monday "Monday" is the one a week before it."""
        bare = {one.days for one in found if _BARE.fullmatch(one.match[0]) and one.tense is not Tense.COMING}
        return [
            replace(one, days=shift_days(one.days, -1, Unit.WEEK, exact=True))
            if one.days in bare and one.days and _LAST.match(one.match[0])
            else one
            for one in found
        ]

    def _hanging(self) -> Iterator[Found]:
        """`two weeks before …` and `the day …`, as far as the words themselves reach."""
        for pattern in (BEFORE_NOUN, _THE_DAY):
            for match in pattern.finditer(self._text):
                yield Found(match, None, match.start(), match.end())

    # ------------------------------------------------------------------------------------------ first pass
    def _plain(self, found: list[Found], index: int) -> Found:
        one = found[index]
        if not isinstance(one.rule, Rule) or (one.rule.quoted and inside(self._quotes, one.start)):
            return one
        return self._read_rule(one, self._scene(found, index))

    def _scene(self, found: Sequence[Found], index: int) -> Scene:
        one = found[index]
        before, after = self._context(one)
        tense = tense_of(before, after, of_a_noun=self._of_a_noun(one))
        speech = self._speech(found, index) if tense in (Tense.LATER, Tense.EARLIER) else None
        return Scene(self._published, tense, speech)

    def _context(self, one: Found) -> tuple[str, str]:
        """The sentence before and after a mention, without what others say in it; inside a quote, only the quote."""
        first, last = self._frame.around(one.start, one.end)
        quote = inside(self._quotes, one.start)
        if quote is not None:
            first, last = max(first, quote[0]), min(last, quote[1])
            return self._text[first : one.start], self._text[one.end : last]
        return self._unquoted(first, one.start), self._unquoted(one.end, last)

    def _unquoted(self, first: int, last: int) -> str:
        part = self._text[first:last]
        at = bisect_left(self._quotes, (first, first))
        for start, end in self._quotes[max(0, at - 1) : at + 20]:
            low, high = max(start, first) - first, min(end, last) - first
            if low < high:
                part = part[:low] + " " * (high - low) + part[high:]
        return part

    def _of_a_noun(self, one: Found) -> bool:
        if one.match[0].endswith(("'s", "’s")):
            return True
        led = _ARTICLE.search(self._text, max(0, one.start - 8), one.start) or _ARTICLE_HEAD.match(one.match[0])
        return bool(led and NOUN.match(self._text, one.end))

    def _speech(self, found: Sequence[Found], index: int) -> date | None:
        """The day of the saying that stands before the mention in its sentence."""
        first, _ = self._frame.around(found[index].start, found[index].end)
        for one in read_before(found, index, found[index].start - first):
            if one.days and one.days.is_day and one.tense is Tense.PAST and one.start >= first:
                return one.days.earliest
        return None

    # ------------------------------------------------------------------------------------------ second pass
    def _in_quotes(self, found: list[Found], index: int) -> Found:
        one = found[index]
        if not isinstance(one.rule, Rule) or not one.rule.quoted:
            return one
        scene = self._scene(found, index)
        quote = inside(self._quotes, one.start)
        said = self._day_of_saying(found, quote) if quote and self._published else None
        return self._read_rule(one, replace(scene, today=said or scene.today))

    def _day_of_saying(self, found: Sequence[Found], quote: tuple[int, int]) -> date | None:
        """The one day that stands beside a quotation, in the sentence that gives it."""
        first, _ = self._frame.around(quote[0], quote[0] + 1)
        _, last = self._frame.around(max(quote[0], quote[1] - 1), quote[1])
        low, high = (bisect_left(found, at, key=lambda one: one.start) for at in (first, last))
        days = {
            one.days.earliest
            for one in found[low:high]
            if one.days and one.days.is_day and one.tense is Tense.PAST
            and (first <= one.start < quote[0] or quote[1] <= one.start < last)
        }  # fmt: skip
        return days.pop() if len(days) == 1 else None

    # ------------------------------------------------------------------------------------------ third pass
    def _anchored(self, found: list[Found], index: int) -> Found:
        one = found[index]
        if isinstance(one.rule, Rule):
            return one
        try:
            if isinstance(one.rule, Anchored):
                anchor = self._last(found, index)
                days = one.rule.read(one.match, anchor) if anchor else None
                return replace(one, days=None if days and self._cannot_be(found, index, days) else days)
            return self._day_that(found, index) if one.match.re is _THE_DAY else self._before_noun(found, index)
        except (ValueError, OverflowError):
            return one

    def _cannot_be(self, found: Sequence[Found], index: int, days: Days) -> bool:
        """Whether what is past would be to come: then it hangs on a date that the text does not name."""
        scene = self._scene(found, index)
        return scene.tense in (Tense.PAST, Tense.EARLIER) and scene.today is not None and days.earliest > scene.today

    def _last(self, found: Sequence[Found], index: int) -> Days | None:
        """The date named last before a mention, if not too far before."""
        return next((one.days for one in read_before(found, index, _ANCHOR_REACH)), None)

    def _apposed(self, found: Sequence[Found], index: int) -> Days | None:
        """The date that stands directly before, with no more than a comma between: it is the same day."""
        before = next(read_before(found, index, 4), None)
        if before is None or not _COMMA.fullmatch(self._text, before.end, found[index].start):
            return None
        return before.days

    def _day_that(self, found: Sequence[Found], index: int) -> Found:
        days = self._apposed(found, index)
        return replace(found[index], days=days, apposed=days is not None)

    def _before_noun(self, found: Sequence[Found], index: int) -> Found:
        """`two weeks before the deadline`: from the date beside the noun, else from where the noun is dated."""
        one = found[index]
        noun = noun_phrase(self._text, one.end)
        following = next((other for other in found[index + 1 : index + 4] if other.days is not None), None)
        apposed = self._apposed(found, index)
        anchor, end = None, noun.end
        if following is not None and self._belongs(one, following):
            anchor = following.days
            end = one.end if following.start < noun.end else noun.end
        elif noun.head:
            anchor = self._dated(found, index, noun.head)
        days = moved_from(one.match, anchor) if anchor else None
        if apposed and (days is None or days.holds(apposed, TOLERANCE[apposed.unit])):
            return replace(one, days=apposed, end=end, apposed=True, noun=noun.span)
        return replace(one, days=days, end=end, noun=noun.span)

    def _belongs(self, one: Found, following: Found) -> bool:
        """Whether the next date stands in the phrase after "before", with no mark between."""
        between = self._text[one.end : following.start]
        return len(between) <= 80 and not re.search(r"[,;:.!?()“”\"\n]", between)

    def _dated(self, found: Sequence[Found], index: int, head: str) -> Days | None:
        """The one date of a sentence that names `head`, the nearest such sentence."""
        pattern = re.compile(rf"\b{re.escape(head)}\b", re.IGNORECASE)
        here = self._frame.number(found[index].start)
        near = range(max(0, index - _NEIGHBORS), min(len(found), index + _NEIGHBORS))
        others = [found[at] for at in near if at != index and found[at].days is not None]
        others.sort(key=lambda other: abs(self._frame.number(other.start) - here))
        for other in others[:20]:
            first, last = self._frame.around(other.start, other.end)
            if self._frame.number(other.start) != here and pattern.search(self._text, first, last):
                alone = sum(first <= rival.start < last for rival in others) == 1
                return other.days if alone else None
        return None


class _Other(_Reader):
    """Any other language: its table where there is one, and figures."""

    def __init__(self, text: str, published: date | None, frame: Sentences, language: str) -> None:
        super().__init__(text, published, frame)
        self._table = tables.table(language) if language in tables.LANGUAGES else None

    def read(self) -> list[Found]:
        rules = self._table.rules if self._table else numeric.rules()
        found = (self._read_rule(one, self._scene(one)) for one in self._select(rules, _ANY))
        return [one for one in found if one.days is not None]

    def _scene(self, one: Found) -> Scene:
        first, last = self._frame.around(one.start, one.end)
        coming = self._table is not None and self._table.future.search(self._text, first, last)
        return Scene(self._published, Tense.COMING if coming else Tense.PAST)


_BARE = re.compile(r"(?:[Oo]n\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_LAST = re.compile(r"(?i:(?:on|since|by|until|from)\s)?(?i:last)\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_THAT = re.compile(r"(?:\s(?:that|when|on\swhich|after|before|of))?\s*")
_COMMA = re.compile(r",?\s(?:[–—-]\s)?|,\s")
_THE_DAY = re.compile(r"(?<![\w-])(?i:the)\s(?:very\s|same\s)?day\b(?=\s[\w“])")
_ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Tt]his|[Tt]hat|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)\s$|['’]s\s$")
_ARTICLE_HEAD = re.compile(r"(?:\w+\s)?[Tt]he\s")
_ENGLISH = (*numeric.rules("on|since|by|until|from"), *english_days.RULES, *english_relative.RULES)
_TRIGGER = re.compile(
    r"\d{4}|\d0['’]?s\b|\bQ[1-4]\b|9[/-]11|7/7|26/11|century|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|days?\b|\d(?:st|nd|rd|th)\b"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
    r"|\b(?:ago|today|tonight|yesterday|tomorrow|overnight|weekend|week|month|year|decade|fortnight|season|quarter|half|night|morning|evening|afternoon"
    r"|spring|summer|autumn|fall|winter|later|earlier|from\snow|hence|Christmas|New\sYear|Easter|Halloween|GMT|UTC)",
    re.IGNORECASE,
)
_ANY = re.compile(r"\S")
