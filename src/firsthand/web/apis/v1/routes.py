"""The addresses of the JSON API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from firsthand.desk.following import Choice
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.records import FollowedFeed, Reader
from firsthand.model.streams import StreamQuery
from firsthand.model.text import clean
from firsthand.web.apis import JSON
from firsthand.web.apis.access import Follows, Marks, Reads
from firsthand.web.apis.content import base_of, body_html
from firsthand.web.apis.v1 import form, shapes
from firsthand.web.apis.v1.answers import PROBLEM, answer, nothing
from firsthand.web.apis.v1.describe import description
from firsthand.web.house import WebHouse, house_of
from firsthand.web.links import read_cursor, read_story_cursor, write_cursor, write_story_cursor

_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "What went wrong.",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
_NOTHING: Final[dict[int | str, dict[str, Any]]] = {204: {"description": "Done."}}
router = APIRouter(prefix=JSON, responses=_PROBLEMS, generate_unique_id_function=lambda route: route.name)

MAX_ID: Final = 2**63 - 1
Key = Annotated[int, Path(ge=1, le=MAX_ID)]
After = Annotated[str | None, Query(alias="cursor", max_length=40, description="`next` of the part before.")]


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """The description of the JSON API (OpenAPI 3.1)."""
    return JSONResponse(DESCRIPTION, headers={"cache-control": "public, max-age=300"})


@router.get("/me", response_model=shapes.Me)
def me(request: Request, app: Reads) -> Response:
    """Whose token this is."""
    caller = house_of(request).desk.tokens.caller_of(app.secret)
    scopes = sorted(caller.scopes, key=lambda one: one.value) if caller else []
    return answer(request, shapes.Me(id=app.reader.id, name=app.reader.name, zone=app.reader.zone, scopes=scopes))


# ── Articles ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/articles", response_model=shapes.Headlines)
def articles(
    request: Request,
    app: Reads,
    feed: Annotated[int | None, Query(ge=1, le=MAX_ID, description="Of this feed only.")] = None,
    folder: Annotated[str | None, Query(max_length=100, description="Of the feeds in this folder only.")] = None,
    read: Annotated[bool | None, Query(description="Read, or unread, only.")] = None,
    saved: Annotated[bool | None, Query(description="Saved, or not saved, only.")] = None,
    since: Annotated[datetime | None, Query(description="Came at this time or later.")] = None,
    until: Annotated[datetime | None, Query(description="Came at this time or earlier.")] = None,
    oldest_first: bool = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    cursor: After = None,
) -> Response:
    """Articles of what is followed, in the order in which they came."""
    query = StreamQuery(
        feed_id=feed,
        folder=clean(folder) if folder is not None else None,
        read=read,
        saved=saved,
        since=_aware(since),
        until=_aware(until),
        oldest_first=oldest_first,
        limit=limit,
        above=_edge(cursor) if cursor and oldest_first else 0,
        below=_edge(cursor) if cursor and not oldest_first else None,
    )
    page = house_of(request).desk.streams.page(app.reader, query)
    items = [form.headline(one.headline) for one in page.items]
    return answer(request, shapes.Headlines(items=items, next=str(page.more) if page.more is not None else None))


@router.get("/articles/{article_id}", response_model=shapes.ArticleShape)
def article(request: Request, app: Reads, article_id: Key) -> Response:
    """One article, whole, with what was found in it. Asking does not mark it read."""
    house = house_of(request)
    page = house.desk.browse.article(app.reader, article_id, opened=False)
    held = page.held.article
    html = body_html(held, held.summary or "", house, base_of(request))
    return answer(request, form.article(page, html))


@router.get("/search", response_model=shapes.Headlines)
def search(request: Request, app: Reads, q: Annotated[str, Query(max_length=500)], cursor: After = None) -> Response:
    """Search everything that is held, newest first, in the language of the search page."""
    page = house_of(request).desk.browse.search(app.reader, clean(q), before=read_cursor(cursor))
    if page.problem:
        raise UsageError(page.problem)
    older = page.listing.older
    items = [form.headline(one) for one in page.listing.headlines]
    return answer(request, shapes.Headlines(items=items, next=write_cursor(older) if older else None))


@router.post("/marks", status_code=204, response_model=None, responses=_NOTHING)
def marks(request: Request, app: Marks, given: shapes.MarksIn) -> Response:
    """Mark articles read, unread, saved or not saved."""
    house_of(request).desk.streams.mark(app.reader, given.ids, read=given.read, saved=given.saved)
    return nothing()


@router.post("/read-all", status_code=204, response_model=None, responses=_NOTHING)
def read_all(request: Request, app: Marks, given: shapes.ReadAllIn) -> Response:
    """Mark all read that came until a time, everywhere or in one feed or folder."""
    desk = house_of(request).desk
    folder = clean(given.folder) if given.folder is not None else None
    until = _aware(given.until) or desk.clock()
    desk.streams.mark_all(app.reader, StreamQuery(feed_id=given.feed_id, folder=folder, until=until))
    return nothing()


# ── What is followed ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/feeds", response_model=shapes.Feeds)
def feeds(request: Request, app: Reads) -> Response:
    """What is followed, and how it is."""
    followed = house_of(request).desk.streams.followed(app.reader)
    return answer(request, shapes.Feeds(items=[form.feed(one) for one in followed]))


@router.post("/feeds", response_model=shapes.FeedShape)
async def follow(request: Request, app: Follows, given: shapes.FollowIn) -> Response:
    """Follow what an address leads to; of several feeds the first that its page names."""
    house = house_of(request)
    folder = clean(given.folder)
    found = await house.desk.following.follow(app.reader, given.url, folder)
    if isinstance(found, Choice):
        links = found.feeds[:1]
        (found,) = await run_in_threadpool(house.desk.following.follow_links, app.reader, links, folder)
    one = await run_in_threadpool(_followed, house, app.reader, found.id)
    return answer(request, form.feed(one))


@router.patch("/feeds/{feed_id}", response_model=shapes.FeedShape)
def move_feed(request: Request, app: Follows, feed_id: Key, given: shapes.FolderIn) -> Response:
    """Put a feed in a folder."""
    house = house_of(request)
    _followed(house, app.reader, feed_id)
    house.desk.following.set_folder(app.reader, feed_id, clean(given.folder))
    return answer(request, form.feed(_followed(house, app.reader, feed_id)))


@router.delete("/feeds/{feed_id}", status_code=204, response_model=None, responses=_NOTHING)
def unfollow(request: Request, app: Follows, feed_id: Key) -> Response:
    """Stop following a feed. Its articles stay."""
    house = house_of(request)
    _followed(house, app.reader, feed_id)
    house.desk.following.unfollow(app.reader, feed_id)
    return nothing()


# ── Stories, people, changes ─────────────────────────────────────────────────────────────────────────────────────────


@router.get("/stories", response_model=shapes.StoriesShape)
def stories(
    request: Request,
    app: Reads,
    section: Annotated[str | None, Query(max_length=100)] = None,
    cursor: After = None,
) -> Response:
    """The stories of what is followed, as the front page ranks them."""
    before = read_story_cursor(cursor)
    found = house_of(request).desk.stories.front(app.reader, before=before, section=clean(section) if section else None)
    return answer(request, form.stories(found.items, write_story_cursor(found.older) if found.older else None))


@router.get("/stories/{story_id}", response_model=shapes.StoryPageShape)
def story(request: Request, app: Reads, story_id: Key) -> Response:
    """One story: who carries it, and how many know it first hand."""
    return answer(request, form.story_page(house_of(request).desk.stories.story(app.reader, story_id)))


@router.get("/people", response_model=shapes.People)
def people(request: Request, app: Reads, q: Annotated[str, Query(max_length=200)]) -> Response:
    """People of whose names this is a part."""
    page = house_of(request).desk.browse.people(app.reader, clean(q))
    return answer(request, shapes.People(items=[form.person(one) for one in page.people]))


@router.get("/people/{person_id}", response_model=shapes.PersonPageShape)
def person(request: Request, app: Reads, person_id: Key, cursor: After = None) -> Response:
    """What one person said, newest first."""
    page = house_of(request).desk.browse.person(app.reader, person_id, before=read_cursor(cursor))
    items = [form.said(one) for one in page.said]
    older = write_cursor(page.older) if page.older else None
    return answer(request, shapes.PersonPageShape(person=form.person(page.person), items=items, next=older))


@router.get("/changes", response_model=shapes.Changes)
def changes(
    request: Request,
    _app: Reads,
    after: Annotated[int, Query(ge=0, le=MAX_ID, description="`latest` of the answer before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """What has changed since: new articles, pages read, corrections, feeds that fail. For programs that follow along."""
    found = house_of(request).desk.live.after(after, limit)
    latest = found[-1].seq if found else after
    return answer(request, shapes.Changes(items=[form.change(one) for one in found], latest=latest))


def _followed(house: WebHouse, reader: Reader, feed_id: int) -> FollowedFeed:
    for one in house.desk.streams.followed(reader):
        if one.feed.id == feed_id:
            return one
    raise NotFound(f"You follow no feed {feed_id}.", "The list of feeds names those that you do.")


def _edge(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20):
        raise UsageError("This cursor is none of ours.", "Begin without one.")
    return min(int(cursor), MAX_ID)


def _aware(at: datetime | None) -> datetime | None:
    """A time without a zone is UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


# Made here, while the routes answer to just the methods that they name.
DESCRIPTION: Final = description(router)
