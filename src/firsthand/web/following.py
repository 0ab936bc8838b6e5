"""Pages to follow from: starter outlets, any address, OPML in and out."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.desk.following import Choice, Imported, handful, starters_by_country, starters_by_topic
from firsthand.model.errors import FirsthandError, UsageError
from firsthand.model.feed import Feed, FeedLink
from firsthand.web.countries import country_name
from firsthand.web.house import WebHouse, house_of
from firsthand.web.visit import Form, Reading, Visitor, text_field

router = APIRouter()
MAX_CHOSEN: Final = 500


@router.get("/follow")
def follow_page(
    request: Request,
    who: Reading,
    topic: Annotated[str, Query(max_length=60)] = "",
    added: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    known: Annotated[int, Query(ge=0, le=100_000)] = 0,
    refused: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """What can be followed."""
    imported = Imported(added, known, refused) if added is not None else None
    return _follow_page(house_of(request), who, topic=topic, imported=imported)


@router.post("/follow")
async def follow(request: Request, who: Reading, form: Form) -> Response:
    """Follow what an address leads to, or what an OPML file names."""
    house = house_of(request)
    address = text_field(form, "address")
    try:
        upload = await _upload(form)
        if upload is not None:
            return _imported(await run_in_threadpool(house.desk.following.import_opml, who.reader, upload))
        found = await house.desk.following.find(address)
        if isinstance(found, bytes):
            return _imported(await run_in_threadpool(house.desk.following.import_opml, who.reader, found))
        if len(found.feeds) > 1:
            choice = Choice(found.page_url, found.title, found.feeds)
            followed = await run_in_threadpool(house.desk.following.followed_urls, who.reader)
            return await run_in_threadpool(_choice_page, house, who, choice, followed, address)
        feed = await run_in_threadpool(house.desk.following.follow_found, who.reader, found)
        return _followed([feed])
    except FirsthandError as error:
        return await run_in_threadpool(_follow_page, house, who, address=address, error=error)


@router.post("/follow/chosen")
def follow_chosen(request: Request, who: Reading, form: Form) -> Response:
    """Follow those of a site's feeds that were ticked."""
    chosen = [url for url in form.getlist("feed") if isinstance(url, str)][:MAX_CHOSEN]
    links = [FeedLink(url, text_field(form, f"title:{url}")) for url in chosen]
    site = text_field(form, "site") or None
    return _followed(house_of(request).desk.following.follow_links(who.reader, links, site_url=site))


@router.post("/follow/starters")
def follow_starters(request: Request, who: Reading, form: Form) -> Response:
    """Follow the starter outlets that were ticked."""
    house = house_of(request)
    chosen = [url for url in form.getlist("feed") if isinstance(url, str)][:MAX_CHOSEN]
    try:
        return _followed(house.desk.following.follow_starters(who.reader, chosen))
    except UsageError as error:
        return _follow_page(house, who, error=error)


@router.get("/opml")
def opml(request: Request, who: Reading) -> Response:
    """All that the reader follows, as OPML."""
    body = house_of(request).desk.following.export_opml(who.reader)
    headers = {"content-disposition": 'attachment; filename="firsthand.opml"'}
    return Response(body, media_type="text/x-opml; charset=utf-8", headers=headers)


def _follow_page(
    house: WebHouse,
    who: Visitor,
    *,
    topic: str = "",
    address: str = "",
    imported: Imported | None = None,
    error: FirsthandError | None = None,
) -> Response:
    topics = starters_by_topic()
    countries = sorted(starters_by_country(), key=lambda group: country_name(group.label))
    chosen = next((one for one in topics if one.slug == topic), None)
    return house.renderer.page(
        "follow.html",
        who,
        shell=house.desk.browse.shell(who.reader),
        topics=topics,
        topic=chosen,
        groups=(chosen,) if chosen else countries,
        handful=handful(),
        followed=house.desk.following.followed_urls(who.reader),
        address=address,
        imported=imported,
        error=error,
        status=400 if error else 200,
    )


def _choice_page(house: WebHouse, who: Visitor, choice: Choice, followed: frozenset[str], address: str) -> Response:
    shell = house.desk.browse.shell(who.reader)
    return house.renderer.page("choose.html", who, shell=shell, choice=choice, followed=followed, address=address)


async def _upload(form: FormData) -> bytes | None:
    """The file that came with the form, if one did."""
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    return await upload.read()


def _imported(result: Imported) -> Response:
    return RedirectResponse(f"/follow?added={result.added}&known={result.known}&refused={result.refused}", 303)


def _followed(feeds: list[Feed]) -> Response:
    """To the front page, which fills; a single feed has its own page, but the front page shows that it works."""
    return RedirectResponse("/", 303)
