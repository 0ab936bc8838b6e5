"""What devices hold for reading offline, and the marks that they bring when they are back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select

from firsthand.model.offline import OfflineMark
from firsthand.store import front
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.readers import set_mark
from firsthand.store.reading import resolve

KEPT = timedelta(days=90)
"""How long an action is known again; a device that was away for longer sends marks that nobody misses."""


class Offline:
    """Marks made offline, and what a device needs to know."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def tags(self, article_ids: Sequence[int]) -> dict[int, str]:
        """For each article a text that changes when its page does: its version, how far it was read and analyzed."""
        a = s.articles.c
        query = select(a.id, a.version, a.analyzed, a.state).where(a.id.in_(article_ids))
        with self._db.read() as connection:
            return {row.id: f"{row.version}.{row.analyzed}.{row.state}" for row in connection.execute(query)}

    def unread(self, reader_id: int, most: int) -> int:
        """How many articles of what a reader follows are unread, up to `most`: looked up, not counted."""
        with self._db.read() as connection:
            return len(front.newest_unread(connection, reader_id, None, most))

    def apply(self, reader_id: int, marks: Iterable[OfflineMark], now: datetime) -> int:
        """Set marks that were made offline, each action once, in the order they were made; gives how many were new.

        A mark that another device has set since then stands. What is no longer held is passed over.
        """
        done = s.synced_marks
        applied = 0
        with self._db.write() as connection:
            connection.execute(done.delete().where(done.c.at < now - KEPT))
            for mark in sorted(marks, key=lambda one: one.at):
                values = {"reader_id": reader_id, "action": mark.id, "at": now}
                insert = self._db.insert_or(done).values(values).on_conflict_do_nothing().returning(done.c.action)
                if connection.execute(insert).first():
                    applied += self._set(connection, reader_id, mark, min(mark.at, now))
        return applied

    def _set(self, connection: Connection, reader_id: int, mark: OfflineMark, at: datetime) -> bool:
        article_id = resolve(connection, mark.article_id)
        if connection.scalar(select(s.articles.c.id).where(s.articles.c.id == article_id)) is None:
            return False
        held = connection.execute(
            select(s.marks).where(and_(s.marks.c.reader_id == reader_id, s.marks.c.article_id == article_id))
        ).one_or_none()
        read, saved = mark.read, mark.saved
        if held is not None and held.read_at is not None and held.read_at > at:
            read = None
        if held is not None and held.saved_at is not None and held.saved_at > at:
            saved = None
        set_mark(self._db, connection, reader_id, article_id, read=read, saved=saved, now=at)
        return True
