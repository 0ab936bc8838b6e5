"""The tables of what a reader watches, of who reads our feeds, and of whose hubs tell us."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from firsthand.store.schema.columns import CleanText, Id, Instant, metadata

beats = Table(
    "beats",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
    Column("name", CleanText, nullable=False),
    # Its address, the reader's own: /beats/sea-wall.
    Column("slug", CleanText, nullable=False),
    # search, person, outlet, place, story; and the words, the id, the place's name.
    Column("kind", CleanText, nullable=False),
    Column("key", CleanText, nullable=False),
    # From when and until when it watches; NULL: always.
    Column("starts", Instant),
    Column("ends", Instant),
    # The kinds of alerts that are wanted, with spaces between.
    Column("alerts", CleanText, nullable=False),
    Column("created", Instant, nullable=False),
    # Alerts up to this one have been seen.
    Column("seen_alert", Id, nullable=False, server_default="0"),
    UniqueConstraint("reader_id", "slug"),
    Index("ix_beats_kind", "kind", "key"),
    sqlite_autoincrement=True,
)

beat_articles = Table(
    "beat_articles",
    metadata,
    Column("beat_id", ForeignKey("beats.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    # Where its article stands.
    Column("sort_at", Instant, nullable=False),
    Index("ix_beat_articles_newest", "beat_id", "sort_at", "article_id"),
    sqlite_with_rowid=False,
)

beat_stories = Table(
    "beat_stories",
    metadata,
    # A story that the beat has come across, and how many origins it had when that was last told.
    Column("beat_id", ForeignKey("beats.id", ondelete="CASCADE"), primary_key=True),
    # No foreign key: stories go into others.
    Column("story_id", Id, primary_key=True, autoincrement=False),
    Column("origins", Integer, nullable=False),
    sqlite_with_rowid=False,
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
    Column("beat_id", ForeignKey("beats.id", ondelete="CASCADE"), nullable=False),
    # first, origin, statement, correction
    Column("kind", CleanText, nullable=False),
    # What it tells of, so that nothing is told twice.
    Column("key", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    # No foreign keys: it tells what happened, also to what is no longer there.
    Column("article_id", Id),
    Column("story_id", Id),
    Column("person_id", Id),
    UniqueConstraint("beat_id", "kind", "key"),
    Index("ix_alerts_reader", "reader_id", "id"),
    Index("ix_alerts_beat", "beat_id", "id"),
    sqlite_autoincrement=True,
)

feed_keys = Table(
    "feed_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False, index=True),
    # The feed that it opens ("saved", "sections/world"); "" for all of the reader's.
    Column("feed", CleanText, nullable=False),
    # SHA-256 of the secret part of the address.
    Column("key_hash", CleanText, nullable=False, unique=True),
    Column("created", Instant, nullable=False),
    Column("last_used", Instant),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    # WebSub: the hub that a feed names, and how our subscription there stands.
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("hub", CleanText, nullable=False),
    Column("topic", CleanText, nullable=False),
    # When the hub is to be asked next: for the first time, for another lease, or again; NULL: it is not asked.
    Column("due", Instant, index=True),
    Column("asked", Instant),
    # Until when the hub will tell us; NULL: it has not agreed.
    Column("expires", Instant),
    Column("last_told", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("problem", CleanText),
    Column("denied", Boolean, nullable=False, server_default="0"),
)
