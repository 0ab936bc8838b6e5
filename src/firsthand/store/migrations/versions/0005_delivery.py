"""Addresses, editions, letters sent and push."""

from __future__ import annotations

from collections.abc import Sequence

revision = "0005"
down_revision: str | None = "0004"


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables."""
