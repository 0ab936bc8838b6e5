"""Accounts: a reader's own (sessions, export, deletion), joining, and, for owners, who is here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Annotated, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from firsthand.desk.access import Made, device_words
from firsthand.model.access import Invite, Role
from firsthand.model.errors import AccessDenied, FirsthandError, NotFound, UsageError
from firsthand.web.house import WebHouse, house_of
from firsthand.web.visit import (
    Anyone,
    Form,
    Guest,
    Owning,
    Reading,
    Visitor,
    address_of,
    origin_of,
    replace_token,
    secret_field,
    text_field,
    token_of,
)

router = APIRouter()

_DAYS: Final = {"1": "a day", "7": "a week", "30": "a month"}
_MAX_ID: Final = 2**63 - 1
_CHUNK: Final = 65_536
_SAVED: Final = {
    "session": "The session has ended.",
    "others": "All other sessions have ended.",
    "passkey": "The passkey is made; sign in with it from now on, if you like.",
    "removed": "The passkey is removed.",
    "linked": "The sign-in service now leads to this account.",
    "unlinked": "The sign-in service no longer leads to this account.",
}

# ── One's own account ────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/settings/account")
def account_page(request: Request, who: Reading, saved: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The reader's sessions, passkeys and other ways in; export and deletion."""
    return show_account(request, who, saved=saved)


@router.post("/settings/account/sessions/{session_id}/end")
def end_session(request: Request, who: Reading, form: Form, session_id: str) -> Response:
    """End one of the reader's sessions."""
    house_of(request).desk.access.end_session(who.reader, session_id[:100])
    return RedirectResponse("/settings/account?saved=session", 303)


@router.post("/settings/account/end-others")
def end_others(request: Request, who: Reading, form: Form) -> Response:
    """End all of the reader's sessions but this one."""
    house_of(request).desk.access.end_other_sessions(who.reader, token_of(request))
    return RedirectResponse("/settings/account?saved=others", 303)


@router.get("/settings/account/export")
def export(request: Request, who: Reading) -> Response:
    """All that is kept of the reader, as a zip file."""
    made = house_of(request).desk.access.export(who.reader)
    headers = {"content-disposition": 'attachment; filename="firsthand-account.zip"', "cache-control": "no-store"}
    return StreamingResponse(_pieces(made), media_type="application/zip", headers=headers)


@router.post("/settings/account/delete")
def delete(request: Request, who: Reading, form: Form) -> Response:
    """Delete the reader's account; their password, or where they have none the account's name, confirms it."""
    try:
        house_of(request).desk.access.leave(who.reader, secret_field(form, "confirm"))
    except FirsthandError as error:
        return show_account(request, who, error=error)
    return RedirectResponse("/login", 303, headers={"clear-site-data": '"cache", "storage", "cookies"'})


def show_account(request: Request, who: Visitor, *, saved: str = "", error: FirsthandError | None = None) -> Response:
    """The page of an account."""
    house = house_of(request)
    return house.renderer.page(
        "account.html",
        who,
        page=house.desk.access.page(who.reader, token_of(request)),
        shell=house.desk.browse.shell(who.reader),
        ways=house.settings,
        done=_SAVED.get(saved, ""),
        error=error,
        status=400 if error else 200,
    )


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(_CHUNK):
            yield piece


# ── Joining ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/join/{token}")
def join_page(request: Request, who: Anyone, token: str) -> Response:
    """The form to make an account with an invite."""
    house = house_of(request)
    return _join_page(house, who, token=token, invite=house.desk.access.invite_of(token[:200]))


@router.post("/join/{token}")
def join(request: Request, who: Anyone, form: Form, token: str) -> Response:
    """Make an account with an invite, and sign in."""
    house = house_of(request)
    invite = house.desk.access.invite_of(token[:200])
    name = text_field(form, "name")
    try:
        reader = house.desk.access.join(invite.id, name, secret_field(form, "password"))
    except UsageError as error:
        return _join_page(house, who, token=token, invite=invite, name=name, error=error)
    replace_token(request, house.desk.accounts.start(reader, device_of(request)))
    return RedirectResponse("/follow", 303)


@router.get("/signup")
def sign_up_page(request: Request, who: Anyone) -> Response:
    """The form to make an account without an invite, where the settings allow that."""
    house = house_of(request)
    _check_sign_up(house)
    return _join_page(house, who)


@router.post("/signup")
def sign_up(request: Request, who: Anyone, form: Form) -> Response:
    """Make an account without an invite, and sign in."""
    house = house_of(request)
    _check_sign_up(house)
    name = text_field(form, "name")
    try:
        reader = house.desk.access.sign_up(name, secret_field(form, "password"), address_of(request))
    except (AccessDenied, UsageError) as error:
        return _join_page(house, who, name=name, error=error)
    replace_token(request, house.desk.accounts.start(reader, device_of(request)))
    return RedirectResponse("/follow", 303)


def device_of(request: Request) -> str:
    """The reader's browser in words, to know a session by."""
    return device_words(request.headers.get("user-agent", "")[:500])


def _check_sign_up(house: WebHouse) -> None:
    if not house.settings.sign_up or not house.desk.accounts.needs_sign_in():
        raise NotFound("Nobody can sign up here.", "Ask the owner of this server for an invite.")


def _join_page(
    house: WebHouse,
    who: Guest,
    *,
    token: str = "",
    invite: Invite | None = None,
    name: str = "",
    error: FirsthandError | None = None,
) -> Response:
    status = {type(None): 200, AccessDenied: 403}.get(type(error), 400)
    return house.renderer.page(
        "join.html", who, token=token, invite=invite, name=name, error=error, ways=house.settings, status=status
    )


# ── For owners ───────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/settings/readers")
def readers_page(request: Request, who: Owning) -> Response:
    """Who has an account, and who is invited. For owners."""
    return _readers_page(request, who)


@router.post("/settings/readers/invites")
def invite(request: Request, who: Owning, form: Form) -> Response:
    """Make an invite; its link is shown this once. For owners."""
    days = text_field(form, "days")
    role = Role.OWNER if text_field(form, "role") == Role.OWNER.value else Role.READER
    lasts = timedelta(days=int(days if days in _DAYS else 7))
    try:
        made = house_of(request).desk.access.invite(text_field(form, "note"), lasts=lasts, role=role)
    except UsageError as error:
        return _readers_page(request, who, error=error)
    return _readers_page(request, who, made=made)


@router.post("/settings/readers/invites/{invite_id}/withdraw")
def withdraw(request: Request, _who: Owning, form: Form, invite_id: int) -> Response:
    """End an invite. For owners."""
    house_of(request).desk.access.withdraw(min(invite_id, _MAX_ID))
    return RedirectResponse("/settings/readers", 303)


@router.post("/settings/readers/{reader_id}/role")
def set_role(request: Request, who: Owning, form: Form, reader_id: int) -> Response:
    """Make a reader an owner, or no longer one. For owners."""
    role = Role.OWNER if text_field(form, "role") == Role.OWNER.value else Role.READER
    try:
        house_of(request).desk.access.set_role(min(reader_id, _MAX_ID), role)
    except UsageError as error:
        return _readers_page(request, who, error=error)
    # Who gives up the role sees this page no longer.
    return RedirectResponse("/settings/account" if reader_id == who.reader.id else "/settings/readers", 303)


@router.post("/settings/readers/{reader_id}/remove")
def remove(request: Request, who: Owning, form: Form, reader_id: int) -> Response:
    """Delete somebody's account; its name, written out, confirms it. For owners."""
    access = house_of(request).desk.access
    try:
        if all((one.id, one.name) != (reader_id, text_field(form, "confirm")) for one in access.everybody()):
            raise UsageError("That is not the name of this account.", "Write it as it stands, to remove the account.")
        access.remove(reader_id)
    except UsageError as error:
        return _readers_page(request, who, error=error)
    return RedirectResponse("/settings/readers", 303)


@router.post("/feeds/{feed_id}/stop")
def stop_feed(request: Request, _who: Owning, form: Form, feed_id: int) -> Response:
    """Stop following a feed for all readers; it is no longer asked. For owners."""
    house_of(request).desk.access.stop_feed(min(feed_id, _MAX_ID))
    return RedirectResponse("/feeds", 303)


def _readers_page(
    request: Request, who: Visitor, *, made: Made | None = None, error: FirsthandError | None = None
) -> Response:
    house = house_of(request)
    return house.renderer.page(
        "readers.html",
        who,
        shell=house.desk.browse.shell(who.reader),
        accounts=house.desk.access.everybody(),
        invites=house.desk.access.invites(),
        days=_DAYS,
        made=made,
        link=f"{house.settings.address.rstrip('/') or origin_of(request)}/join/{made.token}" if made else "",
        error=error,
        status=400 if error else 200,
        # The link lets somebody in: no page of it is kept.
        headers={"cache-control": "no-store"} if made else None,
    )
