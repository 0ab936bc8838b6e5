"""The tables of what the analysis found: findings by article, people, what they said, who credits whom."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from firsthand.store.schema.columns import CleanJson, CleanText, Id, Instant, metadata

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
    # Names that stood beside this one, newest first: evidence for and against one person; "article:7" where a reader has
    # said that article 7 means this one.
    Column("context", CleanJson, nullable=False),
    # Merged into another, by hand or on evidence; the old address goes on working.
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
