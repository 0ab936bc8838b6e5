"""Saving what comes in: polls (see `polls`), and the readings of pages (see `reading`). Each is idempotent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from firsthand.model.errors import NotFound
from firsthand.model.feed import Item
from firsthand.model.records import ChangeKind, KnownItem, NewItem, PageDue, PollOutcome, Reading
from firsthand.model.urls import domain_of
from firsthand.store import changes, polls, reading
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.itemform import item_from_json
from firsthand.store.outlets import find_or_add, registrable

LATE = timedelta(days=8)
"""What is due longer to be read again is let be: nobody follows it any more, or nobody has looked for a week."""
_A = s.articles.c
_PLACED = select(s.placements.c.feed_id).where(s.placements.c.article_id == _A.id)
_FOLLOWED = _PLACED.join(s.follows, s.follows.c.feed_id == s.placements.c.feed_id)
_FIRST = s.versions.alias("first")
_DUE = (
    select(
        *(_A.id, _A.url, _A.item, _A.attempts, _A.page_etag, _A.page_last_modified, _A.missing, _A.removed),
        _FIRST.c.seen.label("first_read"),
    )
    .outerjoin(_FIRST, (_FIRST.c.article_id == _A.id) & (_FIRST.c.number == 1))
    .where(_FOLLOWED.exists() | ~_PLACED.exists())
)


class Ingest:
    """Saving what comes in. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def known(self, ids: Mapping[int, Sequence[str]]) -> dict[int, dict[str, KnownItem]]:
        """Those items that came before, by feed and id.

        Args:
            ids: the ids of items, by feed.
        """
        with self._db.read() as connection:
            return polls.known(connection, ids)

    def save_polls(self, outcomes: Sequence[PollOutcome]) -> dict[int, list[int]]:
        """Keep all that polls of different feeds brought, in one transaction; ids of the articles that are new here.

        A feed that is no longer held is left out.
        """
        with self._db.write() as connection:
            return polls.save(self._db, connection, outcomes)

    def save_poll(self, outcome: PollOutcome) -> list[int]:
        """`save_polls` of one. Raises NotFound where the feed is no longer held."""
        saved = self.save_polls([outcome])
        if outcome.feed_id not in saved:
            raise NotFound(f"The feed {outcome.feed_id} is no longer held.")
        return saved[outcome.feed_id]

    def pages_due(self, now: datetime, limit: int) -> list[PageDue]:
        """Articles whose page is to be read now: those that a reader waits for first, then the newest that were never
        read, then those that are to be read again, those due last first: under load what is long overdue waits.

        Articles of feeds that nobody follows any more are left alone; those that stand without a feed are not.
        """
        unread = (_A.page_due.is_not(None), _A.page_due <= now)
        again = (_A.reread_due.is_not(None), _A.reread_due <= now, _A.reread_due > now - LATE, _A.page_due.is_(None))
        with self._db.read() as connection:
            newest = _DUE.where(*unread).order_by(_A.hurried.desc(), _A.sort_at.desc(), _A.id.desc()).limit(limit)
            rows: list[Row[Any]] = list(connection.execute(newest))
            if len(rows) < limit:
                latest = _DUE.where(*again).order_by(_A.reread_due.desc()).limit(limit - len(rows))
                rows += connection.execute(latest)
            return [_page_due(row) for row in rows]

    def save_reading(self, result: Reading) -> int:
        """Keep the end of one attempt to read a page; the id under which the article now stands. Raises NotFound."""
        with self._db.write() as connection:
            return reading.save(self._db, connection, result)

    def hurry(self, article_id: int, now: datetime) -> None:
        """A reader waits for this article: its page is read before others, unless that is done or given up."""
        with self._db.write() as connection:
            pending = (s.articles.c.id == reading.resolve(connection, article_id)) & s.articles.c.page_due.is_not(None)
            connection.execute(s.articles.update().where(pending).values(page_due=now, hurried=True))

    def add_page(self, url: str, key: str, now: datetime) -> int:
        """The article at an address that no feed brought; it is made, and due at once, if it is not held yet."""
        key = s.key_of(key)
        with self._db.write() as connection:
            held = polls.by_key(connection, [key]).get(key)
            if held is not None:
                return held.id
            outlet_id = find_or_add(connection, reading.outlet_name(None, registrable(domain_of(url))))
            one = NewItem(item=Item(id=url, url=url, title=url), key=key, fingerprint="", sort_at=now)
            (created,) = self._db.own.next_ids(connection, s.articles, 1)
            polls.insert_articles(self._db, connection, [polls.article_row(created, one, outlet_id, now)], [key])
            changes.append(connection, now, ChangeKind.ARTICLE_NEW, article_ids=[created])
            return int(created)


def _page_due(row: Row[Any]) -> PageDue:
    return PageDue(
        article_id=row.id,
        url=row.url,
        item=item_from_json(row.item),
        attempts=row.attempts,
        first_read=row.first_read,
        etag=row.page_etag,
        last_modified=row.page_last_modified,
        missing=row.missing,
        removed=row.removed,
    )
