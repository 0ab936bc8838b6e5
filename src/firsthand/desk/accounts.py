"""Signing in: passwords, sessions, and what slows a guesser down.

Without any account the reader is the local owner, who needs no sign-in; the program then listens on loopback only.
Passwords are kept as argon2id (RFC 9106), session tokens as SHA-256: neither can be used by who reads the database.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from firsthand.model.access import Role
from firsthand.model.errors import AccessDenied, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.store import Store

MIN_PASSWORD: Final = 10
MAX_PASSWORD: Final = 1000
"""Longer ones would let a caller burn memory and time in the hash."""
MAX_NAME: Final = 80
SESSION: Final = timedelta(days=30)
WINDOW: Final = timedelta(minutes=15)
"""How far back failed sign-ins count."""
TRIES_PER_NAME: Final = 10
TRIES_PER_ADDRESS: Final = 20
NO_PASSWORD: Final = "!"  # noqa: S105 (none at all)
"""In place of a hash: an account that signs in by other ways only. No password belongs to it."""


class Accounts:
    """Who is reading. Thread-safe.

    Args:
        hasher: argon2id with the library's parameters (RFC 9106, low-memory profile); tests give a cheaper one.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], hasher: PasswordHasher | None = None) -> None:
        self._store = store
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        # One password is checked at a time: argon2 takes 64 MiB a check, and counting failures before a check and
        # after it must not be overtaken by the next try.
        self._checking = threading.Lock()
        self._nobody = self._hasher.hash(secrets.token_hex())

    def needs_sign_in(self) -> bool:
        """Whether an account exists, so that nobody reads without signing in."""
        return self._store.readers.owner().password_hash is not None

    def local_owner(self) -> Reader | None:
        """The reader who needs no sign-in, or None as soon as an account exists."""
        owner = self._store.readers.owner()
        return owner if owner.password_hash is None else None

    def create(self, name: str, password: str, role: Role = Role.READER) -> Reader:
        """Add an account. The first one takes over what the local owner followed and saved, and is an owner's.

        Raises:
            UsageError: the name is taken, empty or too long; the password too short or too long.
        """
        name = account_name(name)
        if self._store.readers.by_name(name) is not None:
            raise UsageError(f"There is already an account named {name}.", "Choose another name.")
        return self._store.readers.add(name, self.hash(password), self._clock(), role)

    def sign_in(self, name: str, password: str, address: str, device: str = "") -> str:
        """Check a name and a password and start a session; gives the token that the reader's browser keeps.

        Raises:
            AccessDenied: wrong, or tried too often.
        """
        return self.start(self.check(name, password, address), device)

    def check(self, name: str, password: str, address: str) -> Reader:
        """Whose name and password these are.

        Failures are counted for the name and for the address they come from (OWASP ASVS 5.0, 6.3.1). An unknown name
        costs the same time as a wrong password.

        Raises:
            AccessDenied: wrong, or tried too often.
        """
        now = self._clock()
        name_key, address_key = f"name:{_digest(one_line(name).casefold())}", f"address:{address}"
        with self._checking:
            self._throttle(name_key, TRIES_PER_NAME)
            self._throttle(address_key, TRIES_PER_ADDRESS)
            reader = self._store.readers.by_name(one_line(name))
            held = reader.password_hash if reader and has_password(reader) else None
            if not self._matches(held or self._nobody, password) or reader is None or held is None:
                self._store.readers.login_failed(name_key, now)
                self._store.readers.login_failed(address_key, now)
                raise AccessDenied("This name and password do not belong together.", "Check both and try again.")
        if self._hasher.check_needs_rehash(held):
            self._store.readers.set_password(reader.id, self._hasher.hash(_bytes(password)), end_sessions=False)
        return reader

    def count_try(self, address: str) -> None:
        """Count a failed try to get in by another way than a password, where an address has not failed too often.

        Raises:
            AccessDenied: it has.
        """
        key = f"address:{address}"
        with self._checking:
            self._throttle(key, TRIES_PER_ADDRESS)
            self._store.readers.login_failed(key, self._clock())

    def confirm(self, reader: Reader, given: str) -> None:
        """Whether it is the reader themselves who asks for what cannot be undone: by their password, or, where the
        account has none, by its name, written out.

        Raises:
            AccessDenied: it is wrong, or was tried too often.
        """
        key = f"confirm:{reader.id}"
        with self._checking:
            self._throttle(key, TRIES_PER_NAME)
            what = "password" if has_password(reader) else "name"
            by_name = one_line(given) == reader.name
            if not (self._matches(reader.password_hash or "", given) if what == "password" else by_name):
                self._store.readers.login_failed(key, self._clock())
                raise AccessDenied(f"The {what} is wrong.", "Check it and try again.")

    def reader_of(self, token: str) -> Reader | None:
        """Whose session this token is; None if it is unknown or has ended."""
        return self._store.readers.session(token_hash(token), self._clock()) if token else None

    def sign_out(self, token: str) -> None:
        """End a session; an unknown one is no error."""
        self._store.readers.end_session(token_hash(token))

    def change_password(self, reader: Reader, old: str, new: str, device: str = "") -> str:
        """Set a new password; every session ends, and the token of a fresh one comes back.

        An account without a password gets its first; `old` is then not looked at.

        Raises:
            AccessDenied: `old` is wrong, or was tried too often.
            UsageError: there is no account, or `new` is too short or too long.
        """
        if reader.password_hash is None:
            raise UsageError("There is no account yet.", "Run `firsthand user add NAME` to make one.")
        if has_password(reader):
            try:
                self.confirm(reader, old)
            except AccessDenied as error:
                if "wrong" not in error.message:
                    raise
                raise AccessDenied("The old password is wrong.", error.remedy) from None
        self._store.readers.set_password(reader.id, self.hash(new))
        return self.start(reader, device)

    def reset_password(self, name: str, new: str) -> None:
        """Set a new password without the old one; every session ends. For who has the machine itself.

        Raises:
            UsageError: there is no such account, or `new` is too short or too long.
        """
        reader = self._store.readers.by_name(one_line(name))
        if reader is None:
            raise UsageError(f"There is no account named {name}.", "Run `firsthand user add NAME` to make one.")
        self._store.readers.set_password(reader.id, self.hash(new))

    def set_zone(self, reader: Reader, zone: str) -> None:
        """Set the time zone that a reader's times are shown in; "" for the browser's own.

        Raises:
            UsageError: there is no such zone.
        """
        zone = one_line(zone)
        if zone:
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise UsageError(f"There is no time zone “{zone}”.", "Write it as Continent/City.") from None
        self._store.readers.set_zone(reader.id, zone)

    def start(self, reader: Reader, device: str = "") -> str:
        """Start a session for who has shown to be this reader; gives the token that their browser keeps."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        self._store.readers.start_session(reader.id, token_hash(token), now, now + SESSION, device)
        return token

    def hash(self, password: str) -> str:
        """What is kept of a password. Raises UsageError where it is too short or too long."""
        if len(password) < MIN_PASSWORD:
            raise UsageError(f"A password has at least {MIN_PASSWORD} characters.", "Choose a longer one.")
        if len(password) > MAX_PASSWORD:
            raise UsageError(f"A password has at most {MAX_PASSWORD} characters.", "Choose a shorter one.")
        return self._hasher.hash(_bytes(password))

    def _throttle(self, key: str, tries: int) -> None:
        if self._store.readers.recent_failures(key, self._clock() - WINDOW) >= tries:
            minutes = int(WINDOW.total_seconds() // 60)
            raise AccessDenied("There were too many failed sign-ins.", f"Try again in {minutes} minutes.")

    def _matches(self, held: str, password: str) -> bool:
        try:
            return self._hasher.verify(held, _bytes(password)[: 4 * MAX_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False


def has_password(reader: Reader) -> bool:
    """Whether the account can be signed in to with a password."""
    return reader.password_hash not in (None, NO_PASSWORD)


def account_name(name: str) -> str:
    """A name as an account may have it. Raises UsageError."""
    name = one_line(name)
    if not name or len(name) > MAX_NAME:
        raise UsageError(f"A name has 1 to {MAX_NAME} characters.", "Choose another one.")
    return name


def token_hash(token: str) -> str:
    """What is kept of a session token. A plain hash is enough: the token has 256 random bits."""
    return _digest(token)


def _digest(text: str) -> str:
    return hashlib.sha256(_bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
