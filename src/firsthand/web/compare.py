"""The pages that show what changed: between two articles, between two versions, and the list of versions."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.web.house import house_of
from firsthand.web.pages import known_id
from firsthand.web.visit import Reading

router = APIRouter()

View = Literal["", "inline"]
Number = Annotated[int | None, Query(ge=1, le=1_000_000)]
From = Annotated[int | None, Query(alias="from", ge=1, le=1_000_000)]


@router.get("/compare/{first}/{second}")
def compare(request: Request, who: Reading, first: int, second: int, view: View = "") -> Response:
    """Two articles beside each other: what the second kept, cut, added and changed."""
    house = house_of(request)
    shell = house.desk.browse.shell(who.reader)
    page = house.desk.compare.articles(who.reader, known_id(first), known_id(second), shell)
    path = f"/compare/{page.before.article_id}/{page.after.article_id}"
    if (page.before.article_id, page.after.article_id) != (first, second):  # one of them went into another
        return RedirectResponse(path, 301)
    return house.renderer.page(
        "compare.html", who, page=page, shell=shell, inline=view == "inline", path=path, given={}
    )


@router.get("/articles/{article_id}/changes")
def changes(
    request: Request, who: Reading, article_id: int, since: From = None, to: Number = None, view: View = ""
) -> Response:
    """What an outlet changed in an article, between two versions: the two newest unless `from` and `to` say others."""
    house = house_of(request)
    shell = house.desk.browse.shell(who.reader)
    page = house.desk.compare.changes(who.reader, known_id(article_id), shell, since=since, until=to)
    path, given = f"/articles/{page.after.article_id}/changes", {"from": page.before.number, "to": page.after.number}
    if page.after.article_id != article_id:
        return RedirectResponse(path, 301)
    return house.renderer.page(
        "compare.html", who, page=page, shell=shell, inline=view == "inline", path=path, given=given
    )


@router.get("/articles/{article_id}/versions")
def versions(request: Request, who: Reading, article_id: int, before: Number = None) -> Response:
    """The versions of an article: when each was read, and what it changed."""
    house = house_of(request)
    shell = house.desk.browse.shell(who.reader)
    page = house.desk.compare.versions(who.reader, known_id(article_id), shell, before=before)
    if page.held.id != article_id:
        return RedirectResponse(f"/articles/{page.held.id}/versions", 301)
    return house.renderer.page("versions.html", who, page=page, shell=shell)
