"""What cache and retry headers say: Cache-Control, Expires, Age (RFC 9111), Retry-After (RFC 9110 §10.2.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_AGE = timedelta(days=365)  # RFC 2616 §14.21 forbade more, and nothing sensible needs it
LONGEST_RETRY = timedelta(days=30)

_MAX_AGE = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})', re.IGNORECASE)
_VALIDATOR = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?")


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer stays fresh from now: max-age less Age, else Expires less Date; None where nothing is said.

    `headers` are looked up in the usual spelling, so give a case-insensitive mapping. Absurd values are bounded by
    `LONGEST_AGE`; an Expires that is no date means "already stale" (RFC 9111 §5.3).
    """
    control = headers.get("Cache-Control")
    if control is not None and (match := _MAX_AGE.search(control)):
        age = headers.get("Age", "")
        seconds = int(match[1]) - (int(age) if age.isdecimal() and len(age) < 10 else 0)
        return min(timedelta(seconds=max(0, min(seconds, 10**9))), LONGEST_AGE)
    expires = headers.get("Expires")
    if expires is None:
        return None
    until = http_date(expires)
    if until is None:
        return timedelta(0)
    since = http_date(headers.get("Date", "")) or now
    return min(max(until - since, timedelta(0)), LONGEST_AGE)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by Retry-After, which is a number or a date; None if there is none or it is neither."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), LONGEST_RETRY.total_seconds())
    until = http_date(value)
    if until is None:
        return None
    since = http_date(headers.get("Date", "")) or now
    return min(max((until - since).total_seconds(), 0.0), LONGEST_RETRY.total_seconds())


def http_date(value: str) -> datetime | None:
    """An HTTP date (RFC 9110 §5.6.7) as aware UTC, or None if it is none. Other zones than GMT are read as given."""
    if not value or len(value) > 100:
        return None
    try:
        parsed = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError:
        return None


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified that can be sent back: visible ASCII of sane length; else None.

    It comes from a server, is kept, and becomes a request header: line breaks must not come with it.
    """
    if value is None:
        return None
    value = value.strip()
    return value if _VALIDATOR.fullmatch(value) else None
