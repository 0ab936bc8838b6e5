"""API tokens: what a reader gives to a program instead of a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Scope(Enum):
    """What a token's holder may do."""

    READ = "read"
    """Read articles, lists and what is followed."""
    WRITE = "write"
    """Mark articles read and saved."""
    FEEDS = "feeds"
    """Follow, stop following, put in folders."""


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is listed: everything but the token itself, which nobody holds but the program."""

    id: int
    reader_id: int
    name: str
    """What the reader calls it: the program, the device."""
    scopes: frozenset[Scope]
    created: datetime
    last_used: datetime | None
    """To ten minutes; None: never yet."""
    expires: datetime | None
    """None: it lasts until it is revoked."""
