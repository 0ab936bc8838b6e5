"""API tokens, by the digests of what programs send."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from firsthand.model.records import Reader
from firsthand.model.tokens import Scope, Token
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.readers import to_reader

USED_STEP = timedelta(minutes=10)
"""How exactly the time of the last use is kept: a program that asks every second must not write every second."""
_T = s.tokens.c


def _to_token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        reader_id=row.reader_id,
        name=row.name,
        scopes=frozenset(Scope(name) for name in row.scopes.split()),
        created=row.created,
        last_used=row.last_used,
        expires=row.expires,
    )


class Tokens:
    """The tokens of all readers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        reader_id: int,
        name: str,
        *,
        token_hash: str,
        fever_hash: str,
        scopes: frozenset[Scope],
        now: datetime,
        expires: datetime | None = None,
    ) -> Token:
        """Keep a new token."""
        values = {
            "reader_id": reader_id,
            "name": name,
            "token_hash": token_hash,
            "fever_hash": fever_hash,
            "scopes": " ".join(sorted(one.value for one in scopes)),
            "created": now,
            "expires": expires,
        }
        with self._db.write() as connection:
            connection.execute(s.tokens.insert().values(values))
            return _to_token(connection.execute(select(s.tokens).where(_T.token_hash == token_hash)).one())

    def of(self, reader_id: int) -> list[Token]:
        """A reader's tokens, the newest first; those that have ended too."""
        query = select(s.tokens).where(_T.reader_id == reader_id).order_by(_T.id.desc())
        with self._db.read() as connection:
            return [_to_token(row) for row in connection.execute(query)]

    def find(self, digest: str, now: datetime, *, fever: bool = False) -> tuple[Token, Reader] | None:
        """The token of this digest and whose it is, while it lasts; its use is noted."""
        column = _T.fever_hash if fever else _T.token_hash
        query = select(s.tokens).where(column == digest, or_(_T.expires.is_(None), _T.expires > now))
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            reader = connection.execute(select(s.readers).where(s.readers.c.id == row.reader_id)).one()
        if row.last_used is None or now - row.last_used >= USED_STEP:
            with self._db.write() as connection:
                connection.execute(s.tokens.update().where(_T.id == row.id).values(last_used=now))
        return _to_token(row), to_reader(reader)

    def remove(self, reader_id: int, token_id: int) -> bool:
        """Forget a reader's token; whether there was one."""
        theirs = (_T.id == token_id) & (_T.reader_id == reader_id)
        with self._db.write() as connection:
            return bool(connection.execute(s.tokens.delete().where(theirs)).rowcount)
