"""The web application: its parts, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from firsthand.desk import Desk
from firsthand.web import (
    access,
    account,
    actions,
    beats,
    compare,
    editions,
    errors,
    following,
    images,
    live,
    metrics,
    oidc,
    out,
    pages,
    passkeys,
    phone,
    push,
    stories,
    websub,
)
from firsthand.web.apis import content, fever, greader, tokens
from firsthand.web.apis.v1 import routes as v1
from firsthand.web.compress import Compress
from firsthand.web.guard import Guard
from firsthand.web.house import WebHouse
from firsthand.web.links import ImageSigner
from firsthand.web.render import STATIC, Renderer
from firsthand.web.settings import WebSettings

IMAGES_AT_ONCE = 16


def create_app(desk: Desk, settings: WebSettings | None = None) -> FastAPI:
    """The application that serves `desk` to readers; to be run by any ASGI server."""
    settings = settings or WebSettings()
    signer = ImageSigner(desk.secret("image"))
    house = WebHouse(
        desk=desk,
        settings=settings,
        renderer=Renderer(desk, signer),
        signer=signer,
        hub=live.Hub(desk, settings.max_streams),
        csrf_key=desk.secret("csrf"),
        image_turns=asyncio.Semaphore(IMAGES_AT_ONCE),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        house.hub.close()

    # No OpenAPI pages: they load scripts from elsewhere, and these are pages for readers, not an interface.
    app = FastAPI(title="Firsthand", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.house = house
    for part in (editions, pages, stories, actions, following, account, images, live, metrics, phone, push):
        app.include_router(_answering_head(part.router))
    for part in (greader, fever, content, tokens):
        app.include_router(_answering_head(part.router))
    for part in (access, passkeys, oidc):
        app.include_router(_answering_head(part.router))
    for part in (beats, out, websub, compare):
        app.include_router(_answering_head(part.router))
    app.include_router(greader.router, prefix="/api/greader.php")
    app.include_router(_answering_head(v1.router))
    app.mount("/static", _Static(directory=STATIC), name="static")
    errors.add_handlers(app)
    app.add_middleware(metrics.Measure)
    app.add_middleware(Compress)
    app.add_middleware(Guard, settings=settings, error_page=errors.error_page)
    return app


def _answering_head(router: APIRouter) -> APIRouter:
    """HEAD wherever there is GET (RFC 9110 §9.3.2): proxies and link checkers ask so. The server drops the body."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
            route.methods.add("HEAD")
    return router


class _Static(StaticFiles):
    """Our own files. Their addresses change with their content, so browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            kept = "public, max-age=31536000, immutable" if b"v=" in scope["query_string"] else "public, max-age=300"
            response.headers["cache-control"] = kept
        return response
