"""Who was spoken of so far in a text that is read in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from firsthand.analyze.dates.sentence import inside
from firsthand.analyze.people.named import Named
from firsthand.analyze.people.who import SUBJECTS, Point, Who, top_of_name
from firsthand.model.article import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Spoken"]

_BACK = 5
"""Sentences within which a pronoun may take up a name."""


class Spoken:
    """The places that speak of somebody, in reading order."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self.points: list[Point] = []
        self._introduced: dict[str, list[Point]] = {}

    def add(self, span: Span, who: Who, token: Token, *, definite: bool = True) -> None:
        top = top_of_name(token)
        subject = top.dep_ in SUBJECTS or (top.dep_ == "appos" and top.head.dep_ in (*SUBJECTS, "ROOT"))
        owner = token.dep_ == "poss" or top.dep_ == "poss"
        in_quote = inside(self._named.quotes, span.start) is not None
        point = Point(span.start, span.end, who, self._named.sentence(span.start), subject, owner, in_quote, definite)
        self.points.append(point)
        if who.entity is None and who.noun and not definite:
            self._introduced.setdefault(who.noun, []).append(point)

    def introduced(self, noun: str, before: int) -> Point | None:
        """The last place before `before` that speaks for the first time of somebody by that noun ("a man")."""
        found = self._introduced.get(noun, [])
        at = bisect_left(found, before, key=lambda point: point.start)
        return found[at - 1] if at else None

    def recent(self, position: int) -> Iterator[Point]:
        here = self._named.sentence(position)
        quote = inside(self._named.quotes, position)
        last = bisect_left(self.points, position, key=lambda point: point.start)
        for at in range(last - 1, -1, -1):
            point = self.points[at]
            if here - point.sentence > _BACK:
                return
            other = inside(self._named.quotes, point.start)
            if other is None or other == quote:
                yield point
