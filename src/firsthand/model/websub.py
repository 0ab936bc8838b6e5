"""WebSub: how our subscription to a feed at its hub stands. Times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed whose hub tells us when it changes, or is to."""

    feed_id: int
    hub: str
    topic: str
    """The address under which the hub knows the feed."""
    due: datetime | None
    """When the hub is to be asked (again)."""
    asked: datetime | None
    expires: datetime | None
    """Until when the hub will tell us; None: it has not agreed."""
    last_told: datetime | None
    failures: int
    """In a row."""
    problem: str | None
    denied: bool

    def is_live(self, now: datetime) -> bool:
        """Whether the hub has promised to tell us now."""
        return self.expires is not None and now < self.expires
