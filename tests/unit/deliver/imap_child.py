"""A small IMAP server for one mailbox: as much of RFC 3501 as `sources.mailbox` speaks. In a thread; ends with its test."""

from __future__ import annotations

import re
import socketserver
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
            self.say("* CAPABILITY IMAP4rev1")
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
