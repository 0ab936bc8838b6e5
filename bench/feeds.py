"""The speed of our feed parser against feedparser's, on real feeds, in one run: `python -m bench.feeds [DATA]`.

DATA is the folder of evaluation data (else `FIRSTHAND_EVAL_DATA`, else `../shared/data` beside the checkout). All parsers
go through all feeds the same number of times, one feed after the other, so that nothing is remembered from the feed just
before. Of each feed the fastest parse counts, in processor time, so that neighbours on the machine do not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import feedparser
from lxml import etree

from firsthand.model.errors import NotAFeed
from firsthand.sources.feeds import parse_feed

DEFAULT = Path(__file__).parents[2] / "shared" / "data"
ROUNDS = 5
URL = "https://feeds.example/feed"


def ours(body: bytes) -> int:
    return len(parse_feed(body, url=URL).items)


def theirs(body: bytes) -> int:
    return len(feedparser.parse(body).entries)


def bare(body: bytes) -> None:
    """The floor: lxml's parse alone, nothing read out of it."""
    etree.fromstring(body, etree.XMLParser(recover=True))


def fastest(parse: Callable[[bytes], object], bodies: Sequence[bytes]) -> list[float]:
    """Seconds of processor time of each body's fastest parse."""
    best = [float("inf")] * len(bodies)
    for _ in range(ROUNDS):
        for index, body in enumerate(bodies):
            start = time.process_time()
            parse(body)
            best[index] = min(best[index], time.process_time() - start)
    return best


def reads_as_much(body: bytes) -> bool:
    """Whether we read as many entries of a broken document as feedparser, or more; none may be a refusal in words."""
    try:
        return ours(body) >= theirs(body)
    except NotAFeed:
        return theirs(body) == 0


def figures(feeds: Path) -> dict[str, float | str]:
    bodies = [gzip.decompress(path.read_bytes()) for path in sorted((feeds / "real").glob("*.gz"))]
    slow = fastest(theirs, bodies)
    found: dict[str, float | str] = {"feeds": len(bodies), "megabytes": round(sum(map(len, bodies)) / 1e6, 1)}
    found["entries"] = sum(map(ours, bodies))
    for name, parse in (("ours", ours), ("lxml, nothing read", bare)):
        fast = fastest(parse, bodies)
        found[f"{name}: times feedparser, in total"] = round(sum(slow) / sum(fast), 1)
        found[f"{name}: times feedparser, median feed"] = round(
            statistics.median(a / b for a, b in zip(slow, fast, strict=True)), 1
        )
        found[f"{name}: ms for the median feed"] = round(statistics.median(fast) * 1e3, 2)
    found["feedparser: ms for the median feed"] = round(statistics.median(slow) * 1e3, 2)
    for folder in ("illformed", "encoding"):
        broken = [path.read_bytes() for path in sorted((feeds / "suite" / folder).rglob("*.xml"))]
        found[f"{folder}: entries as feedparser or more"] = f"{sum(map(reads_as_much, broken))} of {len(broken)}"
    return found


def main(arguments: Sequence[str] = ()) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path(os.environ.get("FIRSTHAND_EVAL_DATA", DEFAULT)))
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args(arguments)
    if not (chosen.data / "feeds" / "real").is_dir():
        print(f"BENCH SKIPPED: no feeds under {chosen.data}; give the folder of evaluation data", file=sys.stderr)
        return
    warnings.simplefilter("ignore")
    found = figures(chosen.data / "feeds")
    print(json.dumps(found) if chosen.json else "\n".join(f"{name:45} {value}" for name, value in found.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
