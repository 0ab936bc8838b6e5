"""Who is meant where no name stands: pronouns, "the ambassador", "the company", and what a source's words stand for.

The mentions of a text are read in order. Each pronoun and each definite description is given to the one who was last
spoken of and fits: gender, number, and being the subject of a sentence count, what stands in others' quotation marks
does not. Two who fit as well leave it unknown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firsthand.analyze.dates.sentence import inside, quoted
from firsthand.analyze.dates.tense import is_saying
from firsthand.analyze.people.nouns import AGED, GENERIC, described, kind_of_noun
from firsthand.analyze.people.roles import head_of
from firsthand.analyze.people.words import Gender, bare, english, first_name_gender
from firsthand.model.article import Span
from firsthand.model.findings import Entity, EntityKind, Speaker, SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Chunk

__all__ = ["Cast"]

_HE = frozenset("he him his himself".split())
_SHE = frozenset("she her hers herself".split())
_THEY = frozenset("they them their themselves".split())
_IT = frozenset("it its itself".split())
_I = frozenset("i me my myself".split())
_BACK = 5
"""Sentences within which a pronoun may take up a name."""
_CLEAR = 0.25
"""By how much the best antecedent must lead for a pronoun to be given to it."""
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
_LONGEST = 90

_KINDS = {
    EntityKind.PERSON: SpeakerKind.PERSON,
    EntityKind.ORGANIZATION: SpeakerKind.ORGANIZATION,
    EntityKind.OUTLET: SpeakerKind.OUTLET,
    EntityKind.PLACE: SpeakerKind.ORGANIZATION,  # "Beijing said": its government
}


@dataclass(frozen=True, slots=True)
class _Who:
    """Somebody a text speaks of, with or without a name. Two are the same if they are equal."""

    name: str
    kind: SpeakerKind
    entity: int | None = None
    gender: Gender = ""
    noun: str = ""
    plural: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    """One place in the text that speaks of somebody."""

    start: int
    end: int
    who: _Who
    sentence: int
    subject: bool
    owner: bool
    """It stands in a possessive, and the sentence is about what is owned."""
    quoted: bool
    definite: bool = True


class Cast:
    """All who are spoken of in one English text, and who each of its words means."""

    def __init__(self, text: str, entities: Sequence[Entity], doc: Doc) -> None:
        self._text = text
        self._doc = doc
        self._entities = entities
        self._quotes = quoted(text)
        self._starts = [token.idx for token in doc]
        self._sentences = [sentence.start_char for sentence in doc.sents]
        self._named = self._mentions()
        self._named_starts = [span.start for span, _ in self._named]
        self._roles = sorted((role.span.start, role.span.end) for entity in entities for role in entity.roles)
        self._points: list[_Point] = []
        self._pronouns: dict[int, _Who | None] = {}
        self._read()

    # ------------------------------------------------------------------------------------------ asking
    def speaker(self, source: Span) -> Speaker | None:
        """Who the words `source` stand for; None where the text does not tell."""
        tokens = self._tokens_in(source)
        if not tokens:
            return None
        head = self._head(tokens)
        if head.lower_ in _I:
            return self._as_speaker(self._who_speaks(head.idx))
        if head.idx in self._pronouns:
            return self._as_speaker(self._pronouns[head.idx])
        named = self._named_in(source, head)
        if named is not None:
            return self._as_speaker(self._who_named(named))
        return self._as_speaker(self._described(source, head) or self._unplaced(source, head))

    def _unplaced(self, source: Span, head: Token) -> _Who | None:
        """A name that is no one entity's: one of two Khans, or a name of which nothing else is known."""
        if head.pos_ != "PROPN":
            return None
        words = self._text[source.start : source.end].strip(" ,.;:")
        shared = any(head.text in entity.name.split() for entity in self._entities if entity.kind is EntityKind.PERSON)
        kind = SpeakerKind.PERSON if shared else _LABELS.get(head.ent_type_)
        return _Who(words, kind) if kind and len(words) <= _LONGEST else None

    def _as_speaker(self, who: _Who | None) -> Speaker | None:
        if who is None:
            return None
        role = None
        if who.entity is not None:
            roles = self._entities[who.entity].roles
            role = max((one.text for one in roles), key=len, default=None)
        return Speaker(who.name, who.kind, role, who.entity)

    # ------------------------------------------------------------------------------------------ tokens
    def _tokens_in(self, span: Span) -> list[Token]:
        first, last = bisect_right(self._starts, span.start) - 1, bisect_left(self._starts, span.end)
        found = [self._doc[index] for index in range(max(first, 0), last)]
        return [
            token
            for token in found
            if token.idx + len(token) > span.start and not token.is_space and not token.is_punct
        ]

    def _head(self, tokens: Sequence[Token]) -> Token:
        """The word that the others hang on: the first whose own head lies outside."""
        inside_ = {token.i for token in tokens}
        outside = [token for token in tokens if token.head.i not in inside_ or token.head.i == token.i]
        nominal = [token for token in outside if token.pos_ in _NOMINAL]
        if not nominal and kind_of_noun(tokens[-1].lower_, plural=False, counted=False) and tokens[-1] in outside:
            return tokens[-1]  # "the meeting notes", taken for a verb
        if not nominal:
            nominal = [token for token in tokens if token.dep_ in _SUBJECTS] or [
                token for token in tokens if token.pos_ in _NOMINAL
            ]
        return _counted((nominal or outside or list(tokens))[0])

    def _sentence(self, position: int) -> int:
        return bisect_right(self._sentences, position)

    # ------------------------------------------------------------------------------------------ names
    def _mentions(self) -> list[tuple[Span, int]]:
        found = [(span, index) for index, entity in enumerate(self._entities) for span in entity.mentions]
        return sorted(found, key=lambda mention: mention[0].start)

    def _named_at(self, position: int) -> int | None:
        """The index in `_named` of the mention that holds `position`."""
        index = bisect_right(self._named_starts, position) - 1
        return index if index >= 0 and self._named[index][0].end > position else None

    def _named_in(self, source: Span, head: Token) -> int | None:
        """The entity that a source names: its head does, or its head is the role of a person named beside it."""
        at = self._named_at(head.idx)
        if at is not None:
            return self._named[at][1]
        low, high = bisect_left(self._named_starts, source.start), bisect_left(self._named_starts, source.end)
        for span, entity in self._named[low:high]:
            if self._is_role_of(head, entity):
                return entity
            token = self._tokens_in(span)[-1]
            if token.dep_ == "appos" and token.head == head:
                return entity
            if (
                bare(head.text) in english().outlets
                and self._entities[entity].kind is EntityKind.OUTLET
                and token.dep_ == "compound"
            ):
                return entity
        return None

    def _is_role_of(self, head: Token, entity: int) -> bool:
        """Whether `head` stands in a role that the text gives to `entity`, right beside the name."""
        return any(role.span.start <= head.idx < role.span.end for role in self._entities[entity].roles)

    def _in_role(self, position: int) -> bool:
        """Whether a word stands in the role of somebody named, and so speaks of nobody else."""
        return inside(self._roles, position) is not None

    def _who_named(self, entity: int) -> _Who:
        found = self._entities[entity]
        return _Who(
            found.name, _KINDS[found.kind], entity, self._gender_of(found) if found.kind is EntityKind.PERSON else ""
        )

    def _gender_of(self, entity: Entity) -> Gender:
        """What honorifics, roles and the given name say."""
        tables = english()
        words = {
            bare(word)
            for span in entity.mentions
            for word in self._text[max(0, span.start - 12) : span.start].split()[-1:]
        }
        words |= {head_of(role.text.split()) for role in entity.roles}
        women = words & tables.women or any(word.endswith("woman") or word in _WOMEN for word in words)
        men = words & tables.men or any(
            (word.endswith("man") and word not in ("chairman", "woman") and not word.endswith("woman")) or word in _MEN
            for word in words
        )
        if bool(women) != bool(men):
            return "f" if women else "m"
        name = entity.name.split()
        return (first_name_gender(name[0]) or "") if len(name) > 1 else ""

    # ------------------------------------------------------------------------------------------ reading in order
    def _read(self) -> None:
        """Every name, description and pronoun in order, each pronoun given to somebody named before it."""
        chunks = {chunk.root.i: chunk for chunk in self._doc.noun_chunks}
        seen = -1
        for token in self._doc:
            at = self._named_at(token.idx)
            if at is not None:
                if at != seen:
                    seen = at
                    self._add(
                        self._named[at][0], self._who_named(self._named[at][1]), self._tokens_in(self._named[at][0])[-1]
                    )
                continue
            word = token.lower_
            if word in _HE or word in _SHE or word in _THEY or word in _IT:
                who = self._antecedent(token)
                self._pronouns[token.idx] = who
                if who is not None:
                    self._add(Span(token.idx, token.idx + len(token)), who, token)
            elif token.i in chunks:
                self._read_chunk(chunks[token.i])

    def _read_chunk(self, chunk: Chunk) -> None:
        span = Span(chunk.start_char, chunk.end_char)
        if self._in_role(chunk.root.idx):
            return
        who = self._described(span, chunk.root)
        if who is not None and who.kind is not SpeakerKind.DOCUMENT:
            self._add(span, who, chunk.root, definite=_is_definite(chunk.root))

    def _add(self, span: Span, who: _Who, token: Token, *, definite: bool = True) -> None:
        top = _top_of_name(token)
        subject = top.dep_ in _SUBJECTS or (top.dep_ == "appos" and top.head.dep_ in (*_SUBJECTS, "ROOT"))
        owner = token.dep_ == "poss" or top.dep_ == "poss"
        in_quote = inside(self._quotes, span.start) is not None
        self._points.append(
            _Point(span.start, span.end, who, self._sentence(span.start), subject, owner, in_quote, definite)
        )

    # ------------------------------------------------------------------------------------------ pronouns
    def _antecedent(self, token: Token) -> _Who | None:
        """The one whom a pronoun takes up, None where nobody leads clearly."""
        if (ahead := self._named_ahead(token)) is not None:
            return ahead
        best: dict[_Who, float] = {}
        for point in self._recent(token.idx):
            score = self._score(token, point)
            if score is not None:
                best[point.who] = max(score, best.get(point.who, score))
        ranked = sorted(best.items(), key=lambda found: -found[1])
        if not ranked:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR:
            return None
        return ranked[0][0]

    def _named_ahead(self, token: Token) -> _Who | None:
        """The person whom a sentence names after the pronoun: "Aside from his doubts, Khan also said"."""
        if token.lower_ not in _HE | _SHE or inside(self._quotes, token.idx) is not None:
            return None
        root = token.sent.root
        subject = next((child for child in root.children if child.dep_ == "nsubj" and token.i < child.i < root.i), None)
        if subject is None or not {above.dep_ for above in (token, *token.ancestors)} & {"prep", "advcl"}:
            return None
        at = self._named_at(subject.idx)
        if at is None or any(
            token.sent.start_char <= point.start for point in self._points if point.who.kind is SpeakerKind.PERSON
        ):
            return None
        who = self._who_named(self._named[at][1])
        return (
            who if who.kind is SpeakerKind.PERSON and who.gender in ("", "m" if token.lower_ in _HE else "f") else None
        )

    def _recent(self, position: int) -> Iterator[_Point]:
        here = self._sentence(position)
        quote = inside(self._quotes, position)
        for point in reversed(self._points):
            if here - point.sentence > _BACK:
                return
            other = inside(self._quotes, point.start)
            if other is None or other == quote:
                yield point

    def _score(self, token: Token, point: _Point) -> float | None:
        """How well somebody spoken of at `point` fits the pronoun `token`; None where it cannot be."""
        word, who = token.lower_, point.who
        if word in _THEY:
            body = who.entity is not None and self._entities[who.entity].kind is EntityKind.ORGANIZATION
            if not (who.plural or who.kind is SpeakerKind.GROUP or body):
                return None
        elif word in _IT:
            if who.kind not in (SpeakerKind.ORGANIZATION, SpeakerKind.OUTLET) or who.plural:
                return None
        elif (
            who.plural
            or who.kind not in (SpeakerKind.PERSON, SpeakerKind.UNNAMED)
            or (who.gender and who.gender != ("m" if word in _HE else "f"))
        ):
            return None
        if _same_clause(token, self._tokens_in(Span(point.start, point.end)), point):
            return None
        score = -0.9 * (self._sentence(token.idx) - point.sentence)
        score -= 0.6 * (word in _THEY and who.kind is SpeakerKind.ORGANIZATION)
        score += 1.0 * point.subject - 0.5 * point.owner + 0.3 * (who.entity is not None)
        if word in _HE | _SHE and not who.gender:
            score -= 0.5
        return score - 0.0005 * (token.idx - point.end)

    def _who_speaks(self, position: int) -> _Who | None:
        """Who says the quotation that holds `position`: the subject of the verb of saying beside it."""
        quote = inside(self._quotes, position)
        if quote is None:
            return None
        for token in self._beside(quote):
            if not is_saying(token.lower_):
                continue
            subject = next((child for child in token.children if child.dep_ in _SUBJECTS), None)
            if subject is not None and inside(self._quotes, subject.idx) is None:
                span = Span(subject.idx, subject.idx + len(subject))
                if subject.idx in self._pronouns:
                    return self._pronouns[subject.idx]
                named = self._named_in(span, subject)
                return self._who_named(named) if named is not None else self._described(span, subject)
        return None

    def _beside(self, quote: tuple[int, int]) -> Iterator[Token]:
        """The words after a quotation, then those before it, to the ends of their sentences."""
        last = bisect_left(self._starts, quote[1])
        yield from self._doc[last : last + 12]
        first = bisect_left(self._starts, quote[0])
        yield from reversed(list(self._doc[max(0, first - 25) : first]))

    # ------------------------------------------------------------------------------------------ descriptions
    def _described(self, source: Span, head: Token) -> _Who | None:
        """Somebody without a name: taken up from before where the words say so, else as described."""
        plural = head.tag_ in ("NNS", "NNPS") or head.lower_ == "police"
        noun = self._compound(head)
        counted = any(child.pos_ == "NUM" for child in head.children)
        kind = kind_of_noun(noun, plural=plural, counted=counted)
        if kind is None:
            return None
        definite = _is_definite(head)
        if kind is SpeakerKind.UNNAMED and definite and not plural:
            known = self._taken_up(noun, head)
            if known is not None:
                return known
        if kind is SpeakerKind.ORGANIZATION and definite:
            known = self._body_taken_up(noun, head.idx)
            if known is not None:
                return known
        return _Who(self._name(source, head, kind), kind, None, _gender_of_noun(noun), noun, plural)

    def _compound(self, head: Token) -> str:
        """The noun, with what a hyphen joins to it ("61-year-old")."""
        start = head.idx
        while start > 0 and (self._text[start - 1].isalnum() or self._text[start - 1] in "-’'"):
            start -= 1
        word = self._text[start : head.idx + len(head)].lower()
        return word if AGED.fullmatch(word) else head.lower_

    def _name(self, source: Span, head: Token, kind: SpeakerKind) -> str:
        """The words by which an unnamed source goes: documents and bodies by their noun, persons as described."""
        if kind in (SpeakerKind.DOCUMENT, SpeakerKind.ORGANIZATION):
            left = [token for token in head.lefts if token.dep_ in ("compound", "amod", "poss", "nmod", "nummod")]
            start = min((token.left_edge.idx for token in left), default=head.idx)
            words = self._text[max(start, source.start) : head.idx + len(head)]
            first = words.split(" ", 1)[0].lower()
            words = (
                words.split(" ", 1)[1]
                if first in ("the", "a", "an", "its", "their", "his", "her") and " " in words
                else words
            )
            return described(words, common=head.doc[bisect_left(self._starts, start)].pos_ != "PROPN")
        words = self._text[source.start : source.end]
        return described(words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0])

    def _taken_up(self, noun: str, head: Token) -> _Who | None:
        """The person whom "the ambassador" takes up; an unnamed one who was introduced with the same noun counts too."""
        if noun in GENERIC or AGED.fullmatch(noun):
            return self._anybody(noun, head)
        exact = [index for index, one in enumerate(self._entities) if self._bears(one, noun)]
        for point in reversed(self._points):
            if point.start < head.idx and point.who.entity is None and point.who.noun == noun and not point.definite:
                after = [
                    at
                    for at in exact
                    if any(point.start < span.start < head.idx for span in self._entities[at].mentions)
                ]
                if not after:
                    return _Who(f"the {noun}", SpeakerKind.UNNAMED, None, point.who.gender, noun)
                break
        fitting = exact or [index for index, one in enumerate(self._entities) if self._bears(one, noun, loosely=True)]
        fitting = self._narrowed(fitting, head)
        return self._who_named(fitting[0]) if len(fitting) == 1 else None

    def _bears(self, entity: Entity, noun: str, *, loosely: bool = False) -> bool:
        """Whether a person has a role of this noun, or `loosely` one that the noun may stand for."""
        heads = {head_of(role.text.split()) for role in entity.roles}
        if not loosely:
            return noun in heads
        also = english().also
        return any(noun in also.get(head, ()) for head in heads)

    def _narrowed(self, fitting: list[int], head: Token) -> list[int]:
        """Of several, those whose role has the description's other words, or who alone were spoken of lately."""
        if len(fitting) < 2:
            return fitting
        words = {child.lower_ for child in head.lefts if child.dep_ in ("compound", "amod", "nmod")}
        if words:
            named = [
                at
                for at in fitting
                if any(words <= set(role.text.lower().split()) for role in self._entities[at].roles)
            ]
            if named:
                fitting = named
        if len(fitting) < 2:
            return fitting
        here = self._sentence(head.idx)
        lately = [
            at
            for at in fitting
            if any(
                0 <= here - self._sentence(span.start) <= 3 and span.start < head.idx
                for span in self._entities[at].mentions
            )
        ]
        return lately if len(lately) == 1 else fitting

    def _anybody(self, noun: str, head: Token) -> _Who | None:
        """ "The man", "the 61-year-old": the one person of late whom it fits."""
        gender = _gender_of_noun(noun)
        here = self._sentence(head.idx)
        found = {
            point.who
            for point in self._recent(head.idx)
            if here - point.sentence <= 2
            and point.who.kind is SpeakerKind.PERSON
            and point.who.gender in ("", gender or point.who.gender)
        }
        return found.pop() if len(found) == 1 else None

    def _body_taken_up(self, noun: str, position: int) -> _Who | None:
        """ "The council", "the newspaper": the body named before that has the noun in its name, or is of its kind."""
        outlet = noun in english().outlets and noun not in ("agency", "network", "station", "paper", "journal")
        seen: list[int] = []
        for span, entity in reversed(self._named[: bisect_left(self._named_starts, position)]):
            found = self._entities[entity]
            if noun in found.name.lower().split():
                return self._who_named(entity)
            if (outlet and found.kind is EntityKind.OUTLET) and entity not in seen:
                seen.append(entity)
            if (
                noun in _ANY_BODY
                and found.kind is EntityKind.ORGANIZATION
                and entity not in seen
                and self._sentence(position) - self._sentence(span.start) <= 3
            ):
                seen.append(entity)
        if outlet and seen:
            return self._who_named(seen[0])
        return self._who_named(seen[0]) if len(seen) == 1 else None


_COLLECTIONS = frozenset(
    "set number series pair slew batch trove cache collection handful lot group crowd dozen majority couple range".split()
)
_LABELS = {"PERSON": SpeakerKind.PERSON, "ORG": SpeakerKind.ORGANIZATION, "GPE": SpeakerKind.ORGANIZATION}
_ANY_BODY = frozenset(
    "company firm organization organisation body group agency club maker manufacturer bank union charity".split()
)
_WOMEN = frozenset(
    "wife mother daughter sister niece aunt grandmother widow actress girlfriend heroine queen princess duchess nun waitress spokeswoman".split()
)
_MEN = frozenset(
    "husband father son brother nephew uncle grandfather widower boyfriend king prince duke monk priest waiter spokesman".split()
)


def _counted(head: Token) -> Token:
    """The noun that "a set of", "a group of" count: it is that which speaks."""
    if head.lower_ not in _COLLECTIONS:
        return head
    for child in head.children:
        if child.lower_ == "of":
            return next((token for token in child.children if token.dep_ == "pobj"), head)
    return head


def _gender_of_noun(noun: str) -> Gender:
    if noun.endswith("woman") or noun in _WOMEN or noun == "girl":
        return "f"
    return "m" if (noun.endswith("man") and noun not in ("chairman", "human")) or noun in _MEN or noun == "boy" else ""


def _is_definite(head: Token) -> bool:
    return any(child.lower_ in ("the", "this", "that") for child in head.lefts)


def _top_of_name(token: Token) -> Token:
    """The word of a name that the rest of the sentence knows it by."""
    for _ in range(6):
        if token.dep_ not in ("compound", "flat", "nmod", "amod") or token.head.i == token.i:
            break
        token = token.head
    return token


def _same_clause(token: Token, words: Sequence[Token], point: _Point) -> bool:
    """Whether pronoun and name are subject and object of one verb, so that they are two ("Sallow told him")."""
    if not words or token.dep_ == "poss":
        return False
    top = _top_of_name(words[-1])
    return top.head.i == token.head.i and top.head.i != top.i and not point.owner
