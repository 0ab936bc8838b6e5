"""Direction on real pages (`copies/pages_dev.jsonl`), against labels made by reading them (`copies_labels.toml`)."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

from copies_score import Page, found_in, load_pages
from origins_score import Tally, grouped

from firsthand.analyze.chains import find_chains
from firsthand.analyze.gazetteer import load
from firsthand.extract import read_text
from firsthand.model.article import Article
from firsthand.model.errors import NotAnArticle
from firsthand.model.findings import Analysis
from firsthand.model.grouping import CopyKind, Direction
from firsthand.model.records import Outlet
from firsthand.model.stories import GroupDue

LABELS = Path(__file__).parent / "copies_labels.toml"


def sources() -> dict[str, str]:
    """For each page that was read: the page or the house that it has its words from, or "own"."""
    return dict(tomllib.loads(LABELS.read_text("utf-8"))["source"])


def score_pages(data: Path) -> Tally:
    """Direction among the pages of each component of copies, as one story."""
    pages = load_pages(data)
    tally, labels = Tally(), sources()
    for component in _components(pages):
        tally.cases += 1
        _, matches, _ = grouped(_due(page, number) for number, page in enumerate(component))
        for match in matches:
            here, there = component[int(match.article)], component[int(match.of)]
            gold = true_direction(here.id, there.id, labels)
            if match.kind is CopyKind.QUOTES or gold is None:
                continue
            tally.pairs += 1
            if match.direction is not Direction.UNKNOWN:
                tally.decided += 1
                tally.right += match.direction is gold
                if match.direction is not gold:
                    tally.wrong.append(
                        f"{here.id} {match.direction.value} {there.id}, not {gold.value}: {match.reason.says}"
                    )
    return tally


def true_direction(here: str, there: str, labels: dict[str, str]) -> Direction | None:
    """What the labels say of two pages; None where they say nothing of one, or nothing joins them."""
    if here not in labels or there not in labels:
        return None
    mine, theirs = _above(here, labels), _above(there, labels)
    if there in mine:
        return Direction.FROM
    if here in theirs:
        return Direction.TO
    return Direction.SHARED if set(mine) & set(theirs) else None


def _above(page: str, labels: dict[str, str]) -> list[str]:
    found = []
    while (page := labels.get(page, "own")) != "own":
        found.append(page)
    return found


def _components(pages: list[Page]) -> list[list[Page]]:
    root = {page.id: page.id for page in pages}

    def top(key: str) -> str:
        while root[key] != key:
            key = root[key]
        return key

    for one, other in found_in(pages):
        root[top(one)] = top(other)
    groups: dict[str, list[Page]] = {}
    for page in sorted(pages, key=lambda page: page.seen):
        groups.setdefault(top(page.id), []).append(page)
    return [group for group in groups.values() if len(group) > 1]


def _due(page: Page, number: int) -> GroupDue:
    domain = page.publisher.partition("/")[0]
    listed = load().by_domain(domain)
    url = f"https://{page.publisher}/{page.id}"
    try:
        article = read_text(page.text, url=url)
    except NotAnArticle:
        article = Article(url=url, text=page.text, language="en")
    seen = datetime.fromisoformat(page.seen)
    return GroupDue(
        article_id=number,
        version=1,
        article=article,
        outlet=Outlet(crc32(domain.encode()), domain, listed.name if listed else domain),
        seen=seen if seen.tzinfo else seen.replace(tzinfo=UTC),
        sort_at=seen if seen.tzinfo else seen.replace(tzinfo=UTC),
        analysis=Analysis(chains=find_chains(article, load())),
    )
