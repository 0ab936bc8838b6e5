"""Beats as readers see them: what is watched, its articles, its alerts. How they fill is in `watching`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from firsthand.model.beats import Alert, AlertKind, Beat, BeatKind
from firsthand.model.errors import NotFound
from firsthand.model.records import Cursor, Headline
from firsthand.store import front
from firsthand.store import schema as s
from firsthand.store.articles import headlines
from firsthand.store.database import Database

_B, _L, _M = s.beats.c, s.alerts.c, s.beat_articles.c
MOST_UNSEEN = 100
"""More alerts than this are not counted."""


class Beats:
    """What readers watch."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        reader_id: int,
        name: str,
        slug: str,
        kind: BeatKind,
        key: str,
        *,
        starts: datetime | None,
        ends: datetime | None,
        alerts: Iterable[AlertKind],
        now: datetime,
    ) -> Beat:
        """A new beat; where its slug is taken, it gets a number."""
        with self._db.write() as connection:
            row = {
                "reader_id": reader_id,
                "name": name,
                "slug": _free(connection, reader_id, slug),
                "kind": kind.value,
                "key": key,
                "starts": starts,
                "ends": ends,
                "alerts": _written(alerts),
                "created": now,
            }
            made = connection.execute(s.beats.insert().values(row).returning(_B.id)).scalar_one()
            return to_beat(connection.execute(select(s.beats).where(_B.id == made)).one())

    def change(
        self,
        reader_id: int,
        beat_id: int,
        *,
        name: str,
        starts: datetime | None,
        ends: datetime | None,
        alerts: Iterable[AlertKind],
    ) -> bool:
        """Change what may change; articles outside of its new times go out of it. Whether the reader has it."""
        values = {"name": name, "starts": starts, "ends": ends, "alerts": _written(alerts)}
        with self._db.write() as connection:
            mine = and_(_B.reader_id == reader_id, _B.id == beat_id)
            if not connection.execute(s.beats.update().where(mine).values(values)).rowcount:
                return False
            outside = [_M.sort_at < starts] if starts else []
            outside += [_M.sort_at >= ends] if ends else []
            if outside:
                connection.execute(s.beat_articles.delete().where(_M.beat_id == beat_id, or_(*outside)))
            return True

    def remove(self, reader_id: int, beat_id: int) -> bool:
        """Forget a beat with its alerts; its articles stay. Whether the reader had it."""
        with self._db.write() as connection:
            mine = and_(_B.reader_id == reader_id, _B.id == beat_id)
            return bool(connection.execute(s.beats.delete().where(mine)).rowcount)

    def of(self, reader_id: int) -> list[Beat]:
        """A reader's beats, by name."""
        with self._db.read() as connection:
            rows = connection.execute(select(s.beats).where(_B.reader_id == reader_id)).all()
        return sorted((to_beat(row) for row in rows), key=lambda one: (one.name.casefold(), one.id))

    def by_slug(self, reader_id: int, slug: str) -> Beat:
        """A reader's beat by its address. Raises NotFound."""
        with self._db.read() as connection:
            query = select(s.beats).where(_B.reader_id == reader_id, _B.slug == slug)
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"There is no beat “{slug[:100]}”.", "The page of beats lists those that there are.")
        return to_beat(row)

    # ── Articles ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def articles(self, beat_id: int, reader_id: int, *, before: Cursor | None, limit: int) -> list[Headline]:
        """A beat's articles, newest first."""
        query = (
            select(_M.article_id)
            .where(_M.beat_id == beat_id, *front.below(_M.sort_at, _M.article_id, before))
            .order_by(_M.sort_at.desc(), _M.article_id.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            ids = list(connection.scalars(query))
            found = {one.id: one for one in headlines(connection, reader_id, ids)} if ids else {}
        return [found[one] for one in ids if one in found]

    def fill(self, beat_id: int, rows: Sequence[Headline]) -> None:
        """Put articles that were there before into a beat, with their stories, silently."""
        if not rows:
            return
        with self._db.write() as connection:
            values = [{"beat_id": beat_id, "article_id": one.id, "sort_at": one.sort_at} for one in rows]
            connection.execute(self._db.insert_or(s.beat_articles).on_conflict_do_nothing(), values)
            stories = (
                select(s.stories.c.id, s.stories.c.at_least)
                .join(s.story_articles, s.story_articles.c.story_id == s.stories.c.id)
                .where(s.story_articles.c.article_id.in_([one.id for one in rows]))
                .distinct()
            )
            known = [
                {"beat_id": beat_id, "story_id": row.id, "origins": row.at_least} for row in connection.execute(stories)
            ]
            if known:
                connection.execute(self._db.insert_or(s.beat_stories).on_conflict_do_nothing(), known)

    # ── Alerts ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def alerts(
        self, reader_id: int, *, beat_id: int | None = None, before: int | None = None, limit: int = 30
    ) -> list[Alert]:
        """A reader's alerts, of one beat or all, the newest first."""
        query = _alerts().where(_L.reader_id == reader_id)
        if beat_id is not None:
            query = query.where(_L.beat_id == beat_id)
        if before is not None:
            query = query.where(_L.id < before)
        with self._db.read() as connection:
            return [_alert(row) for row in connection.execute(query.order_by(_L.id.desc()).limit(limit))]

    def alerts_after(self, alert_id: int, limit: int = 1000) -> list[Alert]:
        """Alerts of all readers after this one, oldest first: for those who deliver them, each with a cursor of its own."""
        query = _alerts().where(_L.id > alert_id).order_by(_L.id).limit(limit)
        with self._db.read() as connection:
            return [_alert(row) for row in connection.execute(query)]

    def latest_alert(self) -> int:
        """The newest alert's id; 0 if there is none."""
        with self._db.read() as connection:
            return connection.scalar(select(func.max(_L.id))) or 0

    def unseen(self, reader_id: int) -> dict[int, int]:
        """How many alerts of each beat have not been seen; beats without any are left out. Counts `MOST_UNSEEN` in all."""
        fresh = (
            select(_L.beat_id)
            .join(s.beats, _B.id == _L.beat_id)
            .where(_B.reader_id == reader_id, _L.id > _B.seen_alert)
            .limit(MOST_UNSEEN)
            .subquery()
        )
        query = select(fresh.c.beat_id, func.count().label("unseen")).group_by(fresh.c.beat_id)
        with self._db.read() as connection:
            return {row.beat_id: row.unseen for row in connection.execute(query)}

    def see(self, beat_id: int, upto: int) -> None:
        """A beat's alerts up to this one have been seen."""
        with self._db.write() as connection:
            older = and_(_B.id == beat_id, _B.seen_alert < upto)
            connection.execute(s.beats.update().where(older).values(seen_alert=upto))


def to_beat(row: Row[Any]) -> Beat:
    """A beat from a row of `beats`."""
    return Beat(
        id=row.id,
        reader_id=row.reader_id,
        name=row.name,
        slug=row.slug,
        kind=BeatKind(row.kind),
        key=row.key,
        starts=row.starts,
        ends=row.ends,
        alerts=frozenset(AlertKind(one) for one in row.alerts.split()),
        created=row.created,
        seen_alert=row.seen_alert,
    )


def _written(alerts: Iterable[AlertKind]) -> str:
    return " ".join(sorted(one.value for one in alerts))


def _free(connection: Connection, reader_id: int, slug: str) -> str:
    taken = set(connection.scalars(select(_B.slug).where(_B.reader_id == reader_id)))
    return next(
        one for number in range(1, len(taken) + 2) if (one := f"{slug}-{number}" if number > 1 else slug) not in taken
    )


def _alerts() -> Any:
    return select(s.alerts, _B.name, _B.slug, _B.seen_alert).join(s.beats, _B.id == _L.beat_id)


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        reader_id=row.reader_id,
        beat_id=row.beat_id,
        beat=row.name,
        slug=row.slug,
        kind=AlertKind(row.kind),
        at=row.at,
        title=row.title,
        text=row.text,
        article_id=row.article_id,
        story_id=row.story_id,
        person_id=row.person_id,
        seen=row.id <= row.seen_alert,
    )
