"""From scores of tags to tags (Viterbi), and from tags to runs of words. Arrays only; no text here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_NEVER = np.float32(-1e4)
OUTSIDE = 0


@dataclass(frozen=True, slots=True)
class Crf:
    """Scores of moves between BIO tags: row `from`, column `to`; the last row is the start of a sequence."""

    moves: Floats

    @property
    def tags(self) -> int:
        return int(self.moves.shape[1])

    def best(self, scores: Floats, words: Bools, outside: Bools) -> tuple[Ints, Floats]:
        """The best tags of each sequence (B, T), and how likely they are: the log of their chance, by sequence.

        `words` is False on padding (which may stand only at the end), `outside` True where a tag must be O.
        """
        scores = _kept(scores, outside)
        found, best = self._paths(scores, words)
        return found, np.minimum(best - self._totals(scores, words), np.float32(0)).astype(np.float32)

    def tags_of(self, scores: Floats, words: Bools, outside: Bools) -> Ints:
        """The best tags alone, in half the time."""
        return self._paths(_kept(scores, outside), words)[0]

    def _paths(self, scores: Floats, words: Bools) -> tuple[Ints, Floats]:
        """Viterbi: the best tags, and what they score."""
        moves, start = self.moves[:-1], self.moves[-1]
        count, length, tags = scores.shape
        best = start + scores[:, 0]
        back = np.zeros((length, count, tags), np.int64)
        same = np.arange(tags)
        whole = np.asarray(words.all(0))
        for at in range(1, length):
            ways = best[:, :, None] + moves
            came, new = ways.argmax(1), ways.max(1) + scores[:, at]
            if whole[at]:
                back[at], best = came, new
            else:
                real = words[:, at, None]
                back[at], best = np.where(real, came, same), np.where(real, new, best)
        found = np.zeros((count, length), np.int64)
        found[:, -1] = best.argmax(1)
        rows = np.arange(count)
        for at in range(length - 1, 0, -1):
            found[:, at - 1] = back[at][rows, found[:, at]]
        found[~words] = OUTSIDE
        return found, best.max(1)

    def _totals(self, scores: Floats, words: Bools) -> npt.NDArray[np.float64]:
        """The log of the sum over all tags of a sequence. In 64 bits, scaled at each step, so that it needs no logarithms."""
        moves = np.exp(self.moves[:-1].astype(np.float64))
        tops = scores.max(2, keepdims=True)
        weights = np.exp((scores - tops).astype(np.float64))
        ways = np.exp(self.moves[-1].astype(np.float64)) * weights[:, 0]
        scale = ways.sum(1, keepdims=True)
        ways, total = ways / scale, np.log(scale[:, 0]) + tops[:, 0, 0]
        for at in range(1, scores.shape[1]):
            new = (ways @ moves) * weights[:, at]
            scale = new.sum(1, keepdims=True)
            real = words[:, at]
            ways = np.where(real[:, None], new / scale, ways)
            total = total + np.where(real, np.log(scale[:, 0]) + tops[:, at, 0], 0.0)
        return np.asarray(total, np.float64)


def _kept(scores: Floats, outside: Bools) -> Floats:
    kept = scores.astype(np.float32, copy=True)
    kept[outside, 1:] = _NEVER
    return kept


def runs(tags: Ints, role: int) -> list[tuple[int, int]]:
    """Runs (first, last) of one role in one sequence of tags: B is 1 + 2 × role, I one more."""
    begins = 1 + 2 * role
    found: list[tuple[int, int]] = []
    for at in np.flatnonzero((tags == begins) | (tags == begins + 1)):
        place = int(at)
        if tags[at] == begins + 1 and found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
