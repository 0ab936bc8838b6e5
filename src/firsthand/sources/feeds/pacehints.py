"""How often a feed asks to be asked, from RSS's own elements and the syndication module."""

from __future__ import annotations

from datetime import timedelta

from firsthand.model.feed import PaceHints
from firsthand.sources.feeds.fields import Fields
from firsthand.sources.feeds.xml import Names

# https://web.resource.org/rss/1.0/modules/syndication/
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_hints(channel: Fields, names: Names) -> PaceHints:
    """The hints in a channel's fields. Nonsense counts as nothing said.

    Hours are GMT and 0 to 23, or 1 to 24 in RSS 0.91 (https://www.rssboard.org/skip-hours-days), so that 24 is 0.
    """
    periods = [period for period in (_ttl(channel), _syndication(channel)) if period]
    hours = {
        int(text) % 24 for text in _inside(channel, names, "skiphours", "hour") if text.isdigit() and int(text) <= 24
    }
    days = {_DAYS.index(text) for text in _inside(channel, names, "skipdays", "day") if text in _DAYS}
    return PaceHints(max(periods, default=None), frozenset(hours), frozenset(days))


def _ttl(channel: Fields) -> timedelta | None:
    """RSS `ttl`: minutes."""
    minutes = _number(_text(channel, "ttl"))
    return timedelta(minutes=minutes) if minutes else None


def _syndication(channel: Fields) -> timedelta | None:
    """`sy:updatePeriod` divided by `sy:updateFrequency` (1 if missing)."""
    period = _PERIODS.get(_text(channel, "sy:updateperiod").lower())
    if period is None:
        return None
    return period / (_number(_text(channel, "sy:updatefrequency")) or 1)


def _text(channel: Fields, name: str) -> str:
    return (channel[name][0].text or "").strip() if name in channel else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _inside(channel: Fields, names: Names, outer: str, inner: str) -> list[str]:
    found = [child for element in channel.get(outer, ()) for child in element if names[child.tag] == inner]
    return [
        text for text in ((child.text or "").strip().lower() for child in found) if text.isascii() and len(text) < 10
    ]
