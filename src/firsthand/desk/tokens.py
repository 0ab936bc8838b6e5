"""API tokens: for programs that read and mark in a reader's name, without the reader's password.

Tokens are kept as SHA-256, as sessions are: 256 random bits need no slow hash. What a Fever client sends is an MD5 that
holds the token, so its digest is kept beside.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from firsthand.desk.accounts import SESSION, Accounts, token_hash
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import one_line
from firsthand.model.tokens import ALL_SCOPES, Scope, Token

if TYPE_CHECKING:
    from firsthand.store import Store

PREFIX: Final = "fh_"
"""How every token begins, so that one that has got out is known for what it is."""
MAX_NAME: Final = 80
MAX_TOKENS: Final = 200
"""Tokens of one reader."""


_BY_PASSWORD: Final = "pw"  # noqa: S105 (how it begins)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Caller:
    """A reader's program, and what it may do."""

    reader: Reader
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Made:
    """A new token, shown this once."""

    secret: str
    token: Token


class Tokens:
    """Making, listing, revoking and checking tokens. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime], accounts: Accounts) -> None:
        self._store = store
        self._clock = clock
        self._accounts = accounts

    def make(
        self,
        reader: Reader,
        name: str,
        scopes: Iterable[Scope] = ALL_SCOPES,
        lasts: timedelta | None = None,
    ) -> Made:
        """A new token; reading is a part of every scope.

        Raises:
            UsageError: the name is empty or too long, `lasts` is no time, or the reader has too many tokens.
        """
        name = one_line(name)
        if not name or len(name) > MAX_NAME:
            raise UsageError(f"A token's name has 1 to {MAX_NAME} characters.", "Name the app or the device.")
        if lasts is not None and not timedelta(0) < lasts <= timedelta(days=36_500):
            raise UsageError("A token lasts between a day and a hundred years.", "Give another number of days.")
        if len(self._store.tokens.of(reader.id)) >= MAX_TOKENS:
            raise UsageError(f"There are {MAX_TOKENS} tokens already.", "Revoke those that are not used.")
        secret = PREFIX + secrets.token_urlsafe(32)
        now = self._clock()
        token = self._store.tokens.add(
            reader.id,
            name,
            token_hash=token_hash(secret),
            fever_hash=token_hash(fever_key(reader.name, secret)),
            scopes=frozenset(scopes) | {Scope.READ},
            now=now,
            expires=now + lasts if lasts else None,
        )
        return Made(secret, token)

    def list(self, reader: Reader) -> list[Token]:
        """A reader's tokens, the newest first."""
        return self._store.tokens.of(reader.id)

    def revoke(self, reader: Reader, token_id: int) -> None:
        """End a token at once. Raises NotFound where the reader has no such token."""
        if not self._store.tokens.remove(reader.id, token_id):
            raise NotFound(f"There is no token {token_id}.", "`firsthand token list` names them.")

    def reader_of(self, token: str, scope: Scope = Scope.READ) -> Reader | None:
        """Whose token this is; None if it is unknown, has ended or does not go so far."""
        caller = self.caller_of(token)
        return caller.reader if caller and scope in caller.scopes else None

    def caller_of(self, secret: str) -> Caller | None:
        """Who sends this token, or what `sign_in` gave; None if it is unknown or has ended."""
        if secret.startswith(PREFIX):
            return _caller(self._store.tokens.find(token_hash(secret), self._clock()))
        return self._by_password(secret)

    def caller_of_fever(self, key: str) -> Caller | None:
        """Who sends this Fever key."""
        return _caller(self._store.tokens.find(token_hash(key.lower()), self._clock(), fever=True)) if key else None

    def sign_in(self, name: str, secret: str, address: str) -> str:
        """What an app that was given a name and a token, or the account's password, goes on with.

        A token says whose it is, so its name is not looked at. For a password it is a signature that ends with the
        password, or after as long as a session lasts; an app that signs in at every start leaves nothing behind.

        Raises:
            AccessDenied: wrong, or tried too often.
        """
        if self.caller_of(secret) is not None and secret.startswith(PREFIX):
            return secret
        reader = self._accounts.check(name, secret, address)
        expires = int((self._clock() + SESSION - _EPOCH).total_seconds())
        return f"{_BY_PASSWORD}.{reader.id}.{expires}.{self._signature(reader, expires)}"

    def _by_password(self, secret: str) -> Caller | None:
        match secret.split("."):
            case [kind, key, expires, signature] if kind == _BY_PASSWORD and _is_number(key) and _is_number(expires):
                if int(expires) <= (self._clock() - _EPOCH).total_seconds():
                    return None
                try:
                    # Asked for anew: checking renewed an old hash, and the password may have been changed since.
                    reader = self._store.readers.get(int(key))
                except NotFound:
                    return None
                right = self._signature(reader, int(expires)).encode()
                held = reader.password_hash is not None
                return Caller(reader, ALL_SCOPES) if held and hmac.compare_digest(right, _bytes(signature)) else None
        return None

    def _signature(self, reader: Reader, expires: int) -> str:
        said = f"{reader.id}.{expires}.{self._store.readers.get(reader.id).password_hash}"
        return hmac.new(self._store.secret("apps"), said.encode(), hashlib.sha256).hexdigest()


def fever_key(name: str, token: str) -> str:
    """What a Fever client sends (Fever API, "Authentication"): the MD5 of the account's name and the token."""
    return hashlib.md5(_bytes(f"{name}:{token}"), usedforsecurity=False).hexdigest()


def _caller(found: tuple[Token, Reader] | None) -> Caller | None:
    return Caller(found[1], found[0].scopes) if found else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
