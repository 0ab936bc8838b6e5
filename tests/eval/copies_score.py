"""Silver truth on real pages of one day's news, as the data's README defines it, and the scores against it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from firsthand.group.engine import CopyFinder, Incoming
from firsthand.model.grouping import CopyKind, CopyMatch
from firsthand.model.when import When

Pair = tuple[str, str]
COMMON, LEAST = 60, 96
"""Pages on which a 5-gram is furniture; 5-grams of 100 words."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the data."""

    id: str
    publisher: str
    seen: str
    text: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Pairs that are copies, those that count neither way, and copies that only containment shows."""

    copies: frozenset[Pair]
    doubtful: frozenset[Pair]
    contained: frozenset[Pair]


def load_pages(path: Path) -> list[Page]:
    rows = (json.loads(line) for line in path.open(encoding="utf-8"))
    return [Page(row["id"], row["publisher"], row["seen"], row["text"]) for row in rows]


def silver(pages: list[Page]) -> Truth:
    """Pairs by the larger share of 5-grams found in the other; a text of under 100 words counts as 100 words long."""
    grams = [_grams(page.text) for page in pages]
    counts = Counter(gram for one in grams for gram in one)
    kept = [{gram for gram in one if counts[gram] <= COMMON} for one in grams]
    copies, doubtful, contained = set(), set(), set()
    for i, one in enumerate(kept):
        for j in range(i):
            common = len(one & kept[j])
            share = common / max(LEAST, min(len(one), len(kept[j])))
            pair = (pages[j].id, pages[i].id)
            if share >= 0.5:
                copies.add(pair)
                if common < 0.5 * max(len(one), len(kept[j])):
                    contained.add(pair)
            elif share >= 0.3:
                doubtful.add(pair)
    return Truth(frozenset(copies), frozenset(doubtful), frozenset(contained))


def _grams(text: str) -> set[tuple[str, ...]]:
    grams: set[tuple[str, ...]] = set()
    for paragraph in text.split("\n\n"):
        words = re.findall(r"\w+", paragraph.casefold())
        if len(words) >= 8:
            grams.update(tuple(words[at : at + 5]) for at in range(len(words) - 4))
    return grams


def found_in(pages: list[Page]) -> dict[Pair, CopyMatch]:
    """What the finder says of the pages in the order given, mere quotes left out."""
    finder = CopyFinder()
    found: dict[Pair, CopyMatch] = {}
    for page in pages:
        date = When.of(When.fromisoformat(page.seen).at)
        for match in finder.add(Incoming(id=page.id, text=page.text, date=date, source=page.publisher)):
            if match.kind is not CopyKind.QUOTES:
                found[str(match.of), page.id] = match
    return found


def pair_scores(found: frozenset[Pair], truth: Truth) -> tuple[float, float, float, float]:
    """Precision, recall and F1 over pairs, and the recall of those that only containment shows."""
    right = len(found & truth.copies)
    precision = right / max(1, len(found - truth.doubtful))
    recall = right / max(1, len(truth.copies))
    contained = len(found & truth.contained) / max(1, len(truth.contained))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall), contained
