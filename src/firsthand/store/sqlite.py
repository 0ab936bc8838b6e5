"""What only SQLite needs: its pragmas, its write lock, its search index (FTS5)."""

# ruff: noqa: S608  (what is put into these questions are constants of this file, never anything from outside)

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects.sqlite import Insert, insert

from firsthand.model.errors import StoreError
from firsthand.store.schema import to_number
from firsthand.store.search import BREAK, Entry, Phrase, Stretch, Wanted, outlet_word

BUSY = 30.0
"""Seconds to wait for another process's write to end."""
READING: dict[str, Any] = {}
"""Options of a transaction that reads: nothing to ask for, WAL gives each one view from its first question on."""

ID_BITS = 28
"""Bits of an article's id in its row number of the search index, see `_row`."""
HOUR = 3_600_000_000
"""Microseconds."""
MANY = 50
"""Outlets in one question of the index, 0.2 ms each. More are most of what is held, and tested hit by hit."""

SEARCH_DDL = (
    # Words come folded and split (`words`). Not ranked, so no sizes of columns. "=" is a part of marked words.
    "CREATE VIRTUAL TABLE article_search USING fts5(words, columnsize=0, tokenize=\"ascii tokenchars '=-_'\")",
)
_ADD = "INSERT INTO article_search(rowid, words) VALUES (?, ?)"
_REMOVE = "DELETE FROM article_search WHERE rowid = ?"
# CROSS JOIN keeps the order (SQLite, "query planner" §4.2): hits are taken as they come, newest hour first.
_FIND = text(f"""
    SELECT found.rowid AS row, a.sort_at, a.id
    FROM article_search AS found CROSS JOIN articles AS a ON a.id = found.rowid & {(1 << ID_BITS) - 1}
    WHERE article_search MATCH :expression AND found.rowid BETWEEN :low AND :high
      AND (a.sort_at, a.id) < (:at, :id) AND a.sort_at >= :since
      AND (:outlets IS NULL OR a.outlet_id IN (SELECT value FROM json_each(:outlets)))
    ORDER BY found.rowid DESC LIMIT :limit
""")
_SEQUENCE = text("SELECT seq FROM sqlite_sequence WHERE name = :name")


def open_engine(database: str) -> Engine:
    """The engine for a database file, whose folder must exist."""
    engine = create_engine(
        database,
        connect_args={"timeout": BUSY, "check_same_thread": False},
        pool_size=10,
        max_overflow=20,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        # SQLAlchemy, not the driver, begins transactions: the driver would begin them late, and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-4000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("firsthand_write", False)
        if writing:  # in WAL, NORMAL may lose the last transactions when the power fails (SQLite, "PRAGMA synchronous")
            durable = connection.get_execution_options().get("firsthand_durable", False)
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def lock_writes(connection: Connection) -> None:
    """Nothing to do: BEGIN IMMEDIATE has taken the one write lock."""


def upsert(table: Any) -> Insert:
    """An INSERT that can say ON CONFLICT."""
    return insert(table)


def next_ids(connection: Connection, table: Table, count: int) -> range:
    """Ids for `count` new rows. The transaction holds the write lock, so nobody else takes them."""
    held = connection.execute(_SEQUENCE, {"name": table.name}).scalar() or 0
    return range(held + 1, held + 1 + count)


def add_entries(connection: Connection, entries: list[Entry]) -> None:
    """Put articles into the search index."""
    rows = [(_row(one.sort_at, one.article_id), " ".join(one.words)) for one in entries]
    if rows:
        # In order: FTS5 begins a new piece of the index whenever a row number falls.
        connection.exec_driver_sql(_ADD, sorted(rows))


def remove_entry(connection: Connection, article_id: int, sort_at: datetime) -> None:
    """Take an article out of the search index."""
    connection.exec_driver_sql(_REMOVE, (_row(sort_at, article_id),))


def find(connection: Connection, wanted: Wanted, stretch: Stretch, limit: int) -> list[int]:
    """Ids of the newest articles of a stretch that hold what is wanted, newest first.

    The index gives hits by hour, and within an hour by id. So the last hour is looked through to its end, and then
    everything put in order; an hour holds few articles.
    """
    at, below = stretch.below
    outlets = json.dumps(wanted.outlets) if len(wanted.outlets) > MANY else None
    asked = {"expression": _expression(wanted), "outlets": outlets, "at": at, "id": below, "since": stretch.since}
    low, high = stretch.since // HOUR << ID_BITS, (at // HOUR + 1 << ID_BITS) - 1
    rows = list(connection.execute(_FIND, asked | {"low": low, "high": high, "limit": limit}))
    if len(rows) == limit:
        low = rows[-1].row >> ID_BITS << ID_BITS
        rows += connection.execute(_FIND, asked | {"low": low, "high": rows[-1].row - 1, "limit": -1})
    return [row.id for row in sorted(rows, key=lambda row: (row.sort_at, row.id), reverse=True)[:limit]]


def backup(engine: Engine, path: Path) -> None:
    """A consistent copy while the database is in use."""
    import sqlite3

    source = sqlite3.connect(f"{Path(engine.url.database or '').absolute().as_uri()}?mode=ro", uri=True)
    try:
        target = sqlite3.connect(path)
        try:
            source.backup(target)
        finally:
            target.close()
    finally:
        source.close()


def _row(sort_at: datetime, article_id: int) -> int:
    """An article's row number in the search index: the hour where it stands in lists, then its id.

    FTS5 gives hits in the order of row numbers without looking at them all. The hour, because row numbers are kept as
    differences: by the second the index would be half as large again (measured: 68 MB instead of 45 MB for 100,000
    articles), by the hour it is hardly larger than by id alone.

    Raises:
        StoreError: the embedded database is full.
    """
    if article_id >> ID_BITS:
        raise StoreError("The embedded database holds no more articles.", "Move to PostgreSQL.")
    return (to_number(sort_at) // HOUR << ID_BITS) + article_id


def _expression(wanted: Wanted) -> str:
    """An FTS5 expression (FTS5 §3). Words hold letters, digits, "=", "-" and "_" only: nothing in them is an operator."""
    parts = [_quoted(phrase) for phrase in wanted.all_of]
    if 0 < len(wanted.outlets) <= MANY:
        parts.append(f"({' OR '.join(_quoted((outlet_word(one),)) for one in wanted.outlets)})")
    # NOT needs something to take away from; the break between an article's parts stands in all of them.
    expression = " AND ".join(parts) or _quoted((BREAK,))
    if wanted.none_of:
        none = " OR ".join(f"({' AND '.join(map(_quoted, term))})" for term in wanted.none_of)
        expression = f"({expression}) NOT ({none})"
    return expression


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase)}"'
