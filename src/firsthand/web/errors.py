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
from starlette.routing import Match

from firsthand.model import errors
from firsthand.web import apis
from firsthand.web.apis.access import TokenNeeded
from firsthand.web.apis.v1.answers import problem
from firsthand.web.house import house_of
from firsthand.web.visit import SignInNeeded, guest

log = structlog.get_logger(__name__)

_STATUS: Final = (
    (errors.UsageError, 400),
    (errors.NotFound, 404),
    (TokenNeeded, 401),
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
_PLAIN_PATHS: Final = ("/live", "/image", "/static", "/metrics", "/healthz", *apis.PATHS)


def add_handlers(app: FastAPI) -> None:
    """Register the pages for all errors that handlers raise."""
    app.exception_handler(errors.FirsthandError)(_firsthand)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_invalid)


def error_page(request: Request, status: int, message: str, remedy: str = "") -> Response:
    """A page for an error, or plain text for who reads no pages. Asks no database: that may be what is broken."""
    if request.url.path.startswith(apis.JSON):
        return problem(status, message, remedy)
    if _wants_text(request):
        return PlainTextResponse(f"{message} {remedy}".strip() + "\n", status)
    title = HTTPStatus(status).phrase
    return house_of(request).renderer.page(
        "error.html", guest(request), status=status, code=status, title=title, message=message, remedy=remedy
    )


def _wants_text(request: Request) -> bool:
    """Pictures, streams, scripts and programs that accept no HTML get the sentence alone."""
    accept = request.headers.get("accept", "*/*").lower()
    return (
        request.url.path.startswith(_PLAIN_PATHS)
        or "hx-request" in request.headers
        or not any(kind in accept for kind in ("text/html", "*/*", "text/*"))
    )


async def _firsthand(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.FirsthandError)
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request, error)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if status >= 500:
        log.error("request failed", path=request.url.path, error=str(error))
    response = error_page(request, status, error.message, error.remedy)
    if isinstance(error, TokenNeeded):
        response.headers["www-authenticate"] = "Bearer"
        response.headers["google-bad-token"] = "true"  # apps of the Google Reader API sign in anew
    return response


def _to_sign_in(request: Request, error: SignInNeeded) -> Response:
    if _wants_text(request):
        return error_page(request, 401, error.message, error.remedy)
    return RedirectResponse("/login?" + urlencode({"next": error.next_path}), 303)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return _not_so(request)
    said = str(error.detail).rstrip(".")
    message, remedy = _WORDS.get(error.status_code, (f"{said}.", "Go back and try again."))
    response = error_page(request, error.status_code, message, remedy)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _not_so(request: Request) -> Response:
    """405 with what is allowed here (RFC 9110 §15.5.6), or the same as an answer to OPTIONS. We allow no other site
    anything (CORS), so that is all there is to say."""
    allowed = _allowed(request)
    if request.method == "OPTIONS":
        response = Response(status_code=204)
        allowed.append("OPTIONS")
    else:
        response = error_page(request, 405, *_WORDS[405])
    response.headers["allow"] = ", ".join(allowed)
    return response


def _allowed(request: Request) -> list[str]:
    """All methods of this address, which several routes may share."""
    scope = {**request.scope, "path_params": {}, "root_path": request.scope.get("app_root_path", "")}

    def answered(method: str) -> bool:
        return any(route.matches({**scope, "method": method})[0] is Match.FULL for route in request.app.routes)

    if request.url.path.startswith("/static"):  # files; their mount says that it takes any method
        return ["GET", "HEAD"]
    return [method for method in ("GET", "HEAD", "POST", "PATCH", "DELETE") if answered(method)]


async def _invalid(request: Request, error: Exception) -> Response:
    """A path or query that is not of its type: to a reader, a page that does not exist or a broken address."""
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][0] == "path" for one in error.errors()):
        return error_page(request, 404, *_WORDS[404])
    return error_page(request, 400, "This address is broken.", "Go back to the front page.")
