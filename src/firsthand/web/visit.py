"""Who is asking: the session cookie, the CSRF token, the reader's clock and colors.

One cookie holds a random token. Signed in, it is the session's; before that, and where there is no account, it only
binds the CSRF token (OWASP: signed double submit). Signing in changes it, so that no one can plant one beforehand.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Annotated, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request

from firsthand.desk.accounts import SESSION, has_password
from firsthand.model.errors import AccessDenied, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import clean
from firsthand.web.house import house_of

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ZONE = re.compile(r"[A-Za-z0-9_+\-]{1,40}(?:/[A-Za-z0-9_+\-]{1,40}){0,2}")
THEMES: Final = ("auto", "light", "dark")
_MAX_FIELDS: Final = 2000
_SET_TOKEN: Final = "firsthand.set_token"  # noqa: S105 (a name)
"""In the request's scope: the token that the answer's cookie is to hold."""


class SignInNeeded(AccessDenied):
    """An account exists and nobody is signed in; `next_path` is where to go afterwards."""

    def __init__(self, next_path: str) -> None:
        super().__init__("You are not signed in.", "Sign in first.")
        self.next_path = next_path


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody, before we know who."""

    csrf: str
    theme: str
    here: str
    """The page's own path and query, for forms to lead back to."""


@dataclass(frozen=True, slots=True)
class Visitor(Guest):
    """A reader at their browser."""

    reader: Reader
    zone: tzinfo
    zone_known: bool
    """False where neither the reader nor the browser has said their zone: times are then UTC and say so."""
    device_key: str = ""
    """Names the reader to their own browser, so that it shows nobody what it holds of another's pages; "" for a program."""

    @property
    def account(self) -> bool:
        """Whether the reader signed in, and so can sign out."""
        return self.reader.password_hash is not None

    @property
    def password(self) -> bool:
        """Whether the account has a password, and is not signed in to by other ways alone."""
        return has_password(self.reader)


def cookie_name(secure: bool) -> str:
    """`__Host-` makes a browser refuse the cookie from a sister domain or over http (RFC 6265bis 4.1.3.2)."""
    return "__Host-firsthand" if secure else "firsthand"


def token_of(request: Request) -> str:
    """The cookie's token; a new one, to be set with the answer, where there is none."""
    pending = request.scope.get(_SET_TOKEN)
    if isinstance(pending, str):
        return pending
    token = request.cookies.get(cookie_name(house_of(request).settings.secure_cookies), "")
    if _TOKEN.fullmatch(token):
        return token
    return replace_token(request, secrets.token_urlsafe(32))


def replace_token(request: Request, token: str) -> str:
    """Set the cookie to `token` with the answer."""
    request.scope[_SET_TOKEN] = token
    return token


def pending_cookie(scope: dict[str, object], secure: bool) -> str | None:
    """The Set-Cookie header of the answer, if it is to have one."""
    token = scope.get(_SET_TOKEN)
    if not isinstance(token, str):
        return None
    flags = f"Path=/; Max-Age={int(SESSION.total_seconds())}; HttpOnly; SameSite=Lax"
    return f"{cookie_name(secure)}={token}; {flags}" + ("; Secure" if secure else "")


def csrf_of(request: Request) -> str:
    """The CSRF token that belongs to this browser's cookie."""
    key = house_of(request).csrf_key
    return hmac.new(key, b"csrf:" + token_of(request).encode(), hashlib.sha256).hexdigest()


def guest(request: Request) -> Guest:
    """Whoever is asking, without asking who."""
    return Guest(csrf_of(request), _theme(request), here(request))


async def visitor(request: Request) -> Visitor:
    """The reader who is asking. Raises SignInNeeded."""
    desk = house_of(request).desk
    reader = await run_in_threadpool(desk.accounts.local_owner)
    if reader is None:
        token = token_of(request)
        found = await run_in_threadpool(desk.accounts.reader_of, token)
        if found is None:
            raise SignInNeeded(here(request))
        reader = found
    zone = _zone(reader.zone) or _zone(request.cookies.get("zone", "")) or _zone(desk.zone)
    key = _device_key(request, reader)
    return Visitor(csrf_of(request), _theme(request), here(request), reader, zone or UTC, zone is not None, key)


def _device_key(request: Request, reader: Reader) -> str:
    key = house_of(request).csrf_key
    return hmac.new(key, f"device:{reader.id}".encode(), hashlib.sha256).hexdigest()[:24]


def owner(who: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """An owner who is asking. Raises AccessDenied for other readers."""
    if not who.reader.owns:
        raise AccessDenied("This is for the owners of this server.", "Ask one of them.")
    return who


def address_of(request: Request) -> str:
    """The network address that a request comes from, for counting failed tries."""
    return request.client.host if request.client else "unknown"


def origin_of(request: Request) -> str:
    """Our own origin as the reader's browser sees it. The host was checked by `guard`."""
    scheme = "https" if house_of(request).settings.secure_cookies else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '').lower()}"


async def checked_form(request: Request) -> FormData:
    """The form of a request that changes something, after all defences against forgery.

    Raises:
        AccessDenied: it does not come from a page of ours.
        UsageError: it is no form, or too large a one.
    """
    check_origin(request)
    form = await _form(request)
    given = request.headers.get("x-csrf-token") or form.get("csrf")
    if not isinstance(given, str) or not hmac.compare_digest(
        given.encode("utf-8", "replace"), csrf_of(request).encode()
    ):
        raise AccessDenied("This form is out of date.", "Go back, load the page anew and send it again.")
    return form


async def open_form(request: Request) -> FormData:
    """The form of a request whose address is itself the right to what it does (a link in a mail); no cookie has a part in it.

    Raises UsageError: it is no form, or too large a one.
    """
    return await _form(request)


def check_origin(request: Request) -> None:
    """Refuse what another site's page sends. Raises AccessDenied.

    Fetch metadata says it outright where browsers send it (trustworthy origins); elsewhere the Origin header does.
    A program that sends neither has no reader's cookie to abuse, and still needs the CSRF token.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    elif origin is not None:
        foreign = urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()
    else:
        foreign = False
    if foreign:
        raise AccessDenied("This request comes from another site.", "Use the pages of this one.")


async def _form(request: Request) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise UsageError("This request holds no form.", "Use the pages of this site.")
    return await request.form(max_files=1, max_fields=_MAX_FIELDS)


def here(request: Request) -> str:
    """Where the reader is or wanted to go; the front page for what is no page."""
    if request.method not in ("GET", "HEAD") or request.url.path.startswith(("/live", "/image")):
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(request.url.path, safe="/") + query


def _zone(name: str) -> tzinfo | None:
    if not _ZONE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _theme(request: Request) -> str:
    theme = request.cookies.get("theme", "auto")
    return theme if theme in THEMES else "auto"


def text_field(form: FormData, name: str) -> str:
    """A field's text, cleaned of what no database or page may hold; "" where it is missing or a file."""
    return clean(secret_field(form, name))


def secret_field(form: FormData, name: str) -> str:
    """A password as it was typed, to the last character; "" where it is missing or a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


Reading = Annotated[Visitor, Depends(visitor)]
Owning = Annotated[Visitor, Depends(owner)]
Form = Annotated[FormData, Depends(checked_form)]
Anyone = Annotated[Guest, Depends(guest)]
OpenForm = Annotated[FormData, Depends(open_form)]
