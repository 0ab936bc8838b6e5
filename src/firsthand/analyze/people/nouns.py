"""What a common noun stands for as a source: a person without a name, a group, a document, a body."""

from __future__ import annotations

import re

from firsthand.analyze.people.words import english, is_role
from firsthand.model.findings import SpeakerKind

__all__ = ["AGED", "GENERIC", "described", "kind_of_noun", "singular"]

AGED = re.compile(r"\d{1,3}-year-old")
GENERIC = frozenset("man woman boy girl teenager person".split())
"""Nouns that take up any person whose gender they fit."""
_INDEFINITE = frozenset("everyone everybody nobody anyone".split())
_FIRST_WORDS = frozenset(
    "a an the some many most one two three four five six several another other this that these those his her its their our all both few".split()
)


def singular(noun: str) -> str:
    """The singular of a regular plural, in lower case."""
    noun = noun.lower()
    if noun.endswith(("women", "men")):
        return noun[:-2] + "an"
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def kind_of_noun(noun: str, *, plural: bool, counted: bool) -> SpeakerKind | None:
    """The kind of source that `noun` names, None where it names none that speaks.

    `counted`: a number stands before it ("two officials"): a few that are known to the reporter, and not named.
    """
    tables = english()
    word = noun.lower()
    one = singular(word) if plural else word
    if word in ("source", "sources", "insider", "insiders", "someone", "somebody", "one"):
        return SpeakerKind.UNNAMED
    if word in tables.documents and not (word in tables.groups or is_role(one, tables.roles)):
        return SpeakerKind.DOCUMENT
    person = is_role(one, tables.roles) or one in GENERIC or AGED.fullmatch(one) is not None
    if word in tables.groups or (plural and person) or word == "people":
        return SpeakerKind.UNNAMED if counted else SpeakerKind.GROUP
    if person:
        return SpeakerKind.UNNAMED
    if word in tables.outlets or word in tables.takes_up or word in tables.organizations:
        return SpeakerKind.ORGANIZATION
    return SpeakerKind.GROUP if word in _INDEFINITE else None


def described(words: str, *, common: bool = False) -> str:
    """A description as it stands in the middle of a sentence: "A senior official" as "a senior official".

    `common`: its first word is known to be no name.
    """
    words = re.sub(r"\s+", " ", words).strip(" ,;:")
    first = words.split(" ", 1)[0]
    plain = (
        common
        or first.lower() in _FIRST_WORDS
        or first.lower() in english().groups
        or kind_of_noun(first, plural=first.endswith("s"), counted=False)
    )
    if first[1:2].isupper() or first.lower() in english().adjectives:
        return words
    return first.lower() + words[len(first) :] if (plain and not first.isupper()) or first == "A" else words
