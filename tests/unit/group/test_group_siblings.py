"""Who has it from whom, where two articles alone cannot tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from firsthand.group.direction import Named, Provenance, direction
from firsthand.group.siblings import in_view_of_all
from firsthand.model.grouping import CopyKind, CopyMatch, Direction, Evidence
from firsthand.model.when import When

START = datetime(2026, 5, 4, 8, tzinfo=UTC)


def paper(name: str, minute: int, **known: Any) -> Provenance:
    at = START + timedelta(minutes=minute)
    return Provenance(
        article=name, outlet=name.title(), domain=f"{name}.example", published=When.of(at), seen=at, **known
    )


def decided(*papers: Provenance, kept: float = 0.9) -> dict[tuple[str, str], CopyMatch]:
    """Every pair as a copy, the later article first."""
    matches = []
    for at, here in enumerate(papers):
        for there in papers[:at]:
            verdict, reason = direction(here, there)
            matches.append(
                CopyMatch(
                    article=here.article,
                    of=there.article,
                    kind=CopyKind.COPY,
                    kept=kept,
                    reused=kept,
                    direction=verdict,
                    reason=reason,
                )
            )
    found = in_view_of_all(matches, {one.article: one for one in papers})
    return {(str(match.article), str(match.of)): match for match in found}


def test_two_that_have_it_from_a_third_have_it_not_from_each_other() -> None:
    found = decided(paper("ledger", 0), paper("portal", 60), paper("relay", 120))
    assert found["portal", "ledger"].direction is Direction.FROM
    assert found["relay", "ledger"].direction is Direction.FROM
    assert found["relay", "portal"].direction is Direction.SHARED
    assert found["relay", "portal"].reason.says == "Both have it from Ledger."


def test_a_back_dated_copy_has_it_from_the_agency_that_others_credit() -> None:
    wire = paper("telvia", 30)
    honest = paper("portal", 60, agency=Named("Telvia"))
    found = decided(wire, honest, paper("relay", 0))
    assert found["relay", "telvia"].direction is Direction.FROM
    assert found["relay", "telvia"].reason.evidence is Evidence.CREDIT


def test_silent_pages_share_what_others_credit_to_an_agency_that_is_not_held() -> None:
    found = decided(paper("one", 0), paper("two", 60), paper("three", 90, agency=Named("Telvia")))
    assert found["two", "one"].direction is Direction.SHARED


def test_what_one_house_prints_again_it_has_from_itself() -> None:
    first = paper("ledger", 0)
    again = Provenance(
        article="again", outlet="Ledger", domain="ledger.example", published=When.of(START + timedelta(hours=3))
    )
    found = decided(first, again)
    assert found["again", "ledger"].direction is Direction.FROM


def test_a_copy_that_came_before_its_house_s_corrected_version_has_it_from_the_first() -> None:
    wire, copy = paper("telvia", 0), paper("portal", 30, agency=Named("Telvia"))
    at = START + timedelta(hours=2)
    second = Provenance(article="corrected", outlet="Telvia", domain="telvia.example", published=When.of(at), seen=at)
    found = decided(wire, copy, second)
    assert found["corrected", "portal"].direction is Direction.SHARED


def test_who_names_a_house_of_the_story_has_it_from_there() -> None:
    found = decided(paper("ledger", 30), paper("portal", 0, named=(Named("Citing Ledger"),)))
    assert found["portal", "ledger"].direction is Direction.FROM
    assert found["portal", "ledger"].reason.evidence is Evidence.REPORTED
