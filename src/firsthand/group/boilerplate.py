"""Furniture: sentences that an outlet prints on page after page. Sharing them is not copying.

A sentence is furniture of an outlet once it stands on `LEAST` of its recent pages that do not otherwise repeat each
other. Whole sentences are compared, not fingerprints, so a page costs some 250 bytes to remember.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from firsthand.group.words import Words

Marks = NDArray[np.uint64]

LEAST = 4
"""Pages; three columns of one writer may share a sentence by chance, or quote one person."""
PAGES = 60
"""An outlet's latest pages that are looked at."""

_SENTENCE = re.compile(r"[^\n.!?。！？]+[.!?。！？]*")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or line, roughly: `text[start:end]`, and the hash of its letters and digits."""

    start: int
    end: int
    mark: int


def sentences(text: str) -> list[Sentence]:
    """The sentences and lines of `text` that hold any letter or digit."""
    found = []
    for match in _SENTENCE.finditer(text):
        letters = _NOT_WORDS.sub("", match[0]).casefold()
        if letters:
            mark = xxh3_64_intdigest(letters.encode("utf-8", "surrogatepass"))
            found.append(Sentence(match.start(), match.end(), mark))
    return found


def furniture(pages: Iterable[frozenset[int]], least: int = LEAST) -> frozenset[int]:
    """The marks that stand on at least `least` of an outlet's pages.

    Args:
        pages: the sentence marks of each page; of pages that repeat one another only one.
    """
    counted: Counter[int] = Counter()
    for marks in pages:
        counted.update(marks)
    return frozenset(mark for mark, count in counted.items() if count >= least)


class Pages:
    """An outlet's latest pages that do not repeat each other, and what is furniture of them; some 20 KB an outlet."""

    def __init__(self) -> None:
        self._pages: deque[Marks] = deque(maxlen=PAGES)
        self._all: Marks | None = None
        self._furniture: frozenset[int] | None = None

    @property
    def furniture(self) -> frozenset[int]:
        """`furniture` of these pages."""
        if self._furniture is None:
            marks, counts = np.unique(self._joined(), return_counts=True)
            self._furniture = frozenset(marks[counts >= LEAST].tolist())
        return self._furniture

    def turn(self, text: str) -> None:
        """Add a page, unless half of it stands on one: that is a report once more, and no furniture."""
        page = np.unique(np.fromiter((sentence.mark for sentence in sentences(text)), np.uint64))
        if len(page) and not self._holds_half(page):
            self._pages.append(page)
            self._all = self._furniture = None

    def _holds_half(self, page: Marks) -> bool:
        shared = np.flatnonzero(np.isin(self._joined(), page))
        ends = np.cumsum([len(one) for one in self._pages])
        counts = np.bincount(np.searchsorted(ends, shared, "right"))
        return bool(len(counts)) and 2 * int(counts.max()) > len(page)

    def _joined(self) -> Marks:
        if self._all is None:
            self._all = np.concatenate([np.empty(0, np.uint64), *self._pages])
        return self._all


def own_words(words: Words, found: Iterable[Sentence], unwanted: frozenset[int]) -> NDArray[np.bool_]:
    """For each word whether it stands outside the `unwanted` sentences."""
    own = np.ones(len(words), np.bool_)
    for sentence in found:
        if sentence.mark in unwanted:
            own[np.searchsorted(words.starts, sentence.start) : np.searchsorted(words.starts, sentence.end)] = False
    return own
