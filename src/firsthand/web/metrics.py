"""What a monitor may ask: `/healthz` for anyone, `/metrics` for this machine and signed-in readers."""

from __future__ import annotations

import ipaddress
import time
from typing import Final

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from firsthand.model.errors import AccessDenied, FirsthandError
from firsthand.web.house import house_of
from firsthand.web.visit import visitor

router = APIRouter()

REQUESTS: Final = Counter("firsthand_http_requests_total", "Requests answered.", ("route", "method", "status"))
SECONDS: Final = Histogram("firsthand_http_seconds", "Time until an answer began.", ("route",))
STREAMS: Final = Gauge("firsthand_live_streams", "Live streams that are open.")
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")


class Measure:
    """Counts and times answers by route, never by address: an address has no end of values."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "other")
                REQUESTS.labels(route, scope["method"], message["status"]).inc()
                SECONDS.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, measured)


@router.get("/healthz")
async def healthz(request: Request) -> Response:
    """Whether we can serve: 200, or 503 with the reason."""
    try:
        await run_in_threadpool(house_of(request).desk.check)
    except FirsthandError as error:
        return PlainTextResponse(f"{error}\n", 503)
    return PlainTextResponse("ok\n")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Figures in the format of Prometheus."""
    if not _asked_from_here(request):
        who = await visitor(request)
        if not who.account:
            raise AccessDenied("Figures are given to this machine and to signed-in readers only.")
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _asked_from_here(request: Request) -> bool:
    """From this machine itself, not through a proxy on it."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
