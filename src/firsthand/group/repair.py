"""Stories looked at again with all that has come since: average-link over the articles of the window.

One pass decides on each article by what is known when it comes; later articles show that two stories are one, or one
is two. Ids are stable: of the stories that become one the largest keeps its id and the others redirect to it; of one
that becomes two the larger part keeps it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item", bound=Hashable)
StoryId = TypeVar("StoryId", bound=Hashable)

UNLIKE = -6.0
"""The score of two articles that no index brought together."""
LINK = -1.5
"""Pairs below do not join articles into one component; average-link would hardly ever use them."""
LARGEST = 600
"""Articles a component; a larger one is taken apart along its weakest links first."""


def average_link(items: Sequence[Item], scores: Mapping[tuple[Item, Item], float]) -> list[list[Item]]:
    """Clusters in which no two could be merged at a mean score of 0 or more.

    Args:
        scores: for pairs, in either order; a pair without one scores `UNLIKE`.
    """
    components = list(_components(items, scores, LINK))
    clusters: list[list[Item]] = []
    for component, within in zip(components, _within(components, scores), strict=True):
        clusters += _merge(component, _matrix(component, within)) if len(component) > 1 else [component]
    return clusters


def _within(
    components: Sequence[Sequence[Item]], scores: Mapping[tuple[Item, Item], float]
) -> list[dict[tuple[Item, Item], float]]:
    """The scores inside each component."""
    places = {item: place for place, component in enumerate(components) for item in component}
    found: list[dict[tuple[Item, Item], float]] = [{} for _ in components]
    for pair, score in scores.items():
        place = places.get(pair[0])
        if place is not None and place == places.get(pair[1]):
            found[place][pair] = score
    return found


def _components(items: Sequence[Item], scores: Mapping[tuple[Item, Item], float], least: float) -> Iterable[list[Item]]:
    """Items joined by any path of pairs that score at least `least`; in the order of `items`."""
    parents = {item: item for item in items}

    def root(item: Item) -> Item:
        while parents[item] != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    for (one, other), score in scores.items():
        if score >= least and one in parents and other in parents:
            parents[root(one)] = root(other)
    members: dict[Item, list[Item]] = defaultdict(list)
    for item in items:
        members[root(item)].append(item)
    for component in members.values():
        if len(component) > LARGEST and least < -UNLIKE:
            inside = set(component)
            within = {pair: score for pair, score in scores.items() if pair[0] in inside and pair[1] in inside}
            yield from _components(component, within, least + 0.5)
        else:
            yield component


def _matrix(items: Sequence[Item], scores: Mapping[tuple[Item, Item], float]) -> NDArray[np.float64]:
    places = {item: place for place, item in enumerate(items)}
    matrix = np.full((len(items), len(items)), UNLIKE)
    for (one, other), score in scores.items():
        matrix[places[one], places[other]] = matrix[places[other], places[one]] = max(UNLIKE, min(-UNLIKE, score))
    return matrix


def _merge(items: Sequence[Item], scores: NDArray[np.float64]) -> list[list[Item]]:
    """Merge the two likest clusters (UPGMA) until none are like enough."""
    scores = scores.copy()
    np.fill_diagonal(scores, -np.inf)
    members = [[item] for item in items]
    sizes = np.ones(len(items))
    best = scores.argmax(axis=1)
    likest = scores[np.arange(len(items)), best]
    while True:
        one = int(likest.argmax())
        if likest[one] < 0:
            return [cluster for cluster in members if cluster]
        other = int(best[one])
        merged = (scores[one] * sizes[one] + scores[other] * sizes[other]) / (sizes[one] + sizes[other])
        merged[one] = -np.inf
        scores[one], scores[:, one] = merged, merged
        scores[other], scores[:, other] = -np.inf, -np.inf
        sizes[one] += sizes[other]
        members[one] += members[other]
        members[other] = []
        stale = np.flatnonzero((best == one) | (best == other) | (merged > likest))
        for row in {one, other, *stale.tolist()}:
            best[row] = scores[row].argmax()
            likest[row] = scores[row, best[row]]


@dataclass(frozen=True, slots=True)
class Repaired(Generic[Item, StoryId]):
    """What a repair changed."""

    stories: dict[Item, StoryId]
    """Every article's story."""
    redirects: dict[StoryId, StoryId]
    """Stories that went into another."""


def keep_ids(
    clusters: Iterable[Sequence[Item]],
    before: Mapping[Item, StoryId],
    new_id: Callable[[Sequence[Item]], StoryId],
) -> Repaired[Item, StoryId]:
    """Ids for `clusters` such that as many articles as can be stay under the id that they had."""
    sized = sorted(clusters, key=len, reverse=True)
    votes = [Counter(before[item] for item in cluster if item in before) for cluster in sized]
    claims = sorted(
        ((count, -place, story) for place, vote in enumerate(votes) for story, count in vote.items()),
        key=lambda claim: (-claim[0], -claim[1]),
    )
    owner: dict[int, StoryId] = {}
    taken: set[StoryId] = set()
    for _, negative, story in claims:
        if -negative not in owner and story not in taken:
            owner[-negative] = story
            taken.add(story)
    stories: dict[Item, StoryId] = {}
    redirects: dict[StoryId, StoryId] = {}
    for place, cluster in enumerate(sized):
        story = owner[place] if place in owner else new_id(cluster)
        stories.update(dict.fromkeys(cluster, story))
        for old, count in votes[place].items():
            # A story that lives on elsewhere was split, not merged: its address stays with the larger part.
            if old not in taken and count:
                redirects.setdefault(old, story)
    return Repaired(stories, redirects)
