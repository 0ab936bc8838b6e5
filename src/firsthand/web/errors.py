"""Errors as pages: one sentence, a remedy, the right status, and never a traceback."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from firsthand.model import errors
from firsthand.web.house import house_of
from firsthand.web.visit import SignInNeeded, guest

log = structlog.get_logger(__name__)

_STATUS: Final = (
    (errors.UsageError, 400),
    (errors.NotFound, 404),
    (errors.AccessDenied, 403),
    (errors.FetchError, 502),
    (errors.ParseError, 422),
    (errors.StoreUnavailable, 503),
)
_WORDS: Final = {
    404: ("There is no such page.", "Check the address, or go back to the front page."),
    405: ("This address cannot be used in that way.", "Go back to the front page."),
    413: ("What was sent is too large.", "Send a smaller file."),
}
_PLAIN_PATHS: Final = ("/live", "/image", "/static", "/metrics", "/healthz")


def add_handlers(app: FastAPI) -> None:
    """Register the pages for all errors that handlers raise."""
    app.exception_handler(errors.FirsthandError)(_firsthand)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_invalid)


def error_page(request: Request, status: int, message: str, remedy: str = "") -> Response:
    """A page for an error. Asks no database: that may be what is broken."""
    if request.url.path.startswith(_PLAIN_PATHS) or request.headers.get("hx-request"):
        return PlainTextResponse(f"{message} {remedy}".strip() + "\n", status)
    title = HTTPStatus(status).phrase
    return house_of(request).renderer.page(
        "error.html", guest(request), status=status, code=status, title=title, message=message, remedy=remedy
    )


async def _firsthand(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.FirsthandError)
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request, error)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if status >= 500:
        log.error("request failed", path=request.url.path, error=str(error))
    return error_page(request, status, error.message, error.remedy)


def _to_sign_in(request: Request, error: SignInNeeded) -> Response:
    if request.url.path.startswith(_PLAIN_PATHS) or request.headers.get("hx-request"):
        return error_page(request, 401, error.message, error.remedy)
    return RedirectResponse("/login?" + urlencode({"next": error.next_path}), 303)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message, remedy = _WORDS.get(error.status_code, (f"{error.detail}.", "Go back and try again."))
    response = error_page(request, error.status_code, message, remedy)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    """A path or query that is not of its type: to a reader, a page that does not exist or a broken address."""
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][0] == "path" for one in error.errors()):
        return error_page(request, 404, *_WORDS[404])
    return error_page(request, 400, "This address is broken.", "Go back to the front page.")
