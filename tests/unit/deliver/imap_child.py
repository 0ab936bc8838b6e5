"""A small IMAP server for one mailbox: as much of RFC 3501 and RFC 2177 as `sources.mailbox` and `sources.idle` speak. In a
thread; ends with its test."""

from __future__ import annotations

import re
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Box(socketserver.ThreadingTCPServer):
    """A mailbox that is served."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Speaker)
        self.mails: list[bytes] = []
        self.validity = 7
        self.asked: list[str] = []
        self.listens = True
        """Whether it offers IDLE."""
        self.idle: list[Speaker] = []
        """Connections that listen now."""

    def handle_error(self, request: object, client_address: object) -> None:
        """A client may hang up at any time; all else is told on standard error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def bring(self, mail: bytes) -> None:
        """A mail comes, and is told to whoever listens."""
        self.mails.append(mail)
        for one in self.idle:
            one.say(f"* {len(self.mails)} EXISTS")

    def hang_up(self) -> None:
        """End the connections that listen."""
        for one in self.idle:
            one.connection.shutdown(socket.SHUT_RDWR)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Speaker(socketserver.StreamRequestHandler):
    """One connection."""

    server: Box

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            self.server.asked.append(command)
            if not self.obey(tag, command):
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def obey(self, tag: str, command: str) -> bool:
        word = command.upper()
        mails = self.server.mails
        if word.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1" + " IDLE" * self.server.listens)
        elif word.startswith("LOGIN"):
            if "secret" not in command:
                self.say(f"{tag} NO wrong")
                return True
        elif word.startswith("EXAMINE"):
            if "INBOX" not in command:
                self.say(f"{tag} NO no such folder")
                return True
            self.say(f"* {len(mails)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {self.server.validity}] valid")
        elif found := re.match(r"UID SEARCH UID (\d+):\*", word):
            first = min(int(found[1]), max(len(mails), 1))  # "N:*" gives the last one in any case
            self.say("* SEARCH " + " ".join(str(one) for one in range(first, len(mails) + 1)))
        elif found := re.match(r"UID FETCH (\d+) \(RFC822.SIZE\)", word):
            self.say(f"* {found[1]} FETCH (UID {found[1]} RFC822.SIZE {len(mails[int(found[1]) - 1])})")
        elif found := re.match(r"UID FETCH (\d+) \(BODY.PEEK\[\]\)", word):
            mail = mails[int(found[1]) - 1]
            self.wfile.write(
                f"* {found[1]} FETCH (UID {found[1]} BODY[] {{{len(mail)}}}\r\n".encode() + mail + b")\r\n"
            )
        elif word == "IDLE":
            self.server.idle.append(self)  # first, so that nothing falls between
            self.say("+ listening")
            try:
                self.server.asked.append(self.rfile.readline().decode().strip())
            finally:
                self.server.idle.remove(self)
        elif word.startswith("LOGOUT"):
            self.say("* BYE")
            self.say(f"{tag} OK bye")
            return False
        self.say(f"{tag} OK done")
        return True


@contextmanager
def mailbox() -> Iterator[Box]:
    """A mailbox on this machine."""
    with Box() as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        yield box
        box.shutdown()
