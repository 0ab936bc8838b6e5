"""The front page: the newest articles of all feeds that a reader follows, by looking at about as many as are shown.

Each followed feed is asked for its newest article below the cursor (one step in an index). Only feeds that can be on the
page are looked at further. So it does not matter whether a reader follows one quiet feed of a store of millions, or all
of it.

The questions are written out: put together from parts anew for every page they took longer than their answers
(measured: 20 of 25 ms).
"""

# ruff: noqa: S608  (what is put into these questions are constants of this file, never anything from outside)

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    TextClause,
    and_,
    func,
    literal,
    select,
    text,
    tuple_,
    type_coerce,
)

from firsthand.model.records import Cursor
from firsthand.store import schema as s

Place = tuple[int, int]
"""Where an article stands in a list: (sort_at in microseconds, id)."""
EVER = 1 << 62
"""Later than any time; earlier than any when negative."""
TERMS = 96
"""Feeds in one compound SELECT; SQLite takes at most 500 (SQLITE_MAX_COMPOUND_SELECT)."""
FEW = 100
"""Unread articles that are few enough to be marked one by one."""
WINDOWS = (timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=365))
"""How far down unread articles are looked for at first: of a feed that is all read, every article is in the way."""

_IN_STRETCH = "p.sort_at >= :floor AND (p.sort_at, p.article_id) < (:at, :id)"
_NOT_MARKED = (
    "NOT EXISTS (SELECT 1 FROM marks AS m WHERE m.reader_id = :reader AND m.article_id = p.article_id AND m.read)"
)
_NEWEST = "ORDER BY p.sort_at DESC, p.article_id DESC"
_OF_FEED = text(
    f"SELECT p.sort_at, p.article_id FROM placements AS p WHERE p.feed_id = :feed AND {_IN_STRETCH} {_NEWEST} LIMIT :limit"
)
# CROSS JOIN: SQLite keeps the order; "+": it takes no index. So what came late is looked through, not all that stands below.
_LATE = text(f"""
    SELECT DISTINCT p.sort_at, p.article_id
    FROM articles AS a CROSS JOIN placements AS p CROSS JOIN follows AS f
    WHERE a.id > :late AND +a.sort_at < :upto AND p.article_id = a.id
      AND f.reader_id = :reader AND f.feed_id = p.feed_id AND {_IN_STRETCH} AND {_NOT_MARKED}
    {_NEWEST} LIMIT :limit
""")
_AGAIN = text(f"""
    SELECT DISTINCT p.sort_at, p.article_id
    FROM marks AS again CROSS JOIN placements AS p CROSS JOIN follows AS f
    WHERE again.reader_id = :reader AND again.read = FALSE AND p.article_id = again.article_id
      AND f.reader_id = :reader AND f.feed_id = p.feed_id AND {_IN_STRETCH}
    {_NEWEST} LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of a reader's list: below a place, not below a time."""

    reader_id: int
    below: Place
    floor: int
    limit: int
    unread: bool = False

    @property
    def asked(self) -> dict[str, int]:
        at, below = self.below
        return {"reader": self.reader_id, "at": at, "id": below, "floor": self.floor, "limit": self.limit}


def below(sort_at: Any, article_id: Any, before: Cursor | None) -> list[ColumnElement[bool]]:
    """Strictly after the cursor in a list that is sorted newest first; a row comparison, which indexes serve."""
    if before is None:
        return []
    at = literal(s.to_number(before.sort_at))
    return [tuple_(type_coerce(sort_at, BigInteger), article_id) < tuple_(at, literal(before.article_id))]


def newest(connection: Connection, reader_id: int, before: Cursor | None, limit: int) -> list[int]:
    """Ids of the newest articles of all followed feeds."""
    return _ids(_newest(connection, _Stretch(reader_id, _place(before), -EVER, limit)), limit)


def newest_unread(connection: Connection, reader_id: int, before: Cursor | None, limit: int) -> list[int]:
    """Ids of the newest articles of all followed feeds that the reader has not read.

    What is unread stands either above a watermark, where the followed feeds are asked as ever, or under it: what came
    late, and what was marked unread again. Of those there are few, so they are looked up by themselves; all the read
    articles under the watermark are never touched.
    """
    upto, late = watermark(connection, reader_id)
    places = _newest_above(connection, _Stretch(reader_id, _place(before), upto, limit, unread=True))
    if len(places) < limit and upto > -EVER:
        asked = _Stretch(reader_id, min(_place(before), (upto, 0)), -EVER, limit).asked
        for under in (_LATE, _AGAIN):
            rows = connection.execute(under, asked | {"late": late, "upto": upto})
            places |= {(row.sort_at, row.article_id) for row in rows}
    return _ids(places, limit)


def note_clear(connection: Connection, reader_id: int) -> None:
    """Where hardly anything of what a reader follows is left unread, note that, and mark the rest unread.

    Who marks feed after feed as read, and never all at once, has no watermark: without this note a list of the unread
    goes through all the read ones every time (measured: 2 s of a million).
    """
    left = newest_unread(connection, reader_id, None, FEW + 1)
    if len(left) > FEW:
        return
    a, r, m = s.articles.c, s.readers.c, s.marks.c
    top = select(func.max(a.id), func.max(a.sort_at))
    newest_id, newest_at = connection.execute(top).one()
    values = {"clear_upto_id": newest_id or 0, "clear_upto": newest_at}
    connection.execute(s.readers.update().where(r.id == reader_id).values(values))
    marked = set(connection.scalars(select(m.article_id).where(m.reader_id == reader_id, m.article_id.in_(left))))
    again = (m.reader_id == reader_id) & m.article_id.in_(left)
    connection.execute(s.marks.update().where(again).values(read=False, read_at=None))
    new = [{"reader_id": reader_id, "article_id": key, "read": False} for key in left if key not in marked]
    if new:
        connection.execute(s.marks.insert(), new)


def newest_of_feed(connection: Connection, feed_id: int, before: Cursor | None, limit: int) -> list[int]:
    """Ids of the newest articles of one feed."""
    asked = _Stretch(0, _place(before), -EVER, limit).asked
    return [row.article_id for row in connection.execute(_OF_FEED, asked | {"feed": feed_id})]


def is_read() -> ColumnElement[bool]:
    """Whether a reader has read an article, where `readers` and (outer) `marks` are joined to `articles`."""
    upto, a = s.readers.c, s.articles.c
    return func.coalesce(s.marks.c.read, and_(a.id <= upto.read_upto_id, a.sort_at <= upto.read_upto), False)


def watermark(connection: Connection, reader_id: int) -> Place:
    """The higher of a reader's two watermarks: the lowest time that is above it, and the last article that is not late."""
    r = s.readers.c
    query = select(r.read_upto, r.read_upto_id, r.clear_upto, r.clear_upto_id).where(r.id == reader_id)
    row = connection.execute(query).one_or_none()
    marks = [(row.read_upto, row.read_upto_id), (row.clear_upto, row.clear_upto_id)] if row else []
    return max(((s.to_number(at) + 1, last) for at, last in marks if at is not None), default=(-EVER, 0))


def _newest_above(connection: Connection, stretch: _Stretch) -> set[Place]:
    """`_newest`, looked for in a day first, then in a week and so on."""
    top = stretch.below[0]
    if top == EVER:
        top = connection.scalar(text("SELECT max(sort_at) FROM articles")) or 0
    for window in WINDOWS:
        floor = top - window // s.MICROSECOND
        if (
            floor > stretch.floor
            and len(places := set(_newest(connection, replace(stretch, floor=floor)))) >= stretch.limit
        ):
            return places
    return set(_newest(connection, stretch))


def _newest(connection: Connection, stretch: _Stretch) -> Iterator[Place]:
    feeds, floor = _candidates(connection, stretch)
    asked = stretch.asked | {"floor": floor}
    for start in range(0, len(feeds), TERMS):
        part = feeds[start : start + TERMS]
        query = _of_feeds(-(-len(part) // 8) * 8, stretch.unread)
        numbered = {f"feed{number}": feed for number, feed in enumerate(part)}
        yield from ((row.sort_at, row.article_id) for row in connection.execute(query, asked | numbered))


def _candidates(connection: Connection, stretch: _Stretch) -> tuple[list[int], int]:
    """The feeds that can be on the page, and the lowest time that can.

    Feeds are taken in the order of their newest article until `limit` different articles are seen: all of any other
    feed comes after these. Feeds that share their newest article count once, else what only a third has would be lost.
    """
    taken: list[int] = []
    seen: set[int] = set()
    floor = stretch.floor
    with connection.execute(_tops(stretch.unread), stretch.asked) as rows:
        for row in rows:
            if len(seen) == stretch.limit and row.article_id not in seen:
                return taken, floor
            seen.add(row.article_id)
            taken.append(row.feed_id)
            floor = row.sort_at
    return taken, stretch.floor


@lru_cache
def _tops(unread: bool) -> TextClause:
    """Each followed feed's newest article of a stretch."""
    return text(f"""
        SELECT tops.feed_id, a.sort_at, a.id AS article_id
        FROM (
            SELECT f.feed_id, (SELECT p.article_id FROM placements AS p WHERE p.feed_id = f.feed_id
                               AND {_IN_STRETCH}{f" AND {_NOT_MARKED}" if unread else ""} {_NEWEST} LIMIT 1) AS article_id
            FROM follows AS f WHERE f.reader_id = :reader
        ) AS tops JOIN articles AS a ON a.id = tops.article_id
        ORDER BY a.sort_at DESC, a.id DESC
    """)


@lru_cache
def _of_feeds(count: int, unread: bool) -> TextClause:
    """The newest articles of a stretch that are in any of `count` feeds."""
    parts = " UNION ALL ".join(
        f"""SELECT * FROM (SELECT p.sort_at, p.article_id FROM placements AS p WHERE p.feed_id = :feed{number}
            AND {_IN_STRETCH}{f" AND {_NOT_MARKED}" if unread else ""} {_NEWEST} LIMIT :limit) AS part{number}"""
        for number in range(count)
    )
    ends = {f"feed{number}": 0 for number in range(count)}
    return text(f"SELECT DISTINCT * FROM ({parts}) AS p {_NEWEST} LIMIT :limit").bindparams(**ends)


def _place(before: Cursor | None) -> Place:
    return (s.to_number(before.sort_at), before.article_id) if before else (EVER, 0)


def _ids(places: Iterable[Place], limit: int) -> list[int]:
    return [article_id for _, article_id in sorted(set(places), reverse=True)[:limit]]
