"""A mailbox of newsletters over IMAP (RFC 3501, RFC 9051): what came since the last time, read without marking it read."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from firsthand.model.errors import AccessDenied, BadResponse, ConfigError, FetchError, TimedOut, Unreachable
from firsthand.model.text import one_line
from firsthand.sources.cord import Cord
from firsthand.sources.guard import AddressGuard, refused

SCHEMES: Final = ("imaps", "imap")
MOST: Final = 50
"""Mails of one visit; the next one goes on where this one ended."""
LARGEST: Final = 10_000_000
_STATE = re.compile(r"(\d{1,10}):(\d{1,10})")


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """Mailboxes that are read."""

    passwords: tuple[str, ...] = field(default=(), repr=False)
    """Passwords of mailboxes that are followed, each as `user@host=password`: for `imaps://news@imap.example.org/INBOX`
    it is `news@imap.example.org=…`."""

    def password(self, user: str, host: str) -> str | None:
        """The password for a user on a host."""
        start = f"{user}@{host}="
        return next((one.removeprefix(start) for one in self.passwords if one.startswith(start)), None)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a mailbox lies."""

    url: str
    host: str
    port: int
    user: str
    folder: str
    tls: bool
    """From the start; else STARTTLS, without which nothing is said."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit brought."""

    mails: tuple[bytes, ...]
    state: str
    """Where the next one goes on: the mailbox's validity and the last mail's number."""
    more: bool
    """There is more; visit again soon."""


def is_mailbox(url: str) -> bool:
    """Whether an address is a mailbox's."""
    return urlsplit(url).scheme.lower() in SCHEMES


def parse_mailbox(url: str) -> Mailbox:
    """`imaps://user@host/FOLDER`, its parts. The user's own "@" is written %40.

    Raises:
        FetchError: it is none, or holds a password, which belongs into the settings.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    tls = parts.scheme.lower() == "imaps"
    if parts.scheme.lower() not in SCHEMES or not host or not parts.username:
        raise FetchError(url, "This is no mailbox's address.", "Write it as imaps://user@host/INBOX.")
    if parts.password is not None:
        raise FetchError(url, "A mailbox's address must not hold its password.", "Put it into mailbox.passwords.")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Mailbox(url, host, port or (993 if tls else 143), unquote(parts.username), folder, tls)


def visit(
    box: Mailbox,
    settings: MailboxSettings,
    guard: AddressGuard,
    state: str | None,
    *,
    timeout: float = 30,
    cord: Cord | None = None,
) -> Visit:
    """Read what came since `state`. Blocks; belongs in a thread, and `cord` ends it from another one.

    Raises:
        ConfigError: no password is set for it.
        AccessDenied: it does not let us in.
        FetchError: it cannot be reached, its host may not be connected to, or it breaks IMAP.
    """
    with opened(box, settings, guard, timeout, cord or Cord()) as client:
        return _read(client, box, state)


@contextmanager
def opened(
    box: Mailbox, settings: MailboxSettings, guard: AddressGuard, timeout: float, cord: Cord
) -> Iterator[imaplib.IMAP4]:
    """A connection that is signed in; raises as `visit` does, also for what happens over it."""
    password = settings.password(box.user, box.host)
    if password is None:
        raise ConfigError(f"No password is set for {box.user} at {box.host}.", "Add it to mailbox.passwords.")
    try:
        with _connected(box, guard, timeout, cord) as client:
            try:
                client.login(box.user, password)
            except imaplib.IMAP4.abort:  # it hung up, and has not refused anything
                raise
            except imaplib.IMAP4.error as error:
                raise AccessDenied(
                    f"{box.host} does not let {box.user} in: {_said(error)}.", "Check the password."
                ) from error
            yield client
    except TimeoutError as error:
        raise TimedOut(
            box.url, f"{box.host} did not answer within {timeout:g} seconds.", "It is asked again."
        ) from error
    except (OSError, ssl.SSLError) as error:
        raise Unreachable(box.url, f"{box.host}:{box.port} cannot be reached: {_said(error)}.") from error
    except imaplib.IMAP4.error as error:
        raise BadResponse(box.url, f"{box.host} answered with an error: {_said(error)}.") from error


def select(client: imaplib.IMAP4, box: Mailbox) -> None:
    """Open the folder, read-only (EXAMINE): for the mail programs of its owner nothing changes. Raises BadResponse."""
    status, said = client.select(f'"{box.folder}"'.replace("\\", ""), readonly=True)
    if status != "OK":
        raise BadResponse(box.url, f"{box.host} has no folder {box.folder}: {_text(said)}.", "Correct the address.")


def _read(client: imaplib.IMAP4, box: Mailbox, state: str | None) -> Visit:
    select(client, box)
    validity = _text(client.response("UIDVALIDITY")[1]) or "0"
    held = _STATE.fullmatch(state or "")
    last = int(held[2]) if held and held[1] == validity else 0
    _, found = client.uid("SEARCH", f"UID {last + 1}:*")
    # "N:*" always gives the newest mail, also where it is older (RFC 3501 §6.4.8).
    numbers = sorted(int(one) for one in _text(found).split() if one.isdigit() and int(one) > last)
    mails: list[bytes] = []
    for number in numbers[:MOST]:
        mails += _mail(client, number)
        last = number
    return Visit(tuple(mails), f"{validity}:{last}", more=len(numbers) > MOST)


def _mail(client: imaplib.IMAP4, number: int) -> Iterator[bytes]:
    _, sizes = client.uid("FETCH", str(number), "(RFC822.SIZE)")
    size = re.search(r"RFC822\.SIZE (\d+)", _text(sizes))
    if size and int(size[1]) > LARGEST:
        return
    _, parts = client.uid("FETCH", str(number), "(BODY.PEEK[])")  # PEEK: it stays unread
    for part in parts:
        if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], bytes):
            yield part[1]


@contextmanager
def _connected(box: Mailbox, guard: AddressGuard, timeout: float, cord: Cord) -> Iterator[imaplib.IMAP4]:
    """A connection with TLS, to an address that may be connected to."""
    address = _address(box, guard)
    context = ssl.create_default_context()
    try:
        client = _Tls(box, address, context, timeout, cord) if box.tls else _Plain(box, address, timeout, cord)
        try:
            if not box.tls and address not in ("127.0.0.1", "::1"):  # on this very machine nobody is between
                client.starttls(context)
            yield client
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                client.logout()
    finally:
        cord.release()


def _address(box: Mailbox, guard: AddressGuard) -> str:
    """The address to connect to: looked up once, and judged itself, so that a name cannot change its mind."""
    reason = ""
    for *_, where in socket.getaddrinfo(box.host, box.port, type=socket.SOCK_STREAM):
        address = str(where[0])
        reason = guard.reason(address) or ""
        if not reason:
            return address
    raise refused(box.url, reason)


class _Plain(imaplib.IMAP4):
    """To a given address instead of a name."""

    def __init__(self, box: Mailbox, address: str, timeout: float, cord: Cord) -> None:
        self._address, self._cord = address, cord
        super().__init__(box.host, box.port, timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._cord.connect(self._address, self.port, timeout)


class _Tls(imaplib.IMAP4_SSL):
    """To a given address instead of a name; the certificate is still the name's."""

    def __init__(self, box: Mailbox, address: str, context: ssl.SSLContext, timeout: float, cord: Cord) -> None:
        self._address, self._cord = address, cord
        super().__init__(box.host, box.port, ssl_context=context, timeout=timeout)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = self._cord.connect(self._address, self.port, timeout)
        context: ssl.SSLContext = self.ssl_context
        return context.wrap_socket(plain, server_hostname=self.host)


def _text(said: object) -> str:
    parts = said if isinstance(said, list) else [said]
    return " ".join(
        (part[0] if isinstance(part, tuple) else part).decode("utf-8", "replace")
        for part in parts
        if isinstance(part, bytes | tuple)
    )


def _said(error: BaseException) -> str:
    return (one_line(str(error)) or type(error).__name__)[:200].rstrip(".")
