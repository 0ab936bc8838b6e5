"""What a file is, by its bytes."""

from __future__ import annotations

import re
from typing import Literal

Form = Literal["html", "text", "eml", "newsml", "ninjs"]

_HEADER = re.compile(
    rb"^(?:from |return-path:|received:|delivered-to:|mime-version:|message-id:|date:|from:|to:|subject:|x-[\w-]+:"
    rb"|list-[\w-]+:|content-type:|dkim-signature:)",
    re.IGNORECASE,
)
_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|div|p|meta|title|h1|span|table|script)\b", re.IGNORECASE
)
_WINDOW = 8_192


def sniff(data: bytes) -> Form:
    """The form of an input that nobody named; plain text where nothing else fits."""
    head = data[:_WINDOW].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if head[:1] in {b"{", b"["} and re.search(
        rb'"(?:uri|headline|body_x?html|body_text|versioncreated|headlines|bodies|type)"\s*:', data[:200_000]
    ):
        return "ninjs"
    if re.search(rb"<(?:\w+:)?(?:newsItem|newsMessage|packageItem|nitf)\b", head) and not _TAG.match(head):
        return "newsml"
    if _is_mail(head):
        return "eml"
    return "html" if _TAG.search(head.replace(b"\0", b"")) else "text"


def _is_mail(head: bytes) -> bool:
    """Several header fields of RFC 5322 before the first blank line, one of which only mail has."""
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    fields = [line for line in block.splitlines() if _HEADER.match(line)]
    names = {line.split(b":", 1)[0].lower() for line in fields}
    return (
        len(names) >= 3
        and bool(_HEADER.match(block))
        and bool(names & {b"from", b"message-id", b"mime-version", b"received"})
    )
