"""What only PostgreSQL needs: its write lock, its search index (tsvector)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, create_engine, select, text
from sqlalchemy.dialects.postgresql import Insert, insert

from firsthand.model.records import SearchQuery
from firsthand.store.schema import texts

WRITES = 0x46_69_72_73_74
"""Key of the advisory lock that writers take: "First"."""
ROOM = 1_000_000
"""Bytes of an article's words and their places that are indexed; a tsvector holds at most 1 MB ("Limitations")."""
PLACE = 8
"""Bytes that a word's place takes, with its alignment, at most."""
LONGEST = 255
"""Characters of a word; a lexeme holds at most 2 KB."""

SEARCH_DDL = (
    "CREATE TABLE article_search (article_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_article_search_words ON article_search USING GIN (words)",
)
_ADD = text(
    "INSERT INTO article_search (article_id, words) VALUES (:article_id,"
    " setweight(to_tsvector('simple', :headline), 'A') || setweight(to_tsvector('simple', :byline), 'B')"
    " || setweight(to_tsvector('simple', :body), 'D'))"
    " ON CONFLICT (article_id) DO UPDATE SET words = excluded.words"
)
_SEQUENCE = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
_REMOVE = text("DELETE FROM article_search WHERE article_id = :article_id")
_WORD = re.compile(r"[^\W_]+")


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


def add_texts(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows of `texts` into the search index."""
    connection.execute(_ADD, [_indexed(row) for row in rows])


def _indexed(row: dict[str, Any]) -> dict[str, Any]:
    """The words of a row, one space between them, as many as there is room for.

    They are split here, as a search's words are: PostgreSQL's own parser takes `example.com`, `3.5` and `-10` for one
    word each, so that what stands in the text would not be found by what a reader types.
    """
    room = ROOM
    indexed: dict[str, Any] = {"article_id": row["article_id"]}
    for part in ("headline", "byline", "body"):
        kept = []
        for word in split(row[part][:ROOM]):
            room -= len(word.encode()) + PLACE
            if room < 0:
                break
            kept.append(word)
        indexed[part] = " ".join(kept)
    return indexed


def remove_texts(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Take rows of `texts` out of the search index."""
    connection.execute(_REMOVE, [{"article_id": row["article_id"]} for row in rows])


def matches(query: SearchQuery) -> ColumnElement[bool] | None:
    """The condition on `texts.article_id` that words, phrases, excluded words and `by:` make; None without them."""
    wanted = [part for term in (*query.words, *query.phrases) if (part := _phrase(term))]
    if query.by and (part := _phrase(query.by, ":B")):
        wanted.append(part)
    wanted += [f"!({part})" for term in query.excluded if (part := _phrase(term))]
    if not wanted:
        return None
    hits = (
        select(text("article_id"))
        .select_from(text("article_search"))
        .where(text("words @@ to_tsquery('simple', :expression)").bindparams(expression=" & ".join(wanted)))
    )
    return texts.c.article_id.in_(hits)


def fold(words: str) -> str:
    """Lower case without diacritics, as FTS5's unicode61 tokenizer folds."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(letter)
    )


def split(words: str) -> list[str]:
    """Text as words, the way FTS5's unicode61 tokenizer splits: letters and digits are words, all else is between."""
    return [word[:LONGEST] for word in _WORD.findall(fold(words))]


def _phrase(term: str, weight: str = "") -> str:
    """A term as a part of a tsquery. Only letters and digits pass, so nothing in it is an operator."""
    return " <-> ".join(f"'{word}'{weight}" for word in split(term))
