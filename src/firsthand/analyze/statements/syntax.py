"""The parse of a text, told to the encoder by its own words: what each word is, and what it is to a cue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from firsthand.analyze.statements.decode import Ints
from firsthand.analyze.statements.traits import SEEN, Traits, seen_from

TAG, DEPENDENCY = 2, 3
"""Columns of `Traits.columns`."""
VIEW = SEEN[1:]
"""What is told of a word and a cue: all of `SEEN` but the distance, which the head counts itself."""


class Syntax:
    """The traits of a parsed text by word. A word is part of the token in which it begins."""

    def __init__(self, traits: Traits, spans: Sequence[tuple[int, int]]) -> None:
        self._traits = traits
        starts = np.array([start for start, _ in spans], np.int64)
        self._tokens = np.maximum(np.searchsorted(traits.starts, starts, "right") - 1, 0)
        self._rows = np.zeros((len(traits.starts), 2), np.int64)
        for first, last in traits.rows:
            self._rows[first:last] = first, last

    def grammar(self, words: Ints) -> Ints:
        """Part of speech and dependency (T, 2) of words by number; 0 where the number is -1, a separator."""
        known = self._traits.columns[self._tokens[words]][:, [TAG, DEPENDENCY]]
        return np.where(words[:, None] >= 0, known, 0)

    def view(self, words: Ints, edges: Ints) -> Ints:
        """What each word is to each cue (N, T, `VIEW`): 1 + the trait; 0 outside the paragraph and far away.

        Args:
            words: the words of a window by number, -1 for a separator.
            edges: first and last word (N, 2) of each cue, by place in the window.
        """
        tokens = np.where(words >= 0, self._tokens[words], -1)
        cues = [self._cue(int(first), int(last)) for first, last in tokens[edges]]
        seen, real, points = seen_from(self._traits, cues)
        at = tokens - points[:, :1]
        near = (tokens >= 0) & (at >= 0) & (at < real.sum(1)[:, None])
        chosen = seen[np.arange(len(cues))[:, None], np.where(near, at, 0)]
        return np.where(near[:, :, None], chosen[:, :, 1:] + 1, 0)

    def _cue(self, first: int, last: int) -> tuple[int, int, int, int]:
        begin, end = self._rows[first] if self._rows[first, 1] else (first, first + 1)
        return first, int(min(max(last, first) + 1, end)), int(begin), int(end)
