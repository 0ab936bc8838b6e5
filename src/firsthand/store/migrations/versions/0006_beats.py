"""Beats, their alerts, secret addresses of feeds and subscriptions at hubs."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables."""
    _add_beats()
    _add_alerts()
    _add_feed_keys()
    _add_subscriptions()


def _add_beats() -> None:
    op.create_table(
        "beats",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("starts", INSTANT),
        sa.Column("ends", INSTANT),
        sa.Column("alerts", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("seen_alert", ID, nullable=False, server_default="0"),
        sa.UniqueConstraint("reader_id", "slug"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_beats_kind", "beats", ["kind", "key"])
    op.create_table(
        "beat_articles",
        sa.Column("beat_id", ID, sa.ForeignKey("beats.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sort_at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_beat_articles_article_id", "beat_articles", ["article_id"])
    op.create_index("ix_beat_articles_newest", "beat_articles", ["beat_id", "sort_at", "article_id"])
    op.create_table(
        "beat_stories",
        sa.Column("beat_id", ID, sa.ForeignKey("beats.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("story_id", ID, primary_key=True, autoincrement=False),
        sa.Column("origins", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )


def _add_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("beat_id", ID, sa.ForeignKey("beats.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("article_id", ID),
        sa.Column("story_id", ID),
        sa.Column("person_id", ID),
        sa.UniqueConstraint("beat_id", "kind", "key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alerts_reader", "alerts", ["reader_id", "id"])
    op.create_index("ix_alerts_beat", "alerts", ["beat_id", "id"])


def _add_feed_keys() -> None:
    op.create_table(
        "feed_keys",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False, unique=True),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("last_used", INSTANT),
    )
    op.create_index("ix_feed_keys_reader_id", "feed_keys", ["reader_id"])


def _add_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("feed_id", ID, sa.ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("due", INSTANT),
        sa.Column("asked", INSTANT),
        sa.Column("expires", INSTANT),
        sa.Column("last_told", INSTANT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("problem", sa.Text()),
        sa.Column("denied", sa.Boolean(), nullable=False, server_default="0"),
    )
    op.create_index("ix_subscriptions_due", "subscriptions", ["due"])
