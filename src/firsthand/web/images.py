"""The picture proxy: no reader's browser asks a third party, and we fetch only what a page of ours named."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from firsthand.model.errors import FetchError, NotFound, ParseError
from firsthand.web.house import house_of
from firsthand.web.visit import Reading

router = APIRouter()

_HEADERS: Final = {
    "cache-control": "private, max-age=31536000, immutable",
    # Opened by itself, a picture is still only a picture: it may run and load nothing.
    "content-security-policy": "default-src 'none'; sandbox",
    "content-disposition": "inline",
}


@router.get("/image")
async def image(
    request: Request,
    _who: Reading,
    u: Annotated[str, Query(max_length=4096)],
    s: Annotated[str, Query(max_length=64)],
) -> Response:
    """One picture; 404 for an address that we did not sign, 502 for one that cannot be had."""
    house = house_of(request)
    if not house.signer.verify(u, s):
        raise NotFound("There is no such picture.")
    async with house.image_turns:
        try:
            picture = await house.desk.image(u)
        except (FetchError, ParseError):
            # Nobody reads a page in place of a picture: the alternative text stands there instead.
            return Response(status_code=502, headers={"cache-control": "private, max-age=300"})
    return Response(picture.body, media_type=picture.content_type, headers=_HEADERS)
