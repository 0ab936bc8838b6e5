"""What a browser holds for reading offline, and the marks that it sends when it is back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ToHold:
    """A page that a reader's device is to hold."""

    path: str
    tag: str
    """Changes when what its page shows has changed."""
    saved: bool
    """It is held with its pictures, whatever the line costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineState:
    """What a device is to hold, and what it shows on the app's icon."""

    articles: tuple[ToHold, ...]
    """Articles, stories and the last editions."""
    pages: tuple[str, ...]
    """Paths of the pages that list them, which change all the time."""
    unread: int
    """Up to the most that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineMark:
    """A mark that was made offline."""

    id: str
    """The device's own name for the action: one that comes twice is done once."""
    article_id: int
    read: bool | None
    saved: bool | None
    at: datetime
    """When it was made, as the device says."""
