"""The learned score: log odds that two articles report one event, a sum over `story_pairs.SIGNS`.

Each sign adds its value times a slope that may change at two knots, so that the step from "some words" to "many words"
in common can count for more than the next. Two sets: one for articles, one where both are no more than a headline: two
of one story share little. A headline beside an article is judged as articles are, which say what the headline left out.
Trained by `training/stories/train.py`; the figures of its cross-validation stand in the weights' file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from firsthand.group.story_pairs import SIGNS, Vectors, compare, only_names, strangers

BARELY = -0.1
"""The score of two articles that have names in common and nothing that happened, or what happened and none of whom: just too
little, so that what both are like may still bring them together."""
HEADLINE = 15
"""Words of text; below this an item is no more than its headline."""


@dataclass(frozen=True, slots=True)
class Bends:
    """A piecewise linear function of one sign: its slope, and by how much it grows at each knot."""

    slope: float
    knots: tuple[tuple[float, float], ...] = ()

    def __call__(self, sign: float) -> float:
        added = self.slope * sign
        for knot, more in self.knots:
            if sign > knot:
                added += more * (sign - knot)
        return added


@dataclass(frozen=True, slots=True)
class Additive:
    """What each sign adds, and what is added to all; a sum of `threshold` or more joins."""

    bends: tuple[Bends, ...]
    bias: float
    threshold: float

    def __call__(self, signs: Sequence[float]) -> float:
        # A sign of 0 adds nothing, as no knot lies below it; most are.
        return self.bias + sum([bend(sign) for bend, sign in zip(self.bends, signs, strict=True) if sign])


@dataclass(frozen=True, slots=True)
class StoryModel:
    """Scores pairs so that 0 is the border between one event and two."""

    articles: Additive
    headlines: Additive

    def score(self, one: Vectors, other: Vectors) -> float:
        """Log odds above the threshold: positive joins. The same whichever comes first."""
        additive = self._for(one, other)
        score = additive(compare(one, other)) - additive.threshold
        unlike = score > BARELY and additive is self.articles and (only_names(one, other) or strangers(one, other))
        return BARELY if unlike else score

    def strongest(self, one: Vectors, other: Vectors) -> list[tuple[str, float]]:
        """The signs by what each adds to the score, most first."""
        additive = self._for(one, other)
        added = [bend(sign) for bend, sign in zip(additive.bends, compare(one, other), strict=True)]
        return sorted(zip(SIGNS, added, strict=True), key=lambda sign: -sign[1])

    def _for(self, one: Vectors, other: Vectors) -> Additive:
        return self.headlines if max(one.features.words, other.features.words) < HEADLINE else self.articles


@cache
def load_model() -> StoryModel:
    """The weights that the package brings."""
    found = json.loads(files("firsthand.group").joinpath("data/story_model.json").read_text("utf-8"))
    return StoryModel(_additive(found["articles"]), _additive(found["headlines"]))


def _additive(found: dict[str, Any]) -> Additive:
    bends = tuple(
        Bends(float(slope), tuple((float(knot), float(more)) for knot, more in knots))
        for slope, *knots in (found["signs"][sign] for sign in SIGNS)
    )
    return Additive(bends, float(found["bias"]), float(found["threshold"]))
