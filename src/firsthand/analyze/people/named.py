"""Where one text names its entities, and its words by their place: what pronouns and descriptions are read beside."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from firsthand.analyze.dates.sentence import inside, quoted
from firsthand.analyze.people.nouns import kind_of_noun
from firsthand.analyze.people.roles import head_of
from firsthand.analyze.people.who import MEN, SUBJECTS, WOMEN, Who, counted
from firsthand.analyze.people.words import Gender, bare, english, first_name_gender
from firsthand.model.article import Span
from firsthand.model.findings import Entity, EntityKind, SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Named"]

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})
_KINDS = {
    EntityKind.PERSON: SpeakerKind.PERSON,
    EntityKind.ORGANIZATION: SpeakerKind.ORGANIZATION,
    EntityKind.OUTLET: SpeakerKind.OUTLET,
    EntityKind.PLACE: SpeakerKind.ORGANIZATION,  # "Beijing said": its government
}


class Named:
    """One English text and its entities."""

    def __init__(self, text: str, entities: Sequence[Entity], doc: Doc) -> None:
        self.text, self.doc, self.entities = text, doc, entities
        self.quotes = quoted(text)
        self.starts = [token.idx for token in doc]
        self.sentences = [sentence.start_char for sentence in doc.sents]
        self.mentions = sorted(
            ((span, index) for index, entity in enumerate(entities) for span in entity.mentions),
            key=lambda mention: mention[0].start,
        )
        self.mention_starts = [span.start for span, _ in self.mentions]
        self._known: dict[int, Who] = {}
        self._roles = sorted((role.span.start, role.span.end) for entity in entities for role in entity.roles)

    def tokens_in(self, span: Span) -> list[Token]:
        first, last = bisect_right(self.starts, span.start) - 1, bisect_left(self.starts, span.end)
        found = [self.doc[index] for index in range(max(first, 0), last)]
        return [
            token
            for token in found
            if token.idx + len(token) > span.start and not token.is_space and not token.is_punct
        ]

    def head(self, tokens: Sequence[Token]) -> Token:
        """The word that the others hang on: the first whose own head lies outside."""
        inside_ = {token.i for token in tokens}
        outside = [token for token in tokens if token.head.i not in inside_ or token.head.i == token.i]
        nominal = [token for token in outside if token.pos_ in _NOMINAL]
        if not nominal and kind_of_noun(tokens[-1].lower_, plural=False, counted=False) and tokens[-1] in outside:
            return tokens[-1]  # "the meeting notes", taken for a verb
        if not nominal:
            nominal = [token for token in tokens if token.dep_ in SUBJECTS] or [
                token for token in tokens if token.pos_ in _NOMINAL
            ]
        return counted((nominal or outside or list(tokens))[0])

    def sentence(self, position: int) -> int:
        return bisect_right(self.sentences, position)

    def named_at(self, position: int) -> int | None:
        """The index in `_named` of the mention that holds `position`."""
        index = bisect_right(self.mention_starts, position) - 1
        return index if index >= 0 and self.mentions[index][0].end > position else None

    def entities_in(self, start: int, end: int) -> set[int]:
        """The entities that are named between two places."""
        low, high = bisect_right(self.mention_starts, start - 1), bisect_left(self.mention_starts, end)
        at = self.named_at(start)
        held = set() if at is None else {self.mentions[at][1]}
        return held | {entity for _, entity in self.mentions[low:high]}

    def quotes_near(self, position: int) -> tuple[tuple[int, int], ...]:
        """The quotation before a place and the one after it."""
        at = bisect_left(self.quotes, (position, position))
        return self.quotes[max(0, at - 1) : at + 1]

    def named_in(self, source: Span, head: Token) -> int | None:
        """The entity that a source names: its head does, or its head is the role of a person named beside it."""
        at = self.named_at(head.idx)
        if at is not None:
            return self.mentions[at][1]
        low, high = bisect_left(self.mention_starts, source.start), bisect_left(self.mention_starts, source.end)
        for span, entity in self.mentions[low:high]:
            if self._is_role_of(head, entity):
                return entity
            token = self.tokens_in(span)[-1]
            if token.dep_ == "appos" and token.head == head:
                return entity
            if (
                bare(head.text) in english().outlets
                and self.entities[entity].kind is EntityKind.OUTLET
                and token.dep_ == "compound"
            ):
                return entity
        return None

    def _is_role_of(self, head: Token, entity: int) -> bool:
        """Whether `head` stands in a role that the text gives to `entity`, right beside the name."""
        return any(role.span.start <= head.idx < role.span.end for role in self.entities[entity].roles)

    def in_role(self, position: int) -> bool:
        """Whether a word stands in the role of somebody named, and so speaks of nobody else."""
        return inside(self._roles, position) is not None

    def who_named(self, entity: int) -> Who:
        """One of `entities`, as somebody."""
        who = self._known.get(entity)
        if who is None:
            found = self.entities[entity]
            gender = self._gender_of(found) if found.kind is EntityKind.PERSON else ""
            who = self._known[entity] = Who(found.name, _KINDS[found.kind], entity, gender)
        return who

    def _gender_of(self, entity: Entity) -> Gender:
        """What honorifics, roles and the given name say."""
        tables = english()
        words = {
            bare(word)
            for span in entity.mentions
            for word in self.text[max(0, span.start - 12) : span.start].split()[-1:]
        }
        words |= {head_of(role.text.split()) for role in entity.roles}
        women = words & tables.women or any(word.endswith("woman") or word in WOMEN for word in words)
        men = words & tables.men or any(
            (word.endswith("man") and word not in ("chairman", "woman") and not word.endswith("woman")) or word in MEN
            for word in words
        )
        if bool(women) != bool(men):
            return "f" if women else "m"
        name = entity.name.split()
        return (first_name_gender(name[0]) or "") if len(name) > 1 else ""

    def spoken_of(self, entity: int, start: int, end: int) -> bool:
        """Whether the text names an entity between two places."""
        mentions = self.entities[entity].mentions
        at = bisect_right(mentions, start, key=lambda span: span.start)
        return at < len(mentions) and mentions[at].start < end
