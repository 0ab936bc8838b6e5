"""The words by which a text tells who somebody is: tables, given names, places."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Gender", "Words", "english", "first_name_gender", "fold", "is_place"]

Gender = str
""" "f", "m", or "" where it is not known."""


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of `data/english.toml`; all words in lower case, abbreviations without their stop."""

    women: frozenset[str]
    men: frozenset[str]
    either: frozenset[str]
    titles: dict[str, str]
    also: dict[str, frozenset[str]]
    roles: frozenset[str]
    groups: frozenset[str]
    documents: frozenset[str]
    unnamed: frozenset[str]
    organizations: frozenset[str]
    takes_up: frozenset[str]
    outlets: frozenset[str]
    places: frozenset[str]
    things: frozenset[str]
    no_name: frozenset[str]
    adjectives: frozenset[str]

    def honorific(self, word: str) -> bool:
        """Whether `word` stands before a name and tells no role ("Mr.", "Dr.")."""
        word = bare(word)
        return word in self.women or word in self.men or word in self.either

    def title(self, word: str) -> bool:
        """Whether `word` names a role: "ambassador", "Sen."."""
        word = bare(word)
        return word in self.titles or is_role(word, self.roles)


_SUFFIXES = (
    "spokesman",
    "spokeswoman",
    "ologist",
    "minister",
    "secretary",
    "president",
    "woman",
    "master",
    "keeper",
    "maker",
)


def is_role(word: str, roles: frozenset[str]) -> bool:
    """Whether a lower-case noun names what one person is or does; compounds count by their last part."""
    if word in roles:
        return True
    last = word.rsplit("-", 1)[-1]
    return last in roles or (len(word) > 7 and word.endswith(_SUFFIXES))


@cache
def english() -> Words:
    data = tomllib.loads(_data("english.toml"))
    words = data["words"]
    named = {name: frozenset(str(found).split()) for name, found in words.items()}
    return Words(
        women=frozenset(data["women"].split()),
        men=frozenset(data["men"].split()),
        either=frozenset(data["either"].split()),
        titles=dict(data["titles"]),
        also={noun: frozenset(found.split()) for noun, found in data["also"].items()},
        **named,
    )


@cache
def _first_names() -> dict[str, Gender]:
    found: dict[str, Gender] = {}
    kind = ""
    for line in _data("first_names.txt").splitlines():
        if line.startswith("#"):
            continue
        if line[:2] in ("f:", "m:", "u:"):
            kind, line = line[0].replace("u", ""), line[2:]
        found |= dict.fromkeys(line.split(), kind)
    return found


def first_name_gender(word: str) -> Gender | None:
    """Whose name a given name is; "" for either's, None for a word that is no known given name."""
    names = _first_names()
    found = names.get(word.lower())
    return found if found is not None else names.get(word.lower().split("-")[0])


@cache
def _places() -> frozenset[str]:
    lines = (line for line in _data("places.txt").splitlines() if not line.startswith("#"))
    return frozenset(name.strip() for line in lines for name in line.split(";") if name.strip())


def is_place(name: str) -> bool:
    """Whether a name by itself is a country, a capital, or a place as well known."""
    return name in _places()


def bare(word: str) -> str:
    """Lower case, without the stop of an abbreviation."""
    return word.lower().rstrip(".")


def fold(word: str) -> str:
    """A name's word as it is compared: lower case, curly apostrophes straight."""
    return word.lower().replace("’", "'").rstrip(".")


def _data(name: str) -> str:
    return files("firsthand.analyze.people").joinpath(f"data/{name}").read_text("utf-8")
