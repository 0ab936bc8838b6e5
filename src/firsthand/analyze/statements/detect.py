"""Attributions in any text: windows → scores of words → cues → source and content of each cue → spans."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from firsthand.analyze.statements.decode import Bools, Floats, Ints, runs
from firsthand.analyze.statements.encoder import Network, open_network
from firsthand.analyze.statements.relation import Relation, Span
from firsthand.analyze.statements.tokens import Paragraph, Window, paragraphs, windows

BATCH = 16
"""Windows whose flat tags are decoded together."""
CUE = 1
"""Roles of the flat tags: source 0, cue 1, content 2; of the second head: source 0, content 1."""


def find_relations(text: str, threads: int = 1) -> tuple[Relation, ...]:
    """The attributions of an English text, in order of their cues; spans are code points of `text`.

    Any text is safe: the spans lie within it and hold whole words.
    """
    return relations_of(text, open_network(threads))


def relations_of(text: str, network: Network) -> tuple[Relation, ...]:
    """As `find_relations`, with a network given."""
    parts = paragraphs(text, network.pieces)
    words = _Words(parts)
    found: list[Relation] = []
    batch: list[Window] = []
    for window in windows(parts, network.pieces):
        batch.append(window)
        if len(batch) == BATCH:
            found.extend(_read(batch, words, network))
            batch = []
    if batch:
        found.extend(_read(batch, words, network))
    return tuple(found)


class _Words:
    """The words of a text by number."""

    def __init__(self, parts: list[Paragraph]) -> None:
        self.spans = [span for part in parts for span in part.spans]


@dataclass(frozen=True, slots=True)
class _Arrays:
    """A batch of windows as the network takes it."""

    ids: Ints
    kinds: Ints
    real: Bools
    firsts: Ints
    places: Ints
    words: Bools
    separators: Bools


def _arrays(batch: list[Window]) -> _Arrays:
    count = len(batch)
    pieces = max(len(window.ids) for window in batch)
    words = max(len(window.firsts) for window in batch)
    a = _Arrays(
        ids=np.zeros((count, pieces), np.int64),
        kinds=np.zeros((count, pieces), np.int64),
        real=np.zeros((count, pieces), np.bool_),
        firsts=np.zeros((count, words), np.int64),
        places=np.zeros((count, words, 2), np.int64),
        words=np.zeros((count, words), np.bool_),
        separators=np.zeros((count, words), np.bool_),
    )
    for row, window in enumerate(batch):
        n, t = len(window.ids), len(window.firsts)
        a.ids[row, :n], a.kinds[row, :n], a.real[row, :n] = window.ids, window.kinds, True
        a.firsts[row, :t], a.words[row, :t] = window.firsts, True
        a.places[row, :t, 0], a.places[row, :t, 1] = window.paragraphs, window.sentences
        a.separators[row, :t] = np.array(window.words) < 0
    return a


def _read(batch: list[Window], words: _Words, network: Network) -> Iterator[Relation]:
    """The relations of some windows. Each goes through the network by itself: padding costs more than company saves."""
    arrays = [_arrays([window]) for window in batch]
    seen = [network.words(a.ids, a.kinds, a.real, a.firsts) for a in arrays]
    real, separators = (_padded([getattr(a, name) for a in arrays]) for name in ("words", "separators"))
    tags = network.flat_moves.tags_of(_padded([flat for _, flat in seen]), real, separators)
    for window, a, (states, flat), tagged in zip(batch, arrays, seen, tags, strict=True):
        cues = runs(tagged, CUE)
        if cues:
            yield from _arguments(window, a, network, states, flat, cues, words)


def _padded(arrays: list[Any]) -> Any:
    """Arrays (1, T, …) of several lengths in one; what is added is 0."""
    longest = max(one.shape[1] for one in arrays)
    whole = np.zeros((len(arrays), longest, *arrays[0].shape[2:]), arrays[0].dtype)
    for row, one in enumerate(arrays):
        whole[row, : one.shape[1]] = one[0]
    return whole


def _arguments(
    window: Window,
    a: _Arrays,
    network: Network,
    states: Floats,
    flat: Floats,
    cues: list[tuple[int, int]],
    words: _Words,
) -> Iterator[Relation]:
    """The relations of the cues (first and last word) of one window."""
    rows = np.zeros(len(cues), np.int64)
    scores = network.arguments(states, flat, a.places, a.words, rows, np.array(cues, np.int64))
    outside = a.separators[rows]
    for number, (first, last) in enumerate(cues):
        outside[number, first : last + 1] = True  # a cue is no part of its own source or content
    arguments, chances = network.argument_moves.best(scores, a.words[rows], outside)
    for number, cue in enumerate(cues):
        relation = _relation(window, words, cue, arguments[number], float(chances[number]))
        if relation.content:
            yield relation


def _relation(window: Window, words: _Words, cue: tuple[int, int], tags: Ints, chance: float) -> Relation:
    tagged = int(np.count_nonzero(tags))
    return Relation(
        source=_spans(runs(tags, 0), window, words),
        cue=_spans([cue], window, words),
        content=_spans(runs(tags, 1), window, words),
        score=round(math.exp(chance / max(1, tagged)), 4),
    )


def _spans(found: list[tuple[int, int]], window: Window, words: _Words) -> tuple[Span, ...]:
    return tuple(Span(words.spans[window.words[first]][0], words.spans[window.words[last]][1]) for first, last in found)


__all__ = ["Floats", "Relation", "Span", "find_relations", "relations_of"]
