"""Copies, stories and their origins."""

from __future__ import annotations

from collections.abc import Sequence

revision = "0003"
down_revision: str | None = "0002"


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables."""
