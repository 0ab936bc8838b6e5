"""Feeds of every format to one model. `parse_feed` is the way in; there is one module for each format."""

from __future__ import annotations

from firsthand.sources.feeds.dates import parse_date
from firsthand.sources.feeds.parse import parse_feed

__all__ = ["parse_date", "parse_feed"]
