"""The tables of push: where a reader is told, by what rules, what was told, and the cursors of those who follow `changes`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from firsthand.store.schema.columns import CleanJson, CleanText, Id, Instant, metadata
from firsthand.store.schema.delivery import OPEN

push_rules = Table(
    "push_rules",
    metadata,
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("breaking", Boolean, nullable=False),
    # A story is breaking when as many outlets carry it within an hour, or as many origins know it; 0: never for that.
    Column("outlets", Integer, nullable=False),
    Column("origins", Integer, nullable=False),
    Column("beats", Boolean, nullable=False),
    # Minutes after midnight in the zone; NULL: no quiet hours.
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("per_day", Integer, nullable=False),
    Column("zone", CleanText, nullable=False, server_default=""),
)

channels = Table(
    "channels",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
    # web, ntfy, webhook
    Column("kind", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("label", CleanText, nullable=False, server_default=""),
    # web: p256dh and auth of the browser; ntfy: a token, where the server asks for one. We have to say them, so they
    # stand as they are.
    Column("keys", CleanJson, nullable=False),
    # web: SHA-256 of the session in which the browser was added; it ends with it.
    Column("session_hash", CleanText, index=True),
    Column("created", Instant, nullable=False),
    Column("last_sent", Instant),
    # In a row; from `stopped` on nothing is sent.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("problem", CleanText),
    Column("stopped", Instant),
    UniqueConstraint("reader_id", "kind", "address"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
    # `story:5`, `alert:9`: a later one of the same tag takes the place of the one before.
    Column("tag", CleanText, nullable=False),
    # 1 is told, further ones change what was told.
    Column("stage", Integer, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("body", CleanText, nullable=False),
    Column("path", CleanText, nullable=False),
    # What the story was when it was told.
    Column("outlets", Integer, nullable=False, server_default="0"),
    Column("origins", Integer, nullable=False, server_default="0"),
    Column("made", Instant, nullable=False),
    UniqueConstraint("reader_id", "tag", "stage"),
    Index("ix_notices_made", "reader_id", "made"),
)

sendings = Table(
    "sendings",
    metadata,
    Column("notice_id", ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True, index=True),
    # due, sending, sent, failed, doubtful, replaced
    Column("state", CleanText, nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Recorded before it is handed over, and after.
    Column("started", Instant),
    Column("ended", Instant),
    Column("problem", CleanText),
    sqlite_with_rowid=False,
)
Index(
    "ix_sendings_open",
    sendings.c.state,
    sendings.c.due,
    sqlite_where=sendings.c.state.in_(OPEN),
    postgresql_where=sendings.c.state.in_(OPEN),
)

cursors = Table(
    "cursors",
    metadata,
    # Whoever follows a table of what happens, and how far.
    Column("name", CleanText, primary_key=True),
    Column("seq", Id, nullable=False),
)

synced_marks = Table(
    "synced_marks",
    metadata,
    # Marks made offline that came here: one that comes again does nothing.
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), primary_key=True),
    Column("action", CleanText, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)
