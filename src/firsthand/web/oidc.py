"""Signing in by a service (OpenID Connect): leaving for it, and coming back.

Signing in begins with a link; linking and joining begin with a form, so that no other site's page can begin them. A form
may not lead to another site (the policy's form-action), so its answer is a page that goes on by itself.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.desk.accounts import account_name
from firsthand.desk.oidc import Errand, Person, Provider, Purpose, problem_words
from firsthand.model.errors import AccessDenied, FirsthandError, NotFound, UsageError
from firsthand.model.records import Reader
from firsthand.web.access import device_of
from firsthand.web.house import WebHouse, house_of
from firsthand.web.links import own_path
from firsthand.web.visit import (
    Anyone,
    Form,
    Guest,
    Reading,
    address_of,
    origin_of,
    replace_token,
    text_field,
    token_of,
)

router = APIRouter()


@router.get("/login/oidc")
async def leave(request: Request, who: Anyone, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:
    """Go to the sign-in service, to sign in."""
    house = house_of(request)
    errand = Errand(Purpose.SIGN_IN, own_path(next))
    if not await run_in_threadpool(house.desk.accounts.needs_sign_in):
        return RedirectResponse("/", 303)
    try:
        return RedirectResponse(await _address(request, errand), 303)
    except NotFound:
        raise
    except FirsthandError as error:
        return _login_page(house, who, error, errand.to)


@router.post("/settings/account/link")
async def link(request: Request, who: Reading, form: Form) -> Response:
    """Go to the sign-in service, to let it lead to the reader's account."""
    if not who.account:
        raise UsageError("There is no account yet.", "Run `firsthand user add NAME` to make one.")
    errand = Errand(Purpose.LINK, "/settings/account?saved=linked", reader=who.reader.id)
    return house_of(request).renderer.page("go.html", who, address=await _address(request, errand))


@router.post("/settings/account/identities/{identity_id}/unlink")
def unlink(request: Request, who: Reading, form: Form, identity_id: int) -> Response:
    """Let an identity of the sign-in service no longer lead here."""
    house_of(request).desk.access.unlink(who.reader, min(identity_id, 2**63 - 1))
    return RedirectResponse("/settings/account?saved=unlinked", 303)


@router.post("/join/{token}/oidc")
async def join(request: Request, who: Anyone, form: Form, token: str) -> Response:
    """Go to the sign-in service, to make an account with an invite."""
    house = house_of(request)
    invite = await run_in_threadpool(house.desk.access.invite_of, token[:200])
    errand = Errand(Purpose.JOIN, "/follow", invite=invite.id, name=_name(form))
    return house.renderer.page("go.html", who, address=await _address(request, errand))


@router.post("/signup/oidc")
async def sign_up(request: Request, who: Anyone, form: Form) -> Response:
    """Go to the sign-in service, to make an account, where the settings allow that."""
    house = house_of(request)
    if not house.settings.sign_up:
        raise NotFound("Nobody can sign up here.", "Ask the owner of this server for an invite.")
    return house.renderer.page(
        "go.html", who, address=await _address(request, Errand(Purpose.SIGN_UP, "/follow", name=_name(form)))
    )


@router.get("/login/oidc/back")
async def arrive(
    request: Request,
    who: Anyone,
    state: Annotated[str, Query(max_length=4000)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str | None, Query(max_length=1000)] = None,
    error: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Come back from the sign-in service."""
    house = house_of(request)
    provider, browser, signer = _provider(house), token_of(request), house.desk.sign_on
    try:
        errand = signer.errand(state, browser)
        if error or not code:
            raise problem_words(error)
        person = await signer.arrive(provider, code, state, iss, browser, _back(request))
        reader = await run_in_threadpool(_reader, request, errand, person)
    except FirsthandError as problem:
        return await run_in_threadpool(_login_page, house, who, problem)
    if errand.purpose is not Purpose.LINK:
        token = await run_in_threadpool(house.desk.accounts.start, reader, device_of(request))
        replace_token(request, token)
    return RedirectResponse(own_path(errand.to), 303)


def _reader(request: Request, errand: Errand, person: Person) -> Reader:
    """Whose account it is to be. An identity leads to an account only if its reader, signed in, or its maker said so:
    a name or a mail address that is the same proves nothing."""
    house = house_of(request)
    access = house.desk.access
    match errand.purpose:
        case Purpose.SIGN_IN:
            reader = access.reader_of(person)
            if reader is None:
                raise AccessDenied(
                    "No account here belongs to you at the sign-in service.",
                    "Sign in another way and link it in the settings, or ask for an invite.",
                )
            return reader
        case Purpose.LINK:
            here = house.desk.accounts.reader_of(token_of(request))
            if here is None or here.id != errand.reader:
                raise AccessDenied("You are no longer signed in.", "Sign in and begin anew.")
            access.link(here, person)
            return here
        case Purpose.JOIN | Purpose.SIGN_UP:
            if access.reader_of(person) is not None:
                raise AccessDenied("You have an account here already.", "Sign in with it.")
            name = errand.name or access.free_name(person.name)
            if errand.purpose is Purpose.JOIN:
                reader = access.join(errand.invite, name, None)
            elif house.settings.sign_up:
                reader = access.sign_up(name, None, address_of(request))
            else:
                raise NotFound("Nobody can sign up here.", "Ask the owner of this server for an invite.")
            access.link(reader, person)
            return reader


async def _address(request: Request, errand: Errand) -> str:
    house = house_of(request)
    return await house.desk.sign_on.leave(_provider(house), errand, token_of(request), _back(request))


def _back(request: Request) -> str:
    """Where the service sends the browser; it has to be registered there, to the letter."""
    return (house_of(request).settings.address.rstrip("/") or origin_of(request)) + "/login/oidc/back"


def _provider(house: WebHouse) -> Provider:
    settings = house.settings
    if not settings.oidc_issuer or not settings.oidc_client:
        raise NotFound("There is no sign-in service here.", "Sign in with name and password.")
    return Provider(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret)


def _name(form: Form) -> str:
    """The name that was chosen; "" to take the one that the service gives."""
    name = text_field(form, "name").strip()
    return account_name(name) if name else ""


def _login_page(house: WebHouse, who: Guest, error: FirsthandError, to: str = "/") -> Response:
    return house.renderer.page("login.html", who, status=403, next=to, name="", error=error, ways=house.settings)
