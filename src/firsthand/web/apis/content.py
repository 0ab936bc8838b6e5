"""An article for an app: its body as HTML, with pictures that come through us.

An app has no session, so a picture's address is itself the permission to have that one picture: it is signed, as those
of our pages are, for this use alone. So apps ask no third party for pictures, and we fetch nothing that nobody named.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from firsthand.model.article import Article
from firsthand.model.errors import NotFound
from firsthand.model.streams import StreamItem
from firsthand.web.body import body_parts, plain_parts
from firsthand.web.house import WebHouse, house_of
from firsthand.web.images import picture

router = APIRouter()
_PATH: Final = "/image/app"
_SIGNED: Final = "app "


def base_of(request: Request) -> str:
    """Our own address as the app knows it, without a slash at its end."""
    scheme = "https" if house_of(request).settings.secure_cookies else request.url.scheme
    return f"{scheme}://{request.headers['host']}"


def html_of(item: StreamItem, house: WebHouse, base: str) -> str:
    """The article as a fragment of HTML that stands by itself: sanitized, every address absolute."""
    return body_html(item.article, item.headline.summary, house, base)


def body_html(article: Article | None, summary: str, house: WebHouse, base: str) -> str:
    """As `html_of`; the summary where there is no body."""

    def link(url: str) -> str:
        return f"{_PATH}?" + urlencode({"u": url, "s": house.signer.sign(_SIGNED + url)})

    parts = body_parts(article, link) if article is not None and article.blocks else []
    parts = parts or plain_parts(summary)
    # The sanitizer lets only our own paths through as pictures; outside our pages they need our name before them.
    return "".join(part.html for part in parts).replace(f'src="{_PATH}?', f'src="{base}{_PATH}?')


@router.get(_PATH)
async def image(
    request: Request,
    u: Annotated[str, Query(max_length=4096)],
    s: Annotated[str, Query(max_length=64)],
) -> Response:
    """One picture for an app, by an address that an answer to it held."""
    if not house_of(request).signer.verify(_SIGNED + u, s):
        raise NotFound("There is no such picture.")
    response = await picture(request, u)
    response.headers["cross-origin-resource-policy"] = "cross-origin"  # apps show it in pages of their own
    return response
