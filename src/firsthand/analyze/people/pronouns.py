"""Whom a pronoun means: the one who was last spoken of and fits. Two who fit as well leave it unknown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from firsthand.analyze.dates.sentence import inside
from firsthand.analyze.dates.tense import is_saying
from firsthand.analyze.people.named import Named
from firsthand.analyze.people.spoken import Spoken
from firsthand.analyze.people.who import Point, Who, is_one_clause
from firsthand.model.article import Span
from firsthand.model.findings import EntityKind, SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Pronouns", "is_of_speaker", "is_pronoun"]

_HE = frozenset("he him his himself".split())
_SHE = frozenset("she her hers herself".split())
_THEY = frozenset("they them their themselves".split())
_IT = frozenset("it its itself".split())
_I = frozenset("i me my myself".split())
_ANNOUNCED = 60
"""Characters between a pronoun and the quotation that it announces ("she said, more quietly, “…")."""
_CLEAR = 0.25
"""By how much the best antecedent must lead for a pronoun to be given to it."""


_CONCEDING = frozenset("as although though while".split())


def is_pronoun(word: str) -> bool:
    """Whether `word` (lower case) takes up somebody who was spoken of before."""
    return word in _HE or word in _SHE or word in _THEY or word in _IT


def is_of_speaker(word: str) -> bool:
    """Whether `word` (lower case) is the speaker's for himself."""
    return word in _I


class Pronouns:
    """Reads the pronouns of one text, in order."""

    def __init__(self, named: Named, spoken: Spoken) -> None:
        self._named, self._spoken = named, spoken

    def antecedent(self, token: Token) -> Who | None:
        """The one whom a pronoun takes up, None where nobody leads clearly."""
        if (ahead := self._named_ahead(token)) is not None:
            return ahead
        if (above := self._subject_above(token)) is not None:
            return above
        best: dict[Who, float] = {}
        named = self._named_by(token)
        for point in self._spoken.recent(token.idx):
            score = self._score(token, point)
            if score is not None and point.who.entity not in named:
                # Where the nearest cannot be meant, it is who was introduced to speak.
                score += 0.4 * bool(named and self._is_introduced(point) and self._is_answer(token, point))
                best[point.who] = max(score, best.get(point.who, score))
        ranked = sorted(best.items(), key=lambda found: -found[1])
        if not ranked:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR:
            return None
        return ranked[0][0]

    def _named_ahead(self, token: Token) -> Who | None:
        """The person whom a sentence names after the pronoun: "Aside from his doubts, Khan also said"."""
        if token.lower_ not in _HE | _SHE or inside(self._named.quotes, token.idx) is not None:
            return None
        root = token.sent.root
        subject = next((child for child in root.children if child.dep_ == "nsubj" and token.i < child.i < root.i), None)
        if subject is None or not {above.dep_ for above in (token, *token.ancestors)} & {"prep", "advcl"}:
            return None
        at = self._named.named_at(subject.idx)
        if at is None or any(
            token.sent.start_char <= point.start
            for point in self._spoken.points
            if point.who.kind is SpeakerKind.PERSON
        ):
            return None
        who = self._named.who_named(self._named.mentions[at][1])
        return (
            who if who.kind is SpeakerKind.PERSON and who.gender in ("", "m" if token.lower_ in _HE else "f") else None
        )

    def _is_introduced(self, point: Point) -> bool:
        """Whether the text names somebody here for the first time and says who that is: he is to speak."""
        if point.who.entity is None:
            return False
        entity = self._named.entities[point.who.entity]
        return bool(entity.roles) and entity.mentions[0].start == point.start

    def _is_answer(self, token: Token, point: Point) -> bool:
        """Whether a quotation at the head of the next paragraph is said: "“…,” he said"."""
        text, quotes = self._named.text, self._named.quotes_near(token.idx)
        if token.dep_ != "nsubj" or not is_saying(token.head.lower_):
            return False
        return any(
            end <= token.idx and not text[end : token.idx].strip(" ,'") and text[point.end : start].count("\n\n") == 1
            for start, end in quotes
        )

    def _named_by(self, token: Token) -> set[int | None]:
        """Whom a speaker calls by name: not himself ("“Nobody sings for Obama,” he said")."""
        verb = token.head
        if token.dep_ != "nsubj" or not is_saying(verb.lower_):
            return set()
        text = self._named.text
        clauses = [one for one in verb.rights if one.dep_ == "ccomp"]
        said = [(one.idx, one.idx + 1) for clause in clauses for one in clause.children if one.dep_ == "nsubj"]
        for place, (start, end) in ((token.idx, quote) for quote in self._named.quotes_near(token.idx)):
            before = end <= place and not text[end:place].strip(" ,'")
            after = start > place and not re.search(r"[.!?\n]", text[place:start]) and start - place < _ANNOUNCED
            said += [(start, end)] if before or after else []
        named = {entity for start, end in said for entity in self._named.entities_in(start, end)}
        return {one for one in named if self._named.entities[one].kind is EntityKind.PERSON}

    def _subject_above(self, token: Token) -> Who | None:
        """The subject that goes on after "even as": "The port *has hinted* that … , even as *it has played down* fears"."""
        verb = token.head
        if token.dep_ != "nsubj" or verb.dep_ != "advcl" or not _CONCEDING & {one.lower_ for one in verb.lefts}:
            return None
        above = next((one for one in verb.ancestors if _form(one) == _form(verb)), None)
        subject = next((one for one in above.children if one.dep_ == "nsubj"), None) if above is not None else None
        if subject is None or subject.i > token.i:
            return None
        points = [point for point in self._spoken.recent(token.idx) if point.start <= subject.idx < point.end]
        return points[0].who if points and self._score(token, points[0]) is not None else None

    def _score(self, token: Token, point: Point) -> float | None:
        """How well somebody spoken of at `point` fits the pronoun `token`; None where it cannot be."""
        word, who = token.lower_, point.who
        if word in _THEY:
            body = who.entity is not None and self._named.entities[who.entity].kind is EntityKind.ORGANIZATION
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
        if is_one_clause(token, self._named.tokens_in(Span(point.start, point.end)), point):
            return None
        score = -0.9 * (self._named.sentence(token.idx) - point.sentence)
        score -= 0.6 * (word in _THEY and who.kind is SpeakerKind.ORGANIZATION)
        score += 1.0 * point.subject - 0.5 * point.owner + 0.3 * (who.entity is not None)
        if word in _HE | _SHE and not who.gender:
            score -= 0.5
        return score - 0.0005 * (token.idx - point.end)


def _form(verb: Token) -> tuple[str, ...]:
    """The tense of a verb: its auxiliaries and its own form."""
    return (*(one.lower_ for one in verb.lefts if one.dep_ in ("aux", "auxpass")), verb.tag_)
