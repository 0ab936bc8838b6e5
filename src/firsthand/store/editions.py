"""Editions and what they have told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, select, update

from firsthand.model.article import Article
from firsthand.model.editions import (
    Content,
    Edited,
    Edition,
    EditionPlan,
    EntryKind,
    LetterState,
    Quote,
    Rhythm,
    Schedule,
    Scope,
    Told,
    content_to_json,
)
from firsthand.model.errors import NotFound
from firsthand.model.jsonform import article_from_json
from firsthand.model.stories import OriginMark
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database

REMEMBERED = timedelta(days=30)
"""How long it is known what was told: an edit of an older article is told to nobody."""
MOST_EDITED = 20
MOST_SAID = 4
"""Statements of one story that are looked up."""
_E, _T, _A, _M = s.editions.c, s.told.c, s.articles.c, s.story_articles.c

# Written once: putting a statement together costs more than asking it.
_TOLD = (
    select(_M.story_id, s.told)
    .join_from(s.told, s.story_articles, _M.article_id == _T.article_id)
    .where(_T.edition_id == bindparam("edition_id"), _M.story_id.in_(bindparam("ids", expanding=True)))
    .order_by(_T.at)
)
_EDITED = (
    select(_T.article_id, _T.version.label("before"), _A.version, _M.story_id, s.outlets.c.name)
    .join_from(s.told, s.articles, _A.id == _T.article_id)
    .join(s.outlets, s.outlets.c.id == _A.outlet_id)
    .outerjoin(s.story_articles, _M.article_id == _T.article_id)
    .where(_T.edition_id == bindparam("edition_id"), _T.at >= bindparam("since"))
    .where(_T.version > 0, _A.version > _T.version)
    .order_by(_T.at.desc())
    .limit(MOST_EDITED)
)
_SAID = (
    select(_M.story_id, s.said.c.speaker, s.said.c.content, s.said.c.kind)
    .join_from(s.story_articles, s.articles, _A.id == _M.article_id)
    .join(s.said, s.said.c.article_id == _M.article_id)
    .where(_M.story_id.in_(bindparam("ids", expanding=True)), _A.seen > bindparam("since"))
    .order_by(_M.story_id, s.said.c.kind != "direct", _A.sort_at, _A.id, s.said.c.number)
)
_VERSIONS = select(_A.id, _A.version).where(_A.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Known:
    """What an edition said before, and what is new beside the stories themselves."""

    told: Mapping[int, Told]
    said: Mapping[int, Sequence[Quote]]
    edited: Sequence[Edited]


class Editions:
    """The editions of all readers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, reader_id: int) -> list[Edition]:
        """A reader's editions, oldest first."""
        with self._db.read() as connection:
            query = _editions().where(_E.reader_id == reader_id).order_by(_E.id)
            return [_edition(row) for row in connection.execute(query)]

    def all(self) -> list[Edition]:
        """Every edition, for who has the machine."""
        with self._db.read() as connection:
            return [_edition(row) for row in connection.execute(_editions().order_by(_E.id))]

    def get(self, edition_id: int, reader_id: int | None = None) -> Edition:
        """One edition; of this reader, where one is named. Raises NotFound."""
        query = _editions().where(_E.id == edition_id)
        if reader_id is not None:
            query = query.where(_E.reader_id == reader_id)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"There is no edition {edition_id}.", "The page of editions lists yours.")
        return _edition(row)

    def add(
        self, reader_id: int, plan: EditionPlan, *, told_upto: datetime, next_due: datetime, now: datetime
    ) -> Edition:
        """A new edition."""
        values = _values(plan) | {"reader_id": reader_id, "created": now, "told_upto": told_upto, "next_due": next_due}
        with self._db.write() as connection:
            key = connection.execute(s.editions.insert().values(values).returning(_E.id)).scalar_one()
            return _edition(connection.execute(_editions().where(_E.id == key)).one())

    def change(self, edition_id: int, plan: EditionPlan, next_due: datetime | None) -> None:
        """Keep what a reader set, and when it comes next; None puts it off, and drops its letters that wait."""
        with self._db.write() as connection:
            values = _values(plan) | {"next_due": next_due}
            connection.execute(update(s.editions).where(_E.id == edition_id).values(values))
            if next_due is None:
                waiting = and_(s.letters.c.edition_id == edition_id, s.letters.c.state == LetterState.DUE.value)
                connection.execute(update(s.letters).where(waiting).values(state=LetterState.DROPPED.value))

    def put_off(self, edition_id: int, until: datetime) -> None:
        """Have an edition come later."""
        with self._db.write() as connection:
            connection.execute(update(s.editions).where(_E.id == edition_id).values(next_due=until))

    def remove(self, edition_id: int) -> None:
        """Forget an edition and its letters."""
        with self._db.write() as connection:
            connection.execute(s.editions.delete().where(_E.id == edition_id))

    def due(self, now: datetime, limit: int) -> list[Edition]:
        """Editions whose time has come, and that have a usable address; the longest due first."""
        usable = and_(s.addresses.c.confirmed.is_not(None), s.addresses.c.stopped.is_(None))
        query = _editions().where(_E.next_due <= now, usable).order_by(_E.next_due, _E.id).limit(limit)
        with self._db.read() as connection:
            return [_edition(row) for row in connection.execute(query)]

    # ── What was told ────────────────────────────────────────────────────────────────────────────────────────────────

    def known(self, edition_id: int, story_ids: Sequence[int], *, since: datetime, corrected: datetime) -> Known:
        """What is known beside the stories themselves, in one view of the database.

        Args:
            since: statements of articles that came later are new.
            corrected: what was told later is looked through for corrections.
        """
        with self._db.read() as connection:
            return Known(
                told=_told(connection, edition_id, story_ids),
                said=_said(connection, story_ids, since),
                edited=_edited_since(connection, edition_id, corrected),
            )

    def keep(
        self,
        edition: Edition,
        content: Content,
        *,
        letter: tuple[str, str, str] | None,
        next_due: datetime | None,
        now: datetime,
    ) -> bool:
        """Keep one turn of an edition: its letter, what it told, and when it comes next; all or nothing.

        Args:
            letter: slot, Message-ID and subject; None where there was nothing to tell.

        Returns False, and keeps nothing, where another has done this turn.
        """
        with self._db.write() as connection:
            mine = and_(_E.id == edition.id, s.editions.c.told_upto == edition.told_upto)
            values = {"next_due": next_due, "told_upto": content.upto}
            if not connection.execute(update(s.editions).where(mine).values(values)).rowcount:
                return False
            if letter is not None and self._add_letter(connection, edition, content, letter, now):
                self._remember(connection, edition.id, content, now)
        return True

    def _add_letter(
        self, connection: Connection, edition: Edition, content: Content, letter: tuple[str, str, str], now: datetime
    ) -> bool:
        slot, message_id, subject = letter
        row = {
            "edition_id": edition.id,
            "slot": slot,
            "address": edition.address or "",
            "message_id": message_id,
            "subject": subject,
            "content": content_to_json(content),
            "made": now,
            "state": LetterState.DUE.value,
            "due": now,
        }
        return bool(connection.execute(self._db.insert_or(s.letters).values(row).on_conflict_do_nothing()).rowcount)

    def _remember(self, connection: Connection, edition_id: int, content: Content, now: datetime) -> None:
        articles = [one.article_id for one in content.entries]
        versions = {row.id: row.version for row in connection.execute(_VERSIONS, {"ids": articles})}
        again = and_(_T.edition_id == edition_id, _T.article_id.in_(articles))
        old = {row.article_id: row for row in connection.execute(select(s.told).where(again))} if articles else {}
        if old:
            connection.execute(s.told.delete().where(again))
        rows: dict[int, dict[str, Any]] = {}
        for one in content.entries:
            before = old.get(one.article_id)
            mark = one.mark
            if mark is None and before is not None and one.kind is EntryKind.CORRECTION:
                mark = OriginMark(before.outlets, before.at_least, before.at_most)
            counts = (mark.outlets, mark.at_least, mark.at_most) if mark else (0, 0, 0)
            row = {
                "edition_id": edition_id,
                "article_id": one.article_id,
                "version": one.version or versions.get(one.article_id, 0),
                "at": now,
            }
            rows[one.article_id] = row | dict(zip(("outlets", "at_least", "at_most"), counts, strict=True))
        insert_rows(self._db, connection, s.told, list(rows.values()), ignore=True)


def _told(connection: Connection, edition_id: int, story_ids: Sequence[int]) -> dict[int, Told]:
    """What an edition last said of these stories. By their articles: stories may have become one meanwhile."""
    return {
        row.story_id: Told(row.article_id, row.version, OriginMark(row.outlets, row.at_least, row.at_most), row.at)
        for row in connection.execute(_TOLD, {"edition_id": edition_id, "ids": story_ids})
    }


def _said(connection: Connection, story_ids: Sequence[int], since: datetime) -> dict[int, list[Quote]]:
    """What was said in articles of these stories that came after `since`; the words in quotation marks first."""
    found: dict[int, list[Quote]] = {}
    for row in connection.execute(_SAID, {"ids": story_ids, "since": since}):
        known = found.setdefault(row.story_id, [])
        if len(known) < MOST_SAID and all(one.words != row.content for one in known):
            known.append(Quote(row.speaker, row.content, row.kind == "direct"))
    return found


def _edited_since(connection: Connection, edition_id: int, since: datetime) -> list[Edited]:
    """What an edition told since `since` and outlets have changed, the latest told first."""
    rows = connection.execute(_EDITED, {"edition_id": edition_id, "since": since}).all()
    return [one for row in rows if (one := _edited(connection, row)) is not None]


def _editions() -> Select[Any]:
    usable = and_(
        s.addresses.c.id == _E.address_id, s.addresses.c.confirmed.is_not(None), s.addresses.c.stopped.is_(None)
    )
    return select(s.editions, s.addresses.c.address).select_from(s.editions).outerjoin(s.addresses, usable)


def _edition(row: Row[Any]) -> Edition:
    schedule = Schedule(rhythm=Rhythm(row.rhythm), minute=row.minute, weekday=row.weekday, zone=row.zone)
    plan = EditionPlan(
        title=row.title,
        schedule=schedule,
        scope=Scope(row.scope),
        scope_key=row.scope_key,
        outlets=row.outlets,
        images=row.images,
        address_id=row.address_id,
    )
    return Edition(
        id=row.id,
        reader_id=row.reader_id,
        plan=plan,
        created=row.created,
        told_upto=row.told_upto,
        next_due=row.next_due,
        address=row.address,
    )


def _values(plan: EditionPlan) -> dict[str, Any]:
    schedule = plan.schedule
    return {
        "title": plan.title,
        "rhythm": schedule.rhythm.value,
        "minute": schedule.minute,
        "weekday": schedule.weekday,
        "zone": schedule.zone,
        "scope": plan.scope.value,
        "scope_key": plan.scope_key,
        "outlets": plan.outlets,
        "images": plan.images,
        "address_id": plan.address_id,
    }


def _edited(connection: Connection, row: Any) -> Edited | None:
    v = s.versions.c
    query = select(v.number, v.seen, v.article).where(
        v.article_id == row.article_id, v.number.in_([row.before, row.version])
    )
    found: dict[int, tuple[datetime, Article]] = {
        one.number: (one.seen, article_from_json(one.article)) for one in connection.execute(query)
    }
    if row.before not in found or row.version not in found:
        return None
    return Edited(
        article_id=row.article_id,
        story_id=row.story_id or 0,
        outlet=row.name,
        before=found[row.before][1],
        after=found[row.version][1],
        version=row.version,
        seen=found[row.version][0],
    )
