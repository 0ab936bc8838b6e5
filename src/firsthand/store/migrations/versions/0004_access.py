"""Invites, passkeys, identities and tokens."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables."""
    op.create_table(
        "tokens",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False, unique=True),
        sa.Column("fever_hash", sa.Text(), nullable=False, unique=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("last_used", INSTANT),
        sa.Column("expires", INSTANT),
    )
    op.create_index("ix_tokens_reader_id", "tokens", ["reader_id"])
    op.add_column("readers", sa.Column("role", sa.Text(), nullable=False, server_default="reader"))
    op.execute("UPDATE readers SET role = 'owner' WHERE id = 1")
    op.add_column("sessions", sa.Column("device", sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("last_used", INSTANT))
    _ways_in()


def _ways_in() -> None:
    """Invites, passkeys, identities."""
    op.create_table(
        "invites",
        sa.Column("id", ID, primary_key=True),
        sa.Column("token_hash", sa.Text(), nullable=False, unique=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("used", INSTANT),
        sa.Column("used_by_id", ID, sa.ForeignKey("readers.id", ondelete="SET NULL")),
    )
    op.create_index("ix_invites_used_by_id", "invites", ["used_by_id"])
    op.create_table(
        "passkeys",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("last_used", INSTANT),
    )
    op.create_index("ix_passkeys_reader_id", "passkeys", ["reader_id"])
    op.create_table(
        "identities",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("last_used", INSTANT),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_index("ix_identities_reader_id", "identities", ["reader_id"])
