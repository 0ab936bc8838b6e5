"""Which statement of an article denies or contradicts another: only where the text says so.

Two things must be there. Words of dispute: a cue that denies ("denied", "rejected the claim", "called the report false")
or a content that does ("reports to the contrary", "that is not true"). And a link to what is disputed: the words name it
("the claim", "that") and it was made last before by somebody else, or both contents speak of the same in the same words.
That two contents cannot both be true is no evidence: whoever reads may see it, the text does not say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from firsthand.model.article import Span
from firsthand.model.findings import Dispute, Statement

__all__ = ["find_disputes"]

_THING = (
    r"(?:claims?|allegations?|accusations?|assertions?|charges?|reports?|story|stories|statements?|account|version|suggestions?|figures?|numbers?"
    r"|assessment|view|notion|idea|rumou?rs?|speculation|findings?|conclusions?|estimates?|remarks?|comments?|criticism|memos?|article|testimony)"
)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|disput(?:e|es|ed|ing)|refut(?:e|es|ed|ing)|rebut(?:s|ted|ting)?|contradict(?:s|ed|ing)?|debunk(?:s|ed|ing)?"
    r"|disagree(?:s|d)?|contest(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_REJECTION = re.compile(
    r"\b(?:reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|push(?:es|ed)?\sback\s(?:on|against)|brush(?:es|ed)\s(?:off|aside)|repudiat(?:e|es|ed))\b",
    re.IGNORECASE,
)
"""These deny only where a claim is what they reject: offers, motions and appeals are rejected too."""
_CALLED = re.compile(
    rf"\b(?:call(?:s|ed|ing)?|brand(?:s|ed)?|label(?:s|ed|led)?|describ(?:es|ed))\s+(?:[^.;“”]{{0,40}}?\b{_THING}\b[^.;“”]{{0,20}}?)\s*(?:as\s)?[“\"]?(?:completely\s|entirely\s|simply\s|utterly\s)?(?:false|untrue|a\slie|lies|nonsense|baseless|wrong|misleading|fabricated|fiction|fake)\b",
    re.IGNORECASE,
)
_FALSE = r"(?:false|untrue|not\strue|a\slie|lies|nonsense|baseless|unfounded|groundless|(?:completely|entirely|simply|totally|plainly)?\s?wrong|misleading|fabricated|fiction|incorrect|inaccurate|without\sfoundation)"
_SUBJECT = rf"(?:th(?:at|is|ose|ese)(?:\s{_THING})?|it|(?:the|such|his|her|their|its|all|both|[\w’']+['’]s)\s(?:\w+\s)?{_THING}|{_THING})"
_CONTENT = re.compile(
    rf"\b(?P<contrary>{_THING}\sto\sthe\scontrary)|\b{_SUBJECT}(?:['’]s|\s(?:is|was|are|were|had\sbeen|has\sbeen|have\sbeen))\s{_FALSE}\b"
    r"|\b(?:that|this|it)\s(?:is|was)\snot\swhat\shappened\b|\b(?:that|this|it)\s(?:never\shappened|did\snot\shappen)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|n['’]t|never|nor|neither|nobody|no\sone|without|declin(?:e|es|ed)\sto|refus(?:e|es|ed)\sto|hard\sto|could\shardly)\s(?:\w+\s){0,3}$",
    re.IGNORECASE,
)
_OTHER_SENSE = re.compile(
    r"\s+(?:(?:him|her|them|it|us|me)\s)?(?:a\s|the\s|an\s|any\s)?(?:bail|entry|access|visas?|permission|permit|parole|service|funding|benefits|asylum"
    r"|a?\s?requests?|wrongdoing|(?:any\s)?involvement|responsibility|guilt|offers?|motions?|appeals?|bids?|proposals?|plans?|calls?|amendments?|demands?|petitions?)\b",
    re.IGNORECASE,
)
_ANAPHOR = re.compile(
    rf"^[\s“\"'‘]*(?:with\s)?(?:th(?:at|is|e|ose|ese)|such|his|her|their|its|all|both|it|[\w.’'-]+['’]s|the\s[\w-]+['’]s|any)?\s?(?:\w+\s)?{_THING}\b|^[\s“\"'‘]*(?:that|this|it)(?=\s*(?:[.,;”\"]|$))",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\s(?:the\s[\w-]+|him|her|them|[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+)?)")
"""Whom one contradicts."""
_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_STOP = frozenset(
    "the and for that this with from had has have was were are been being will would could should may might not said says say told they them their his her its"
    " who which what when where than then there here but nor any all some such into over under about after before because while one two out off own him she"
    " you your our did does done can also more most other only just very".split()
)
_NEAR = 900
"""Characters between a claim and the words that take it up; two paragraphs of copy."""
_AROUND = 60
"""Statements to either side among which the disputed one is looked for."""
_SHARED = 0.5
"""The share of the shorter content's words that the other must have."""


def find_disputes(text: str, statements: Sequence[Statement]) -> tuple[Dispute, ...]:
    """The disputes of one article, in the order of the statements that dispute, one for each pair."""
    found: dict[tuple[int, int], Dispute] = {}
    for index in range(len(statements)):
        for dispute in _of(text, statements, index):
            found.setdefault((dispute.statement, dispute.disputed), dispute)
    return tuple(found[key] for key in sorted(found))


def _of(text: str, statements: Sequence[Statement], index: int) -> Iterator[Dispute]:
    """What the statement at `index` disputes, or what the narration says that its speaker disputes."""
    evidence = _by_cue(text, statements[index]) or _by_content(text, statements[index])
    if evidence is not None:
        disputed = _disputed(text, statements, index, evidence)
        if disputed is not None:
            yield Dispute(statement=index, disputed=disputed, evidence=_tight(text, evidence))
    else:
        yield from _narrated(text, statements, index)


# ------------------------------------------------------------------------------------------------ words of dispute
def _by_cue(text: str, one: Statement) -> Span | None:
    """The cue that denies, with the claim that it names ("rejected the claim")."""
    if one.cue is None:
        return None
    start, end = one.cue.start, max(one.cue.end, one.content[0].end)
    called = _CALLED.search(text, start, end)
    if called:
        return Span(called.start(), called.end())
    verb = _DENIAL.search(text, start, one.cue.end) or _REJECTION.search(text, start, one.cue.end)
    if verb is None or _is_negated(text, verb.start()) or _OTHER_SENSE.match(text, verb.end()):
        return None
    thing = _ANAPHOR.match(text[verb.end() : end])
    if thing is None and verb[0].lower().startswith("contradict"):
        thing = _SOMEBODY.match(text[verb.end() : end])
    if verb.re is _REJECTION and thing is None:
        return None
    return Span(verb.start(), verb.end() + (len(thing[0]) if thing else 0))


def _is_negated(text: str, position: int) -> bool:
    return _NEGATED.search(text, max(0, position - 60), position) is not None


def _by_content(text: str, one: Statement) -> Span | None:
    """The words in the content that call something false."""
    for part in one.content:
        match = _CONTENT.search(text, part.start, part.end)
        if match and not _is_negated(text, match.start()):
            return Span(match.start(), match.end())
    return None


def _tight(text: str, evidence: Span) -> Span:
    """Without white space and opening quotation marks at its edges."""
    start, end = evidence.start, evidence.end
    while start < end and text[start] in " \n“\"'‘":
        start += 1
    while end > start and text[end - 1] in " \n”\"'’,":
        end -= 1
    return Span(start, end)


# ------------------------------------------------------------------------------------------------ what is disputed
def _disputed(text: str, statements: Sequence[Statement], index: int, evidence: Span) -> int | None:
    """The statement that is disputed: of the same words, else the one that "the claim" takes up."""
    one = statements[index]
    near = range(max(0, index - _AROUND), min(len(statements), index + _AROUND))
    others = [at for at in near if at != index and _may_dispute(text, one, statements[at])]
    alike = _most_alike(text, statements, index, others)
    if alike is not None:
        return alike
    words = text[evidence.start : evidence.end]
    named_there = _ANAPHOR.search(_after_verb(words)) or words.lower().startswith("contradict")
    if not (named_there or _CONTENT.search(words) or _CALLED.search(words)):
        return _made_by(text, statements, one, others)
    named = _made_by(text, statements, one, others)
    return named if named is not None else _last_before(text, statements, one, others)


def _after_verb(words: str) -> str:
    verb = _DENIAL.match(words) or _REJECTION.match(words)
    return words[verb.end() :] if verb else words


def _may_dispute(text: str, one: Statement, other: Statement) -> bool:
    """Whether two statements are by two, and neither lies within the other."""
    if _overlaps(one, other):
        return False
    if one.speaker is not None and other.speaker is not None:
        same = (
            one.speaker.entity == other.speaker.entity
            if one.speaker.entity is not None
            else one.speaker.name.lower() == other.speaker.name.lower()
        )
        return not same
    mine, theirs = _source(text, one), _source(text, other)
    return not mine or not theirs or mine != theirs


def _source(text: str, one: Statement) -> str:
    return text[one.source.start : one.source.end].lower() if one.source else ""


def _overlaps(one: Statement, other: Statement) -> bool:
    return any(a.start < b.end and b.start < a.end for a in one.content for b in other.content)


def _most_alike(text: str, statements: Sequence[Statement], index: int, others: Sequence[int]) -> int | None:
    """The statement whose content has most words in common with what is denied; the nearest of equals."""
    words = _words(text, statements[index])
    ranked = []
    for at in others:
        theirs = _words(text, statements[at])
        shared = len(words & theirs)
        least = min(len(words), len(theirs))
        next_to_it = at == _last_before(text, statements, statements[index], others)
        if shared >= (1 if next_to_it and words <= theirs else 2) and shared >= _SHARED * least:
            ranked.append((shared / least, -abs(_start(statements[at]) - _start(statements[index])), at))
    return max(ranked)[2] if ranked else None


def _words(text: str, one: Statement) -> frozenset[str]:
    """The words of a content that say what it is about, cut to their stems."""
    found = (word.lower() for part in one.content for word in _WORD.findall(text[part.start : part.end]))
    return frozenset(_stem(word) for word in found if word not in _STOP and not re.fullmatch(_THING, word))


def _stem(word: str) -> str:
    """Enough to find "firing" in "fired": no more is needed here."""
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _made_by(text: str, statements: Sequence[Statement], one: Statement, others: Sequence[int]) -> int | None:
    """The last statement before of the one whose claim it is said to be: "dismissed Sallow's allegation", "contradicted the company"."""
    said = one.content[-1].end
    start = one.cue.start if one.cue else one.content[0].start
    words = text[start:said].lower()
    for at in reversed(
        [at for at in others if _start(statements[at]) < start and start - _end(statements[at]) <= _NEAR]
    ):
        speaker = statements[at].speaker
        name = (
            speaker.name.split()[-1].lower()
            if speaker and speaker.name
            else _source(text, statements[at]).split(" ")[-1]
        )
        if len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", words):
            return at
    return None


def _last_before(text: str, statements: Sequence[Statement], one: Statement, others: Sequence[int]) -> int | None:
    """The statement made last before, in the same or the preceding paragraph."""
    start = _start(one)
    before = [at for at in others if _end(statements[at]) <= start]
    if not before:
        return None
    last = max(before, key=lambda at: (_end(statements[at]), at))
    between = text[_end(statements[last]) : start]
    return last if len(between) <= _NEAR and len(re.findall(r"\n\s*\n", between)) <= 1 else None


def _start(one: Statement) -> int:
    spans = [*one.content, *(span for span in (one.source, one.cue) if span is not None)]
    return min(span.start for span in spans)


def _end(one: Statement) -> int:
    spans = [*one.content, *(span for span in (one.source, one.cue) if span is not None)]
    return max(span.end for span in spans)


# ------------------------------------------------------------------------------------------------ told by the reporter
_ACCOUNT = re.compile(
    r"\b(?:(?P<whose>her|his|their|its|the|[\w.-]+['’]s)\s(?:\w+\s)?(?:account|statement|claim|version|testimony|remarks?|comments?|report)s?|(?:which|that|this))"
    r"\s(?P<verb>contradict(?:s|ed)?|disput(?:es|ed)|(?:is|was|are|were)\sat\sodds\swith|conflict(?:s|ed)\swith|challeng(?:es|ed))\b",
    re.IGNORECASE,
)


def _narrated(text: str, statements: Sequence[Statement], index: int) -> Iterator[Dispute]:
    """`Her account contradicts memos in which engineers write that …`: the last one's statement disputes the next."""
    one = statements[index]
    end = _end(one)
    match = _ACCOUNT.search(text, end, min(len(text), end + 160))
    if match is None or text[end : match.start()].count(".") > 1 or "\n" in text[match.start() : match.end()]:
        return
    stop = text.find("\n", match.end())
    stop = len(text) if stop < 0 else stop
    for at in range(max(0, index - _AROUND), min(len(statements), index + _AROUND)):
        other = statements[at]
        if match.end() <= _start(other) < min(stop, match.end() + 250) and _may_dispute(text, one, other):
            if any(end <= _start(between) < match.start() for between in statements[index : at + 1]):
                return
            yield Dispute(statement=index, disputed=at, evidence=Span(match.start("verb"), match.end("verb")))
            return
