"""The front page: the newest articles of all feeds that a reader follows, by looking at about as many as are shown.

Each followed feed is asked for its newest article below the cursor (one step in an index). Only feeds that can be on the
page are looked at further. So it does not matter whether a reader follows one quiet feed of a store of millions, or all
of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from firsthand.model.records import Cursor
from firsthand.store import schema as s

TERMS = 100
"""Feeds in one compound SELECT; SQLite takes at most 500 (SQLITE_MAX_COMPOUND_SELECT)."""
_P, _M = s.placements.c, s.marks.c
Place = tuple[Any, int]
"""Where an article stands in a list: (sort_at, id)."""


def below(sort_at: Any, article_id: Any, before: Cursor | None) -> list[ColumnElement[bool]]:
    """Strictly after the cursor in a list that is sorted newest first; a row comparison, which indexes serve."""
    if before is None:
        return []
    at = literal(s.to_number(before.sort_at))
    return [tuple_(type_coerce(sort_at, BigInteger), article_id) < tuple_(at, literal(before.article_id))]


def newest(connection: Connection, reader_id: int, before: Cursor | None, limit: int) -> list[int]:
    """Ids of the newest articles of all followed feeds."""
    return _ids(_newest(connection, reader_id, before, limit, []), limit)


def newest_unread(connection: Connection, reader_id: int, before: Cursor | None, limit: int) -> list[int]:
    """Ids of the newest articles of all followed feeds that the reader has not read.

    What is unread stands either above the reader's watermark, where the followed feeds are asked as ever, or under it:
    what came late, and what was marked unread again. Of those there are few, so they are looked up by themselves;
    all the read articles under the watermark are never touched.
    """
    reader = connection.execute(select(s.readers).where(s.readers.c.id == reader_id)).one_or_none()
    if reader is None:
        return []
    seen = select(_M.article_id).where(_M.reader_id == reader_id, _M.article_id == _P.article_id, _M.read.is_(True))
    unread: list[ColumnElement[bool]] = [~seen.correlate(s.placements).exists()]
    if reader.read_upto is None:
        return _ids(_newest(connection, reader_id, before, limit, unread), limit)
    places = set(_newest(connection, reader_id, before, limit, [*unread, _P.sort_at > reader.read_upto]))
    if len(places) < limit:
        again = select(_M.article_id).where(_M.reader_id == reader_id, _M.read.is_(False))
        for late in (_P.article_id > reader.read_upto_id, _P.article_id.in_(again)):
            query = (
                select(_P.sort_at, _P.article_id)
                .distinct()
                .join(s.follows, s.follows.c.feed_id == _P.feed_id)
                .where(s.follows.c.reader_id == reader_id, late, *unread)
                .where(_P.sort_at <= reader.read_upto, *below(_P.sort_at, _P.article_id, before))
                .order_by(_P.sort_at.desc(), _P.article_id.desc())
                .limit(limit)
            )
            places |= {(row.sort_at, row.article_id) for row in connection.execute(query)}
    return _ids(places, limit)


def newest_of_feed(
    feed_id: int, before: Cursor | None, limit: int, conditions: Sequence[ColumnElement[bool]] = ()
) -> Select[Any]:
    """The newest articles of one feed, as (sort_at, article_id)."""
    return (
        select(_P.sort_at, _P.article_id)
        .where(_P.feed_id == feed_id, *below(_P.sort_at, _P.article_id, before), *conditions)
        .order_by(_P.sort_at.desc(), _P.article_id.desc())
        .limit(limit)
    )


def is_read() -> ColumnElement[bool]:
    """Whether a reader has read an article, where `readers` and (outer) `marks` are joined to `articles`."""
    upto, a = s.readers.c, s.articles.c
    return func.coalesce(_M.read, and_(a.id <= upto.read_upto_id, a.sort_at <= upto.read_upto), False)


def _newest(
    connection: Connection, reader_id: int, before: Cursor | None, limit: int, conditions: list[ColumnElement[bool]]
) -> Iterator[Place]:
    feeds = _candidates(connection, reader_id, before, limit, conditions)
    for start in range(0, len(feeds), TERMS):
        parts = [newest_of_feed(feed, before, limit, conditions) for feed in feeds[start : start + TERMS]]
        for row in connection.execute(union_all(*(select(part.subquery()) for part in parts))):
            yield row.sort_at, row.article_id


def _candidates(
    connection: Connection, reader_id: int, before: Cursor | None, limit: int, conditions: list[ColumnElement[bool]]
) -> list[int]:
    """The feeds that can be on the page.

    Feeds are taken in the order of their newest article until `limit` different articles are seen: all of any other
    feed comes after these. Feeds that share their newest article count once, else what only a third has would be lost.
    """
    feed = select(s.follows.c.feed_id).where(s.follows.c.reader_id == reader_id)
    top = (
        select(_P.article_id)
        .where(_P.feed_id == s.follows.c.feed_id, *below(_P.sort_at, _P.article_id, before), *conditions)
        .order_by(_P.sort_at.desc(), _P.article_id.desc())
        .limit(1)
        .correlate(s.follows)
        .scalar_subquery()
    )
    tops = feed.add_columns(top.label("article_id")).subquery()
    query = (
        select(tops.c.feed_id, s.articles.c.sort_at, tops.c.article_id)
        .join(s.articles, s.articles.c.id == tops.c.article_id)
        .order_by(s.articles.c.sort_at.desc(), tops.c.article_id.desc())
    )
    taken: list[int] = []
    seen: set[int] = set()
    for row in connection.execute(query):
        if len(seen) == limit and row.article_id not in seen:
            break
        seen.add(row.article_id)
        taken.append(row.feed_id)
    return taken


def _ids(places: Iterator[Place] | set[Place], limit: int) -> list[int]:
    return [article_id for _, article_id in sorted(set(places), reverse=True)[:limit]]
