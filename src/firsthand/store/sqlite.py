"""What only SQLite needs: its pragmas, its write lock, its search index (FTS5)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, create_engine, event, literal_column, select, text
from sqlalchemy.dialects.sqlite import Insert, insert

from firsthand.model.records import SearchQuery
from firsthand.store.schema import texts

BUSY = 30.0
"""Seconds to wait for another process's write to end."""

SEARCH_DDL = (
    # External content: the text stands once, in `texts`. Diacritics are folded ("Müller" is found by "muller").
    "CREATE VIRTUAL TABLE article_search USING fts5(headline, byline, body, content='texts',"
    " content_rowid='article_id', tokenize=\"unicode61 remove_diacritics 2\")",
)
_ADD = text("INSERT INTO article_search(rowid, headline, byline, body) VALUES (:article_id, :headline, :byline, :body)")
_SEQUENCE = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_REMOVE = text(
    "INSERT INTO article_search(article_search, rowid, headline, byline, body)"
    " VALUES ('delete', :article_id, :headline, :byline, :body)"
)


def open_engine(database: str) -> Engine:
    """The engine for a database file, whose folder must exist."""
    engine = create_engine(
        database, connect_args={"timeout": BUSY, "check_same_thread": False}, pool_size=10, max_overflow=20
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        # SQLAlchemy, not the driver, begins transactions: the driver would begin them late, and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-32000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("firsthand_write", False)
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


def add_texts(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows of `texts` (already inserted there) into the search index."""
    connection.execute(_ADD, rows)


def remove_texts(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Take rows of `texts` out of the search index; they must hold what was put in (FTS5, external content)."""
    connection.execute(_REMOVE, rows)


def matches(query: SearchQuery) -> ColumnElement[bool] | None:
    """The condition on `texts.article_id` that words, phrases, excluded words and `by:` make; None without them."""
    wanted = [_quoted(term) for term in (*query.words, *query.phrases) if _has_words(term)]
    if query.by and _has_words(query.by):
        wanted.append(f"byline : {_quoted(query.by)}")
    excluded = " OR ".join(_quoted(term) for term in query.excluded if _has_words(term))
    if not wanted:
        return ~texts.c.article_id.in_(_hits(excluded)) if excluded else None
    expression = " AND ".join(wanted)
    return texts.c.article_id.in_(_hits(f"({expression}) NOT ({excluded})" if excluded else expression))


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


def _hits(expression: str) -> Any:
    return (
        select(literal_column("rowid"))
        .select_from(text("article_search"))
        .where(text("article_search MATCH :expression").bindparams(expression=expression))
    )


def _has_words(term: str) -> bool:
    """Whether anything of a term is searched for: FTS5 finds nothing where a part of the expression has no word."""
    return any(letter.isalnum() for letter in term)


def _quoted(term: str) -> str:
    """A term as an FTS5 string: inside it only the double quote means anything, and is doubled (FTS5 §3.2)."""
    return '"' + term.replace('"', '""') + '"'
