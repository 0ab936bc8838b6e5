"""Attributions of an English text from its parse alone, without the network: for archives, where speed counts.

A verb of saying with its clause, its quote or its object; "according to". Plain, and it shows: the figures stand beside
those of the network in docs/quality.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from firsthand.analyze.quotes import quotes
from firsthand.analyze.statements.relation import Relation
from firsthand.model.article import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["find_by_rules"]

_SAYING: Final = frozenset(
    """acknowledged acknowledges add added adding adds admit admits admitted agree agreed agrees allege alleged alleges
    announce announced announces argue argued argues arguing ask asked asking asks assert asserted asserts believe believed
    believes claim claimed claiming claims conclude concluded concludes confirm confirmed confirms continued contend contended
    contends declare declared declares denied denies deny estimate estimated estimates expect expected expects explain explained
    explains fear feared fears feel feels found hope hoped hopes indicate indicated indicates insist insisted insists know knows
    maintain maintained maintains note noted notes noting predict predicted predicts pledge pledged pledges promise promised
    promises quipped recall recalled recalls replied reply report reported reports responded reveal revealed reveals said say
    saying says show showed showing shows state stated states suggest suggested suggesting suggests tell telling tells testified
    think thinks thought told tweeted urge urged urges vow vowed vows want wanted wants warn warned warning warns wonder
    wondered wonders write writes wrote""".split()
)
"""Take a clause or a quote: "said that", "urged them to"."""
_JUDGING: Final = frozenset(
    """accuse accused accuses attacked back backed backs backing blamed blasted calling called calls cited cites citing
    condemn condemned condemns criticised criticize criticized criticizes criticizing defend defended defends denounced
    describe described describes dismissed endorse endorsed endorses oppose opposed opposes praise praised praises proposed
    questioned questions rejected rejects support supported supporting supports""".split()
)
"""Take an object: "criticized the plan"."""
_SUBJECTS: Final = ("nsubj", "nsubjpass", "csubj")
_CLAUSES: Final = ("ccomp", "xcomp")
_INHERITS: Final = ("advcl", "conj", "xcomp", "acl")
_OPENING, _CLOSING = '“"‘«', '”"’»'
# "HARBORVIEW (Reuters) – ": the parser takes it for the beginning of the sentence, which it precedes.
_DATELINE: Final = re.compile(r"[A-Z][A-Z .,'’/-]{2,40}(?:, \w+\.? \d{1,2})?(?: \([^)\n]{2,40}\))? (?:[–—-]|--) ")
_LOOSE: Final = " \t\n,;:—–-"


def find_by_rules(doc: Doc) -> tuple[Relation, ...]:
    """The attributions of a parsed text, in order of their cues; spans are code points of its text."""
    found = (_of_verb(token) or _according(token) for token in doc)
    return _with_quotes(doc.text, [one for one in found if one is not None])


def _with_quotes(text: str, relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """Quotes whole, over the ends of their sentences, and what the same paragraph quotes on before anybody else speaks."""
    stretches = quotes(text)
    kept = []
    for number, one in enumerate(relations):
        content = _whole(one.content, stretches, [*one.source, *one.cue])
        if number + 1 < len(relations):
            limit = relations[number + 1].cue[0].start
            limit = min(limit, *(span.start for span in relations[number + 1].content))
        else:
            limit = len(text)
        end = text.find("\n", one.cue[0].start)
        limit = min(limit, end if end >= 0 else len(text))
        if any(text[span.start] in _OPENING for span in content):
            after = max(content[-1].end, one.cue[-1].end)
            content = (*content, *(each for each in stretches if after <= each.start and each.end <= limit))
        kept.append(replace(one, content=content))
    return tuple(kept)


def _whole(content: Sequence[Span], stretches: Sequence[Span], taken: Sequence[Span]) -> tuple[Span, ...]:
    """Each span with the quotes that it begins or ends in, unless source or cue stand in them."""
    grown: list[Span] = []
    for span in content:
        touched = [each for each in stretches if each.start < span.end and span.start < each.end]
        apart = [each for each in touched if not any(each.start < one.end and one.start < each.end for one in taken)]
        edges = [span, *apart]
        new = Span(min(each.start for each in edges), max(each.end for each in edges))
        if grown and new.start < grown[-1].end:
            new = Span(grown[-1].start, max(grown.pop().end, new.end))
        grown.append(new)
    return tuple(grown)


def _of_verb(token: Token) -> Relation | None:
    word = token.lower_
    if token.pos_ not in ("VERB", "AUX") or not (word in _SAYING or word in _JUDGING):
        return None
    source = _source(token)
    content = _content(token, judging=word in _JUDGING)
    if (source is None and token.dep_ not in ("acl", "advcl")) or content is None:
        return None
    return _relation(token.doc, source, _cue(token), content)


def _content(token: Token, *, judging: bool) -> list[Span] | None:
    """What is said: the clause of the verb; the sentence around it where it stands in between; its object."""
    clauses = [child for child in token.children if child.dep_ in _CLAUSES]
    if not clauses and token.dep_ in ("parataxis", "ccomp") and token.head.i != token.i and _in_commas(token):
        return _around(token.head, token)
    if not clauses and judging:
        clauses = [child for child in token.children if child.dep_ in ("dobj", "oprd")]
    if not clauses:
        return None
    if clauses[0].dep_ == "xcomp" and not token.lower_.startswith(("tell", "told")):
        clauses += [child for child in token.children if child.dep_ == "dobj" and child.i > token.i]
    whole = _span(token.doc, min(_left(one) for one in clauses), max(_right(one) for one in clauses))
    return [whole] if whole else None


def _in_commas(token: Token) -> bool:
    left = _left(token)
    return left > 0 and token.doc[left - 1].text in (",", "”", '"', "—", "''")


def _around(head: Token, inner: Token) -> list[Span] | None:
    """The sentence that a verb of saying stands in the middle or at the end of, without it."""
    doc, left, right = head.doc, _left(inner), _right(inner)
    parts = [_span(doc, _left(head), left - 1), _span(doc, right + 1, _right(head))]
    kept = [part for part in parts if part]
    return kept or None


def _source(token: Token) -> Span | None:
    seen = 0
    while seen < 4:
        for child in token.children:
            if child.dep_ in _SUBJECTS:
                return _span(token.doc, _left(child), _right(child))
        if token.dep_ not in _INHERITS or token.head.i == token.i:
            return None
        token, seen = token.head, seen + 1
    return None


def _cue(token: Token) -> Span:
    """The verb with its auxiliaries, negation and particle, where they stand beside it."""
    near = {token.i, *(child.i for child in token.children if child.dep_ in ("aux", "auxpass", "neg", "prt", "advmod"))}
    first = last = token.i
    while first - 1 in near:
        first -= 1
    while last + 1 in near and token.doc[last + 1].dep_ in ("prt",):
        last += 1
    return Span(token.doc[first].idx, token.doc[last].idx + len(token.doc[last]))


def _according(token: Token) -> Relation | None:
    if token.lower_ != "according" or token.i + 2 >= len(token.doc) or token.doc[token.i + 1].lower_ != "to":
        return None
    to = token.doc[token.i + 1]
    objects = [child for one in (token, to) for child in one.children if child.dep_ == "pobj"]
    if not objects or token.head.i == token.i:
        return None
    source = _span(token.doc, _left(objects[0]), _right(objects[0]))
    cue = Span(token.idx, to.idx + len(to))
    content = _around(token.head, token)
    return _relation(token.doc, source, cue, content) if source and content else None


def _relation(doc: Doc, source: Span | None, cue: Span, content: Iterable[Span]) -> Relation | None:
    kept = tuple(sorted(_without(content, [cue, *([source] if source else [])], doc), key=lambda span: span.start))
    return Relation((source,) if source else (), (cue,), kept, 0.5) if kept else None


def _without(content: Iterable[Span], taken: Iterable[Span], doc: Doc) -> Iterator[Span]:
    """The content without what source and cue hold of it."""
    for span in content:
        parts = [span]
        for other in taken:
            parts = [piece for part in parts for piece in _apart(part, other)]
        for part in parts:
            trimmed = _trim(doc.text, part.start, part.end)
            if trimmed and any(letter.isalnum() for letter in doc.text[trimmed.start : trimmed.end]):
                yield trimmed


def _apart(part: Span, other: Span) -> list[Span]:
    if other.end <= part.start or part.end <= other.start:
        return [part]
    pieces = [(part.start, other.start), (other.end, part.end)]
    return [Span(start, end) for start, end in pieces if start < end]


def _left(token: Token) -> int:
    return int(token.left_edge.i)


def _right(token: Token) -> int:
    return int(token.right_edge.i)


def _span(doc: Doc, first: int, last: int) -> Span | None:
    if first > last:
        return None
    return _trim(doc.text, doc[first].idx, doc[last].idx + len(doc[last]))


def _trim(text: str, start: int, end: int) -> Span | None:
    """Without loose marks at its ends; with the quotation marks that stand around it."""
    if dateline := _DATELINE.match(text, start, end):
        start = dateline.end()
    while start < end and text[start] in _LOOSE:
        start += 1
    while start < end and text[end - 1] in _LOOSE:
        end -= 1
    last = text.rfind(" ", start, end) + 1
    if end - start > 1 and text[end - 1] == "." and text.count(".", max(start, last), end) == 1:
        end -= 1  # a sentence's stop, not an abbreviation's; that of a quote comes back with its mark
    if start >= end:
        return None
    if start and text[start - 1] in _OPENING and text[start] not in _OPENING:
        start -= 1
    rest = text[end : end + 2]
    if len(rest) == 2 and rest[0] in ",.?!" and rest[1] in _CLOSING:
        end += 2
    elif rest[:1] and rest[0] in _CLOSING and any(mark in text[start:end] for mark in _OPENING):
        end += 1
    return Span(start, end)
