"""The outlets that the first page offers to somebody who follows nothing yet.

The facts lie in one data file beside this module, `starters.toml`. Every feed address there was checked against
published feed lists, and its `checked` field says which: a remembered address is often dead.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

DATA_FILE = "starters.toml"
KINDS = frozenset({"newspaper", "agency", "broadcaster", "portal", "government", "company"})


@dataclass(frozen=True, slots=True)
class Starter:
    """One outlet to begin with, and the feed to follow."""

    name: str
    domain: str
    """Host of the outlet's site without `www.`, lower case."""
    kind: str
    """One of `KINDS`."""
    country: str
    """ISO 3166-1 alpha-2: the country whose public it serves; for an international body that of its seat."""
    language: str
    """BCP 47 tag of what the feed carries."""
    topic: str
    """"World", "National", "Economy" and so on: the heading under which the first page lists it."""
    home: str
    """Address of the site's front page."""
    feed_url: str
    checked: str
    """Where the feed's address was seen, in a few words."""


@cache
def load_starters() -> tuple[Starter, ...]:
    """All starter outlets, in the order of the data file: by continent, then country.

    Raises:
        ValueError: the data file shipped with the program lacks a field or has an unknown one.
    """
    text = (resources.files("firsthand.sources") / DATA_FILE).read_text(encoding="utf-8")
    return tuple(_starter(table) for table in tomllib.loads(text)["starter"])


def _starter(table: dict[str, str]) -> Starter:
    expected = {field.name for field in fields(Starter)}
    if set(table) != expected:
        wrong = ", ".join(sorted(expected ^ set(table)))
        raise ValueError(f"{DATA_FILE}: the outlet {table.get('name', '?')!r} has missing or unknown fields: {wrong}")
    return Starter(**table)
