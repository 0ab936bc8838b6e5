"""What the light network is told of a parsed text: numbers by token, and by token as one cue sees it. Arrays only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from firsthand.analyze.statements.decode import Bools, Floats, Ints

if TYPE_CHECKING:
    from spacy.tokens import Doc

REACH = 80
"""Tokens on either side of a cue in which its source and content are looked for (99 % of them, in news)."""
LONG = 160
"""Tokens from which on a paragraph is cut at the next sentence; `LONGEST` at any token."""
LONGEST = 320
LISTS = ("words", "suffixes", "tags", "deps")
_OPENS, _CLOSES, _STRAIGHT = ("“", "„", "«", "``"), ("”", "»", "''"), ('"',)
_HIGHEST, _DEEPEST = 6, 6
_STEPS = 24
"""Heads that are followed up the tree; real sentences need half as many."""
FAR = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 40, 60], np.int64)
"""Where the classes of distance end."""


class Numbers:
    """Numbers of the strings that were seen in training; 0 is any other."""

    def __init__(self, strings: Sequence[str]) -> None:
        from spacy.strings import get_string_id

        hashes = np.array([get_string_id(one) for one in strings], np.uint64)
        order = np.argsort(hashes)
        self._hashes, self._numbers = hashes[order], (order + 1).astype(np.int64)

    def __call__(self, hashes: np.ndarray) -> Ints:
        """The numbers of hashes as spaCy gives them."""
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[at] == hashes, self._numbers[at], 0)

    def __len__(self) -> int:
        return len(self._hashes) + 1


def read_lists(path: Path) -> dict[str, Numbers]:
    """The lists of `LISTS` from a file: strings a line, an empty line between lists."""
    parts = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return {name: Numbers(part.split("\n")) for name, part in zip(LISTS, parts, strict=True)}


@dataclass(frozen=True, slots=True)
class Traits:
    """A parsed text; all arrays run by token."""

    columns: Ints
    """(n, 6): word, suffix, tag, dependency, letter case, place to quotation marks."""
    heads: Ints
    """The token that each depends on; itself for a root."""
    tensor: Floats
    """What spaCy's own network knows of each token."""
    starts: Ints
    ends: Ints
    """Code points."""
    sentences: Ints
    marks: Ints
    """Quotation marks so far."""
    lefts: Ints
    rights: Ints
    """The outermost tokens of what depends on each."""
    rows: tuple[tuple[int, int], ...]
    """First and last + 1 token of each paragraph, or part of a long one."""


def traits(doc: Doc, lists: dict[str, Numbers]) -> Traits:
    """The traits of a parsed text (`analyze.parse`)."""
    from spacy import attrs

    names = (
        attrs.LOWER, attrs.SUFFIX, attrs.TAG, attrs.DEP, attrs.HEAD, attrs.IDX, attrs.LENGTH, attrs.SENT_START,
        attrs.IS_TITLE, attrs.IS_UPPER, attrs.LIKE_NUM, attrs.IS_PUNCT, attrs.IS_SPACE,
    )  # fmt: skip
    table = doc.to_array(list(names))
    lower, suffix, tag, dep, heads, starts, lengths, begins, *kinds = table.T
    n = len(table)
    starts = starts.astype(np.int64)
    own = np.arange(n)
    heads = np.clip(own + heads.astype(np.int64), 0, max(0, n - 1))
    breaks = [at for at in np.flatnonzero(kinds[4]).tolist() if "\n" in doc[at].text]
    sentence_starts = begins.astype(np.int64) == 1
    marks, inside = _quoted(lower, breaks, lists)
    case = np.select([k.astype(bool) for k in (kinds[4], kinds[3], kinds[2], kinds[1], kinds[0])], [5, 4, 3, 2, 1], 0)
    columns = np.stack(
        [lists["words"](lower), lists["suffixes"](suffix), lists["tags"](tag), lists["deps"](dep), case, inside], 1
    )
    lefts, rights = _edges(heads)
    return Traits(
        columns, heads, np.asarray(doc.tensor, np.float32), starts, starts + lengths.astype(np.int64),
        np.cumsum(sentence_starts), marks, lefts, rights, tuple(_rows(n, breaks, sentence_starts)),
    )  # fmt: skip


def _hashes(strings: Sequence[str]) -> np.ndarray:
    from spacy.strings import get_string_id

    return np.array([get_string_id(one) for one in strings], np.uint64)


def _quoted(lower: np.ndarray, breaks: Sequence[int], lists: dict[str, Numbers]) -> tuple[Ints, Ints]:
    """Quotation marks so far, and 1 between marks, 2 for a mark, 0 else. No quote outlives its paragraph."""
    opens, closes, straight = (np.isin(lower, _hashes(each)) for each in (_OPENS, _CLOSES, _STRAIGHT))
    is_mark = opens | closes | straight
    inside = np.zeros(len(lower), np.int64)
    since = -1
    stops = sorted([*np.flatnonzero(is_mark).tolist(), *breaks, len(lower)])
    for at in stops:
        if since >= 0:
            inside[since + 1 : at] = 1
        if at == len(lower) or not is_mark[at]:
            since = -1
        elif opens[at] or (straight[at] and since < 0):
            since = at
        else:
            since = -1
    inside[is_mark] = 2
    return np.cumsum(is_mark), inside


def _edges(heads: Ints) -> tuple[Ints, Ints]:
    lefts, rights = np.arange(len(heads)), np.arange(len(heads))
    for _ in range(_STEPS):
        before = lefts.sum() - rights.sum()
        np.minimum.at(lefts, heads, lefts)
        np.maximum.at(rights, heads, rights)
        if before == lefts.sum() - rights.sum():
            break
    return lefts, rights


def _rows(n: int, breaks: Sequence[int], sentence_starts: Bools) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    begin = 0
    for stop in [*breaks, n]:
        while stop - begin > LONG:
            later = np.flatnonzero(sentence_starts[begin + LONG : min(stop, begin + LONGEST)])
            cut = begin + LONG + int(later[0]) if len(later) else min(stop, begin + LONGEST)
            rows.append((begin, cut))
            begin = cut
        if begin < stop:
            rows.append((begin, stop))
        begin = stop + 1
    return rows


@dataclass(frozen=True, slots=True)
class Rows:
    """Paragraphs side by side, as the network takes them."""

    columns: Ints
    """(P, T, 6)."""
    heads: Ints
    """(P, T): by place in the row."""
    children: Bools
    """(P, T, dependencies): which kinds of dependents a token has."""
    tensor: Floats
    real: Bools


def rows_of(t: Traits, rows: Sequence[tuple[int, int]], kinds: int) -> Rows:
    """Some rows of a text, padded; `kinds` is the number of kinds of dependencies."""
    count, longest = len(rows), max(last - first for first, last in rows)
    r = Rows(
        np.zeros((count, longest, t.columns.shape[1]), np.int64),
        np.zeros((count, longest), np.int64),
        np.zeros((count, longest, kinds), np.bool_),
        np.zeros((count, longest, t.tensor.shape[1]), np.float32),
        np.zeros((count, longest), np.bool_),
    )
    for row, (first, last) in enumerate(rows):
        size = last - first
        heads = np.clip(t.heads[first:last] - first, 0, size - 1)
        r.columns[row, :size], r.heads[row, :size] = t.columns[first:last], heads
        r.tensor[row, :size], r.real[row, :size] = t.tensor[first:last], True
        below = np.flatnonzero(t.heads[first:last] != np.arange(first, last))
        r.children[row, heads[below], t.columns[first + below, 3]] = True
    return r


SEEN = ("distance", "up", "down", "branch", "way", "edges", "marks", "sentence", "inside")
"""What a token is to a cue, by column of `seen_from`."""
SIZES = {"distance": 2 * (len(FAR) + 1) + 1, "up": _HIGHEST + 2, "down": _DEEPEST + 1, "edges": 4, "marks": 9, "sentence": 7,
         "inside": 2}  # fmt: skip


def seen_from(t: Traits, cues: Sequence[tuple[int, int, int, int]]) -> tuple[Ints, Bools, Ints]:
    """For cues (first and last + 1 token, row's first and last + 1 token): (N, T, 9) traits, (N, T) which are real, and
    (N, 2): the first token that each window holds and the token that heads the cue."""
    firsts = np.array([max(row_first, first - REACH) for first, _, row_first, _ in cues], np.int64)
    lasts = np.array([min(row_last, last + REACH) for _, last, _, row_last in cues], np.int64)
    longest = int((lasts - firsts).max())
    places = firsts[:, None] + np.arange(longest)
    real = places < lasts[:, None]
    places = np.minimum(places, lasts[:, None] - 1)
    roots = np.array([_root(t.heads, first, last) for first, last, _, _ in cues], np.int64)
    begin = np.array([cue[0] for cue in cues], np.int64)[:, None]
    end = np.array([cue[1] for cue in cues], np.int64)[:, None]
    before, after = np.maximum(begin - places, 0), np.maximum(places - end + 1, 0)
    steps = len(FAR) + 1
    distance = steps + np.searchsorted(FAR, after) + (after > 0) - np.searchsorted(FAR, before) - (before > 0)
    up, down, branch, way = _paths(t, places, roots)
    edges = (places == t.lefts[branch]) + 2 * (places == t.rights[branch])
    marks = np.clip(t.marks[places] - t.marks[roots][:, None], -4, 4) + 4
    sentence = np.clip(t.sentences[places] - t.sentences[roots][:, None], -3, 3) + 3
    deps = t.columns[:, 3]
    on_path = down == 0
    seen = np.stack(
        [np.clip(distance, 0, 2 * steps), up, down, np.where(on_path, 0, deps[branch]), np.where(up > 0, deps[way], 0),
         edges, marks, sentence, (before == 0) & (after == 0)], 2,
    )  # fmt: skip
    return seen.astype(np.int64), real, np.stack([firsts, roots], 1)


def _root(heads: Ints, first: int, last: int) -> int:
    """The token of a run that depends on one outside."""
    return next((at for at in range(first, last) if not first <= heads[at] < last or heads[at] == at), last - 1)


def _paths(t: Traits, places: Ints, roots: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """From each token to the cue: heads up from the cue to where both meet, steps down to the token, and the tokens by
    which each hangs there. Another sentence's tokens meet nowhere: one more than the highest."""
    count, n = len(roots), len(t.heads)
    level = np.full((count, n), -1, np.int8)
    above = np.zeros((count, _STEPS + 1), np.int64)
    at, rows = roots.copy(), np.arange(count)
    for step in range(_STEPS):
        above[:, step] = at
        fresh = level[rows, at] < 0
        level[rows[fresh], at[fresh]] = step
        at = t.heads[at]
    here, branch, down = places.copy(), places.copy(), np.zeros_like(places)
    lines = rows[:, None]
    for _ in range(_STEPS):
        open_ = level[lines, here] < 0
        if not open_.any():
            break
        branch = np.where(open_, here, branch)
        down += open_
        here = t.heads[here]
    met = level[lines, here].astype(np.int64)
    up = np.where(met < 0, _HIGHEST + 1, np.minimum(met, _HIGHEST))
    way = above[lines, np.maximum(met - 1, 0)]
    return up, np.minimum(down, _DEEPEST), branch, way
