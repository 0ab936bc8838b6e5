"""The addresses of feeds out, and the page that lists and hands out secret ones."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from firsthand.model.errors import NotFound
from firsthand.model.out import FeedName, OutFeed, feed_name
from firsthand.model.records import Reader
from firsthand.model.text import clean
from firsthand.web.house import WebHouse, house_of
from firsthand.web.out.atom import write_atom
from firsthand.web.out.jsonfeed import write_json
from firsthand.web.out.place import Form as Format
from firsthand.web.out.place import Place, feed_path
from firsthand.web.out.rss import write_rss
from firsthand.web.visit import Form, Reading, SignInNeeded, Visitor, text_field, visitor

router = APIRouter()

_WRITERS: Final = {Format.ATOM: write_atom, Format.RSS: write_rss, Format.JSON: write_json}
_CLOSED: Final = (
    "This feed has a secret address, and this is not it. Open Settings, then Feeds out, and copy one from there.\n"
)
_LABELS: Final = {"front": "Front page", "saved": "Saved", "": "All feeds"}


@router.get("/out")
def feeds_out(
    request: Request,
    who: Reading,
    of: Annotated[str, Query(max_length=700)] = "",
) -> Response:
    """The page of feeds out: the addresses of one feed, and all secret addresses."""
    return _page(request, who, _named(of) if of else None)


@router.post("/out/keys")
def make_key(request: Request, who: Reading, form: Form) -> Response:
    """Make a secret address of one feed, or of all; it is shown this once."""
    house = house_of(request)
    feed = clean(text_field(form, "feed"))[:700]
    name = _named(feed) if feed else None
    secret = house.desk.out.make_key(who.reader, name.whole if name else "")
    return _page(request, who, name, secret=secret)


@router.post("/out/keys/{key_id}/revoke")
def revoke_key(request: Request, who: Reading, form: Form, key_id: int) -> Response:
    """End a secret address at once."""
    house_of(request).desk.out.revoke(who.reader, key_id)
    return RedirectResponse("/out", 303)


@router.get("/out/{path:path}")
async def feed(
    request: Request,
    path: str,
    q: Annotated[str, Query(max_length=500)] = "",
    key: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """A feed: `/out/sections/world.atom`, also `.rss` and `.json`; `key` is the secret of its address."""
    house = house_of(request)
    try:
        name, form = _asked(path, clean(q))
        reader, public = await _reader(request, name, key)
        if reader is None:
            return PlainTextResponse(_CLOSED, 403)
        made = await run_in_threadpool(house.desk.out.feed, reader, name)
    except NotFound as error:  # who asks here reads feeds, not pages
        return PlainTextResponse(f"{error}\n", 404)
    hub = house.settings.hub if public else ""
    place = Place(base_of(request), form, key, hub, pages=not public)
    return _answer(request, made, _WRITERS[form](made, place), form, public=public)


def _asked(path: str, words: str) -> tuple[FeedName, Format]:
    stem, _, ending = clean(path).rpartition(".")
    form = next((one for one in Format if one.value == ending), None)
    if form is None:
        raise NotFound("There is no such feed.", "Feeds end in .atom, .rss or .json.")
    return feed_name(stem, words), form


async def _reader(request: Request, name: FeedName, key: str) -> tuple[Reader | None, bool]:
    """Whose feed is read, and whether as anybody: by the secret, by the browser's session, or because it is public."""
    house = house_of(request)
    if key:
        return await run_in_threadpool(house.desk.out.reader_of, key, name), False
    public = house.settings.public and not name.is_private
    if not public:
        try:
            return (await visitor(request)).reader, False
        except SignInNeeded:
            return None, False
    return await run_in_threadpool(house.desk.out.public_reader), True


def _answer(request: Request, feed: OutFeed, body: bytes, form: Format, *, public: bool) -> Response:
    """The document, or 304 where the reader has it (RFC 9110 §13.1)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "vary": "Cookie", "cache-control": "public, max-age=60" if public else "private, no-cache"}
    changed = None if feed.slides or feed.updated is None else feed.updated.astimezone(UTC).replace(microsecond=0)
    if changed is not None:
        headers["last-modified"] = format_datetime(changed, usegmt=True)
    if _is_current(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{form.media_type}; charset=utf-8", headers=headers)


def _is_current(request: Request, etag: str, changed: datetime | None) -> bool:
    given = request.headers.get("if-none-match")
    if given is not None:  # then the date is not looked at (RFC 9110 §13.2.2)
        return given.strip() == "*" or etag in [one.strip().removeprefix("W/") for one in given.split(",")]
    since = request.headers.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        at = parsedate_to_datetime(since)
    except ValueError:
        return False
    return changed <= (at if at.tzinfo else at.replace(tzinfo=UTC))


def base_of(request: Request) -> str:
    """The address under which we are reached: as the settings say, else as we were asked."""
    settings = house_of(request).settings
    if settings.address:
        return settings.address.rstrip("/")
    scheme = "https" if settings.secure_cookies else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '').lower()}"


def _named(text: str) -> FeedName:
    path, _, words = text.partition("?")
    return feed_name(clean(path), clean(words))


def label_of(whole: str) -> str:
    """A feed as the page of feeds out lists it."""
    if whole in _LABELS:
        return _LABELS[whole]
    path, _, words = whole.partition("?")
    kind, _, key = path.partition("/")
    return f"Search: {words}" if kind == "search" else f"{kind.capitalize()}: {key}"


def _page(request: Request, who: Visitor, name: FeedName | None, *, secret: str = "") -> Response:
    house: WebHouse = house_of(request)
    base = base_of(request)
    title = house.desk.out.feed(who.reader, name).title.removesuffix(" · Firsthand") if name else "All feeds"
    shown = name or FeedName("front")
    return house.renderer.page(
        "out.html",
        who,
        shell=house.desk.browse.shell(who.reader),
        name=name,
        title=title,
        secret=secret,
        addresses=[(form.label, base + feed_path(shown, form, secret)) for form in Format],
        keys=[(one, label_of(one.feed)) for one in house.desk.out.keys(who.reader)],
        public=house.settings.public and not (name and name.is_private),
    )
