"""Notifications: which devices, topics and programs are told, and by what rules."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.model.errors import FirsthandError, UsageError
from firsthand.model.push import ChannelKind, PushRules
from firsthand.web.house import WebHouse, house_of
from firsthand.web.visit import Form, Reading, Visitor, secret_field, text_field, token_of

router = APIRouter()

_PAGE: Final = "/settings/notifications"
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
_MAX_ID: Final = 2**63 - 1
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@router.get("/settings/notifications")
def notifications(request: Request, who: Reading, done: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Who is told, of what, and when."""
    return _page(house_of(request), who, done=done)


@router.post("/settings/notifications/rules")
def set_rules(request: Request, who: Reading, form: Form) -> Response:
    """Set what the reader is told of, quiet hours, and the most for a day."""
    house = house_of(request)
    try:
        house.desk.push.set_rules(who.reader, _rules(form, who))
    except FirsthandError as error:
        return _page(house, who, error=error)
    return RedirectResponse(f"{_PAGE}?done=rules", 303)


@router.post("/settings/notifications/device")
def add_device(request: Request, who: Reading, form: Form) -> Response:
    """Tell this browser, by its `subscription` (JSON of the Push API)."""
    house_of(request).desk.push.add_device(
        who.reader,
        text_field(form, "subscription"),
        label=device_name(request.headers.get("user-agent", "")),
        token=token_of(request) if who.account else "",
        zone=str(who.zone) if who.zone_known else "",
    )
    return Response(status_code=204)


@router.post("/settings/notifications/device/end")
def end_device(request: Request, who: Reading, form: Form) -> Response:
    """Tell this browser no more."""
    house_of(request).desk.push.remove_device(who.reader, text_field(form, "endpoint"))
    return Response(status_code=204)


@router.post("/settings/notifications/channels")
def add_channel(request: Request, who: Reading, form: Form) -> Response:
    """Tell an ntfy topic or a webhook. A webhook's secret is shown this once."""
    house = house_of(request)
    kind = {"ntfy": ChannelKind.NTFY, "webhook": ChannelKind.WEBHOOK}.get(text_field(form, "kind"))
    try:
        if kind is None:
            raise UsageError("There is no such kind of channel.", "Choose ntfy or a webhook.")
        channel = house.desk.push.add_channel(
            who.reader,
            kind,
            text_field(form, "address"),
            label=text_field(form, "label"),
            token=secret_field(form, "token"),
        )
    except FirsthandError as error:
        return _page(house, who, error=error)
    if kind is ChannelKind.WEBHOOK:
        return _page(house, who, done="webhook", secret=house.desk.push.webhook_secret_text(channel.id))
    return RedirectResponse(f"{_PAGE}?done=channel", 303)


@router.post("/settings/notifications/channels/{channel_id}/remove")
def remove_channel(request: Request, who: Reading, form: Form, channel_id: int) -> Response:
    """Tell a channel no more."""
    house_of(request).desk.push.remove_channel(who.reader, _known(channel_id))
    return RedirectResponse(f"{_PAGE}?done=removed", 303)


@router.post("/settings/notifications/channels/{channel_id}/test")
def test_channel(request: Request, who: Reading, form: Form, channel_id: int) -> Response:
    """Send a notice to one channel, to see that it arrives."""
    house_of(request).desk.push.test(who.reader, _known(channel_id))
    return RedirectResponse(f"{_PAGE}?done=test", 303)


def _page(
    house: WebHouse, who: Visitor, *, done: str = "", secret: str = "", error: FirsthandError | None = None
) -> Response:
    shell = house.desk.browse.shell(who.reader)
    return house.renderer.page(
        "notifications.html",
        who,
        page=house.desk.push.page(who.reader, shell),
        shell=shell,
        done=done,
        secret=secret,
        clock=clock,
        error=error,
        status=400 if error else 200,
    )


def _rules(form: FormData, who: Visitor) -> PushRules:
    quiet = text_field(form, "quiet") == "1"
    return PushRules(
        breaking=text_field(form, "breaking") == "1",
        outlets=_number(form, "outlets"),
        origins=_number(form, "origins"),
        beats=text_field(form, "beats") == "1",
        quiet_from=_minute(form, "quiet_from") if quiet else None,
        quiet_to=_minute(form, "quiet_to") if quiet else None,
        per_day=_number(form, "per_day"),
        zone=str(who.zone) if who.zone_known else "",
    )


def _number(form: FormData, name: str) -> int:
    text = text_field(form, name).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise UsageError(f"“{text[:20]}” is not a whole number.", "Write digits only.")
    return int(text)


def _minute(form: FormData, name: str) -> int:
    match = _TIME.fullmatch(text_field(form, name).strip())
    if match is None:
        raise UsageError("The quiet hours are not two times.", "Write them as 22:00 and 07:00.")
    return int(match[1]) * 60 + int(match[2])


def clock(minute: int | None) -> str:
    """`22:00`, for a field of a time; "" for none."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def device_name(agent: str) -> str:
    """A browser in words, as `Chrome on Android`, so that a reader knows which device it is."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if system else browser


def _known(number: int) -> int:
    return number if 0 < number <= _MAX_ID else 0
