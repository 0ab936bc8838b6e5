"""What only PostgreSQL needs: its write lock, its search index (tsvector)."""

# ruff: noqa: S608  (what is put into these questions are constants of this file, never anything from outside)

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, text
from sqlalchemy.dialects.postgresql import Insert, insert

from firsthand.store.schema import to_number
from firsthand.store.search import BREAK, Entry, Phrase, Stretch, Wanted, outlet_word

WRITES = 0x46_69_72_73_74
"""Key of the advisory lock that writers take: "First"."""
READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Options of a transaction that reads: one view for all its questions; READ COMMITTED gives each its own ("13.2")."""
ROOM = 1_000_000
"""Bytes of an article's words and their places that are indexed; a tsvector holds at most 1 MB ("Limitations")."""
PLACE = 8
"""Bytes that a word's place takes, with its alignment, at most."""
LAST_PLACE = 16_383
"""Places beyond count as this one (PostgreSQL, "Limitations of text search"): no phrase is found there."""
NEAR = 3000
"""Articles that are looked at one by one for a common word. See `find`."""

SEARCH_DDL = (
    "CREATE TABLE article_search (article_id BIGINT PRIMARY KEY, sort_at BIGINT NOT NULL, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_article_search_words ON article_search USING GIN (words)",
    "CREATE INDEX ix_article_search_newest ON article_search (sort_at, article_id)",
)
_ADD = text(
    "INSERT INTO article_search (article_id, sort_at, words) VALUES (:article_id, :sort_at, CAST(:words AS tsvector))"
)
_REMOVE = text("DELETE FROM article_search WHERE article_id = :article_id")
_STRETCH = "(sort_at, article_id) < (:at, :id) AND sort_at >= :since"
_NEWEST = "ORDER BY sort_at DESC, article_id DESC"
_NEAR = text(f"""
    SELECT article_id FROM (
        SELECT article_id, sort_at, words FROM article_search WHERE {_STRETCH} {_NEWEST} LIMIT {NEAR}
    ) AS near
    WHERE words @@ CAST(:expression AS tsquery) {_NEWEST} LIMIT :limit
""")
# "+ 0" keeps it from the index of times, which a plan made before the words are known would go through from end to end.
_ALL = text(f"""
    WITH found AS MATERIALIZED (
        SELECT article_id, sort_at FROM article_search
        WHERE words @@ CAST(:expression AS tsquery) AND (sort_at + 0, article_id) < (:at, :id) AND sort_at + 0 >= :since
    )
    SELECT article_id FROM found {_NEWEST} LIMIT :limit
""")
_SEQUENCE = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")


def open_engine(database: str) -> Engine:
    """The engine for a PostgreSQL address."""
    return create_engine(database, pool_size=10, max_overflow=20, pool_pre_ping=True)


def lock_writes(connection: Connection) -> None:
    """Take the one write lock until the transaction ends.

    Followers of `changes` ask for what came after the last number they saw. Numbers are drawn when a row is written
    and seen when its transaction commits; were two writers at work, the higher number could be seen first, and the
    lower one never. One writer at a time makes the order of numbers the order of commits.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITES})


def upsert(table: Any) -> Insert:
    """An INSERT that can say ON CONFLICT."""
    return insert(table)


def next_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Ids for `count` new rows."""
    return connection.execute(_SEQUENCE, {"name": table.name, "count": count}).scalars().all()


def add_entries(connection: Connection, entries: list[Entry]) -> None:
    """Put articles into the search index."""
    rows = [
        {"article_id": one.article_id, "sort_at": to_number(one.sort_at), "words": _tsvector(one.words)}
        for one in entries
    ]
    if rows:
        connection.execute(_ADD, rows)


def remove_entry(connection: Connection, article_id: int, sort_at: datetime) -> None:
    """Take an article out of the search index."""
    connection.execute(_REMOVE, {"article_id": article_id})


def find(connection: Connection, wanted: Wanted, stretch: Stretch, limit: int) -> list[int]:
    """Ids of the newest articles of a stretch that hold what is wanted, newest first.

    GIN knows no order: it gives all hits, to be sorted. Common words would give half of the store, so the newest
    articles are looked at first; where they hold enough hits, that is all. What is not found so is so rare that all
    hits can be sorted. The planner, left to choose, guesses wrong where words come together less often than it thinks.
    """
    at, below = stretch.below
    asked = {"expression": _expression(wanted), "at": at, "id": below, "since": stretch.since, "limit": limit}
    found = connection.execute(_NEAR, asked).scalars().all()
    if len(found) < limit:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        found = connection.execute(_ALL, asked).scalars().all()
        connection.execute(text("SET LOCAL enable_seqscan = on"))
    return list(found)


def _tsvector(words: Sequence[str]) -> str:
    """Words with their places as PostgreSQL reads a tsvector ("8.11.1"), as many as there is room for."""
    room = ROOM
    placed: list[str] = []
    for place, word in enumerate(words, 1):
        if word == BREAK:
            continue  # its place stays empty
        room -= len(word.encode()) + PLACE
        if room < 0:
            break
        placed.append(f"'{word}':{min(place, LAST_PLACE)}")
    return " ".join(placed)


def _expression(wanted: Wanted) -> str:
    """A tsquery ("8.11.2"). Words hold letters, digits, "=", "-" and "_" only: nothing in them is an operator."""
    parts = [_joined(phrase) for phrase in wanted.all_of]
    if wanted.outlets:
        parts.append(f"({' | '.join(_joined((outlet_word(one),)) for one in wanted.outlets)})")
    parts += [f"!({' & '.join(map(_joined, term))})" for term in wanted.none_of]
    return " & ".join(parts)


def _joined(phrase: Phrase) -> str:
    words = " <-> ".join(f"'{word}'" for word in phrase)
    return f"({words})"
