"""The pages of beats: all of them, one of them, and what a reader does with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.desk.beats import BeatPage, first_day, last_day
from firsthand.model.beats import AlertKind, Beat, BeatKind
from firsthand.model.errors import UsageError
from firsthand.model.text import clean
from firsthand.web import words
from firsthand.web.house import house_of
from firsthand.web.links import read_cursor
from firsthand.web.pages import Before
from firsthand.web.visit import Form, Reading, Visitor, text_field

router = APIRouter()

_ALERTS: Final = {
    AlertKind.FIRST: "the first report of a story",
    AlertKind.ORIGIN: "a new independent origin",
    AlertKind.STATEMENT: "a new statement by the person",
    AlertKind.CORRECTION: "a correction",
}
_SHORT: Final = {
    AlertKind.FIRST: "First report",
    AlertKind.ORIGIN: "New origin",
    AlertKind.STATEMENT: "New statement",
    AlertKind.CORRECTION: "Correction",
}
_MOMENT: Final = timedelta(microseconds=1)
_KINDS: Final = {BeatKind.SEARCH: "a search", BeatKind.PLACE: "a place"}


@router.get("/beats")
def beats(request: Request, who: Reading) -> Response:
    """What the reader watches, and what has happened there."""
    return _beats(request, who)


@router.post("/beats")
def add_beat(request: Request, who: Reading, form: Form) -> Response:
    """Watch a search, person, outlet, place or story."""
    house = house_of(request)
    kinds = {one.value: one for one in BeatKind}
    try:
        kind = kinds.get(text_field(form, "kind"))
        if kind is None:
            raise UsageError("Nothing says what to watch.", "Load the page anew and try again.")
        beat = house.desk.beats.add(
            who.reader,
            kind,
            text_field(form, "key"),
            name=text_field(form, "name"),
            starts=first_day(text_field(form, "starts"), who.zone),
            ends=last_day(text_field(form, "ends"), who.zone),
        )
    except UsageError as error:
        return _beats(request, who, error=error)
    return RedirectResponse(f"/beats/{quote(beat.slug)}", 303)


@router.get("/beats/{slug}")
def beat(
    request: Request, who: Reading, slug: str, before: Before = None, edit: Annotated[int, Query()] = 0
) -> Response:
    """One beat: what came, and what was worth an alert. Opening it says that its alerts have been seen."""
    house = house_of(request)
    ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    page = house.desk.beats.beat(
        who.reader,
        _slug(slug),
        house.desk.browse.shell(who.reader),
        before=read_cursor(before),
        opened=request.method == "GET" and not ahead,
    )
    return _beat(request, who, page, edit=bool(edit), first=before is None)


@router.post("/beats/{slug}")
def change_beat(request: Request, who: Reading, form: Form, slug: str) -> Response:
    """Give a beat another name, times or alerts; its address stays."""
    house = house_of(request)
    slug = _slug(slug)
    try:
        house.desk.beats.change(
            who.reader,
            slug,
            name=text_field(form, "name"),
            starts=first_day(text_field(form, "starts"), who.zone),
            ends=last_day(text_field(form, "ends"), who.zone),
            alerts=_alerts(form),
        )
    except UsageError as error:
        page = house.desk.beats.beat(who.reader, slug, house.desk.browse.shell(who.reader), opened=False)
        return _beat(request, who, page, edit=True, error=error)
    return RedirectResponse(f"/beats/{quote(slug)}", 303)


@router.post("/beats/{slug}/remove")
def remove_beat(request: Request, who: Reading, form: Form, slug: str) -> Response:
    """Stop watching. The articles stay."""
    house_of(request).desk.beats.remove(who.reader, _slug(slug))
    return RedirectResponse("/beats", 303)


def alert_word(kind: AlertKind) -> str:
    """What an alert is called."""
    return _SHORT[kind]


def _days(who: Visitor) -> dict[str, Any]:
    """The first and the last day of a beat, on the reader's calendar."""

    def day(at: datetime | None, machine: bool) -> str:
        if at is None:
            return ""
        there = at.astimezone(who.zone)
        return there.date().isoformat() if machine else words.full_day(there)

    def first(beat: Beat, machine: bool = False) -> str:
        return day(beat.starts, machine)

    def last(beat: Beat, machine: bool = False) -> str:
        return day(beat.ends - _MOMENT if beat.ends else None, machine)

    return {"first_day": first, "last_day": last}


def _slug(text: str) -> str:
    return clean(text)[:100]


def _alerts(form: FormData) -> frozenset[AlertKind]:
    values = {one.value: one for one in AlertKind}
    return frozenset(values[one] for one in form.getlist("alerts") if isinstance(one, str) and one in values)


def _beats(request: Request, who: Visitor, *, error: UsageError | None = None) -> Response:
    house = house_of(request)
    page = house.desk.beats.page(who.reader, house.desk.browse.shell(who.reader))
    return house.renderer.page(
        "beats.html",
        who,
        page=page,
        shell=page.shell,
        kinds=[(kind.value, words) for kind, words in _KINDS.items()],
        alert_word=alert_word,
        **_days(who),
        error=error,
        status=400 if error else 200,
    )


def _beat(
    request: Request,
    who: Visitor,
    page: BeatPage,
    *,
    edit: bool,
    first: bool = True,
    error: UsageError | None = None,
) -> Response:
    kinds = [
        (one, words)
        for one, words in _ALERTS.items()
        if page.beat.kind is BeatKind.PERSON or one is not AlertKind.STATEMENT
    ]
    return house_of(request).renderer.page(
        "beat.html",
        who,
        page=page,
        shell=page.shell,
        view=f"beat:{page.beat.slug}" if first and not edit and page.state == "running" else None,
        edit=edit,
        error=error,
        alert_kinds=[(one.value, words, one in page.beat.alerts) for one, words in kinds],
        alert_word=alert_word,
        **_days(who),
        status=400 if error else 200,
    )
