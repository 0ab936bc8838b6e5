"""Scores chains against the gold of `tests/eval/chains`; the rules stand in its README."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from firsthand.analyze.chains import find_chains
from firsthand.analyze.gazetteer import Gazetteer, load
from firsthand.model.article import Article, Link, OutletName
from firsthand.model.findings import Chain
from firsthand.model.when import When

CASES = Path(__file__).parent / "chains"
SATURDAY = date(2024, 5, 11)
_PRESS = {"outlet", "agency", "document"}


@dataclass(frozen=True)
class Node:
    """One hop as it is compared."""

    deed: str
    name: str
    kind: str
    day: str


Chained = tuple[Node, ...]


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    article: Article
    gold: tuple[Chained, ...]
    urls: tuple[str, ...]


def cases(part: str) -> Iterator[Case]:
    """The passages of "dev" or "held"."""
    for path in sorted((CASES / part).glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        for entry in data["case"]:
            article = _article(entry, entry.get("language", data.get("language", "en")))
            gold = tuple(_chain(text) for text in entry.get("chains", ()))
            yield Case(
                entry["id"], entry.get("class", data.get("class", "")), article, gold, tuple(entry.get("urls", ()))
            )


def _article(entry: dict[str, object], language: str) -> Article:
    text = str(entry["text"])
    day = date.fromisoformat(str(entry.get("published", SATURDAY)))
    links = entry.get("links", [])
    assert isinstance(links, list)
    byline = entry.get("byline", [])
    assert isinstance(byline, list)
    return Article(
        outlet=OutletName(str(entry.get("outlet", "Tide")), None),
        agency=str(entry["agency"]) if "agency" in entry else None,
        byline=tuple(byline),
        language=language,
        published=When.day(day.year, day.month, day.day),
        text=text,
        links=tuple(Link(text.index(words), text.index(words) + len(words), url) for words, url in links),
    )


def _chain(text: str) -> Chained:
    nodes = []
    for hop in text.split(" <- "):
        deed, name, kind, day = (*hop.split(":"), "")[:4]
        nodes.append(Node(deed, name, kind, day))
    return tuple(nodes)


def found(chain: Chain) -> Chained:
    """A chain as it is compared: without the outlet in hand."""
    return tuple(
        Node(hop.does.value, hop.actor.name, hop.actor.kind.value, hop.date.isoformat() if hop.date else "")
        for hop in chain.hops[1:]
    )


def same(gold: Node, node: Node, gazetteer: Gazetteer) -> bool:
    """Whether two hops are one, by the README's rules."""
    if gold.deed != node.deed or gold.day != node.day:
        return False
    if (gold.kind in _PRESS or node.kind in _PRESS) and gold.kind != node.kind:
        return False
    a, b = _bare(gold.name), _bare(node.name)
    if gold.kind in {"outlet", "agency"}:
        listed = set(gazetteer.named(gold.name)) & set(gazetteer.named(node.name))
        return a == b or bool(listed)
    if gold.kind == "document":
        return a in b or b in a or a.split()[-1] == b.split()[-1]
    return a in b or b in a


def _bare(name: str) -> str:
    lowered = name.casefold()
    for article in ("the ", "a ", "an "):
        lowered = lowered.removeprefix(article)
    return lowered.strip()


Edge = tuple[Node | None, Node]


def edges(chains: tuple[Chained, ...]) -> list[Edge]:
    """The links of a passage, each once."""
    found_edges: dict[Edge, None] = {}
    for chain in chains:
        for before, after in zip((None, *chain), chain, strict=False):
            found_edges[(before, after)] = None
    return list(found_edges)


def matched(gold: list[Edge], given: list[Edge], gazetteer: Gazetteer) -> int:
    """How many links are right, each counted once."""
    left, right = list(given), 0
    for before, after in gold:
        for edge in left:
            heads = (before is None) == (edge[0] is None) and (
                before is None or edge[0] is None or same(before, edge[0], gazetteer)
            )
            if heads and same(after, edge[1], gazetteer):
                left.remove(edge)
                right += 1
                break
    return right


@dataclass
class Tally:
    right: int = 0
    given: int = 0
    gold: int = 0
    cases: int = 0
    whole: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0


def score(part: str, gazetteer: Gazetteer | None = None) -> tuple[dict[str, Tally], list[str]]:
    """Tallies by phrase class, "all" among them, and a line for each passage that is not wholly right."""
    known = gazetteer or load()
    tallies: dict[str, Tally] = {}
    wrong: list[str] = []
    for case in cases(part):
        chains = tuple(found(chain) for chain in find_chains(case.article, known))
        gold, given = edges(case.gold), edges(chains)
        right = matched(gold, given, known)
        whole = right == len(gold) == len(given)
        for name in (case.kind, "all"):
            tally = tallies.setdefault(name, Tally())
            tally.right += right
            tally.given += len(given)
            tally.gold += len(gold)
            tally.cases += 1
            tally.whole += whole
        if not whole:
            wrong.append(
                f"{case.name}\n   {case.article.text}\n   gold  {_words(case.gold)}\n   found {_words(chains)}"
            )
    return tallies, wrong


def _words(chains: tuple[Chained, ...]) -> str:
    return " | ".join(" <- ".join(f"{n.deed}:{n.name}:{n.kind}:{n.day}" for n in chain) for chain in chains) or "-"


def table(tallies: dict[str, Tally]) -> str:
    """The figures, a class a line."""
    lines = ["class       cases  whole  precision  recall"]
    for name, tally in sorted(tallies.items(), key=lambda item: (item[0] == "all", item[0])):
        lines.append(f"{name:11} {tally.cases:5} {tally.whole:6}  {tally.precision:9.3f}  {tally.recall:6.3f}")
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    results, mistakes = score(sys.argv[1] if len(sys.argv) > 1 else "dev")
    if "-v" in sys.argv:
        print("\n".join(mistakes))
    print(table(results))
