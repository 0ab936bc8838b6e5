"""How alike two articles are, as the numbers of which the model makes a score."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log, log1p, sqrt
from typing import TypeVar

from firsthand.group.calendar_terms import undated
from firsthand.group.frequencies import Weights
from firsthand.group.story_terms import StoryFeatures, Terms

Term = TypeVar("Term", str, tuple[str, str])

SIGNS = (
    "text",
    "title",
    "lede",
    "names",
    "figures",
    "pairs",
    "title_found",
    "title_found_most",
    "names_found",
    "names_mass",
    "text_mass",
    "lead_names_least",
    "lead_names_most",
    "years_differ",
    "years_shared",
    "days_shared",
    "days_differ",
    "months_differ",
    "weekdays_shared",
    "weekdays_differ",
    "shorter",
    "longer",
    "days_apart",
    "dated",
)
"""The names of `compare`'s numbers, in order."""

TELLING = 2.0
"""Weight (idf) that a term in common must exceed to add to the mass of what is shared."""
MATTER = 2.5
"""What the words in common that are no names must weigh, by as much as each exceeds `TELLING`: one rare word, two less rare."""
APART = 1.5
"""Days beyond which it tells no more that two lie further apart: no story to learn from goes on for longer."""
LEAD_NAMES = 6
NEUTRAL = 0.3
"""Where a text has no names, how much of its names the other has: about what two articles of one event share."""


@dataclass(frozen=True, eq=False)
class Vectors:
    """An article's features, weighed."""

    features: StoryFeatures
    text: Mapping[str, float]
    title: Mapping[str, float]
    lede: Mapping[str, float]
    names: Mapping[str, float]
    figures: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    title_weights: Mapping[str, float]
    name_weights: Mapping[str, float]
    lead_names: Mapping[str, float]
    telling: Mapping[str, float]

    @cached_property
    def names_total(self) -> float:
        """What all its names weigh."""
        return sum(self.name_weights.values())

    @cached_property
    def title_total(self) -> float:
        """What its title weighs."""
        return sum(self.title_weights.values())

    @cached_property
    def matter(self) -> Mapping[str, float]:
        """What of `telling` is no name."""
        return {term: weight for term, weight in self.telling.items() if term not in self.features.names}

    @cached_property
    def headlined(self) -> frozenset[str]:
        """The rare names of the headline."""
        return frozenset(term for term in undated(self.features) if self.name_weights.get(term, 0.0) > TELLING)

    def top_terms(self, count: int) -> list[str]:
        """The terms that tell most, for the index."""
        return sorted(self.text, key=lambda term: (-self.text[term], term))[:count]


def vectors(features: StoryFeatures, weights: Weights, names: Terms | None = None) -> Vectors:
    """`features` weighed by how rare each term is.

    Args:
        names: those that count, where these are not all that it has.
    """
    names = features.names if names is None else names
    name_weights = weights.of(names)
    gone = features.names.keys() - names.keys()
    text_weights = weights.of(features.text)
    return Vectors(
        features,
        _unit(features.text, text_weights),
        _unit(features.title, text_weights),
        _unit(features.lede, text_weights),
        _unit(names, name_weights),
        _unit(features.figures, weights.of(features.figures)),
        _unit_pairs(features.pairs, text_weights),
        {term: text_weights[term] for term in features.title},
        name_weights,
        _lead_names(names, features.title, name_weights),
        {term: weight - TELLING for term, weight in text_weights.items() if weight > TELLING and term not in gone},
    )


def _unit(terms: Terms, weights: Mapping[str, float]) -> dict[str, float]:
    return _normalized({term: _often(count) * weights[term] for term, count in terms.items()})


def _unit_pairs(pairs: Mapping[tuple[str, str], int], weights: Mapping[str, float]) -> dict[tuple[str, str], float]:
    # Both words of a pair are words of the text.
    return _normalized({pair: _often(count) * (weights[pair[0]] + weights[pair[1]]) for pair, count in pairs.items()})


def _often(count: int) -> float:
    """What standing `count` times makes of a weight; nearly all stand once."""
    return 1.0 if count == 1 else 1 + log(count)


def _normalized(weighed: dict[Term, float]) -> dict[Term, float]:
    size = sqrt(sum([weight * weight for weight in weighed.values()])) or 1.0
    return {term: weight / size for term, weight in weighed.items()}


def _lead_names(names: Terms, title: Terms, weights: Mapping[str, float]) -> dict[str, float]:
    """The names that the article is about, with their shares of the whole; those in the title count half as much again."""
    scored = {name: _often(count) * weights[name] * (1.5 if name in title else 1.0) for name, count in names.items()}
    leading = sorted(scored, key=lambda name: (-scored[name], name))[:LEAD_NAMES]
    total = sum(scored[name] for name in leading) or 1.0
    return {name: scored[name] / total for name in leading}


def compare(one: Vectors, other: Vectors) -> list[float]:
    """The numbers named by `SIGNS`; the same whichever article comes first."""
    a, b = one.features, other.features
    found, found_back = _title_found(one, other), _title_found(other, one)
    leading, leading_back = _leading(one, other), _leading(other, one)
    shared_names = _in_common(one.name_weights, other.name_weights)
    fewer = min(one.names_total, other.names_total)
    apart = abs(a.hours - b.hours) / 24 if a.hours is not None and b.hours is not None else None
    return [
        alike(one.text, other.text),
        alike(one.title, other.title),
        alike(one.lede, other.lede),
        alike(one.names, other.names),
        alike(one.figures, other.figures),
        alike(one.pairs, other.pairs),
        (found + found_back) / 2,
        max(found, found_back),
        shared_names / max(1e-9, fewer),
        log1p(shared_names),
        log1p(_in_common(one.telling, other.telling)),
        min(leading, leading_back),
        max(leading, leading_back),
        _differ(a.years, b.years),
        float(bool(a.years & b.years)),
        float(bool(a.days & b.days)),
        _differ(a.days, b.days),
        _differ(a.months, b.months),
        len(a.weekdays & b.weekdays) / (1 + len(a.weekdays | b.weekdays)),
        _differ(a.weekdays, b.weekdays),
        log(max(5, min(a.words, b.words))),
        log(max(5, max(a.words, b.words))),
        0.0 if apart is None else min(apart, APART),
        float(apart is not None),
    ]


def only_names(one: Vectors, other: Vectors) -> bool:
    """Whether hardly a telling word is in common but names: a mayor who opens a rose show is in the quake's news as well.

    A word that is a name in one of them only is no word in common: a prize, the Golden Oar, and an oar that was found.
    """
    return _in_common(one.matter, other.matter) < MATTER <= _in_common(one.telling, other.telling)


def strangers(one: Vectors, other: Vectors) -> bool:
    """Whether each headline names somebody or some place of which the other article has not a word.

    An obituary is like the next one but for whom it is of, and a form is not known as one before it was used a few times.
    """
    mine, theirs = one.headlined, other.headlined
    return bool(mine and theirs) and mine.isdisjoint(other.text) and theirs.isdisjoint(one.text)


def alike(one: Mapping[str, float] | Mapping[tuple[str, str], float], other: Mapping) -> float:  # type: ignore[type-arg]
    """The cosine of two unit vectors."""
    if len(one) > len(other):
        one, other = other, one
    return sum([one[term] * other[term] for term in filter(other.__contains__, one)])  # type: ignore[index]


def _in_common(weights: Mapping[str, float], other: Container[str]) -> float:
    """What the terms weigh that the other has too. The filter, as this is asked a hundred times for each article."""
    return sum([weights[term] for term in filter(other.__contains__, weights)])


def _title_found(one: Vectors, other: Vectors) -> float:
    """The share of one's title, by weight, that stands in the other's title or text."""
    total = one.title_total
    return _in_common(one.title_weights, other.text) / total if total else 0.0


def _leading(one: Vectors, other: Vectors) -> float:
    if not one.lead_names:
        return NEUTRAL
    return _in_common(one.lead_names, other.name_weights)


def _differ(one: frozenset[str], other: frozenset[str]) -> float:
    """1 where both give some and none is the same."""
    return float(bool(one) and bool(other) and not one & other)
