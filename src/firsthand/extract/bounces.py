"""Mails that came back: delivery status notifications (RFC 3464, in a multipart/report of RFC 6522)."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from typing import Final

from firsthand.model.text import one_line

LARGEST: Final = 5_000_000
HEAD: Final = 100_000
"""Bytes that the head of a mail may have."""
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ID = re.compile(r"<([^<>\s]{3,300})>")
_PASSING: Final = frozenset({("2", "2"), ("3", "1"), ("7", "1")})
"""Subject and detail of permanent failures that say nothing of the address: mailbox full (RFC 3463 X.2.2), system full
(X.3.1), refused by a policy (X.7.1)."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient to whom a mail could not be delivered."""

    message_id: str
    """Of the mail that came back, without angle brackets."""
    recipient: str
    hard: bool
    """For good, and because of the address itself."""
    reason: str


def is_report(data: bytes) -> bool:
    """Whether a mail server wrote this mail, of what became of another one; whatever it says of it."""
    try:
        head = email.message_from_bytes(data[:HEAD].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0])
        return head.get_content_type() == "multipart/report"
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return False


def read_bounce(data: bytes) -> list[Bounce]:
    """What a mail says of mails that came back; empty for any other mail, and where it does not hold the mail's own id.

    Only failures count: a delay is no failure, and what says "delivered" is none. A report is believed no further than its
    Message-ID is known here, which nobody can guess: anybody can write such a mail.
    """
    if len(data) > LARGEST:
        return []
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        if message.get_content_type() != "multipart/report" or not message.is_multipart():
            return []
        parts = list(message.walk())
        message_id = next((found for part in parts if (found := _returned_id(part))), "")
        recipients = [
            block for part in parts if part.get_content_type() == "message/delivery-status" for block in _blocks(part)
        ]
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return []
    return [one for block in recipients if message_id and (one := _bounce(block, message_id))]


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report, each parsed as a message of its own: first of the mail, then of each recipient."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _bounce(block: Message, message_id: str) -> Bounce | None:
    action = _field(block, "Action").lower()
    if not action.startswith("failed"):
        return None
    diagnostic = _field(block, "Diagnostic-Code")
    status = _STATUS.search(_field(block, "Status")) or _STATUS.search(diagnostic)
    recipient = (_field(block, "Final-Recipient") or _field(block, "Original-Recipient")).rpartition(";")[2].strip()
    hard = status is not None and status[1] == "5" and status.group(2, 3) not in _PASSING
    said = diagnostic.partition(";")[2].strip() or diagnostic or (status[0] if status else "It could not be delivered.")
    return Bounce(message_id, recipient, hard, one_line(said)[:300])


def _returned_id(part: Message) -> str:
    """The Message-ID of the mail that came back, from its copy or its headers (RFC 3462 §2)."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        text = str(inner.get("Message-ID", "")) if isinstance(inner, Message) else ""
    elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
        body = part.get_payload(decode=True)
        headers = email.message_from_bytes(body) if isinstance(body, bytes) else None
        text = str(headers.get("Message-ID", "")) if headers is not None else ""
    else:
        return ""
    found = _ID.search(text)
    return found[1] if found else ""


def _field(block: Message, name: str) -> str:
    return one_line(str(block.get(name, "")))
