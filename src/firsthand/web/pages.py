"""The pages that are read: front, outlet, feed, section, saved, search, article, feeds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.model.text import clean
from firsthand.web.house import WebHouse, house_of
from firsthand.web.links import read_cursor, read_story_cursor
from firsthand.web.visit import Reading

router = APIRouter()

Before = Annotated[str | None, Query(max_length=40)]
_MAX_ID = 2**63 - 1


@router.get("/")
def front(request: Request, who: Reading, before: Before = None, show: str = "") -> Response:
    """The front page, by story; by article where that is asked for, or while there are no stories yet."""
    house = house_of(request)
    listing = (
        None if show in ("latest", "unread") else house.desk.stories.front(who.reader, before=read_story_cursor(before))
    )
    by_article = listing is None or not (listing.items or before)
    unread = show == "unread"
    page = house.desk.browse.front(who.reader, before=read_cursor(before) if by_article else None, unread_only=unread)
    if not page.health.total and not page.listing.headlines:
        return RedirectResponse("/follow", 303)
    if by_article:
        view = "unread" if unread else "latest" if show else "front"
        return house.renderer.page("front.html", who, page=page, shell=page.shell, view=view if page.first else None)
    return house.renderer.page(
        "stories.html", who, page=page, stories=listing, shell=page.shell, view=None if before else "front"
    )


@router.get("/outlets/{outlet_id}")
def outlet(request: Request, who: Reading, outlet_id: int, before: Before = None) -> Response:
    """What one outlet published."""
    house = house_of(request)
    page = house.desk.browse.outlet(who.reader, known_id(outlet_id), before=read_cursor(before))
    return house.renderer.page(
        "outlet.html", who, page=page, shell=page.shell, view=None if before else f"outlet:{outlet_id}"
    )


@router.get("/feeds/{feed_id}")
def feed(request: Request, who: Reading, feed_id: int, before: Before = None) -> Response:
    """What one feed brought."""
    house = house_of(request)
    page = house.desk.browse.feed(who.reader, known_id(feed_id), before=read_cursor(before))
    return house.renderer.page(
        "feed.html", who, page=page, shell=page.shell, view=None if before else f"feed:{feed_id}"
    )


@router.get("/sections/{slug}")
def section(request: Request, who: Reading, slug: str, before: Before = None) -> Response:
    """One section of all outlets."""
    house = house_of(request)
    page = house.desk.browse.section(who.reader, clean(slug)[:200], before=read_cursor(before))
    view = None if before else f"section:{page.section.slug}"
    return house.renderer.page(
        "section.html", who, page=page, shell=page.shell, view=view, section_slug=page.section.slug
    )


@router.get("/saved")
def saved(request: Request, who: Reading, before: Before = None) -> Response:
    """What the reader saved."""
    house = house_of(request)
    page = house.desk.browse.saved(who.reader, before=read_cursor(before))
    return house.renderer.page("saved.html", who, page=page, shell=page.shell)


@router.get("/search")
def search(request: Request, who: Reading, q: str = "", before: Before = None) -> Response:
    """Search, with its language explained where nothing is asked."""
    house = house_of(request)
    page = house.desk.browse.search(who.reader, q, zone=who.zone, before=read_cursor(before))
    return house.renderer.page("search.html", who, page=page, shell=page.shell, status=400 if page.problem else 200)


@router.get("/articles/{article_id}")
def article(
    request: Request,
    who: Reading,
    article_id: int,
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Response:
    """One article. Opening it marks it read; a browser that only looks ahead does not."""
    house = house_of(request)
    ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    opened = request.method == "GET" and not ahead
    page = house.desk.browse.article(who.reader, known_id(article_id), version=version, opened=opened)
    if page.held.id != article_id:  # it was found to be the same as another one
        return RedirectResponse(f"/articles/{page.held.id}", 301)
    view = None if page.old else f"article:{article_id}"
    return house.renderer.page("article.html", who, page=page, shell=page.shell, view=view)


@router.get("/people")
def people(request: Request, who: Reading, q: str = "") -> Response:
    """People by name."""
    house = house_of(request)
    page = house.desk.browse.people(who.reader, clean(q)[:200])
    return house.renderer.page("people.html", who, page=page, shell=page.shell)


@router.get("/people/{person_id}")
def person(request: Request, who: Reading, person_id: int, before: Before = None) -> Response:
    """What one person said."""
    house = house_of(request)
    page = house.desk.browse.person(who.reader, known_id(person_id), before=read_cursor(before))
    if page.person.id != person_id:  # merged into another
        return RedirectResponse(f"/people/{page.person.id}", 301)
    return house.renderer.page("person.html", who, page=page, shell=page.shell)


@router.get("/feeds")
def feeds(request: Request, who: Reading) -> Response:
    """Every feed and how it is."""
    house = house_of(request)
    page = house.desk.browse.health(who.reader)
    return house.renderer.page("feeds.html", who, page=page, shell=page.shell, view="health")


@router.get("/feeds/summary/line")
def feeds_line(request: Request, who: Reading) -> Response:
    """The line about feeds in the front page's rail, by itself: live pages renew it."""
    house: WebHouse = house_of(request)
    page = house.desk.browse.health(who.reader)
    return house.renderer.page("_health.html", who, health=page.health)


def known_id(number: int) -> int:
    """An id that a database can be asked for: larger ones are no ids, and no error of the database either."""
    return number if 0 < number <= _MAX_ID else 0
