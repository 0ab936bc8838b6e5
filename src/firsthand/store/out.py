"""What feeds out need: the newest texts of many articles at once, and the secret addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select

from firsthand.model.article import Article
from firsthand.model.jsonform import article_from_json
from firsthand.model.out import FeedKey
from firsthand.model.records import Reader
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.readers import to_reader

USED = timedelta(hours=1)
"""How exactly the last use of a secret address is kept: not one write for every poll of a feed reader."""
_A, _K = s.articles.c, s.feed_keys.c


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says now, in which version, and since when."""

    article: Article
    number: int
    seen: datetime


class Out:
    """For feeds out."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def texts(self, article_ids: Sequence[int]) -> dict[int, Text]:
        """The newest texts of those of these articles that were read whole."""
        newest = and_(s.versions.c.article_id == _A.id, s.versions.c.number == _A.version)
        query = (
            select(_A.id, s.versions.c.article, s.versions.c.number, s.versions.c.seen)
            .join(s.versions, newest)
            .where(_A.id.in_(article_ids))
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all() if article_ids else []
        return {row.id: Text(article_from_json(row.article), row.number, row.seen) for row in rows}

    def add_key(self, reader_id: int, feed: str, key_hash: str, now: datetime) -> None:
        """Keep a secret address of one feed; "" for all of the reader's."""
        with self._db.write() as connection:
            values = {"reader_id": reader_id, "feed": feed, "key_hash": key_hash, "created": now}
            connection.execute(s.feed_keys.insert().values(values))

    def keys(self, reader_id: int) -> list[FeedKey]:
        """A reader's secret addresses, the newest first."""
        query = select(s.feed_keys).where(_K.reader_id == reader_id).order_by(_K.id.desc())
        with self._db.read() as connection:
            return [
                FeedKey(id=row.id, feed=row.feed, created=row.created, last_used=row.last_used)
                for row in connection.execute(query)
            ]

    def remove_key(self, reader_id: int, key_id: int) -> bool:
        """End a secret address; whether the reader had it."""
        with self._db.write() as connection:
            mine = and_(_K.reader_id == reader_id, _K.id == key_id)
            return bool(connection.execute(s.feed_keys.delete().where(mine)).rowcount)

    def reader_of(self, key_hash: str, feed: str, now: datetime) -> Reader | None:
        """Whose secret address this is, if it opens this feed."""
        query = (
            select(s.readers, _K.id.label("key_id"), _K.last_used)
            .join(s.feed_keys, _K.reader_id == s.readers.c.id)
            .where(_K.key_hash == key_hash, _K.feed.in_(("", feed)))
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.last_used is None or now - row.last_used >= USED:
            with self._db.write() as connection:
                connection.execute(s.feed_keys.update().where(_K.id == row.key_id).values(last_used=now))
        return to_reader(row)
