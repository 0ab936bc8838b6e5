"""What a reader does to articles and feeds: every POST, each with its form checked first.

Without JavaScript an answer sends back to where the reader was; htmx gets the changed piece alone.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.model.errors import UsageError
from firsthand.web.house import house_of
from firsthand.web.links import own_path, read_cursor
from firsthand.web.visit import Form, Owning, Reading, text_field

router = APIRouter()
_MAX_ID = 2**63 - 1


@router.post("/articles/{article_id}/marks")
def marks(request: Request, who: Reading, form: Form, article_id: int) -> Response:
    """Set `read` and `saved` ("1" or "0") on an article."""
    house = house_of(request)
    read, saved = _flag(form, "read"), _flag(form, "saved")
    house.desk.browse.mark(who.reader, _id(str(article_id)), read=read, saved=saved)
    if request.headers.get("hx-request"):
        held = house.desk.browse.article(who.reader, article_id, opened=False).held
        # The piece stands in the page that the form was sent from, and leads back there where scripts are too slow.
        there = replace(who, here=own_path(text_field(form, "back")))
        return house.renderer.page("_marks.html", there, id=held.id, read=held.read, saved=held.saved)
    return _back(form)


@router.post("/read-all")
def read_all(who: Reading, request: Request, form: Form) -> Response:
    """Mark all read that the reader has seen: down from `upto`, in one list or all."""
    upto = read_cursor(text_field(form, "upto"))
    if upto is None:
        raise UsageError("Nothing says what you have seen.", "Load the page anew and try again.")
    outlet, feed = text_field(form, "outlet"), text_field(form, "feed")
    house_of(request).desk.browse.mark_all_read(
        who.reader,
        upto=upto,
        outlet_id=_id(outlet) if outlet else None,
        feed_id=_id(feed) if feed else None,
        section=text_field(form, "section") or None,
    )
    return _back(form)


@router.post("/people/{person_id}/merge")
def merge_people(request: Request, _who: Owning, form: Form, person_id: int) -> Response:
    """Two are one person."""
    into = _id(text_field(form, "into"))
    house_of(request).desk.browse.merge_people(_id(str(person_id)), into)
    return RedirectResponse(f"/people/{into}", 303)


@router.post("/people/{person_id}/split")
def split_person(request: Request, _who: Owning, form: Form, person_id: int) -> Response:
    """What an article ascribes to a person was said by a namesake."""
    made = house_of(request).desk.browse.split_person(_id(str(person_id)), _id(text_field(form, "article")))
    return RedirectResponse(f"/people/{made}", 303)


@router.post("/feeds/{feed_id}/retry")
def retry(request: Request, _who: Reading, form: Form, feed_id: int) -> Response:
    """Ask a feed now."""
    house_of(request).desk.following.retry(_id(str(feed_id)))
    return _back(form, "/feeds")


@router.post("/feeds/{feed_id}/folder")
def folder(request: Request, who: Reading, form: Form, feed_id: int) -> Response:
    """Put a feed in a folder."""
    house_of(request).desk.following.set_folder(who.reader, _id(str(feed_id)), text_field(form, "folder"))
    return _back(form, "/feeds")


@router.post("/feeds/{feed_id}/name")
def name(request: Request, who: Reading, form: Form, feed_id: int) -> Response:
    """Give a feed a name of the reader's own, or its own name back."""
    house_of(request).desk.following.rename(who.reader, _id(str(feed_id)), text_field(form, "name"))
    return _back(form, "/feeds")


@router.post("/feeds/{feed_id}/unfollow")
def unfollow(request: Request, who: Reading, form: Form, feed_id: int) -> Response:
    """Stop following a feed."""
    house_of(request).desk.following.unfollow(who.reader, _id(str(feed_id)))
    return _back(form, "/feeds")


@router.post("/feeds/{feed_id}/follow")
def refollow(request: Request, who: Reading, form: Form, feed_id: int) -> Response:
    """Follow a feed that is held already."""
    house_of(request).desk.following.refollow(who.reader, _id(str(feed_id)))
    return _back(form, f"/feeds/{feed_id}")


@router.post("/read")
async def read_address(request: Request, who: Reading, form: Form) -> Response:
    """Read one article by its address, without following anything."""
    following = house_of(request).desk.following
    article_id = await run_in_threadpool(following.read_address, text_field(form, "address"))
    return RedirectResponse(f"/articles/{article_id}", 303)


def _back(form: FormData, default: str = "/") -> Response:
    return RedirectResponse(own_path(text_field(form, "back"), default), 303)


def _flag(form: FormData, name: str) -> bool | None:
    return {"1": True, "0": False}.get(text_field(form, name))


def _id(text: str) -> int:
    """An id from a form or an address; 0, which no thing has, for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _MAX_ID else 0
