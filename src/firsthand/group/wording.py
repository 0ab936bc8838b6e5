"""What is compared of a text: its own words and their grams, without the outlet's furniture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from firsthand.group.boilerplate import own_words, sentences
from firsthand.group.fingerprint import GRAM, grams
from firsthand.group.words import Hashes, split_words, word_hashes


@dataclass(frozen=True, eq=False)
class Wording:
    """The own words of one text, in reading order, as hashes."""

    words: Hashes

    @cached_property
    def grams(self) -> Hashes:
        """The hash of the five words that begin at each word; four fewer than words."""
        return grams(self.words)

    @cached_property
    def distinct(self) -> Hashes:
        """Distinct grams, rising."""
        return np.unique(self.grams)


def wording(text: str, unwanted: frozenset[int] = frozenset()) -> Wording:
    """The wording of `text` without the sentences whose marks are `unwanted`."""
    if unwanted:
        found = [sentence for sentence in sentences(text) if sentence.mark in unwanted]
        if found:
            words = split_words(text)
            return Wording(words.hashes[own_words(words, found, unwanted)])
    return Wording(word_hashes(text))


@dataclass(frozen=True, slots=True)
class Shared:
    """How far two wordings hold the same runs of five words and more."""

    words_here: int
    """Words of this text that stand in a run which the other has too."""
    words_there: int
    length_here: int
    length_there: int

    @property
    def kept(self) -> float:
        """Share of the other's words found here."""
        return self.words_there / max(1, self.length_there)

    @property
    def reused(self) -> float:
        """Share of this text's words found there."""
        return self.words_here / max(1, self.length_here)


def shared(here: Wording, there: Wording) -> Shared:
    """The exact overlap of two wordings, in time linear in their lengths."""
    found_here, found_there = covered(here, there), covered(there, here)
    return Shared(int(found_here.sum()), int(found_there.sum()), len(here.words), len(there.words))


def covered(text: Wording, other: Wording) -> NDArray[np.bool_]:
    """For each word of `text` whether it stands in a gram that `other` has."""
    covered = np.zeros(len(text.words), np.bool_)
    if len(text.grams) and len(other.distinct):
        place = np.searchsorted(other.distinct, text.grams)
        place[place == len(other.distinct)] = 0
        hits = np.flatnonzero(other.distinct[place] == text.grams)
        for offset in range(GRAM):
            covered[hits + offset] = True
    return covered
