"""Storylines have no labelled data. What can be held: like events that are not one line are not linked, and links are made.

The links on the round-ups were read by eye (docs/quality.md); the floor on their number keeps a change from silencing all.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from firsthand.group.story_terms import story_features
from firsthand.group.storylines import Topic, carries_on, subject, topic
from firsthand.model.storylines import COMMON, Near, Subject

pytestmark = pytest.mark.eval


def links(path: Path) -> tuple[int, int]:
    """How many stories carry an earlier one on, of how many, with the labelled stories one after the other."""
    stories: dict[str, list[tuple[str, Topic]]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        one = json.loads(line)
        features = story_features(one["id"], one["title"], one["text"])
        stories[one["story"]].append((str(one["date"]), topic(features)))
    earlier: dict[int, Subject] = {}
    seen: Counter[int] = Counter()
    linked = 0
    for number, articles in enumerate(sorted(stories.values(), key=lambda story: min(date for date, _ in story)), 1):
        mine = subject([about for _, about in articles])
        seen.update(mine.terms)
        counts = {term: min(seen[term], COMMON + 1) for term in mine.terms}
        near = {story: mine.beside(other) for story, other in earlier.items()}
        linked += carries_on(mine, Near(earlier=near, seen=counts, stories=number)) is not None
        earlier[number] = mine
    return linked, len(stories)


def test_like_events_are_not_linked_and_lines_are_found(shared_data: Path) -> None:
    wrong, events = links(shared_data / "stories" / "ecbplus_dev.jsonl")
    found, stories = links(shared_data / "stories" / "roundups_dev.jsonl")
    print(f"\nstorylines: {wrong} of {events} like events linked, {found} of {stories} stories of round-ups")
    assert wrong <= 2
    assert found >= 10
