"""Beats and subscribers to our feeds."""

from __future__ import annotations

from collections.abc import Sequence

revision = "0006"
down_revision: str | None = "0005"


def upgrade(search_ddl: Sequence[str]) -> None:
    """Add the tables."""
