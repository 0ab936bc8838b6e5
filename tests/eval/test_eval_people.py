"""People and disputes: what our sets say of a reading, with floors."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import disputes_score
import people_score
import pytest

from firsthand.analyze.disputes import find_disputes
from firsthand.analyze.gazetteer import load
from firsthand.analyze.parse import parse
from firsthand.analyze.people import find_entities, resolve_speaker
from firsthand.model.article import Span

FLOOR = 0.97
"""Of speakers, roles and entities that must be right; all are, as this is written."""


def test_people_are_told_apart_and_together(capsys: pytest.CaptureFixture[str]) -> None:
    asked, wrong, lines = Counter[str](), Counter[str](), []
    for case in people_score.cases():
        asked["speaker"] += len(case.asked)
        asked["role"] += len(case.roles)
        asked["entity"] += len(case.wanted) + len(case.unwanted)
        for fault, line in people_score.faults(case):
            wrong[{"kind": "speaker", "missed": "entity", "invented": "entity"}.get(fault, fault)] += 1
            lines.append(f"{case.what}: {line}")
    with capsys.disabled():
        shares = ", ".join(f"{kind} {asked[kind] - wrong[kind]}/{asked[kind]}" for kind in asked)
        print(f"\npeople: {shares}", *lines, sep="\n  ", file=sys.stderr)
    assert all(asked[kind] - wrong[kind] >= FLOOR * asked[kind] for kind in asked)


def test_disputes_are_linked_on_evidence_only() -> None:
    wrong = []
    cases = list(disputes_score.cases())
    for case in cases:
        found = find_disputes(case.text, case.statements)
        told = tuple((one.statement, one.disputed, case.text[one.evidence.start : one.evidence.end]) for one in found)
        if told != case.disputes:
            wrong.append((case.text, told, case.disputes))
    assert len(cases) >= 40
    assert not wrong


def test_the_people_of_the_first_article(shared_data: Path) -> None:
    text = (shared_data / "seed" / "article.txt").read_text("utf-8")
    body = text[text.index("The Biden administration") : text.index("Khan also highlighted")]
    doc, gazetteer = parse(body), load()
    found = find_entities(body, doc, "en", outlets=lambda name: bool(gazetteer.named(name)))
    kinds = {one.name: one.kind.value for one in found}
    assert kinds["Dawn"] == kinds["Politico"] == "outlet"
    khan = next(one for one in found if one.name == "Asad Majeed Khan")
    assert len(khan.mentions) >= 6
    assert "Pakistan's Ambassador to Washington" in [role.text for role in khan.roles]
    for words, name in [
        ("The US official", "Ervin Massinga"),
        ("Mr Massinga", "Ervin Massinga"),
        ("Ambassador Khan", "Asad Majeed Khan"),
    ]:
        at = body.index(words)
        speaker = resolve_speaker(body, Span(at, at + len(words)), found, doc)
        assert speaker is not None
        assert speaker.name == name
