"""Signing in and out, and settings."""

from __future__ import annotations

import secrets
from typing import Annotated, Final
from zoneinfo import available_timezones

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.model.errors import AccessDenied, FirsthandError
from firsthand.web.access import device_of
from firsthand.web.house import WebHouse, house_of
from firsthand.web.links import own_path
from firsthand.web.visit import (
    THEMES,
    Anyone,
    Form,
    Guest,
    Reading,
    Visitor,
    address_of,
    replace_token,
    secret_field,
    text_field,
    token_of,
)

router = APIRouter()

_THEME_COOKIE: Final = "Path=/; Max-Age=31536000; SameSite=Lax"


@router.get("/login")
def login_page(request: Request, who: Anyone, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """The sign-in form; without an account there is nothing to sign in to."""
    house = house_of(request)
    if not house.desk.accounts.needs_sign_in():
        return RedirectResponse("/", 303)
    return _login_page(house, who, target=own_path(next))


@router.post("/login")
async def login(request: Request, who: Anyone, form: Form) -> Response:
    """Sign in; then on to where the reader wanted to go, within this application only."""
    house = house_of(request)
    name, target = text_field(form, "name"), own_path(text_field(form, "next"))
    given = name, secret_field(form, "password"), address_of(request), device_of(request)
    try:
        token = await run_in_threadpool(house.desk.accounts.sign_in, *given)
    except AccessDenied as error:
        return _login_page(house, who, target=target, name=name, error=error)
    replace_token(request, token)
    return RedirectResponse(target, 303)


@router.post("/logout")
def logout(request: Request, _who: Reading, form: Form) -> Response:
    """End this session, and forget what the browser holds."""
    house_of(request).desk.accounts.sign_out(token_of(request))
    replace_token(request, secrets.token_urlsafe(32))
    return RedirectResponse("/login", 303, headers={"clear-site-data": '"cache", "storage"'})


@router.get("/settings")
def settings_page(request: Request, who: Reading, saved: Annotated[str, Query(max_length=20)] = "") -> Response:
    """What a reader can set."""
    return _settings(house_of(request), who, saved=saved)


@router.post("/settings/zone")
def set_zone(request: Request, who: Reading, form: Form) -> Response:
    """Set the reader's time zone."""
    house = house_of(request)
    try:
        house.desk.accounts.set_zone(who.reader, text_field(form, "zone"))
    except FirsthandError as error:
        return _settings(house, who, error=error)
    return RedirectResponse("/settings?saved=zone", 303)


@router.post("/settings/theme")
def set_theme(request: Request, _who: Reading, form: Form) -> Response:
    """Set the colors for this browser."""
    theme = text_field(form, "theme")
    response = RedirectResponse("/settings?saved=theme", 303)
    secure = "; Secure" if house_of(request).settings.secure_cookies else ""
    response.headers.append("set-cookie", f"theme={theme if theme in THEMES else 'auto'}; {_THEME_COOKIE}{secure}")
    return response


@router.post("/settings/password")
def set_password(request: Request, who: Reading, form: Form) -> Response:
    """Set a new password; all other sessions end."""
    house = house_of(request)
    try:
        old, new = secret_field(form, "old"), secret_field(form, "new")
        token = house.desk.accounts.change_password(who.reader, old, new, device_of(request))
    except FirsthandError as error:
        return _settings(house, who, error=error)
    replace_token(request, token)
    return RedirectResponse("/settings?saved=password", 303)


def _login_page(
    house: WebHouse, who: Guest, *, target: str, name: str = "", error: FirsthandError | None = None
) -> Response:
    status = 403 if error else 200
    return house.renderer.page(
        "login.html", who, status=status, next=target, name=name, error=error, ways=house.settings
    )


def _settings(house: WebHouse, who: Visitor, *, saved: str = "", error: FirsthandError | None = None) -> Response:
    page = house.desk.browse.settings(who.reader)
    return house.renderer.page(
        "settings.html",
        who,
        page=page,
        shell=page.shell,
        zones=sorted(
            zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
        ),
        themes=THEMES,
        saved=saved,
        error=error,
        status=400 if error else 200,
    )
