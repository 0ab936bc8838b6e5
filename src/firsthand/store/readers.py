"""What a reader did: accounts, sessions, follows, marks. Apart from the articles, which all readers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, literal, or_, select

from firsthand.model.access import Role
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.records import Cursor, Follow, FollowedFeed, Reader
from firsthand.store import front
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.feeds import to_feed
from firsthand.store.outlets import COLUMNS as OUTLET
from firsthand.store.outlets import to_outlet
from firsthand.store.reading import resolve

OWNER = 1
FAILURES_KEPT = timedelta(days=1)
USED_STEP = timedelta(minutes=10)
"""How exactly the time of a session's last use is kept: not every page that is read should write."""


def to_reader(row: Row[Any]) -> Reader:
    """A reader from a row of `readers`."""
    return Reader(row.id, row.name, row.password_hash, row.zone, Role(row.role))


OWN_TITLE = case((s.follows.c.title != "", s.follows.c.title), else_=s.feeds.c.title)
"""A feed's name as the reader who follows it sees it."""


class Readers:
    """Readers and their marks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def owner(self) -> Reader:
        """The first of the owners; made, without a password, if there is none."""
        query = select(s.readers).where(s.readers.c.role == Role.OWNER.value).order_by(s.readers.c.id).limit(1)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            with self._db.write() as connection:
                values = {"id": OWNER, "name": "owner", "role": Role.OWNER.value}
                connection.execute(self._db.insert_or(s.readers).values(values).on_conflict_do_nothing())
                if self._db.engine.dialect.name != "sqlite":
                    connection.execute(select(func.setval(func.pg_get_serial_sequence("readers", "id"), OWNER)))
                row = connection.execute(query).one()
        return to_reader(row)

    def add(self, name: str, password_hash: str, now: datetime, role: Role = Role.READER) -> Reader:
        """A new account. The first one takes over from the local owner: what was followed and marked stays.

        Raises:
            UsageError: the name is taken.
        """
        self.owner()
        values = {"name": name, "password_hash": password_hash, "created": now}
        local = (s.readers.c.id == OWNER) & s.readers.c.password_hash.is_(None)
        with self._db.write() as connection:
            # Asked inside the transaction: of two first accounts, only one may take over.
            if not connection.execute(s.readers.update().where(local).values(values)).rowcount:
                return insert_account(self._db, connection, values | {"role": role.value})
            return to_reader(connection.execute(select(s.readers).where(s.readers.c.name == name)).one())

    def by_name(self, name: str) -> Reader | None:
        """The account of this name."""
        with self._db.read() as connection:
            row = connection.execute(select(s.readers).where(s.readers.c.name == name)).one_or_none()
        return to_reader(row) if row else None

    def get(self, reader_id: int) -> Reader:
        """One reader. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(select(s.readers).where(s.readers.c.id == reader_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no reader {reader_id}.")
        return to_reader(row)

    def set_zone(self, reader_id: int, zone: str) -> None:
        """Keep the zone in which a reader reads times."""
        with self._db.write() as connection:
            connection.execute(s.readers.update().where(s.readers.c.id == reader_id).values(zone=zone))

    def set_password(self, reader_id: int, password_hash: str, *, end_sessions: bool = True) -> None:
        """Keep a new password's hash; all sessions end, unless it is the same password hashed anew."""
        with self._db.write() as connection:
            connection.execute(
                s.readers.update().where(s.readers.c.id == reader_id).values(password_hash=password_hash)
            )
            if end_sessions:
                connection.execute(s.sessions.delete().where(s.sessions.c.reader_id == reader_id))

    # ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def start_session(
        self, reader_id: int, token_hash: str, now: datetime, expires: datetime, device: str = ""
    ) -> None:
        """Keep a session; those that have ended are forgotten."""
        with self._db.write() as connection:
            connection.execute(s.sessions.delete().where(s.sessions.c.expires <= now))
            values = {"token_hash": token_hash, "reader_id": reader_id, "created": now, "expires": expires}
            connection.execute(s.sessions.insert().values(values | {"device": device, "last_used": now}))

    def session(self, token_hash: str, now: datetime) -> Reader | None:
        """Whose session this is, while it lasts; its use is noted."""
        query = (
            select(s.readers, s.sessions.c.last_used)
            .join(s.sessions, s.sessions.c.reader_id == s.readers.c.id)
            .where(s.sessions.c.token_hash == token_hash, s.sessions.c.expires > now)
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is not None and (row.last_used is None or now - row.last_used >= USED_STEP):
            used = s.sessions.update().where(s.sessions.c.token_hash == token_hash).values(last_used=now)
            with self._db.write() as connection:
                connection.execute(used)
        return to_reader(row) if row else None

    def end_session(self, token_hash: str) -> None:
        """Forget a session."""
        with self._db.write() as connection:
            connection.execute(s.sessions.delete().where(s.sessions.c.token_hash == token_hash))

    def login_failed(self, key: str, now: datetime) -> None:
        """Count a failed sign-in; those of more than a day ago are forgotten."""
        with self._db.write() as connection:
            connection.execute(s.login_failures.delete().where(s.login_failures.c.at < now - FAILURES_KEPT))
            connection.execute(s.login_failures.insert().values(key=key, at=now))

    def recent_failures(self, key: str, since: datetime) -> int:
        """How often signing in under this key failed since then."""
        failed = and_(s.login_failures.c.key == key, s.login_failures.c.at >= since)
        with self._db.read() as connection:
            return connection.scalar(select(func.count()).select_from(s.login_failures).where(failed)) or 0

    # ── Follows ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def follow(self, reader_id: int, feed_id: int, folder: str, now: datetime) -> None:
        """Follow a feed; one that is followed already stays as it is, in its folder."""
        values = {"reader_id": reader_id, "feed_id": feed_id, "folder": folder, "since": now}
        # What the feed holds already is unread, see `readers.clear_upto`.
        brought = select(s.placements.c.feed_id).where(s.placements.c.feed_id == feed_id).exists()
        unclear = (
            s.readers.update().where(s.readers.c.id == reader_id, brought).values(clear_upto_id=0, clear_upto=None)
        )
        with self._db.write() as connection:
            insert = self._db.insert_or(s.follows).values(values).on_conflict_do_nothing()
            # PostgreSQL's driver does not say how many rows an INSERT left out.
            if connection.execute(insert.returning(s.follows.c.feed_id)).first() is not None:
                connection.execute(unclear)

    def unfollow(self, reader_id: int, feed_id: int) -> None:
        """Stop following a feed. Its articles stay."""
        with self._db.write() as connection:
            connection.execute(s.follows.delete().where(_follow(reader_id, feed_id)))

    def unfollow_for_all(self, feed_id: int) -> None:
        """Let nobody follow a feed any more, so that it is no longer asked. Its articles stay."""
        with self._db.write() as connection:
            connection.execute(s.follows.delete().where(s.follows.c.feed_id == feed_id))

    def set_folder(self, reader_id: int, feed_id: int, folder: str) -> None:
        """Put a followed feed in a folder; "" takes it out."""
        with self._db.write() as connection:
            connection.execute(s.follows.update().where(_follow(reader_id, feed_id)).values(folder=folder))

    def rename(self, reader_id: int, feed_id: int, title: str) -> None:
        """Give a followed feed a name of the reader's own; "" gives it back the feed's."""
        with self._db.write() as connection:
            connection.execute(s.follows.update().where(_follow(reader_id, feed_id)).values(title=title))

    def followers(self, feed_id: int) -> list[int]:
        """Ids of the readers who follow a feed, the longest first."""
        query = select(s.follows.c.reader_id).where(s.follows.c.feed_id == feed_id).order_by(s.follows.c.since)
        with self._db.read() as connection:
            return list(connection.scalars(query))

    def feeds_of(self, reader_ids: Sequence[int]) -> dict[int, set[int]]:
        """Ids of the feeds that each of these readers follows."""
        query = select(s.follows.c.reader_id, s.follows.c.feed_id).where(s.follows.c.reader_id.in_(reader_ids))
        found: dict[int, set[int]] = {one: set() for one in reader_ids}
        with self._db.read() as connection:
            for row in connection.execute(query) if reader_ids else ():
                found[row.reader_id].add(row.feed_id)
        return found

    def followed(self, reader_id: int) -> list[FollowedFeed]:
        """What a reader follows, by folder and title, under the names that the reader gave."""
        query = (
            select(s.feeds, s.follows.c.folder, OWN_TITLE.label("own_title"), *OUTLET)
            .join(s.follows, s.follows.c.feed_id == s.feeds.c.id)
            .join(s.outlets, s.outlets.c.id == s.feeds.c.outlet_id)
            .where(s.follows.c.reader_id == reader_id)
            .order_by(s.follows.c.folder, OWN_TITLE)
        )
        with self._db.read() as connection:
            return [
                FollowedFeed(
                    Follow(row.id, row.folder, row.title), replace(to_feed(row), title=row.own_title), to_outlet(row)
                )
                for row in connection.execute(query)
            ]

    # ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def mark(
        self, reader_id: int, article_id: int, *, read: bool | None = None, saved: bool | None = None, now: datetime
    ) -> None:
        """Set a reader's marks on an article; None leaves a mark as it is."""
        with self._db.write() as connection:
            set_mark(self._db, connection, reader_id, resolve(connection, article_id), read=read, saved=saved, now=now)

    def mark_all_read(
        self,
        reader_id: int,
        *,
        upto: Cursor,
        outlet_id: int | None = None,
        feed_id: int | None = None,
        section: str | None = None,
        now: datetime,
    ) -> None:
        """Mark everything read that stands at `upto` or below it, of all or of one outlet, feed or section.

        For everything, a watermark moves (one row, however many articles); only explicit "unread" marks under it are
        turned. For a part, its unread articles are marked one by one, in one statement. No watermark there: articles
        come into a feed or a section after they came here, and those would be read that nobody has seen.
        """
        a = s.articles.c
        below = or_(a.sort_at < upto.sort_at, and_(a.sort_at == upto.sort_at, a.id <= upto.article_id))
        with self._db.write() as connection:
            if outlet_id is None and feed_id is None and section is None:
                self._move_watermark(connection, reader_id, upto, below, now)
                return
            parts = [below]
            if outlet_id is not None:
                parts.append(a.outlet_id == outlet_id)
            if section is not None:
                parts.append(a.section_slug == section)
            if feed_id is not None:
                parts.append(a.id.in_(select(s.placements.c.article_id).where(s.placements.c.feed_id == feed_id)))
            self.mark_these(connection, reader_id, and_(*parts), now)
            front.note_clear(connection, reader_id)

    def _move_watermark(
        self, connection: Connection, reader_id: int, upto: Cursor, below: ColumnElement[bool], now: datetime
    ) -> None:
        a = s.articles.c
        reader = connection.execute(select(s.readers).where(s.readers.c.id == reader_id)).one_or_none()
        if reader is None:
            raise NotFound(f"There is no reader {reader_id}.")
        if reader.read_upto is not None and upto.sort_at < reader.read_upto:
            # The watermark stands higher already, but what came after it was set does not count; mark that one by one.
            self.mark_these(connection, reader_id, and_(a.id > reader.read_upto_id, below), now)
        else:
            # Just under the place: of the articles of its very time, those above it have not been seen.
            newest = connection.scalar(select(func.max(a.id))) or 0
            values = {"read_upto_id": newest, "read_upto": upto.sort_at - s.MICROSECOND}
            connection.execute(s.readers.update().where(s.readers.c.id == reader_id).values(values))
            tied = and_(a.sort_at == upto.sort_at, a.id <= upto.article_id)
            self.mark_these(connection, reader_id, tied, now)
        under = select(a.id).where(below, a.id == s.marks.c.article_id).exists()
        unread = and_(s.marks.c.reader_id == reader_id, s.marks.c.read.is_(False), under)
        connection.execute(s.marks.update().where(unread).values(read=True, read_at=now))

    def mark_these(self, connection: Connection, reader_id: int, which: Any, now: datetime) -> None:
        """Mark those of `which` articles read that are not, in the caller's transaction."""
        insert = self._db.insert_or(s.marks)
        here = and_(s.marks.c.article_id == s.articles.c.id, s.marks.c.reader_id == reader_id)
        rows = (
            select(literal(reader_id), s.articles.c.id, literal(True), literal(now, s.Instant()).label("read_at"))
            .join_from(s.articles, s.readers, s.readers.c.id == reader_id)
            .outerjoin(s.marks, here)
            .where(which, ~front.is_read())
        )
        connection.execute(
            insert.from_select(["reader_id", "article_id", "read", "read_at"], rows).on_conflict_do_update(
                index_elements=["reader_id", "article_id"], set_={"read": True, "read_at": now}
            )
        )


def insert_account(db: Database, connection: Connection, values: dict[str, Any]) -> Reader:
    """Add a row of `readers` in the caller's transaction. Raises UsageError where the name is taken."""
    added = db.insert_or(s.readers).values(values).on_conflict_do_nothing(index_elements=["name"])
    # RETURNING, not the count of rows: of an insert whose key the database makes, drivers do not agree on that.
    if connection.execute(added.returning(s.readers.c.id)).one_or_none() is None:
        raise UsageError(f"There is already an account named {values['name']}.", "Choose another name.")
    return to_reader(connection.execute(select(s.readers).where(s.readers.c.name == values["name"])).one())


def set_mark(
    db: Database,
    connection: Connection,
    reader_id: int,
    article_id: int,
    *,
    read: bool | None = None,
    saved: bool | None = None,
    now: datetime,
) -> None:
    """Set marks in the caller's transaction; None leaves a mark as it is."""
    values: dict[str, Any] = {}
    if read is not None:
        values |= {"read": read, "read_at": now if read else None}
    if saved is not None:
        values["saved_at"] = now if saved else None
    if not values:
        return
    key = {"reader_id": reader_id, "article_id": article_id}
    insert = db.insert_or(s.marks).values(**key, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=values))


def _follow(reader_id: int, feed_id: int) -> Any:
    return and_(s.follows.c.reader_id == reader_id, s.follows.c.feed_id == feed_id)
