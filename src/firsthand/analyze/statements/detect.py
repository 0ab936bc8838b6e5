"""Attributions in any text: windows → scores of words → cues → source and content of each cue → spans."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from firsthand.analyze.statements.decode import Bools, Floats, Ints, runs
from firsthand.analyze.statements.encoder import Network, open_network
from firsthand.analyze.statements.relation import Relation, Span
from firsthand.analyze.statements.syntax import Syntax
from firsthand.analyze.statements.tokens import Paragraph, Window, paragraphs, windows
from firsthand.analyze.statements.traits import Traits, traits

if TYPE_CHECKING:
    from spacy.tokens import Doc

BATCH = 16
"""Windows whose flat tags are decoded together."""
CUE = 1
"""Roles of the flat tags: source 0, cue 1, content 2; of the second head: source 0, content 1."""


def find_relations(doc: Doc, threads: int = 1) -> tuple[Relation, ...]:
    """The attributions of a parsed English text, in order of their cues; spans are code points of it.

    Any text is safe: the spans lie within it and hold whole words.
    """
    network = open_network(threads)
    return relations_of(doc.text, traits(doc, network.lists), network)


def relations_of(text: str, t: Traits, network: Network) -> tuple[Relation, ...]:
    """As `find_relations`, with a network given."""
    parts = paragraphs(text, network.pieces)
    words = _Words(parts, t)
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

    def __init__(self, parts: list[Paragraph], traits: Traits) -> None:
        self.spans = [span for part in parts for span in part.spans]
        self.syntax = Syntax(traits, self.spans)


@dataclass(frozen=True, slots=True)
class _Arrays:
    """A window as the network takes it."""

    ids: Ints
    kinds: Ints
    grammar: Ints
    firsts: Ints
    places: Ints
    separators: Bools


def _arrays(window: Window, syntax: Syntax) -> _Arrays:
    return _Arrays(
        np.array([window.ids]),
        np.array([window.kinds]),
        grammar_of(window, syntax)[None],
        np.array([window.firsts]),
        np.array([window.paragraphs, window.sentences]).T[None],
        np.array([window.words]) < 0,
    )


def grammar_of(window: Window, syntax: Syntax) -> Ints:
    """Part of speech and dependency (L, 2) by piece: those of its word, 0 for what opens a window and for separators."""
    sizes = np.diff(np.array([*window.firsts, len(window.ids)]))
    by_word = np.repeat(syntax.grammar(np.array(window.words)), sizes, axis=0)
    return np.concatenate([np.zeros((window.firsts[0], 2), np.int64), by_word])


def _read(batch: list[Window], words: _Words, network: Network) -> Iterator[Relation]:
    """The relations of some windows. Each goes through the network by itself: padding costs more than company saves.
    Decoding is by steps of a word, and takes hardly longer for all of them together than for one."""
    arrays = [_arrays(window, words.syntax) for window in batch]
    seen = [network.words(a.ids, a.kinds, a.grammar, a.firsts) for a in arrays]
    separators = _padded([a.separators for a in arrays])
    real = _padded([np.ones_like(a.separators) for a in arrays])
    tags = network.flat_moves.tags_of(_padded([flat for _, flat in seen]), real, separators)
    cues = [(row, first, last) for row in range(len(batch)) for first, last in runs(tags[row], CUE)]
    if not cues:
        return
    scores = []
    for row, a in enumerate(arrays):
        edges = np.array([(first, last) for number, first, last in cues if number == row], np.int64)
        if len(edges):
            view = words.syntax.view(np.array(batch[row].words), edges)
            scores.append(network.arguments(*seen[row], a.places, edges, view))
    rows = np.array([row for row, _, _ in cues])
    outside = separators[rows]
    for number, (_, first, last) in enumerate(cues):
        outside[number, first : last + 1] = True  # a cue is no part of its own source or content
    found, chances = network.argument_moves.best(_padded(scores, real.shape[1]), real[rows], outside)
    for number, (row, first, last) in enumerate(cues):
        relation = _relation(batch[row], words, (first, last), found[number], float(chances[number]))
        if relation.content:
            yield relation


def _padded(arrays: list[Any], longest: int = 0) -> Any:
    """Arrays (N, T, …) of several lengths one after another; what is added is 0."""
    longest = max(longest, *(one.shape[1] for one in arrays))
    whole = np.zeros((sum(map(len, arrays)), longest, *arrays[0].shape[2:]), arrays[0].dtype)
    row = 0
    for one in arrays:
        whole[row : row + len(one), : one.shape[1]] = one
        row += len(one)
    return whole


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
