"""Answers of the JSON API: JSON with an ETag, 304 for who holds it already, problems as RFC 9457 has them."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

PROBLEM: Final = "application/problem+json"
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def answer(request: Request, value: object) -> Response:
    """One of the `shapes` as JSON; nothing but a 304 where the asker holds the same (RFC 9110 §13.1.2)."""
    body = _adapter(type(value)).dump_json(value)
    tag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "authorization"}
    if request.method in ("GET", "HEAD") and _holds(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def nothing() -> Response:
    """Done, and nothing to say."""
    return Response(status_code=204)


def problem(status: int, message: str, remedy: str = "") -> Response:
    """What went wrong, for a program."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "remedy": remedy,
    }
    return Response(json.dumps(said, ensure_ascii=False), status, media_type=PROBLEM)


def _holds(sent: str, tag: str) -> bool:
    """Whether If-None-Match names this tag; a weak comparison is enough for reading (RFC 9110 §8.8.3.2)."""
    held = [part.strip().removeprefix("W/") for part in sent.split(",")]
    return tag in held or held == ["*"]


def _adapter(shape: type) -> TypeAdapter[Any]:
    """How values of this shape are written; costly to make, so made once."""
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]
