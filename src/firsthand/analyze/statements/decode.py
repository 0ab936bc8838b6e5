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
        scores = scores.astype(np.float32, copy=True)
        scores[outside, 1:] = _NEVER
        moves, start = self.moves[:-1], self.moves[-1]
        count, length, tags = scores.shape
        best = total = start + scores[:, 0]
        back = np.zeros((length, count, tags), np.int64)
        same = np.arange(tags)
        for at in range(1, length):
            ways = best[:, :, None] + moves
            real = words[:, at, None]
            back[at] = np.where(real, ways.argmax(1), same)
            best = np.where(real, ways.max(1) + scores[:, at], best)
            total = np.where(real, _log_sum(total[:, :, None] + moves) + scores[:, at], total)
        found = np.zeros((count, length), np.int64)
        found[:, -1] = best.argmax(1)
        rows = np.arange(count)
        for at in range(length - 1, 0, -1):
            found[:, at - 1] = back[at][rows, found[:, at]]
        found[~words] = OUTSIDE
        chance = best.max(1) - _log_sum(total[:, :, None])[:, 0]
        return found, np.minimum(chance, np.float32(0)).astype(np.float32)


def _log_sum(values: Floats) -> Floats:
    """log(sum(exp)) over the second axis."""
    top = values.max(1)
    result: Floats = top + np.log(np.exp(values - top[:, None]).sum(1))
    return result


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
