"""Near-copies: which of the candidates an article's text repeats, how far, and who has it from whom.

Scored by containment, the larger share of either text that stands in the other: it alone finds an agency's report
inside a portal's page, where resemblance over both texts is low.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from firsthand.group.direction import Provenance, direction
from firsthand.group.quoted import quoted_words
from firsthand.group.wording import Shared, Wording, covered, shared
from firsthand.group.words import split_words
from firsthand.model.grouping import CopyKind, CopyMatch

CONTAINMENT = 0.46
"""Words of one text in runs of five and more that stand in the other. On a day's real pages every threshold from .43
to .50 scores at least .99 F1 against the silver truth (.5 of 5-grams); see `tests/eval/test_eval_copies.py`."""
FLOOR = 100
"""Words; a shorter text counts as this long, so that 20 words in common make no copy."""
SAME, SAME_WORDS = 0.9, 20
"""But two short texts that are nearly the same are copies from this many words on: briefs, alerts, headlines."""
HALF = 0.5
WHOLE = 0.97
PARTLY = 0.36
"""Containment from which on a passage of the other's is worth telling, though the text is no copy."""
IN_MARKS = 0.8
"""Share of what is shared that stands in quotation marks in both: then both quote somebody, not each other."""


@dataclass(frozen=True, eq=False)
class Printed:
    """One article as it is compared."""

    source: Provenance
    text: str
    wording: Wording
    """Of `text`, without the outlet's furniture."""

    @cached_property
    def _words(self) -> tuple[Wording, NDArray[np.bool_]]:
        """All words of the text, and for each whether it stands in quotation marks."""
        words = split_words(self.text)
        return Wording(words.hashes), quoted_words(self.text, words)

    def in_marks(self, other: Printed) -> bool:
        """Whether nearly all that the other has of this text stands in quotation marks here."""
        whole, quoted = self._words
        found = covered(whole, other.wording)
        return bool((found & quoted).sum() >= IN_MARKS * found.sum())


def match_copies(article: Printed, candidates: Iterable[Printed]) -> tuple[CopyMatch, ...]:
    """The candidates whose text stands in `article`, or the other way round, the most shared first."""
    found = []
    for other in candidates:
        overlap = shared(article.wording, other.wording)
        kind = kind_of(overlap, article, other)
        if kind is not None:
            found.append(_match(article, other, kind, overlap))
    return tuple(sorted(found, key=lambda match: -max(match.kept, match.reused)))


def reversed_match(match: CopyMatch) -> CopyMatch:
    """The same match from the other article's side."""
    kinds = {CopyKind.EXCERPT: CopyKind.EMBEDS, CopyKind.EMBEDS: CopyKind.EXCERPT}
    return replace(
        match,
        article=match.of,
        of=match.article,
        kind=kinds.get(match.kind, match.kind),
        kept=match.reused,
        reused=match.kept,
        direction=match.direction.turned,
    )


def _match(article: Printed, other: Printed, kind: CopyKind, overlap: Shared) -> CopyMatch:
    verdict, reason = direction(article.source, other.source)
    return CopyMatch(
        article=article.source.article,
        of=other.source.article,
        kind=kind,
        kept=overlap.kept,
        reused=overlap.reused,
        direction=verdict,
        reason=reason,
    )


def containment(overlap: Shared) -> float:
    """The larger share of either text found in the other, a short text counted as `FLOOR` words."""
    return max(
        overlap.words_here / max(FLOOR, overlap.length_here), overlap.words_there / max(FLOOR, overlap.length_there)
    )


def kind_of(overlap: Shared, article: Printed, other: Printed) -> CopyKind | None:
    """How `article` repeats `other`; None where it does not."""
    both = min(overlap.kept, overlap.reused)
    short_same = both >= SAME and overlap.words_here >= SAME_WORDS
    found = containment(overlap)
    if found < CONTAINMENT and not short_same:
        return CopyKind.QUOTES if found >= PARTLY and not _only_quotes(article, other) else None
    if both >= WHOLE:
        return CopyKind.IDENTICAL
    if both < HALF and _only_quotes(article, other):
        return CopyKind.QUOTES
    if both >= HALF:
        return CopyKind.COPY
    return CopyKind.EMBEDS if overlap.kept >= overlap.reused else CopyKind.EXCERPT


def _only_quotes(article: Printed, other: Printed) -> bool:
    """Whether nearly all that both share stands in quotation marks in both."""
    return article.in_marks(other) and other.in_marks(article)
