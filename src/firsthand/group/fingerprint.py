"""Winnowed word 5-grams: few numbers a text, of which two texts that share a long enough run always share one.

Winnowing (Schleimer, Wilkerson, Aiken, SIGMOD 2003) keeps the least hash of every `window` neighbouring grams, so any
run of `window + GRAM - 1` words that two texts share gives them a fingerprint in common: 20 words for the index,
12 words for the second look.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from firsthand.group.words import Hashes, Places

GRAM = 5
"""Words a gram: enough that two reporters do not write the same by chance."""
INDEX_WINDOW = 16
"""For the index: about 90 fingerprints an article of 750 words."""
CHECK_WINDOW = 8
"""For the second look at a candidate, and for all of a short text."""
SHORT = 120
"""Words; below this an index window would leave fewer than a dozen fingerprints, so every gram of it counts."""

# Odd 64-bit multipliers from splitmix64; they mix the words of a gram so that their order matters.
_MIX = np.array(
    [0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], np.uint64
)
_SHIFT = np.uint64(31)


def grams(words: Hashes) -> Hashes:
    """The hash of each run of five words; entry i is the run that begins at word i. Empty for a shorter text."""
    count = len(words) - GRAM + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    mixed = np.zeros(count, np.uint64)
    for offset in range(GRAM):
        mixed += words[offset : offset + count] * _MIX[offset]
        mixed ^= mixed >> _SHIFT
        mixed *= _MIX[offset]
    return mixed ^ (mixed >> _SHIFT)


def winnow(hashes: Hashes, window: int) -> Places:
    """The places of the least hash of each `window` neighbours (the rightmost of equals), rising, without repeats."""
    if not len(hashes):
        return np.empty(0, np.int64)
    width = min(window, len(hashes))
    windows = sliding_window_view(hashes[::-1], width)
    least = windows.argmin(axis=1) + np.arange(len(windows))
    return np.unique(len(hashes) - 1 - least)


def fingerprints(words: Hashes, window: int = INDEX_WINDOW) -> Hashes:
    """The distinct fingerprints of a text for the index, rising."""
    hashes = grams(words)
    if len(words) < SHORT:
        window = min(window, max(1, len(words) // 16))
    return np.unique(hashes[winnow(hashes, window)])
