"""Attributions beside the published and the prototype's figures, on the dev split: `python -m bench attribution`.

Two measures, both by words (runs of word characters, and single marks):

- exact: spans of a role over all relations of a document, each once, cut at paragraph ends; F1 of equal spans;
- linked: a found relation meets the wanted one whose cue it overlaps; right if its source overlaps the wanted
  source (or neither has one) and its content overlaps the wanted content; F1 over relations.
"""

from __future__ import annotations

import bisect
import json
import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from firsthand.analyze.parse import parse
from firsthand.analyze.statements.detect import find_relations
from firsthand.analyze.statements.light import find_light
from firsthand.analyze.statements.overlooked import with_overlooked
from firsthand.analyze.statements.relation import Relation
from firsthand.analyze.statements.turns import with_turns

DEFAULT = Path(__file__).parents[2] / "shared" / "data"
Find = Callable[[str], tuple[Relation, ...]]
ROLES = ("source", "cue", "content")
_WORD = re.compile(r"\w+|[^\w\s]")

KNOWN = """\
                            source    cue  content  linked
CofeNet-BERT (its test)       83.2   75.3     72.9       –
two annotators                79.0   72.2     72.6       –
prototype, int8               82.2   74.5     68.7    76.2
dependency rules              61.8   58.5     53.8    60.9
CRF per cue                   74.3   69.5     59.8    70.0"""


@dataclass(slots=True)
class Count:
    """Right, found and wanted."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    @property
    def f1(self) -> float:
        return 200 * self.right / max(1, self.found + self.wanted)

    @property
    def precision(self) -> float:
        return 100 * self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        return 100 * self.right / max(1, self.wanted)

    def add(self, right: int, found: int, wanted: int) -> None:
        self.right, self.found, self.wanted = self.right + right, self.found + found, self.wanted + wanted


@dataclass(slots=True)
class Scores:
    """`exact` by role, and `linked`."""

    exact: dict[str, Count] = field(default_factory=lambda: {role: Count() for role in ROLES})
    linked: Count = field(default_factory=Count)

    def add(self, text: str, wanted: list[dict[str, list[list[int]]]], found: Iterable[Relation]) -> None:
        """Count one document in."""
        words = Words(text)
        gold = [{role: words.numbers(attribution[role]) for role in ROLES} for attribution in wanted]
        ours = [{role: words.numbers([[s.start, s.end] for s in getattr(r, role)]) for role in ROLES} for r in found]
        for role in ROLES:
            g = {span for relation in gold for span in words.spans(relation[role])}
            f = {span for relation in ours for span in words.spans(relation[role])}
            self.exact[role].add(len(g & f), len(f), len(g))
        self.linked.add(_linked(gold, ours), len(ours), len(gold))

    def line(self) -> str:
        roles = "  ".join(f"{role} {c.f1:.1f} (P {c.precision:.1f} R {c.recall:.1f})" for role, c in self.exact.items())
        return f"{roles}  linked {self.linked.f1:.1f} (P {self.linked.precision:.1f} R {self.linked.recall:.1f})"


class Words:
    """The words of a text, and which paragraph each stands in."""

    def __init__(self, text: str) -> None:
        matches = list(_WORD.finditer(text))
        self._starts = [match.start() for match in matches]
        self._ends = [match.end() for match in matches]
        breaks = [match.start() for match in re.finditer("\n", text)]
        self._paragraphs = [bisect.bisect(breaks, start) for start in self._starts]

    def numbers(self, spans: list[list[int]]) -> set[int]:
        """The words that the spans touch."""
        return {
            number
            for start, end in spans
            for number in range(bisect.bisect_right(self._ends, start), bisect.bisect_left(self._starts, end))
        }

    def spans(self, numbers: set[int]) -> list[tuple[int, int]]:
        """Runs of neighbouring words of one paragraph."""
        runs: list[tuple[int, int]] = []
        for number in sorted(numbers):
            if runs and runs[-1][1] == number - 1 and self._paragraphs[number] == self._paragraphs[number - 1]:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return runs


def _linked(gold: list[dict[str, set[int]]], ours: list[dict[str, set[int]]]) -> int:
    used: set[int] = set()
    right = 0
    for wanted in gold:
        near = [
            (len(wanted["cue"] & found["cue"]) + 0.01 * len(wanted["content"] & found["content"]), -number)
            for number, found in enumerate(ours)
            if number not in used and wanted["cue"] & found["cue"]
        ]
        if not near:
            continue
        number = -max(near)[1]
        used.add(number)
        found = ours[number]
        source = bool(wanted["source"] & found["source"]) if wanted["source"] else not found["source"]
        right += source and bool(wanted["content"] & found["content"])
    return right


def dev(folder: Path) -> list[tuple[str, list[dict[str, list[list[int]]]]]]:
    """(text, attributions) of the dev split."""
    with (folder / "attribution" / "dev.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [(record["text"], record["attributions"]) for record in records]


def full(text: str) -> tuple[Relation, ...]:
    """The attributions as the profile `full` finds them, its parse included."""
    doc = parse(text)
    return with_turns(text, with_overlooked(doc, find_relations(doc)))


def fast(text: str) -> tuple[Relation, ...]:
    """As `full`, with the profile `fast`."""
    doc = parse(text, names=False)
    return with_turns(text, with_overlooked(doc, find_light(doc)))


def measure(folder: Path, find: Find = full) -> tuple[Scores, float, int]:
    """Scores of the dev split, documents a second of processor time on one core, and statements found."""
    documents = dev(folder)
    find(documents[0][0])  # models load on first use
    scores, count = Scores(), 0
    spent = 0.0
    for text, wanted in documents:
        begun = time.process_time()
        found = find(text)
        spent += time.process_time() - begun
        count += len(found)
        scores.add(text, wanted, found)
    return scores, len(documents) / spent, count


def main() -> None:
    folder = Path(os.environ.get("FIRSTHAND_EVAL_DATA", DEFAULT))
    if not (folder / "attribution").is_dir():
        print(f"attribution: no evaluation data at {folder}; set FIRSTHAND_EVAL_DATA to measure")
        return
    scores, speed, count = measure(folder)
    exact = "".join(f"{scores.exact[role].f1:9.1f}" for role in ROLES)
    print(KNOWN)
    print(f"{'full':22}{exact}{scores.linked.f1:9.1f}")
    rules, quick, _ = measure(folder, fast)
    exact = "".join(f"{rules.exact[role].f1:9.1f}" for role in ROLES)
    print(f"{'fast':22}{exact}{rules.linked.f1:9.1f}   {quick:.2f} documents a second of one core, parsed")
    print(scores.line())
    print(f"{speed:.2f} documents a second of one core, parsed, {speed * count / len(dev(folder)):.0f} statements")


if __name__ == "__main__":
    main()
