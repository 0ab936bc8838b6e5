"""Furniture: sentences that an outlet prints on page after page. Sharing them is not copying.

A sentence is furniture of an outlet once it stands on `LEAST` of its recent pages that do not otherwise repeat each
other. Whole sentences are compared, not fingerprints, so a page costs some 250 bytes to remember.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from firsthand.group.words import Words

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


def own_words(words: Words, found: Iterable[Sentence], unwanted: frozenset[int]) -> NDArray[np.bool_]:
    """For each word whether it stands outside the `unwanted` sentences."""
    own = np.ones(len(words), np.bool_)
    for sentence in found:
        if sentence.mark in unwanted:
            own[np.searchsorted(words.starts, sentence.start) : np.searchsorted(words.starts, sentence.end)] = False
    return own
