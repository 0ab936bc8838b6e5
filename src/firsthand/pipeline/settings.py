"""Settings of ingestion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """How ingestion works."""

    poll_workers: int = 48
    """Feeds asked at the same time. Under load half of them wait to be saved together, which is what makes it cheap."""
    page_workers: int = 8
    """Pages fetched at the same time."""
    pages_per_host: int = 2
    """Pages of one host fetched at the same time."""
    entries_per_feed: int = 5000
    """Entries of one feed's document that are read; how many were left out is noted with the feed."""
    read_pages: bool = True
    """Whether to read each article's page; if not, items stand with what the feed says."""
    analyze: bool = True
    """Whether to find statements, chains, dates and people in what was read; takes a core while it works."""
    rereads: tuple[timedelta, ...] = (
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(hours=4),
        timedelta(days=1),
        timedelta(weeks=1),
    )
    """How long after its first reading an article's page is read again, to see what the outlet changed; empty: only when
    its feed says that it changed."""
    shortest_interval: timedelta = timedelta(minutes=2)
    """No feed is asked more often than this."""
    longest_interval: timedelta = timedelta(hours=6)
    """No feed that answers is asked less often than this, unless it asks for that itself."""
