"""Near-copies on real pages of one day's news (`copies/pages_dev.jsonl`), one fixed setting.

Measured: pair F1 1.000 against the silver truth (which is itself a containment of 5-grams, so this shows that no
candidate is missed and that the setting sits right; it is no independent judgment), containment-only recall 1.000.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from copies_score import Page, found_in, load_pages, pair_scores, silver

from firsthand.group.engine import CopyFinder, Incoming
from firsthand.model.grouping import CopyKind

pytestmark = pytest.mark.eval


@pytest.fixture(scope="module")
def pages(shared_data: Path) -> list[Page]:
    return load_pages(shared_data / "copies" / "pages_dev.jsonl")


def test_copies_on_real_pages(pages: list[Page]) -> None:
    precision, recall, f1, contained = pair_scores(frozenset(found_in(pages)), silver(pages))
    print(f"\ncopies: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}, containment-only {contained:.3f}")
    assert f1 >= 0.985
    assert contained >= 0.97


def test_sixty_words_quoted_are_no_copy(pages: list[Page]) -> None:
    """Each page takes sixty words of another, in quotation marks or without, into its middle."""
    chance = random.Random(0)
    long = [page for page in pages if len(page.text.split()) >= 200]
    wrong = asked = 0
    for page in long:
        other = chance.choice([one for one in long if one is not page])
        words, mine = other.text.split(), page.text.split()
        at = chance.randrange(len(words) - 60)
        passage = " ".join(words[at : at + 60])
        passage = f"“{passage}”" if chance.random() < 0.5 else passage
        middle = len(mine) // 2
        finder = CopyFinder()
        before = finder.add(Incoming(id="other", text=other.text, source="other"))
        plain = finder.add(Incoming(id="plain", text=page.text, source="plain"))
        if before or any(match.of == "other" for match in plain):
            continue  # the two share more than the passage
        quoted = " ".join([*mine[:middle], passage, *mine[middle:]])
        found = CopyFinder()
        found.add(Incoming(id="other", text=other.text, source="other"))
        matches = found.add(Incoming(id="quoting", text=quoted, source="quoting"))
        asked += 1
        wrong += any(match.kind is not CopyKind.QUOTES for match in matches)
    print(f"\nfalse copies among {asked} articles that quote sixty words: {wrong / asked:.3%}")
    assert asked >= 100
    assert wrong / asked <= 0.01
