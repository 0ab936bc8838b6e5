"""Chains against the gold set, by phrase class, with the floors that issue and docs promise (precision .95 at recall .85)."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_score import cases, score, table

from firsthand.analyze.chains import find_chains
from firsthand.analyze.gazetteer import load
from firsthand.extract import read_text

pytestmark = pytest.mark.eval

PRECISION, RECALL = 0.95, 0.85


@pytest.mark.parametrize("part", ["dev", "held"])
def test_chains_reach_their_goal(part: str) -> None:
    tallies, wrong = score(part)
    print(f"\nchains, {part}:\n{table(tallies)}")
    whole = tallies["all"]
    assert whole.precision >= PRECISION, "\n".join(wrong)
    assert whole.recall >= RECALL, "\n".join(wrong)


def test_what_has_no_chain_gets_none() -> None:
    given = sum(score(part)[0]["none"].given for part in ("dev", "held"))
    assert given <= 2


def test_the_set_is_as_large_as_promised() -> None:
    every = [*cases("dev"), *cases("held")]
    assert len(every) >= 150
    assert len({case.name for case in every}) == len(every)
    assert sum(not case.gold for case in every) >= 40
    assert len(list(cases("held"))) * 3 >= len(every)


def test_a_link_in_the_text_is_the_hop_s_address() -> None:
    linked = [case for case in cases("dev") if case.urls]
    assert linked
    for case in linked:
        urls = [hop.url for chain in find_chains(case.article, load()) for hop in chain.hops[1:] if hop.url]
        assert urls == list(case.urls)


def test_the_first_real_input_leads_back_to_the_cables(shared_data: Path) -> None:
    page = shared_data / "seed" / "article.txt"
    article = read_text(page.read_text("utf-8"))
    chain = find_chains(article, load())[0]
    assert [(hop.does.value, hop.actor.name, str(hop.date or "")) for hop in chain.hops[:4]] == [
        ("published", "Rediff.com", "2021-09-04"),
        ("credited", "Press Trust of India", ""),
        ("carried", "Dawn", "2021-09-04"),
        ("obtained", "Politico", "2021-09-03"),
    ]
    assert "cables" in chain.hops[4].actor.name
    assert len(chain.hops) == 5
