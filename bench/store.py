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

from sqlalchemy import Connection, text

from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.jsonform import article_to_json
from firsthand.model.records import Cursor, ReadState, SearchQuery
from firsthand.store import Store, open_store, search
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows

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
            _insert(store, connection, batch)
    with store._db.write() as connection:
        connection.execute(text("ANALYZE"))


def _insert(store: Store, connection: Connection, batch: list[tuple[dict[str, Any], int, str]]) -> None:
    insert_rows(store._db, connection, s.articles, [row for row, _, _ in batch])
    places = [{"feed_id": feed, "article_id": row["id"], "sort_at": row["sort_at"]} for row, feed, _ in batch]
    insert_rows(store._db, connection, s.placements, places)
    insert_rows(store._db, connection, s.versions, [_version(row, body) for row, _, body in batch])
    search.add(store._db, connection, (search.entry(row, body) for row, _, body in batch))
    marks = [{"reader_id": ALL, "article_id": row["id"], "read": True} for row, _, _ in batch[::100]]
    insert_rows(store._db, connection, s.marks, marks)


def _version(row: dict[str, Any], body: str) -> dict[str, Any]:
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(body)),)
    whole = Article(headline=row["headline"], byline=tuple(row["byline"]), text=body, blocks=blocks)
    return {
        "article_id": row["id"],
        "number": 1,
        "seen": row["seen"],
        "digest": "",
        "article": article_to_json(whole),
    }


def _articles(
    size: int, feeds: Sequence[tuple[int, int]], weights: list[float]
) -> Iterator[tuple[dict[str, Any], int, str]]:
    """Row, feed and body of each article, oldest first."""
    luck = random.Random(1)
    vocabulary = [f"word{number}" for number in range(20_000)]
    names = [f"Ada name{number}" for number in range(300)]
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
            "byline": [luck.choice(names)],
            "section": [section],
            "section_slug": section.lower(),
            "seen": at,
            "sort_at": at,
            "state": ReadState.WHOLE.value,
            "item": {},
            "version": 1,
            "analyzed": 1,
        }
        yield row, feed_id, " ".join(body)


def measure(store: Store) -> None:
    """Print median and 95th percentile of each page, in milliseconds."""
    articles = store.articles
    page: dict[str, Any] = {"before": None, "limit": 31}
    deep = Cursor(NOW - timedelta(days=100), 1)
    _time("front page, follows all feeds", lambda: articles.front(ALL, **page))
    _time("front page, 100 days back", lambda: articles.front(ALL, before=deep, limit=31))
    _time("front page, follows one quiet feed", lambda: articles.front(QUIET, **page))
    _time("front page, unread only", lambda: articles.front(ALL, unread_only=True, **page))
    _time("outlet, busiest", lambda: articles.by_outlet(ALL, 1, **page))
    _time("feed, busiest", lambda: articles.by_feed(ALL, 1, **page))
    _time("section", lambda: articles.by_section(ALL, "world", **page))
    _searches(store)
    for row in articles.front(ALL, **page)[::5]:
        store.readers.mark(ALL, row.id, saved=True, now=NOW)
    _time("saved", lambda: articles.saved(ALL, **page))
    (top, *_) = articles.front(ALL, **page)
    marks = store.readers
    _once("mark the busiest feed read", lambda: marks.mark_all_read(ALL, upto=top.cursor, feed_id=1, now=NOW))
    _once("mark it read again", lambda: marks.mark_all_read(ALL, upto=top.cursor, feed_id=1, now=NOW))
    _time("front page, unread only, busiest feed read", lambda: articles.front(ALL, unread_only=True, **page))
    _once("mark all read", lambda: marks.mark_all_read(ALL, upto=top.cursor, now=NOW))
    _time("front page, unread only, all read", lambda: articles.front(ALL, unread_only=True, **page))


def _searches(store: Store) -> None:
    page: dict[str, Any] = {"before": None, "limit": 31}
    common, long_ago = {"words": (COMMON,)}, NOW - timedelta(days=100)
    asked: dict[str, dict[str, Any]] = {
        "a word in half of all": common,
        "a word in forty articles": {"words": (RARE,)},
        "a word in none": {"words": ("nowhere",)},
        "two common words": {"words": (COMMON, "word1")},
        "a phrase": {"phrases": ("word0 word1",)},
        "a phrase that nobody wrote": {"phrases": (f"word0 {COMMON} word0 {COMMON}",)},
        "common word, one outlet": common | {"outlet": "outlet499."},
        "common word, every outlet's name": common | {"outlet": "outlet"},
        "common word, one section": common | {"section": "Opinion"},
        "common word, one byline": common | {"by": "name7"},
        "a common word that is no byline": {"by": COMMON},
        "common word, but not another": common | {"excluded": ("word0",)},
        "only what does not hold a word": {"excluded": (COMMON,)},
        "common word, before a day": common | {"before": long_ago},
        "common word, of one old day": common | {"before": long_ago, "after": long_ago - timedelta(days=1)},
        "rare word, outlet, section, days": {
            "words": (RARE,),
            "outlet": "outlet1.",
            "section": "World",
            "before": long_ago,
        },
    }
    for name, parts in asked.items():
        query = SearchQuery(**parts)
        _time(f"search, {name}", lambda query=query: store.articles.search(ALL, query, **page))
    deep = Cursor(NOW - timedelta(days=300), 1)
    query = SearchQuery(words=(COMMON,))
    _time("search, common word, 300 days back", lambda: store.articles.search(ALL, query, before=deep, limit=31))


def _once(name: str, do: Callable[[], object]) -> None:
    began = time.perf_counter()
    do()
    print(f"  {name:<46} {1000 * (time.perf_counter() - began):15.1f} ms", flush=True)


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
    print(f"  {name:<46} median {statistics.median(took):8.1f} ms   p95 {p95:8.1f} ms   {rows} rows", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000], help="sizes of the store")
    parser.add_argument("--database", help="an empty database to fill instead of a SQLite file")
    chosen = parser.parse_args()
    main(chosen.articles, chosen.database)
