"""Which earlier event a new one carries on."""

from __future__ import annotations

import pytest

from firsthand.group.story_terms import story_features
from firsthand.group.storylines import carries_on, subject, topic
from firsthand.model.storylines import COMMON, Near, Subject

FERRY = (
    "Ferry captains at Marrow Sound walk out over pay",
    "Captains of the Marrow Sound ferry walked out on Monday. The union Harbour Hands wants more pay from Norline, "
    "said its head Tilda Brekke. Norline called the walkout of the captains a surprise.",
)
TALKS = (
    "Norline and ferry captains meet over pay",
    "Three weeks after the walkout at Marrow Sound, Norline sat down with Harbour Hands. Tilda Brekke said that the "
    "captains would run the ferry again if Norline raised pay. Norline gave no figure.",
)
OTHER_FERRY = (
    "Ferry captains in Lugano Bay honoured for rescue",
    "Captains of a ferry in Lugano Bay were honoured on Monday by mayor Paolo Ferri. They had saved eleven people of "
    "the yacht Celeste, said the coast guard.",
)
SAME_PEOPLE = (
    "Norline opens a museum of steam",
    "A museum of steam engines was opened at Marrow Sound by Norline. Tilda Brekke of Harbour Hands sent flowers.",
)


def about(*articles: tuple[str, str], language: str = "en") -> Subject:
    return subject(
        [topic(story_features(n, title, text, language=language)) for n, (title, text) in enumerate(articles)]
    )


def found(mine: Subject, *earlier: Subject, common: int = 2) -> int | None:
    seen = dict.fromkeys(mine.terms, common)
    return carries_on(
        mine, Near(earlier={n: mine.beside(one) for n, one in enumerate(earlier, 1)}, seen=seen, stories=1_000)
    )


def test_what_follows_weeks_later_carries_on() -> None:
    assert found(about(TALKS), about(OTHER_FERRY), about(FERRY)) == 2


def test_of_two_events_of_a_line_the_later_is_carried_on() -> None:
    assert found(about(TALKS), about(FERRY), about(FERRY)) == 2


@pytest.mark.parametrize("earlier", [OTHER_FERRY, SAME_PEOPLE])
def test_neither_the_same_matter_elsewhere_nor_the_same_people_with_another(earlier: tuple[str, str]) -> None:
    assert found(about(TALKS), about(earlier)) is None


def test_what_stands_in_many_stories_shows_nothing() -> None:
    assert found(about(TALKS), about(FERRY), common=COMMON + 1) is None


def test_another_language_is_another_line() -> None:
    assert found(about(TALKS, language="nl"), about(FERRY)) is None


def test_a_story_is_about_what_half_of_its_articles_have() -> None:
    whole = about(FERRY, FERRY, SAME_PEOPLE)
    assert about(FERRY).words & whole.words == whole.words
    assert not whole.words & about(SAME_PEOPLE).words - about(FERRY).words


@pytest.mark.parametrize("text", ["", "Nothing in capitals here", "渡船罷工 三週後"])
def test_little_is_about_nothing(text: str) -> None:
    assert found(about(("", text)), about(("", text)), about(FERRY)) is None
    assert all(-(2**31) <= term < 2**31 for term in about((text, text)).terms)


def test_an_empty_story_carries_on_nothing() -> None:
    assert found(subject([]), about(FERRY)) is None
