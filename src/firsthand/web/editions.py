"""Editions by mail: setting them up, a look at one, addresses, and the two pages that letters lead to without signing in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from zoneinfo import available_timezones

from fastapi import APIRouter, Path, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from firsthand.desk.editions import zone_of
from firsthand.desk.mailing import default_schedule
from firsthand.model.editions import Edition, EditionPlan, Letter, Rhythm, Schedule, Scope
from firsthand.model.errors import FirsthandError, UsageError
from firsthand.model.urls import is_web_url
from firsthand.web import words
from firsthand.web.house import WebHouse, house_of
from firsthand.web.visit import Anyone, Form, OpenForm, Reading, Visitor, text_field

router = APIRouter()

Id = Annotated[int, Path(ge=0, le=2**63 - 1)]
Token = Annotated[str, Path(max_length=200)]
_SHEET: Final = "/settings/editions/letter.css"
_SAVED: Final = {
    "made": "The edition is set up.",
    "changed": "The edition is changed.",
    "removed": "The edition is removed.",
    "address": "A question is on its way to that address. Letters come once it is answered.",
    "forgotten": "The address is forgotten.",
    "settled": "That is noted.",
}


@router.get("/settings/editions")
def editions_page(request: Request, who: Reading, saved: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Editions by mail, and the addresses they go to."""
    return _page(house_of(request), who, saved=saved)


@router.post("/settings/editions")
def add_edition(request: Request, who: Reading, form: Form) -> Response:
    """Set up an edition."""
    house = house_of(request)
    try:
        house.desk.mailing.create(who.reader, _plan(form))
    except FirsthandError as error:
        return _page(house, who, error=error)
    return _back("made")


@router.get("/settings/editions/letter.css")
def stylesheet(request: Request, _who: Reading) -> Response:
    """The style sheet of letters, for a look at one."""
    return Response(house_of(request).desk.mailing.composer.stylesheet, media_type="text/css; charset=utf-8")


@router.get("/settings/editions/letters/{letter_id}")
def letter(request: Request, who: Reading, letter_id: Id) -> Response:
    """A letter that went out, as a mail program shows it."""
    house = house_of(request)
    answer = _as_mail(house, house.desk.mailing.letter(who.reader, letter_id))
    answer.headers["x-firsthand-reader"] = who.device_key  # a device holds the last ones
    return answer


@router.post("/settings/editions/letters/{letter_id}")
def settle_letter(request: Request, who: Reading, form: Form, letter_id: Id) -> Response:
    """Say of a doubtful or failed letter that it came, or have it sent again."""
    house_of(request).desk.mailing.settle(who.reader, letter_id, again=text_field(form, "again") == "1")
    return _back("settled")


@router.post("/settings/editions/addresses")
def add_address(request: Request, who: Reading, form: Form) -> Response:
    """Add a mail address; it is asked first."""
    house = house_of(request)
    try:
        house.desk.addresses.add(who.reader, text_field(form, "address"))
    except FirsthandError as error:
        return _page(house, who, error=error)
    return _back("address")


@router.post("/settings/editions/addresses/{address_id}")
def change_address(request: Request, who: Reading, form: Form, address_id: Id) -> Response:
    """Ask an address again, or forget it."""
    house = house_of(request)
    remove = text_field(form, "do") == "remove"
    try:
        if remove:
            house.desk.addresses.remove(who.reader, address_id)
        else:
            house.desk.addresses.ask_again(who.reader, address_id)
    except UsageError as error:
        return _page(house, who, error=error)
    return _back("forgotten" if remove else "address")


@router.get("/settings/editions/{edition_id}")
def edition_page(request: Request, who: Reading, edition_id: Id) -> Response:
    """Change an edition."""
    house = house_of(request)
    return _edit_page(house, who, house.desk.mailing.edition(who.reader, edition_id))


@router.post("/settings/editions/{edition_id}")
def change_edition(request: Request, who: Reading, form: Form, edition_id: Id) -> Response:
    """Change an edition, put it off, take it up again or remove it."""
    house, do = house_of(request), text_field(form, "do")
    held = house.desk.mailing.edition(who.reader, edition_id)
    try:
        if do == "remove":
            house.desk.mailing.remove(who.reader, edition_id)
            return _back("removed")
        plan = held.plan if do in ("stop", "start") else _plan(form)
        active = held.next_due is not None if do not in ("stop", "start") else do == "start"
        house.desk.mailing.change(who.reader, edition_id, plan, active=active)
    except UsageError as error:
        return _edit_page(house, who, held, error=error)
    return _back("changed")


@router.get("/settings/editions/{edition_id}/preview")
def preview(request: Request, who: Reading, edition_id: Id) -> Response:
    """What an edition would send now: its subject and its plain text."""
    house = house_of(request)
    edition = house.desk.mailing.edition(who.reader, edition_id)
    mail = house.desk.mailing.look(house.desk.mailing.preview(edition))
    shell = house.desk.browse.shell(who.reader)
    return house.renderer.page("edition_preview.html", who, shell=shell, edition=edition, mail=mail)


@router.get("/settings/editions/{edition_id}/preview.html")
def preview_html(request: Request, who: Reading, edition_id: Id) -> Response:
    """What an edition would send now, as a mail program shows it."""
    house = house_of(request)
    return _as_mail(house, house.desk.mailing.preview(house.desk.mailing.edition(who.reader, edition_id)))


# ── Without signing in: the link itself is the right to do it ────────────────────────────────────────────────────────


@router.get("/mail/confirm/{token}")
def confirm_page(request: Request, who: Anyone, token: Token) -> Response:
    """Ask whoever reads at an address whether letters may come. A GET changes nothing: mail scanners open links."""
    house = house_of(request)
    held = house.desk.addresses.asked(token)
    return house.renderer.page("mail_confirm.html", who, address=held.address, token=token, done=False)


@router.post("/mail/confirm/{token}")
def confirm(request: Request, who: Anyone, _form: OpenForm, token: Token) -> Response:
    """Letters may come to this address."""
    house = house_of(request)
    held = house.desk.addresses.confirm(token)
    return house.renderer.page("mail_confirm.html", who, address=held.address, token=token, done=True)


@router.get("/mail/unsubscribe/{token}")
def unsubscribe_page(request: Request, who: Anyone, token: Token) -> Response:
    """Ask whether an edition shall stop."""
    house = house_of(request)
    edition = house.desk.mailing.unsubscribes(token)
    return house.renderer.page("mail_unsubscribe.html", who, edition=edition, token=token, done=False)


@router.post("/mail/unsubscribe/{token}")
def unsubscribe(request: Request, who: Anyone, _form: OpenForm, token: Token) -> Response:
    """Stop an edition at once; mail programs send this by one click (RFC 8058)."""
    house = house_of(request)
    edition = house.desk.mailing.unsubscribe(token)
    return house.renderer.page("mail_unsubscribe.html", who, edition=edition, token=token, done=True)


# ── Forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plan(form: FormData) -> EditionPlan:
    """What the form for an edition says. Raises UsageError."""
    scope, _, key = text_field(form, "scope").partition(":")
    try:
        rhythm, about = Rhythm(text_field(form, "rhythm")), Scope(scope)
        hours, _, minutes = text_field(form, "time").partition(":")
        schedule = Schedule(
            rhythm=rhythm,
            minute=_number(hours, 23) * 60 + _number(minutes[:2], 59),
            weekday=_number(text_field(form, "weekday") or "0", 6),
            zone=text_field(form, "zone"),
        )
        outlets, address = _number(text_field(form, "outlets") or "3", 50), text_field(form, "address")
        address_id = _number(address, 2**63 - 1) if address else None
    except ValueError:
        raise UsageError("The form is not filled in as it should be.", "Go back and look it through.") from None
    return EditionPlan(
        title=text_field(form, "title"),
        schedule=schedule,
        scope=about,
        scope_key=text_field(form, "search") if about is Scope.SEARCH else key,
        outlets=outlets,
        images=text_field(form, "images") == "1",
        address_id=address_id,
    )


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most):
        raise ValueError(text[:30])
    return int(text)


def _as_mail(house: WebHouse, letter: Letter) -> Response:
    """A letter alone. Its style sheet is a file of ours here, and its pictures come through us: the content policy holds."""

    def picture(url: str | None) -> str | None:
        return house.signer.link(url) if url and is_web_url(url) else None

    return HTMLResponse(house.desk.mailing.look(letter, _SHEET, picture).html)


def _page(house: WebHouse, who: Visitor, *, saved: str = "", error: FirsthandError | None = None) -> Response:
    page = house.desk.mailing.page(who.reader)
    usable = next((one.id for one in page.addresses if one.usable), None)
    first = page.addresses[0].id if page.addresses else None
    plan = EditionPlan(title="", schedule=default_schedule(_zone(who)), address_id=usable or first)
    return house.renderer.page(
        "editions.html",
        who,
        shell=house.desk.browse.shell(who.reader),
        page=page,
        plan=plan,
        zones=_zones(),
        on_clock=_on_clock,
        saved=_SAVED.get(saved, ""),
        error=error,
        status=400 if error else 200,
    )


def _edit_page(house: WebHouse, who: Visitor, edition: Edition, *, error: FirsthandError | None = None) -> Response:
    return house.renderer.page(
        "edition.html",
        who,
        shell=house.desk.browse.shell(who.reader),
        page=house.desk.mailing.page(who.reader),
        edition=edition,
        plan=edition.plan,
        zones=_zones(),
        error=error,
        status=400 if error else 200,
    )


def _zone(who: Visitor) -> str:
    return str(who.zone) if who.zone_known else "UTC"


def _on_clock(at: datetime, zone: str) -> str:
    """A time on the clock that an edition goes by, which need not be the reader's own."""
    return f"{words.day_and_time(at, zone_of(zone))} ({zone})"


def _zones() -> list[str]:
    named = (one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix", "right")))
    return ["UTC", *sorted(named)]


def _back(saved: str) -> Response:
    return RedirectResponse(f"/settings/editions?saved={saved}", 303)
