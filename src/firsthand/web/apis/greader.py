"""The Google Reader API, as FreshRSS and Miniflux speak it: what most apps for reading feeds know.

Under our own address, as Miniflux has it, and under `/api/greader.php`, as FreshRSS has it: apps ask for either.
https://feedhq.readthedocs.io/en/latest/api/ and https://freshrss.github.io/FreshRSS/en/developers/06_GoogleReader_API.html
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from firsthand.desk import Desk
from firsthand.desk.following import Choice
from firsthand.desk.streams import ItemsPage, StreamPage
from firsthand.model.errors import AccessDenied, FirsthandError, NotFound, UsageError
from firsthand.model.feed import FeedLink
from firsthand.model.records import Reader
from firsthand.model.streams import StreamQuery
from firsthand.web.apis import readerform as form
from firsthand.web.apis.access import Fields, Follows, Given, Marks, Reads, TokenNeeded
from firsthand.web.apis.readerids import (
    LABEL,
    READING_LIST,
    Stream,
    article_id,
    feed_of,
    feed_stream,
    label_of,
    moment,
    narrowed,
    state_of,
    stream_of,
)
from firsthand.web.house import house_of

router = APIRouter()

DEFAULT: Final = 20
"""Articles in an answer where an app does not say how many."""
_API: Final = "/reader/api/0"
_BOTH: Final = ["GET", "POST"]
_OK: Final = "OK"


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


@router.post("/accounts/ClientLogin")
def client_login(request: Request, given: Fields) -> Response:
    """Sign an app in by the account's name and an API token, or the account's password."""
    address = request.client.host if request.client else "unknown"
    try:
        auth = house_of(request).desk.tokens.sign_in(given.text("Email"), given.text("Passwd"), address)
    except AccessDenied as error:
        return PlainTextResponse(f"Error=BadAuthentication\n{error}\n", 401)
    if given.text("output") == "json":
        return form.answer(given, {"SID": auth, "LSID": auth, "Auth": auth})
    return PlainTextResponse(f"SID={auth}\nLSID={auth}\nAuth={auth}\n", headers={"cache-control": "private, no-store"})


@router.get(f"{_API}/token")
def token(app: Reads) -> Response:
    """A token to send along with changes; apps ask for it, though the header alone would do."""
    return PlainTextResponse(_post_token(app.secret))


@router.get(f"{_API}/user-info")
def user_info(app: Reads, given: Fields) -> Response:
    """Who is signed in."""
    key, name = str(app.reader.id), app.reader.name
    return form.answer(given, {"userId": key, "userName": name, "userProfileId": key, "userEmail": name})


def _post_token(secret: str) -> str:
    """57 characters, which is how long Google's were: some apps check that."""
    return hmac.new(secret.encode(), b"post", hashlib.sha256).hexdigest()[:57]


def _check(given: Given, secret: str) -> None:
    """Refuse a change that carries a token of another session. None at all is taken, as FreshRSS does.

    Raises:
        TokenNeeded: it is wrong; apps then ask for a new one.
    """
    sent = given.text("T")
    if sent and not hmac.compare_digest(sent.encode(), _post_token(secret).encode()):
        raise TokenNeeded("The token of this change is of another session.", "Ask for a new one.")


# ── What is followed ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.get(f"{_API}/subscription/list")
def subscriptions(request: Request, app: Reads, given: Fields) -> Response:
    """The feeds that are followed, with their folders."""
    followed = house_of(request).desk.streams.followed(app.reader)
    return form.answer(given, {"subscriptions": [form.subscription(one) for one in followed]})


@router.post(f"{_API}/subscription/edit")
def edit_subscription(request: Request, app: Follows, given: Fields) -> Response:
    """Follow (`ac=subscribe`), stop following (`unsubscribe`), rename or put in and out of folders (`edit`)."""
    _check(given, app.secret)
    desk, names, action = house_of(request).desk, given.all("s"), given.text("ac")
    if not names or action not in ("subscribe", "unsubscribe", "edit"):
        raise UsageError("Nothing says what to do with which feed.", "Send ac and s.")
    titles, labels = given.all("t"), [label for name in given.all("a") if (label := label_of(name))]
    for number, name in enumerate(names):
        if action == "subscribe":
            title = titles[number] if number < len(titles) else ""
            _follow(desk, app.reader, name, title, labels[0] if labels else "")
        else:
            _edit(desk, app.reader, name, action, given, labels)
    return PlainTextResponse(_OK)


def _follow(desk: Desk, reader: Reader, name: str, title: str, folder: str) -> None:
    key = name.removeprefix("feed/")
    if key.isascii() and key.isdigit():
        feed_id = int(key) if len(key) < 19 else 0
        desk.following.refollow(reader, feed_id, folder)
    else:
        (feed,) = desk.following.follow_links(reader, [FeedLink(key, title)], folder)
        feed_id = feed.id
    if folder:
        desk.following.set_folder(reader, feed_id, folder)


def _edit(desk: Desk, reader: Reader, name: str, action: str, given: Given, labels: list[str]) -> None:
    one = feed_of(name, desk.streams.followed(reader))
    if action == "unsubscribe":
        desk.following.unfollow(reader, one.feed.id)
        return
    title = given.text("t")
    removed = [label_of(label) for label in given.all("r")]
    if labels or one.follow.folder in removed:
        desk.following.set_folder(reader, one.feed.id, labels[0] if labels else "")
    if title and title != one.feed.title:
        desk.following.rename(reader, one.feed.id, title)


@router.post(f"{_API}/subscription/quickadd")
async def quickadd(request: Request, app: Follows, given: Fields) -> Response:
    """Follow what an address leads to: a feed, or a site with one."""
    desk, address = house_of(request).desk, given.text("quickadd").removeprefix("feed/")
    try:
        found = await desk.following.follow(app.reader, address)
        if isinstance(found, Choice):  # an app cannot ask which: the first is the one that the page names first
            (found,) = await run_in_threadpool(desk.following.follow_links, app.reader, found.feeds[:1])
    except FirsthandError as error:
        return form.answer(given, {"query": address, "numResults": 0, "error": str(error)})
    name = feed_stream(found.id)
    return form.answer(given, {"query": address, "numResults": 1, "streamId": name, "streamName": found.title})


@router.get(f"{_API}/subscription/export")
def export(request: Request, app: Reads) -> Response:
    """All that is followed, as OPML."""
    body = house_of(request).desk.following.export_opml(app.reader)
    headers = {"content-disposition": 'attachment; filename="firsthand.opml"'}
    return Response(body, media_type="text/x-opml; charset=utf-8", headers=headers)


@router.post(f"{_API}/subscription/import")
async def import_(request: Request, app: Follows) -> Response:
    """Follow all that an OPML file names, which is the request's body."""
    following = house_of(request).desk.following
    result = await run_in_threadpool(following.import_opml, app.reader, await request.body())
    return PlainTextResponse(f"OK: {result.added + result.known}")


@router.get(f"{_API}/tag/list")
def tags(request: Request, app: Reads, given: Fields) -> Response:
    """The folders, and what is saved. With nothing beside what Miniflux gives: google-reader takes no other fields."""
    folders = {one.follow.folder for one in house_of(request).desk.streams.followed(app.reader)}
    names = sorted(folders - {""}, key=str.casefold)
    found = [{"id": f"{LABEL}{folder}", "label": folder, "type": "folder"} for folder in names]
    found.insert(0, {"id": "user/-/state/com.google/starred"})
    return form.answer(given, {"tags": found})


@router.post(f"{_API}/rename-tag")
def rename_tag(request: Request, app: Follows, given: Fields) -> Response:
    """Rename a folder."""
    _check(given, app.secret)
    to = label_of(given.text("dest"))
    if not to:
        raise UsageError("Nothing says what the folder is to be named.", "Send dest.")
    _move(request, app.reader, given, to)
    return PlainTextResponse(_OK)


@router.post(f"{_API}/disable-tag")
def disable_tag(request: Request, app: Follows, given: Fields) -> Response:
    """Remove a folder; its feeds stay."""
    _check(given, app.secret)
    _move(request, app.reader, given, "")
    return PlainTextResponse(_OK)


def _move(request: Request, reader: Reader, given: Given, to: str) -> None:
    folder = label_of(given.text("s")) or given.text("t")
    if not folder or not house_of(request).desk.streams.move_folder(reader, folder, to):
        raise NotFound(f"There is no folder “{folder}”.", "The list of tags names those that there are.")


@router.get(f"{_API}/preference/list")
def preferences(_app: Reads, given: Fields) -> Response:
    """Google's preferences, of which we keep none."""
    return form.answer(given, {"prefs": []})


@router.get(f"{_API}/preference/stream/list")
def stream_preferences(_app: Reads, given: Fields) -> Response:
    """Google's preferences by stream, of which we keep none."""
    return form.answer(given, {"streamprefs": {}})


# ── Streams ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.api_route(f"{_API}/stream/items/ids", methods=_BOTH)
def item_ids(request: Request, app: Reads, given: Fields) -> Response:
    """The ids of a stream's articles."""
    desk = house_of(request).desk
    _, query = _asked(desk, app.reader, given.text("s", READING_LIST), given)
    page = desk.streams.refs(app.reader, query) if query else StreamPage((), None)
    found: dict[str, Any] = {"itemRefs": [form.reference(one) for one in page.refs]}
    return form.answer(given, found | ({"continuation": str(page.more)} if page.more is not None else {}))


@router.api_route(f"{_API}/stream/items/contents", methods=_BOTH)
def item_contents(request: Request, app: Reads, given: Fields) -> Response:
    """Articles by their ids, whole."""
    desk = house_of(request).desk
    items = desk.streams.items(app.reader, [article_id(text) for text in given.all("i")])
    stream = Stream(READING_LIST, "reading-list", StreamQuery())
    return form.answer(given, form.articles(request, stream, ItemsPage(tuple(items), None), desk.clock()))


@router.api_route(f"{_API}/stream/contents", methods=_BOTH)
def named_contents(request: Request, app: Reads, given: Fields) -> Response:
    """A stream's articles, whole; its name is given as `s`."""
    return _contents(request, app.reader, given.text("s", READING_LIST), given)


@router.api_route(_API + "/stream/contents/{stream:path}", methods=_BOTH)
def contents(request: Request, app: Reads, given: Fields, stream: str) -> Response:
    """A stream's articles, whole."""
    return _contents(request, app.reader, stream, given)


@router.get("/reader/atom/{stream:path}")
def atom(request: Request, app: Reads, given: Fields, stream: str) -> Response:
    """A stream's articles, whole, as Atom."""
    desk = house_of(request).desk
    asked, page = _page(desk, app.reader, stream, given)
    body = form.atom(request, asked, page, desk.clock())
    return Response(body, media_type="application/atom+xml; charset=utf-8", headers={"cache-control": "no-store"})


@router.get(f"{_API}/unread-count")
def unread_count(request: Request, app: Reads, given: Fields) -> Response:
    """How much is unread, by feed and folder."""
    streams = house_of(request).desk.streams
    return form.answer(given, form.counts(streams.followed(app.reader), streams.unread(app.reader)))


def _contents(request: Request, reader: Reader, stream: str, given: Given) -> Response:
    desk = house_of(request).desk
    asked, page = _page(desk, reader, stream or READING_LIST, given)
    return form.answer(given, form.articles(request, asked, page, desk.clock()))


def _page(desk: Desk, reader: Reader, stream: str, given: Given) -> tuple[Stream, ItemsPage]:
    asked, query = _asked(desk, reader, stream, given)
    return asked, desk.streams.page(reader, query) if query else ItemsPage((), None)


def _asked(desk: Desk, reader: Reader, stream: str, given: Given) -> tuple[Stream, StreamQuery | None]:
    found = stream_of(stream, desk.streams.followed(reader))
    return found, narrowed(found.query, given, DEFAULT) if found.query is not None else None


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.post(f"{_API}/edit-tag")
def edit_tag(request: Request, app: Marks, given: Fields) -> Response:
    """Mark articles read, unread, saved or not saved."""
    _check(given, app.secret)
    added, removed = given.all("a"), given.all("r")
    if any(label_of(name) is not None for name in added):
        raise UsageError("Labels are folders of feeds here, not of articles.", "Save the article instead.")
    adds, removes = {state_of(name) for name in added}, {state_of(name) for name in removed}
    ids = [article_id(text) for text in given.all("i")]
    read, saved = _turned("read", adds, removes), _turned("starred", adds, removes)
    if read is None and "kept-unread" in adds:
        read = False
    house_of(request).desk.streams.mark(app.reader, ids, read=read, saved=saved)
    return PlainTextResponse(_OK)


def _turned(state: str, adds: set[str | None], removes: set[str | None]) -> bool | None:
    return True if state in adds else False if state in removes else None


@router.post(f"{_API}/mark-all-as-read")
def mark_all_as_read(request: Request, app: Marks, given: Fields) -> Response:
    """Mark all of a stream read that came until `ts`."""
    _check(given, app.secret)
    desk = house_of(request).desk
    name, at = given.text("s"), given.number("ts")
    query = stream_of(name, desk.streams.followed(app.reader)).query
    until = moment(at) if at else desk.clock()
    if query is not None and query.saved:
        ids = desk.streams.every_id(app.reader, StreamQuery(saved=True, read=False, until=until))
        desk.streams.mark(app.reader, ids, read=True)
    elif query is not None and not query.read:
        desk.streams.mark_all(app.reader, StreamQuery(feed_id=query.feed_id, folder=query.folder, until=until))
    return PlainTextResponse(_OK)
