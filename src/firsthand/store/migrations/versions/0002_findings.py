"""What the analysis found: findings by article, people, what they said, who credits whom."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables, and the mark of which version of an article was analyzed."""
    op.add_column("articles", sa.Column("analyzed", sa.Integer(), nullable=False, server_default="0"))
    unanalyzed = sa.text("version > analyzed")
    op.create_index("ix_articles_unanalyzed", "articles", ["id"], sqlite_where=unanalyzed, postgresql_where=unanalyzed)
    op.create_table(
        "analyses",
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
    )
    op.create_index("ix_analyses_steps", "analyses", ["steps"])
    op.create_table(
        "people",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("into_id", ID, sa.ForeignKey("people.id")),
        sa.Column("statements", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_index("ix_people_key", "people", ["key"])
    op.create_table(
        "said",
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("people.id")),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("day", sa.Text()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sort_at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_said_key", "said", ["key"])
    op.create_index("ix_said_person", "said", ["person_id", "sort_at", "article_id", "number"])
    op.create_table(
        "credits",
        sa.Column("article_id", ID, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("actor", sa.Text(), primary_key=True),
        sa.Column("outlet_id", ID, sa.ForeignKey("outlets.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("does", sa.Text(), nullable=False),
        sa.Column("sort_at", INSTANT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_credits_actor", "credits", ["actor", "sort_at", "article_id"])
    op.create_table(
        "credit_counts",
        sa.Column("outlet_id", ID, sa.ForeignKey("outlets.id"), primary_key=True),
        sa.Column("actor", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_credit_counts_actor", "credit_counts", ["actor"])
