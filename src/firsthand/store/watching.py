"""How beats fill: what changed since the watcher's own cursor, what that is about, and what came of it.

What an article is about is read outside of any transaction that writes; what is kept, and the cursor with it, is one
transaction, so that a crash at any line repeats nothing and loses nothing. Of two watchers one moves the cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from firsthand.model.article import Article
from firsthand.model.beats import Beat, BeatKind, NewAlert
from firsthand.model.errors import UsageError
from firsthand.model.findings import EntityKind
from firsthand.model.findingsform import analysis_from_json
from firsthand.model.jsonform import article_from_json
from firsthand.model.people import name_key
from firsthand.model.records import Change, ChangeKind, SearchQuery
from firsthand.store import foundwords, search
from firsthand.store import schema as s
from firsthand.store.beats import to_beat
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database

CURSOR = "beats"
MOST = 400
"""Articles of one story that are taken into a beat at once."""
_A, _M = s.articles.c, s.beat_articles.c


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement of a person in an article."""

    person_id: int
    speaker: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the watcher asks of an article."""

    id: int
    outlet_id: int
    headline: str
    version: int
    seen: datetime
    sort_at: datetime
    words: str
    """What search keeps of it, with a space before and after each word."""
    places: frozenset[str]
    """Keys of the places that it names, with that of its dateline."""
    said: tuple[Spoken, ...]
    story_id: int | None


@dataclass(frozen=True, slots=True)
class Sought:
    """A search as it is matched with one article."""

    all_of: tuple[str, ...]
    any_outlet: tuple[int, ...]
    none_of: tuple[tuple[str, ...], ...]
    before: datetime | None = None
    after: datetime | None = None

    def holds(self, facts: Facts) -> bool:
        """Whether the article would be found."""
        return (
            (not self.any_outlet or facts.outlet_id in self.any_outlet)
            and all(phrase in facts.words for phrase in self.all_of)
            and not any(all(phrase in facts.words for phrase in parts) for parts in self.none_of)
            and (self.before is None or facts.sort_at < self.before)
            and (self.after is None or facts.sort_at >= self.after)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A story as one beat sees it."""

    beat: Beat
    story_id: int
    title: str
    mark: str
    origins: int
    known: int | None
    """How many origins it had when the beat last looked; None: the beat has not come across it."""
    first_id: int
    """The earliest of its articles that are the beat's own."""
    first_seen: datetime
    newest_seen: datetime
    """When the latest of these came."""
    leads: bool
    """Whether that article is the earliest of the whole story."""
    head_id: int


@dataclass(slots=True)
class Outcome:
    """What is to be kept."""

    cursor: int
    upto: int
    hits: list[tuple[int, Facts]] = field(default_factory=list)
    """Beats' ids with the articles that are theirs."""
    stories: set[int] = field(default_factory=set)
    alerts: list[NewAlert] = field(default_factory=list)


class Watching:
    """Reading and keeping for the watcher."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def cursor(self) -> int:
        """How far the watcher has come; it begins where the changes now end."""
        query = select(s.cursors.c.seq).where(s.cursors.c.name == CURSOR)
        with self._db.read() as connection:
            at = connection.scalar(query)
        if at is not None:
            return int(at)
        with self._db.write() as connection:
            newest = connection.scalar(select(func.max(s.changes.c.seq))) or 0
            row = {"name": CURSOR, "seq": newest}
            connection.execute(self._db.insert_or(s.cursors).values(row).on_conflict_do_nothing())
            return int(connection.scalar(query) or 0)

    def changes(self, after: int, limit: int) -> list[Change]:
        """At most `limit` changes after a place."""
        query = select(s.changes).where(s.changes.c.seq > after).order_by(s.changes.c.seq).limit(limit)
        with self._db.read() as connection:
            return [
                Change(row.seq, row.at, ChangeKind(row.kind), row.article_id, row.feed_id, row.story_id)
                for row in connection.execute(query)
            ]

    def all(self) -> list[Beat]:
        """The beats of all readers; what went into another person or story is watched there."""
        with self._db.read() as connection:
            beats = [to_beat(row) for row in connection.execute(select(s.beats))]
            moved = {
                (kind, str(row.id)): str(row.into_id)
                for kind, table in ((BeatKind.PERSON, s.people), (BeatKind.STORY, s.stories))
                if (ids := [int(one.key) for one in beats if one.kind is kind])
                for row in connection.execute(
                    select(table.c.id, table.c.into_id).where(table.c.id.in_(ids), table.c.into_id.is_not(None))
                )
            }
        return [replace(one, key=moved.get((one.kind, one.key), one.key)) for one in beats]

    def new_members(self, beat: Beat) -> list[int]:
        """Articles of a story that is watched which the beat does not hold yet."""
        m = s.story_articles.c
        held = select(_M.article_id).where(_M.beat_id == beat.id, _M.article_id == m.article_id)
        query = select(m.article_id).where(m.story_id == int(beat.key), ~held.exists()).limit(MOST)
        with self._db.read() as connection:
            return list(connection.scalars(query))

    def sought(self, query: SearchQuery) -> Sought | None:
        """A search, ready to be matched; None where nothing can match it now."""
        try:
            with self._db.read() as connection:
                wanted = search.wanted(connection, query)
        except (LookupError, UsageError):
            return None
        return Sought(
            all_of=tuple(_spaced(phrase) for phrase in wanted.all_of),
            any_outlet=wanted.outlets,
            none_of=tuple(tuple(_spaced(phrase) for phrase in parts) for parts in wanted.none_of),
            before=query.before,
            after=query.after,
        )

    def facts(self, article_ids: Iterable[int], *, words: bool = True, places: bool = True) -> list[Facts]:
        """What there is to know of these articles; those that went into others are left out.

        Args:
            words, places: whether these are asked for; they take the most time.
        """
        ids = list(dict.fromkeys(article_ids))
        if not ids:
            return []
        newest = and_(s.versions.c.article_id == _A.id, s.versions.c.number == _A.version)
        query = (
            select(s.articles, s.versions.c.article, s.analyses.c.findings, s.story_articles.c.story_id)
            .outerjoin(s.versions, newest)
            .outerjoin(s.analyses, s.analyses.c.article_id == _A.id)
            .outerjoin(s.story_articles, s.story_articles.c.article_id == _A.id)
            .where(_A.id.in_(ids))
        )
        with self._db.read() as connection:
            said = _said(connection, ids)
            rows = connection.execute(query).all()
        return [_facts(row, said.get(row.id, ()), words, places) for row in rows]

    def touched(self, beats: Iterable[Beat], outcome: Outcome) -> list[Touched]:
        """The stories that changed, as the beats see them that have articles of theirs, hits among them."""
        by_id = {one.id: one for one in beats}
        with self._db.read() as connection:
            return [
                touched
                for story_id in sorted(outcome.stories)
                for touched in _touched(connection, story_id, by_id, outcome)
            ]

    def keep(self, outcome: Outcome, touched: Sequence[Touched]) -> bool:
        """Keep what came of some changes, and that they were looked at; False where another watcher was faster."""
        with self._db.write() as connection:
            here = and_(s.cursors.c.name == CURSOR, s.cursors.c.seq == outcome.cursor)
            if not connection.execute(s.cursors.update().where(here).values(seq=outcome.upto)).rowcount:
                return False
            alive = set(connection.scalars(select(s.beats.c.id)))
            held = set(connection.scalars(select(_A.id).where(_A.id.in_({facts.id for _, facts in outcome.hits}))))
            hits = [
                {"beat_id": beat_id, "article_id": facts.id, "sort_at": facts.sort_at}
                for beat_id, facts in outcome.hits
                if beat_id in alive and facts.id in held
            ]
            self._upsert(connection, s.beat_articles, hits, "sort_at")
            known = [
                {"beat_id": one.beat.id, "story_id": one.story_id, "origins": max(one.origins, one.known or 0)}
                for one in touched
                if one.beat.id in alive
            ]
            self._upsert(connection, s.beat_stories, known, "origins")
            alerts = [_alert_row(one) for one in outcome.alerts if one.beat.id in alive]
            insert_rows(self._db, connection, s.alerts, alerts, ignore=True)
            return True

    def _upsert(self, connection: Connection, table: Any, rows: Sequence[dict[str, Any]], column: str) -> None:
        if rows:
            insert = self._db.insert_or(table)
            keys = [one.name for one in table.primary_key]
            new = {column: getattr(insert.excluded, column)}
            connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=new), list(rows))


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _said(connection: Connection, ids: Sequence[int]) -> dict[int, list[Spoken]]:
    into = func.coalesce(s.people.c.into_id, s.people.c.id).label("person")
    query = (
        select(s.said.c.article_id, into, s.said.c.speaker, s.said.c.content)
        .join(s.people, s.people.c.id == s.said.c.person_id)
        .where(s.said.c.article_id.in_(ids))
        .order_by(s.said.c.article_id, s.said.c.number)
    )
    found: dict[int, list[Spoken]] = {}
    for row in connection.execute(query):
        found.setdefault(row.article_id, []).append(Spoken(row.person, row.speaker, row.content))
    return found


def _facts(row: Any, said: Iterable[Spoken], words: bool, places: bool) -> Facts:
    article = article_from_json(row.article) if row.article and (words or places) else None
    kept: list[str] = []
    if words:
        entry = search.entry(row._mapping, search.said(article) if article else row.summary)
        kept = [*foundwords.of_findings(row.findings), *entry.words]
    return Facts(
        id=row.id,
        outlet_id=row.outlet_id,
        headline=row.headline,
        version=row.version,
        seen=row.seen,
        sort_at=row.sort_at,
        words=_spaced(kept),
        places=_places(article, row.findings) if places else frozenset(),
        said=tuple(said),
        story_id=row.story_id,
    )


def _places(article: Article | None, findings: Any) -> frozenset[str]:
    named = [article.dateline.place] if article and article.dateline else []
    if findings:
        named += [one.name for one in analysis_from_json(findings).entities if one.kind is EntityKind.PLACE]
    return frozenset(key for name in named if (key := name_key(name)))


def _touched(connection: Connection, story_id: int, beats: dict[int, Beat], outcome: Outcome) -> Iterable[Touched]:
    story = connection.execute(select(s.stories).where(s.stories.c.id == story_id)).one_or_none()
    if story is None or story.into_id is not None or not story.articles:
        return
    members = select(s.story_articles.c.article_id).where(s.story_articles.c.story_id == story_id)
    own: dict[int, set[int]] = {}
    for row in connection.execute(select(s.beat_articles).where(_M.article_id.in_(members))):
        own.setdefault(row.beat_id, set()).add(row.article_id)
    inside = set(connection.scalars(members))
    for beat_id, facts in outcome.hits:
        if facts.id in inside:
            own.setdefault(beat_id, set()).add(facts.id)
    if not own:
        return
    order = (_A.seen, _A.id)
    came = {
        row.id: row.seen for row in connection.execute(select(_A.id, _A.seen).where(_A.id.in_(inside)).order_by(*order))
    }
    first_of_all = next(iter(came), None)
    merged = select(s.stories.c.id).where(s.stories.c.into_id == story_id)
    same = s.beat_stories.c.story_id.in_(merged) | (s.beat_stories.c.story_id == story_id)
    known = {
        row.beat_id: row.most
        for row in connection.execute(
            select(s.beat_stories.c.beat_id, func.max(s.beat_stories.c.origins).label("most"))
            .where(same)
            .group_by(s.beat_stories.c.beat_id)
        )
    }
    outlets = "1 outlet" if story.outlets == 1 else f"{story.outlets} outlets"
    for beat_id, ids in own.items():
        mine = [one for one in came if one in ids]
        if beat_id not in beats or not mine:
            continue
        yield Touched(
            beat=beats[beat_id],
            story_id=story_id,
            title=story.title,
            mark=outlets,
            origins=story.at_least,
            known=known.get(beat_id),
            first_id=mine[0],
            first_seen=came[mine[0]],
            newest_seen=came[mine[-1]],
            leads=mine[0] == first_of_all,
            head_id=story.article_id or mine[0],
        )


def _alert_row(one: NewAlert) -> dict[str, Any]:
    return {
        "reader_id": one.beat.reader_id,
        "beat_id": one.beat.id,
        "kind": one.kind.value,
        "key": one.key,
        "at": one.at,
        "title": one.title,
        "text": one.text,
        "article_id": one.article_id,
        "story_id": one.story_id,
        "person_id": one.person_id,
    }
