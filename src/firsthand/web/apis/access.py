"""Who is calling: the token in the Authorization header, and what it may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from firsthand.desk.tokens import Caller
from firsthand.model.errors import AccessDenied, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import clean
from firsthand.model.tokens import Scope
from firsthand.web.house import house_of

MAX_FIELDS: Final = 25_000
"""Fields of one request: an app marks up to some ten thousand articles at once."""
_FORM: Final = "application/x-www-form-urlencoded"


class TokenNeeded(AccessDenied):
    """No token was sent, or one that is unknown or has ended."""


@dataclass(frozen=True, slots=True)
class App:
    """A reader's app at work."""

    reader: Reader
    secret: str
    """The token that it sent."""


class Given:
    """The fields of a request, wherever an app puts them: in the query, in the body, in both."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self._pairs)

    def text(self, name: str, default: str = "") -> str:
        """A field's last value."""
        return next((value for key, value in reversed(self._pairs) if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        return [value for key, value in self._pairs if key == name]

    def number(self, name: str) -> int | None:
        """A field that is a whole number; None where it is not given.

        Raises:
            UsageError: it is something else.
        """
        value = self.text(name)
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 20):
            raise UsageError(f"“{value[:40]}” is no number for {name}.", "Send a whole number.")
        return int(value)


async def given(request: Request) -> Given:
    """The fields of a request. Raises UsageError where there are too many."""
    texts = [request.url.query]
    if request.method == "POST":
        kind = request.headers.get("content-type", _FORM).partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            form = await request.form(max_files=0, max_fields=MAX_FIELDS)
            sent = [(name, clean(value)) for name, value in form.multi_items() if isinstance(value, str)]
            return Given(_fields(texts) + sent)
        if kind == _FORM:
            texts.append((await request.body()).decode("utf-8", "replace"))
    return Given(_fields(texts))


def _fields(texts: list[str]) -> list[tuple[str, str]]:
    try:
        found = [parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS) for text in texts]
    except ValueError:
        raise UsageError(f"The request holds more than {MAX_FIELDS:,} fields.", "Send it in parts.") from None
    return [(name, clean(value)) for part in found for name, value in part]


def secret_of(request: Request) -> str:
    """The token in the Authorization header: `Bearer …` (RFC 6750) or `GoogleLogin auth=…`; "" for none."""
    kind, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    if kind.lower() == "bearer":
        return rest.strip()
    if kind.lower() == "googlelogin":
        fields = (part.strip().partition("=") for part in rest.split(","))
        return next((value.strip() for name, _, value in fields if name.strip().lower() == "auth"), "")
    return ""


def allowed(caller: Caller | None, scope: Scope) -> Reader:
    """The reader whose token this is.

    Raises:
        TokenNeeded: there is none.
        AccessDenied: the token does not go so far.
    """
    if caller is None:
        raise TokenNeeded("This needs a token that is known here.", "Make one on the page Settings, API tokens.")
    if scope not in caller.scopes:
        raise AccessDenied(f"This token may not do that: it lacks “{scope.value}”.", "Make one that may.")
    return caller.reader


def needs(scope: Scope) -> Callable[[Request], Awaitable[App]]:
    """A dependency: the app that is calling, whose token has this scope."""

    async def app(request: Request) -> App:
        secret = secret_of(request)
        caller = await run_in_threadpool(house_of(request).desk.tokens.caller_of, secret) if secret else None
        return App(allowed(caller, scope), secret)

    return app


Fields = Annotated[Given, Depends(given)]
Reads = Annotated[App, Depends(needs(Scope.READ))]
Marks = Annotated[App, Depends(needs(Scope.WRITE))]
Follows = Annotated[App, Depends(needs(Scope.FEEDS))]
