"""Who tells it is no name of an event."""

from __future__ import annotations

from firsthand.group.houses import Houses
from firsthand.group.story_terms import story_features

TEXT = (
    "The mayor of Claro told El Correo de Puerto Claro that the road is closed. The report in El Correo de Puerto Claro names "
    "Anna Lund, and in Washington the Washington Post had it too, says CNA."
)


def names(houses: Houses, title: str = "") -> set[str]:
    return set(houses.without(story_features(1, title, TEXT)))


def known() -> Houses:
    houses = Houses()
    houses.add(["El Correo de Puerto Claro", "The Washington Post", "CNA", ""])
    return houses


def test_a_house_is_no_name_and_a_place_that_is_named_by_itself_is_one() -> None:
    assert {"correo", "puerto", "post", "cna"} <= names(Houses())
    assert names(known()) == {"claro", "washington", "anna", "lund"}


def test_what_a_headline_names_is_what_it_is_about() -> None:
    assert {"cna", "post"} <= names(known(), "Shots fired at CNA and at the Post")


def test_a_house_met_later_counts_in_what_came_before_and_in_any_language() -> None:
    houses = known()
    names(houses)
    houses.add(["Lund"])
    assert "lund" not in names(houses)
    assert "cna" not in houses.without(story_features(1, "", TEXT, language="es"))
