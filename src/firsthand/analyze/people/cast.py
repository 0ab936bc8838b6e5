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
from firsthand.analyze.people.roles import compound, head_of
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
_FAR_BACK = 300
"""Names within which "the council" may take up a body."""
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
        self._introduced: dict[str, list[_Point]] = {}
        self._bearers, self._loose = self._nouns_of_roles()
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
        if head.tag_ in ("WDT", "WP") and (before := _antecedent_of(head)) is not None:
            return self._as_antecedent(self.speaker(Span(before.left_edge.idx, before.idx + len(before))), head)
        named = self._named_in(source, head)
        if named is not None:
            return self._as_speaker(self._several(source, head, named) or self._who_named(named))
        return self._as_speaker(self._described(source, head) or self._unplaced(source, head))

    def _several(self, source: Span, head: Token, first: int) -> _Who | None:
        """Two names joined by "and" speak as a group."""
        top = _top_of_name(head)
        for other in top.conjuncts:
            at = self._named_at(other.idx)
            if at is not None and self._named[at][1] != first and source.start < other.idx < source.end:
                return _Who(
                    " ".join(self._text[source.start : source.end].split()).strip(" ,"), SpeakerKind.GROUP, plural=True
                )
        return None

    def _unplaced(self, source: Span, head: Token) -> _Who | None:
        """A name that is no one entity's: one of two Khans, or a name of which nothing else is known."""
        if head.pos_ != "PROPN":
            return None
        words = self._text[source.start : source.end].strip(" ,.;:")
        if head.tag_ == "NNPS":
            return _Who(words, SpeakerKind.GROUP, plural=True)
        shared = any(head.text in entity.name.split() for entity in self._entities if entity.kind is EntityKind.PERSON)
        kind = SpeakerKind.PERSON if shared else _LABELS.get(head.ent_type_, SpeakerKind.ORGANIZATION)
        return _Who(words.removeprefix("The ").removeprefix("the "), kind) if len(words) <= _LONGEST else None

    def _as_antecedent(self, speaker: Speaker | None, relative: Token) -> Speaker | None:
        """What a relative pronoun takes up; "who" takes up people only."""
        people = (SpeakerKind.PERSON, SpeakerKind.GROUP, SpeakerKind.UNNAMED)
        return speaker if speaker is None or relative.tag_ != "WP" or speaker.kind in people else None

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
        if who is not None:
            self._add(span, who, chunk.root, definite=_is_definite(chunk.root))

    def _add(self, span: Span, who: _Who, token: Token, *, definite: bool = True) -> None:
        top = _top_of_name(token)
        subject = top.dep_ in _SUBJECTS or (top.dep_ == "appos" and top.head.dep_ in (*_SUBJECTS, "ROOT"))
        owner = token.dep_ == "poss" or top.dep_ == "poss"
        in_quote = inside(self._quotes, span.start) is not None
        point = _Point(span.start, span.end, who, self._sentence(span.start), subject, owner, in_quote, definite)
        self._points.append(point)
        if who.entity is None and who.noun and not definite:
            self._introduced.setdefault(who.noun, []).append(point)

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
        last = bisect_left(self._points, position, key=lambda point: point.start)
        for at in range(last - 1, -1, -1):
            point = self._points[at]
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
            if who.kind not in (SpeakerKind.ORGANIZATION, SpeakerKind.OUTLET, SpeakerKind.DOCUMENT) or who.plural:
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
        if kind is None or (noun == "head" and not any(child.lower_ == "of" for child in head.children)):
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
        if AGED.fullmatch(word):
            return word
        return compound(head.nbor(-1).text if head.i > 0 else "", head.lower_)

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
        common = self._doc[min(bisect_left(self._starts, source.start), len(self._doc) - 1)].pos_ != "PROPN"
        return described(words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0], common=common)

    def _taken_up(self, noun: str, head: Token) -> _Who | None:
        """The person whom "the ambassador" takes up; an unnamed one who was introduced with the same noun counts too."""
        if noun in GENERIC or AGED.fullmatch(noun):
            return self._anybody(noun, head)
        exact = self._bearers.get(noun, [])
        before = self._introduced.get(noun, [])
        before = before[: bisect_left(before, head.idx, key=lambda point: point.start)]
        point = before[-1] if before else None
        if point is not None and not any(self._spoken_of(at, point.start, head.idx) for at in exact):
            return _Who(f"the {noun}", SpeakerKind.UNNAMED, None, point.who.gender, noun)
        fitting = [at for at in (exact or self._loose.get(noun, [])) if self._agrees(at, head)]
        fitting = self._narrowed(fitting, head)
        return self._who_named(fitting[0]) if len(fitting) == 1 else None

    def _agrees(self, entity: int, head: Token) -> bool:
        """Whether a description's words are not against the role: "the GOP nominee" is not the Libertarians'."""
        left = [child for child in head.lefts if child.dep_ in ("compound", "amod", "nmod")]
        names = {child.lower_ for child in left if child.text[0].isupper() and child.i > child.sent.start}
        below = {child.lower_ for child in head.lefts} & _BELOW
        roles = [set(role.text.lower().split()) for role in self._entities[entity].roles]
        if not any(below == role & _BELOW for role in roles):
            return False
        return not names or any(names & role or len(role) == 1 for role in roles)

    def _nouns_of_roles(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Who has a role of which noun, and for whom which other noun may stand."""
        exact: dict[str, list[int]] = {}
        loose: dict[str, list[int]] = {}
        for index, entity in enumerate(self._entities):
            heads = {head_of(role.text.split()) for role in entity.roles}
            for noun in heads:
                exact.setdefault(noun, []).append(index)
            for noun in {other for head in heads for other in english().also.get(head, ())}:
                loose.setdefault(noun, []).append(index)
        return exact, loose

    def _spoken_of(self, entity: int, start: int, end: int) -> bool:
        """Whether the text names an entity between two places."""
        mentions = self._entities[entity].mentions
        at = bisect_right(mentions, start, key=lambda span: span.start)
        return at < len(mentions) and mentions[at].start < end

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
        lately = [at for at in fitting if self._spoken_of(at, self._sentences[max(0, here - 4)] - 1, head.idx)]
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
        last = bisect_left(self._named_starts, position)
        for span, entity in reversed(self._named[max(0, last - _FAR_BACK) : last]):
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
_BELOW = frozenset("vice deputy assistant associate".split())
_ANY_BODY = frozenset(
    "company firm organization organisation body group agency club maker manufacturer bank union charity".split()
)
_WOMEN = frozenset(
    "wife mother daughter sister niece aunt grandmother widow actress girlfriend heroine queen princess duchess nun waitress spokeswoman".split()
)
_MEN = frozenset(
    "husband father son brother nephew uncle grandfather widower boyfriend king prince duke monk priest waiter spokesman".split()
)


def _antecedent_of(relative: Token) -> Token | None:
    """The noun that "which", "who" take up."""
    verb = relative.head
    return verb.head if verb.dep_ == "relcl" and verb.head.pos_ in ("NOUN", "PROPN") else None


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
