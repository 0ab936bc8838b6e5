"""Editions and what they have told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, and_, bindparam, select, tuple_, update

from firsthand.model.article import Article
from firsthand.model.editions import (
    Edited,
    Edition,
    EditionPlan,
    Entry,
    EntryKind,
    LetterState,
    Quote,
    Rhythm,
    Schedule,
    Scope,
    Told,
    Turn,
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
_E, _T, _A, _M, _S = s.editions.c, s.told.c, s.articles.c, s.story_articles.c, s.stories.c

# Written once: putting a statement together costs more than asking it.
_TOLD = (
    select(_M.story_id, s.told)
    .join_from(s.told, s.story_articles, _M.article_id == _T.article_id)
    .where(_T.edition_id.in_(bindparam("editions", expanding=True)))
    .where(_M.story_id.in_(bindparam("ids", expanding=True)))
    .order_by(_T.at)
)
_EDITED = (
    select(_T.edition_id, _T.article_id, _T.version.label("before"), _A.version, _M.story_id, s.outlets.c.name)
    .join_from(s.told, s.articles, _A.id == _T.article_id)
    .join(s.outlets, s.outlets.c.id == _A.outlet_id)
    .outerjoin(s.story_articles, _M.article_id == _T.article_id)
    .where(_T.edition_id.in_(bindparam("editions", expanding=True)), _T.at >= bindparam("since"))
    .where(_T.version > 0, _A.version > _T.version)
    .order_by(_T.at.desc())
)
# Not ordered by rank here: SQLite would take the index for that, and look at all stories there are.
_CHANGED = (
    select(_S.id, _S.changed, _S.rank)
    .where(_S.articles > 0, _S.changed > bindparam("after"))
    .order_by(_S.changed.desc())
    .limit(bindparam("most", type_=Integer))
)
_FEEDS_OF = (
    select(_M.story_id, s.placements.c.feed_id)
    .join(s.placements, s.placements.c.article_id == _M.article_id)
    .where(_M.story_id.in_(bindparam("ids", expanding=True)))
    .distinct()
)
_SAID = (
    select(_M.story_id, s.said.c.speaker, s.said.c.content, s.said.c.kind)
    .join_from(s.story_articles, s.articles, _A.id == _M.article_id)
    # What is told without its cue must not say the reverse.
    .join(
        s.said,
        (s.said.c.article_id == _M.article_id) & ((s.said.c.kind == "direct") | (s.said.c.polarity == "asserts")),
    )
    .where(_M.story_id.in_(bindparam("ids", expanding=True)), _A.seen > bindparam("since"))
    .order_by(_M.story_id, s.said.c.kind != "direct", _A.sort_at, _A.id, s.said.c.number)
)
_VERSIONS = select(_A.id, _A.version).where(_A.id.in_(bindparam("ids", expanding=True)))
_PLACES = select(_E.id, _E.told_upto, _E.next_due).where(_E.id.in_(bindparam("ids", expanding=True)))
_TURNED = (
    update(s.editions).where(_E.id == bindparam("key")).values(next_due=bindparam("due"), told_upto=bindparam("upto"))
)
_SLOTS = select(s.letters.c.edition_id, s.letters.c.slot).where(
    tuple_(s.letters.c.edition_id, s.letters.c.slot).in_(bindparam("slots", expanding=True))
)
_TOLD_OF = select(s.told).where(
    _T.edition_id.in_(bindparam("editions", expanding=True)), _T.article_id.in_(bindparam("ids", expanding=True))
)
_FORGET = s.told.delete().where(_T.edition_id == bindparam("edition"), _T.article_id == bindparam("article"))


@dataclass(frozen=True, slots=True)
class Known:
    """What an edition said before, by story, and what of it outlets have changed since."""

    told: Mapping[int, Told]
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

    def known(self, stories: Mapping[int, Sequence[int]], *, corrected: datetime) -> dict[int, Known]:
        """What each of some editions said before of these stories of its own, in one view of the database.

        Args:
            stories: ids of stories, by edition.
            corrected: what was told later is looked through for corrections.
        """
        with self._db.read() as connection:
            told = _told(connection, stories)
            edited = _edited_since(connection, list(stories), corrected)
        return {one: Known(told.get(one, {}), edited.get(one, ())) for one in stories}

    def changed(self, after: datetime, limit: int) -> list[tuple[int, datetime]]:
        """Number of each story that changed after an instant and when it did, the highest first; of more than `limit` the
        last that changed."""
        with self._db.read() as connection:
            rows = connection.execute(_CHANGED, {"after": after, "most": limit}).all()
        return [(row.id, row.changed) for row in sorted(rows, key=lambda row: (row.rank, row.id), reverse=True)]

    def feeds_of(self, story_ids: Sequence[int]) -> dict[int, set[int]]:
        """The feeds that brought articles of each of these stories."""
        found: dict[int, set[int]] = {one: set() for one in story_ids}
        with self._db.read() as connection:
            for row in connection.execute(_FEEDS_OF, {"ids": story_ids}) if story_ids else ():
                found[row.story_id].add(row.feed_id)
        return found

    def said(self, story_ids: Sequence[int], since: datetime) -> dict[int, list[Quote]]:
        """What was said in articles of these stories that came after `since`; the words in quotation marks first."""
        found: dict[int, list[Quote]] = {one: [] for one in story_ids}
        with self._db.read() as connection:
            for row in connection.execute(_SAID, {"ids": story_ids, "since": since}) if story_ids else ():
                known = found[row.story_id]
                if len(known) < MOST_SAID and all(one.words != row.content for one in known):
                    known.append(Quote(row.speaker, row.content, row.kind == "direct"))
        return found

    def keep(self, turns: Sequence[Turn], now: datetime) -> set[int]:
        """Keep turns of different editions: letters, what these tell, and when each edition comes next; all or nothing.

        Returns the ids of the editions whose turn was kept: not those whose turn another has done, or that their readers have
        changed meanwhile.
        """
        with self._db.write() as connection:
            ids = [one.edition.id for one in turns]
            held = {row.id: (row.told_upto, row.next_due) for row in connection.execute(_PLACES, {"ids": ids})}
            mine = [one for one in turns if held.get(one.edition.id) == (one.edition.told_upto, one.edition.next_due)]
            if mine:
                values = [{"key": one.edition.id, "due": one.next_due, "upto": one.content.upto} for one in mine]
                connection.execute(_TURNED, values)
                self._remember(connection, self._add_letters(connection, mine, now), now)
        return {one.edition.id for one in mine}

    def _add_letters(self, connection: Connection, turns: Sequence[Turn], now: datetime) -> list[Turn]:
        """Put letters into the queue; the turns whose letter was not there already."""
        wanted = [one for one in turns if one.letter]
        slots = [_slot(one) for one in wanted]
        held = {tuple(row) for row in connection.execute(_SLOTS, {"slots": slots})} if slots else set()
        new = [one for one in wanted if _slot(one) not in held]
        insert_rows(self._db, connection, s.letters, [_letter_row(one, now) for one in new])
        return new

    def _remember(self, connection: Connection, turns: Sequence[Turn], now: datetime) -> None:
        articles = sorted({entry.article_id for one in turns for entry in one.content.entries})
        if not articles:
            return
        versions = {row.id: row.version for row in connection.execute(_VERSIONS, {"ids": articles})}
        again = {"editions": [one.edition.id for one in turns], "ids": articles}
        old = {(row.edition_id, row.article_id): row for row in connection.execute(_TOLD_OF, again)}
        rows: dict[tuple[int, int], dict[str, Any]] = {}
        for turn in turns:
            for one in turn.content.entries:
                key = (turn.edition.id, one.article_id)
                rows[key] = _told_row(key, one, versions.get(one.article_id, 0), old.get(key), now)
        outdated = [{"edition": key[0], "article": key[1]} for key in rows if key in old]
        if outdated:
            connection.execute(_FORGET, outdated)
        insert_rows(self._db, connection, s.told, list(rows.values()))


def _slot(turn: Turn) -> tuple[int, str]:
    return turn.edition.id, turn.letter[0] if turn.letter else ""


def _letter_row(turn: Turn, now: datetime) -> dict[str, Any]:
    assert turn.letter is not None
    slot, message_id, subject = turn.letter
    return {
        "edition_id": turn.edition.id,
        "slot": slot,
        "address": turn.edition.address or "",
        "message_id": message_id,
        "subject": subject,
        "content": content_to_json(turn.content),
        "made": now,
        "state": LetterState.DUE.value,
        "due": now,
        "attempts": 0,
    }


def _told_row(key: tuple[int, int], one: Entry, version: int, before: Row[Any] | None, now: datetime) -> dict[str, Any]:
    mark = one.mark
    if mark is None and before is not None and one.kind is EntryKind.CORRECTION:
        mark = OriginMark(before.outlets, before.at_least, before.at_most)
    counts = (mark.outlets, mark.at_least, mark.at_most) if mark else (0, 0, 0)
    row = {"edition_id": key[0], "article_id": key[1], "version": one.version or version, "at": now}
    return row | dict(zip(("outlets", "at_least", "at_most"), counts, strict=True))


def _told(connection: Connection, stories: Mapping[int, Sequence[int]]) -> dict[int, dict[int, Told]]:
    """What editions last said of stories. By their articles: stories may have become one meanwhile."""
    found: dict[int, dict[int, Told]] = {}
    asked = sorted({story for ids in stories.values() for story in ids})
    for row in connection.execute(_TOLD, {"editions": list(stories), "ids": asked}) if asked else ():
        told = Told(row.article_id, row.version, OriginMark(row.outlets, row.at_least, row.at_most), row.at)
        found.setdefault(row.edition_id, {})[row.story_id] = told
    return found


def _edited_since(connection: Connection, edition_ids: Sequence[int], since: datetime) -> dict[int, list[Edited]]:
    """What each edition told since `since` and outlets have changed, the latest told first."""
    rows: dict[int, list[Any]] = {}
    for row in connection.execute(_EDITED, {"editions": edition_ids, "since": since}):
        rows.setdefault(row.edition_id, []).append(row)
    # Many editions told the same article: its two versions are read once.
    seen = lru_cache(maxsize=None)(partial(_edited, connection))
    edits = {
        edition: [
            seen(row.article_id, row.story_id or 0, row.name, row.before, row.version) for row in told[:MOST_EDITED]
        ]
        for edition, told in rows.items()
    }
    return {edition: [one for one in found if one is not None] for edition, found in edits.items()}


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


def _edited(
    connection: Connection, article_id: int, story_id: int, outlet: str, before: int, after: int
) -> Edited | None:
    v = s.versions.c
    query = select(v.number, v.seen, v.article).where(v.article_id == article_id, v.number.in_([before, after]))
    found: dict[int, tuple[datetime, Article]] = {
        one.number: (one.seen, article_from_json(one.article)) for one in connection.execute(query)
    }
    if before not in found or after not in found:
        return None
    return Edited(
        article_id=article_id,
        story_id=story_id,
        outlet=outlet,
        before=found[before][1],
        after=found[after][1],
        version=after,
        seen=found[after][0],
    )
