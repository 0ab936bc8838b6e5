"""Attributions of an English text from its parse, by a small network: for archives, where speed counts.

Rows of tokens → scores of flat tags → cues → source and content of each cue → spans. The figures stand beside those of the
large network in docs/quality.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from firsthand.analyze.statements.decode import Bools, Crf, Floats, Ints, runs
from firsthand.analyze.statements.encoder import DATA, Session, open_session
from firsthand.analyze.statements.relation import Relation, Span
from firsthand.analyze.statements.traits import Numbers, Rows, Traits, read_lists, rows_of, seen_from, traits

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["LightNetwork", "find_light", "relations_of"]

CUE = 1
"""Roles of the flat tags: source 0, cue 1, content 2; of the second head: source 0, content 1."""
TOKENS = 1500
"""Read together, padding included: more gain no speed on one core."""
CUES = 24


class LightNetwork(Protocol):
    """What detection needs; the trainer scores its checkpoints through the same door."""

    @property
    def kinds(self) -> int:
        """How many kinds of dependencies it knows."""
        ...

    @property
    def flat_moves(self) -> Crf: ...

    @property
    def argument_moves(self) -> Crf: ...

    def tokens(self, rows: Rows) -> tuple[Floats, Floats]:
        """States (P, T, width) and scores of the flat tags (P, T, 7)."""
        ...

    def arguments(self, states: Floats, flat: Floats, places: Ints, roots: Ints, seen: Ints, real: Bools) -> Floats:
        """Scores (N, T, 5) of the tags of source and content; `places` and `roots` point into the rows of a text."""
        ...


@dataclass(frozen=True, slots=True)
class _Onnx:
    """The packaged network. Runs on the processor; the same input gives the same output."""

    lists: dict[str, Numbers]
    flat_moves: Crf
    argument_moves: Crf
    _tokens: Session
    _arguments: Session

    @property
    def kinds(self) -> int:
        return len(self.lists["deps"])

    def tokens(self, rows: Rows) -> tuple[Floats, Floats]:
        given = {name: getattr(rows, name) for name in ("columns", "heads", "children", "tensor", "real")}
        states, flat = self._tokens.run(None, given)
        return states, flat

    def arguments(self, states: Floats, flat: Floats, places: Ints, roots: Ints, seen: Ints, real: Bools) -> Floats:
        given: Mapping[str, Floats | Ints | Bools] = {
            "states": states, "flat": flat, "places": places, "roots": roots, "seen": seen, "real": real,
        }  # fmt: skip
        return self._arguments.run(None, given)[0]


@cache
def _open(folder: Path = DATA) -> _Onnx:
    with np.load(folder / "light.npz") as moves:
        flat, arguments = Crf(moves["flat"]), Crf(moves["arguments"])
    lists = read_lists(folder / "light.txt")
    return _Onnx(
        lists,
        flat,
        arguments,
        open_session(folder / "light_tokens.onnx"),
        open_session(folder / "light_arguments.onnx"),
    )


def find_light(doc: Doc) -> tuple[Relation, ...]:
    """The attributions of a parsed text, in order of their cues; spans are code points of its text.

    Raises:
        OSError: the weights are not there (a broken installation).
    """
    network = _open()
    return relations_of(traits(doc, network.lists), network)


def relations_of(t: Traits, network: LightNetwork) -> tuple[Relation, ...]:
    """As `find_light`, with a network given."""
    found: list[Relation] = []
    for rows in _together(t.rows):
        r = rows_of(t, rows, network.kinds)
        states, flat = network.tokens(r)
        tags = network.flat_moves.tags_of(flat, r.real, ~r.real)
        cues = [(row, first, last + 1) for row in range(len(rows)) for first, last in runs(tags[row], CUE)]
        flatly = (states.reshape(-1, states.shape[2]), flat.reshape(-1, flat.shape[2]))
        for begin in range(0, len(cues), CUES):
            found.extend(_arguments(t, rows, flat.shape[1], flatly, cues[begin : begin + CUES], network))
    return tuple(sorted(found, key=lambda one: one.cue[0].start))


def _together(rows: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Rows of like length."""
    chosen: list[tuple[int, int]] = []
    for first, last in sorted(rows, key=lambda row: row[1] - row[0]):
        if chosen and (len(chosen) + 1) * (last - first) > TOKENS:
            yield chosen
            chosen = []
        chosen.append((first, last))
    if chosen:
        yield chosen


def _arguments(
    t: Traits, rows: Sequence[tuple[int, int]], width: int, flatly: tuple[Floats, Floats],
    cues: Sequence[tuple[int, int, int]], network: LightNetwork,
) -> Iterator[Relation]:  # fmt: skip
    """The relations of some cues (row, first and last + 1 token within it)."""
    begins = [rows[row][0] for row, _, _ in cues]
    placed = [(begin + first, begin + last, *rows[row]) for begin, (row, first, last) in zip(begins, cues, strict=True)]
    seen, real, points = seen_from(t, placed)
    offset = np.array([row * width - begin for begin, (row, _, _) in zip(begins, cues, strict=True)], np.int64)
    across = np.arange(seen.shape[1])
    places = np.where(real, (points[:, 0] + offset)[:, None] + across, 0)
    scores = network.arguments(*flatly, places, points[:, 1] + offset, seen, real)
    tokens = points[:, :1] + across
    edges = np.array([cue[:2] for cue in placed], np.int64)
    outside = ~real | ((tokens >= edges[:, :1]) & (tokens < edges[:, 1:]))  # a cue is no part of its own source
    tags, chances = network.argument_moves.best(scores, real, outside)
    for number, (first, last, _, _) in enumerate(placed):
        begin = int(points[number, 0])
        content = _spans(t, runs(tags[number], 1), begin)
        if content:
            score = math.exp(float(chances[number]) / max(1, int(np.count_nonzero(tags[number]))))
            cue = Span(int(t.starts[first]), int(t.ends[last - 1]))
            yield Relation(_spans(t, runs(tags[number], 0), begin), (cue,), content, round(score, 4))


def _spans(t: Traits, found: Sequence[tuple[int, int]], begin: int) -> tuple[Span, ...]:
    return tuple(Span(int(t.starts[begin + first]), int(t.ends[begin + last])) for first, last in found)
