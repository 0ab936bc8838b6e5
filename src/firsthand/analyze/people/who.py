"""Somebody a text speaks of, each place that does, and what the words of such a place tell by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firsthand.analyze.people.words import Gender
from firsthand.model.findings import SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = [
    "MEN",
    "SUBJECTS",
    "WOMEN",
    "Point",
    "Who",
    "counted",
    "gender_of_noun",
    "is_definite",
    "is_one_clause",
    "top_of_name",
]

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody a text speaks of, with or without a name. Two are the same if they are equal."""

    name: str
    kind: SpeakerKind
    entity: int | None = None
    gender: Gender = ""
    noun: str = ""
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One place in the text that speaks of somebody."""

    start: int
    end: int
    who: Who
    sentence: int
    subject: bool
    owner: bool
    """It stands in a possessive, and the sentence is about what is owned."""
    quoted: bool
    definite: bool = True


_COLLECTIONS = frozenset(
    "set number series pair slew batch trove cache collection handful lot group crowd dozen majority couple range".split()
)
WOMEN = frozenset(
    "wife mother daughter sister niece aunt grandmother widow actress girlfriend heroine queen princess duchess nun waitress spokeswoman".split()
)
MEN = frozenset(
    "husband father son brother nephew uncle grandfather widower boyfriend king prince duke monk priest waiter spokesman".split()
)


def counted(head: Token) -> Token:
    """The noun that "a set of", "a group of" count: it is that which speaks."""
    if head.lower_ not in _COLLECTIONS:
        return head
    for child in head.children:
        if child.lower_ == "of":
            return next((token for token in child.children if token.dep_ == "pobj"), head)
    return head


def gender_of_noun(noun: str) -> Gender:
    if noun.endswith("woman") or noun in WOMEN or noun == "girl":
        return "f"
    return "m" if (noun.endswith("man") and noun not in ("chairman", "human")) or noun in MEN or noun == "boy" else ""


def is_definite(head: Token) -> bool:
    return any(child.lower_ in ("the", "this", "that") for child in head.lefts)


def top_of_name(token: Token) -> Token:
    """The word of a name that the rest of the sentence knows it by."""
    for _ in range(6):
        if token.dep_ not in ("compound", "flat", "nmod", "amod") or token.head.i == token.i:
            break
        token = token.head
    return token


def is_one_clause(token: Token, words: Sequence[Token], point: Point) -> bool:
    """Whether pronoun and name are subject and object of one verb, so that they are two ("Sallow told him")."""
    if not words or token.dep_ == "poss":
        return False
    top = top_of_name(words[-1])
    return top.head.i == token.head.i and top.head.i != top.i and not point.owner
