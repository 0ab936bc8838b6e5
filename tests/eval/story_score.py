"""BCubed and the adjusted Rand index, and the stories' data as it is scored."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import comb
from pathlib import Path

from firsthand.group.engine import Incoming
from firsthand.model.when import When

JITTER = 18.0
"""Hours by which each article of a round-up is moved, since all of one share its date (see the data's README)."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its gold story and topic."""

    article: Incoming
    story: str
    topic: str


def labelled(path: Path, *, seed: int = 0, titles_only: bool = False) -> list[Labelled]:
    """The articles of one set in order of arrival: by jittered date, or shuffled where there are no dates."""
    chance = random.Random(seed)
    found = []
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        date = None
        if row["date"]:
            date = When.of(When.fromisoformat(row["date"]).at + timedelta(hours=chance.uniform(-JITTER, JITTER)))
        text = "" if titles_only else row["text"] or ""
        article = Incoming(id=row["id"], title=row["title"] or "", text=text, date=date, source=row["source"])
        found.append(Labelled(article, str(row["story"]), str(row["topic"] or row["story"])))
    chance.shuffle(found)
    return sorted(found, key=lambda one: one.article.date.instant().timestamp() if one.article.date else 0.0)


def bcubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 of B-cubed (Bagga and Baldwin 1998)."""
    both, golds, founds = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    precision = sum(count * count / founds[pair[1]] for pair, count in both.items()) / len(gold)
    recall = sum(count * count / golds[pair[0]] for pair, count in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def adjusted_rand(gold: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """The Rand index, adjusted for chance (Hubert and Arabie 1985)."""
    both = sum(comb(count, 2) for count in Counter(zip(gold, found, strict=True)).values())
    golds = sum(comb(count, 2) for count in Counter(gold).values())
    founds = sum(comb(count, 2) for count in Counter(found).values())
    expected = golds * founds / comb(len(gold), 2)
    most = (golds + founds) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0
