"""Who publishes: outlets and agencies by name and by domain, from one table.

`data/outlets.tsv` is built by `scripts/gazetteer.py` (its origin and licence stand there). Names are met as they are
written: case counts, the longest name wins, and a name that is also a common word is marked weak, so that its
reader asks for more evidence than the name itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from firsthand.model.findings import ActorKind

__all__ = ["Gazetteer", "Named", "Outlet", "load"]

_DATA = "firsthand.analyze"
_WORD = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"^(?:The|La|Le|El|Die|Der|Das|Il|Het|De|Los|Las|Les|O|A)\s+|^L['’]")
_ANY_NOUN = re.compile(r"^(?:The|Der|Die|Das) ")
# A name of two capitals is also an abbreviation of something else ("AD", "TT", "SR"); agencies that are known by them count.
_SHORT = re.compile(r"^(?!AP|FT)[A-Z][A-Z0-9]$")


@dataclass(frozen=True, slots=True)
class Outlet:
    """One publisher or agency. `where` tells outlets of one name apart; the one without it is the best known."""

    name: str
    kind: ActorKind
    country: str = ""
    """ISO 3166-1 alpha-2, or ""."""
    where: str = ""
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    owner: str = ""

    @property
    def domain(self) -> str | None:
        """Its main address."""
        return self.domains[0] if self.domains else None


@dataclass(frozen=True, slots=True)
class Named:
    """A name met in a text: `text[start:end]`. `weak`: it may as well be a common word or another's name."""

    start: int
    end: int
    outlets: tuple[Outlet, ...]
    weak: bool


class Gazetteer:
    """Look-ups over a set of outlets. Immutable; `plus` gives a larger one."""

    def __init__(self, outlets: Iterable[Outlet], common: frozenset[str] = frozenset()) -> None:
        self._outlets = tuple(outlets)
        self._common = common
        self._names: dict[str, tuple[Outlet, ...]] = {}
        self._starts: dict[str, list[str]] = {}
        self._domains: dict[str, Outlet] = {}
        for outlet in self._outlets:
            self._add(outlet)
        for names in self._starts.values():
            names.sort(key=len, reverse=True)

    def _add(self, outlet: Outlet) -> None:
        for domain in outlet.domains:
            self._domains.setdefault(domain, outlet)
        for name in _forms(outlet):
            known = self._names.get(name, ())
            self._names[name] = known if outlet in known else (*known, outlet)
            # "The" begins hundreds of names, all of them met without it too: whoever reads the name looks before it.
            if not known and not name.startswith("The ") and (first := _WORD.match(name)):
                self._starts.setdefault(first[0], []).append(name)

    def __len__(self) -> int:
        return len(self._outlets)

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """All of them, in the order of the table."""
        return self._outlets

    def plus(self, outlets: Iterable[Outlet]) -> Gazetteer:
        """This one and `outlets` (those that a house follows), whose names come first."""
        return Gazetteer((*outlets, *self._outlets), self._common)

    def by_domain(self, address: str) -> Outlet | None:
        """The outlet at a host or an http(s) URL, by the longest part of the host that is known; None if none."""
        host = _host(address)
        while "." in host:
            if found := self._domains.get(host):
                return found
            host = host.partition(".")[2]
        return None

    def named(self, name: str) -> tuple[Outlet, ...]:
        """All that bear this very name, with or without its article; the best known first."""
        found = self._names.get(name) or self._names.get(_ARTICLE.sub("", name)) or ()
        return tuple(sorted(found, key=lambda outlet: (bool(outlet.where), outlet.name != name)))

    def is_weak(self, name: str) -> bool:
        """Whether the name may as well be a common word, a family name or another abbreviation.

        "The Sun" and "Die Zeit" are as weak without their article; "El País" in two capitals is not.
        """
        return _ANY_NOUN.sub("", name) in self._common or name in self._common or bool(_SHORT.match(name))

    def find(self, text: str) -> Iterator[Named]:
        """Names in `text` in reading order, none inside another.

        One pass over the words; the work for each is bounded by the names that begin with it (44 at most).
        """
        end = 0
        for word in _WORD.finditer(text):
            names = self._starts.get(word[0])
            if names is None or word.start() < end:
                continue
            for name in names:
                stop = word.start() + len(name)
                if text.startswith(name, word.start()) and _whole(text, word.start(), stop):
                    yield Named(word.start(), stop, self.named(name), self.is_weak(name))
                    end = stop
                    break


def _forms(outlet: Outlet) -> Iterator[str]:
    for name in (outlet.name, *outlet.aliases):
        yield name
        bare = _ARTICLE.sub("", name)
        # "Le Monde" is met as "au Monde"; a short rest ("El País" → "País") is a common word.
        if bare != name and (name.startswith(("The ", "Der ", "Die ", "Das ")) or len(bare) > 3):
            yield bare
        if "'" in name:
            yield name.replace("'", "’")


def _whole(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is no part of a longer word; a hyphen joins words ("Globe-trotting")."""
    before, after = text[start - 1 : start], text[end : end + 2]
    if before and (before.isalnum() or before in "_@#/-"):
        return False
    if not after:
        return True
    joined = after[0] == "-" and after[1:].isalpha()
    return not (after[0].isalnum() or after[0] == "_" or joined)


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname if "//" in address else address.partition("/")[0].partition(":")[0]
    except ValueError:
        return ""
    return (host or "").lower().removeprefix("www.").rstrip(".")


@cache
def load() -> Gazetteer:
    """The table that ships with Firsthand."""
    data = files(_DATA).joinpath("data")
    lines = data.joinpath("outlets.tsv").read_text("utf-8").splitlines()
    head = lines[0].split("\t")
    words = data.joinpath("common_names.txt").read_text("utf-8").splitlines()
    common = frozenset(word for line in words if not line.startswith("#") for word in line.split(", ") if word)
    return Gazetteer((_outlet(dict(zip(head, line.split("\t"), strict=True))) for line in lines[1:]), common)


def _outlet(row: Mapping[str, str]) -> Outlet:
    return Outlet(
        name=row["name"],
        kind=ActorKind.AGENCY if row["kind"] == "agency" else ActorKind.OUTLET,
        country=row["country"],
        where=row["where"],
        domains=tuple(row["domains"].split()),
        aliases=tuple(alias for alias in row["aliases"].split("; ") if alias),
        owner=row["owner"],
    )
