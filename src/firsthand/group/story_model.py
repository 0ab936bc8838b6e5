"""The learned score: log odds that two articles report one event, as a weighted sum of `story_pairs.SIGNS`.

Two sets of weights: one for articles, one where either is no more than a headline, which shares little even with its
own story. Trained by `training/stories/train.py`; the figures of its cross-validation stand in the weights' file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from firsthand.group.story_pairs import SIGNS, Vectors, compare

HEADLINE = 15
"""Words of text; below this an item is no more than its headline."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of the signs, and what is added; a sum of `threshold` or more joins."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def __call__(self, signs: Sequence[float]) -> float:
        return self.bias + sum(weight * sign for weight, sign in zip(self.weights, signs, strict=True))


@dataclass(frozen=True, slots=True)
class StoryModel:
    """Scores pairs so that 0 is the border between one event and two."""

    articles: Linear
    headlines: Linear

    def score(self, one: Vectors, other: Vectors) -> float:
        """Log odds above the threshold: positive joins. The same whichever comes first."""
        linear = self._for(one, other)
        return linear(compare(one, other)) - linear.threshold

    def strongest(self, one: Vectors, other: Vectors) -> list[tuple[str, float]]:
        """The signs by what each adds to the score, most first."""
        linear = self._for(one, other)
        added = [weight * sign for weight, sign in zip(linear.weights, compare(one, other), strict=True)]
        return sorted(zip(SIGNS, added, strict=True), key=lambda sign: -sign[1])

    def _for(self, one: Vectors, other: Vectors) -> Linear:
        return self.headlines if min(one.features.words, other.features.words) < HEADLINE else self.articles


@cache
def load_model() -> StoryModel:
    """The weights that the package brings."""
    found = json.loads(files("firsthand.group").joinpath("data/story_model.json").read_text("utf-8"))
    return StoryModel(_linear(found["articles"]), _linear(found["headlines"]))


def _linear(found: dict[str, object]) -> Linear:
    weights, bias, threshold = found["weights"], found["bias"], found["threshold"]
    if not isinstance(weights, dict) or not isinstance(bias, float) or not isinstance(threshold, float):
        raise TypeError("story_model.json does not hold weights, bias and threshold")
    return Linear(tuple(float(weights[sign]) for sign in SIGNS), bias, threshold)
