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
    if not house_of(request).signer.verify(u, s):
        raise NotFound("There is no such picture.")
    return await picture(request, u)


async def picture(request: Request, url: str) -> Response:
    """The answer that is the picture at `url`, which we have signed."""
    house = house_of(request)
    async with house.image_turns:
        try:
            found = await house.desk.image(url)
        except (FetchError, ParseError):
            # Nobody reads a page in place of a picture: the alternative text stands there instead.
            return Response(status_code=502, headers={"cache-control": "private, max-age=300"})
    return Response(found.body, media_type=found.content_type, headers=_HEADERS)
