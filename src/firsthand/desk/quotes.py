"""What one person said once, as several outlets give it: the wordings side by side. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firsthand.group.variants import Piece, PieceKind, is_same_wording, marked, same_quotes
from firsthand.model.people import Said

LOOKED_AT: Final = 200
"""Latest statements of a person among which the same quote is looked for."""
SHOWN: Final = 12
"""Quotes that a page shows side by side; the latest."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording, with the articles that print it."""

    said: tuple[Said, ...]
    """Earliest first; at least one."""
    pieces: tuple[Piece, ...]
    """Marked against the wording that was printed first."""

    @property
    def first(self) -> Said:
        return self.said[0]


@dataclass(frozen=True, slots=True)
class Quote:
    """One utterance in two and more wordings, the one printed first at the head."""

    wordings: tuple[Wording, ...]


def quotes(said: Sequence[Said]) -> tuple[Quote, ...]:
    """The quotes among what one person said that articles give in different words, the latest first."""
    ordered = sorted(said, key=lambda one: (one.published, one.article_id, one.number))
    groups = ([ordered[place] for place in group] for group in same_quotes([one.content for one in ordered]))
    found = [quote for group in groups if (quote := _quote(group))]
    return tuple(sorted(found, key=lambda quote: quote.wordings[0].first.published, reverse=True)[:SHOWN])


def _quote(said: Sequence[Said]) -> Quote | None:
    """None where all print the same words, or one article says it twice."""
    wordings: list[list[Said]] = []
    for one in said:
        same = next((group for group in wordings if is_same_wording(group[0].content, one.content)), None)
        if same is None:
            wordings.append([one])
        elif all(one.article_id != other.article_id for other in same):
            same.append(one)
    if len(wordings) < 2 or len({group[0].article_id for group in wordings}) < 2:
        return None
    first = wordings[0][0].content
    whole = (Piece(PieceKind.KEPT, first),)
    return Quote(
        tuple(
            Wording(tuple(group), marked(first, group[0].content) if number else whole)
            for number, group in enumerate(wordings)
        )
    )
