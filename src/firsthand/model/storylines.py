"""What a story is about, by which it is found again when a later one carries it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

NAMES, WORDS = 12, 12
"""The most that a story is found again by."""
COMMON = 256
"""Stories that share a name or word beyond which it tells nothing."""
REACH = timedelta(days=90)
"""How long a line may pause; an anniversary is a new line."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Hashes of names and of words of headlines, 32 bits each, signed as columns are."""

    names: frozenset[int]
    words: frozenset[int]

    @property
    def terms(self) -> frozenset[int]:
        """All of it."""
        return self.names | self.words

    def beside(self, other: Subject) -> Shared:
        """What `other` has of this one, and how much beside it."""
        names, words = self.names & other.names, self.words & other.words
        return Shared(names, words, len(other.terms) - len(self.terms & other.terms))


@dataclass(frozen=True, slots=True)
class Shared:
    """What an earlier story has of a subject: names and words of it, and how many others it is about."""

    names: frozenset[int]
    words: frozenset[int]
    others: int


NOTHING = Subject(frozenset(), frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What a story may carry on."""

    earlier: Mapping[int, Shared]
    """Stories that share something with it, by number."""
    seen: Mapping[int, int]
    """In how many stories, itself among them, each of its names and words stands; counted up to one more than `COMMON`."""
    stories: int
    """Stories there are, about."""
