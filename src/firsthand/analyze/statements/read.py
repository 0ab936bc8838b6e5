"""From attributions as they stand in the text to statements: what kind, how the cue stands to it, whose, in whose.

What is not said stays None. That somebody would not comment is a fact about a source, not a statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from firsthand.analyze.quotes import quoted_share, quotes
from firsthand.analyze.statements.relation import Relation
from firsthand.model.article import Span
from firsthand.model.findings import DateMention, Polarity, Speaker, Statement, StatementKind

SpeakerOf = Callable[[Span], Speaker | None]

_REFUSAL = re.compile(
    r"\b(?:declin|refus)\w+ (?:to|repeatedly to|further) ?(?:immediately |further |publicly )?"
    r"(?:comment|discuss|answer|respond|say|elaborate|speculate|confirm)|\bno comment\b"
    r"|\b(?:did|does|do|had|has|have|could)(?: not|n['’]t) (?:immediately |yet )*(?:respond|reply|return|comment|be reached)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\bden(?:y|ies|ied|ying)\b|\breject|\bdismiss|\brefut|\brebuff|\bdisput|\brebut|\bdisavow|\brepudiat"
    r"|\b(?:not|n['’]t|never) (?:believe|think|say|accept|agree)|\bruled out\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(r"\bdoubt|\bscept|\bskept|\bunsure\b|\bnot (?:sure|certain|convinced)\b", re.IGNORECASE)
_QUESTIONS = re.compile(r"\bquestion(?:s|ed|ing)?\b|\bwonder|\bask(?:s|ed|ing)?\b|\bchalleng|\binquir", re.IGNORECASE)
_WHETHER = re.compile(r"\W*(?:whether|if|how|why|what|who|when|where)\b", re.IGNORECASE)
_ADDRESSEE = re.compile(
    r"\s+((?:the |a |his |her |their |its |[A-Z])[\w'’.&-]*(?:\s+(?:[A-Z][\w'’.&-]*|reporters?|journalists?|newspaper|agency"
    r"|channel|magazine|lawmakers|parliament|officials?|supporters|conference|crowd|daily))*|reporters|journalists"
    r"|lawmakers|supporters|parliament|investors|viewers)",
)
# A dot that ends a sentence, and is not that of an initial or a title.
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:St|Mr|Ms|Dr))(?<!\b(?:Mrs|Gen|Sen|Rep|Gov))\.(?:\s|$)")
# "It is apparent that …", "it goes without saying": nobody and nothing says so. "It is considering" is a company's.
_IMPERSONAL = re.compile(
    r"(?:(?:is|was|['’]s|seem(?:s|ed)|appear(?:s|ed)|became|becomes|remains) (?:not |now |\w+ly )?(?:apparent|believed|clear"
    r"|common knowledge|conceivable|doubtful|easy|evident|expected|fair|hard|hoped|impossible|known|likely|no secret|obvious"
    r"|plain|possible|probable|reported|rumou?red|said|thought|true|unclear|uncertain|understood|unknown|unlikely)\b"
    r"|goes without saying|turn(?:s|ed) out|stands to reason)",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|has|have|had|is|are|was|were|will|would|can|could|should|might)(?:n['’]t)? $", re.IGNORECASE
)
_CLOSES = re.compile(r"[.?!\n]")
_TOLD = re.compile(r"\b(?:told|tells|telling|assured|informed|warned|reminded)$", re.IGNORECASE)
_SAYS_THE_DAY = 80
"""Characters around a cue within which a day, outside of what was said, is the day on which it was said."""


def to_statements(
    text: str,
    relations: Sequence[Relation],
    speaker_of: SpeakerOf,
    dates: Sequence[DateMention],
) -> tuple[Statement, ...]:
    """The statements of an article, in reading order of their contents.

    Args:
        speaker_of: who a source span names, by the fullest name that the article gives.
    """
    told = _told_once(relations)
    kept = sorted(
        (one for one in told if one.content and not _refuses(text, one) and not _asks(text, one)),
        key=lambda one: one.content[0].start,
    )
    within = quotes(text)
    stood = [_one(text, relation, within, speaker_of, dates) for relation in kept]
    stood = _sourced(text, stood)
    return tuple(
        replace(one, parent=parent)
        for one, parent in zip(stood, (_parent(number, stood) for number in range(len(stood))), strict=True)
    )


def _told_once(relations: Sequence[Relation]) -> list[Relation]:
    """Without those that name nobody for words that another ascribes to somebody, or that say the same again."""
    sourced = {one.content for one in relations if one.source}
    bare: set[tuple[Span, ...]] = set()
    kept = []
    for one in relations:
        if one.source or not (one.content in sourced or one.content in bare):
            kept.append(one)
        if not one.source:
            bare.add(one.content)
    return kept


def kind_of(text: str, content: Sequence[Span], within: Sequence[Span]) -> StatementKind:
    """Direct where every word stands in quotation marks, indirect where none does."""
    share = quoted_share(content, text, within)
    if share == 1.0:
        return StatementKind.DIRECT
    return StatementKind.MIXED if share > 0 else StatementKind.INDIRECT


def polarity_of(cue: str, content: str) -> Polarity:
    """What an English cue does with its content."""
    if _DENIES.search(cue):
        return Polarity.DENIES
    if _DOUBTS.search(cue):
        return Polarity.DOUBTS
    asked = _QUESTIONS.search(cue)
    if asked and (not asked.group().lower().startswith("ask") or _WHETHER.match(content)):
        return Polarity.QUESTIONS
    return Polarity.ASSERTS


def _one(
    text: str, relation: Relation, within: Sequence[Span], speaker_of: SpeakerOf, dates: Sequence[DateMention]
) -> Statement:
    source, cue = _hull(relation.source), _hull(relation.cue)
    words = text[cue.start : cue.end] if cue else ""
    if source and text[source.start : source.end].casefold() == "it" and _IMPERSONAL.match(words):
        source = None
    content = text[relation.content[0].start : relation.content[-1].end]
    return Statement(
        source=source,
        cue=cue,
        content=relation.content,
        kind=kind_of(text, relation.content, within),
        polarity=polarity_of(words, content),
        speaker=speaker_of(source) if source else None,
        addressee=_addressee(text, cue, relation.content) if cue else None,
        date=_day(cue, relation.content, dates, text) if cue else None,
    )


def _refuses(text: str, relation: Relation) -> bool:
    start = relation.cue[0].start if relation.cue else relation.content[0].start
    end = max([span.end for span in (*relation.cue, *relation.content[:1])])
    return _REFUSAL.search(text, max(0, start - 25), min(end, start + 80)) is not None and not any(
        _REFUSAL.search(text[span.start + 12 : span.end]) for span in relation.content if span.start < start
    )


def _asks(text: str, relation: Relation) -> bool:
    """Whether it is a question about somebody: "Did he see it coming?" does not say that he saw anything."""
    source, cue = _hull(relation.source), _hull(relation.cue)
    if source is None or cue is None or not _AUXILIARY.search(text, max(0, source.start - 12), source.start):
        return False
    mark = _CLOSES.search(text, max(source.end, cue.end))
    return mark is not None and mark[0] == "?"


def _hull(spans: Sequence[Span]) -> Span | None:
    """One span over all; the contract has one for a source and for a cue."""
    return Span(spans[0].start, spans[-1].end) if spans else None


def _addressee(text: str, cue: Span, content: Sequence[Span]) -> str | None:
    """Whom the cue names ("told Reuters"), outside of what was said."""
    if not _TOLD.search(text, cue.start, cue.end):
        return None
    match = _ADDRESSEE.match(text, cue.end)
    if match is None or any(span.start < match.end() and match.start(1) < span.end for span in content):
        return None
    return _SENTENCE_END.split(match[1])[0]


def _day(cue: Span, content: Sequence[Span], dates: Sequence[DateMention], text: str) -> date | None:
    sentence = _sentence(text, cue)
    near = [
        one
        for one in dates
        if one.earliest == one.latest
        and sentence.start <= one.start < sentence.end
        and min(abs(one.start - cue.end), abs(cue.start - one.end)) <= _SAYS_THE_DAY
        and not any(span.start <= one.start < span.end for span in content)
    ]
    return min(near, key=lambda one: min(abs(one.start - cue.end), abs(cue.start - one.end))).earliest if near else None


def _sentence(text: str, span: Span) -> Span:
    start = max(text.rfind(mark, 0, span.start) for mark in ("\n", ". ", "? ", "! "))
    ends = [at for mark in ("\n", ". ", "? ", "! ") if (at := text.find(mark, span.end)) >= 0]
    return Span(max(0, start), min(ends, default=len(text)))


def _sourced(text: str, statements: Sequence[Statement]) -> list[Statement]:
    """A quote whose sentence names nobody is its neighbour's: the speaker of the statement before it, in the same
    paragraph or the one before; else nobody's."""
    found: list[Statement] = []
    for one in statements:
        if one.speaker is None and one.source is None and found and one.kind is not StatementKind.INDIRECT:
            before = found[-1]
            between = text[before.content[-1].end : one.content[0].start]
            if between.count("\n\n") <= 1 and len(between) < 400:
                one = replace(one, speaker=before.speaker)
        found.append(one)
    return found


def _parent(number: int, statements: Sequence[Statement]) -> int | None:
    """The smallest statement whose content holds all of this one: its words are told in the other's words."""
    inner = statements[number]
    first = min(span.start for span in (*inner.content, *filter(None, (inner.source, inner.cue))))
    last = max(span.end for span in (*inner.content, *filter(None, (inner.source, inner.cue))))
    holding = [
        (span.end - span.start, other)
        for other, outer in enumerate(statements)
        if other != number and outer.cue is not None
        for span in outer.content
        if span.start <= first and last <= span.end and not first <= outer.cue.start < last
    ]
    return min(holding)[1] if holding else None
