"""Attribution relations on the dev split: floors under what was measured (docs/quality.md), a little below it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.attribution import KNOWN, Scores, fast, full, measure

pytestmark = pytest.mark.eval

FINDS = {"full": full, "fast": fast}
FLOORS = {
    "full": {"source": 82.0, "cue": 74.0, "content": 69.0, "linked": 80.0},
    "fast": {"source": 77.5, "cue": 70.2, "content": 65.0, "linked": 76.0},
}


@pytest.fixture(scope="module", params=FINDS)
def measured(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Scores]:
    found, speed, count = measure(shared_data, FINDS[request.param])
    print(f"\n{KNOWN}\n{request.param}: {found.line()}\n{count} statements; {speed:.2f} documents a second of one core")
    return request.param, found


def test_no_score_falls(measured: tuple[str, Scores]) -> None:
    profile, scores = measured
    found = {role: count.f1 for role, count in scores.exact.items()} | {"linked": scores.linked.f1}
    low = {name: found[name] for name, floor in FLOORS[profile].items() if found[name] < floor}
    assert not low
