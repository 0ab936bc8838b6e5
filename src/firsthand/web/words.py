"""Times, ages and lengths as words. Pure: the time and the zone are arguments."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from firsthand.model.when import Precision, When

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FULL_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
OLD: Final = timedelta(days=30)
"""From this age on an article says how old it is, so that nobody takes it for news."""
WORDS_A_MINUTE: Final = 238
"""Silent reading of English prose (Brysbaert 2019, a meta-analysis of 190 studies)."""
CHARACTERS_A_MINUTE: Final = 260
"""Chinese and Japanese, where words are not spaced (Brysbaert 2019: 260 characters)."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def day(at: datetime) -> str:
    """`Sat 8 March 2025`, in the zone of `at`."""
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"


def full_day(at: datetime) -> str:
    """`Saturday 8 March 2025`, in the zone of `at`."""
    return f"{_FULL_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"


def day_and_time(at: datetime, zone: tzinfo) -> str:
    """`Sat 8 March 2025, 14:19`, in `zone`."""
    local = at.astimezone(zone)
    return f"{day(local)}, {local:%H:%M}"


def ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    """How long ago, as a list shows it: `14 min ago`, `3 h ago`, `yesterday 09:12`, `Fri 7 March`."""
    seconds = (now - at).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()).days
    if seconds < 12 * 3600 or days == 0:
        return f"{int(seconds // 3600)} h ago"
    if days == 1:
        return f"yesterday {local:%H:%M}"
    if days < 7:
        return f"{_FULL_DAYS[local.weekday()]} {local:%H:%M}"
    date = f"{local.day} {_MONTHS[local.month - 1]}"
    return date if local.year == today.year else f"{date} {local.year}"


def day_name(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The day as a heading in a list: `Today`, `Yesterday`, `Thursday`, `Fri 7 March 2025`."""
    local = at.astimezone(zone)
    days = (now.astimezone(zone).date() - local.date()).days
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    return _FULL_DAYS[local.weekday()] if days < 7 else day(local)


def listed(when: When | None, sort_at: datetime, now: datetime, zone: tzinfo) -> str:
    """The time beside a headline: how long ago, or the bare day where the outlet gives no more."""
    if when is not None and when.precision is Precision.DAY:
        return f"{when.at.day} {_MONTHS[when.at.month - 1]}" + ("" if when.at.year == now.year else f" {when.at.year}")
    return ago(sort_at, now, zone)


def age(at: datetime, now: datetime) -> str | None:
    """How old, for the banner on an old article: `1 year 8 months ago`; None while it is news."""
    if now - at < OLD:
        return None
    months = (now.year - at.year) * 12 + now.month - at.month - (now.day < at.day)
    years, months = divmod(max(months, 1), 12)
    parts = []
    if years:
        parts.append(_count(years, "year"))
    if months and years < 5:
        parts.append(_count(months, "month"))
    return " ".join(parts) + " ago"


def since(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Since when, to stand after "since": `14:02`, `Tuesday`, `3 March`, `3 March 2024`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = (today.date() - local.date()).days
    if days <= 0:
        return f"{local:%H:%M}"
    if days == 1:
        return f"yesterday {local:%H:%M}"
    if days < 7:
        return _FULL_DAYS[local.weekday()]
    date = f"{local.day} {_MONTHS[local.month - 1]}"
    return date if local.year == today.year else f"{date} {local.year}"


def until(at: datetime, now: datetime) -> str:
    """When something is due: `now`, `in 4 min`, `in 2 h`, `in 3 days`."""
    seconds = (at - now).total_seconds()
    if seconds < 30:
        return "now"
    return f"in {span(timedelta(seconds=seconds))}"


def span(length: timedelta) -> str:
    """A length of time, rounded: `30 s`, `15 min`, `2 h`, `3 days`."""
    seconds = length.total_seconds()
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 36 * 3600:
        return f"{seconds / 3600:.1f}".removesuffix(".0") + " h"
    return _count(round(seconds / 86400), "day")


def published(when: When) -> str:
    """When an article says it was published, in its outlet's zone: `Sat 8 March 2025, 14:19 +05:30`."""
    if when.precision is Precision.DAY:
        return day(when.at)
    if when.precision is Precision.LOCAL:
        return f"{day(when.at)}, {when.at:%H:%M} (the page names no zone)"
    offset = when.at.strftime("%z")
    shown = "UTC" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}"
    return f"{day(when.at)}, {when.at:%H:%M} {shown}"


def yours(when: When, zone: tzinfo) -> str:
    """The same instant on the reader's clock, where that differs: `08:49`, `Sun 9 March, 01:19`; else ""."""
    if when.precision is not Precision.INSTANT:
        return ""
    local = when.at.astimezone(zone)
    if local.utcoffset() == when.at.utcoffset():
        return ""
    if local.date() == when.at.date():
        return f"{local:%H:%M}"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}, {local:%H:%M}"


def reading_minutes(text: str) -> int:
    """Minutes that reading takes, at least 1; 0 for no text."""
    if not text.strip():
        return 0
    unspaced = len(_UNSPACED.findall(text))
    spaced = len(_UNSPACED.sub(" ", text).split()) if unspaced else len(text.split())
    return max(1, round(spaced / WORDS_A_MINUTE + unspaced / CHARACTERS_A_MINUTE))


def machine(at: datetime) -> str:
    """For the `datetime` attribute: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
