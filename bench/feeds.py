"""The speed of our feed parser against feedparser's, on real feeds, in one run: `python bench/feeds.py [DATA]`.

DATA is the folder of evaluation data (else `FIRSTHAND_EVAL_DATA`, else `../shared/data` beside the checkout). Each feed
is parsed several times by each parser, in turn; the fastest of each counts, so that neighbours on the machine do not.
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
from collections.abc import Callable
from pathlib import Path

import feedparser
from lxml import etree

from firsthand.sources.feeds import parse_feed

DEFAULT = Path(__file__).parents[2] / "shared" / "data"
ROUNDS = {"ours": 5, "lxml": 5, "feedparser": 2}


def ours(body: bytes) -> object:
    return parse_feed(body, url="https://feeds.example/feed")


def theirs(body: bytes) -> object:
    return feedparser.parse(body)


def bare(body: bytes) -> object:
    """The floor: lxml's parse alone, nothing read out of it."""
    return etree.fromstring(body, etree.XMLParser(recover=True))


def fastest(parse: Callable[[bytes], object], body: bytes, rounds: int) -> float:
    """Seconds of the fastest of so many parses."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        parse(body)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path(os.environ.get("FIRSTHAND_EVAL_DATA", DEFAULT)))
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    folder = arguments.data / "feeds" / "real"
    if not folder.is_dir():
        print(f"BENCH SKIPPED: no feeds at {folder}; give the folder of evaluation data", file=sys.stderr)
        return 0
    warnings.simplefilter("ignore")
    bodies = [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.gz"))]
    parsers = {"ours": ours, "lxml": bare, "feedparser": theirs}
    times = {name: [fastest(parse, body, ROUNDS[name]) for body in bodies] for name, parse in parsers.items()}
    figures: dict[str, float] = {"feeds": len(bodies), "megabytes": round(sum(map(len, bodies)) / 1e6, 1)}
    for name in ("ours", "lxml"):
        ratios = [slow / fast for slow, fast in zip(times["feedparser"], times[name], strict=True)]
        figures[f"{name}: times feedparser, median"] = round(statistics.median(ratios), 1)
        figures[f"{name}: times feedparser, total"] = round(sum(times["feedparser"]) / sum(times[name]), 1)
    if arguments.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:40} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
