"""Feeds: what is followed, when it is due, and how it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from firsthand.model.article import OutletName
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.feed import Feed, FeedFormat, PaceHints
from firsthand.model.text import clean, one_line
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.outlets import find_or_add

LONGEST_URL = 2000
"""Characters of a feed's address; browsers and servers take little more, and an index must hold it."""
FIRST_INTERVAL = timedelta(minutes=15)


def hints_to_json(hints: PaceHints) -> dict[str, Any]:
    return {
        "period": hints.period.total_seconds() if hints.period else None,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }


def hints_from_json(value: Mapping[str, Any]) -> PaceHints:
    period = value.get("period")
    return PaceHints(
        period=timedelta(seconds=period) if period else None,
        skip_hours=frozenset(value.get("skip_hours", ())),
        skip_days=frozenset(value.get("skip_days", ())),
    )


def to_feed(row: Row[Any]) -> Feed:
    """A feed from a row of `feeds`."""
    return Feed(
        id=row.id,
        url=row.url,
        title=row.title,
        outlet_id=row.outlet_id,
        site_url=row.site_url,
        format=FeedFormat(row.format) if row.format else None,
        etag=row.etag,
        last_modified=row.last_modified,
        body_digest=row.body_digest,
        hints=hints_from_json(row.hints),
        interval=timedelta(seconds=row.interval_seconds),
        next_poll=row.next_poll,
        added=row.added,
        last_poll=row.last_poll,
        last_success=row.last_success,
        last_new=row.last_new,
        failing_since=row.failing_since,
        failures=row.failures,
        failure=row.failure,
        note=row.note,
    )


class Feeds:
    """The feeds of all readers, each held once."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(
        self,
        url: str,
        *,
        title: str,
        outlet: OutletName,
        now: datetime,
        site_url: str | None = None,
        kind: str = "",
        country: str = "",
    ) -> Feed:
        """The feed at this address, added if it is not held yet; it is then due at once."""
        url = clean(url)
        if len(url) > LONGEST_URL:
            raise UsageError(f"The feed's address is longer than {LONGEST_URL} characters.", "Follow another one.")
        with self._db.write() as connection:
            row = connection.execute(select(s.feeds).where(s.feeds.c.url == url)).one_or_none()
            if row is None:
                outlet_id = find_or_add(connection, outlet, kind=kind, country=country, home=site_url)
                connection.execute(
                    s.feeds.insert().values(
                        url=url,
                        title=one_line(title) or url,
                        outlet_id=outlet_id,
                        site_url=site_url,
                        hints=hints_to_json(PaceHints()),
                        interval_seconds=int(FIRST_INTERVAL.total_seconds()),
                        next_poll=now,
                        added=now,
                    )
                )
                row = connection.execute(select(s.feeds).where(s.feeds.c.url == url)).one()
            return to_feed(row)

    def get(self, feed_id: int) -> Feed:
        """One feed. Raises NotFound."""
        with self._db.read() as connection:
            row = connection.execute(select(s.feeds).where(s.feeds.c.id == feed_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no feed {feed_id}.", "The page of feeds lists those that are held.")
        return to_feed(row)

    def by_url(self, url: str) -> Feed | None:
        """The feed at this address, if it is held."""
        with self._db.read() as connection:
            row = connection.execute(select(s.feeds).where(s.feeds.c.url == url)).one_or_none()
        return to_feed(row) if row else None

    def all(self) -> list[Feed]:
        """Every feed, by title."""
        with self._db.read() as connection:
            return [to_feed(row) for row in connection.execute(select(s.feeds).order_by(s.feeds.c.title))]

    def followed_at(self, start: str) -> list[Feed]:
        """Followed feeds whose address begins so, such as `imaps://`; by id."""
        followed = select(s.follows.c.feed_id).where(s.follows.c.feed_id == s.feeds.c.id).exists()
        query = select(s.feeds).where(s.feeds.c.url.startswith(start, autoescape=True), followed)
        with self._db.read() as connection:
            return [to_feed(row) for row in connection.execute(query.order_by(s.feeds.c.id))]

    def due(self, now: datetime, limit: int, but: Collection[int] = ()) -> list[Feed]:
        """Followed feeds whose time has come, but those named: those never asked first, then the longest due."""
        followed = select(s.follows.c.feed_id).where(s.follows.c.feed_id == s.feeds.c.id).exists()
        order = s.feeds.c.last_poll.is_not(None), s.feeds.c.next_poll
        # Only ids are put in order: whole rows took four times as long.
        ids = (
            select(s.feeds.c.id)
            .where(s.feeds.c.next_poll <= now, s.feeds.c.id.not_in(but), followed)
            .order_by(*order)
            .limit(limit)
        )
        query = select(s.feeds).where(s.feeds.c.id.in_(ids)).order_by(*order)
        with self._db.read() as connection:
            return [to_feed(row) for row in connection.execute(query)]

    def next_due(self) -> datetime | None:
        """When the next followed feed is due; None if none is followed."""
        followed = select(s.follows.c.feed_id).where(s.follows.c.feed_id == s.feeds.c.id).exists()
        with self._db.read() as connection:
            due: datetime | None = connection.scalar(select(func.min(s.feeds.c.next_poll)).where(followed))
        return due

    def poll_now(self, feed_id: int, now: datetime) -> None:
        """Make a feed due now."""
        with self._db.write() as connection:
            connection.execute(s.feeds.update().where(s.feeds.c.id == feed_id).values(next_poll=now))
