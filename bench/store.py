"""The pages of a large store: `python -m bench.store [--articles N …] [--database URL]`.

A store is filled in bulk with generated articles (500 feeds, a few of them busy, a year of news), then each page is
asked for many times, cold process and warm file, as one of two readers: one who follows every feed, one who follows the
quietest. The target is a front page in under 50 ms however many articles are held.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from firsthand.model.article import OutletName
from firsthand.model.records import Cursor, ReadState, SearchQuery
from firsthand.store import Store, open_store, search
from firsthand.store import schema as s

FEEDS = 500
SECTIONS = ("Politics", "World", "Business", "Sport", "Science", "Culture", "Region", "Opinion")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = 365 * 86_400
BATCH = 5_000
WORDS = 80
"""Words of a generated body: the index of a common word is what is measured, and it does not grow with the text."""
COMMON, RARE = "council", "zanzibarite"
REPEAT = 60
ALL, QUIET = 1, 2
"""The two readers."""


def main(articles: Sequence[int] = (10_000,), database: str | None = None) -> None:
    """Fill a store for each size, and time its pages."""
    for size in articles:
        with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
            store = open_store(database or f"sqlite:///{Path(folder) / 'store.db'}")
            store.migrate()
            began = time.perf_counter()
            fill(store, size)
            print(f"{size:,} articles ({time.perf_counter() - began:.0f} s to make)", flush=True)
            measure(store)
            store.close()


def fill(store: Store, size: int) -> None:
    """`size` articles, as polls and readings would have left them, a reader of all feeds and one of the quietest."""
    store.readers.owner()
    store.readers.add("all", "-", NOW)
    store.readers.add("quiet", "-", NOW)
    feeds = []
    for number in range(FEEDS):
        domain = f"outlet{number}.example"
        outlet = OutletName(f"Outlet {number}", domain)
        feeds.append(store.feeds.add(f"https://{domain}/feed", title=outlet.name or "", outlet=outlet, now=NOW))
        store.readers.follow(ALL, feeds[-1].id, "", NOW)
    store.readers.follow(QUIET, feeds[-1].id, "", NOW)
    # A feed's share falls with its rank, as it does among real outlets; the last has a handful of articles.
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(FEEDS - 1)))
    made = _articles(size, [(feed.id, feed.outlet_id) for feed in feeds], weights)
    while batch := list(itertools.islice(made, BATCH)):
        with store._db.write() as connection:
            connection.execute(s.articles.insert(), [row for row, _, _ in batch])
            connection.execute(
                s.placements.insert(),
                [{"feed_id": feed, "article_id": row["id"], "sort_at": row["sort_at"]} for row, feed, _ in batch],
            )
            search.add(
                store._db, connection, [search.text_row(row["id"], row["headline"], [], body) for row, _, body in batch]
            )
            connection.execute(
                s.marks.insert(),
                [{"reader_id": ALL, "article_id": row["id"], "read": True} for row, _, _ in batch[::100]],
            )
    with store._db.write() as connection:
        connection.execute(text("ANALYZE"))


def _articles(
    size: int, feeds: Sequence[tuple[int, int]], weights: list[float]
) -> Iterator[tuple[dict[str, Any], int, str]]:
    """Row, feed and body of each article, oldest first."""
    luck = random.Random(1)
    vocabulary = [f"word{number}" for number in range(20_000)]
    frequency = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    for number in range(size):
        feed_id, outlet_id = (
            feeds[-1] if number % (size // 20) == 7 else luck.choices(feeds[:-1], cum_weights=weights)[0]
        )
        at = NOW - timedelta(seconds=YEAR - YEAR * number // size)
        body = luck.choices(vocabulary, cum_weights=frequency, k=WORDS)
        body[3] = COMMON if number % 2 else body[3]
        body[7] = RARE if number % (size // 40) == 3 else body[7]
        section = luck.choice(SECTIONS)
        row = {
            "id": number + 1,
            "outlet_id": outlet_id,
            "url": f"https://outlet{feed_id}.example/story-{number}",
            "headline": " ".join(body[:9]).capitalize(),
            "summary": " ".join(body[9:30]),
            "byline": ["Ada Quist"],
            "section": [section],
            "section_slug": section.lower(),
            "seen": at,
            "sort_at": at,
            "state": ReadState.SUMMARY.value,
            "item": {},
        }
        yield row, feed_id, " ".join(body)


def measure(store: Store) -> None:
    """Print median and 95th percentile of each page, in milliseconds."""
    articles = store.articles
    page: dict[str, Any] = {"before": None, "limit": 31}
    deep = Cursor(NOW - timedelta(days=100), 1)
    common, rare = SearchQuery(words=(COMMON,)), SearchQuery(words=(RARE,))
    _time("front page, follows all feeds", lambda: articles.front(ALL, **page))
    _time("front page, 100 days back", lambda: articles.front(ALL, before=deep, limit=31))
    _time("front page, follows one quiet feed", lambda: articles.front(QUIET, **page))
    _time("front page, unread only", lambda: articles.front(ALL, unread_only=True, **page))
    _time("outlet, busiest", lambda: articles.by_outlet(ALL, 1, **page))
    _time("feed, busiest", lambda: articles.by_feed(ALL, 1, **page))
    _time("section", lambda: articles.by_section(ALL, "world", **page))
    _time("search, a word in half of all", lambda: articles.search(ALL, common, **page))
    _time("search, a word in forty", lambda: articles.search(ALL, rare, **page))
    _time("search, common word, one outlet", lambda: articles.search(ALL, _with(common, outlet="outlet499."), **page))
    _time("search, common word, before a day", lambda: articles.search(ALL, _with(common, before=deep.sort_at), **page))
    for row in articles.front(ALL, **page)[::5]:
        store.readers.mark(ALL, row.id, saved=True, now=NOW)
    _time("saved", lambda: articles.saved(ALL, **page))
    (top, *_) = articles.front(ALL, **page)
    store.readers.mark_all_read(ALL, upto=top.cursor, now=NOW)
    _time("front page, unread only, all read", lambda: articles.front(ALL, unread_only=True, **page))


def _with(query: SearchQuery, **changes: Any) -> SearchQuery:
    return SearchQuery(words=query.words, **changes)


def _time(name: str, ask: Callable[[], Sequence[object]]) -> None:
    took = []
    rows = 0
    end = time.perf_counter() + 10
    for _ in range(REPEAT):
        began = time.perf_counter()
        rows = len(ask())
        took.append(1000 * (time.perf_counter() - began))
        if began > end:
            break
    p95 = sorted(took)[int(0.95 * (len(took) - 1))]
    print(f"  {name:<36} median {statistics.median(took):8.1f} ms   p95 {p95:8.1f} ms   {rows} rows", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000], help="sizes of the store")
    parser.add_argument("--database", help="an empty database to fill instead of a SQLite file")
    chosen = parser.parse_args()
    main(chosen.articles, chosen.database)
