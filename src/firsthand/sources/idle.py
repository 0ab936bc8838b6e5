"""A mailbox that says by itself that mail came (IMAP IDLE, RFC 2177, a part of RFC 9051)."""

from __future__ import annotations

import imaplib
import re
import socket
import time
from collections.abc import Callable
from typing import Final

from firsthand.model.errors import BadResponse, FirsthandError, Unreachable
from firsthand.sources.cord import Cord
from firsthand.sources.guard import AddressGuard
from firsthand.sources.mailbox import Mailbox, MailboxSettings, opened, select

RENEW: Final = 28 * 60.0
"""Seconds after which it is asked anew: a server may hang up after 30 minutes without a word (RFC 2177 §3)."""
LONGEST: Final = 10_000
"""Bytes of one line."""
_CAME = re.compile(rb"\* \d+ (?:EXISTS|RECENT)\b", re.IGNORECASE)


class Listener:
    """Listens to one mailbox, over one connection. `run` blocks and belongs in a thread of its own; `close` ends it.

    Args:
        told: called, in that thread, whenever there may be mail: once the server listens, and each time it says so.
        renew: seconds after which a server that says nothing is asked anew.
    """

    def __init__(
        self,
        box: Mailbox,
        settings: MailboxSettings,
        guard: AddressGuard,
        told: Callable[[], None],
        *,
        renew: float = RENEW,
        timeout: float = 30,
    ) -> None:
        self._box = box
        self._settings = settings
        self._guard = guard
        self._told = told
        self._renew = renew
        self._timeout = timeout
        self._cord = Cord()

    def run(self) -> bool:
        """Listen until the connection ends, or `close` ends it; False where the server cannot do that.

        Raises:
            ConfigError, AccessDenied, FetchError: as `mailbox.visit` does; also when the server hangs up.
        """
        try:
            return self._run()
        except FirsthandError:
            if not self._cord.is_cut:
                raise
        return True

    def close(self) -> None:
        """End it, from another thread, wherever it stands."""
        self._cord.cut()

    def _run(self) -> bool:
        with opened(self._box, self._settings, self._guard, self._timeout, self._cord) as client:
            if "IDLE" not in _abilities(client):
                return False
            select(client, self._box)
            lines = _Lines(client.sock, self._box, self._timeout)
            number = 0
            while not self._cord.is_cut:
                number += 1
                self._listen(lines, f"IDLE{number}".encode())
        return True

    def _listen(self, lines: _Lines, tag: bytes) -> None:
        """From asking to listen to saying that it is enough."""
        lines.send(tag + b" IDLE\r\n")
        while not (line := lines.next(self._timeout)).startswith(b"+"):
            if line.startswith(tag):
                raise BadResponse(
                    self._box.url, f"{self._box.host} does not listen: {line.decode('utf-8', 'replace')}."
                )
        self._told()  # of what came before it listened
        until = time.monotonic() + self._renew
        while (left := until - time.monotonic()) > 0:
            try:
                line = lines.next(left)
            except TimeoutError:
                break
            if _CAME.match(line):
                self._told()
        lines.send(b"DONE\r\n")
        while not (line := lines.next(self._timeout)).startswith(tag):
            if _CAME.match(line):
                self._told()


class _Lines:
    """Lines from a socket; imaplib's own reader cannot go on after a time-out."""

    def __init__(self, sock: socket.socket, box: Mailbox, timeout: float) -> None:
        self._socket = sock
        self._box = box
        self._timeout = timeout
        self._held = b""

    def send(self, data: bytes) -> None:
        self._socket.settimeout(self._timeout)
        self._socket.sendall(data)

    def next(self, timeout: float) -> bytes:
        """The next line, without its end. Raises TimeoutError, Unreachable where the server hangs up."""
        until = time.monotonic() + timeout
        while b"\n" not in self._held:
            self._socket.settimeout(max(0.001, until - time.monotonic()))
            more = self._socket.recv(4096)
            if not more or len(self._held) > LONGEST:
                raise Unreachable(self._box.url, f"{self._box.host} hung up.", "It is asked again.")
            self._held += more
        line, _, self._held = self._held.partition(b"\n")
        return line.rstrip(b"\r")


def _abilities(client: imaplib.IMAP4) -> set[str]:
    """What the server can do for whom it knows, which may be more than it says to strangers (RFC 3501 §6.1.1)."""
    _, said = client.capability()
    return {word.upper() for one in said if isinstance(one, bytes) for word in one.decode("ascii", "replace").split()}
