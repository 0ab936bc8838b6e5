"""People across articles: one Person for one person, and two only where the evidence says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from firsthand.model.findings import Polarity, StatementKind

CONTEXT = 60
"""Names kept of those that a person stood beside."""
SHARED = 2
"""Names of context that two mentions must share where neither role speaks for one person."""
_COMMON = frozenset(
    """a an and at chief de del der des director du for former general head in la le leader member minister new of
    official on president secretary senior sir spokesman spokesperson spokeswoman state states the to und united vice
    von""".split()
)
_JOINING = frozenset("and del der des for former new off old senior the und von".split())
FEWEST_WORDS = 6
"""Words of a statement from which on two who say it under one full name are one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who was named in full, with the role and the context in which articles gave the name."""

    id: int
    name: str
    role: str | None = None
    aliases: tuple[str, ...] = ()
    statements: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement as a person's page lists it."""

    article_id: int
    number: int
    headline: str
    outlet: str
    content: str
    kind: StatementKind
    polarity: Polarity
    role: str | None
    day: date | None
    """The day on which it was said, where the article says so."""
    published: datetime
    speaker: str
    person_id: int | None


def name_key(name: str) -> str:
    """A name to compare by: lower case, without diacritics and marks. Two of the same key need not be one person."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(one for one in plain if not unicodedata.combining(one))))


def is_full(name: str) -> bool:
    """Whether a name can stand for one person beyond its article: given name and family name."""
    return len(name_key(name).split()) >= 2


def may_be_one(role: str | None, context: Iterable[str], other_role: str | None, other_context: Iterable[str]) -> bool:
    """Whether two mentions of one full name are one person: a role in common that tells one holder from another, a role that
    does not ("general") with a name beside them in common, or enough such names.

    The same name alone is no evidence: there are many Kims and Khans.
    """
    if _telling(role) & _telling(other_role):
        return True
    shared = len({name for name in context if _is_name(name)} & set(other_context))
    return shared >= SHARED or (shared > 0 and bool(_words(role) & _words(other_role)))


def newer_role(role: str | None, given: str | None) -> str | None:
    """The role of somebody who was given `role` before: what is given now, unless it only says less of the same."""
    return role if given is None or _words(given) <= _words(role) else given


def same_words(one: str, other: str) -> bool:
    """Whether two statements are one, by most of their words in order; a few words are no evidence."""
    keys = sorted((name_key(one), name_key(other)), key=len)
    return len(keys[0].split()) >= FEWEST_WORDS and f" {keys[0]} " in f" {keys[1]} "


def _words(role: str | None) -> set[str]:
    """The words of a role that say what is held: "director", not "of the"."""
    return {word for word in name_key(role or "").split() if word not in _JOINING and len(word) > 2}


def _telling(role: str | None) -> set[str]:
    """The words of a role that tell one holder from another: whose minister, not that it is a minister."""
    return _words(role) - _COMMON


def _is_name(name: str) -> bool:
    """Not a word of a reader's, which stands among the names of a context (`store.persons`)."""
    return ":" not in name
