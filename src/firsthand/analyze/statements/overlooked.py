"""What the network overlooks or gives to the wrong source, though the parse shows it plainly: a few forms, all of them sure.

Its corpus has no attribution within an attribution, none in somebody else's quotation marks, and none without a cue.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from firsthand.analyze.people.nouns import kind_of_noun
from firsthand.analyze.quotes import quotes
from firsthand.analyze.statements.relation import Relation, Span
from firsthand.analyze.statements.within import SAYING, Marked, child, find_within, span_of, tokens_in
from firsthand.model.findings import SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["with_overlooked"]

_SEEMING = frozenset("appeared seemed appears seems".split())
_DOUBTING = frozenset("question deny doubt suggest confirm admit acknowledge dispute contradict endorse reject".split())
"""What somebody may seem to do with what was said."""
_RUMOURS = frozenset("reports rumors rumours".split())
"""Nouns that tell something of nobody."""
_FEWEST = 8
"""Words from which on a quotation that nobody says is speech, not a term or a title."""
_NEAR = 400
"""Characters between a quotation and the words whose speaker goes on in it."""
_NAME = r"(?:(?:Mr|Ms|Mrs|Dr)\.? )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}"
_QUOTED = re.compile(
    rf"(?:[A-Z]\w+ing [^,]{{2,60}}, )?(?:(?P<name>{_NAME}) )?(?P<cue>(?:(?:has|have|had|also|however) )*(?P<verb>[a-z]+))"
    r" (?P<content>\S.*)",
    re.DOTALL,
)
"""`“acknowledged the ferry was late”` behind a name, or `“Mr Sallow acknowledged …”`: what others wrote down of him."""
_ASKED = re.compile(r"(?:[^.!?…]+\?)?")
"""Nothing, or a question: who answers it is who spoke before."""
_LOOSE = ' \t\n,;:—–-.”"’“'


def with_overlooked(doc: Doc, relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """The relations with their sources set right, and those that were overlooked, in order."""
    text = doc.text
    kept = [_rightly_sourced(doc, one) for one in relations]
    more = [*_seeming(doc, text, kept), *_rumoured(doc, text, kept), *_told_of(doc, text, kept)]
    more += find_within(doc, text, [*kept, *more], lambda source: _is_document(doc, source))
    more += _going_on(text, [*kept, *more])
    return tuple(sorted((*kept, *more), key=lambda one: (one.cue or one.content)[0].start))


# ------------------------------------------------------------------------------------------ sources
def _rightly_sourced(doc: Doc, one: Relation) -> Relation:
    verb = _verb(doc, one.cue)
    if verb is None or not one.source:
        return one
    first, last = one.source[0].start, one.source[-1].end
    subject = child(verb, "nsubj", "nsubjpass")
    if subject is not None and _is_reader(subject, first, last):
        return replace(one, source=(span_of(subject.left_edge, subject.right_edge),))
    seen_as = any(one.lower_ == "as" for one in verb.children) and child(verb, "agent") is None
    if verb.tag_ == "VBN" and verb.dep_ == "acl" and seen_as:
        return replace(one, source=())  # "the group, seen as a rival": nobody is said to see it so
    if verb.tag_ == "VBG" and (message := _message_before(verb, last)) is not None:
        return replace(one, source=(message,))
    return one


def _is_reader(subject: Token, first: int, last: int) -> bool:
    """Whether the source is but he who read the subject: "The pages *seen by the Herald* did not say"."""
    inside = subject.left_edge.idx <= first and last <= subject.right_edge.idx + len(subject.right_edge)
    if not inside or first <= subject.idx < last:
        return False
    holding = [token for token in subject.subtree if first <= token.idx < last]
    return any(above.dep_ == "agent" for token in holding for above in token.ancestors)


def _message_before(verb: Token, after: int) -> Span | None:
    """ "The files include *messages from the embassy*, telling …": not the files tell, the messages do."""
    for token in reversed(list(verb.sent)):
        if not after <= token.idx < verb.idx or token.dep_ not in ("dobj", "attr", "pobj"):
            continue
        plural = token.tag_ == "NNS"
        origin = next((one for one in token.children if one.lower_ == "from"), None)
        if origin is not None and kind_of_noun(token.lower_, plural=plural, counted=False) is SpeakerKind.DOCUMENT:
            whole = span_of(token.left_edge, origin.right_edge)
            return Span(whole.start, min(whole.end, verb.idx - 1)) if verb.idx - whole.end < 30 else None
    return None


# ------------------------------------------------------------------------------------------ overlooked
def _seeming(doc: Doc, text: str, known: Sequence[Relation]) -> Iterator[Relation]:
    """ "Sallow appeared to question reports that …"."""
    taken = Marked(text, [span for one in known for span in (*one.cue, *one.content)])
    for token in doc:
        if token.lower_ not in _DOUBTING or token.dep_ != "xcomp" or token.head.lower_ not in _SEEMING:
            continue
        subject, said = child(token.head, "nsubj"), child(token, "ccomp", "dobj")
        if subject is None or said is None:
            continue
        cue = span_of(token.head, token)
        if cue not in taken:
            yield Relation((span_of(subject.left_edge, subject.right_edge),), (cue,), (_clause(text, said),), 0.5)


def _rumoured(doc: Doc, text: str, known: Sequence[Relation]) -> Iterator[Relation]:
    """ "*reports that* the bridge was closed": told, and nobody says by whom."""
    taken = Marked(text, [span for one in known for span in one.cue])
    for token in doc:
        if token.lower_ not in _RUMOURS or token.pos_ != "NOUN" or span_of(token, token) in taken:
            continue
        said = child(token, "acl", "relcl", "ccomp")
        if said is not None and said.left_edge.lower_ == "that" and said.left_edge.dep_ == "mark":
            yield Relation((), (span_of(token, token),), (_clause(text, said),), 0.5)


def _told_of(doc: Doc, text: str, known: Sequence[Relation]) -> Iterator[Relation]:
    """What a quotation tells of somebody's words: `Sallow “acknowledged that …”`, `“Ms Vane underscored …”`."""
    taken = Marked(text, [span for one in known for span in (*one.cue, *one.content)])
    for quote in quotes(text):
        match = _QUOTED.match(text, quote.start + 1, quote.end - 1)
        if match is None or match["verb"] not in SAYING or quote in taken:
            continue
        source = Span(*match.span("name")) if match["name"] else _before(doc, text, quote)
        content = match["content"].rstrip(_LOOSE)
        if source is not None and content:
            start = match.start("content")
            yield Relation((source,), (Span(*match.span("cue")),), (Span(start, start + len(content)),), 0.5)


def _going_on(text: str, known: Sequence[Relation]) -> Iterator[Relation]:
    """Quotations that nobody says, right after somebody's words: he goes on. Words that name him are not his own."""
    ends = sorted(one.content[-1].end for one in known if one.source)
    taken = Marked(text, [span for one in known for span in (*one.cue, *one.content)])
    for quote in quotes(text):
        words = text[quote.start + 1 : quote.end - 1].strip()
        if len(words.split()) < _FEWEST or not words[0].isupper() or words[-1] not in ".!?…" or quote in taken:
            continue
        at = bisect_right(ends, quote.start)
        between = text[ends[at - 1] : quote.start] if at else ""
        if (
            between
            and len(between) < _NEAR
            and between.count("\n\n") <= 1
            and _ASKED.fullmatch(between.strip(_LOOSE + "\n"))
        ):
            yield Relation((), (), (quote,), 0.4)


# ------------------------------------------------------------------------------------------ the parse
def _is_document(doc: Doc, source: Sequence[Span]) -> bool:
    tokens = list(tokens_in(doc, source))
    heads = [token for token in tokens if token.pos_ == "NOUN" and token.head not in tokens] or tokens[-1:]
    return any(
        kind_of_noun(token.lower_, plural=token.tag_ == "NNS", counted=False) is SpeakerKind.DOCUMENT for token in heads
    )


def _verb(doc: Doc, cue: Sequence[Span]) -> Token | None:
    return next((token for token in tokens_in(doc, cue) if token.pos_ == "VERB"), None)


def _before(doc: Doc, text: str, quote: Span) -> Span | None:
    """The name or description that ends right before a quotation."""
    ahead = doc.char_span(max(0, quote.start - 2), max(1, quote.start - 1), alignment_mode="expand")
    if ahead is None or text[quote.start - 1 : quote.start] != " " or ahead[-1].pos_ not in ("PROPN", "NOUN", "PRON"):
        return None
    first = last = ahead[-1]
    while first.i > 0 and first.nbor(-1).pos_ in ("PROPN", "NOUN", "ADJ", "DET") and "\n" not in first.nbor(-1).text:
        first = first.nbor(-1)
    return span_of(first, last)


def _clause(text: str, said: Token) -> Span:
    """A clause or an object with what it is seen as."""
    last = next((one for one in said.head.rights if one.lower_ == "as" and one.i > said.i), said)
    whole = span_of(said.left_edge, last.right_edge)
    words = text[whole.start : whole.end].rstrip(_LOOSE)
    return Span(whole.start, whole.start + max(len(words), 1))
