"""The Fever API, version 3, which older apps know (and FreshRSS and Miniflux speak). https://feedafever.com/api

An app sends the MD5 of "name:token", so it needs an API token: a password's hash gives no MD5.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from firsthand.desk import Desk
from firsthand.desk.streams import MOST_IDS
from firsthand.desk.tokens import Caller
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.records import FollowedFeed, Reader
from firsthand.model.streams import StreamItem, StreamQuery
from firsthand.model.tokens import Scope
from firsthand.web.apis.access import Fields, Given, allowed
from firsthand.web.apis.content import base_of, html_of
from firsthand.web.apis.readerids import moment, seconds
from firsthand.web.house import house_of

router = APIRouter()

PAGE: Final = 50
"""Articles in one answer (Fever API, "Items")."""
_VERSION: Final = 3
# One dot for every feed: Firsthand keeps no icons, and the API has no way to say so.
_ICON: Final = "image/gif;base64,R0lGODlhAQABAIAAAObm5gAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="
_SPARKS: Final = "-1"
"""The group of feeds that are not worth being counted as unread, of which we have none."""
_MAX_ID: Final = (1 << 63) - 1


@router.api_route("/fever", methods=["GET", "POST"])
@router.api_route("/fever/", methods=["GET", "POST"])
@router.api_route("/api/fever.php", methods=["GET", "POST"])
def fever(request: Request, given: Fields) -> Response:
    """The Fever API: what is asked for stands in the query."""
    desk = house_of(request).desk
    caller = desk.tokens.caller_of_fever(given.text("api_key"))
    if caller is None:
        return JSONResponse({"api_version": _VERSION, "auth": 0})
    reader = caller.reader
    followed = desk.streams.followed(reader)
    polled = [one.feed.last_success for one in followed if one.feed.last_success]
    found: dict[str, Any] = {
        "api_version": _VERSION,
        "auth": 1,
        "last_refreshed_on_time": seconds(max(polled, default=desk.clock())),
    }
    found |= _marked(desk, caller, given, followed)
    found |= _lists(given, followed)
    if "items" in given:
        found |= _items(request, desk, reader, given)
    if "unread_item_ids" in given:
        found["unread_item_ids"] = _ids(desk, reader, StreamQuery(read=False))
    if "saved_item_ids" in given:
        found["saved_item_ids"] = _ids(desk, reader, StreamQuery(saved=True))
    return JSONResponse(found, headers={"cache-control": "private, no-store"})


def group_id(folder: str) -> int:
    """A folder's number: Fever has numbers only, and a folder is a name. 0 is Fever's own, for everything."""
    return (zlib.crc32(folder.encode()) & 0x7FFFFFFF) or 1


def _lists(given: Given, followed: list[FollowedFeed]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    folders: dict[str, list[str]] = defaultdict(list)
    for one in followed:
        if one.follow.folder:
            folders[one.follow.folder].append(str(one.feed.id))
    if "groups" in given:
        found["groups"] = [{"id": group_id(folder), "title": folder} for folder in folders]
    if "feeds" in given:
        found["feeds"] = [_feed(one) for one in followed]
    if "groups" in given or "feeds" in given:
        found["feeds_groups"] = [
            {"group_id": group_id(folder), "feed_ids": ",".join(ids)} for folder, ids in folders.items()
        ]
    if "favicons" in given:
        found["favicons"] = [{"id": 1, "data": _ICON}]
    if "links" in given:
        found["links"] = []
    return found


def _feed(one: FollowedFeed) -> dict[str, Any]:
    feed = one.feed
    return {
        "id": feed.id,
        "favicon_id": 1,
        "title": feed.title,
        "url": feed.url,
        "site_url": feed.site_url or one.outlet.home or feed.url,
        "is_spark": 0,
        "last_updated_on_time": seconds(feed.last_new or feed.added),
    }


def _items(request: Request, desk: Desk, reader: Reader, given: Given) -> dict[str, Any]:
    """At most 50 articles: those with `with_ids`, those after `since_id`, or those before `max_id`."""
    if "with_ids" in given:
        items = desk.streams.items(reader, _numbers(given.text("with_ids"))[:PAGE])
    else:
        query = StreamQuery(limit=PAGE)
        since, below = given.number("since_id"), given.number("max_id")
        if since is not None:
            query = replace(query, above=min(since, _MAX_ID), oldest_first=True)
        elif below:
            query = replace(query, below=min(below, _MAX_ID))
        items = list(desk.streams.page(reader, query).items)
    return {"total_items": _total(desk, reader), "items": [_item(request, one) for one in items]}


def _item(request: Request, one: StreamItem) -> dict[str, Any]:
    head = one.headline
    return {
        "id": head.id,
        "feed_id": one.feeds[0].id if one.feeds else 0,
        "title": head.headline,
        "author": ", ".join(head.byline),
        "html": html_of(one, house_of(request), base_of(request)),
        "url": head.url,
        "is_saved": int(head.saved),
        "is_read": int(head.read),
        "created_on_time": seconds(head.sort_at),
    }


def _total(desk: Desk, reader: Reader) -> int:
    """How many articles there are. Beyond what is counted, the newest id: apps ask on until nothing more comes."""
    ids = desk.streams.every_id(reader, StreamQuery(), MOST_IDS)
    return ids[0] if len(ids) == MOST_IDS else len(ids)


def _ids(desk: Desk, reader: Reader, query: StreamQuery) -> str:
    return ",".join(map(str, desk.streams.every_id(reader, query)))


def _numbers(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19]


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _marked(desk: Desk, caller: Caller, given: Given, followed: list[FollowedFeed]) -> dict[str, Any]:
    """Do what `mark` says, and answer as the API does: with the ids whose marks may have changed."""
    kind, as_ = given.text("mark"), given.text("as")
    if not kind:
        return {}
    reader = allowed(caller, Scope.WRITE)
    if kind == "group" and given.text("id") == _SPARKS:
        return {"unread_item_ids": _ids(desk, reader, StreamQuery(read=False))}
    key = given.number("id")
    if kind == "item" and key is not None:
        return _mark_item(desk, reader, as_, min(key, _MAX_ID))
    if kind in ("feed", "group") and as_ == "read" and key is not None:
        before = given.number("before")
        query = _scope(kind, key, followed)
        if query is not None:
            desk.streams.mark_all(reader, replace(query, until=moment(before) if before else desk.clock()))
        return {"unread_item_ids": _ids(desk, reader, StreamQuery(read=False))}
    raise UsageError("This mark is not one of the API.", "Send mark, as and id.")


def _mark_item(desk: Desk, reader: Reader, as_: str, key: int) -> dict[str, Any]:
    marks = {"read": (True, None), "unread": (False, None), "saved": (None, True), "unsaved": (None, False)}
    if as_ not in marks:
        raise UsageError(f"An article cannot be marked as “{as_[:40]}”.", "Send read, unread, saved or unsaved.")
    read, saved = marks[as_]
    desk.streams.mark(reader, [key], read=read, saved=saved)
    if read is None:
        return {"saved_item_ids": _ids(desk, reader, StreamQuery(saved=True))}
    return {"unread_item_ids": _ids(desk, reader, StreamQuery(read=False))}


def _scope(kind: str, key: int, followed: list[FollowedFeed]) -> StreamQuery | None:
    """What a feed's or a group's number means; group 0 is everything. None: no folder has this number."""
    if kind == "feed":
        if all(one.feed.id != key for one in followed):
            raise NotFound(f"You follow no feed {key}.")
        return StreamQuery(feed_id=key)
    if key == 0:
        return StreamQuery()
    folder = next(
        (one.follow.folder for one in followed if one.follow.folder and group_id(one.follow.folder) == key), None
    )
    return StreamQuery(folder=folder) if folder is not None else None
