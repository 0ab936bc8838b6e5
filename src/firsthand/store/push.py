"""Push as it is kept: a reader's channels and rules, notices, and how far each has come on its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select, true, update

from firsthand.model.errors import NotFound
from firsthand.model.push import (
    YOUNG,
    Alert,
    Breaking,
    Channel,
    ChannelKind,
    NewNotice,
    Notice,
    Pushed,
    PushFate,
    PushRules,
    Sending,
    Told,
    backoff,
)
from firsthand.model.records import ChangeKind
from firsthand.store import schema as s
from firsthand.store.database import Database

HELD_UP = timedelta(minutes=10)
"""A sending that began so long ago and has not ended was cut off."""
KEPT = timedelta(days=30)
MOST_ATTEMPTS = 8
"""Then a notice is given up: the last waits are hours, and news is old by then."""
MOST_FAILURES = 20
"""In a row; then a channel is stopped, and its reader sees why."""
MOST_ARTICLES = 400
_R, _C, _N, _G = s.push_rules.c, s.channels.c, s.notices.c, s.sendings.c
_OPEN = _G.state.in_([s.fixed(one) for one in s.OPEN])
_STORY = (ChangeKind.STORY_NEW.value, ChangeKind.STORY_CHANGED.value)


class Push:
    """Channels, rules, notices and sendings."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # ── What a reader sets ───────────────────────────────────────────────────────────────────────────────────────────

    def rules(self, reader_id: int) -> PushRules:
        """What a reader wants to be told of; the default where nothing was set."""
        with self._db.read() as connection:
            row = connection.execute(select(s.push_rules).where(_R.reader_id == reader_id)).one_or_none()
        return PushRules(**{name: row._mapping[name] for name in PushRules.__slots__}) if row else PushRules()

    def set_rules(self, reader_id: int, rules: PushRules) -> None:
        """Keep what a reader wants."""
        values = {name: getattr(rules, name) for name in PushRules.__slots__}
        with self._db.write() as connection:
            insert = self._db.insert_or(s.push_rules).values(reader_id=reader_id, **values)
            connection.execute(insert.on_conflict_do_update(index_elements=["reader_id"], set_=values))

    def channels(self, reader_id: int) -> list[Channel]:
        """A reader's channels, in the order they were added."""
        query = select(s.channels).where(_C.reader_id == reader_id).order_by(_C.id)
        with self._db.read() as connection:
            return [_to_channel(row) for row in connection.execute(query)]

    def channel(self, reader_id: int, channel_id: int) -> Channel:
        """One of a reader's channels. Raises NotFound."""
        query = select(s.channels).where(_C.reader_id == reader_id, _C.id == channel_id)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("There is no such channel.", "Load the page anew.")
        return _to_channel(row)

    def add_channel(
        self,
        reader_id: int,
        kind: ChannelKind,
        address: str,
        *,
        label: str,
        keys: Mapping[str, str],
        session_hash: str | None = None,
        now: datetime,
    ) -> int:
        """Add a channel, or set one that is there going again; gives its id.

        A browser has one subscription whoever reads in it: it belongs to the reader who added it last.
        """
        key = {"reader_id": reader_id, "kind": kind.value, "address": address}
        again = {"label": label, "keys": dict(keys), "session_hash": session_hash, "failures": 0, "problem": None}
        again["stopped"] = None
        with self._db.write() as connection:
            if kind is ChannelKind.WEB:
                others = and_(_C.kind == kind.value, _C.address == address, _C.reader_id != reader_id)
                connection.execute(s.channels.delete().where(others))
            insert = self._db.insert_or(s.channels).values(**key, **again, created=now)
            connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=again))
            found = select(_C.id).where(*(_C[name] == value for name, value in key.items()))
            return int(connection.execute(found).scalar_one())

    def remove_channel(self, reader_id: int, *, channel_id: int | None = None, address: str | None = None) -> None:
        """Forget a channel, by its id or its address, with what is still on its way to it."""
        which = _C.id == channel_id if channel_id is not None else _C.address == address
        with self._db.write() as connection:
            connection.execute(s.channels.delete().where(_C.reader_id == reader_id, which))

    def ended(self, reader_id: int, now: datetime) -> list[str]:
        """Addresses of the reader's browsers whose session has ended: they are told nothing until they sign in again."""
        query = select(_C.address).where(_C.reader_id == reader_id, ~_signed_in(now))
        with self._db.read() as connection:
            return list(connection.scalars(query))

    # ── What happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    def cursor(self, name: str) -> int | None:
        """How far a follower has come; None: it has not begun."""
        with self._db.read() as connection:
            return connection.scalar(select(s.cursors.c.seq).where(s.cursors.c.name == name))

    def latest_alert(self) -> int:
        """The newest alert's id; 0 if there is none."""
        with self._db.read() as connection:
            return connection.scalar(select(func.max(s.alerts.c.id))) or 0

    def stories_after(self, seq: int, limit: int) -> tuple[int, list[int]]:
        """Stories that changed after `seq`, and the number of the last change that was looked at."""
        c = s.changes.c
        query = select(c.seq, c.kind, c.story_id).where(c.seq > seq).order_by(c.seq).limit(limit)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        last = rows[-1].seq if rows else seq
        return last, list(dict.fromkeys(row.story_id for row in rows if row.kind in _STORY and row.story_id))

    def alerts_after(self, last: int, limit: int) -> list[Alert]:
        """What beats found after an alert, oldest first."""
        a, b = s.alerts.c, s.beats.c
        query = select(s.alerts, b.name, b.slug).join(s.beats, b.id == a.beat_id).where(a.id > last)
        with self._db.read() as connection:
            return [
                Alert(
                    id=row.id,
                    reader_id=row.reader_id,
                    beat=row.name,
                    slug=row.slug,
                    title=row.title,
                    text=row.text,
                    at=row.at,
                    article_id=row.article_id,
                    story_id=row.story_id,
                )
                for row in connection.execute(query.order_by(a.id).limit(limit))
            ]

    def breaking(self, story_id: int, now: datetime) -> Breaking | None:
        """A story with the times at which outlets took it up in the last day; None where it has no name yet."""
        st, a, m = s.stories.c, s.articles.c, s.story_articles.c
        head = (
            select(st.id, st.title, st.outlets, st.at_least, st.at_most, s.outlets.c.name.label("outlet"))
            .outerjoin_from(s.stories, s.articles, a.id == st.article_id)
            .outerjoin(s.outlets, s.outlets.c.id == a.outlet_id)
        )
        members = (
            select(a.outlet_id, a.sort_at).join(s.story_articles, m.article_id == a.id).where(m.story_id == story_id)
        )
        newest = members.order_by(a.sort_at.desc()).limit(MOST_ARTICLES)
        with self._db.read() as connection:
            row = connection.execute(head.where(st.id == story_id, st.into_id.is_(None))).one_or_none()
            rows = connection.execute(newest).all()
        if row is None or not rows or not row.title:
            return None
        firsts: dict[int, datetime] = {}
        for outlet_id, at in reversed(rows):
            firsts.setdefault(outlet_id, at)
        return Breaking(
            story_id=row.id,
            title=row.title,
            outlet=row.outlet or "",
            outlets=row.outlets,
            at_least=row.at_least,
            at_most=row.at_most,
            times=tuple(sorted(firsts.values())),
            last=rows[0].sort_at,
        )

    def watchers(self, story_id: int) -> list[int]:
        """Readers with a channel who follow a feed that brought an article of this story."""
        m, p, f = s.story_articles.c, s.placements.c, s.follows.c
        brought = (
            select(f.reader_id)
            .join_from(s.story_articles, s.placements, p.article_id == m.article_id)
            .join(s.follows, f.feed_id == p.feed_id)
            .where(m.story_id == story_id)
        )
        query = select(_C.reader_id).where(_C.stopped.is_(None), _C.reader_id.in_(brought)).distinct()
        with self._db.read() as connection:
            return list(connection.scalars(query))

    def told(self, reader_id: int, tag: str) -> Told | None:
        """What a reader was told last under a tag."""
        query = select(_N.stage, _N.outlets, _N.origins).where(_N.reader_id == reader_id, _N.tag == tag)
        with self._db.read() as connection:
            row = connection.execute(query.order_by(_N.stage.desc()).limit(1)).one_or_none()
        return Told(*row) if row else None

    def story_tag(self, reader_id: int, story_id: int) -> str:
        """The tag under which a reader is told of a story: that of one that went into it, if they were told of that."""
        own = f"story:{story_id}"
        merged = select(s.stories.c.id).where(s.stories.c.into_id == story_id)
        with self._db.read() as connection:
            tags = [own, *(f"story:{one}" for one in connection.scalars(merged))]
            told = (
                select(_N.tag).where(_N.reader_id == reader_id, _N.tag.in_(tags)).order_by(_N.made.desc(), _N.id.desc())
            )
            return connection.scalar(told.limit(1)) or own

    def told_since(self, reader_id: int, since: datetime) -> int:
        """How many things a reader was told since then; what only changed an earlier one is not counted."""
        which = and_(_N.reader_id == reader_id, _N.made >= since, _N.stage == 1, ~_N.tag.startswith("test:"))
        with self._db.read() as connection:
            return connection.scalar(select(func.count()).select_from(s.notices).where(which)) or 0

    # ── On their way ─────────────────────────────────────────────────────────────────────────────────────────────────

    def save(self, notices: Iterable[NewNotice], now: datetime, *, name: str, before: int | None, after: int) -> bool:
        """Keep notices and move a follower's cursor, all in one; False where another process has moved it meanwhile."""
        with self._db.write() as connection:
            held = connection.scalar(select(s.cursors.c.seq).where(s.cursors.c.name == name))
            if held != before:
                return False
            insert = self._db.insert_or(s.cursors).values(name=name, seq=after)
            connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"seq": after}))
            for one in notices:
                self._keep(connection, one, now)
        return True

    def save_one(self, notice: NewNotice, now: datetime) -> None:
        """Keep a notice that nothing but a reader's wish has made."""
        with self._db.write() as connection:
            self._keep(connection, notice, now)

    def _keep(self, connection: Connection, one: NewNotice, now: datetime) -> None:
        key = {"reader_id": one.reader_id, "tag": one.tag, "stage": one.stage}
        said = {name: getattr(one, name) for name in ("title", "body", "path", "outlets", "origins")}
        insert = self._db.insert_or(s.notices).values(**key, **said, made=now).on_conflict_do_nothing()
        notice_id = connection.scalar(insert.returning(_N.id))
        if notice_id is None:
            return
        # What is still on its way says less than this: on the screen this one takes its place, so only this one goes.
        older = select(_N.id).where(_N.reader_id == one.reader_id, _N.tag == one.tag, _N.stage < one.stage)
        connection.execute(
            update(s.sendings).where(_G.notice_id.in_(older), _G.state == "due").values(state="replaced", ended=now)
        )
        which = _C.id == one.channel_id if one.channel_id is not None else _signed_in(now)
        query = select(_C.id).where(_C.reader_id == one.reader_id, _C.stopped.is_(None), which)
        rows = [
            {"notice_id": notice_id, "channel_id": channel_id, "state": "due", "due": one.due}
            for channel_id in connection.scalars(query)
        ]
        if rows:
            connection.execute(s.sendings.insert(), rows)

    def claim(self, now: datetime, limit: int) -> list[Sending]:
        """Take what is due, recorded as begun before anything is sent; what was cut off is dealt with first."""
        waiting = and_(_OPEN, _G.state == "due", _G.due <= now)
        cut_off = and_(_OPEN, _G.state == "sending", _G.started < now - HELD_UP)
        with self._db.read() as connection:  # nearly always there is nothing, and writers are not kept waiting for that
            if connection.scalar(select(_G.notice_id).where(or_(waiting, cut_off)).limit(1)) is None:
                return []
        with self._db.write() as connection:
            _recover(connection, now)
            query = (
                select(_G.notice_id, _G.channel_id)
                .join_from(s.sendings, s.channels, _C.id == _G.channel_id)
                .where(waiting)
                .order_by(_G.due)
                .limit(limit)
            )
            keys = connection.execute(query).all()
            for key in keys:
                values = {"state": "sending", "started": now, "attempts": _G.attempts + 1}
                connection.execute(update(s.sendings).where(_this(*key)).values(values))
            return [_load(connection, *key) for key in keys]

    def end(self, sending: Sending, pushed: Pushed, now: datetime) -> None:
        """Record how a sending ended."""
        notice_id, channel_id = sending.notice.id, sending.channel.id
        with self._db.write() as connection:
            this = and_(_this(notice_id, channel_id), _G.state == "sending")
            connection.execute(update(s.sendings).where(this).values(_after(sending, pushed, now)))
            if pushed.fate is PushFate.TAKEN:
                values: dict[str, Any] = {"last_sent": now, "failures": 0, "problem": None}
            else:
                values = {"failures": _C.failures + 1, "problem": pushed.says}
            connection.execute(update(s.channels).where(_C.id == channel_id).values(values))
            spent = true() if pushed.fate is PushFate.GONE else _C.failures >= MOST_FAILURES
            stop = update(s.channels).where(_C.id == channel_id, _C.stopped.is_(None), spent).values(stopped=now)
            if pushed.fate is not PushFate.TAKEN and connection.execute(stop.returning(_C.id)).first():
                waiting = and_(_G.channel_id == channel_id, _G.state == "due")
                connection.execute(update(s.sendings).where(waiting).values(state="failed", ended=now))

    def recent(self, reader_id: int, limit: int) -> list[Notice]:
        """What a reader was told, newest first."""
        query = select(s.notices).where(_N.reader_id == reader_id).order_by(_N.made.desc(), _N.id.desc()).limit(limit)
        with self._db.read() as connection:
            return [_to_notice(row) for row in connection.execute(query)]

    def prune(self, now: datetime) -> None:
        """Forget what was told long ago."""
        with self._db.write() as connection:
            connection.execute(s.notices.delete().where(_N.made < now - KEPT))


def _after(sending: Sending, pushed: Pushed, now: datetime) -> dict[str, Any]:
    if pushed.fate is PushFate.TAKEN:
        return {"state": "sent", "ended": now, "problem": None}
    late = now - sending.notice.made > YOUNG
    if pushed.fate is PushFate.AGAIN and sending.attempts < MOST_ATTEMPTS and not late:
        wait = max(backoff(sending.attempts), pushed.retry_after or timedelta())
        return {"state": "due", "due": now + wait, "problem": pushed.says}
    return {"state": "failed", "ended": now, "problem": pushed.says}


def _recover(connection: Connection, now: datetime) -> None:
    """What was begun and never ended may have arrived. A program tells a second copy by its id, a browser shows it in
    the first one's place; only what would really be told twice is not sent again, and stands as doubtful."""
    cut_off = and_(_OPEN, _G.state == "sending", _G.started < now - HELD_UP)
    twice = select(_C.id).where(_C.kind == ChannelKind.NTFY.value)
    doubtful = {"state": "doubtful", "ended": now, "problem": "Cut off while it was sent; it may have arrived."}
    connection.execute(update(s.sendings).where(cut_off, _G.channel_id.in_(twice)).values(doubtful))
    connection.execute(update(s.sendings).where(cut_off).values(state="due"))
    # A browser whose session has ended is told nothing: somebody else may hold it now.
    gone = select(_C.id).where(~_signed_in(now))
    connection.execute(
        update(s.sendings).where(_OPEN, _G.state == "due", _G.channel_id.in_(gone)).values(state="replaced", ended=now)
    )


def _signed_in(now: datetime) -> Any:
    session = s.sessions.c
    lives = exists().where(session.token_hash == _C.session_hash, session.expires > now)
    return or_(_C.session_hash.is_(None), lives)


def _this(notice_id: int, channel_id: int) -> Any:
    return and_(_G.notice_id == notice_id, _G.channel_id == channel_id)


def _load(connection: Connection, notice_id: int, channel_id: int) -> Sending:
    notice = connection.execute(select(s.notices).where(_N.id == notice_id)).one()
    channel = connection.execute(select(s.channels).where(_C.id == channel_id)).one()
    attempts = connection.execute(select(_G.attempts).where(_this(notice_id, channel_id))).scalar_one()
    return Sending(notice=_to_notice(notice), channel=_to_channel(channel), attempts=attempts)


def _to_notice(row: Row[Any]) -> Notice:
    return Notice(**{name: row._mapping[name] for name in Notice.__slots__})


def _to_channel(row: Row[Any]) -> Channel:
    names = ("id", "reader_id", "address", "label", "keys", "last_sent", "problem", "stopped")
    return Channel(kind=ChannelKind(row.kind), **{name: row._mapping[name] for name in names})
