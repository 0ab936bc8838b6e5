"""How extraction is scored: the sets of pages, and the measures that the eval and the benchmark share."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firsthand.extract.authors import credits_of
from firsthand.extract.charset import decode
from firsthand.extract.dom import parse
from firsthand.extract.fields import headline_of, outlet_names, outlet_of
from firsthand.extract.structured import gather
from firsthand.model.article import Article
from firsthand.model.when import When

# One word of an alphabet, or one letter of a script that parts no words.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Page:
    """A page with what a careful reader takes from it."""

    name: str
    html: bytes
    truth: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.truth["url"])

    @property
    def bodies(self) -> list[str]:
        return list(self.truth["bodies"])


def pages(folder: Path, name: str, step: int = 1) -> Iterator[Page]:
    """The pages of the set `name`, every `step`-th of them."""
    with gzip.open(folder / "pages" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % step == 0:
                truth = json.loads(line)
                html = gzip.decompress((folder / "pages" / name / truth["file"]).read_bytes())
                yield Page(truth["file"], html, truth)


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of four words; a text of fewer words is one run."""
    words = _WORD.findall(text.lower())
    return {tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))} if words else set()


def f1(found: str, wanted: str) -> float:
    """Harmonic mean of precision and recall of word 4-grams."""
    ours, theirs = shingles(found), shingles(wanted)
    if not ours or not theirs:
        return float(ours == theirs)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def best_f1(found: str, bodies: list[str]) -> float:
    """F1 against the body that fits best: with or without summary and subheads, any of them counts as right."""
    return max((f1(found, body) for body in bodies), default=0.0)


def with_tables(article: Article) -> str:
    """The article's words with those of its tables, which the truth of the general set holds, in their places."""
    parts = [
        article.text[block.start : block.end]
        if block.end > block.start
        else "\n".join(" ".join(row) for row in block.rows)
        for block in article.blocks
    ]
    return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Told:
    """What the cascade alone says of a page, as the truth counts it: authors with agencies and offices among them."""

    title: str
    authors: list[str]


def told(page: Page) -> Told:
    root = parse(decode(page.html))
    facts = gather(root, page.url)
    names = outlet_names(facts, outlet_of(facts, root, page.url))
    return Told(headline_of(facts, root, names) or "", credits_of(facts, root, names)[0])


def same_title(found: str, truth: str | None) -> bool:
    return " ".join(found.split()) == " ".join((truth or "").split())


def same_names(found: list[str], truth: list[str] | None) -> bool:
    return [name.casefold() for name in found] == [name.casefold() for name in truth or []]


def same_instant(found: When | None, truth: str) -> bool | None:
    """Whether an instant with its zone is right within a minute; None where the truth itself has no zone."""
    at = datetime.fromisoformat(truth)
    if at.tzinfo is None:
        return None
    return found is not None and found.at.tzinfo is not None and abs((found.at - at).total_seconds()) <= 60


def same_day(found: When | None, truth: str) -> bool:
    """Whether the calendar day is right, in the page's zone or in UTC."""
    at = datetime.fromisoformat(truth)
    days = {at.date()} | ({at.astimezone(UTC).date()} if at.tzinfo else set())
    return found is not None and bool({found.at.date(), found.instant().date()} & days)
