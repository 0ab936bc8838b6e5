"""Texts that say of themselves that they are of long ago, and dates in headlines."""

from __future__ import annotations

import pytest

from firsthand.group.calendar_terms import undated
from firsthand.group.reprints import says_reprint
from firsthand.group.story_terms import story_features


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("A year on: the walkout", ""),
        ("From the archive: the fire", ""),
        ("Ferries", "Two years ago today we wrote: captains walked out."),
        ("Ferries", "Captains walked out. " * 200 + "This report was first published in 2021."),
        ("Brand im Hafen", "Vor zwei Jahren brannte das Lager."),
        ("Aus dem Archiv: Brand im Hafen", ""),
        ("El incendio", "Hace dos años ardió el almacén."),
        ("L’incendie", "Il y a deux ans, un entrepôt brûlait."),
    ],
)
def test_it_says_so(title: str, text: str) -> None:
    assert says_reprint(title, text)


@pytest.mark.parametrize(
    "text", ["", "The wall was finished in 1974.", "Captains walked out on Monday, in the first week of spring."]
)
def test_other_texts_say_nothing(text: str) -> None:
    assert not says_reprint("Ferry captains walk out", text)


@pytest.mark.parametrize(
    ("one", "other", "language", "same"),
    [
        ("Weather for Tuesday", "Weather for Wednesday", "en", True),
        ("Garden letters, 11 May", "Garden letters, 12 May", "en", True),
        ("Schlusskurse vom Dienstag", "Schlusskurse vom Donnerstag", "de", True),
        ("Quake: 14 hurt", "Quake: 41 hurt", "en", False),
        ("Weather for Tuesday", "Prices for Tuesday", "en", False),
    ],
)
def test_a_headline_without_its_date(one: str, other: str, language: str, same: bool) -> None:
    first, second = (undated(story_features(0, title, "", language=language)) for title in (one, other))
    assert (first == second) is same
