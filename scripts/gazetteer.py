"""Build `analyze/data/outlets.tsv`, the names of outlets and agencies, from the lists beside this script.

    python scripts/gazetteer.py [--check FILE]...

The lists (`scripts/gazetteer/*.txt`) were written by the Firsthand authors: facts (what an outlet is called, where it is
published, at which address), under the project's own licence. The starter outlets (`sources/starters.toml`) join them.
`--check` names text files of news domains, one a line, from elsewhere; nothing is taken from them, but each row says how many
of them know one of its domains, so that a reader can tell a confirmed address from a remembered one. The shipped table was
checked against newscatcher 0.2.0 (MIT), newspaper4k 0.9.6 (MIT), fundus 0.5.7 (MIT), news-homepages 0.0.123 (GPL-3.0-or-later).
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent / "gazetteer"
PACKAGE = Path(__file__).parent.parent / "src" / "firsthand"
TABLE = PACKAGE / "analyze" / "data" / "outlets.tsv"
HEAD = ("name", "kind", "country", "where", "domains", "aliases", "owner", "checked")
_QUALIFIED = re.compile(r"^(?P<name>.+?) \((?P<where>[^)]+)\)$")


@dataclass(frozen=True)
class Row:
    """One line of the table; `where` tells outlets of one name apart and goes into an alias."""

    name: str
    kind: str
    country: str
    domains: tuple[str, ...]
    aliases: tuple[str, ...]
    where: str = ""
    owner: str = ""
    checked: int = 0

    def line(self) -> str:
        """The row as it stands in the file."""
        fields = (self.name, self.kind, self.country, self.where, " ".join(self.domains), "; ".join(self.aliases))
        return "\t".join((*fields, self.owner, str(self.checked)))


def written(path: Path, kind: str) -> Iterator[Row]:
    """The rows of one list: `=XX` opens a country, then `name | domains | aliases`."""
    country = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("="):
            country = line[1:].strip()
        elif line.strip() and not line.startswith("#"):
            name, domains, aliases = line.split("|")
            yield _row(name.strip(), kind, country, tuple(domains.split()), _split(aliases))


def _row(name: str, kind: str, country: str, domains: tuple[str, ...], aliases: tuple[str, ...]) -> Row:
    where = ""
    if match := _QUALIFIED.match(name):
        name, where = match["name"], match["where"]
        aliases = (*aliases, f"{name} of {where}", f"{name} {where}")
    return Row(name, kind, country, domains, tuple(dict.fromkeys(a for a in aliases if a != name)), where)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def starters() -> Iterator[Row]:
    """The outlets that the first page offers; bodies that are no press (governments) stay out."""
    text = (PACKAGE / "sources" / "starters.toml").read_text("utf-8")
    for table in tomllib.loads(text)["starter"]:
        if table["kind"] in {"newspaper", "broadcaster", "agency", "portal", "magazine"}:
            kind = "agency" if table["kind"] == "agency" else "outlet"
            yield Row(table["name"], kind, table["country"], (table["domain"],), ())


def _parents(domain: str) -> list[str]:
    """`en.yna.co.kr`, `yna.co.kr`: the host and what it may be a part of; one label is no host."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(max(1, min(2, len(labels) - 1)))]


def merged(rows: Iterable[Row], more: Iterable[Row]) -> list[Row]:
    """`rows`, then `more`, without those whose domain an earlier row holds; their other names become aliases there.

    Of `more` a host counts with the domain that it is a part of.
    """
    by_domain: dict[str, int] = {}
    kept: list[Row] = []

    def add(row: Row, hosts: Iterable[str]) -> None:
        at = next((by_domain[host] for host in hosts if host in by_domain), None)
        if at is None:
            at = len(kept)
            kept.append(row)
        elif row.name != kept[at].name and row.name not in kept[at].aliases:
            kept[at] = replace(kept[at], aliases=(*kept[at].aliases, row.name))
        for domain in row.domains:
            by_domain.setdefault(domain, at)

    for row in rows:
        add(row, row.domains)
    for row in more:
        add(row, [host for domain in row.domains for host in _parents(domain)])
    return kept


def owners() -> dict[str, str]:
    """Domain to owner."""
    found: dict[str, str] = {}
    for line in (HERE / "owners.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            owner, domains = line.split(": ")
            found.update(dict.fromkeys(domains.split(), owner))
    return found


def _host(line: str) -> str:
    return re.sub(r"^https?://|^www\.|[/:].*$", "", line.strip().lower()).removeprefix("www.")


def build(checks: list[Path]) -> list[Row]:
    """All rows, agencies first, with owners and the number of lists that know them."""
    rows = list(written(HERE / "agencies.txt", "agency"))
    for name in ("outlets-us", "outlets-europe", "outlets-world"):
        rows += written(HERE / f"{name}.txt", "outlet")
    known = [{_host(line) for line in path.read_text("utf-8").splitlines()} for path in checks]
    owned = owners()
    return [
        replace(
            row,
            owner=next((owned[domain] for domain in row.domains if domain in owned), ""),
            checked=sum(any(domain in listed for domain in row.domains) for listed in known),
        )
        for row in merged(rows, starters())
    ]


def main() -> int:
    """Write the table and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", type=Path, action="append", default=[], metavar="FILE")
    rows = build(parser.parse_args().check)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text("\n".join(["\t".join(HEAD), *(row.line() for row in rows)]) + "\n", "utf-8")
    countries = {row.country for row in rows}
    confirmed = sum(row.checked > 0 for row in rows)
    print(f"{len(rows)} rows, {len(countries)} countries, {confirmed} confirmed by a list", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
