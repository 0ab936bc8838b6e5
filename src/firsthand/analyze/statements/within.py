"""Who says, wants or asks what within somebody's words: a diplomat's hopes in a cable, a government's thanks in his report.

The network's corpus has hardly an attribution within an attribution; these are the forms that English grammar makes sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from firsthand.analyze.quotes import quotes
from firsthand.analyze.statements.relation import Relation, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["SAYING", "Marked", "child", "find_within", "span_of", "tokens_in"]

SAYING = frozenset(
    "acknowledge acknowledged acknowledges admits admitted alleged alleges argued argues asserted asserts claimed"
    " claims conceded concedes confirmed confirms contended contends declared declares denied denies downplayed"
    " emphasised emphasized expressed expresses hinted hints hopes indicated indicates insisted insists intimated"
    " intimates maintained maintains noted notes predicted predicts said says sees show shows stated states"
    " stressed suggest suggested suggests told underlined underscored voiced warned warns".split()
)
"""What within others' words says that somebody says."""
_OBJECTS = frozenset(
    "acknowledged denied downplayed emphasised emphasized expressed sees stressed underlined underscored voiced".split()
)
"""Take an object as well as a clause."""
_SAID_ASIDE = frozenset(
    "acknowledging admitting adding arguing claiming conceding confirming denying insisting noting saying stressing".split()
)
_ASSURING = frozenset("assure convince inform promise reassure remind tell warn".split())
"""Take him who is told and a clause: "to assure residents that …"."""
_WISHING = frozenset("appreciate like prefer welcome".split())
"""With "would": what somebody wants, said politely."""
_GIVING = frozenset("offered offers extended extends conveyed conveys expressed expresses sent sends".split())
_GIVEN = frozenset(
    "apologies apology condolences congratulations gratitude regret regrets solidarity sympathies sympathy thanks".split()
)
"""What is offered in words and by words alone."""
_OWN = frozenset("i we you who which that".split())
"""Subjects that name nobody else than the speaker."""
_LOOSE = ' \t\n,;:—–-.”"’“'


def find_within(
    doc: Doc, text: str, known: Sequence[Relation], is_document: Callable[[Sequence[Span]], bool]
) -> Iterator[Relation]:
    """The attributions within the contents of `known`, whose cues stand in none of theirs."""
    cues = Marked(text, [span for one in known for span in one.cue])
    rules = _Rules(text)
    for outer in known:
        document = bool(outer.source) and is_document(outer.source)
        for token in tokens_in(doc, outer.content):
            if span_of(token, token) in cues:
                continue
            found = (rules.of_document(token) if document else None) or rules.of_anybody(token, outer)
            if found is not None:
                cues.add(found.cue[0])
                yield found


class _Rules:
    """The forms, each asked of one word of a content."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._quotes = quotes(text)

    def of_document(self, token: Token) -> Relation | None:
        """ "The memos show that *the ministry denied that it had known*"."""
        subject, said = child(token, "nsubj"), child(token, "ccomp", *(["dobj"] if token.lower_ in _OBJECTS else ()))
        if token.lower_ not in SAYING or token.pos_ != "VERB" or subject is None or said is None:
            return None
        return self._found(subject, token, said) if said.i > token.i > subject.i else None

    def of_anybody(self, token: Token, outer: Relation) -> Relation | None:
        """What is sure in anybody's words."""
        return (
            self._as_well(token, outer)
            or self._aside(token, outer)
            or self._in_order_to(token)
            or self._would(token)
            or self._given(token)
        )

    def _as_well(self, token: Token, outer: Relation) -> Relation | None:
        """ "he has seen the bill *and hopes it is paid*"; "said that they were stopping nobody *but acknowledged …*"."""
        said = child(token, "ccomp")
        if token.lower_ not in SAYING or token.dep_ != "conj" or said is None or said.i < token.i:
            return None
        if child(token, "nsubj", "nsubjpass", "aux", "auxpass") is not None:
            return None
        first = token.head
        subject = child(first, "nsubj")
        if subject is None or not subject.i < first.i < token.i:
            return None
        joined = {one.lower_ for one in first.children if one.dep_ == "cc"}
        if "but" in joined and token.tag_ == "VBD" and first.tag_ != "VBD" and outer.source:
            # After "said that they were stopping …", a "but acknowledged" is like "said", not like "stopping".
            return self._found(None, token, said, outer.source)
        return self._found(subject, token, said) if subject.lower_ in ("he", "she") else None

    def _aside(self, token: Token, outer: Relation) -> Relation | None:
        """ "praised their effort (*while acknowledging that it was late*)": whoever praised."""
        said = child(token, "ccomp", "dobj")
        if token.lower_ not in _SAID_ASIDE or token.dep_ != "advcl" or said is None or not outer.source:
            return None
        of_cue = any(span.start <= token.head.idx < span.end for span in outer.cue)
        return self._found(None, token, said, outer.source) if of_cue and said.i > token.i else None

    def _in_order_to(self, token: Token) -> Relation | None:
        """ "they were going from door to door *to assure people that there was water*"."""
        said, told = child(token, "ccomp"), child(token, "dobj")
        if token.lower_ not in _ASSURING or token.dep_ != "advcl" or said is None or told is None:
            return None
        subject = child(token.head, "nsubj")
        aux = {one.lower_ for one in token.head.children if one.dep_ in ("aux", "neg")}
        if subject is None or subject.lower_ in _OWN or not aux <= {"was", "were", "is", "are", "has", "have", "had"}:
            return None
        return self._found(subject, token, said) if told.i < said.i else None

    def _would(self, token: Token) -> Relation | None:
        """ "*the government would also appreciate a public word*"."""
        if token.lower_ not in _WISHING or token.tag_ != "VB":
            return None
        before = [one for one in token.lefts if one.dep_ in ("aux", "neg", "advmod")]
        if not before or before[0].lower_ != "would":
            return None
        said = child(token, "xcomp", "ccomp", "dobj")
        subject = child(token, "nsubj") or _noun_before(before[0])
        if said is None or said.i < token.i or subject is None or subject.lower_ in _OWN:
            return None
        return self._found(subject, token, said, start=before[0])

    def _given(self, token: Token) -> Relation | None:
        """ "*the envoy offered condolences*"."""
        subject, said = child(token, "nsubj"), child(token, "dobj")
        if token.lower_ not in _GIVING or subject is None or said is None or said.lower_ not in _GIVEN:
            return None
        return None if subject.lower_ in _OWN else self._found(subject, token, said)

    def _found(
        self, subject: Token | None, verb: Token, said: Token, source: Sequence[Span] = (), start: Token | None = None
    ) -> Relation:
        """`source`: where no subject stands here; `start`: where the cue begins before its verb."""
        spans = (span_of(subject.left_edge, subject.right_edge),) if subject is not None else tuple(source)
        return Relation(spans, (span_of(start or verb, verb),), (self._content(said),), 0.5)

    def _content(self, said: Token) -> Span:
        """A clause or an object with what it is seen as; a quotation that it opens, to its end."""
        negated = next((one for one in said.lefts if one.dep_ == "neg"), None)
        first = min((said.left_edge, *([negated] if negated is not None else ())), key=lambda one: one.i)
        last = next((one for one in said.head.rights if one.lower_ == "as" and one.i > said.i), said)
        whole = span_of(first, last.right_edge)
        end = next((q.end for q in self._quotes if whole.start < q.start < whole.end < q.end), whole.end)
        words = self._text[whole.start : end]
        if ")" in words and words.find(")") < (words.find("(") if "(" in words else len(words)):
            words = words[: words.find(")")]  # the brackets that it stands in close
        end = whole.start + max(len(words.rstrip(_LOOSE)), 1)
        opened = (one.end for one in self._quotes if whole.start < one.start < end < one.end <= end + 3)
        return Span(whole.start, next(opened, end))  # with the mark that closes what it opens


class Marked:
    """Characters of a text that some spans hold: whether another span meets any, however many there are."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._marks = bytearray(len(text))
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        self._marks[span.start : span.end] = b"\1" * (span.end - span.start)

    def __contains__(self, span: Span) -> bool:
        return self._marks.find(1, span.start, span.end) >= 0


def child(token: Token, *kinds: str) -> Token | None:
    """The first word that depends on `token` in one of these ways."""
    return next((one for one in token.children if one.dep_ in kinds), None)


def span_of(first: Token, last: Token) -> Span:
    """From the first letter of one word to the last of another."""
    return Span(first.idx, last.idx + len(last))


def _noun_before(token: Token) -> Token | None:
    """The noun right before a verb, where the parser has taken it for another's object."""
    if token.i == token.sent.start:
        return None
    before = token.nbor(-1)
    return before if before.pos_ in ("NOUN", "PROPN") and before.right_edge.i == before.i else None


def tokens_in(doc: Doc, spans: Sequence[Span]) -> Iterator[Token]:
    """The words that some spans hold, whole or in part."""
    for span in spans:
        yield from doc.char_span(span.start, span.end, alignment_mode="expand") or ()
