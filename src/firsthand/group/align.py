"""The exact alignment of two texts, word by word, with blocks that moved.

Seed and extend, then tile greedily: runs of five words and more that both texts hold are found through their grams,
the longest are taken first (greedy string tiling, Wise 1993), the heaviest chain of runs in order counts as kept, runs
outside it as moved. What lies between is compared word by word where it is short enough. Time grows with the
number of words and of runs, not with their product: 40,000 words against 40,000 take about a third of a second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel, Opcode

from firsthand.group.fingerprint import GRAM, grams
from firsthand.group.words import Hashes, Places, Words, split_words
from firsthand.model.grouping import Alignment, Part, PartKind

COMMON = 4
"""A gram that stands more often than this in the other text seeds nothing; runs grow across it."""
GAP = 1_500
"""Words; a longer stretch without a run of five shared words is other text, not an edit of it."""
LIKENESS = 0.3
"""A gap of which fewer words are equal was written anew; single words in common would only confuse."""


@dataclass(frozen=True, slots=True)
class Run:
    """`length` equal words, from word `here` in this text and word `there` in the other."""

    here: int
    there: int
    length: int

    @property
    def here_end(self) -> int:
        return self.here + self.length

    @property
    def there_end(self) -> int:
        return self.there + self.length


def align(here: str, there: str) -> Alignment:
    """What of `there` is kept, moved, changed or cut in `here`, and what is added."""
    return align_words(split_words(here), split_words(there))


def align_words(here: Words, there: Words) -> Alignment:
    """`align` for texts that are split already."""
    runs = _tile(_runs(here.hashes, there.hashes), len(here), len(there))
    chain = _chain(runs)
    in_order = set(chain)
    moved = [run for run in runs if run not in in_order]
    pieces = list(_parts(here, there, chain, moved))
    same = sum(to - start for kind, start, to, _, _ in pieces if kind in _SAME)
    parts = tuple(Part(kind, here.span(a, b), there.span(c, d)) for kind, a, b, c, d in pieces)
    return Alignment(parts, same / max(1, len(there)), same / max(1, len(here)))


_SAME = (PartKind.KEPT, PartKind.MOVED)
_Piece = tuple[PartKind, int, int, int, int]
"""Kind, words from and to here, words from and to there."""


def _runs(here: Hashes, there: Hashes) -> list[Run]:
    """The longest runs of equal words through each shared gram, longest first."""
    places_here, places_there = _shared_grams(grams(here), grams(there))
    diagonals = places_here - places_there
    order = np.lexsort((places_here, diagonals))
    a, d = places_here[order], diagonals[order]
    breaks = np.flatnonzero((np.diff(d) != 0) | (np.diff(a) != 1)) + 1
    found = _ends(here, there)
    for first, last in zip([0, *breaks.tolist()], [*breaks.tolist(), len(a)], strict=True):
        if first < last:
            start, diagonal = int(a[first]), int(d[first])
            found.add(_grown(here, there, Run(start, start - diagonal, last - first + GRAM - 1)))
    return sorted(found, key=lambda run: (-run.length, run.here, run.there))


def _ends(here: Hashes, there: Hashes) -> set[Run]:
    """What both texts begin with, and what both end with: found even where every gram is common."""
    room = min(len(here), len(there))
    first = _equal(here[:room], there[:room])
    last = _equal(here[::-1][: room - first], there[::-1][: room - first])
    runs = {Run(0, 0, first), Run(len(here) - last, len(there) - last, last)}
    return {run for run in runs if run.length >= GRAM}


def _shared_grams(here: Hashes, there: Hashes) -> tuple[Places, Places]:
    """The places (here, there) of grams that both have, without those that are common there."""
    order = np.argsort(there, kind="stable")
    ranked = there[order]
    low = np.searchsorted(ranked, here, "left")
    count = np.searchsorted(ranked, here, "right") - low
    count[count > COMMON] = 0
    places_here = np.repeat(np.arange(len(here)), count)
    nth = np.arange(len(places_here)) - np.repeat(np.cumsum(count) - count, count)
    return places_here, order[np.repeat(low, count) + nth]


def _grown(here: Hashes, there: Hashes, run: Run) -> Run:
    """`run` for as far as the words on either side are equal."""
    room = min(run.here, run.there)
    before = _equal(here[run.here - room : run.here][::-1], there[run.there - room : run.there][::-1])
    room = min(len(here) - run.here_end, len(there) - run.there_end)
    after = _equal(here[run.here_end : run.here_end + room], there[run.there_end : run.there_end + room])
    return Run(run.here - before, run.there - before, before + run.length + after)


def _equal(one: Hashes, other: Hashes) -> int:
    """How many words from the start are equal; looks at few where few are."""
    done, step = 0, 16
    while done < len(one):
        differ = np.flatnonzero(one[done : done + step] != other[done : done + step])
        if len(differ):
            return done + int(differ[0])
        done, step = min(len(one), done + step), step * 2
    return done


def _tile(runs: list[Run], words_here: int, words_there: int) -> list[Run]:
    """Runs that do not overlap in either text, the longest first; of one that overlaps its longest free part."""
    taken_here, taken_there = np.zeros(words_here, np.bool_), np.zeros(words_there, np.bool_)
    tiles = []
    for run in runs:
        taken = taken_here[run.here : run.here_end] | taken_there[run.there : run.there_end]
        start, length = _longest_free(taken)
        if length >= GRAM:
            tile = Run(run.here + start, run.there + start, length)
            taken_here[tile.here : tile.here_end] = True
            taken_there[tile.there : tile.there_end] = True
            tiles.append(tile)
    return sorted(tiles, key=lambda tile: tile.here)


def _longest_free(taken: NDArray[np.bool_]) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate(([1], taken.view(np.int8), [1]))))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return 0, 0
    longest = int((ends - starts).argmax())
    return int(starts[longest]), int(ends[longest] - starts[longest])


def _chain(runs: list[Run]) -> list[Run]:
    """The heaviest sequence of runs whose order is the same in both texts (a weighted rising subsequence)."""
    ends: list[int] = []  # the last word there of a chain, rising; and its weight, rising too
    weights: list[int] = []
    heads: list[Run] = []
    before: dict[Run, Run | None] = {}
    for run in runs:
        at = bisect_left(ends, run.there + 1)
        before[run] = heads[at - 1] if at else None
        weight = run.length + (weights[at - 1] if at else 0)
        at = bisect_left(ends, run.there_end)
        if at and weights[at - 1] >= weight:
            continue
        beaten = at
        while beaten < len(ends) and weights[beaten] <= weight:
            beaten += 1
        ends[at:beaten], weights[at:beaten], heads[at:beaten] = [run.there_end], [weight], [run]
    chain: list[Run] = []
    head = heads[-1] if heads else None
    while head is not None:
        chain.append(head)
        head = before[head]
    return chain[::-1]


def _parts(here: Words, there: Words, chain: list[Run], moved: list[Run]) -> Iterator[_Piece]:
    """All pieces in the order of this text; what stands only there comes where it would stand."""
    left = deque(moved)
    gone = deque(sorted(moved, key=lambda run: run.there))
    at_here = at_there = 0
    for run in [*chain, Run(len(here), len(there), 0)]:
        arrived = _taken(left, attrgetter("here"), run.here)
        departed = _taken(gone, attrgetter("there"), run.there)
        pieces_here = _free(at_here, run.here, [(one.here, one.here_end) for one in arrived])
        pieces_there = _free(at_there, run.there, [(one.there, one.there_end) for one in departed])
        gap = [*_gap(here.hashes, there.hashes, pieces_here, pieces_there, (at_here, at_there)), *map(_moved, arrived)]
        yield from sorted(gap, key=lambda piece: (piece[1], piece[2]))
        if run.length:
            yield (PartKind.KEPT, run.here, run.here_end, run.there, run.there_end)
        at_here, at_there = run.here_end, run.there_end


def _moved(run: Run) -> _Piece:
    return (PartKind.MOVED, run.here, run.here_end, run.there, run.there_end)


def _taken(runs: deque[Run], place: Callable[[Run], int], end: int) -> list[Run]:
    """The runs at the front whose place is before `end`, taken off."""
    found = []
    while runs and place(runs[0]) < end:
        found.append(runs.popleft())
    return found


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What `taken` stretches, in order, leave of start to end."""
    free = []
    for first, last in [*taken, (end, end)]:
        if start < first:
            free.append((start, first))
        start = max(start, last)
    return free


def _gap(
    here: Hashes,
    there: Hashes,
    pieces_here: list[tuple[int, int]],
    pieces_there: list[tuple[int, int]],
    at: tuple[int, int],
) -> Iterator[_Piece]:
    """What stands between two runs of the chain: the largest pieces are compared, all others were added or cut."""
    mine = max(pieces_here, key=_size, default=None)
    theirs = max(pieces_there, key=_size, default=None)
    for first, last in pieces_here:
        if (first, last) != mine or theirs is None:
            yield (PartKind.ADDED, first, last, at[1], at[1])
    for first, last in pieces_there:
        if (first, last) != theirs or mine is None:
            yield (PartKind.CUT, at[0], at[0], first, last)
    if mine and theirs:
        yield from _compared(here, there, mine, theirs)


def _size(piece: tuple[int, int]) -> int:
    return piece[1] - piece[0]


def _compared(here: Hashes, there: Hashes, mine: tuple[int, int], theirs: tuple[int, int]) -> Iterator[_Piece]:
    """Two short stretches word by word; long or unlike ones as text cut and text added."""
    if max(_size(mine), _size(theirs)) > GAP:
        yield (PartKind.CUT, mine[0], mine[0], *theirs)
        yield (PartKind.ADDED, *mine, theirs[1], theirs[1])
        return
    words, others = here[slice(*mine)].tolist(), there[slice(*theirs)].tolist()
    edits = Indel.opcodes(others, words)
    equal = sum(op.src_end - op.src_start for op in edits if op.tag == "equal")
    if equal < LIKENESS * min(len(words), len(others)):
        yield (PartKind.CHANGED, *mine, *theirs)
        return
    for kind, a, b, c, d in _replacements(edits):
        yield (kind, mine[0] + a, mine[0] + b, theirs[0] + c, theirs[0] + d)


def _replacements(edits: Iterable[Opcode]) -> list[_Piece]:
    """Opcodes as pieces; words cut right beside words added are words changed."""
    pieces: list[_Piece] = []
    for op in edits:
        kind = PartKind.KEPT if op.tag == "equal" else PartKind.ADDED if op.tag == "insert" else PartKind.CUT
        piece = (kind, op.dest_start, op.dest_end, op.src_start, op.src_end)
        if pieces and kind is not PartKind.KEPT and pieces[-1][0] is not PartKind.KEPT:
            last = pieces.pop()
            kind = kind if kind is last[0] else PartKind.CHANGED
            piece = (kind, last[1], piece[2], last[3], piece[4])
        pieces.append(piece)
    return pieces
