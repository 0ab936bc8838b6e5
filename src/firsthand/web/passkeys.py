"""Passkeys: what `static/js/passkeys.js` asks for and sends. Forms like all others, answers in JSON."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from firsthand.desk.passkeys import Place
from firsthand.model.errors import AccessDenied, FirsthandError
from firsthand.web.access import device_of
from firsthand.web.house import house_of
from firsthand.web.links import own_path
from firsthand.web.visit import (
    Anyone,
    Form,
    Reading,
    address_of,
    origin_of,
    replace_token,
    secret_field,
    text_field,
    token_of,
)

router = APIRouter()
_MAX_ID = 2**63 - 1


@router.post("/login/passkey/options")
def options_to_sign_in(request: Request, _who: Anyone, form: Form) -> Response:
    """What a browser is to ask its passkeys; JSON for `navigator.credentials.get`."""
    return _json(house_of(request).desk.passkeys.options_to_sign_in(_place(request)))


@router.post("/login/passkey")
def sign_in(request: Request, _who: Anyone, form: Form) -> Response:
    """Sign in with a passkey; answers with the path to go on to."""
    answer = secret_field(form, "credential")
    try:
        token = house_of(request).desk.passkeys.sign_in(
            answer, _place(request), address_of(request), device_of(request)
        )
    except FirsthandError as error:
        return _problem(error)
    replace_token(request, token)
    return JSONResponse({"to": own_path(text_field(form, "next"))})


@router.post("/settings/passkeys/options")
def options_to_add(request: Request, who: Reading, form: Form) -> Response:
    """What a browser is to make a passkey from; JSON for `navigator.credentials.create`."""
    try:
        return _json(house_of(request).desk.passkeys.options_to_add(who.reader, _place(request)))
    except FirsthandError as error:
        return _problem(error)


@router.post("/settings/passkeys")
def add(request: Request, who: Reading, form: Form) -> Response:
    """Keep a passkey that a browser made; answers with the path to go on to."""
    name = text_field(form, "name") or device_of(request)
    try:
        house_of(request).desk.passkeys.add(who.reader, secret_field(form, "credential"), name, _place(request))
    except FirsthandError as error:
        return _problem(error)
    return JSONResponse({"to": "/settings/account?saved=passkey"})


@router.post("/settings/passkeys/{passkey_id}/remove")
def remove(request: Request, who: Reading, form: Form, passkey_id: int) -> Response:
    """Let a passkey no longer sign in."""
    house_of(request).desk.passkeys.remove(who.reader, min(passkey_id, _MAX_ID))
    return RedirectResponse("/settings/account?saved=removed", 303)


def _place(request: Request) -> Place:
    origin = origin_of(request)
    return Place(origin, urlsplit(origin).hostname or "", token_of(request))


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})


def _problem(error: FirsthandError) -> Response:
    status = 403 if isinstance(error, AccessDenied) else 400
    return JSONResponse({"problem": error.message, "remedy": error.remedy}, status)
