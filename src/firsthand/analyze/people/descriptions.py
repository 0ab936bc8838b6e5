"""Whom a description means ("the ambassador", "the company"): somebody named or told of before, else as it stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from firsthand.analyze.people.named import Named
from firsthand.analyze.people.nouns import AGED, GENERIC, described, kind_of_noun
from firsthand.analyze.people.roles import compound, head_of
from firsthand.analyze.people.spoken import Spoken
from firsthand.analyze.people.who import Who, gender_of_noun, is_definite
from firsthand.analyze.people.words import english
from firsthand.model.article import Span
from firsthand.model.findings import Entity, EntityKind, SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["LONGEST", "Descriptions"]

_FAR_BACK = 300
"""Names within which "the council" may take up a body."""
LONGEST = 90
"""Characters of a description that stands for a name."""
_BELOW = frozenset("vice deputy assistant associate".split())
_ANY_BODY = frozenset(
    "company firm organization organisation body group agency club maker manufacturer bank union charity".split()
)


class Descriptions:
    """Reads the descriptions of one text."""

    def __init__(self, named: Named, spoken: Spoken) -> None:
        self._named, self._spoken = named, spoken
        self._bearers, self._loose = _nouns_of_roles(named.entities)

    def described(self, source: Span, head: Token) -> Who | None:
        """Somebody without a name: taken up from before where the words say so, else as described."""
        plural = head.tag_ in ("NNS", "NNPS") or head.lower_ == "police"
        noun = self._compound(head)
        counted = any(child.pos_ == "NUM" for child in head.children)
        kind = kind_of_noun(noun, plural=plural, counted=counted)
        if kind is None or (noun == "head" and not any(child.lower_ == "of" for child in head.children)):
            return None
        definite = is_definite(head)
        if kind is SpeakerKind.UNNAMED and definite and not plural:
            known = self._taken_up(noun, head)
            if known is not None:
                return known
        if kind is SpeakerKind.ORGANIZATION and definite:
            known = self._body_taken_up(noun, head.idx)
            if known is not None:
                return known
        return Who(self._name(source, head, kind), kind, None, gender_of_noun(noun), noun, plural)

    def _compound(self, head: Token) -> str:
        """The noun, with what a hyphen joins to it ("61-year-old")."""
        start = head.idx
        while start > 0 and (self._named.text[start - 1].isalnum() or self._named.text[start - 1] in "-’'"):
            start -= 1
        word = self._named.text[start : head.idx + len(head)].lower()
        if AGED.fullmatch(word):
            return word
        return compound(head.nbor(-1).text if head.i > 0 else "", head.lower_)

    def _name(self, source: Span, head: Token, kind: SpeakerKind) -> str:
        """The words by which an unnamed source goes: documents and bodies by their noun, persons as described."""
        if kind in (SpeakerKind.DOCUMENT, SpeakerKind.ORGANIZATION):
            left = [token for token in head.lefts if token.dep_ in ("compound", "amod", "poss", "nmod", "nummod")]
            start = min((token.left_edge.idx for token in left), default=head.idx)
            words = self._named.text[max(start, source.start) : head.idx + len(head)]
            first = words.split(" ", 1)[0].lower()
            words = (
                words.split(" ", 1)[1]
                if first in ("the", "a", "an", "its", "their", "his", "her") and " " in words
                else words
            )
            return described(words, common=head.doc[bisect_left(self._named.starts, start)].pos_ != "PROPN")
        words = self._named.text[source.start : source.end]
        common = (
            self._named.doc[min(bisect_left(self._named.starts, source.start), len(self._named.doc) - 1)].pos_
            != "PROPN"
        )
        return described(words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0], common=common)

    def _taken_up(self, noun: str, head: Token) -> Who | None:
        """The person whom "the ambassador" takes up; an unnamed one who was introduced with the same noun counts too."""
        if noun in GENERIC or AGED.fullmatch(noun):
            return self._anybody(noun, head)
        exact = self._bearers.get(noun, [])
        point = self._spoken.introduced(noun, head.idx)
        if point is not None and not any(self._named.spoken_of(at, point.start, head.idx) for at in exact):
            return Who(f"the {noun}", SpeakerKind.UNNAMED, None, point.who.gender, noun)
        fitting = [at for at in (exact or self._loose.get(noun, [])) if self._agrees(at, head)]
        fitting = self._narrowed(fitting, head)
        return self._named.who_named(fitting[0]) if len(fitting) == 1 else None

    def _agrees(self, entity: int, head: Token) -> bool:
        """Whether a description's words are not against the role: "the GOP nominee" is not the Libertarians'."""
        left = [child for child in head.lefts if child.dep_ in ("compound", "amod", "nmod")]
        names = {child.lower_ for child in left if child.text[0].isupper() and child.i > child.sent.start}
        below = {child.lower_ for child in head.lefts} & _BELOW
        roles = [set(role.text.lower().split()) for role in self._named.entities[entity].roles]
        if not any(below == role & _BELOW for role in roles):
            return False
        return not names or any(names & role or len(role) == 1 for role in roles)

    def _narrowed(self, fitting: list[int], head: Token) -> list[int]:
        """Of several, those whose role has the description's other words, or who alone were spoken of lately."""
        if len(fitting) < 2:
            return fitting
        words = {child.lower_ for child in head.lefts if child.dep_ in ("compound", "amod", "nmod")}
        if words:
            named = [
                at
                for at in fitting
                if any(words <= set(role.text.lower().split()) for role in self._named.entities[at].roles)
            ]
            if named:
                fitting = named
        if len(fitting) < 2:
            return fitting
        here = self._named.sentence(head.idx)
        lately = [
            at for at in fitting if self._named.spoken_of(at, self._named.sentences[max(0, here - 4)] - 1, head.idx)
        ]
        return lately if len(lately) == 1 else fitting

    def _anybody(self, noun: str, head: Token) -> Who | None:
        """ "The man", "the 61-year-old": the one person of late whom it fits."""
        gender = gender_of_noun(noun)
        here = self._named.sentence(head.idx)
        found = {
            point.who
            for point in self._spoken.recent(head.idx)
            if here - point.sentence <= 2
            and point.who.kind is SpeakerKind.PERSON
            and point.who.gender in ("", gender or point.who.gender)
        }
        return found.pop() if len(found) == 1 else None

    def _body_taken_up(self, noun: str, position: int) -> Who | None:
        """ "The council", "the newspaper": the body named before that has the noun in its name, or is of its kind."""
        outlet = noun in english().outlets and noun not in ("agency", "network", "station", "paper", "journal")
        seen: list[int] = []
        last = bisect_left(self._named.mention_starts, position)
        for span, entity in reversed(self._named.mentions[max(0, last - _FAR_BACK) : last]):
            found = self._named.entities[entity]
            if noun in found.name.lower().split():
                return self._named.who_named(entity)
            if (outlet and found.kind is EntityKind.OUTLET) and entity not in seen:
                seen.append(entity)
            if (
                noun in _ANY_BODY
                and found.kind is EntityKind.ORGANIZATION
                and entity not in seen
                and self._named.sentence(position) - self._named.sentence(span.start) <= 3
            ):
                seen.append(entity)
        if outlet and seen:
            return self._named.who_named(seen[0])
        return self._named.who_named(seen[0]) if len(seen) == 1 else None


def _nouns_of_roles(entities: Sequence[Entity]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Who has a role of which noun, and for whom which other noun may stand."""
    exact: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    for index, entity in enumerate(entities):
        heads = {head_of(role.text.split()) for role in entity.roles}
        for noun in heads:
            exact.setdefault(noun, []).append(index)
        for noun in {other for head in heads for other in english().also.get(head, ())}:
            loose.setdefault(noun, []).append(index)
    return exact, loose
