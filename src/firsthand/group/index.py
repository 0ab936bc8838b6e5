"""The inverted index of fingerprints: which held articles share how many with an arriving one.

The protocol is what the engine needs and no more; the store keeps the same on disk, `MemoryIndex` serves the command.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar

from firsthand.group.words import Hashes

Key = TypeVar("Key", bound=Hashable)

POSTINGS = 128
"""Articles kept a fingerprint. One that has more is furniture, or stands in a report that everybody prints, whose first
printings are found all the same; so the cost of a look-up does not grow with the store."""


class FingerprintIndex(Protocol[Key]):
    """Postings from fingerprint to articles."""

    def add(self, article: Key, fingerprints: Hashes) -> None:
        """Hold an article's distinct fingerprints. Adding the same again changes nothing."""

    def candidates(self, fingerprints: Hashes, limit: int) -> list[tuple[Key, int]]:
        """At most `limit` held articles with how many of `fingerprints` they share, most first, then as added."""


class MemoryIndex(Generic[Key]):
    """A `FingerprintIndex` in a dict.

    Args:
        postings: articles kept a fingerprint.
        latest: keep the latest, as stories need, and not the earliest.
    """

    def __init__(self, postings: int = POSTINGS, *, latest: bool = False) -> None:
        self._postings, self._latest = postings, latest
        self._articles: dict[int, list[Key]] = {}

    def add(self, article: Key, fingerprints: Hashes) -> None:
        for fingerprint in fingerprints.tolist():
            held = self._articles.setdefault(fingerprint, [])
            if article in held:
                continue
            if len(held) < self._postings:
                held.append(article)
            elif self._latest:
                held.append(article)
                del held[0]

    def candidates(self, fingerprints: Hashes, limit: int) -> list[tuple[Key, int]]:
        shared: Counter[Key] = Counter()
        for fingerprint in fingerprints.tolist():
            shared.update(self._articles.get(fingerprint, ()))
        return shared.most_common(limit)

    def forget(self, article: Key, fingerprints: Hashes) -> None:
        """Let go of an article, by the fingerprints that it was added with."""
        for fingerprint in fingerprints.tolist():
            held = self._articles.get(fingerprint)
            if held and article in held:
                held.remove(article)
                if not held:
                    del self._articles[fingerprint]
