"""Mail addresses of readers: asked, confirmed, and stopped where letters come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, select, update

from firsthand.model.editions import Address, LetterState
from firsthand.model.errors import NotFound
from firsthand.store import schema as s
from firsthand.store.database import Database

FORGIVEN = timedelta(days=30)
"""A letter that came back longer ago than this is no sign any more."""
_D = s.addresses.c
_PROBLEM = "The question may not have been sent: Firsthand ended while it was being handed over."


class Addresses:
    """The addresses of all readers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, reader_id: int) -> list[Address]:
        """A reader's addresses, oldest first."""
        with self._db.read() as connection:
            query = select(s.addresses).where(_D.reader_id == reader_id).order_by(_D.id)
            return [_address(row) for row in connection.execute(query)]

    def get(self, reader_id: int, address_id: int) -> Address:
        """One of a reader's addresses. Raises NotFound."""
        query = select(s.addresses).where(_D.id == address_id, _D.reader_id == reader_id)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("There is no such address.", "The page of editions lists yours.")
        return _address(row)

    def add(self, reader_id: int, address: str, now: datetime) -> Address:
        """An address, to be asked whether it wants letters; one that is there already stays as it is."""
        values = {"reader_id": reader_id, "address": address, "added": now, "question": "wanted"}
        mine = select(s.addresses).where(_D.reader_id == reader_id, _D.address == address)
        with self._db.write() as connection:
            connection.execute(self._db.insert_or(s.addresses).values(values).on_conflict_do_nothing())
            return _address(connection.execute(mine).one())

    def want_question(self, address_id: int) -> None:
        """Have it asked (again) whether it wants letters."""
        with self._db.write() as connection:
            connection.execute(update(s.addresses).where(_D.id == address_id).values(question="wanted", problem=None))

    def remove(self, reader_id: int, address_id: int) -> None:
        """Forget an address; letters to it that wait are dropped, and editions have none."""
        with self._db.write() as connection:
            editions = select(s.editions.c.id).where(
                s.editions.c.address_id == address_id, s.editions.c.reader_id == reader_id
            )
            waiting = and_(s.letters.c.edition_id.in_(editions), s.letters.c.state == LetterState.DUE.value)
            connection.execute(update(s.letters).where(waiting).values(state=LetterState.DROPPED.value))
            connection.execute(s.addresses.delete().where(_D.id == address_id, _D.reader_id == reader_id))

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def to_ask(self, limit: int) -> list[Address]:
        """Addresses that are to be asked now."""
        with self._db.read() as connection:
            query = select(s.addresses).where(_D.question == s.fixed("wanted")).order_by(_D.id).limit(limit)
            return [_address(row) for row in connection.execute(query)]

    def begin_question(self, address_id: int, token_hash: str, now: datetime) -> bool:
        """Record that the question is about to be sent; False where another has taken it."""
        wanted = and_(_D.id == address_id, _D.question == "wanted")
        values = {"question": "sending", "token_hash": token_hash, "asked_at": now, "asked": _D.asked + 1}
        with self._db.write(durable=True) as connection:
            return bool(connection.execute(update(s.addresses).where(wanted).values(values)).rowcount)

    def end_question(self, address_id: int, *, problem: str | None) -> None:
        """Record how sending it ended."""
        values = {"question": "failed" if problem else "sent", "problem": problem}
        with self._db.write() as connection:
            connection.execute(update(s.addresses).where(_D.id == address_id, _D.question == "sending").values(values))

    def recover_questions(self, before: datetime) -> None:
        """Questions whose sending began before this and never ended: nobody knows, and the reader is told."""
        lost = and_(_D.question == "sending", _D.asked_at < before)
        with self._db.write() as connection:
            connection.execute(update(s.addresses).where(lost).values(question="failed", problem=_PROBLEM))

    def by_token(self, token_hash: str, since: datetime) -> Address | None:
        """The address that was asked with this token, not longer ago than `since`."""
        query = select(s.addresses).where(_D.token_hash == token_hash, _D.asked_at >= since)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return _address(row) if row else None

    def confirm(self, address_id: int, now: datetime) -> None:
        """It wants letters. What came back before is forgiven; the token has done its work."""
        fresh: dict[str, Any] = {"confirmed": now, "token_hash": None, "question": "", "problem": None}
        fresh |= {"bounces": 0, "bounced": None, "stopped": None}
        with self._db.write() as connection:
            connection.execute(update(s.addresses).where(_D.id == address_id).values(fresh))

    # ── What comes back ──────────────────────────────────────────────────────────────────────────────────────────────

    def bounced(self, message_id: str, reason: str, *, hard: bool, limit: int, now: datetime) -> Address | None:
        """Note that a letter came back; after `limit` hard ones in a row its address is stopped.

        The same letter counts once. None where no letter has this Message-ID: anybody can write such a mail.
        """
        letter = (
            select(s.letters.c.id, s.letters.c.bounce, s.letters.c.address, s.editions.c.reader_id)
            .join(s.editions, s.editions.c.id == s.letters.c.edition_id)
            .where(s.letters.c.message_id == message_id)
        )
        with self._db.write() as connection:
            row = connection.execute(letter).one_or_none()
            if row is None:
                return None
            mine = and_(_D.reader_id == row.reader_id, _D.address == row.address)
            held = connection.execute(select(s.addresses).where(mine)).one_or_none()
            if held is None or row.bounce is not None:
                return _address(held) if held else None
            values = _after_bounce(held, reason, limit, now) if hard else {"problem": reason}
            if hard:
                connection.execute(update(s.letters).where(s.letters.c.id == row.id).values(bounce=reason))
            connection.execute(update(s.addresses).where(_D.id == held.id).values(values))
            return _address(connection.execute(select(s.addresses).where(_D.id == held.id)).one())

    def counts(self) -> tuple[int, int]:
        """How many are confirmed, and how many of these are stopped."""
        query = select(func.count(_D.confirmed), func.count(_D.stopped))
        with self._db.read() as connection:
            row = connection.execute(query).one()
        return row[0], row[1]


def _after_bounce(held: Row[Any], reason: str, limit: int, now: datetime) -> dict[str, Any]:
    recent = held.bounced is not None and now - held.bounced <= FORGIVEN
    bounces = (held.bounces if recent else 0) + 1
    values: dict[str, Any] = {"bounces": bounces, "bounced": now, "problem": reason}
    if bounces >= limit and held.stopped is None:
        values["stopped"] = now
    return values


def _address(row: Row[Any]) -> Address:
    names: Sequence[str] = ("confirmed", "asked_at", "asked", "question", "problem", "bounces", "stopped")
    given = {name: getattr(row, name) for name in names}
    return Address(id=row.id, reader_id=row.reader_id, address=row.address, **given)
