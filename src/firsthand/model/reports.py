"""Articles held, as the reports that other articles name: who published them when, and what ties two together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firsthand.model.grouping import CopyMatch
from firsthand.model.records import Outlet
from firsthand.model.when import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article held, as far as it may be the one that another names."""

    article_id: int
    outlet: Outlet
    published: When | None
    sort_at: datetime
    """Where it stands in lists: when it was published, as far as that can be believed, else when it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A report beside an article: of the same story, or with text in common."""

    of: int
    """The article that it stands beside."""
    report: Report
    same_story: bool = False
    copy: CopyMatch | None = None
    """Told from the side of whichever came later."""
