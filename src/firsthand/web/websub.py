"""Where hubs reach us (WebSub §5.3, §7)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from firsthand.model.errors import NotFound
from firsthand.web.house import house_of
from firsthand.web.pages import known_id

router = APIRouter()


@router.get("/websub/{feed_id}/{token}")
async def verify(request: Request, feed_id: int, token: str) -> Response:
    """A hub asks whether it was really we who subscribed."""
    websub = house_of(request).desk.websub
    try:
        answer = await run_in_threadpool(websub.verify, known_id(feed_id), token, dict(request.query_params))
    except NotFound:
        answer = None
    if answer is None:
        return PlainTextResponse("This was not asked for.\n", 404)
    return PlainTextResponse(answer)


@router.post("/websub/{feed_id}/{token}")
async def hear(request: Request, feed_id: int, token: str) -> Response:
    """A hub sends what is new in a feed. What is not signed rightly is ignored, and not told so (WebSub §7.1.1)."""
    body = await request.body()
    headers = request.headers
    house = house_of(request)
    try:
        heard = await house.desk.websub.hear(
            known_id(feed_id), token, body, headers.get("content-type", ""), headers.get("x-hub-signature", "")
        )
    except NotFound:
        return PlainTextResponse("There is no such callback.\n", 404)
    if heard:
        house.hub.nudge()
    return Response(status_code=202)
