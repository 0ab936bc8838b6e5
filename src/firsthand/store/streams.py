"""Streams: a reader's articles by their ids, which is the order in which they came. See `model.streams`.

A stream is looked at in windows of ids, each found by one step in the index of every feed that is asked. A window without
enough is followed by one twice as wide, which begins at the next article that there is. So what a list costs depends on
what it gives, however much of other feeds lies between, and nothing is counted or skipped over.
"""

# ruff: noqa: S608  (what is put into these questions are constants of this file, never anything from outside)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, TextClause, and_, bindparam, select, text

from firsthand.model.article import Article
from firsthand.model.jsonform import article_from_json
from firsthand.model.streams import FeedName, StreamItem, StreamQuery, StreamRef
from firsthand.store import articles, front
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.polls import chunks
from firsthand.store.readers import OWN_TITLE, Readers

WIDTH = 2000
"""Ids in the first window at least."""
MANY = 20_000
"""Ids that are looked through before it is worth noting that hardly anything was unread among them."""
SLACK = 1000
"""By how many ids articles may be out of the order of the times they came at: polls that are settled together."""
LAST = (1 << 63) - 1

_SEEN = select(s.articles.c.id, s.articles.c.seen).where(s.articles.c.id.in_(bindparam("ids", expanding=True)))
_PLACED = select(s.placements.c.article_id, s.placements.c.feed_id).where(
    s.placements.c.article_id.in_(bindparam("ids", expanding=True))
)
_FOLLOWED = "f.reader_id = :reader AND p.feed_id = f.feed_id"
_IN_WINDOW = "p.article_id BETWEEN :low AND :high"
_UNMARKED = (
    """NOT EXISTS (SELECT 1 FROM marks AS m WHERE m.reader_id = :reader AND m.article_id = p.article_id AND m.read)"""
)
_READ = """COALESCE((SELECT m.read FROM marks AS m WHERE m.reader_id = :reader AND m.article_id = p.article_id),
    p.article_id <= :read_id AND p.sort_at <= :read_at)"""
_UNSAVED = """NOT EXISTS (SELECT 1 FROM marks AS k WHERE k.reader_id = :reader AND k.article_id = p.article_id
    AND k.saved_at IS NOT NULL)"""
_CAME = "EXISTS (SELECT 1 FROM articles AS a WHERE a.id = p.article_id AND a.seen BETWEEN :since AND :until)"


class Streams:
    """Reading and marking by id. Lists hold followed feeds' articles, and what is saved."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def ids(self, reader_id: int, query: StreamQuery) -> list[int]:
        """Ids of at most `query.limit` articles, the newest or the oldest first."""
        with self._db.read() as connection:
            low, high = _bounds(connection, query)
            if query.saved:
                return _saved(connection, reader_id, query, low, high)
            scan = _Scan(connection, reader_id, query)
            found = scan.unread(low, high) if query.read is False else scan.windows(low, high, query.limit)
        if scan.looked > MANY and scan.all_unread and len(found) < min(query.limit, front.FEW):
            with self._db.write() as connection:
                front.note_clear(connection, reader_id)
        return found

    def refs(self, reader_id: int, ids: Sequence[int]) -> list[StreamRef]:
        """When these came and in which of the reader's feeds they are, in the order of `ids`."""
        with self._db.read() as connection:
            seen, feeds = _seen(connection, ids), _feeds(connection, reader_id, ids)
        return [StreamRef(key, seen[key], tuple(one.id for one in feeds[key])) for key in ids if key in seen]

    def items(self, reader_id: int, ids: Sequence[int]) -> list[StreamItem]:
        """These articles, in the order of `ids`; without those that are not in a list of the reader's."""
        with self._db.read() as connection:
            asked = _resolved(connection, ids)
            feeds, bodies = _feeds(connection, reader_id, asked), _bodies(connection, asked)
            heads = {one.id: one for part in chunks(asked) for one in articles.headlines(connection, reader_id, part)}
        shown = [heads[key] for key in asked if key in heads and (feeds[key] or heads[key].saved)]
        return [StreamItem(one, bodies.get(one.id), tuple(feeds[one.id])) for one in shown]

    def mark(
        self, reader_id: int, ids: Sequence[int], *, read: bool | None = None, saved: bool | None = None, now: datetime
    ) -> None:
        """Set marks on many articles, in one transaction; ids that no article has are passed over."""
        values: dict[str, Any] = {}
        if read is not None:
            values |= {"read": read, "read_at": now if read else None}
        if saved is not None:
            values["saved_at"] = now if saved else None
        if not values:
            return
        with self._db.write() as connection:
            held = _seen(connection, _resolved(connection, ids))
            rows = [{"reader_id": reader_id, "article_id": key, **values} for key in held]
            insert = self._db.insert_or(s.marks)
            key = [s.marks.c.reader_id, s.marks.c.article_id]
            given = {name: insert.excluded[name] for name in values}
            if rows:
                connection.execute(insert.on_conflict_do_update(index_elements=key, set_=given), rows)

    def mark_all(self, reader_id: int, query: StreamQuery, now: datetime) -> None:
        """Mark everything read that came until `query.until`, of all or of one feed or folder.

        What came later stays unread, wherever it stands in lists: an app tells by that time what it has seen.
        """
        until = query.until or now
        a = s.articles.c
        readers = Readers(self._db)
        with self._db.write() as connection:
            last = min(LAST, _id_at(connection, until) + SLACK)
            if query.feed_id is None and query.folder is None:
                _move_watermark(readers, connection, reader_id, until, last, now)
                return
            scope = [s.follows.c.reader_id == reader_id]
            if query.feed_id is not None:
                scope.append(s.follows.c.feed_id == query.feed_id)
            if query.folder is not None:
                scope.append(s.follows.c.folder == query.folder)
            placed = select(s.placements.c.article_id).join(s.follows, s.follows.c.feed_id == s.placements.c.feed_id)
            came = and_(a.id.in_(placed.where(*scope)), a.id <= last, a.seen <= until)
            readers.mark_these(connection, reader_id, came, now)
            front.note_clear(connection, reader_id)


class _Scan:
    """One walk through a stream."""

    def __init__(self, connection: Connection, reader_id: int, query: StreamQuery) -> None:
        self._connection = connection
        self._query = query
        since, until = query.since or s.EPOCH, query.until
        self._asked: dict[str, Any] = {
            "reader": reader_id,
            "feed": query.feed_id,
            "folder": query.folder,
            "since": s.to_number(since),
            "until": s.to_number(until) if until else LAST,
        }
        if query.read:
            row = connection.execute(select(s.readers).where(s.readers.c.id == reader_id)).one()
            at = s.to_number(row.read_upto) if row.read_upto else -front.EVER
            self._asked |= {"read_id": row.read_upto_id, "read_at": at}
        self.all_unread = query == StreamQuery(read=False, limit=query.limit)
        self.looked = 0

    def unread(self, low: int, high: int) -> list[int]:
        """What is unread: above the watermark by windows; under it stands little, which is looked up by itself."""
        upto, late = front.watermark(self._connection, self._asked["reader"])
        limit = self._query.limit
        if self._query.oldest_first:
            found = self._under(low, min(high, late), upto, limit)
            return found + self.windows(max(low, late + 1), high, limit - len(found))
        found = self.windows(max(low, late + 1), high, limit)
        return found + self._under(low, min(high, late), upto, limit - len(found))

    def windows(self, low: int, high: int, limit: int) -> list[int]:
        """Ids between `low` and `high` that match."""
        found: list[int] = []
        width = max(WIDTH, 4 * limit)
        up = self._query.oldest_first
        while len(found) < limit and low <= high:
            edge = self._ask(_edge(self._scope, up), low, high).scalar()
            if edge is None:
                break
            low, high = (edge, high) if up else (low, edge)
            first, last = (low, min(high, low + width - 1)) if up else (max(low, high - width + 1), high)
            found += self._ask(self._window(), first, last, limit=limit - len(found)).scalars()
            low, high = (last + 1, high) if up else (low, first - 1)
            width *= 2
            self.looked += last - first + 1
        return found

    def _under(self, low: int, high: int, upto: int, limit: int) -> list[int]:
        if limit <= 0 or low > high:
            return []
        found: set[int] = set()
        for question in (
            _above(self._filters, self._query.oldest_first),
            _again(self._filters, self._query.oldest_first),
        ):
            found.update(self._ask(question, low, high, limit=limit, upto=upto).scalars())
        return sorted(found, reverse=not self._query.oldest_first)[:limit]

    def _window(self) -> TextClause:
        return _in_window(self._filters, self._query.oldest_first)

    @property
    def _scope(self) -> str:
        parts = []
        if self._query.feed_id is not None:
            parts.append("f.feed_id = :feed")
        if self._query.folder is not None:
            parts.append("f.folder = :folder")
        return "".join(f" AND {part}" for part in parts)

    @property
    def _filters(self) -> str:
        parts = [self._scope]
        if self._query.read is not None:
            parts.append(f" AND {_READ if self._query.read else _UNMARKED}")
        if self._query.saved is False:
            parts.append(f" AND {_UNSAVED}")
        if self._query.since or self._query.until:
            parts.append(f" AND {_CAME}")
        return "".join(parts)

    def _ask(self, question: TextClause, low: int, high: int, **more: int) -> Any:
        asked = self._asked | {"low": low, "high": high} | more
        named = question.compile().params
        return self._connection.execute(question, {name: value for name, value in asked.items() if name in named})


@lru_cache
def _edge(scope: str, up: bool) -> TextClause:
    """The next article of any of the feeds."""
    end = "min" if up else "max"
    return text(f"""
        SELECT {end}(ends.article_id) FROM (
            SELECT (SELECT {end}(p.article_id) FROM placements AS p
                    WHERE p.feed_id = f.feed_id AND {_IN_WINDOW}) AS article_id
            FROM follows AS f WHERE f.reader_id = :reader{scope}
        ) AS ends
    """)


# CROSS JOIN: SQLite keeps the order, feeds first, so that nothing of other feeds is touched.
@lru_cache
def _in_window(filters: str, up: bool) -> TextClause:
    return text(f"""
        SELECT DISTINCT p.article_id FROM follows AS f CROSS JOIN placements AS p
        WHERE {_FOLLOWED} AND {_IN_WINDOW}{filters}
        ORDER BY p.article_id {"ASC" if up else "DESC"} LIMIT :limit
    """)


# "+": by the index of times, since few stand above the watermark's time and all below its id.
@lru_cache
def _above(filters: str, up: bool) -> TextClause:
    return text(f"""
        SELECT DISTINCT p.article_id FROM follows AS f CROSS JOIN placements AS p
        WHERE {_FOLLOWED} AND p.sort_at >= :upto AND +{_IN_WINDOW}{filters}
        ORDER BY p.article_id {"ASC" if up else "DESC"} LIMIT :limit
    """)


@lru_cache
def _again(filters: str, up: bool) -> TextClause:
    """What was marked unread."""
    return text(f"""
        SELECT DISTINCT p.article_id FROM marks AS again CROSS JOIN placements AS p CROSS JOIN follows AS f
        WHERE again.reader_id = :reader AND again.read = FALSE AND p.article_id = again.article_id
          AND {_FOLLOWED} AND {_IN_WINDOW}{filters}
        ORDER BY p.article_id {"ASC" if up else "DESC"} LIMIT :limit
    """)


def _bounds(connection: Connection, query: StreamQuery) -> tuple[int, int]:
    """The lowest and the highest id that can be in the stream."""
    low, high = query.above + 1, LAST if query.below is None else query.below - 1
    if query.since is not None:
        low = max(low, _id_at(connection, query.since) - SLACK)
    if query.until is not None:
        high = min(high, _id_at(connection, query.until) + SLACK)
    return low, high


def _id_at(connection: Connection, at: datetime) -> int:
    """The id up to which articles had come at a time, give or take `SLACK`; there is no index of these times."""
    newest = select(s.articles.c.id, s.articles.c.seen).order_by(s.articles.c.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    if row is None or row.seen <= at:
        return row.id if row else 0
    low, high = 0, int(row.id)
    while low < high - 1:
        middle = (low + high) // 2
        row = connection.execute(newest.where(s.articles.c.id <= middle)).one_or_none()
        if row is None or row.seen <= at:
            low = middle
        else:
            high = row.id if row.id > low else middle
    return low


def _saved(connection: Connection, reader_id: int, query: StreamQuery, low: int, high: int) -> list[int]:
    """What is saved; a person saves so little that it can be sorted."""
    m, a = s.marks.c, s.articles.c
    wanted = [m.reader_id == reader_id, m.saved_at.is_not(None), m.article_id.between(low, high)]
    if query.since is not None:
        wanted.append(a.seen >= query.since)
    if query.until is not None:
        wanted.append(a.seen <= query.until)
    if query.read is not None:
        wanted.append(front.is_read() if query.read else ~front.is_read())
    if query.feed_id is not None or query.folder is not None:
        placed = (
            select(s.placements.c.article_id)
            .join(s.follows, s.follows.c.feed_id == s.placements.c.feed_id)
            .where(s.follows.c.reader_id == reader_id, s.placements.c.article_id == m.article_id)
        )
        if query.feed_id is not None:
            placed = placed.where(s.follows.c.feed_id == query.feed_id)
        if query.folder is not None:
            placed = placed.where(s.follows.c.folder == query.folder)
        wanted.append(placed.exists())
    rows = (
        select(m.article_id)
        .join_from(s.marks, s.articles, a.id == m.article_id)
        .join(s.readers, s.readers.c.id == m.reader_id)
        .where(*wanted)
        .order_by(m.article_id if query.oldest_first else m.article_id.desc())
        .limit(query.limit)
    )
    return list(connection.scalars(rows))


def _move_watermark(
    readers: Readers, connection: Connection, reader_id: int, until: datetime, last: int, now: datetime
) -> None:
    """Everything that came until then is read: up to the first article that came later by the watermark, else by marks."""
    a, r = s.articles.c, s.readers.c
    near = last - 2 * SLACK
    later = connection.scalar(select(a.id).where(a.id > near, a.seen > until).order_by(a.id).limit(1))
    upto = last if later is None else later - 1
    if later is None:
        upto = connection.scalar(select(a.id).order_by(a.id.desc()).limit(1)) or 0
    reader = connection.execute(select(s.readers).where(r.id == reader_id)).one()
    if upto >= reader.read_upto_id and (reader.read_upto is None or until >= reader.read_upto):
        # No article stands higher in lists than the time it came at, so this holds all of them.
        values = {"read_upto_id": upto, "read_upto": until}
        connection.execute(s.readers.update().where(r.id == reader_id).values(values))
        again = (s.marks.c.reader_id == reader_id) & s.marks.c.read.is_(False) & (s.marks.c.article_id <= upto)
        connection.execute(s.marks.update().where(again).values(read=True, read_at=now))
        rest = and_(a.id > upto, a.id <= last, a.seen <= until)
    else:
        rest = and_(a.id <= last, a.seen <= until)
    readers.mark_these(connection, reader_id, rest, now)


def _resolved(connection: Connection, ids: Iterable[int]) -> list[int]:
    """The ids under which these articles stand now, each once."""
    asked = list(dict.fromkeys(ids))
    moved = {
        row.old_id: row.article_id
        for part in chunks(asked)
        for row in connection.execute(select(s.redirects).where(s.redirects.c.old_id.in_(part)))
    }
    return list(dict.fromkeys(moved.get(key, key) for key in asked))


def _seen(connection: Connection, ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these that there is came."""
    return {row.id: row.seen for part in chunks(ids) for row in connection.execute(_SEEN, {"ids": part})}


def _feeds(connection: Connection, reader_id: int, ids: Iterable[int]) -> dict[int, list[FeedName]]:
    """Which of the reader's feeds brought each of these, by their ids.

    Asked apart: joined, SQLite goes through every followed feed for every article.
    """
    f = s.feeds.c
    follows = (
        select(f.id, OWN_TITLE.label("title"), f.site_url, s.follows.c.folder)
        .join(s.follows, s.follows.c.feed_id == f.id)
        .where(s.follows.c.reader_id == reader_id)
    )
    names = {row.id: FeedName(row.id, row.title, row.site_url, row.folder) for row in connection.execute(follows)}
    found: dict[int, list[FeedName]] = defaultdict(list)
    for part in chunks(ids):
        # Sorted here: to have it sorted, SQLite would rather go through the whole table in that order.
        for row in connection.execute(_PLACED, {"ids": part}):
            if row.feed_id in names:
                found[row.article_id].append(names[row.feed_id])
    for feeds in found.values():
        feeds.sort(key=lambda one: one.id)
    return found


def _bodies(connection: Connection, ids: Iterable[int]) -> dict[int, Article]:
    newest = and_(s.versions.c.article_id == s.articles.c.id, s.versions.c.number == s.articles.c.version)
    query = select(s.articles.c.id, s.versions.c.article).join(s.versions, newest)
    return {
        row.id: article_from_json(row.article)
        for part in chunks(ids)
        for row in connection.execute(query.where(s.articles.c.id.in_(part)))
    }
