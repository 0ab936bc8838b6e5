"""The corpus as the model sees it: windows of words with their tags, and the relations within each window."""

from __future__ import annotations

import bisect
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from light.corpus import parsed
from spacy.tokens import Doc

from firsthand.analyze.statements.detect import grammar_of
from firsthand.analyze.statements.syntax import VIEW, Syntax
from firsthand.analyze.statements.tokens import WINDOW, Paragraph, Window, paragraphs, windows
from firsthand.analyze.statements.traits import Numbers, traits
from firsthand.analyze.statements.wordpiece import WordPieces

ROLES = ("source", "cue", "content")
SHORT = 0.2
"""Share of windows that are short."""


@dataclass(slots=True)
class Document:
    """`tags` by word: 0, or 1 + 2 × role for the first word of a span and 2 + 2 × role for the others."""

    name: str
    text: str
    parts: list[Paragraph]
    tags: list[int]
    relations: list[dict[str, list[int]]]
    """Word numbers by role."""
    syntax: Syntax | None = None


@dataclass(slots=True)
class Example:
    """A window with its tags and, for each cue in it, (first, last, {position: tag}) by position in the window."""

    window: Window
    tags: list[int]
    cues: list[tuple[int, int, dict[int, int]]] = field(default_factory=list)
    syntax: Syntax | None = None


def documents(data: Path, split: str, pieces: WordPieces, cache: Path, lists: dict[str, Numbers]) -> list[Document]:
    return [document(record, doc, pieces, lists) for record, doc in parsed(data, split, cache)]


def document(record: dict, doc: Doc, pieces: WordPieces, lists: dict[str, Numbers]) -> Document:
    parts = paragraphs(record["text"], pieces)
    spans = [span for part in parts for span in part.spans]
    owners = [number for number, part in enumerate(parts) for _ in part.spans]
    relations = [{role: _words(spans, attribution[role]) for role in ROLES} for attribution in record["attributions"]]
    tags = [0] * len(spans)
    for relation in relations:
        for number, role in enumerate(ROLES):
            for word, tag in _tagged(relation[role], owners, 1 + 2 * number):
                if not tags[word]:
                    tags[word] = tag
    for word, tag in enumerate(tags):  # an inner word whose span was cut off by another's
        if (
            tag
            and tag % 2 == 0
            and not (word and owners[word] == owners[word - 1] and tags[word - 1] in (tag, tag - 1))
        ):
            tags[word] -= 1
    return Document(record["name"], record["text"], parts, tags, relations, Syntax(traits(doc, lists), spans))


def _words(spans: list[tuple[int, int]], wanted: list[list[int]]) -> list[int]:
    ends = [end for _, end in spans]
    found: set[int] = set()
    for begin, end in wanted:
        word = bisect.bisect_right(ends, begin)
        while word < len(spans) and spans[word][0] < end:
            found.add(word)
            word += 1
    return sorted(found)


def _tagged(words: list[int], owners: list[int], first: int) -> Iterator[tuple[int, int]]:
    """Each word with its tag; a gap or the end of a paragraph begins a new span."""
    previous = None
    for word in words:
        joined = previous is not None and word == previous + 1 and owners[word] == owners[previous]
        yield word, first + joined
        previous = word


def examples(docs: list[Document], pieces: WordPieces, rng: random.Random | None = None) -> list[Example]:
    """All windows; `rng` varies where they begin and end, so that no two epochs cut alike.

    One in five is short, often a single paragraph: trained on full windows only, the second head found nothing in a
    text of one sentence (a summary in a feed).
    """
    found = []
    for doc in docs:
        limits = _limits(rng) if rng else None
        found.extend(_example(doc, window) for window in windows(doc.parts, pieces, limits))
    return found


def _limits(rng: random.Random) -> Iterator[int]:
    yield rng.randint(WINDOW // 4, WINDOW)
    while True:
        yield rng.randint(8, WINDOW // 3) if rng.random() < SHORT else WINDOW


def _example(doc: Document, window: Window) -> Example:
    place = {word: at for at, word in enumerate(window.words) if word >= 0}
    example = Example(window, [doc.tags[word] if word >= 0 else 0 for word in window.words], syntax=doc.syntax)
    for relation in doc.relations:
        cue = [place[word] for word in relation["cue"] if word in place]
        if not cue:
            continue
        tags: dict[int, int] = {}
        for role, first in (("content", 3), ("source", 1)):
            within = [word for word in relation[role] if word in place]
            owners = [window.paragraphs[place[word]] for word in within]
            at = dict(zip(within, owners, strict=True))
            tags.update({place[word]: tag for word, tag in _tagged(within, at, first)})  # type: ignore[arg-type]
        example.cues.append((cue[0], cue[-1], tags))
    return example


@dataclass(slots=True)
class Batch:
    """Arrays of B windows of L pieces and T words, with N cues."""

    ids: np.ndarray
    kinds: np.ndarray
    grammar: np.ndarray
    real: np.ndarray
    """(B, L) which pieces are not padding."""
    firsts: np.ndarray
    places: np.ndarray
    """(B, T, 2): paragraph and sentence numbers."""
    words: np.ndarray
    """(B, T) which words are not padding."""
    tags: np.ndarray
    rows: np.ndarray
    """(N,): the window of each cue."""
    edges: np.ndarray
    """(N, 2): first and last word of each cue."""
    arguments: np.ndarray
    """(N, T): the tags of its source and content."""
    chosen: list[Example]


def collate(chosen: list[Example]) -> Batch:
    count = len(chosen)
    pieces = max(len(e.window.ids) for e in chosen)
    words = max(len(e.window.firsts) for e in chosen)
    cues = sum(len(e.cues) for e in chosen)
    b = Batch(
        ids=np.zeros((count, pieces), np.int64),
        kinds=np.zeros((count, pieces), np.int64),
        grammar=np.zeros((count, pieces, 2), np.int64),
        real=np.zeros((count, pieces), bool),
        firsts=np.zeros((count, words), np.int64),
        places=np.zeros((count, words, 2), np.int64),
        words=np.zeros((count, words), bool),
        tags=np.zeros((count, words), np.int64),
        rows=np.zeros(cues, np.int64),
        edges=np.zeros((cues, 2), np.int64),
        arguments=np.zeros((cues, words), np.int64),
        chosen=chosen,
    )
    cue = 0
    for row, e in enumerate(chosen):
        w, n, t = e.window, len(e.window.ids), len(e.window.firsts)
        b.ids[row, :n], b.kinds[row, :n], b.real[row, :n] = w.ids, w.kinds, True
        b.grammar[row, :n] = grammar_of(w, e.syntax)
        b.firsts[row, :t], b.tags[row, :t], b.words[row, :t] = w.firsts, e.tags, True
        b.places[row, :t, 0], b.places[row, :t, 1] = w.paragraphs, w.sentences
        for first, last, tags in e.cues:
            b.rows[cue], b.edges[cue] = row, (first, last)
            for at, tag in tags.items():
                b.arguments[cue, at] = tag
            cue += 1
    return b


def batches(chosen: list[Example], most: int, rng: random.Random) -> list[list[Example]]:
    """Windows of like length together, at most `most` pieces a batch with padding; in random order."""
    order = sorted(chosen, key=lambda e: len(e.window.ids) + rng.random() * 24)
    found: list[list[Example]] = []
    for e in order:
        longest = max(len(e.window.ids), *(len(other.window.ids) for other in found[-1])) if found and found[-1] else 0
        if found and (len(found[-1]) + 1) * longest <= most:
            found[-1].append(e)
        else:
            found.append([e])
    rng.shuffle(found)
    return found


def views(b: Batch, rows: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """What each word is to each cue (N, T, …), for cues of any window of a batch."""
    found = np.zeros((len(rows), b.words.shape[1], len(VIEW)), np.int64)
    for row in np.unique(rows):
        mine, e = np.flatnonzero(rows == row), b.chosen[row]
        seen = e.syntax.view(np.array(e.window.words), edges[mine])
        found[mine, : seen.shape[1]] = seen
    return found
