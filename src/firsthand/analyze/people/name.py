"""One name as it stands in a text, and the small words of names."""

from __future__ import annotations

from dataclasses import dataclass

from firsthand.analyze.people.words import Gender
from firsthand.model.findings import EntityKind

__all__ = ["JOINS", "PARTICLES", "SUFFIXES", "Name"]

PARTICLES = frozenset(
    "de del della di da dos das du la le van von der den ter ten bin ibn al el ben abu y e af av zu zur".split()
)
SUFFIXES = frozenset("jr sr ii iii iv".split())
JOINS = frozenset("of for and the in on to &".split())


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it stands: `page.tokens[first:last]` are its words, `lead` where its titles begin (`first` without any)."""

    first: int
    last: int
    lead: int
    words: tuple[str, ...]
    start: int
    end: int
    kind: EntityKind | None
    sure: bool
    """The words around it show the kind; else it is only likely."""
    gender: Gender = ""
    definite: bool = False
    """An article stands before it."""

    @property
    def text(self) -> str:
        return " ".join(self.words)
