"""Subscriptions at the hubs that feeds name (WebSub)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from firsthand.model.websub import Subscription
from firsthand.store import schema as s
from firsthand.store.database import Database

_S = s.subscriptions.c


class Hubs:
    """How our subscriptions stand."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(self, now: datetime, limit: int) -> list[Subscription]:
        """Those whose hubs are to be asked, of feeds that somebody follows."""
        followed = select(s.follows.c.feed_id).where(s.follows.c.feed_id == _S.feed_id)
        query = select(s.subscriptions).where(_S.due <= now, followed.exists()).order_by(_S.due).limit(limit)
        with self._db.read() as connection:
            return [_subscription(row) for row in connection.execute(query)]

    def get(self, feed_id: int) -> Subscription | None:
        """How the subscription to a feed stands; None where it names no hub."""
        with self._db.read() as connection:
            row = connection.execute(select(s.subscriptions).where(_S.feed_id == feed_id)).one_or_none()
        return _subscription(row) if row else None

    def is_followed(self, feed_id: int) -> bool:
        """Whether anybody follows this feed."""
        query = select(s.follows.c.feed_id).where(s.follows.c.feed_id == feed_id).limit(1)
        with self._db.read() as connection:
            return connection.scalar(query) is not None

    def asked(self, feed_id: int, now: datetime, again: datetime) -> None:
        """The hub was asked; if it does not answer, it is asked again then."""
        self._set(feed_id, asked=now, due=again, problem=None)

    def failed(self, feed_id: int, problem: str, failures: int, again: datetime) -> None:
        """Asking failed, for the `failures`th time."""
        self._set(feed_id, due=again, problem=problem, failures=failures)

    def agreed(self, feed_id: int, expires: datetime, renew: datetime) -> None:
        """The hub will tell us until `expires`; it is asked for more at `renew`."""
        self._set(feed_id, expires=expires, due=renew, failures=0, problem=None, denied=False)

    def denied(self, feed_id: int, problem: str, again: datetime) -> None:
        """The hub will not tell us."""
        self._set(feed_id, expires=None, due=again, problem=problem, denied=True)

    def told(self, feed_id: int, now: datetime) -> None:
        """The hub has told us something."""
        self._set(feed_id, last_told=now)

    def _set(self, feed_id: int, **values: Any) -> None:
        with self._db.write() as connection:
            connection.execute(s.subscriptions.update().where(_S.feed_id == feed_id).values(values))


def note(db: Database, connection: Connection, feed_id: int, hub: str, topic: str, now: datetime) -> None:
    """A feed names this hub, in the caller's transaction. Where it named it before, nothing changes."""
    insert = db.insert_or(s.subscriptions).values(feed_id=feed_id, hub=hub, topic=topic, due=now)
    new = {"hub": hub, "topic": topic, "due": now, "asked": None, "expires": None, "failures": 0, "problem": None}
    changed = or_(_S.hub != hub, _S.topic != topic)
    connection.execute(insert.on_conflict_do_update(index_elements=["feed_id"], set_=new, where=changed))


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        feed_id=row.feed_id,
        hub=row.hub,
        topic=row.topic,
        due=row.due,
        asked=row.asked,
        expires=row.expires,
        last_told=row.last_told,
        failures=row.failures,
        problem=row.problem,
        denied=row.denied,
    )
