"""The one schema, for SQLite and PostgreSQL alike. `migrations/` brings a database to it.

Articles are shared by all readers; what a reader did (follows, marks) lives apart. The index for search is each
database's own and stands in `sqlite.py` and `postgres.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from firsthand.model.text import clean

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_number(at: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (at - EPOCH) // MICROSECOND


LONGEST_KEY = 1000
"""Characters of a text that an index holds; PostgreSQL takes 2,704 bytes a row of a B-tree."""


def key_of(text: str) -> str:
    """A key as it is held: a very long one by its beginning and a digest."""
    text = clean(text)
    if len(text) <= LONGEST_KEY:
        return text
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{text[: LONGEST_KEY - 40]}#{digest}"


class Instant(TypeDecorator[datetime]):
    """An aware datetime as whole microseconds since 1970 UTC: sorts and compares the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else to_number(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class CleanText(TypeDecorator[str]):
    """Text without what a database cannot hold (NUL, lone surrogates). Here, so that no way in is forgotten."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return clean(value) if value else value

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        return _cleaned_text  # the same, without three calls around it for every value of every row


class CleanJson(TypeDecorator[Any]):
    """JSON whose texts are clean."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return _cleaned(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _clean_json


def _cleaned_text(value: str | None) -> str | None:
    return clean(value) if value else value


def _clean_json(value: Any) -> str | None:
    """JSON in the letters of its language, not in escapes: a third of the size for most of the world."""
    if value is None:
        return None
    text = _to_json(value)
    # What is escaped (\u00…) or cannot be printed may hide what is not clean; nearly nothing does.
    return text if text.isprintable() and "\\u00" not in text else _to_json(_cleaned(value))


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {clean(name): _cleaned(part) for name, part in value.items()}
    return value


# SQLite's own row numbers are INTEGER PRIMARY KEY only; PostgreSQL should count further than 2^31.
Id = BigInteger().with_variant(Integer, "sqlite")

REVISION = "0002"
"""The newest migration. Written here, so that a database can be checked without loading Alembic."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

outlets = Table(
    "outlets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("domain", CleanText, nullable=False, unique=True),
    Column("name", CleanText, nullable=False),
    # Name and domain as the search's filter looks for them, see `outlets.folded`.
    Column("folded", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False, server_default=""),
    Column("country", CleanText, nullable=False, server_default=""),
    Column("home", CleanText),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", CleanText, nullable=False, unique=True),
    Column("title", CleanText, nullable=False),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False, index=True),
    Column("site_url", CleanText),
    # The domain that most of its links lead to: they are the outlet's own. "" where there is none (an aggregator).
    Column("own_domain", CleanText),
    Column("format", CleanText),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    # Of the last answer's body: the same body brings nothing new.
    Column("body_digest", CleanText),
    Column("hints", CleanJson, nullable=False),
    Column("interval_seconds", Integer, nullable=False),
    Column("next_poll", Instant, nullable=False, index=True),
    Column("added", Instant, nullable=False),
    Column("last_poll", Instant),
    Column("last_success", Instant),
    Column("last_new", Instant),
    Column("failing_since", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failure", CleanText),
    Column("note", CleanText),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("url", CleanText, nullable=False),
    Column("headline", CleanText, nullable=False),
    Column("summary", CleanText, nullable=False),
    Column("byline", CleanJson, nullable=False),
    Column("agency", CleanText),
    Column("section", CleanJson, nullable=False),
    Column("section_slug", CleanText),
    # ISO 8601 with just the parts that are known, see `model.when`.
    Column("published", CleanText),
    Column("seen", Instant, nullable=False),
    Column("sort_at", Instant, nullable=False),
    Column("image", CleanText),
    Column("state", CleanText, nullable=False),
    Column("problem", CleanText),
    # What the feed claims, until it is told otherwise.
    Column("item", CleanJson, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # When its page is to be read; NULL: not at all.
    Column("page_due", Instant),
    # A reader waits for it.
    Column("hurried", Boolean, nullable=False, server_default="0"),
    # Number of the newest version; 0: none yet.
    Column("version", Integer, nullable=False, server_default="0"),
    # Number of the version that was analyzed; 0: none yet.
    Column("analyzed", Integer, nullable=False, server_default="0"),
    Index("ix_articles_outlet", "outlet_id", "sort_at", "id"),
    Index("ix_articles_section", "section_slug", "sort_at", "id"),
    Index("ix_articles_newest", "sort_at", "id"),
    sqlite_autoincrement=True,
)
# The queue of pages: only what is due stands in it, so it stays small however large the store grows.
Index(
    "ix_articles_due",
    articles.c.hurried,
    articles.c.sort_at,
    articles.c.id,
    sqlite_where=articles.c.page_due.is_not(None),
    postgresql_where=articles.c.page_due.is_not(None),
)

Index(
    "ix_articles_unanalyzed",
    articles.c.id,
    sqlite_where=articles.c.version > articles.c.analyzed,
    postgresql_where=articles.c.version > articles.c.analyzed,
)

article_keys = Table(
    "article_keys",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

redirects = Table(
    "redirects",
    metadata,
    # An article that was found to be another one; its old address goes on working.
    Column("old_id", Id, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
)

items = Table(
    "items",
    metadata,
    Column("feed_id", ForeignKey("feeds.id"), primary_key=True),
    # A digest: feeds give ids of any length.
    Column("item", CleanText, primary_key=True),
    Column("fingerprint", CleanText, nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

placements = Table(
    "placements",
    metadata,
    Column("feed_id", ForeignKey("feeds.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True, index=True),
    Column("sort_at", Instant, nullable=False),
    Index("ix_placements_newest", "feed_id", "sort_at", "article_id"),
    sqlite_with_rowid=False,
)

versions = Table(
    "versions",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seen", Instant, nullable=False),
    Column("digest", CleanText, nullable=False),
    # `model.jsonform`
    Column("article", CleanJson, nullable=False),
)

sections = Table(
    "sections",
    metadata,
    Column("slug", CleanText, primary_key=True),
    Column("label", CleanText, nullable=False),
    Column("articles", Integer, nullable=False),
)

analyses = Table(
    "analyses",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    # Which steps, in which versions, found this.
    Column("steps", CleanText, nullable=False, index=True),
    # `model.findingsform`
    Column("findings", CleanJson, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", CleanText, nullable=False, index=True),
    Column("name", CleanText, nullable=False),
    Column("role", CleanText),
    # Names that stood beside this one, newest first: evidence for and against one person.
    Column("context", CleanJson, nullable=False),
    # Merged into another, by hand; the old address goes on working.
    Column("into_id", ForeignKey("people.id")),
    Column("statements", Integer, nullable=False, server_default="0"),
)

said = Table(
    "said",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id")),
    Column("speaker", CleanText, nullable=False),
    Column("key", CleanText, nullable=False, index=True),
    Column("role", CleanText),
    Column("kind", CleanText, nullable=False),
    Column("polarity", CleanText, nullable=False),
    Column("day", CleanText),
    Column("content", CleanText, nullable=False),
    Column("sort_at", Instant, nullable=False),
    Index("ix_said_person", "person_id", "sort_at", "article_id", "number"),
    sqlite_with_rowid=False,
)

credits = Table(
    "credits",
    metadata,
    # An outlet or agency that an article names on its way back to the origin, by domain where one is known.
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("actor", CleanText, primary_key=True),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("name", CleanText, nullable=False),
    Column("does", CleanText, nullable=False),
    Column("sort_at", Instant, nullable=False),
    Index("ix_credits_actor", "actor", "sort_at", "article_id"),
    sqlite_with_rowid=False,
)

credit_counts = Table(
    "credit_counts",
    metadata,
    # Kept, not counted.
    Column("outlet_id", ForeignKey("outlets.id"), primary_key=True),
    Column("actor", CleanText, primary_key=True, index=True),
    Column("name", CleanText, nullable=False),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

readers = Table(
    "readers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", CleanText, nullable=False, unique=True),
    Column("password_hash", CleanText),
    Column("zone", CleanText, nullable=False, server_default=""),
    Column("created", Instant),
    # Everything that came up to this article and stands no higher than this time is read, unless marked otherwise.
    Column("read_upto_id", Id, nullable=False, server_default="0"),
    Column("read_upto", Instant),
    # Of what is followed, everything up to this article and this time is read or marked unread. Known, not decreed.
    Column("clear_upto_id", Id, nullable=False, server_default="0"),
    Column("clear_upto", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", CleanText, primary_key=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=False, index=True),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_login_failures_key_at", "key", "at"),
)

follows = Table(
    "follows",
    metadata,
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("feed_id", ForeignKey("feeds.id"), primary_key=True, index=True),
    Column("folder", CleanText, nullable=False, server_default=""),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)

marks = Table(
    "marks",
    metadata,
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True, index=True),
    # NULL: as the reader's watermark says.
    Column("read", Boolean),
    Column("read_at", Instant),
    Column("saved_at", Instant),
    Index("ix_marks_saved", "reader_id", "saved_at"),
    Index("ix_marks_read", "reader_id", "read"),
    sqlite_with_rowid=False,
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", CleanText, nullable=False),
    # No foreign keys: a change tells what happened, also to what is no longer there.
    Column("article_id", Id),
    Column("feed_id", Id),
    sqlite_autoincrement=True,
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
