"""Names that stand where a text says whence it has something."""

from __future__ import annotations

import pytest

from firsthand.group.direction import Named, Provenance, holds_house, is_house
from firsthand.group.naming import filed_by, houses_named, passes_on, released


def house(name: str) -> Provenance:
    return Provenance(article=1, outlet=name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Crossways was the first to write that the bridge was moving.", "Crossways"),
        ("The cracks were known since November, City Wire 7 reported on Monday.", "City Wire 7"),
        ("Wie Ruhmetaler Bote berichtet, war die Weiche gemeldet.", "Ruhmetaler Bote"),
        ("La fuga se conocía, según publica El Faro de Alba.", "El Faro de Alba"),
        ("Selon L'Éclusier, l'audit est sévère.", "L'Éclusier"),
        ("“I wrote it twice,” he told Mill & Manor.", "Mill & Manor"),
    ],
)
def test_a_house_on_no_list_is_named(text: str, name: str) -> None:
    assert any(holds_house(named, house(name)) for named in houses_named(text))


def test_a_name_is_no_house_where_nothing_is_reported() -> None:
    assert houses_named("The boats lay at Harbour Post.") == ()
    assert not holds_house(Named("Explode"), house("Lode"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KARROW, May 4 (Telvia) – The bridge was shut.", "Telvia"),
        ("MILBURY /CPA/ – The works will close.", "CPA"),
        ("Harsum (nna) - Das Klinikum schließt.", "nna"),
        ("(Borealis) – Nine miners were cut off.", "Borealis"),
        ("The road bridge has been closed. (MNA)", "MNA"),
        ("The bridge was shut.\n\n-- Borealis", "Borealis"),
    ],
)
def test_who_filed_it_stands_in_the_dateline_or_signs(text: str, name: str) -> None:
    named = filed_by(text)
    assert named is not None
    assert named.name == name
    assert named.span is not None
    assert text[named.span.start : named.span.end] == name


@pytest.mark.parametrize(
    "text", ["The plan (of 1994) – he said – failed.", "A man (see page) - and a dog.", "It rained (and how)"]
)
def test_other_brackets_sign_nothing(text: str) -> None:
    assert filed_by(text) is None


def test_a_hostile_head_takes_no_time() -> None:
    assert filed_by("A.-" * 25 + "x (Telvia) – y") is None
    assert filed_by("A" * 60 + "\n" * 5_000) is None
    assert released("-" * 100_000) is None
    assert not passes_on("A A" * 20_000, ["The Ledger"])


def test_an_agency_goes_by_its_initials() -> None:
    assert is_house(Named("CPA"), house("Coast Press Association"))
    assert is_house(Named("nna"), house("Nordische Nachrichtenagentur")) is True
    assert not is_house(Named("CPB"), house("Coast Press Association"))


def test_a_lead_passes_on_what_another_was_told() -> None:
    assert passes_on("The mayor told Channel 14 on Monday that she would go.", ["The Ledger"])
    assert passes_on("In a message posted to Telegram, the keeper said that he rang.", ["The Ledger"])
    assert not passes_on("The mayor told The Ledger that she would go.", ["The Ledger"])
    assert not passes_on("The mayor told reporters that she would go.", ["The Ledger"])


def test_a_press_release_says_that_it_is_one() -> None:
    assert released("Press release\n\nTorvane will close its works.") is not None
    assert released("Torvane will close its works, a press release said.") is None
