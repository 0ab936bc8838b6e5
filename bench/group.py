"""What it costs to find the copies and the story of one arriving article, as the store grows.

    python -m bench group [ARTICLES …]        default: 10000 100000 1000000

The past is fingerprints of so many articles of invented text, as they would stand in the store; the last days are real
rows with their texts, as many as a busy house brings. Figures are a core's, without the language model.
"""

from __future__ import annotations

import gc
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from firsthand.group.fingerprint import fingerprints
from firsthand.group.wording import wording
from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.feed import Item
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.model.when import When
from firsthand.pipeline.grouping import Grouping
from firsthand.store import Store, open_store

SIZES = (10_000, 100_000, 1_000_000)
LIVE = 400
ASKED = 200
OUTLETS = 40
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Words:
    """Invented text: words as often as a language's, names that belong to an event, and some copies."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        letters = "abcdefghiklmnoprstuvw"
        self.words = ["".join(self.chance.choices(letters, k=self.chance.randint(2, 10))) for _ in range(30_000)]
        self.weights = [1 / (rank + 3) for rank in range(len(self.words))]
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
        words = self.chance.choices(self.words, self.weights, k=length)
        return f"{words[0].title()} {' '.join(words[1:])}."


def fill(store: Store, articles: int, words: Words) -> None:
    """Put the fingerprints of a past into the store: most stand in one article, some in several."""
    sample = [wording(words.article()[1]).words for _ in range(60)]
    each = round(sum(len(fingerprints(one)) for one in sample) / len(sample))
    chance = random.Random(articles)
    span = (1 << 32) // (articles * each + 1)

    def rows() -> Iterator[tuple[int, int]]:
        at = -(1 << 31)
        for _ in range(articles * each):
            at += chance.randint(0, 2 * span) if chance.random() > 0.15 else 0
            yield min(at, (1 << 31) - 1), -chance.randint(1, articles)  # articles that are long gone

    with store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.executemany("INSERT OR IGNORE INTO fingerprints VALUES (?, ?)", rows())
        raw.commit()


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


def measure(articles: int) -> tuple[float, float, float]:
    """Milliseconds an article, megabytes of memory above the start, and of disk."""
    words = Words(7)
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        path = Path(folder) / "store.db"
        store = open_store(f"sqlite:///{path}")
        store.migrate()
        store.readers.owner()
        fill(store, articles, words)
        grouping = Grouping(store, lambda: NOW + timedelta(hours=1))
        bring(store, words, LIVE, 0)
        while store.stories.due(1):
            grouping.work()
        bring(store, words, ASKED, LIVE)
        gc.collect()
        times = []
        while waiting := len(store.stories.due(1_000)):
            start = time.process_time()
            grouping.work()
            done = waiting - len(store.stories.due(1_000))
            times.append((time.process_time() - start) / max(1, done))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = path.stat().st_size / 1e6
        store.close()
    return 1000 * median(times), memory, size


def main() -> None:
    """Print the curve."""
    sizes = [int(one) for one in sys.argv[2:]] or list(SIZES)
    first: float | None = None
    print(f"{'articles':>10} {'ms each':>8} {'a second':>9} {'against first':>14} {'MB memory':>10} {'MB disk':>8}")
    for size in sizes:
        cost, memory, disk = measure(size)
        first = first or cost
        print(
            f"{size:>10} {cost:>8.1f} {1000 / cost:>9.0f} {cost / first:>13.2f}× {memory:>10.0f} {disk:>8.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
