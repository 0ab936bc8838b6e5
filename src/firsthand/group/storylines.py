"""Storylines: the earlier event that a new one carries on. The level above stories. Pure.

A story is one event; what follows weeks later is another event of the same line. The next event shares little of its
wording with the one before, and is told a different way; what stays is who and where, and what it is about. So a story is
carried on where rare names *and* words of the headline come back, and never on names alone: a country's head of government
is in each of its stories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from xxhash import xxh3_64_intdigest

from firsthand.group.calendar_terms import CALENDAR
from firsthand.group.story_terms import StoryFeatures
from firsthand.model.storylines import COMMON, NAMES, WORDS, Near, Shared, Subject

COMMON_SHARE = 0.05
"""The share of all stories that tells nothing any more, while there are few."""
LEAST_NAMES, LEAST_WORDS, LEAST_BOTH = 2, 1, 4
LEAST_SHARE = 0.35
"""How much of what the slimmer story is about must come back, by weight."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What one article brings to its story's subject, as hashes: names by how often they stand, words of its headline."""

    names: Mapping[int, int]
    words: frozenset[int]


def topic(article: StoryFeatures) -> Topic:
    """What an article is about."""
    named = [one for one in article.names.items() if one[0] not in CALENDAR]
    names = sorted(named, key=lambda one: (-one[1], one[0]))[: 2 * NAMES]
    words = [
        word for word in article.title if word in article.text and word not in article.names and not word[0].isdigit()
    ]
    return Topic(
        {_hash(article.language, name): count for name, count in names},
        frozenset(_hash(article.language, word) for word in words[: 2 * WORDS]),
    )


def subject(articles: Sequence[Topic]) -> Subject:
    """The names and headline words that at least half of a story's articles have."""
    least = (len(articles) + 1) // 2
    names = Counter(name for one in articles for name in one.names)
    words = Counter(word for one in articles for word in one.words)
    often: Counter[int] = Counter()
    for one in articles:
        often.update({name: count for name, count in one.names.items() if names[name] >= least})
    return Subject(
        frozenset(_most(often, NAMES)),
        frozenset(_most({word: count for word, count in words.items() if count >= least}, WORDS)),
    )


def carries_on(mine: Subject, near: Near) -> int | None:
    """The earlier story that `mine` carries on; None where nothing shows one."""
    limit = min(COMMON, max(5.0, COMMON_SHARE * near.stories))
    weights = {one: log(1 + near.stories / max(1, count)) for one, count in near.seen.items() if count <= limit}
    shares = {story: _share(mine, other, weights) for story, other in near.earlier.items()}
    # Of two that share as much the later one: a line goes on from its last event.
    best = max(shares, key=lambda story: (shares[story], story), default=None)
    return best if best is not None and shares[best] >= LEAST_SHARE else None


def _share(mine: Subject, other: Shared, weights: Mapping[int, float]) -> float:
    """How much of the slimmer one comes back; 0 where too few names or words do.

    What only the other has was not counted, and weighs what the rarest does.
    """
    names = [name for name in other.names if name in weights]
    words = [word for word in other.words if word in weights]
    if len(names) < LEAST_NAMES or len(words) < LEAST_WORDS or len(names) + len(words) < LEAST_BOTH:
        return 0.0
    shared = _weight([*names, *words], weights)
    return shared / min(_weight(mine.terms, weights), shared + max(weights.values()) * other.others)


def _weight(terms: Iterable[int], weights: Mapping[int, float]) -> float:
    return sum(weights.get(term, 0.0) for term in terms)


def _most(counts: Mapping[int, int], most: int) -> list[int]:
    return sorted(counts, key=lambda one: (-counts[one], one))[:most]


def _hash(language: str, term: str) -> int:
    found = xxh3_64_intdigest(f"{language} {term}".encode("utf-8", "surrogatepass")) >> 32
    return found - (1 << 32) if found >> 31 else found
