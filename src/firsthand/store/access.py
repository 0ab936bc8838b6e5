"""Accounts as a whole: invites, sessions, passkeys, identities; and an account's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, select

from firsthand.model.access import Account, Identity, Invite, Passkey, Role, Session
from firsthand.model.records import Reader
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.readers import insert_account, to_reader

SHOWN_HASH = 16
"""Digits of a session's hash that name it to its reader: 64 bits, enough to tell sessions apart, none of the token."""
_EVERY_READERS_OWN = ("sessions", "follows", "marks")
"""Tables whose rows do not go by themselves when their reader goes."""
_KEPT_BACK = ("hash", "secret", "keys", "public_key")
"""How the names of columns end that let somebody in: an export is no place for them."""


class Access:
    """Who has an account here, and the ways in."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # ── Accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def accounts(self) -> list[Account]:
        """All accounts, in the order in which they were made."""
        used = select(s.sessions.c.reader_id, func.max(s.sessions.c.last_used).label("at")).group_by(
            s.sessions.c.reader_id
        )
        last = used.subquery()
        query = (
            select(s.readers, last.c.at)
            .outerjoin(last, last.c.reader_id == s.readers.c.id)
            .where(s.readers.c.password_hash.is_not(None))
            .order_by(s.readers.c.id)
        )
        with self._db.read() as connection:
            return [Account(row.id, row.name, Role(row.role), row.created, row.at) for row in connection.execute(query)]

    def set_role(self, reader_id: int, role: Role) -> bool:
        """Make somebody an owner, or no longer one. False, and nothing is done, for the last owner."""
        with self._db.write() as connection:
            if role is not Role.OWNER and not _another_owner(connection, reader_id):
                return False
            connection.execute(s.readers.update().where(s.readers.c.id == reader_id).values(role=role.value))
            return True

    def remove(self, reader_id: int) -> bool:
        """Delete an account with all that is its own; articles are everybody's and stay.

        False, and nothing is done, for the last owner: without one, whoever comes would be taken for the local owner.
        """
        with self._db.write() as connection:
            if not _another_owner(connection, reader_id):
                return False
            for name in _EVERY_READERS_OWN:
                table = s.metadata.tables[name]
                connection.execute(table.delete().where(table.c.reader_id == reader_id))
            connection.execute(s.readers.delete().where(s.readers.c.id == reader_id))
            return True

    # ── Invites ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def invite(self, token_hash: str, role: Role, note: str, now: datetime, expires: datetime) -> Invite:
        """Keep an invite."""
        values = {"token_hash": token_hash, "role": role.value, "note": note, "created": now, "expires": expires}
        with self._db.write() as connection:
            connection.execute(s.invites.insert().values(values))
            row = connection.execute(_invites().where(s.invites.c.token_hash == token_hash)).one()
        return _to_invite(row)

    def invites(self) -> list[Invite]:
        """All invites, the newest first."""
        with self._db.read() as connection:
            return [_to_invite(row) for row in connection.execute(_invites().order_by(s.invites.c.id.desc()))]

    def open_invite(self, token_hash: str, now: datetime) -> Invite | None:
        """The invite of this link, while it can be used."""
        with self._db.read() as connection:
            row = connection.execute(_invites().where(s.invites.c.token_hash == token_hash, _open(now))).one_or_none()
        return _to_invite(row) if row else None

    def revoke_invite(self, invite_id: int) -> bool:
        """Forget an invite; whether there was one."""
        with self._db.write() as connection:
            return bool(connection.execute(s.invites.delete().where(s.invites.c.id == invite_id)).rowcount)

    def join(self, invite_id: int, name: str, password_hash: str, now: datetime) -> Reader | None:
        """Make an account with an invite, which is used up; None where it has been, or has ended.

        Raises:
            UsageError: the name is taken; the invite can still be used.
        """
        invite = s.invites.update().where(s.invites.c.id == invite_id, _open(now))
        with self._db.write() as connection:
            # The row is taken first: of two who open one link, only one gets in.
            if not connection.execute(invite.values(used=now)).rowcount:
                return None
            role = connection.scalar(select(s.invites.c.role).where(s.invites.c.id == invite_id))
            values = {"name": name, "password_hash": password_hash, "created": now, "role": role}
            reader = insert_account(self._db, connection, values)
            used_by = s.invites.update().where(s.invites.c.id == invite_id).values(used_by_id=reader.id)
            connection.execute(used_by)
        return reader

    # ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def sessions(self, reader_id: int, here: str, now: datetime) -> list[Session]:
        """A reader's sessions, the last used first; `here` is the hash of the one that asks."""
        t = s.sessions.c
        query = select(s.sessions).where(t.reader_id == reader_id, t.expires > now)
        with self._db.read() as connection:
            rows = list(connection.execute(query))
        found = [
            Session(
                row.token_hash[:SHOWN_HASH],
                row.device,
                row.created,
                row.last_used or row.created,
                row.expires,
                row.token_hash == here,
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.here, one.last_used), reverse=True)

    def end_session(self, reader_id: int, session_id: str) -> bool:
        """End one of a reader's sessions; whether there was one."""
        t = s.sessions.c
        theirs = and_(t.reader_id == reader_id, func.substr(t.token_hash, 1, SHOWN_HASH) == session_id)
        with self._db.write() as connection:
            return bool(connection.execute(s.sessions.delete().where(theirs)).rowcount)

    def end_other_sessions(self, reader_id: int, here: str) -> None:
        """End all of a reader's sessions but one."""
        t = s.sessions.c
        with self._db.write() as connection:
            connection.execute(s.sessions.delete().where(t.reader_id == reader_id, t.token_hash != here))

    # ── Passkeys ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_passkey(
        self, reader_id: int, credential_id: bytes, public_key: bytes, sign_count: int, name: str, now: datetime
    ) -> bool:
        """Keep a passkey; False where it is held already."""
        values = {
            "reader_id": reader_id,
            "credential_id": credential_id.hex(),
            "public_key": public_key,
            "sign_count": sign_count,
            "name": name,
            "created": now,
        }
        added = self._db.insert_or(s.passkeys).values(values).on_conflict_do_nothing(index_elements=["credential_id"])
        with self._db.write() as connection:
            return connection.execute(added.returning(s.passkeys.c.id)).one_or_none() is not None

    def passkeys(self, reader_id: int) -> list[Passkey]:
        """A reader's passkeys, the newest first."""
        query = select(s.passkeys).where(s.passkeys.c.reader_id == reader_id).order_by(s.passkeys.c.id.desc())
        with self._db.read() as connection:
            return [_to_passkey(row) for row in connection.execute(query)]

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey of this id."""
        query = select(s.passkeys).where(s.passkeys.c.credential_id == credential_id.hex())
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return _to_passkey(row) if row else None

    def passkey_used(self, passkey_id: int, sign_count: int, now: datetime) -> None:
        """Note that a passkey signed somebody in."""
        used = s.passkeys.update().where(s.passkeys.c.id == passkey_id)
        with self._db.write() as connection:
            connection.execute(used.values(sign_count=sign_count, last_used=now))

    def remove_passkey(self, reader_id: int, passkey_id: int) -> bool:
        """Forget one of a reader's passkeys; whether there was one."""
        return self._remove(s.passkeys, reader_id, passkey_id)

    # ── Identities ───────────────────────────────────────────────────────────────────────────────────────────────────

    def link(self, reader_id: int, issuer: str, subject: str, name: str, now: datetime) -> bool:
        """Let an identity lead to a reader's account; False where it leads to another's."""
        values = {"reader_id": reader_id, "issuer": issuer, "subject": subject, "name": name, "created": now}
        added = self._db.insert_or(s.identities).values(values)
        with self._db.write() as connection:
            connection.execute(added.on_conflict_do_nothing(index_elements=["issuer", "subject"]))
            return connection.scalar(select(s.identities.c.reader_id).where(_named(issuer, subject))) == reader_id

    def identities(self, reader_id: int) -> list[Identity]:
        """The identities that lead to a reader's account."""
        query = select(s.identities).where(s.identities.c.reader_id == reader_id).order_by(s.identities.c.id)
        with self._db.read() as connection:
            return [
                Identity(row.id, row.issuer, row.subject, row.name, row.created, row.last_used)
                for row in connection.execute(query)
            ]

    def by_identity(self, issuer: str, subject: str, now: datetime) -> Reader | None:
        """Whose account an identity leads to; its use is noted."""
        query = select(s.readers).join(s.identities).where(_named(issuer, subject))
        with self._db.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is not None:
                connection.execute(s.identities.update().where(_named(issuer, subject)).values(last_used=now))
        return to_reader(row) if row else None

    def unlink(self, reader_id: int, identity_id: int) -> bool:
        """Forget one of a reader's identities; whether there was one."""
        return self._remove(s.identities, reader_id, identity_id)

    # ── What is a reader's own ───────────────────────────────────────────────────────────────────────────────────────

    def marks(self, reader_id: int) -> Iterator[dict[str, Any]]:
        """A reader's marks with the articles that they stand on, in portions."""
        columns = (s.articles.c.id, s.articles.c.url, s.articles.c.headline)
        query = (
            select(*columns, s.marks.c.read, s.marks.c.read_at, s.marks.c.saved_at)
            .join(s.articles, s.articles.c.id == s.marks.c.article_id)
            .where(s.marks.c.reader_id == reader_id)
            .order_by(s.marks.c.article_id)
            .limit(1000)
        )
        after = 0
        while True:  # a transaction a portion: a slow download must not hold the database
            with self._db.read() as connection:
                rows = connection.execute(query.where(s.marks.c.article_id > after)).mappings().all()
            for row in rows:
                yield dict(row)
            if len(rows) < 1000:
                return
            after = rows[-1]["id"]

    def own_rows(self, reader_id: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """All else that is kept of a reader: rows by table, without what lets somebody in.

        Found by their column `reader_id`, so that no table that comes later is forgotten.
        """
        for table in s.metadata.sorted_tables:
            if "reader_id" not in table.c or table.name in ("follows", "marks"):
                continue
            columns = [one for one in table.c if not one.name.endswith(_KEPT_BACK)]
            with self._db.read() as connection:
                query = select(*columns).where(table.c.reader_id == reader_id)
                yield table.name, [dict(row) for row in connection.execute(query).mappings()]

    def _remove(self, table: Table, reader_id: int, row_id: int) -> bool:
        theirs = and_(table.c.id == row_id, table.c.reader_id == reader_id)
        with self._db.write() as connection:
            return bool(connection.execute(table.delete().where(theirs)).rowcount)


def _another_owner(connection: Any, reader_id: int) -> bool:
    """Whether there is an owner who can sign in, beside this reader."""
    r = s.readers.c
    others = select(r.id).where(r.role == Role.OWNER.value, r.id != reader_id, r.password_hash.is_not(None)).limit(1)
    return connection.scalar(others) is not None


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(s.invites.c.used.is_(None), s.invites.c.expires > now)


def _named(issuer: str, subject: str) -> ColumnElement[bool]:
    return and_(s.identities.c.issuer == issuer, s.identities.c.subject == subject)


def _invites() -> Any:
    named = s.readers.c.id == s.invites.c.used_by_id
    return select(s.invites, s.readers.c.name.label("used_by")).select_from(s.invites.outerjoin(s.readers, named))


def _to_invite(row: Row[Any]) -> Invite:
    return Invite(row.id, Role(row.role), row.note, row.created, row.expires, row.used, row.used_by or "")


def _to_passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        reader_id=row.reader_id,
        credential_id=bytes.fromhex(row.credential_id),
        public_key=bytes(row.public_key),
        sign_count=row.sign_count,
        name=row.name,
        created=row.created,
        last_used=row.last_used,
    )
