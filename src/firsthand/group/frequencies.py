"""In how many articles each term stands: what makes a word in common tell something.

Counts of each language apart, so that a German word is not rare because most of what is read is English. English
begins with the counts of a background (`data/english_df.json`), made from news text by `training/stories`, so that
the first hundred articles of a new installation are weighed well.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import log

LIMIT = 300_000
"""Distinct terms held a language, about 40 MB; beyond, the rarest are dropped, which are mostly misspellings."""


class Frequencies:
    """Document frequencies by language. Grows up to `LIMIT` terms a language, never with the number of articles."""

    def __init__(self) -> None:
        self._languages: dict[str, tuple[Counter[str], list[int]]] = {}

    def add(self, language: str, terms: Iterable[str]) -> None:
        """Count one article's distinct terms."""
        counts, documents = self._of(language)
        counts.update(terms)
        documents[0] += 1
        if len(counts) > LIMIT:
            kept = Counter({term: count for term, count in counts.items() if count > 1})
            self._languages[language] = (kept, documents)

    def weights(self, language: str) -> Weights:
        """The weights as the counts stand now."""
        counts, documents = self._of(language)
        background = _background() if language == "en" else ({}, 0)
        return Weights(counts, documents[0], *background)

    def _of(self, language: str) -> tuple[Counter[str], list[int]]:
        return self._languages.setdefault(language, (Counter(), [0]))


class Weights:
    """Inverse document frequency: 0 for a term that stands everywhere, near log N for one that is new."""

    def __init__(
        self, counts: dict[str, int], documents: int, background: dict[str, int] | None = None, before: int = 0
    ) -> None:
        self._counts, self._background = counts, background or {}
        self._total = log(documents + before + 2)

    def __call__(self, term: str) -> float:
        return max(0.0, self._total - log(self._counts.get(term, 0) + self._background.get(term, 0) + 0.5))

    def of(self, terms: Iterable[str]) -> dict[str, float]:
        """The weight of each term."""
        counts, background, total = self._counts.get, self._background.get, self._total
        return {term: max(0.0, total - log(counts(term, 0) + background(term, 0) + 0.5)) for term in terms}


@cache
def _background() -> tuple[dict[str, int], int]:
    path = files("firsthand.group").joinpath("data/english_df.json")
    if not path.is_file():
        return {}, 0
    found = json.loads(path.read_text("utf-8"))
    return found["counts"], found["documents"]
