"""What it costs to find the copies and the story of one arriving article, as the store grows.

    python -m bench group [ARTICLES …]        default: 10000 100000 1000000

The past is rows of so many articles of invented text over three years, with their stories, what these are about, and
their fingerprints, but without their texts; the last days are articles with their texts, as many as a busy house brings.
What arrives then goes through the same code as live. Figures are a core's, without the language model; each size has a
process of its own.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firsthand.group.fingerprint import INDEX_WINDOW, grams, winnow
from firsthand.group.story_terms import story_features
from firsthand.group.storylines import topic
from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.feed import Item
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.model.storylines import NAMES
from firsthand.model.storylines import WORDS as TOPIC_WORDS
from firsthand.model.when import When
from firsthand.pipeline.grouping import Grouping
from firsthand.store import Store, open_store
from firsthand.store.fingerprints import LOW_BITS, POSTINGS, packed
from firsthand.store.schema import to_number

SIZES = (10_000, 100_000, 1_000_000)
LIVE, ASKED = 1_000, 500
OUTLETS = 40
WORDS = 750
"""Of an article of the past."""
MADE = 50_000
"""Articles whose fingerprints are made word by word; those of more are these, mixed, so that none is shared between."""
LATELY = 1 / 12
"""Share of the past whose fingerprints stand in rows, as they do on the average while articles come."""
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Words:
    """Invented text: words as often as a language's, names that belong to an event, and some copies."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        letters = "abcdefghiklmnoprstuvw"
        self.words = ["".join(self.chance.choices(letters, k=self.chance.randint(2, 10))) for _ in range(30_000)]
        self.often = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.last: list[tuple[str, str]] = []

    def article(self) -> tuple[str, str]:
        """Headline and text; one in four prints one of the latest, with a new opening."""
        if self.last and self.chance.random() < 0.25:
            headline, text = self.chance.choice(self.last[-50:])
            return headline, f"{self._sentence(20)} {text}"
        name = self.chance.choice(self.words).title()
        body = " ".join(self._sentence(self.chance.randint(12, 30)) for _ in range(self.chance.randint(20, 45)))
        made = f"{name} {self._sentence(6)}", f"{name} {body}"
        self.last.append(made)
        return made

    def _sentence(self, length: int) -> str:
        words = self.chance.choices(self.words, cum_weights=self.often, k=length)
        return f"{words[0].title()} {' '.join(words[1:])}."


def fill(store: Store, articles: int) -> int:
    """Put a past into the store: its articles and stories, two articles each, and their fingerprints; the bytes of these."""
    with store.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("BEGIN")
        raw.executemany(
            "INSERT INTO outlets(id, domain, name, folded) VALUES (?, ?, ?, '')",
            ((number + 1, f"outlet{number}.example", f"outlet{number}.example") for number in range(OUTLETS)),
        )
        raw.executemany(
            "INSERT INTO articles(id, outlet_id, url, headline, summary, byline, section, seen, sort_at, state, item,"
            " version, analyzed, grouped) VALUES (?, ?, ?, ?, '', '[]', '[]', ?, ?, 'read', '{}', 0, 0, 0)",
            _articles(articles),
        )
        raw.executemany(
            "INSERT INTO stories(id, title, origins, first_seen, last_seen, changed, rank, articles, outlets)"
            " VALUES (?, ?, '{}', ?, ?, ?, ?, 2, 2)",
            (
                (number // 2 + 1, head, at, at, at, at)
                for number, _, _, head, _, at in _articles(articles)
                if number % 2
            ),
        )
        raw.executemany(
            "INSERT INTO story_articles(article_id, story_id, speaker_id, score, reason) VALUES (?, ?, ?, 1.5, '')",
            ((number, (number - 1) // 2 + 1, number) for number in range(1, articles + 1 - articles % 2)),
        )
        raw.executemany("INSERT INTO story_terms VALUES (?, ?, ?)", _subjects(articles // 2))
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        marks, ids = _past(articles)
        lately = ids > articles * (1 - LATELY)
        rows = zip((marks[lately].astype(np.int64) - (1 << 31)).tolist(), ids[lately].tolist(), strict=True)
        raw.executemany("INSERT OR IGNORE INTO fingerprints VALUES (?, ?)", rows)
        raw.executemany("INSERT INTO fingerprint_packs VALUES (?, ?)", _packs(marks[~lately], ids[~lately]))
        pages = raw.execute("PRAGMA page_count").fetchone()[0] - pages
        raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(pages * raw.execute("PRAGMA page_size").fetchone()[0])


def _articles(count: int) -> Iterator[tuple[int, int, str, str, int, int]]:
    """Id, outlet, address, headline, seen and time: over three years, the last of them ten days ago."""
    first, step = NOW - timedelta(days=1_105), timedelta(days=1_095) / count
    for number in range(1, count + 1):
        at = to_number(first + number * step)
        yield number, number % OUTLETS + 1, f"https://past.example/{number}", f"What happened {number}", at, at


def _subjects(stories: int) -> Iterator[tuple[int, int, bool]]:
    """What each story of the past is about, rising by term: of the words that those have which come, as often as there."""
    words = [topic(story_features(0, word, "")).words for word in Words(7).words]
    hashes = np.array([one for found in words for one in found])
    chance = np.random.default_rng(stories)
    often = np.cumsum(1 / (np.arange(len(hashes)) + 3))
    picked = np.searchsorted(often, chance.random((stories, NAMES + TOPIC_WORDS)) * often[-1])
    owners = np.repeat(np.arange(1, stories + 1), NAMES + TOPIC_WORDS)
    both = np.unique(hashes[picked.ravel()].astype(np.int64) << 32 | owners)
    return ((int(one >> 32), int(one & 0xFFFFFFFF), bool(one & 1)) for one in both)


def _past(articles: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """All fingerprints of the past, rising, with their articles; no more than are kept of one."""
    first, ids = _made(min(articles, MADE))
    rounds = -(-articles // MADE)
    marks = np.concatenate([first * np.uint64(2 * turn + 1) >> np.uint64(32) for turn in range(rounds)])
    every = np.concatenate([ids + turn * MADE for turn in range(rounds)])
    both = np.unique(marks << np.uint64(32) | every.astype(np.uint64))
    both = both[(both & np.uint64(0xFFFFFFFF)) <= articles]
    found = (both >> np.uint64(32)).astype(np.uint32)
    place = np.arange(len(found)) - np.searchsorted(found, found, "left")
    kept = place < POSTINGS
    return found[kept], (both[kept] & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _made(articles: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The fingerprints of so many articles in a row, and whose each is; one in four prints an earlier one."""
    chance = np.random.default_rng(articles)
    words = chance.integers(0, 1 << 63, 30_000, dtype=np.uint64)
    often = np.cumsum(1 / (np.arange(len(words)) + 3))
    marks, owners = [], []
    for start in range(0, articles, 100):
        text = words[np.searchsorted(often, chance.random(WORDS * 100) * often[-1])]
        hashes = grams(text)
        places = winnow(hashes, INDEX_WINDOW)
        marks.append(hashes[places])
        owners.append(start + places // WORDS)
        copy = owners[-1] % 4 == 1
        marks.append(marks[-1][copy])
        owners.append(owners[-1][copy] + 1)
    return np.concatenate(marks), np.concatenate(owners) + 1


def _packs(marks: NDArray[np.uint32], ids: NDArray[np.int64]) -> Iterator[tuple[int, bytes]]:
    numbers, starts = np.unique(marks >> LOW_BITS, return_index=True)
    lows = marks & ((1 << LOW_BITS) - 1)
    ends = [*starts[1:].tolist(), len(marks)]
    for number, start, end in zip(numbers.tolist(), starts.tolist(), ends, strict=True):
        yield number, packed(lows[start:end], ids[start:end])


def bring(store: Store, words: Words, count: int, since: int) -> None:
    """Articles that were read and wait to be grouped."""
    for number in range(since, since + count):
        domain = f"outlet{number % OUTLETS}.example"
        headline, text = words.article()
        at = NOW + timedelta(seconds=number)
        feed = store.feeds.add(f"https://{domain}/feed", title=domain, outlet=OutletName(domain, domain), now=at)
        url = f"https://{domain}/{number}"
        item = NewItem(
            item=Item(id=url, url=url, title=headline, published=When.of(at)), key=url, fingerprint="1", sort_at=at
        )
        (key,) = store.ingest.save_poll(
            PollOutcome(feed_id=feed.id, polled=at, next_poll=at, interval=timedelta(minutes=5), new=(item,))
        )
        article = Article(
            url=url, headline=headline, text=text, language="en", published=When.of(at),
            blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
        )  # fmt: skip
        store.ingest.save_reading(Reading(article_id=key, at=at, article=article))


def build(path: str, articles: int) -> int:
    """Make the store of a past; the bytes that its fingerprints take."""
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    store.readers.owner()
    taken = fill(store, articles)
    store.close()
    return taken


def measure(path: str) -> tuple[float, float, float]:
    """Milliseconds an article, of that in copies, stories and saving; megabytes of memory at the most."""
    words = Words(7)
    store = open_store(f"sqlite:///{path}")
    grouping = Grouping(store, lambda: NOW + timedelta(hours=1))
    bring(store, words, LIVE, 0)
    while grouping.work():
        pass
    bring(store, words, ASKED, LIVE)
    gc.collect()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    start, system = time.process_time(), usage.ru_stime
    while grouping.work():  # with the look at all live stories that is due by then
        pass
    spent = time.process_time() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    store.close()
    return 1000 * spent / ASKED, 1000 * (usage.ru_stime - system) / ASKED, usage.ru_maxrss / 1024


def main() -> None:
    """Print the curve."""
    sizes = [int(one) for one in sys.argv[1:] if one.isdecimal()] or list(SIZES)
    apart = multiprocessing.get_context("spawn")
    first: float | None = None
    print(
        f"{'articles':>10} {'ms each':>8} {'in kernel':>9} {'a second':>9} {'against first':>14}"
        f" {'MB memory':>10} {'GB disk':>8} {'bytes of fingerprints each':>27}"
    )
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
            path = Path(folder) / "store.db"
            with apart.Pool(1) as pool:
                bytes_each = pool.apply(build, (str(path), size)) / size
            with apart.Pool(1) as pool:
                cost, kernel, memory = pool.apply(measure, (str(path),))
            disk = path.stat().st_size / 1e9
        first = first or cost
        print(
            f"{size:>10} {cost:>8.1f} {kernel:>9.1f} {1000 / cost:>9.0f} {cost / first:>13.2f}×"
            f" {memory:>10.0f} {disk:>8.2f} {bytes_each:>27.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
