"""Credits: who is credited for the article in hand, and who only helped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.analyze.credits import find_credits
from firsthand.model.article import Article, OutletName, Rights
from firsthand.model.findings import ActorKind, Deed

BODY = "The river rose by a meter overnight and the lower town was closed.\n\n"


def credited(article: Article) -> list[str]:
    hops = find_credits(article)
    assert all(hop.does is Deed.CREDITED and not hop.seen for hop in hops)
    return [hop.actor.name for hop in hops]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Source: PTI", "Press Trust of India"),
        ("(With inputs from ANI)", "Asian News International"),
        ("With inputs from news agency PTI", "Press Trust of India"),
        ("© AFP", "Agence France-Presse"),
        ("© 2024 AFP", "Agence France-Presse"),
        ("(Reuters)", "Reuters"),
        ("— ANI", "Asian News International"),
        ("Press Trust of India", "Press Trust of India"),
        ("Copyright 2024 The Associated Press. All rights reserved.", "Associated Press"),
        ("Quelle: dpa", "dpa"),
        ("avec AFP", "Agence France-Presse"),
        ("Con información de EFE", "EFE"),
    ],
)
def test_a_line_of_credit_at_the_end(line: str, name: str) -> None:
    article = Article(text=BODY + line)
    assert credited(article) == [name]
    evidence = find_credits(article)[0].evidence
    assert evidence is not None
    assert article.text[evidence.start : evidence.end] in line


@pytest.mark.parametrize(
    "line",
    [
        "(Additional reporting by Ana Brask in Oslo; editing by Ivo Tarn)",
        "Reporting by Ana Brask, Reuters",
        "Photo: AFP",
        "The mayor, who flew in from Delhi with a reporter from Reuters on board of a plane, left again on Monday morning.",
        "A spokesman could not be reached.",
    ],
)
def test_what_credits_nobody(line: str) -> None:
    assert credited(Article(text=BODY + line)) == []


@pytest.mark.parametrize("head", ["KABUL (Reuters) - ", "KABUL, May 4 (Reuters) – ", "Kabul, May 4 (Reuters) -- "])
def test_a_dateline_names_its_agency(head: str) -> None:
    assert credited(Article(text=head + BODY)) == ["Reuters"]


def test_furniture_has_no_span() -> None:
    article = Article(text=BODY, agency="PTI", byline=("IANS",), rights=Rights("© AFP"))
    hops = find_credits(article)
    assert [hop.actor.name for hop in hops] == [
        "Press Trust of India",
        "Indo-Asian News Service",
        "Agence France-Presse",
    ]
    assert all(hop.evidence is None and hop.actor.kind is ActorKind.AGENCY for hop in hops)


def test_one_agency_is_credited_once() -> None:
    assert credited(Article(text=BODY + "Source: PTI", agency="PTI")) == ["Press Trust of India"]


def test_an_agency_does_not_credit_itself() -> None:
    assert credited(Article(text="LONDON (Reuters) - " + BODY, outlet=OutletName("Reuters", "reuters.com"))) == []


def test_an_agency_that_the_table_lacks_keeps_its_name() -> None:
    hop = find_credits(Article(text=BODY, agency="Coast News Agency"))[0]
    assert (hop.actor.name, hop.actor.kind, hop.actor.domain) == ("Coast News Agency", ActorKind.AGENCY, None)


def test_a_name_that_two_agencies_bear_is_nobody_s() -> None:
    hop = find_credits(Article(text=BODY, agency="CNA"))[0]
    assert (hop.actor.name, hop.actor.domain) == ("CNA", None)


@given(st.text(), st.none() | st.text(max_size=30))
def test_any_text_is_survived(text: str, agency: str | None) -> None:
    for hop in find_credits(Article(text=text, agency=agency)):
        if hop.evidence:
            assert 0 <= hop.evidence.start < hop.evidence.end <= len(text)
