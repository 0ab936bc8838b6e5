"""The tables of what goes out: addresses, editions, letters and push."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from firsthand.store.schema.columns import CleanJson, CleanText, Id, Instant, metadata

addresses = Table(
    "addresses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
    Column("address", CleanText, nullable=False),
    Column("added", Instant, nullable=False),
    # NULL: whoever reads there has not said yet that they want letters.
    Column("confirmed", Instant),
    # Of the newest question whether they do: SHA-256 of its token, when it was asked, how often, and how that went.
    Column("token_hash", CleanText, unique=True),
    Column("asked_at", Instant),
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("question", CleanText, nullable=False, server_default=""),
    Column("problem", CleanText),
    # Letters that came back for good, the last one's reason; from when on none is sent.
    Column("bounces", Integer, nullable=False, server_default="0"),
    Column("bounced", Instant),
    Column("stopped", Instant),
    UniqueConstraint("reader_id", "address"),
)
Index(
    "ix_addresses_question",
    addresses.c.id,
    sqlite_where=addresses.c.question == "wanted",
    postgresql_where=addresses.c.question == "wanted",
)

editions = Table(
    "editions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reader_id", ForeignKey("readers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("address_id", ForeignKey("addresses.id", ondelete="SET NULL"), index=True),
    Column("title", CleanText, nullable=False),
    # daily, weekly, breaking
    Column("rhythm", CleanText, nullable=False),
    # Minutes after midnight in the zone; Monday is 0.
    Column("minute", Integer, nullable=False),
    Column("weekday", Integer, nullable=False, server_default="0"),
    Column("zone", CleanText, nullable=False),
    # all, section, outlet, search or beat, and which one.
    Column("scope", CleanText, nullable=False, server_default="all"),
    Column("scope_key", CleanText, nullable=False, server_default=""),
    # Breaking: as many outlets carry it.
    Column("outlets", Integer, nullable=False, server_default="3"),
    Column("images", Boolean, nullable=False, server_default="0"),
    Column("created", Instant, nullable=False),
    # All that came up to here was told, or was no news.
    Column("told_upto", Instant, nullable=False),
    # NULL: put off.
    Column("next_due", Instant, index=True),
)

letters = Table(
    "letters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), nullable=False),
    # The time it was due on the reader's clock: one letter each, whatever crashes.
    Column("slot", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("message_id", CleanText, nullable=False, unique=True),
    Column("subject", CleanText, nullable=False),
    # `model.editions.Content`
    Column("content", CleanJson, nullable=False),
    Column("made", Instant, nullable=False),
    # due, sending, sent, doubtful, failed, dropped
    Column("state", CleanText, nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Recorded before it is handed over, and after.
    Column("started", Instant),
    Column("ended", Instant),
    Column("problem", CleanText),
    # It came back: the reason.
    Column("bounce", CleanText),
    UniqueConstraint("edition_id", "slot"),
    Index("ix_letters_made", "edition_id", "made"),
)
# The queue: only what is to be sent, or may have been, stands in it. Whoever asks for some of it says so (`fixed`).
OPEN = ("due", "sending")
Index(
    "ix_letters_open",
    letters.c.state,
    letters.c.due,
    sqlite_where=letters.c.state.in_(OPEN),
    postgresql_where=letters.c.state.in_(OPEN),
)

told = Table(
    "told",
    metadata,
    # What an edition has told, and as it stood then: the next one tells what is new since.
    Column("edition_id", ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("version", Integer, nullable=False),
    Column("outlets", Integer, nullable=False, server_default="0"),
    Column("at_least", Integer, nullable=False, server_default="0"),
    Column("at_most", Integer, nullable=False, server_default="0"),
    Column("at", Instant, nullable=False),
    Index("ix_told_at", "at"),
    sqlite_with_rowid=False,
)
