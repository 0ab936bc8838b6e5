"""The outermost layer: which hosts we answer to, how much we read, what browsers are told, and no traceback to anyone.

Plain ASGI, so that live streams pass through untouched.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, MutableMapping
from typing import Any, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from firsthand.web.apis import PATHS
from firsthand.web.settings import WebSettings
from firsthand.web.visit import pending_cookie

log = structlog.get_logger(__name__)

CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS: Final = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    # Nothing goes to other sites. Not "no-referrer": that makes browsers send "Origin: null" with our own forms (Fetch,
    # "append a request Origin header"), and the Origin check is what protects readers on plain http.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "x-frame-options": "DENY",
}
_LONGEST_LENGTH: Final = 18
"""Digits of a Content-Length; nothing that long is a length."""
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)


class Guard:
    """Wraps the whole application.

    Args:
        error_page: makes a page from status, message and remedy; must not ask the database.
    """

    def __init__(self, app: ASGIApp, settings: WebSettings, error_page: Callable[..., Response]) -> None:
        self._app = app
        self._settings = settings
        self._error_page = error_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(scope, send, self._settings.secure_cookies)
        refusal = self._refusal(scope["path"], Headers(scope=scope))
        if refusal is not None:
            await self._refuse(scope, receive, answer, *refusal)
            return
        body = _Body(receive, self._settings.max_upload)
        try:
            await self._app(scope, body.receive, answer.send)
        except _BodyTooLarge:
            if not answer.started:
                await self._refuse(scope, receive, answer, 413, "What was sent is too large.", "Send a smaller file.")
        except Exception:
            log.exception("request failed", path=scope["path"], method=scope["method"])
            if answer.started:
                raise
            message = "Something went wrong here; it was written to the log."
            await self._refuse(scope, receive, answer, 500, message, "Try again, or go back to the front page.")

    def _refusal(self, path: str, headers: Headers) -> tuple[int, str, str] | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not host_allowed(hosts[0], self._settings):
            remedy = "Add it to the setting web.allowed_hosts, if it is yours."
            return 421, "This server does not answer to the name that was asked for.", remedy
        # Apps that are built like browsers are "other sites"; a token is not sent along by itself, as a cookie is.
        if _pulled_in(headers) and not path.startswith(PATHS):
            return 403, "Another site's page may not load anything from here.", "Open the address by itself."
        length = headers.get("content-length", "")
        if len(length) > _LONGEST_LENGTH or (length.isdigit() and int(length) > self._settings.max_upload):
            return 413, "What was sent is too large.", "Send a smaller file."
        return None

    async def _refuse(
        self, scope: Scope, receive: Receive, answer: _Answer, status: int, message: str, remedy: str
    ) -> None:
        try:
            response = self._error_page(Request(scope, receive), status, message, remedy)
        except Exception:  # the page for errors is itself broken: then words alone
            log.exception("the error page failed", path=scope["path"])
            response = PlainTextResponse(f"{message} {remedy}\n", status)
        await response(scope, receive, answer.send)


def _pulled_in(headers: Headers) -> bool:
    """Whether a page of another site loads this as a part of itself (a picture, a script, a stream, a frame).

    Fetch metadata (W3C) says so in every current browser: where nobody signs in, it is what keeps a page that the reader
    happens to visit from learning that we are here, or from using up our streams. Links to us still lead here.
    """
    if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    return headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest", "document") != "document"


def host_allowed(host: str, settings: WebSettings) -> bool:
    """Whether we answer to this Host header. A strange name that leads to us is a rebound one (DNS rebinding).

    A bare address is no name that somebody could bind to another address, so it is let in.
    """
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match["name"].lower().rstrip(".")
    if name == "localhost" or _is_address(name) or name == settings.host.lower():
        return True
    for allowed in (one.lower() for one in settings.allowed_hosts):
        if name == allowed or (allowed.startswith("*.") and name.endswith(allowed[1:])):
            return True
    return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class _BodyTooLarge(Exception):
    """More was sent than the setting allows."""


class _Body:
    """A request's body, up to a limit; for those that do not say their length beforehand."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise _BodyTooLarge
        return message


class _Answer:
    """Adds the headers that every answer has, and the session cookie where it is new."""

    def __init__(self, scope: MutableMapping[str, Any], send: Send, secure: bool) -> None:
        self._scope = scope
        self._send = send
        self._secure = secure
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if self._secure:
                headers.setdefault("strict-transport-security", "max-age=31536000")
            # "no-cache", not "no-store": going back shows the list as it was, at the place where the reader left it.
            headers.setdefault("cache-control", "private, no-cache")
            cookie = pending_cookie(dict(self._scope), self._secure)
            if cookie is not None:
                headers.append("set-cookie", cookie)
        await self._send(message)
