"""The app on the phone: its manifest, its service worker, what it holds offline, and what is shared with it."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from firsthand.model.errors import UsageError
from firsthand.model.offline import OfflineMark
from firsthand.model.urls import is_web_url
from firsthand.web.house import WebHouse, house_of
from firsthand.web.render import STATIC, Renderer
from firsthand.web.visit import Anyone, Form, Reading, text_field

router = APIRouter()

WORKER: Final = Path(__file__).parent / "worker" / "sw.js"
PAPER: Final = "#fbfaf7"
SHELL: Final = (
    "css/firsthand.css",
    "js/firsthand.js",
    "js/held.js",
    "js/cards.js",
    "js/phone.js",
    "vendor/htmx-2.0.11.min.js",
    "vendor/htmx-ext-sse-2.2.4.min.js",
    "icons/mark.svg",
)
"""What every page needs."""
_LINK = re.compile(r"https?://[^\s<>\"']+")
_ACTION = re.compile(r"[0-9A-Za-z-]{8,64}")
_MAX_ID: Final = 2**63 - 1


@router.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """The app as a phone installs it (W3C Web App Manifest). Browsers ask for it without cookies."""
    renderer = house_of(request).renderer
    return JSONResponse(_manifest(renderer), media_type="application/manifest+json")


def _manifest(renderer: Renderer) -> dict[str, Any]:
    sizes = [("app", "any", size) for size in (192, 512)] + [("maskable", "maskable", size) for size in (192, 512)]
    icons = [
        {
            "src": renderer.asset(f"icons/{name}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for name, purpose, size in sizes
    ]
    icons.append({"src": renderer.asset("icons/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"})
    shortcut_icon = [{"src": renderer.asset("icons/app-192.png"), "sizes": "192x192", "type": "image/png"}]
    shortcuts = (("Unread", "/?show=unread"), ("Saved", "/saved"), ("Search", "/search"), ("Held offline", "/offline"))
    return {
        "id": "/",
        "name": "Firsthand",
        "short_name": "Firsthand",
        "description": "Read the news as it happens, and see who said it first.",
        "lang": "en",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["news"],
        "icons": icons,
        "shortcuts": [{"name": name, "url": url, "icons": shortcut_icon} for name, url in shortcuts],
        "share_target": {
            "action": "/share",
            "method": "GET",
            "enctype": "application/x-www-form-urlencoded",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }


@router.get("/sw.js")
def worker(request: Request) -> Response:
    """The service worker, with the addresses of the files that it holds. A changed file makes a changed worker."""
    return Response(
        _worker(house_of(request).renderer, WORKER), media_type="text/javascript", headers={"cache-control": "no-cache"}
    )


@lru_cache(4)
def _worker(renderer: Renderer, source: Path) -> str:
    shell = ["/offline", *(renderer.asset(name) for name in SHELL)]
    code = source.read_text("utf-8")
    pages = "".join(path.read_text("utf-8") for path in sorted((STATIC.parent / "templates").glob("*.html")))
    version = hashlib.sha256("\n".join((*shell, code, pages)).encode()).hexdigest()[:12]
    given = {
        "VERSION": version,
        "SHELL": shell,
        "ICON": renderer.asset("icons/app-192.png"),
        "BADGE": renderer.asset("icons/badge-96.png"),
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in given.items()]
    lines.append(f"importScripts({json.dumps(renderer.asset('js/held.js'))});")
    return "\n".join((*lines, code))


@router.get("/offline")
def offline_page(request: Request, who: Anyone) -> Response:
    """What this device holds. The same for everybody: the device itself fills it in."""
    return house_of(request).renderer.page("offline.html", who, lost=True)


@router.get("/offline/state")
def offline_state(request: Request, who: Reading) -> Response:
    """What a device of the reader is to hold, how much is unread, and the token for its marks, as JSON."""
    house = house_of(request)
    state = house.desk.offline.state(who.reader)
    return JSONResponse(
        {
            "reader": who.device_key,
            "csrf": who.csrf,
            "unread": state.unread,
            "pages": state.pages,
            "articles": [{"path": one.path, "tag": one.tag, "saved": one.saved} for one in state.articles],
            "ended": house.desk.push.ended_devices(who.reader),
        },
        headers={"cache-control": "no-store"},
    )


@router.post("/offline/marks")
def offline_marks(request: Request, who: Reading, form: Form) -> Response:
    """Set the marks that a device made offline (`marks`, a JSON list), each action once however often it is sent."""
    applied = house_of(request).desk.offline.apply(who.reader, read_marks(text_field(form, "marks")))
    return JSONResponse({"applied": applied})


def read_marks(text: str) -> list[OfflineMark]:
    """Marks as a device writes them. Raises UsageError for what it never writes."""
    try:
        found = json.loads(text)
        if not isinstance(found, list):
            raise TypeError("not a list")
        return [_read_mark(one) for one in found]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise UsageError("These marks cannot be read.", "Update the app by loading a page anew.") from None


def _read_mark(one: Any) -> OfflineMark:
    action, article_id, read, saved = one["id"], one["article"], one.get("read"), one.get("saved")
    if not isinstance(action, str) or not _ACTION.fullmatch(action):
        raise ValueError("no name of an action")
    if type(article_id) is not int or not 0 < article_id <= _MAX_ID:
        raise ValueError("no article")
    if not all(flag is None or type(flag) is bool for flag in (read, saved)):
        raise TypeError("no mark")
    at = datetime.fromisoformat(one["at"])
    if at.tzinfo is None:
        raise ValueError("no instant")
    return OfflineMark(id=action, article_id=article_id, read=read, saved=saved, at=at.astimezone(UTC))


@router.get("/share")
async def share(
    request: Request,
    who: Reading,
    url: Annotated[str, Query(max_length=4000)] = "",
    text: Annotated[str, Query(max_length=20_000)] = "",
    title: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Read what was shared with the app. A link on another site's page that leads here asks first.

    A phone's share sheet opens the address itself ("none" in fetch metadata), as no page can make a browser do; so that
    alone may fetch something without a form's token.
    """
    house = house_of(request)
    address = shared_link(url, text, title)
    if address is None:
        return house.renderer.page("share.html", who, address="", shell=_shell(house, who), status=400)
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "none":
        article_id = await run_in_threadpool(house.desk.following.read_address, address)
        return RedirectResponse(f"/articles/{article_id}", 303)
    return house.renderer.page("share.html", who, address=address, shell=_shell(house, who))


def shared_link(*texts: str) -> str | None:
    """The first web address in what was shared; apps put it now into one field, now into another, with words around."""
    for text in texts:
        for found in _LINK.findall(text):
            address = found.rstrip(".,;:!?)]}»”’")
            if is_web_url(address):
                return str(address)
    return None


def _shell(house: WebHouse, who: Reading) -> Any:
    return house.desk.browse.shell(who.reader)
