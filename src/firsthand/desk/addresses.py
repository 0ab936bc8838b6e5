"""Mail addresses of readers: letters go only where somebody said, at that address, that they want them (double opt-in)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from firsthand.extract.bounces import Bounce, read_bounce
from firsthand.model.editions import Address, Fate, Handed
from firsthand.model.errors import AccessDenied, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.store import Store

MOST_ADDRESSES: Final = 5
MOST_ASKED: Final = 5
"""Questions to one address: whoever did not ask for them is not mailed for ever."""
BETWEEN_QUESTIONS: Final = timedelta(minutes=10)
QUESTION_HOLDS: Final = timedelta(days=7)
HARD_BOUNCES: Final = 3
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
"""As browsers take it (WHATWG HTML, "valid e-mail address"), with a dot in the host."""


class MailAddresses:
    """The addresses of all readers. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    # ── What a reader does ───────────────────────────────────────────────────────────────────────────────────────────

    def add(self, reader: Reader, text: str) -> Address:
        """Add an address; it is asked whether it wants letters, and gets none before it said so. Raises UsageError."""
        address = one_line(text)
        if not _ADDRESS.fullmatch(address) or len(address) > 254:
            raise UsageError(f"“{address[:100]}” is not a mail address.", "Write it as name@host.")
        known = self._store.addresses.of(reader.id)
        if len(known) >= MOST_ADDRESSES and all(one.address != address for one in known):
            raise UsageError(f"You have {MOST_ADDRESSES} addresses already.", "Remove one first.")
        return self._store.addresses.add(reader.id, address, self._clock())

    def ask_again(self, reader: Reader, address_id: int) -> None:
        """Send the question again; also the way back for an address that was stopped. Raises NotFound, UsageError."""
        held = self._store.addresses.get(reader.id, address_id)
        if held.question in ("wanted", "sending"):
            return
        if held.asked >= MOST_ASKED and held.confirmed is None:
            raise UsageError("This address was asked too often.", "Look among unwanted mail, or use another address.")
        if held.question == "sent" and held.asked_at and self._clock() - held.asked_at < BETWEEN_QUESTIONS:
            raise UsageError("This address was asked a moment ago.", "Wait ten minutes.")
        self._store.addresses.want_question(held.id)

    def remove(self, reader: Reader, address_id: int) -> None:
        """Forget an address. Raises NotFound."""
        self._store.addresses.get(reader.id, address_id)
        self._store.addresses.remove(reader.id, address_id)

    def asked(self, token: str) -> Address:
        """The address that was asked with this token. Raises AccessDenied."""
        held = self._store.addresses.by_token(_digest(token), self._clock() - QUESTION_HOLDS)
        if held is None:
            raise AccessDenied("This link is not valid, or not any more.", "Ask for a new one on the page of editions.")
        return held

    def confirm(self, token: str) -> Address:
        """Whoever reads at the address wants letters. Raises AccessDenied."""
        held = self.asked(token)
        self._store.addresses.confirm(held.id, self._clock())
        return held

    # ── What the program does that sends ─────────────────────────────────────────────────────────────────────────────

    def to_ask(self, limit: int) -> list[Address]:
        """Addresses to ask now."""
        return self._store.addresses.to_ask(limit)

    def begin_question(self, address: Address) -> tuple[str, str] | None:
        """Record that an address is about to be asked: the token to ask with, and whose address it is; None where another
        process has taken it.

        The token is kept as its hash only, so it is made at the moment when it is needed.
        """
        token = secrets.token_urlsafe(32)
        begun = self._store.addresses.begin_question(address.id, _digest(token), self._clock())
        return (token, self._store.readers.get(address.reader_id).name) if begun else None

    def end_question(self, address: Address, handed: Handed) -> None:
        """Record how asking ended."""
        problem = None if handed.fate is Fate.TAKEN else handed.says or "No answer came."
        self._store.addresses.end_question(address.id, problem=problem)

    def came_back(self, message_id: str, reason: str, *, hard: bool) -> Address | None:
        """Note that a letter came back; None where it is none of ours. After three hard ones nothing more is sent there."""
        reason = one_line(reason)[:300]
        return self._store.addresses.bounced(message_id, reason, hard=hard, limit=HARD_BOUNCES, now=self._clock())

    def reported(self, data: bytes) -> list[tuple[Bounce, Address | None]]:
        """What a mail says of letters that came back, each noted: with its address, or None where it is no letter of ours."""
        return [(one, self.came_back(one.message_id, one.reason, hard=one.hard)) for one in read_bounce(data)]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
