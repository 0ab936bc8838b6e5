"""Letters: the queue of what is to be sent, each recorded before it is handed over and after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select, update

from firsthand.model.editions import Ending, Letter, LetterState, content_from_json
from firsthand.model.errors import NotFound, UsageError
from firsthand.store import schema as s
from firsthand.store.database import Database

KEPT = timedelta(days=30)
"""How long a letter that was sent is kept, and what was told is remembered."""
_L, _E = s.letters.c, s.editions.c
_OPEN = _L.state.in_([s.fixed(one) for one in s.OPEN])

# Written once: putting a statement together costs more than asking it, and these are asked for each letter.
_DUE = select(_L.id).where(
    _L.id.in_(bindparam("ids", expanding=True)),
    _L.state == LetterState.DUE.value,
    # Another sender may have tried it since it was listed, and been told to come back later.
    _L.due <= bindparam("now"),
)
_BEGUN = (
    update(s.letters)
    .where(_L.id.in_(bindparam("ids", expanding=True)))
    .values(state=LetterState.SENDING.value, started=bindparam("now"), attempts=_L.attempts + 1)
)
_ENDED = (
    update(s.letters)
    # Not IN: for many rows at once no list of values is put into a statement.
    .where(_L.id == bindparam("key"))
    .where(or_(_L.state == LetterState.SENDING.value, _L.state == LetterState.DOUBTFUL.value))
    .values({name: bindparam(f"new_{name}") for name in ("state", "problem", "ended", "due")})
)


class Letters:
    """The letters of all editions."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(self, now: datetime, limit: int, *, edition_id: int | None = None) -> list[Letter]:
        """Letters to send now, the longest due first."""
        query = _letters().where(_OPEN, _L.state == LetterState.DUE.value, _L.due <= now)
        if edition_id is not None:
            query = query.where(_L.edition_id == edition_id)
        with self._db.read() as connection:
            return [_letter(row) for row in connection.execute(query.order_by(_L.due, _L.id).limit(limit))]

    def record(self, begun: Sequence[int], ended: Sequence[Ending], now: datetime) -> set[int]:
        """Record how attempts ended, and that letters are about to be handed over; durably, in one transaction.

        One that was called doubtful meanwhile, for its slowness, has ended after all.

        Returns the ids of letters to hand over: not those that another sender has taken, or has just tried.
        """
        with self._db.write(durable=bool(begun)) as connection:
            if ended:
                connection.execute(_ENDED, [_ending(one, now) for one in ended])
            mine = set(connection.scalars(_DUE, {"ids": begun, "now": now})) if begun else set()
            if mine:
                connection.execute(_BEGUN, {"ids": list(mine), "now": now})
        return mine

    def recover(self, before: datetime) -> int:
        """Letters whose handing over began before this and never ended become doubtful; how many."""
        lost = and_(_OPEN, _L.state == LetterState.SENDING.value, _L.started < before)
        values = {"state": LetterState.DOUBTFUL.value, "problem": "Firsthand ended while it was being handed over."}
        with self._db.write() as connection:
            return connection.execute(update(s.letters).where(lost).values(values)).rowcount

    def settle(self, reader_id: int, letter_id: int, *, again: bool, now: datetime) -> None:
        """What a reader says of a doubtful or failed letter: send it again, or it came.

        Raises:
            NotFound: it is not theirs.
            UsageError: it is neither doubtful nor failed.
        """
        mine = select(_E.id).where(_E.reader_id == reader_id)
        held = and_(_L.id == letter_id, _L.edition_id.in_(mine))
        open_states = [LetterState.DOUBTFUL.value, LetterState.FAILED.value]
        values: dict[str, Any] = {"state": LetterState.SENT.value, "ended": now}
        if again:
            values = {"state": LetterState.DUE.value, "due": now, "attempts": 0, "problem": None}
        with self._db.write() as connection:
            state = connection.scalar(select(_L.state).where(held))
            if state is None:
                raise NotFound("There is no such letter.", "The page of editions lists yours.")
            if state not in open_states:
                raise UsageError("This letter is neither doubtful nor failed.", "Load the page anew.")
            connection.execute(update(s.letters).where(held).values(values))

    def get(self, reader_id: int, letter_id: int) -> Letter:
        """One of a reader's letters. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(_letters().where(_L.id == letter_id, _E.reader_id == reader_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no letter {letter_id}.", "The page of editions lists yours.")
        return _letter(row)

    def of(self, edition_ids: Sequence[int], each: int) -> dict[int, list[Letter]]:
        """The latest letters of these editions, newest first."""
        with self._db.read() as connection:
            return {
                one: [
                    _letter(row)
                    for row in connection.execute(
                        _letters().where(_L.edition_id == one).order_by(_L.made.desc(), _L.id.desc()).limit(each)
                    )
                ]
                for one in edition_ids
            }

    def counts(self) -> dict[str, int]:
        """How many letters stand in each state."""
        query = select(_L.state, func.count()).group_by(_L.state)
        with self._db.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def prune(self, now: datetime) -> None:
        """Forget letters that were sent long ago, and what was told then."""
        with self._db.write() as connection:
            old = and_(_L.made < now - KEPT, _L.state.not_in([LetterState.DUE.value, LetterState.SENDING.value]))
            connection.execute(s.letters.delete().where(old))
            connection.execute(s.told.delete().where(s.told.c.at < now - KEPT))


def _ending(one: Ending, now: datetime) -> dict[str, Any]:
    state, problem = one.state.value, one.problem
    return {"key": one.letter_id, "new_state": state, "new_problem": problem, "new_ended": now, "new_due": one.due}


def _letters() -> Select[Any]:
    return (
        select(s.letters, _E.reader_id, _E.address_id, _E.title, _E.zone, _E.images)
        .select_from(s.letters)
        .join(s.editions, _E.id == _L.edition_id)
    )


def _letter(row: Row[Any]) -> Letter:
    names = ("attempts", "started", "ended", "problem", "bounce", "made", "slot", "address", "message_id", "subject")
    given = {name: getattr(row, name) for name in names}
    return Letter(
        id=row.id,
        edition_id=row.edition_id,
        reader_id=row.reader_id,
        address_id=row.address_id,
        title=row.title,
        zone=row.zone,
        images=row.images,
        content=content_from_json(row.content),
        state=LetterState(row.state),
        **given,
    )
