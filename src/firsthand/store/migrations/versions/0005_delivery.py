"""Addresses, editions, letters sent and push."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables."""
    _add_addresses()
    _add_editions()
    _add_letters()
    _add_push()


def _add_addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("added", INSTANT, nullable=False),
        sa.Column("confirmed", INSTANT),
        sa.Column("token_hash", sa.Text(), unique=True),
        sa.Column("asked_at", INSTANT),
        sa.Column("asked", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("question", sa.Text(), nullable=False, server_default=""),
        sa.Column("problem", sa.Text()),
        sa.Column("bounces", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("bounced", INSTANT),
        sa.Column("stopped", INSTANT),
        sa.UniqueConstraint("reader_id", "address"),
    )
    wanted = sa.text("question = 'wanted'")
    op.create_index("ix_addresses_question", "addresses", ["id"], sqlite_where=wanted, postgresql_where=wanted)


def _add_editions() -> None:
    op.create_table(
        "editions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("address_id", ID, sa.ForeignKey("addresses.id", ondelete="SET NULL")),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False, server_default="all"),
        sa.Column("scope_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("outlets", sa.Integer(), nullable=False, server_default="3"),
        sa.Column("images", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("told_upto", INSTANT, nullable=False),
        sa.Column("next_due", INSTANT),
    )
    op.create_index("ix_editions_reader_id", "editions", ["reader_id"])
    op.create_index("ix_editions_address_id", "editions", ["address_id"])
    op.create_index("ix_editions_next_due", "editions", ["next_due"])


def _add_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", ID, primary_key=True),
        sa.Column("edition_id", ID, sa.ForeignKey("editions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False, unique=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("started", INSTANT),
        sa.Column("ended", INSTANT),
        sa.Column("problem", sa.Text()),
        sa.Column("bounce", sa.Text()),
        sa.UniqueConstraint("edition_id", "slot"),
    )
    op.create_index("ix_letters_made", "letters", ["edition_id", "made"])
    unsent = sa.text("state IN ('due', 'sending')")
    op.create_index("ix_letters_open", "letters", ["state", "due"], sqlite_where=unsent, postgresql_where=unsent)
    op.create_table(
        "told",
        sa.Column("edition_id", ID, sa.ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at_least", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at_most", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_told_article_id", "told", ["article_id"])
    op.create_index("ix_told_at", "told", ["at"])


def _add_push() -> None:
    op.create_table(
        "push_rules",
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("breaking", sa.Boolean(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column("origins", sa.Integer(), nullable=False),
        sa.Column("beats", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_to", sa.Integer()),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "channels",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False, server_default=""),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("session_hash", sa.Text()),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("last_sent", INSTANT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("problem", sa.Text()),
        sa.Column("stopped", INSTANT),
        sa.UniqueConstraint("reader_id", "kind", "address"),
    )
    op.create_index("ix_channels_session_hash", "channels", ["session_hash"])
    _add_notices()
    op.create_table("cursors", sa.Column("name", sa.Text(), primary_key=True), sa.Column("seq", ID, nullable=False))
    op.create_table(
        "synced_marks",
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("action", sa.Text(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_synced_marks_at", "synced_marks", ["at"])


def _add_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("origins", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("made", INSTANT, nullable=False),
        sa.UniqueConstraint("reader_id", "tag", "stage"),
    )
    op.create_index("ix_notices_made", "notices", ["reader_id", "made"])
    op.create_table(
        "sendings",
        sa.Column("notice_id", ID, sa.ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("channel_id", ID, sa.ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("started", INSTANT),
        sa.Column("ended", INSTANT),
        sa.Column("problem", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sendings_channel_id", "sendings", ["channel_id"])
    unsent = sa.text("state IN ('due', 'sending')")
    op.create_index("ix_sendings_open", "sendings", ["state", "due"], sqlite_where=unsent, postgresql_where=unsent)
