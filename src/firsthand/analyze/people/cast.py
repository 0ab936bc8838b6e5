"""Who is meant where no name stands: pronouns, "the ambassador", "the company", and what a source's words stand for.

The mentions of a text are read in order. Each pronoun and each definite description is given to the one who was last
spoken of and fits: gender, number, and being the subject of a sentence count, what stands in others' quotation marks
does not. Two who fit as well leave it unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from firsthand.analyze.dates.sentence import inside
from firsthand.analyze.dates.tense import is_saying
from firsthand.analyze.people.descriptions import LONGEST, Descriptions
from firsthand.analyze.people.named import Named
from firsthand.analyze.people.pronouns import Pronouns, is_of_speaker, is_pronoun
from firsthand.analyze.people.spoken import Spoken
from firsthand.analyze.people.who import SUBJECTS, Who, is_definite, top_of_name
from firsthand.model.article import Span
from firsthand.model.findings import Entity, EntityKind, Speaker, SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Chunk

__all__ = ["Cast"]

_JOINED = re.compile(r"\s+and\s+(?!the\b|an?\b|his\b|her\b|their\b)(?:[a-z][\w-]*\s+){1,3}(?=[A-Z])")
_LABELS = {"PERSON": SpeakerKind.PERSON, "ORG": SpeakerKind.ORGANIZATION, "GPE": SpeakerKind.ORGANIZATION}


class Cast:
    """All who are spoken of in one English text, and who each of its words means."""

    def __init__(self, text: str, entities: Sequence[Entity], doc: Doc) -> None:
        self._text, self._doc, self._entities = text, doc, entities
        self._named = Named(text, entities, doc)
        self._spoken = Spoken(self._named)
        self._descriptions = Descriptions(self._named, self._spoken)
        self._pronouns: dict[int, Who | None] = {}
        self._read()

    def speaker(self, source: Span) -> Speaker | None:
        """Who the words `source` stand for; None where the text does not tell."""
        tokens = self._named.tokens_in(source)
        if not tokens:
            return None
        head = self._named.head(tokens)
        if is_of_speaker(head.lower_):
            return self._as_speaker(self._who_speaks(head.idx))
        if head.idx in self._pronouns:
            return self._as_speaker(self._pronouns[head.idx])
        if head.tag_ in ("WDT", "WP") and (before := _antecedent_of(head)) is not None:
            return self._as_antecedent(self.speaker(Span(before.left_edge.idx, before.idx + len(before))), head)
        named = self._named.named_in(source, head)
        if named is not None:
            return self._as_speaker(self._several(source, head, named) or self._named.who_named(named))
        return self._as_speaker(self._descriptions.described(source, head) or self._unplaced(source, head))

    def _several(self, source: Span, head: Token, first: int) -> Who | None:
        """Two names joined by "and" speak as a group."""
        top = top_of_name(head)
        for other in top.conjuncts:
            at = self._named.named_at(other.idx)
            if at is not None and self._named.mentions[at][1] != first and source.start < other.idx < source.end:
                return Who(
                    " ".join(self._text[source.start : source.end].split()).strip(" ,"), SpeakerKind.GROUP, plural=True
                )
        return None

    def _unplaced(self, source: Span, head: Token) -> Who | None:
        """A name that is no one entity's: one of two Khans, or a name of which nothing else is known."""
        if head.pos_ != "PROPN":
            return None
        words = self._text[source.start : source.end].strip(" ,.;:")
        if head.tag_ == "NNPS":
            return Who(words, SpeakerKind.GROUP, plural=True)
        shared = any(head.text in entity.name.split() for entity in self._entities if entity.kind is EntityKind.PERSON)
        kind = SpeakerKind.PERSON if shared else _LABELS.get(head.ent_type_, SpeakerKind.ORGANIZATION)
        return Who(words.removeprefix("The ").removeprefix("the "), kind) if len(words) <= LONGEST else None

    def _as_antecedent(self, speaker: Speaker | None, relative: Token) -> Speaker | None:
        """What a relative pronoun takes up; "who" takes up people only."""
        people = (SpeakerKind.PERSON, SpeakerKind.GROUP, SpeakerKind.UNNAMED)
        return speaker if speaker is None or relative.tag_ != "WP" or speaker.kind in people else None

    def _as_speaker(self, who: Who | None) -> Speaker | None:
        if who is None:
            return None
        role = None
        if who.entity is not None:
            roles = self._entities[who.entity].roles
            role = max((one.text for one in roles), key=len, default=None)
        return Speaker(who.name, who.kind, role, who.entity)

    def _read(self) -> None:
        """Every name, description and pronoun in order, each pronoun given to somebody named before it."""
        chunks = {chunk.root.i: chunk for chunk in self._doc.noun_chunks}
        pronouns = Pronouns(self._named, self._spoken)
        seen = -1
        for token in self._doc:
            at = self._named.named_at(token.idx)
            if at is not None:
                if at != seen:
                    seen = at
                    self._spoken.add(
                        self._named.mentions[at][0],
                        self._named.who_named(self._named.mentions[at][1]),
                        self._named.tokens_in(self._named.mentions[at][0])[-1],
                    )
                continue
            if is_pronoun(token.lower_):
                who = pronouns.antecedent(token)
                self._pronouns[token.idx] = who
                if who is not None:
                    self._spoken.add(Span(token.idx, token.idx + len(token)), who, token)
            elif token.i in chunks:
                self._read_chunk(chunks[token.i])

    def _read_chunk(self, chunk: Chunk) -> None:
        span = Span(chunk.start_char, chunk.end_char)
        if self._named.in_role(chunk.root.idx) or self._goes_on_to_a_name(chunk):
            return
        who = self._descriptions.described(span, chunk.root)
        if who is not None:
            self._spoken.add(span, who, chunk.root, definite=is_definite(chunk.root))

    def _goes_on_to_a_name(self, chunk: Chunk) -> bool:
        """ "*the actress* and activist Kamala Lopez": one person, who is named right there."""
        joined = _JOINED.match(self._text, chunk.end_char)
        at = self._named.named_at(joined.end()) if joined else None
        return at is not None and self._entities[self._named.mentions[at][1]].kind is EntityKind.PERSON

    def _who_speaks(self, position: int) -> Who | None:
        """Who says the quotation that holds `position`: the subject of the verb of saying beside it."""
        quote = inside(self._named.quotes, position)
        if quote is None:
            return None
        for token in self._beside(quote):
            if not is_saying(token.lower_):
                continue
            subject = next((child for child in token.children if child.dep_ in SUBJECTS), None)
            if subject is not None and inside(self._named.quotes, subject.idx) is None:
                span = Span(subject.idx, subject.idx + len(subject))
                if subject.idx in self._pronouns:
                    return self._pronouns[subject.idx]
                named = self._named.named_in(span, subject)
                return (
                    self._named.who_named(named) if named is not None else self._descriptions.described(span, subject)
                )
        return None

    def _beside(self, quote: tuple[int, int]) -> Iterator[Token]:
        """The words after a quotation, then those before it, to the ends of their sentences."""
        last = bisect_left(self._named.starts, quote[1])
        yield from self._doc[last : last + 12]
        first = bisect_left(self._named.starts, quote[0])
        yield from reversed(list(self._doc[max(0, first - 25) : first]))


def _antecedent_of(relative: Token) -> Token | None:
    """The noun that "which", "who" take up."""
    verb = relative.head
    return verb.head if verb.dep_ == "relcl" and verb.head.pos_ in ("NOUN", "PROPN") else None
