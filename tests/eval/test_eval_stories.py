"""Stories on labelled sets, through the engine of `firsthand group`, with the weights that the package brings.

The weights were trained on these very sets, so these figures are no measure of quality: they are floors against
breaking something. The honest ones, cross-validated by topic, stand in `group/data/story_model.json`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from story_score import adjusted_rand, bcubed, labelled

from firsthand.group.engine import Grouper

pytestmark = pytest.mark.eval


@pytest.mark.parametrize(("name", "f1_floor", "rand_floor"), [("ecbplus", 0.86, 0.80), ("roundups", 0.90, 0.80)])
def test_stories(shared_data: Path, name: str, f1_floor: float, rand_floor: float) -> None:
    rows = labelled(shared_data / "stories" / f"{name}_dev.jsonl")
    grouper = Grouper()
    for row in rows:
        grouper.add(row.article)
    found = grouper.finish()
    gold, guess = [row.story for row in rows], [found[row.article.id] for row in rows]
    precision, recall, f1 = bcubed(gold, guess)
    rand = adjusted_rand(gold, guess)
    print(f"\n{name}: BCubed {precision:.3f} {recall:.3f} F1 {f1:.3f}, ARI {rand:.3f}")
    assert f1 >= f1_floor
    assert rand >= rand_floor
