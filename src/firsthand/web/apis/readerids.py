"""The names that the Google Reader API gives to streams and articles, in all the forms that apps write them.

As FreshRSS and Miniflux read and write them: https://feedhq.readthedocs.io/en/latest/api/terminology.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from firsthand.model.errors import NotFound, UsageError
from firsthand.model.records import FollowedFeed
from firsthand.model.streams import StreamQuery
from firsthand.web.apis.access import Given

LONG: Final = "tag:google.com,2005:reader/item/"
READING_LIST: Final = "user/-/state/com.google/reading-list"
STATE: Final = "user/-/state/com.google/"
LABEL: Final = "user/-/label/"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_ID: Final = (1 << 63) - 1
_HEX = re.compile(r"[0-9a-fA-F]{1,16}")
_USER = re.compile(r"user/[^/]*/(?:state/com\.google/(?P<state>[^/]+)|label/(?P<label>.+))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream that was asked for. `query` None: one that we have nothing in (what others shared, for one)."""

    id: str
    title: str
    query: StreamQuery | None


def long_id(article_id: int) -> str:
    """An article's id in its long form."""
    return f"{LONG}{article_id:016x}"


def article_id(text: str) -> int:
    """An article's id in any form: long, its 16 hexadecimal digits alone, or decimal. Raises UsageError.

    Digits alone are decimal unless they begin with 0, which only the padded hexadecimal form does (so FreshRSS).
    """
    short = text.strip().removeprefix(LONG)
    if short == text.strip() and short.isascii() and short.isdigit() and (len(short) == 1 or short[0] != "0"):
        number = int(short) if len(short) < 20 else _MAX_ID + 1
    elif _HEX.fullmatch(short):
        number = int(short, 16)
    else:
        raise UsageError(f"“{text[:80]}” is no article's id.", "Send it as it was received.")
    return number if number <= _MAX_ID else 0


def feed_stream(feed_id: int) -> str:
    """The name of a feed's stream."""
    return f"feed/{feed_id}"


def label_of(text: str) -> str | None:
    """The folder that a stream's name means, or None."""
    match = _USER.fullmatch(text)
    return match["label"] if match else None


def state_of(text: str) -> str | None:
    """The state that a stream's name or a tag means ("read", "starred"), or None."""
    match = _USER.fullmatch(text)
    return match["state"] if match else None


def stream_of(text: str, followed: Iterable[FollowedFeed]) -> Stream:
    """The stream of a name: `feed/…` with a feed's id or address, a state, a label.

    Raises:
        UsageError: it is no stream's name.
        NotFound: the reader follows no such feed.
    """
    if text.startswith("feed/"):
        one = feed_of(text, followed)
        return Stream(feed_stream(one.feed.id), one.feed.title, StreamQuery(feed_id=one.feed.id))
    label, state = label_of(text), state_of(text)
    if label is not None:
        return Stream(f"{LABEL}{label}", label, StreamQuery(folder=label))
    queries = {
        "reading-list": StreamQuery(),
        "starred": StreamQuery(saved=True),
        "read": StreamQuery(read=True),
        "kept-unread": StreamQuery(read=False),
        "fresh": StreamQuery(read=False),
        "unread": StreamQuery(read=False),
    }
    if state is None:
        raise UsageError(f"“{text[:80]}” is no stream.", "Ask for feed/…, user/-/label/… or user/-/state/com.google/….")
    return Stream(f"{STATE}{state}", state, queries.get(state))


def feed_of(text: str, followed: Iterable[FollowedFeed]) -> FollowedFeed:
    """The followed feed of a stream's name. Raises NotFound."""
    key = text.removeprefix("feed/")
    for one in followed:
        if key in (str(one.feed.id), one.feed.url):
            return one
    raise NotFound("You follow no such feed.", "The list of subscriptions names those that you do.")


def narrowed(query: StreamQuery, given: Given, default: int) -> StreamQuery | None:
    """A stream with the parts that an app asks for: n, c, r, ot, nt, xt, it. None: nothing can match.

    Raises:
        UsageError: one of them cannot be read.
    """
    limit, ascending = given.number("n"), given.text("r") == "o"
    query = replace(query, limit=default if limit is None else limit, oldest_first=ascending)
    edge = given.number("c")
    if edge is not None:
        edge = min(edge, _MAX_ID)
        query = replace(query, above=edge) if ascending else replace(query, below=edge)
    query = replace(query, since=_time(given, "ot"), until=_time(given, "nt"))
    for name, wanted in (("xt", False), ("it", True)):
        for tag in given.all(name):
            narrower = _with_state(query, state_of(tag), wanted)
            if narrower is None:
                return None
            query = narrower
    return query


def _with_state(query: StreamQuery, state: str | None, wanted: bool) -> StreamQuery | None:
    field = {"read": ("read", True), "starred": ("saved", True)}.get(state or "")
    field = field or (("read", False) if state in ("kept-unread", "unread", "fresh") else None)
    if field is None:
        return query
    name, value = field[0], field[1] is wanted
    held = getattr(query, name)
    if held not in (None, value):
        return None
    return replace(query, read=value) if name == "read" else replace(query, saved=value)


def _time(given: Given, name: str) -> datetime | None:
    number = given.number(name)
    return moment(number) if number else None


def moment(number: int) -> datetime:
    """A time that an app sends: seconds since 1970, or milliseconds, or microseconds, told apart by their size.

    Raises:
        UsageError: it is no time.
    """
    micro = number * (1 if number >= 10**14 else 1000 if number >= 10**11 else 10**6)
    try:
        return _EPOCH + timedelta(microseconds=micro)
    except OverflowError:
        raise UsageError(f"{number} is no time.", "Send seconds since 1970.") from None


def usec(at: datetime) -> str:
    """A time as the API writes it: microseconds since 1970."""
    return str((at - _EPOCH) // timedelta(microseconds=1))


def seconds(at: datetime) -> int:
    """A time in seconds since 1970."""
    return (at - _EPOCH) // timedelta(seconds=1)
