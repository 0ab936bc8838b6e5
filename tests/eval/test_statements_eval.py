"""Attribution relations on the dev split: floors under what was measured (docs/quality.md), a little below it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.attribution import KNOWN, Scores, fast, full, measure

from firsthand.analyze import analyze
from firsthand.extract import read_text

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


SPEAKERS = {
    "Afghan Taliban", "American officials", "Asad Majeed Khan", "August 20 statement", "Dawn", "Ervin Massinga", "Pakistan",
    "Pakistani government", "Politico", "Politico report", "US officials", "Victoria Nuland", "Washington", "exchanges",
    "leaked documents", "meeting notes", "messages", "official description", "portions", "previous US statements", "report",
}  # fmt: skip
"""All who say something in the first article, by the fullest name that it gives."""


def test_who_says_what_in_the_first_article(shared_data: Path) -> None:
    article = read_text((shared_data / "seed" / "article.txt").read_text("utf-8"))
    found = analyze(article)
    assert not found.failed
    assert len(found.statements) >= 42
    assert {one.speaker.name for one in found.statements if one.speaker} == SPEAKERS
    assert [(hop.actor.name, hop.does.value) for hop in found.chains[0].hops] == [
        ("Rediff.com", "published"),
        ("Press Trust of India", "credited"),
        ("Dawn", "carried"),
        ("Politico", "obtained"),
        ("sensitive but unclassified cables and other written materials", "origin"),
    ]
