"""A mail as bytes: headers (RFC 5322, 2369, 2919, 8058, 3834) and two parts of equal worth (RFC 2046 §5.1.4)."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr

from firsthand.model.editions import Mail
from firsthand.model.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands in a mail's head beside its subject."""

    sender: str
    """As the setting gives it: `Firsthand <news@example.org>`."""
    to: str
    message_id: str
    date: datetime
    list_name: str = ""
    list_id: str = ""
    """`edition-5.news.example.org`; "" for what is no list's mail."""
    unsubscribe: str = ""
    """The address that stops it, by GET a page, by POST at once."""


def as_bytes(mail: Mail, envelope: Envelope) -> bytes:
    """A mail with CRLF, as SMTP takes it. The same for the same arguments, down to its boundary."""
    boundary = "=_" + hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32]
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(mail, envelope, boundary))
    parts = (_part("plain", mail.text), _part("html", mail.html))  # the best last
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return head.encode("ascii", "replace") + b"\r\n" + body + b"--" + boundary.encode() + b"--\r\n"


def _headers(mail: Mail, envelope: Envelope, boundary: str) -> Iterator[tuple[str, str]]:
    """Put together here: the library's policy encodes long addresses (RFC 2047), where nothing would find them, and its
    quoted-printable takes ten times as long as all the rest."""
    name, address = parseaddr(envelope.sender)
    yield "From", formataddr((one_line(name), one_line(address)))
    yield "To", one_line(envelope.to)
    yield "Subject", _unstructured("Subject", one_line(mail.subject))
    yield "Date", format_datetime(envelope.date)
    yield "Message-ID", f"<{envelope.message_id}>"
    # RFC 3834 §5: nobody's vacation program answers it.
    yield "Auto-Submitted", "auto-generated"
    if envelope.list_id:
        yield "List-Id", f"{_phrase(envelope.list_name)} <{envelope.list_id}>".strip()
    if envelope.unsubscribe:
        yield "List-Unsubscribe", f"<{envelope.unsubscribe}>"
        if envelope.unsubscribe.startswith("https:"):  # RFC 8058 §3.1
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/alternative; boundary="{boundary}"'


def _unstructured(name: str, text: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")


def _part(kind: str, text: str) -> bytes:
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    encoded = binascii.b2a_qp("\n".join(text.splitlines()).encode("utf-8", "replace"), istext=True)
    return head.encode() + encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def _phrase(name: str) -> str:
    """A list's name in ASCII quotes, or nothing where it has other letters: the list's identity is its id (RFC 2919 §2)."""
    plain = one_line(name).replace("\\", "").replace('"', "")
    return f'"{plain}"' if plain.isascii() and plain else ""
