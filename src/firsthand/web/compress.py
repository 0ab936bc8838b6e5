"""Answers made smaller on the wire: Brotli or gzip, for a browser that takes it.

A page that is compressed together with a secret (the CSRF token) and with what somebody else put into its address gives the
secret away by its length (BREACH, CVE-2013-3587). Whoever attacks so has to make the reader's browser ask from a page of
theirs, and the browser says that it does: such answers are left as they are. So are streams, whose events would wait.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from typing import Final

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST: Final = 800
"""Bytes; below, nothing is won."""
MOST: Final = 4_000_000
"""Longer answers are passed on as they come, and are not held in memory."""
_TYPES: Final = re.compile(
    r"text/(?!event-stream)|application/(?:[a-z.+-]+\+)?(?:json|xml)|application/manifest\+json|image/svg\+xml"
)
_OURS: Final = ("/static/", "/sw.js", "/manifest.webmanifest")
"""The same for everybody, and without a secret."""


class Compress:
    """Wraps the application, inside of what adds headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        coding = _coding(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if coding is None:
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Smaller(send, coding, scope["path"].startswith(_OURS)).send)


class _Smaller:
    """Holds one answer back until it is whole, if it is one to be compressed."""

    def __init__(self, send: Send, coding: str, kept: bool) -> None:
        self._send = send
        self._coding = coding
        self._kept = kept
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _worth(message):
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body.append(message.get("body", b""))
        if message.get("more_body", False):
            return
        start, self._start = self._start, None
        small = (_kept if self._kept else _compressed)(b"".join(self._body), self._coding)
        headers = MutableHeaders(scope=start)
        headers["content-encoding"] = self._coding
        headers["content-length"] = str(len(small))
        headers.add_vary_header("accept-encoding")
        if (tag := headers.get("etag", "")).startswith('"'):
            headers["etag"] = f"W/{tag}"  # RFC 9110 §8.8.1: other bytes, the same content
        await self._send(start)
        await self._send({"type": "http.response.body", "body": small})


def _coding(scope: Scope) -> str | None:
    """The best coding that the browser takes; None where nothing is to be compressed for it."""
    headers = Headers(scope=scope)
    ours = scope["path"].startswith(_OURS) or "cookie" not in headers  # without a cookie there is no reader's secret
    if not ours and headers.get("sec-fetch-site") not in ("same-origin", "none"):
        return None
    taken = {
        name.strip().lower()
        for name, _, weight in (part.partition(";") for part in headers.get("accept-encoding", "").split(","))
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    }
    return next((coding for coding in ("br", "gzip") if coding in taken), None)


def _worth(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    length = headers.get("content-length", "")
    return (
        start["status"] == 200
        and "content-encoding" not in headers
        and length.isdigit()
        and LEAST <= int(length) <= MOST
        and bool(_TYPES.match(headers.get("content-type", "")) or "javascript" in headers.get("content-type", ""))
    )


@lru_cache(64)
def _kept(body: bytes, coding: str) -> bytes:
    """Our own files, once and well."""
    return brotli.compress(body, quality=9) if coding == "br" else gzip.compress(body, 9, mtime=0)


def _compressed(body: bytes, coding: str) -> bytes:
    """A page, quickly (measured: 41 KB in 2 ms)."""
    return brotli.compress(body, quality=4) if coding == "br" else gzip.compress(body, 5, mtime=0)
