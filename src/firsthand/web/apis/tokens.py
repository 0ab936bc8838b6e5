"""The page of API tokens: for apps and programs that read in the reader's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.desk.tokens import Made
from firsthand.model.errors import FirsthandError, UsageError
from firsthand.model.tokens import Scope
from firsthand.web.apis.content import base_of
from firsthand.web.house import WebHouse, house_of
from firsthand.web.visit import Form, Reading, Visitor, text_field

router = APIRouter()

_DAYS: Final = {"": "until it is revoked", "30": "30 days", "90": "90 days", "365": "a year"}
_MAX_ID: Final = 2**63 - 1


@router.get("/settings/tokens")
def tokens_page(request: Request, who: Reading, revoked: Annotated[str, Query(max_length=1)] = "") -> Response:
    """The reader's API tokens, and how apps are set up with one."""
    return _page(request, who, revoked=revoked == "1")


@router.post("/settings/tokens")
def make_token(request: Request, who: Reading, form: Form) -> Response:
    """Make a token, which is shown this once."""
    house = house_of(request)
    try:
        made = house.desk.tokens.make(who.reader, text_field(form, "name"), _scopes(form), _lasts(form))
    except FirsthandError as error:
        return _page(request, who, error=error)
    return _page(request, who, made=made)


@router.post("/settings/tokens/{token_id}/revoke")
def revoke_token(request: Request, who: Reading, form: Form, token_id: int) -> Response:
    """End a token at once."""
    house_of(request).desk.tokens.revoke(who.reader, token_id if 0 < token_id <= _MAX_ID else 0)
    return RedirectResponse("/settings/tokens?revoked=1", 303)


def _scopes(form: FormData) -> set[Scope]:
    chosen = {value for value in form.getlist("scope") if isinstance(value, str)}
    return {scope for scope in Scope if scope.value in chosen}


def _lasts(form: FormData) -> timedelta | None:
    days = text_field(form, "days")
    if days not in _DAYS:
        raise UsageError("This is no number of days that can be chosen.", "Choose one of the list.")
    return timedelta(days=int(days)) if days else None


def _page(
    request: Request,
    who: Visitor,
    *,
    made: Made | None = None,
    revoked: bool = False,
    error: FirsthandError | None = None,
) -> Response:
    house: WebHouse = house_of(request)
    shell = house.desk.browse.shell(who.reader)
    return house.renderer.page(
        "tokens.html",
        who,
        shell=shell,
        tokens=house.desk.tokens.list(who.reader),
        made=made,
        revoked=revoked,
        error=error,
        days=_DAYS,
        base=base_of(request),
        status=400 if error else 200,
        # A token that is shown once is not to be found again by going back.
        headers={"cache-control": "private, no-store"} if made else None,
    )
