"""Which words of a text stand in quotation marks: two articles that quote one person have not copied each other."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from firsthand.group.words import Words

# „…“ (German, Czech), “…”, «…», »…« (Danish, German books), 「…」, and the typewriter's "…" and ``…''.
_CLOSERS = {"“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", '"': '"', "``": "''"}
_MARK = re.compile(r"``|''|[“”„«»「」『』\"]|\n\s*\n")
LONGEST = 1_200
"""Characters; a quote that runs on longer has lost its closing mark."""


def quoted_words(text: str, words: Words) -> NDArray[np.bool_]:
    """For each word whether it stands in quotation marks. A quote that is not closed ends with its paragraph."""
    flags = np.zeros(len(words), np.bool_)
    for start, end in quoted_stretches(text):
        flags[np.searchsorted(words.starts, start) : np.searchsorted(words.starts, end)] = True
    return flags


def quoted_stretches(text: str) -> list[tuple[int, int]]:
    """Start and end, in code points, of what stands between quotation marks."""
    found: list[tuple[int, int]] = []
    opener, opened = "", 0
    for match in _MARK.finditer(text):
        mark, paragraph = match[0], match[0].isspace()
        if opener and (paragraph or mark in _CLOSERS[opener]):
            if match.start() - opened <= LONGEST:
                found.append((opened, match.start()))
            opener = ""
        elif not opener and not paragraph and mark in _CLOSERS:
            opener, opened = mark, match.end()
    return found
