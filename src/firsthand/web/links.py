"""Addresses inside the application: cursors, return addresses, signed pictures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from firsthand.model.errors import UsageError
from firsthand.model.records import Cursor
from firsthand.model.stories import StoryCursor

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})")
_SIGNATURE_BYTES: Final = 16
# A path of our own: one slash and then neither a slash nor a backslash, which browsers read as "//host".
_OWN_PATH = re.compile(r"/(?![/\\])[!-~]*")


def write_cursor(cursor: Cursor) -> str:
    """A cursor for an address: microseconds since 1970 and the article's id."""
    return f"{(cursor.sort_at - _EPOCH) // timedelta(microseconds=1)}.{cursor.article_id}"


def read_cursor(text: str | None) -> Cursor | None:
    """The inverse; None for none. Raises UsageError for what is no cursor."""
    if not text:
        return None
    match = _CURSOR.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        return Cursor(_EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))
    except (ValueError, OverflowError):
        raise UsageError("This address is broken: it names no place in the list.", "Begin at the front page.") from None


def write_story_cursor(cursor: StoryCursor) -> str:
    """A place in a list of stories, for an address."""
    return write_cursor(Cursor(cursor.rank, cursor.story_id))


def read_story_cursor(text: str | None) -> StoryCursor | None:
    """The inverse; None for none. Raises UsageError for what is no cursor."""
    cursor = read_cursor(text)
    return StoryCursor(cursor.sort_at, cursor.article_id) if cursor else None


def own_path(text: str | None, default: str = "/") -> str:
    """`text` if it is a path of this application, else `default`: nobody is sent elsewhere (an open redirect)."""
    return text if text and len(text) <= 2000 and _OWN_PATH.fullmatch(text) and "\\" not in text else default


class ImageSigner:
    """Signs the addresses that the picture proxy may fetch, so that it fetches nothing that a page of ours did not name."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def link(self, url: str) -> str:
        """The proxy's address for the picture at `url`."""
        return "/image?" + urlencode({"u": url, "s": self.sign(url)})

    def sign(self, url: str) -> str:
        """The signature of a picture's address."""
        digest = hmac.new(self._key, b"image:" + url.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode().rstrip("=")

    def verify(self, url: str, signature: str) -> bool:
        """Whether we signed this address. Takes the same time for every wrong signature."""
        return hmac.compare_digest(self.sign(url).encode(), signature.encode("utf-8", "surrogatepass"))
