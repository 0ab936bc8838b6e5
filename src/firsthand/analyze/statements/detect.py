"""Attributions in any text: windows → scores of words → cues → source and content of each cue → spans."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from firsthand.analyze.statements.decode import Bools, Floats, Ints, runs
from firsthand.analyze.statements.encoder import Network, open_network
from firsthand.analyze.statements.relation import Relation, Span
from firsthand.analyze.statements.tokens import Paragraph, Window, paragraphs, windows

BATCH = 16
"""Windows read together: more gain no speed on one core and cost memory."""
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
    a = _arrays(batch)
    states, flat = network.words(a.ids, a.kinds, a.real, a.firsts)
    tags, _ = network.flat_moves.best(flat, a.words, a.separators)
    cues = [(row, *run) for row in range(len(batch)) for run in runs(tags[row], CUE)]
    if not cues:
        return
    rows = np.array([row for row, _, _ in cues], np.int64)
    edges = np.array([[first, last] for _, first, last in cues], np.int64)
    scores = network.arguments(states, flat, a.places, a.words, rows, edges)
    outside = a.separators[rows]
    for number, (_, first, last) in enumerate(cues):
        outside[number, first : last + 1] = True  # a cue is no part of its own source or content
    arguments, chances = network.argument_moves.best(scores, a.words[rows], outside)
    for number, (row, first, last) in enumerate(cues):
        relation = _relation(batch[row], words, (first, last), arguments[number], float(chances[number]))
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
