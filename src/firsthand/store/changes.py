"""The one table of changes that everything live follows, each follower with its own cursor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from firsthand.model.records import Change, ChangeKind
from firsthand.store import schema as s
from firsthand.store.database import Database


def rows(
    at: datetime,
    kind: ChangeKind,
    *,
    article_ids: Sequence[int] = (),
    feed_id: int | None = None,
    story_id: int | None = None,
) -> list[dict[str, Any]]:
    """Rows for a change of each article, or of the feed or story where no article is named."""
    change = {"at": at, "kind": kind.value, "feed_id": feed_id, "story_id": story_id}
    return [change | {"article_id": one} for one in article_ids or (None,)]


def append(
    connection: Connection,
    at: datetime,
    kind: ChangeKind,
    *,
    article_ids: Sequence[int] = (),
    feed_id: int | None = None,
    story_id: int | None = None,
) -> None:
    """Note `rows`, in the transaction that makes the change."""
    noted = rows(at, kind, article_ids=article_ids, feed_id=feed_id, story_id=story_id)
    connection.execute(s.changes.insert(), noted)


class Changes:
    """Reading the table of changes."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def latest(self) -> int:
        """The newest change's number; 0 if there is none."""
        with self._db.read() as connection:
            return connection.scalar(select(func.max(s.changes.c.seq))) or 0

    def after(self, seq: int, limit: int = 1000) -> list[Change]:
        """At most `limit` changes after `seq`, oldest first."""
        query = select(s.changes).where(s.changes.c.seq > seq).order_by(s.changes.c.seq).limit(limit)
        with self._db.read() as connection:
            return [
                Change(row.seq, row.at, ChangeKind(row.kind), row.article_id, row.feed_id, row.story_id)
                for row in connection.execute(query)
            ]
