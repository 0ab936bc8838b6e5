"""Copies, stories and their origins."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables, and the mark of which version of an article was grouped."""
    op.add_column("articles", sa.Column("grouped", sa.Integer(), nullable=False, server_default="-1"))
    ungrouped = sa.text("version > grouped AND (version > 0 OR page_due IS NULL)")
    op.create_index("ix_articles_ungrouped", "articles", ["id"], sqlite_where=ungrouped, postgresql_where=ungrouped)
    op.add_column("changes", sa.Column("story_id", ID))
    op.create_table(
        "fingerprints",
        sa.Column("fingerprint", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("article_id", ID, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fingerprint_packs",
        sa.Column("pack", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
    )
    _copies()
    _stories()
    _read_again()


def _read_again() -> None:
    """When a page is read again, under which validators, and what came of it."""
    for name in ("page_etag", "page_last_modified"):
        op.add_column("articles", sa.Column(name, sa.Text()))
    for name in ("reread_due", "missing", "removed", "corrected"):
        op.add_column("articles", sa.Column(name, INSTANT))
    due, corrected = sa.text("reread_due IS NOT NULL"), sa.text("corrected IS NOT NULL")
    op.create_index("ix_articles_reread", "articles", ["reread_due"], sqlite_where=due, postgresql_where=due)
    op.create_index(
        "ix_articles_corrected", "articles", ["corrected", "id"], sqlite_where=corrected, postgresql_where=corrected
    )


def _copies() -> None:
    op.create_table(
        "copies",
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("of_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("kept", sa.Float(), nullable=False),
        sa.Column("reused", sa.Float(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("span_start", sa.Integer()),
        sa.Column("span_end", sa.Integer()),
        sa.Column("span_in", ID),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_copies_of_id", "copies", ["of_id"])


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", ID, primary_key=True),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("lead", sa.Text(), nullable=False, server_default=""),
        sa.Column("article_id", ID),
        sa.Column("section", sa.Text()),
        sa.Column("section_slug", sa.Text()),
        sa.Column("image", sa.Text()),
        sa.Column("first_seen", INSTANT),
        sa.Column("last_seen", INSTANT),
        sa.Column("changed", INSTANT),
        sa.Column("rank", ID, nullable=False, server_default="0"),
        sa.Column("articles", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("outlets", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at_least", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at_most", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False, server_default="0"),
        sa.Column("into_id", ID),
        sa.Column("follows_id", ID),
        sa.Column("line_id", ID),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stories_rank", "stories", ["rank", "id"])
    op.create_index("ix_stories_section", "stories", ["section_slug", "rank", "id"])
    op.create_index("ix_stories_changed", "stories", ["changed"])
    op.create_index("ix_stories_line", "stories", ["line_id"])
    op.create_table(
        "story_terms",
        sa.Column("term", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("story_id", ID, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_terms_story_id", "story_terms", ["story_id"])
    stale = sa.text("stale")
    op.create_index("ix_stories_stale", "stories", ["id"], sqlite_where=stale, postgresql_where=stale)
    op.create_table(
        "story_articles",
        sa.Column(
            "article_id",
            ID,
            sa.ForeignKey("articles.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("story_id", ID, sa.ForeignKey("stories.id"), nullable=False),
        sa.Column("speaker_id", ID, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_story_articles_story_id", "story_articles", ["story_id"])
