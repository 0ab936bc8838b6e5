"""The clause that a date dates: its sentence, cut where another clause begins.

Commas part clauses only where each side has a verb of its own; "that", "which", "after" and their like always do,
and so do quotation marks, dashes and verbs of saying. The date itself is left out where it stands at an edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from firsthand.analyze.dates.tense import Tense, is_saying, tense_of
from firsthand.model.article import Span

__all__ = ["clause_of", "sentence_of"]

_HARD = re.compile(
    r"[;:“”„\"«»()]|\s[-–—]{1,2}\s|—|\b(?:that|which|who|whom|whose|where|when|while|because|although|though|unless|if|since|until|after|before|as)\b"
    r"|\b(?:but|and|or)\b(?=\s(?:he|she|it|they|we|I|there|that|the|a|an)\s)|\b(?:quoting|citing|saying|adding|telling|warning|noting|claiming|following|including)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:that|which|who|whom|whose|where|when|while|because|although|though|unless|if|since|until|after|before|as|but|and|or|quoting|citing)\b[\s,]*",
    re.IGNORECASE,
)
_NO_CLAUSE_AFTER = re.compile(r"\s*(?:much|many|of|well|early|late|soon|long|far)\b")
_RELATIVE = re.compile(r"[,\s]*(?:who|which|whose|that)\b", re.IGNORECASE)
_MARKS = '“”„"«»'
_SCARE = 25
"""Quotation marks around no more than this are a word's, and part no clause."""
_ADVERBIAL = re.compile(
    r"\s(?:(?:in|at|by|to|during|on|from|through|via)\s[^,.;:“”]{0,40}?|earlier\s|later\s|late\s|early\s)?$"
)
_PREPOSED = re.compile(
    r"(?:in|on|at|during|after|before|by|for|with|from|under|over|as|amid|despite|following|since|until|of|to)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_TRIM = ' \t\n\r,;:.!?()[]“”„"«»–—-'


def clause_of(text: str, sentence: tuple[int, int], mention: Span, others: Sequence[Span]) -> Span | None:
    """The clause of `text[slice(*sentence)]` that `mention` dates, None where nothing but the date stands there.

    `others` are the mentions of the same sentence; no cut is made inside one.
    """
    first, last = sentence
    cuts = sorted({first, last, *_cuts(text, first, last, [mention, *others])})
    left = max(cut for cut in cuts if cut <= mention.start)
    right = min((cut for cut in cuts if cut >= mention.end and cut > left), default=last)
    if _RELATIVE.match(text, left, right) and left > first:
        left = max((cut for cut in cuts if cut < left), default=first)
    left, right = _at_commas(text, left, right, mention, others)
    return _trimmed(text, left, right, mention)


def sentence_of(text: str, sentence: tuple[int, int], mention: Span) -> Span | None:
    """The sentence without the date at its edge: all that can be said in a language whose clauses are not read."""
    return _trimmed(text, *sentence, mention, opening=False)


def _cuts(text: str, first: int, last: int, mentions: Iterable[Span]) -> Iterable[int]:
    """Where a new clause begins, outside the mentions."""
    spans = list(mentions)
    for match in _HARD.finditer(text, first, last):
        if any(span.start <= match.start() < span.end for span in spans):
            continue
        word = match[0].lower()
        if word in _MARKS and _is_scare(text, match.start()):
            continue
        if word in ("as", "since", "until", "after", "before") and not _verb_follows(text, match.end(), last):
            continue
        if word == "that" and not _opens_clause(text, first, match.start()):
            continue
        yield match.start()
    for match in _WORD.finditer(text, first, last):
        if is_saying(match[0].lower()) and not _PASSIVE.search(text, max(first, match.start() - 12), match.start()):
            yield from _after_saying(text, match, spans)


def _after_saying(text: str, match: re.Match[str], mentions: Iterable[Span]) -> Iterable[int]:
    """What is said begins after the verb, or after the date that follows it ("said Friday it had ended its search")."""
    end = match.end()
    for span in sorted(mentions, key=lambda span: span.start):
        if span.start >= end and _ADVERBIAL.fullmatch(text, end, span.start):
            end = span.end
    if re.match(r"\s+[\w“\"]", text[end : end + 3]):
        yield end


_PASSIVE = re.compile(r"\b(?:was|were|been|be|being|is|are)\s(?:\w+ly\s)?$")


def _is_scare(text: str, position: int) -> bool:
    """Whether a quotation mark is one of a pair around a word or two."""
    near = [at for at in range(max(0, position - _SCARE), min(len(text), position + _SCARE)) if text[at] in _MARKS]
    return len(near) > 1


def _opens_clause(text: str, first: int, position: int) -> bool:
    """Whether "that" at `position` opens a clause: it stands after a word, and is no pronoun ("on that day")."""
    before = text[max(first, position - 12) : position].rstrip()
    return bool(before) and not re.search(r"\b(?:on|at|in|of|by|for|with|from|is|was)$", before)


def _verb_follows(text: str, position: int, last: int) -> bool:
    """Whether a clause with a verb of its own follows, and not a noun ("after the crash", "as president")."""
    end = min(last, position + 80)
    comma = text.find(",", position, end)
    part = text[position : comma if comma >= 0 else end]
    return _NO_CLAUSE_AFTER.match(part) is None and _has_verb(part)


def _has_verb(text: str) -> bool:
    return tense_of(text, "") is not Tense.NONE


def _at_commas(text: str, left: int, right: int, mention: Span, others: Sequence[Span]) -> tuple[int, int]:
    """The part between commas around `mention`, widened until it has a subject and a verb."""
    spans = [mention, *others]
    commas = [
        match.start()
        for match in re.finditer(r",(?=\s)", text[left:right])
        if not any(span.start <= left + match.start() < span.end for span in spans)
    ]
    edges = [left, *(left + at for at in commas), right]
    low = max(i for i, at in enumerate(edges) if at <= mention.start)
    high = min((i for i, at in enumerate(edges) if at >= mention.end and i > low), default=len(edges) - 1)
    while not _complete(text[edges[low] : edges[high]], mention, edges[low]) and (low > 0 or high < len(edges) - 1):
        if low > 0:
            low -= 1
        else:
            high += 1
    return edges[low], edges[high]


def _complete(part: str, mention: Span, offset: int) -> bool:
    """Whether a part of a sentence can stand alone: it has a verb, and a word before it."""
    rest = part[: mention.start - offset] + part[mention.end - offset :]
    words = rest.strip(_TRIM)
    first = _WORD.match(words)
    if first is None or not _has_verb(words) or _RELATIVE.match(words) or _PREPOSED.match(words):
        return False
    return tense_of(first[0], "") is Tense.NONE


def _trimmed(text: str, left: int, right: int, mention: Span, *, opening: bool = True) -> Span | None:
    """Without white space, marks, the opening conjunction, and the mention where it stands first or last."""
    for _ in range(3):
        left, right = _strip(text, left, right)
        if opening and (word := _OPENS.match(text, left, right)):
            left = word.end()
        if left <= mention.start and not text[left : mention.start].strip(_TRIM):
            left = max(left, mention.end)
        if right >= mention.end and not text[mention.end : right].strip(_TRIM):
            right = min(right, mention.start)
    left, right = _strip(text, left, right)
    return Span(left, right) if left < right else None


def _strip(text: str, left: int, right: int) -> tuple[int, int]:
    while left < right and text[left] in _TRIM:
        left += 1
    while right > left and text[right - 1] in _TRIM:
        right -= 1
    return left, right
