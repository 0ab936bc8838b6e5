"""Signing in by a service that knows the reader already (OpenID Connect Core 1.0, code flow with PKCE).

Authlib builds what is sent and checks what comes back; what goes out goes through the guarded fetcher. Nothing is kept
between leaving for the service and coming back: the state is sealed for one browser, and from it nonce and verifier follow.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from firsthand.model.errors import AccessDenied, BadResponse, ConfigError, FirsthandError
from firsthand.model.feed import Fetched
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.sources.fetcher import Fetcher

HOLDS: Final = timedelta(minutes=10)
KEPT: Final = timedelta(minutes=10)
"""How long what the service says of itself is used again."""
LEEWAY: Final = 60
"""Seconds that the service's clock may be off."""
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""Signatures by a key pair only: never "none", nor one made with a secret that the caller may know."""
MAX_ANSWER: Final = 512_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Purpose(StrEnum):
    """What a reader goes to the service for."""

    SIGN_IN = "in"
    LINK = "link"
    JOIN = "join"
    SIGN_UP = "up"


@dataclass(frozen=True, slots=True)
class Provider:
    """The service, and how it knows us."""

    issuer: str
    client: str
    secret: str


@dataclass(frozen=True, slots=True)
class Errand:
    """What a reader left for, sealed into the state."""

    purpose: Purpose
    to: str = "/"
    """Where to go afterwards, a path of ours."""
    reader: int = 0
    """Who links."""
    invite: int = 0
    name: str = ""
    """The account's name that was chosen."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who the service says it was."""

    issuer: str
    subject: str
    name: str


class SignOn:
    """One service's sign-on. Its coroutines go out to the network.

    Args:
        key: seals what travels by the reader's browser.
    """

    def __init__(self, fetcher: Fetcher, clock: Callable[[], datetime], key: bytes) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._key = key
        self._known: dict[str, tuple[datetime, dict[str, Any]]] = {}

    async def leave(self, provider: Provider, errand: Errand, browser: str, back: str) -> str:
        """The address at the service that the browser goes to.

        Args:
            browser: the token of the browser's cookie; nobody else can come back with this state.
            back: the address of ours that the service sends the browser to.

        Raises:
            FetchError, ConfigError: the service cannot be asked, or says nothing sound about itself.
        """
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        about = await self._about(provider)
        state = self._write(errand, browser)
        return str(
            prepare_grant_uri(
                _address(about, "authorization_endpoint"),
                client_id=provider.client,
                response_type="code",
                redirect_uri=back,
                scope="openid profile email",
                state=state,
                nonce=self._derived("nonce", state, browser),
                code_challenge=create_s256_code_challenge(self._derived("verifier", state, browser)),
                code_challenge_method="S256",
            )
        )

    def errand(self, state: str, browser: str) -> Errand:
        """What the browser that comes back had left for. Raises AccessDenied for a state that is not its own."""
        head, _, seal = state.partition(".")
        if not hmac.compare_digest(seal.encode("utf-8", "replace"), self._derived("state", head, browser).encode()):
            raise AccessDenied("This sign-in was begun elsewhere, or is over.", "Begin anew.")
        said = json.loads(_decoded(head))
        if said["ends"] <= (self._clock() - _EPOCH).total_seconds():
            raise AccessDenied("That took too long.", "Begin anew.")
        return Errand(Purpose(said["p"]), said["to"], said["r"], said["i"], said["n"])

    async def arrive(
        self, provider: Provider, code: str, state: str, issuer: str | None, browser: str, back: str
    ) -> Person:
        """Who came back with this code.

        Args:
            issuer: as the answer names it, if it does (RFC 9207 against mixed-up services).

        Raises:
            AccessDenied: what the service says is not sound, or not for us.
            FetchError, ConfigError: it cannot be asked.
        """
        if issuer is not None and issuer != provider.issuer:
            raise AccessDenied("The answer comes from another sign-in service.", "Begin anew.")
        about = await self._about(provider)
        verifier = self._derived("verifier", state, browser)
        token = await self._token(provider, about, code, verifier, back)
        keys = await self._get(_address(about, "jwks_uri"))
        nonce = self._derived("nonce", state, browser)
        return _person(provider, token, keys, nonce, int((self._clock() - _EPOCH).total_seconds()))

    # ── Asking the service ───────────────────────────────────────────────────────────────────────────────────────────

    async def _about(self, provider: Provider) -> dict[str, Any]:
        """What the service says of itself (OpenID Connect Discovery 1.0 §4)."""
        held = self._known.get(provider.issuer)
        if held is not None and self._clock() - held[0] < KEPT:
            return held[1]
        about = await self._get(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if about.get("issuer") != provider.issuer:
            said = one_line(str(about.get("issuer")))[:200]
            raise ConfigError(
                f"The sign-in service calls itself {said}, not {provider.issuer}.", "Correct web.oidc_issuer."
            )
        self._known[provider.issuer] = (self._clock(), about)
        return about

    async def _get(self, url: str) -> dict[str, Any]:
        got = await self._fetcher.get(url, accept="application/json", polite=False, max_bytes=MAX_ANSWER)
        assert isinstance(got, Fetched)  # no validators were sent
        return _object(url, got.body)

    async def _token(
        self, provider: Provider, about: Mapping[str, Any], code: str, verifier: str, back: str
    ) -> dict[str, Any]:
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        url = _address(about, "token_endpoint")
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        given = {"code": code, "code_verifier": verifier, "client_id": provider.client}
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if provider.secret and "client_secret_basic" in ways:
            # Both parts are form-encoded first (RFC 6749 §2.3.1).
            pair = f"{quote(provider.client, safe='')}:{quote(provider.secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif provider.secret:
            given["client_secret"] = provider.secret
        body = prepare_token_request("authorization_code", redirect_uri=back, **given)
        answer = await self._fetcher.post(url, body.encode(), headers, max_bytes=MAX_ANSWER)
        if answer.status != 200:
            raise AccessDenied("The sign-in service did not take the code that it had given.", "Begin anew.")
        return _object(url, answer.body)

    # ── What travels by the browser ──────────────────────────────────────────────────────────────────────────────────

    def _write(self, errand: Errand, browser: str) -> str:
        said = {
            "p": errand.purpose.value,
            "to": errand.to,
            "r": errand.reader,
            "i": errand.invite,
            "n": errand.name,
            "ends": int((self._clock() + HOLDS - _EPOCH).total_seconds()),
            "once": secrets.token_hex(16),
        }
        head = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
        return f"{head}.{self._derived('state', head, browser)}"

    def _derived(self, what: str, of: str, browser: str) -> str:
        """43 characters that only we can make: the length that RFC 7636 §4.1 asks of a verifier."""
        said = f"{what}:{browser}:{of}".encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(hmac.new(self._key, said, hashlib.sha256).digest()).decode().rstrip("=")


def _person(provider: Provider, token: Mapping[str, Any], keys: Mapping[str, Any], nonce: str, now: int) -> Person:
    """Whom an ID token names, once all that OpenID Connect Core §3.1.3.7 asks for has been checked."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        signed = jwt.decode(str(token["id_token"]), KeySet.import_key_set(dict(keys)), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client},
            },
            {"nonce": nonce, "client_id": provider.client, "access_token": token.get("access_token")},
        )
        claims.validate(now=now, leeway=LEEWAY)
        subject = claims["sub"]
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise AccessDenied("What the sign-in service says is not sound.", "Begin anew.") from error
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise AccessDenied("The sign-in service does not say who you are.", "Begin anew.")
    names = (claims.get(one) for one in ("preferred_username", "email", "name"))
    name = next((one_line(one)[:200] for one in names if isinstance(one, str) and one.strip()), subject)
    return Person(provider.issuer, subject, name)


def _object(url: str, body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BadResponse(url, "The sign-in service does not answer with JSON.", "Check web.oidc_issuer.")
    return said


def _address(about: Mapping[str, Any], name: str) -> str:
    found = about.get(name)
    if not isinstance(found, str) or urlsplit(found).scheme not in ("https", "http"):
        raise ConfigError(f"The sign-in service names no {name}.", "Check web.oidc_issuer.")
    return found


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def problem_words(error: str) -> FirsthandError:
    """What an error that came back by the browser means (RFC 6749 §4.1.2.1); the text is anybody's, so it is not shown."""
    if error == "access_denied":
        return AccessDenied("The sign-in service did not let you in.", "Begin anew, or sign in another way.")
    return AccessDenied("The sign-in service could not do it.", "Begin anew, or sign in another way.")
