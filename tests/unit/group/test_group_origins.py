"""How many know it first hand: every doubt joins, and silence is no independence."""

from __future__ import annotations

from typing import Any

import pytest

from firsthand.group.direction import Named
from firsthand.group.origins import OriginFacts, OwnReporting, count_origins
from firsthand.model.article import Span
from firsthand.model.grouping import CopyKind, CopyMatch, Direction, Evidence

CNA = Named("Coast News Agency")
OWN = (OwnReporting(Span(0, 4), "told this newspaper"),)

HEARD = (frozenset({3, 4}),)


def paper(name: str, **known: Any) -> OriginFacts:
    return OriginFacts(article=name, outlet=name.title(), domain=f"{name}.example", **known)


def copy(article: str, of: str, kind: CopyKind = CopyKind.COPY, direction: Direction = Direction.FROM) -> CopyMatch:
    return CopyMatch(article=article, of=of, kind=kind, kept=0.9, reused=0.8, direction=direction)


def counted(*facts: OriginFacts, copies: tuple[CopyMatch, ...] = ()) -> tuple[int, int]:
    found = count_origins(facts, copies)
    return found.at_least, found.at_most


def test_papers_that_credit_one_agency_are_one_origin() -> None:
    papers = [paper(name, agencies=(CNA,), byline=True, dateline=True) for name in ("herald", "post", "tide")]
    assert counted(*papers) == (1, 1)
    (origin,) = count_origins(papers).origins
    assert {reason.evidence for reason in origin.reasons} == {Evidence.CREDIT}


def test_silence_is_no_independence() -> None:
    assert counted(paper("herald"), paper("post"), paper("tide")) == (1, 3)


def test_own_reporting_raises_what_is_certain() -> None:
    post = paper("post", byline=True, dateline=True, quotes=HEARD)
    assert counted(paper("herald", own=OWN), post, paper("tide")) == (2, 3)


def test_a_name_and_a_place_over_what_others_heard_are_no_reporting() -> None:
    silent = paper("post", byline=True, dateline=True)
    assert counted(paper("herald", own=OWN), silent) == (1, 2)
    same = paper("post", byline=True, dateline=True, quotes=HEARD)
    assert counted(paper("herald", own=OWN, quotes=(frozenset({1, 2, 3}),)), same) == (1, 2)


@pytest.mark.parametrize(
    ("direction", "expected"),
    [(Direction.FROM, (1, 1)), (Direction.TO, (1, 1)), (Direction.UNKNOWN, (1, 1))],
)
def test_a_copy_is_no_second_origin_whoever_copied(direction: Direction, expected: tuple[int, int]) -> None:
    match = copy("post", "herald", direction=direction)
    assert counted(paper("herald", own=OWN), paper("post", own=OWN), copies=(match,)) == expected


def test_a_quotation_joins_nothing() -> None:
    match = copy("post", "herald", kind=CopyKind.QUOTES)
    assert counted(paper("herald", own=OWN), paper("post", own=OWN), copies=(match,)) == (2, 2)


def test_who_passes_on_a_house_of_the_story_belongs_to_it() -> None:
    post = paper("post", chain=(Named("Herald"),), byline=True, dateline=True)
    assert counted(paper("herald", own=OWN), post, paper("tide", own=OWN)) == (2, 2)


def test_owner_and_the_end_of_the_chain_join() -> None:
    assert counted(paper("herald", owner="Quist Group"), paper("post", owner="Quist Group")) == (1, 1)
    leak = (Named("memos of the port authority"),)
    assert counted(paper("herald", ends=leak), paper("post", ends=leak), paper("tide")) == (1, 2)


def test_nothing_has_no_origin() -> None:
    assert counted() == (0, 0)
