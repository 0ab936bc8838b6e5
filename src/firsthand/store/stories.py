"""Stories: which articles belong to which, what a list shows of each, and what is to be counted anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.types import BigInteger

from firsthand.model.errors import NotFound
from firsthand.model.findingsform import analysis_from_json
from firsthand.model.groupform import origins_from_json, origins_to_json
from firsthand.model.grouping import CopyMatch
from firsthand.model.jsonform import article_from_json
from firsthand.model.records import ChangeKind, Outlet
from firsthand.model.stories import Found, GroupDue, OriginMark, Placed, StoryCount, StoryCursor, StoryHead, rank
from firsthand.store import changes, copies
from firsthand.store import schema as s
from firsthand.store.articles import from_item_of
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database
from firsthand.store.outlets import COLUMNS as OUTLET
from firsthand.store.outlets import to_outlet

MOST = 400
"""Articles of one story that are counted and shown: the earliest 100 and the latest."""
_A, _S, _M = s.articles.c, s.stories.c, s.story_articles.c
_HEAD = (
    _S.id,
    _S.title,
    _S.lead,
    _S.article_id,
    _S.section,
    _S.section_slug,
    _S.image,
    _S.first_seen,
    _S.last_seen,
    _S.changed,
    _S.rank,
    _S.articles,
    _S.outlets,
    _S.at_least,
    _S.at_most,
    s.outlets.c.name.label("outlet"),
)


class Stories:
    """Stories as they are made and as they are read."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # ── Making them ──────────────────────────────────────────────────────────────────────────────────────────────────

    def due(self, limit: int) -> list[GroupDue]:
        """Articles whose copies and story are to be found, in the order they came."""
        waiting = and_(_A.version > _A.grouped, or_(_A.version > 0, _A.page_due.is_(None)))
        with self._db.read() as connection:
            ids = connection.scalars(select(_A.id).where(waiting).order_by(_A.id).limit(limit)).all()
            return _load(connection, ids)

    def load(self, article_ids: Sequence[int], *, findings: bool = False) -> list[GroupDue]:
        """Articles as they stand now, by id; with what was found in them, where that is asked for."""
        with self._db.read() as connection:
            return _load(connection, article_ids, findings=findings)

    def recent(self, outlet_id: int, limit: int) -> list[GroupDue]:
        """An outlet's latest articles that were grouped."""
        query = select(_A.id).where(_A.outlet_id == outlet_id, _A.grouped > 0)
        with self._db.read() as connection:
            ids = connection.scalars(query.order_by(_A.sort_at.desc(), _A.id.desc()).limit(limit)).all()
            return _load(connection, ids)

    def live(self, since: datetime, limit: int) -> Iterator[tuple[GroupDue, Placed]]:
        """The articles of stories since an instant, the latest `limit` of them, in the order they came."""
        query = (
            select(s.story_articles)
            .join(s.articles, _A.id == _M.article_id)
            .where(_A.sort_at >= since)
            .order_by(_A.sort_at.desc(), _A.id.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            placed = {row.article_id: Placed(**row._mapping) for row in connection.execute(query)}
        ids = sorted(placed)
        for start in range(0, len(ids), 100):
            for one in self.load(ids[start : start + 100]):
                yield one, placed[one.article_id]

    def latest_id(self) -> int:
        """The highest number that a story has."""
        with self._db.read() as connection:
            return connection.scalar(select(func.max(_S.id))) or 0

    def save(
        self,
        due: GroupDue,
        fingerprints: Sequence[int],
        matches: Sequence[CopyMatch],
        placed: Placed,
        at: datetime,
    ) -> None:
        """Keep one article's copies and story, in the place of what was kept before."""
        with self._db.read() as connection:
            marks = copies.postings(connection, fingerprints).add(due.article_id, fingerprints)
        self.save_all([Found(due=due, marks=tuple(marks), matches=tuple(matches), placed=placed)], at)

    def save_all(self, found: Sequence[Found], at: datetime) -> None:
        """Keep the copies and stories of articles, in the place of what was kept before."""
        with self._db.write() as connection:
            ids = [one.due.article_id for one in found]
            query = select(_A.id, _A.version).where(_A.id.in_(ids))
            versions = {row.id: row.version for row in connection.execute(query)}
            # Of the others some were folded into another, some read anew meanwhile.
            kept = [one for one in found if versions.get(one.due.article_id) == one.due.version]
            copies.keep(self._db, connection, kept)
            self._place(connection, [one.placed for one in kept], at)
            grouped = update(s.articles).where(_A.id == bindparam("article")).values(grouped=bindparam("read"))
            done = [{"article": one.due.article_id, "read": one.due.version} for one in kept]
            if done:
                connection.execute(grouped, done)

    def move(self, placed: Sequence[Placed], redirects: dict[int, int], at: datetime) -> None:
        """Keep what a repair changed: articles under other stories, and stories that went into others."""
        if not placed and not redirects:
            return
        with self._db.write() as connection:
            held = set(connection.scalars(select(_A.id).where(_A.id.in_([one.article_id for one in placed]))))
            self._place(connection, [one for one in placed if one.article_id in held], at)
            for old, new in redirects.items():
                connection.execute(update(s.stories).where(_S.into_id == old).values(into_id=new))
                connection.execute(update(s.stories).where(_S.id == old).values(into_id=new))

    def stale(self, limit: int) -> list[int]:
        """Stories that are to be counted anew."""
        with self._db.read() as connection:
            return list(connection.scalars(select(_S.id).where(_S.stale).order_by(_S.id.desc()).limit(limit)))

    def member_states(self, story_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int]]]:
        """Each story's articles, earliest first, with the numbers of the version read and of the version analyzed."""
        with self._db.read() as connection:
            members = {story_id: _members(connection, story_id) for story_id in story_ids}
        return {
            story_id: {row.article_id: (row.version, row.analyzed) for row in rows}
            for story_id, rows in members.items()
        }

    def save_count(self, story_id: int, count: StoryCount | None, at: datetime) -> None:
        """Keep a story counted anew; None where no article is left in it. A reader is told only of what shows."""
        self.save_counts({story_id: count}, at)

    def save_counts(self, counts: Mapping[int, StoryCount | None], at: datetime) -> None:
        """`save_count` for several."""
        with self._db.write() as connection:
            kept, told = [], list[dict[str, Any]]()
            for before in connection.execute(select(s.stories).where(_S.id.in_(list(counts)))).all():
                values, shows = _recounted(before, counts[before.id])
                if shows:
                    values["changed"] = at
                    kind = ChangeKind.STORY_CHANGED if before.articles else ChangeKind.STORY_NEW
                    told += changes.rows(at, kind, story_id=before.id)
                kept.append({"key": before.id} | {f"new_{name}": values[name] for name in _COUNTED})
            if kept:
                connection.execute(_KEEP_COUNT, kept)
            insert_rows(self._db, connection, s.changes, told)

    def _place(self, connection: Connection, placed: Sequence[Placed], at: datetime) -> None:
        if not placed:
            return
        ids = [one.article_id for one in placed]
        before = set(connection.scalars(select(_M.story_id).where(_M.article_id.in_(ids))))
        stories = sorted({one.story_id for one in placed})
        new = [{"id": story_id, "origins": {}, "changed": at} for story_id in stories]
        insert_rows(self._db, connection, s.stories, new, ignore=True)
        names = ("article_id", "story_id", "speaker_id", "score", "reason")
        insert = self._db.insert_or(s.story_articles)
        values = {name: insert.excluded[name] for name in names}
        values["reason"] = func.coalesce(func.nullif(insert.excluded.reason, ""), _M.reason)
        insert = insert.on_conflict_do_update(index_elements=["article_id"], set_=values)
        connection.execute(insert, [{name: getattr(one, name) for name in names} for one in placed])
        connection.execute(update(s.stories).where(_S.id.in_(before.union(stories))).values(stale=True))

    # ── Reading them ─────────────────────────────────────────────────────────────────────────────────────────────────

    def front(
        self, reader_id: int, *, before: StoryCursor | None = None, limit: int, section: str | None = None
    ) -> list[StoryHead]:
        """Stories with an article of what the reader follows, the highest first."""
        query = heads().where(_S.articles > 0, _followed(reader_id), *_below(before))
        if section is not None:
            query = query.where(_S.section_slug == section)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(_S.rank.desc(), _S.id.desc()).limit(limit))
            return [head_of(row) for row in rows]

    def since(self, reader_id: int, after: datetime, limit: int) -> list[StoryHead]:
        """What changed after an instant of what the reader follows, the highest first."""
        query = heads().where(_S.articles > 0, _S.changed > after, _followed(reader_id))
        with self._db.read() as connection:
            return [head_of(row) for row in connection.execute(query.order_by(_S.rank.desc()).limit(limit))]

    def changed_after(self, reader_id: int, seq: int, limit: int) -> tuple[int, int]:
        """How many stories of what a reader follows came after a change, and how many others changed; counts to `limit`."""
        c = s.changes.c
        query = (
            select(c.story_id, func.min(case((c.kind == ChangeKind.STORY_CHANGED.value, 1), else_=0)).label("old"))
            .join(s.stories, _S.id == c.story_id)
            .where(c.seq > seq, c.story_id.is_not(None), _S.articles > 0, _followed(reader_id))
            .group_by(c.story_id)
            .limit(limit)
        )
        with self._db.read() as connection:
            old = [bool(row.old) for row in connection.execute(query)]
        return old.count(False), old.count(True)

    def get(self, story_id: int) -> StoryHead:
        """A story, also under the number of one that went into it. Raises NotFound."""
        with self._db.read() as connection:
            into = connection.scalar(select(_S.into_id).where(_S.id == story_id))
            row = connection.execute(heads().where(_S.id == (into or story_id))).one_or_none()
        if row is None or not row.articles:
            raise NotFound(f"There is no story {story_id}.", "Choose one from the front page.")
        return head_of(row)

    def heads(self, story_ids: Sequence[int]) -> dict[int, StoryHead]:
        """These stories, by number; without those that are empty."""
        query = heads().where(_S.id.in_(story_ids), _S.articles > 0)
        with self._db.read() as connection:
            return {row.id: head_of(row) for row in connection.execute(query)} if story_ids else {}

    def origins(self, story_id: int) -> Any:
        """A story's origins as they were counted last."""
        with self._db.read() as connection:
            return origins_from_json(connection.scalar(select(_S.origins).where(_S.id == story_id)) or {})

    def reasons(self, story_id: int) -> dict[int, str]:
        """A story's articles, each with why it is here, earliest first."""
        with self._db.read() as connection:
            ids = _member_ids(connection, story_id)
            query = select(_M.article_id, _M.reason).where(_M.article_id.in_(ids))
            reasons = {row.article_id: row.reason for row in connection.execute(query)}
        return {one: reasons[one] for one in ids}

    def of_articles(self, article_ids: Sequence[int]) -> dict[int, int]:
        """The story of each of these articles that has one."""
        query = select(_M.article_id, _M.story_id).where(_M.article_id.in_(article_ids))
        with self._db.read() as connection:
            return {row.article_id: row.story_id for row in connection.execute(query)} if article_ids else {}


def touch(connection: Connection, article_id: int) -> None:
    """Have the story of an article counted anew, in the transaction that changes the article."""
    of = select(_M.story_id).where(_M.article_id == article_id).scalar_subquery()
    connection.execute(update(s.stories).where(_S.id == of).values(stale=True))


def heads() -> Select[Any]:
    """What `head_of` needs, of all stories."""
    return (
        select(*_HEAD)
        .select_from(s.stories)
        .outerjoin(s.articles, _A.id == _S.article_id)
        .outerjoin(s.outlets, s.outlets.c.id == _A.outlet_id)
    )


def _followed(reader_id: int) -> Any:
    return (
        select(_M.article_id)
        .join(s.placements, s.placements.c.article_id == _M.article_id)
        .join(s.follows, s.follows.c.feed_id == s.placements.c.feed_id)
        .where(_M.story_id == _S.id, s.follows.c.reader_id == reader_id)
        .exists()
    )


def _below(before: StoryCursor | None) -> list[Any]:
    if before is None:
        return []
    at = literal(s.to_number(before.rank))
    return [tuple_(type_coerce(_S.rank, BigInteger), _S.id) < tuple_(at, literal(before.story_id))]


def head_of(row: Row[Any]) -> StoryHead:
    """A story as a list shows it."""
    return StoryHead(
        id=row.id,
        title=row.title,
        lead=row.lead,
        outlet=row.outlet or "",
        article_id=row.article_id,
        section=row.section,
        section_slug=row.section_slug,
        image=row.image,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        changed=row.changed,
        articles=row.articles,
        mark=OriginMark(row.outlets, row.at_least, row.at_most),
    )


def _counted(count: StoryCount) -> dict[str, Any]:
    names = ("title", "lead", "article_id", "section", "section_slug", "image", "first_seen", "last_seen", "articles")
    mark = count.mark
    return {name: getattr(count, name) for name in names} | {
        "outlets": mark.outlets,
        "at_least": mark.at_least,
        "at_most": mark.at_most,
        "rank": s.to_number(rank(count.last_seen, mark)),
        "origins": origins_to_json(count.origins),
    }


_COUNTED = (
    *("title", "lead", "article_id", "section", "section_slug", "image", "first_seen", "last_seen", "articles"),
    *("outlets", "at_least", "at_most", "rank", "origins", "changed", "stale"),
)
# Written once, and run for many stories: putting a statement together costs more than asking it.
_KEEP_COUNT = (
    update(s.stories).where(_S.id == bindparam("key")).values({name: bindparam(f"new_{name}") for name in _COUNTED})
)


def _recounted(before: Row[Any], count: StoryCount | None) -> tuple[dict[str, Any], bool]:
    """A story's columns as they are to be, and whether that is something a reader sees."""
    counted = _counted(count) if count else {"articles": 0, "outlets": 0, "origins": {}}
    values = {name: getattr(before, name) for name in _COUNTED} | counted | {"stale": False}
    shown = ("title", "articles", "outlets", "at_least", "at_most", "article_id")
    return values, any(values[name] != getattr(before, name) for name in shown)


_MEMBERS = (
    select(_M.article_id, _A.sort_at, _A.version, _A.analyzed)
    .join(s.articles, _A.id == _M.article_id)
    .where(_M.story_id == bindparam("story"))
)
_LATEST_MEMBERS = _MEMBERS.order_by(_A.sort_at.desc(), _A.id.desc()).limit(MOST)
_FIRST_MEMBERS = _MEMBERS.order_by(_A.sort_at, _A.id).limit(MOST // 4)


def _members(connection: Connection, story_id: int) -> list[Any]:
    """The articles of a story that count, earliest first."""
    found: list[Any] = list(connection.execute(_LATEST_MEMBERS, {"story": story_id}))
    if len(found) == MOST:
        found += connection.execute(_FIRST_MEMBERS, {"story": story_id})
    return sorted({row.article_id: row for row in found}.values(), key=lambda row: (row.sort_at, row.article_id))


def _member_ids(connection: Connection, story_id: int) -> list[int]:
    return [row.article_id for row in _members(connection, story_id)]


def _load(connection: Connection, article_ids: Sequence[int], *, findings: bool = False) -> list[GroupDue]:
    if not article_ids:
        return []
    newest = and_(s.versions.c.article_id == _A.id, s.versions.c.number == _A.version)
    query = (
        select(s.articles, s.versions.c.article.label("whole"), *OUTLET)
        .join(s.outlets, s.outlets.c.id == _A.outlet_id)
        .outerjoin(s.versions, newest)
        .where(_A.id.in_(article_ids))
    )
    if findings:
        found = and_(s.analyses.c.article_id == _A.id, s.analyses.c.version == _A.version)
        query = query.add_columns(s.analyses.c.findings).outerjoin(s.analyses, found)
    loaded = {row.id: _due(row) for row in connection.execute(query)}
    return [loaded[one] for one in article_ids if one in loaded]


def _due(row: Row[Any]) -> GroupDue:
    found = row._mapping.get("findings")
    outlet: Outlet = to_outlet(row)
    return GroupDue(
        article_id=row.id,
        version=row.version,
        article=article_from_json(row.whole) if row.whole else from_item_of(row),
        outlet=outlet,
        seen=row.seen,
        sort_at=row.sort_at,
        analysis=analysis_from_json(found) if found else None,
    )
