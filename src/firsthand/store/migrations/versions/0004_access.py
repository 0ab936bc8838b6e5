"""Invites, passkeys, identities and tokens."""

from __future__ import annotations

from collections.abc import Sequence

revision = "0004"
down_revision: str | None = "0003"


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables."""
