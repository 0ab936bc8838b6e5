"""Articles as readers see them: lists, one article, search. Lists go by cursor: no COUNT, no OFFSET.

However many articles are held, a list looks at about as many rows as it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    select,
)

from firsthand.model.article import Article, OutletName
from firsthand.model.errors import NotFound
from firsthand.model.jsonform import article_from_json
from firsthand.model.records import ChangeKind, Cursor, Headline, HeldArticle, Outlet, ReadState, SearchQuery, Version
from firsthand.model.when import When
from firsthand.store import front, search
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.itemform import item_from_json
from firsthand.store.outlets import COLUMNS as OUTLET
from firsthand.store.outlets import to_outlet
from firsthand.store.reading import resolve
from firsthand.store.snippets import snippet

_A = s.articles.c
_HEAD = (
    _A.id,
    _A.outlet_id,
    _A.url,
    _A.headline,
    _A.summary,
    _A.byline,
    _A.agency,
    _A.section,
    _A.published,
    _A.seen,
    _A.sort_at,
    _A.image,
    _A.state,
    _A.removed,
    _A.corrected,
    *OUTLET,
)
EXPORT_CHUNK = 200


class Articles:
    """Reading what is held."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def front(self, reader_id: int, *, before: Cursor | None, limit: int, unread_only: bool = False) -> list[Headline]:
        """The newest articles of all feeds that the reader follows."""
        with self._db.read() as connection:
            find = front.newest_unread if unread_only else front.newest
            ids = find(connection, reader_id, before, limit)
            return headlines(connection, reader_id, ids)

    def by_outlet(self, reader_id: int, outlet_id: int, *, before: Cursor | None, limit: int) -> list[Headline]:
        """One outlet's articles."""
        with self._db.read() as connection:
            return self._headlines(connection, reader_id, _A.outlet_id == outlet_id, before, limit)

    def by_section(self, reader_id: int, slug: str, *, before: Cursor | None, limit: int) -> list[Headline]:
        """The articles of one section, of all outlets."""
        with self._db.read() as connection:
            return self._headlines(connection, reader_id, _A.section_slug == slug, before, limit)

    def by_feed(self, reader_id: int, feed_id: int, *, before: Cursor | None, limit: int) -> list[Headline]:
        """The articles that one feed brought."""
        with self._db.read() as connection:
            ids = front.newest_of_feed(connection, feed_id, before, limit)
            return headlines(connection, reader_id, ids)

    def saved(self, reader_id: int, *, before: Cursor | None, limit: int) -> list[Headline]:
        """What the reader saved."""
        kept = select(s.marks.c.article_id).where(s.marks.c.reader_id == reader_id, s.marks.c.saved_at.is_not(None))
        with self._db.read() as connection:
            return self._headlines(connection, reader_id, _A.id.in_(kept), before, limit)

    def listed(self, reader_id: int, article_ids: Sequence[int]) -> list[Headline]:
        """These articles, newest first."""
        with self._db.read() as connection:
            return headlines(connection, reader_id, article_ids)

    def search(self, reader_id: int, query: SearchQuery, *, before: Cursor | None, limit: int) -> list[Headline]:
        """What matches all parts of the query, newest first. Raises UsageError where it has too many words."""
        with self._db.read() as connection:
            ids = search.find(self._db, connection, query, before, limit)
            found = headlines(connection, reader_id, ids)
            texts = _texts(connection, ids)
        return [replace(one, snippet=snippet(query, texts.get(one.id, one.summary))) for one in found]

    def get(self, reader_id: int, article_id: int) -> HeldArticle:
        """One article with its newest text. Raises NotFound."""
        with self._db.read() as connection:
            row = _row_of(connection, reader_id, resolve(connection, article_id))
            if row is None:
                raise NotFound(f"There is no article {article_id}.", "It may have been a mistyped address.")
            return _held(connection, row)

    def version(self, article_id: int, number: int) -> Version:
        """An article's text as it stood. Raises NotFound."""
        with self._db.read() as connection:
            query = select(s.versions).where(
                s.versions.c.article_id == resolve(connection, article_id), s.versions.c.number == number
            )
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"The article {article_id} has no version {number}.")
        return Version(number=row.number, seen=row.seen, article=article_from_json(row.article))

    def newest(self, article_id: int) -> Article | None:
        """What an article says now; None: its page was not read, or it is not held."""
        newest = and_(s.versions.c.article_id == _A.id, s.versions.c.number == _A.version)
        query = select(s.versions.c.article).join(s.articles, newest)
        with self._db.read() as connection:
            found = connection.scalar(query.where(_A.id == resolve(connection, article_id)))
        return article_from_json(found) if found else None

    def changed(self, article_ids: Sequence[int], limit: int) -> list[tuple[int, int, datetime]]:
        """Of these articles those that have changed, the latest first: id, number of the newest version, when seen."""
        v = s.versions.c
        query = (
            select(v.article_id, v.number, v.seen)
            .join(s.articles, and_(_A.id == v.article_id, _A.version == v.number))
            .where(_A.id.in_(list(article_ids)), v.number > 1)
            .order_by(v.seen.desc(), v.article_id.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            return [(row.article_id, row.number, row.seen) for row in connection.execute(query)] if article_ids else []

    def corrected(self, reader_id: int, since: datetime, limit: int, *, followed: bool = True) -> list[Headline]:
        """What outlets corrected after an instant, the latest first.

        Args:
            followed: only what the reader's feeds brought.
        """
        placed = (
            select(s.placements.c.feed_id)
            .join(s.follows, s.follows.c.feed_id == s.placements.c.feed_id)
            .where(s.follows.c.reader_id == reader_id, s.placements.c.article_id == _A.id)
        )
        query = (
            _with_marks(select(*_HEAD), reader_id)
            .where(_A.corrected.is_not(None), _A.corrected > since, *([placed.exists()] if followed else []))
            .order_by(_A.corrected.desc(), _A.id.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            return [_headline(row) for row in connection.execute(query)]

    def export(self, reader_id: int = 1) -> Iterator[HeldArticle]:
        """Every article, in the order they came."""
        last = 0
        while True:
            with self._db.read() as connection:
                query = select(_A.id).where(_A.id > last).order_by(_A.id).limit(EXPORT_CHUNK)
                ids = list(connection.scalars(query))
                rows = [row for key in ids if (row := _row_of(connection, reader_id, key)) is not None]
                held = [_held(connection, row) for row in rows]
            if not ids:
                return
            yield from held
            last = ids[-1]

    def sections(self, reader_id: int, limit: int) -> list[tuple[str, str]]:
        """Slug and label of the sections with most articles."""
        query = select(s.sections).where(s.sections.c.articles > 0).order_by(s.sections.c.articles.desc()).limit(limit)
        with self._db.read() as connection:
            return [(row.slug, row.label) for row in connection.execute(query)]

    def outlets(self, reader_id: int) -> list[Outlet]:
        """The outlets of the feeds that the reader follows, by name."""
        query = (
            select(s.outlets.c.id.label("outlet_id"), *OUTLET)
            .where(
                s.outlets.c.id.in_(
                    select(s.feeds.c.outlet_id)
                    .join(s.follows, s.follows.c.feed_id == s.feeds.c.id)
                    .where(s.follows.c.reader_id == reader_id)
                )
            )
            .order_by(s.outlets.c.name)
        )
        with self._db.read() as connection:
            return [to_outlet(row) for row in connection.execute(query)]

    def outlet(self, outlet_id: int) -> Outlet:
        """One outlet. Raises NotFound."""
        query = select(s.outlets.c.id.label("outlet_id"), *OUTLET).where(s.outlets.c.id == outlet_id)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"There is no outlet {outlet_id}.")
        return to_outlet(row)

    def by_key(self, key: str) -> int | None:
        """The article with this identity key, if one is held."""
        with self._db.read() as connection:
            return connection.scalar(select(s.article_keys.c.article_id).where(s.article_keys.c.key == s.key_of(key)))

    def count_new(self, reader_id: int, after_seq: int, limit: int = 100) -> int:
        """How many articles came to the reader's front page after this change; stops counting at `limit`."""
        placed = (
            select(s.placements.c.article_id)
            .join(s.follows, s.follows.c.feed_id == s.placements.c.feed_id)
            .where(s.follows.c.reader_id == reader_id, s.placements.c.article_id == s.changes.c.article_id)
        )
        fresh = (
            select(s.changes.c.seq)
            .where(s.changes.c.seq > after_seq, s.changes.c.kind == ChangeKind.ARTICLE_NEW.value, placed.exists())
            .limit(limit)
        )
        with self._db.read() as connection:
            return connection.scalar(select(func.count()).select_from(fresh.subquery())) or 0

    def _headlines(
        self, connection: Connection, reader_id: int, which: ColumnElement[bool], before: Cursor | None, limit: int
    ) -> list[Headline]:
        query = (
            _with_marks(select(*_HEAD), reader_id)
            .where(which, *front.below(_A.sort_at, _A.id, before))
            .order_by(_A.sort_at.desc(), _A.id.desc())
            .limit(limit)
        )
        return [_headline(row) for row in connection.execute(query)]


def _with_marks(query: Select[Any], reader_id: int) -> Select[Any]:
    """Join the outlet, and one reader's marks as `read` and `saved`."""
    here = and_(s.marks.c.article_id == _A.id, s.marks.c.reader_id == reader_id)
    return (
        query.add_columns(
            front.is_read().label("read"),
            s.marks.c.saved_at.is_not(None).label("saved"),
        )
        .select_from(s.articles)
        .join(s.outlets, s.outlets.c.id == _A.outlet_id)
        .outerjoin(s.readers, s.readers.c.id == reader_id)
        .outerjoin(s.marks, here)
    )


def headlines(connection: Connection, reader_id: int, ids: Sequence[int]) -> list[Headline]:
    """These articles as a list shows them, newest first."""
    if not ids:
        return []
    query = _with_marks(select(*_HEAD), reader_id).where(_A.id.in_(ids)).order_by(_A.sort_at.desc(), _A.id.desc())
    return [_headline(row) for row in connection.execute(query)]


def _headline(row: Row[Any]) -> Headline:
    return Headline(
        id=row.id,
        outlet=to_outlet(row),
        headline=row.headline,
        summary=row.summary,
        byline=tuple(row.byline),
        agency=row.agency,
        section=tuple(row.section),
        published=When.fromisoformat(row.published) if row.published else None,
        seen=row.seen,
        sort_at=row.sort_at,
        url=row.url,
        image=row.image,
        state=ReadState(row.state),
        read=bool(row.read),
        saved=bool(row.saved),
        removed=row.removed,
        corrected=row.corrected,
    )


def _texts(connection: Connection, ids: list[int]) -> dict[int, str]:
    """What articles say, of those that were read whole."""
    newest = and_(s.versions.c.article_id == _A.id, s.versions.c.number == _A.version)
    query = select(_A.id, s.versions.c.article).join(s.versions, newest).where(_A.id.in_(ids))
    return {row.id: search.said(article_from_json(row.article)) for row in connection.execute(query)} if ids else {}


def _row_of(connection: Connection, reader_id: int, article_id: int) -> Row[Any] | None:
    query = _with_marks(select(*_HEAD, _A.problem, _A.item, _A.version), reader_id).where(_A.id == article_id)
    return connection.execute(query).one_or_none()


def _held(connection: Connection, row: Row[Any]) -> HeldArticle:
    v = s.versions.c
    history = connection.execute(select(v.number, v.seen).where(v.article_id == row.id).order_by(v.number)).all()
    newest = connection.scalar(select(v.article).where(v.article_id == row.id, v.number == row.version))
    brought = connection.execute(
        select(s.feeds.c.id, s.feeds.c.title)
        .join(s.placements, s.placements.c.feed_id == s.feeds.c.id)
        .where(s.placements.c.article_id == row.id)
        .order_by(s.feeds.c.id)
    ).all()
    return HeldArticle(
        id=row.id,
        outlet=to_outlet(row),
        article=article_from_json(newest) if newest else from_item_of(row),
        state=ReadState(row.state),
        problem=row.problem,
        seen=row.seen,
        sort_at=row.sort_at,
        versions=tuple((one.number, one.seen) for one in history),
        feeds=tuple((one.id, one.title) for one in brought),
        read=bool(row.read),
        saved=bool(row.saved),
        removed=row.removed,
        corrected=row.corrected,
    )


def from_item_of(row: Row[Any]) -> Article:
    """What the feed says, while nothing else is known."""
    item = item_from_json(row.item)
    return Article(
        url=row.url or None,
        outlet=OutletName(row.outlet_name, row.outlet_domain),
        headline=row.headline,
        summary=row.summary or None,
        byline=tuple(row.byline),
        published=When.fromisoformat(row.published) if row.published else None,
        modified=item.updated,
        language=item.language,
        image=row.image,
    )
