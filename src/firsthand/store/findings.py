"""What the analysis found: kept by article, and by person and outlet for the pages that ask across articles.

Saving is idempotent: what an earlier analysis of the article had brought goes first, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from firsthand.model.article import Article
from firsthand.model.findings import (
    ActorKind,
    Analysis,
    Deed,
    EntityKind,
    Hop,
    Polarity,
    SpeakerKind,
    Statement,
    StatementKind,
)
from firsthand.model.findingsform import analysis_from_json, analysis_to_json
from firsthand.model.jsonform import article_from_json
from firsthand.model.people import Person, Said, is_full, name_key
from firsthand.model.records import AnalysisDue, ChangeKind, Credit, Cursor, SearchQuery
from firsthand.store import changes, persons, search, stories
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database
from firsthand.store.front import below

_SAID = (
    select(s.said, s.articles.c.headline, s.outlets.c.name.label("outlet"))
    .join(s.articles, s.articles.c.id == s.said.c.article_id)
    .join(s.outlets, s.outlets.c.id == s.articles.c.outlet_id)
)


class Findings:
    """Findings, people and credits."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(self, limit: int) -> list[AnalysisDue]:
        """Articles whose newest version was not analyzed, the newest first."""
        query = (
            select(s.articles.c.id, s.versions.c.number, s.versions.c.article)
            .join(
                s.versions, (s.versions.c.article_id == s.articles.c.id) & (s.versions.c.number == s.articles.c.version)
            )
            .where(s.articles.c.version > s.articles.c.analyzed)
            .order_by(s.articles.c.id.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            return [
                AnalysisDue(row.id, row.number, article_from_json(row.article)) for row in connection.execute(query)
            ]

    def outdate(self, steps: str, limit: int = 1000) -> int:
        """Make articles due again that other steps analyzed; how many, at most `limit`."""
        with self._db.write() as connection:
            old = select(s.analyses.c.article_id).where(s.analyses.c.steps != steps).limit(limit)
            ids = connection.execute(old).scalars().all()
            connection.execute(s.articles.update().where(s.articles.c.id.in_(ids)).values(analyzed=0))
            connection.execute(s.analyses.update().where(s.analyses.c.article_id.in_(ids)).values(steps=steps))
            return len(ids)

    def save(self, due: AnalysisDue, steps: str, analysis: Analysis, at: datetime) -> None:
        """Keep what was found in one version of an article, in the place of what was found before."""
        with self._db.write() as connection:
            row = connection.execute(select(s.articles).where(s.articles.c.id == due.article_id)).one_or_none()
            if row is None or row.version != due.version:  # folded into another, or read anew meanwhile
                return
            forget(connection, row.id)
            form = analysis_to_json(analysis, due.article.text)
            connection.execute(
                s.analyses.insert().values(article_id=row.id, version=due.version, steps=steps, findings=form)
            )
            _keep_said(self._db, connection, row, due.article, analysis)
            _keep_credits(self._db, connection, row, analysis)
            connection.execute(s.articles.update().where(s.articles.c.id == row.id).values(analyzed=due.version))
            entry = search.entry(dict(row._mapping), search.said(due.article))
            search.replace(self._db, connection, entry, row.sort_at)
            stories.touch(connection, row.id)
            changes.append(connection, at, ChangeKind.ARTICLE_ANALYZED, article_ids=[row.id])

    def of(self, article_id: int) -> Analysis | None:
        """What was found in an article's newest version; None until it was analyzed."""
        query = (
            select(s.analyses.c.findings)
            .join(s.articles, s.articles.c.id == s.analyses.c.article_id)
            .where(s.analyses.c.article_id == article_id, s.analyses.c.version == s.articles.c.version)
        )
        with self._db.read() as connection:
            form = connection.execute(query).scalar_one_or_none()
        return None if form is None else analysis_from_json(form)

    def found_in(self, article_ids: Sequence[int]) -> dict[int, Analysis]:
        """What was found in the newest versions of these articles, of those that were analyzed."""
        here = (s.analyses.c.article_id == s.articles.c.id) & (s.analyses.c.version == s.articles.c.version)
        query = select(s.articles.c.id, s.analyses.c.findings).join(s.analyses, here)
        with self._db.read() as connection:
            rows = connection.execute(query.where(s.articles.c.id.in_(article_ids))).all()
        return {row.id: analysis_from_json(row.findings) for row in rows}

    def people_of(self, article_id: int) -> dict[int, int]:
        """The person of each of an article's statements, by the statement's number, where one is known."""
        query = select(s.said.c.number, s.said.c.person_id).where(
            s.said.c.article_id == article_id, s.said.c.person_id.is_not(None)
        )
        with self._db.read() as connection:
            return {row.number: row.person_id for row in connection.execute(query)}

    def person(self, person_id: int) -> Person:
        """One person; the one that it was merged into, where it was. Raises NotFound."""
        with self._db.read() as connection:
            row = persons.row_of(connection, person_id)
            merged = select(s.people.c.name).where(s.people.c.into_id == row.id)
            spoken = select(s.said.c.speaker).where(s.said.c.person_id == row.id).limit(500)
            names = [*connection.execute(merged).scalars(), *connection.execute(spoken).scalars()]
        aliases = tuple(dict.fromkeys(name for name in names if name != row.name))
        return Person(id=row.id, name=row.name, role=row.role, aliases=aliases, statements=row.statements)

    def named(self, name: str, limit: int = 20) -> list[Person]:
        """People whose name holds all words of `name`, those who said most first."""
        words = name_key(name).split()
        if not words:
            return []
        query = select(s.people).where(s.people.c.into_id.is_(None), s.people.c.statements > 0)
        for word in words:
            query = query.where(s.people.c.key.contains(word, autoescape=True))
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(s.people.c.statements.desc(), s.people.c.id).limit(limit))
            return [Person(id=row.id, name=row.name, role=row.role, statements=row.statements) for row in rows]

    def most_quoted(self, limit: int = 60) -> list[Person]:
        """People who said most."""
        query = select(s.people).where(s.people.c.into_id.is_(None), s.people.c.statements > 0)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(s.people.c.statements.desc(), s.people.c.id).limit(limit))
            return [Person(id=row.id, name=row.name, role=row.role, statements=row.statements) for row in rows]

    def said_by(self, person_id: int, before: Cursor | None, limit: int) -> list[Said]:
        """What a person said, newest article first."""
        with self._db.read() as connection:
            person = persons.row_of(connection, person_id)
            query = (
                _SAID.where(s.said.c.person_id == person.id, *below(s.said.c.sort_at, s.said.c.article_id, before))
                .order_by(s.said.c.sort_at.desc(), s.said.c.article_id.desc(), s.said.c.number)
                .limit(limit)
            )
            return [_said(row) for row in connection.execute(query)]

    def said_in(self, article_ids: Sequence[int], query: SearchQuery) -> dict[int, Said]:
        """The first statement of each of these articles that the query's `said-by:` or `source:` asks for; none without."""
        words = name_key(query.said_by or query.source or "").split()
        if not words or not article_ids:
            return {}
        where: list[ColumnElement[bool]] = [s.said.c.article_id.in_(article_ids)]
        by_role = func.lower(func.coalesce(s.said.c.role, "")) if query.said_by is None else None
        for word in words:
            named = s.said.c.key.contains(word, autoescape=True)
            where.append(named if by_role is None else named | by_role.contains(word, autoescape=True))
        if query.kind:
            where.append(s.said.c.kind == query.kind.value)
        with self._db.read() as connection:
            rows = connection.execute(_SAID.where(*where).order_by(s.said.c.article_id, s.said.c.number.desc()))
            return {row.article_id: _said(row) for row in rows}

    def merge(self, person_id: int, into_id: int) -> None:
        """Two are one person, a reader says. Raises NotFound, UsageError."""
        with self._db.write() as connection:
            persons.merge(connection, person_id, into_id)

    def split(self, person_id: int, article_id: int) -> int:
        """What one article ascribes to this person was said by another of the same name; the other's id."""
        with self._db.write() as connection:
            return persons.split(connection, person_id, article_id)

    def credited_by(self, outlet_id: int, limit: int = 20) -> list[Credit]:
        """Whom an outlet credits, most often first."""
        query = select(s.credit_counts).where(s.credit_counts.c.outlet_id == outlet_id)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(s.credit_counts.c.articles.desc()).limit(limit))
            return [Credit(row.actor, row.name, row.articles) for row in rows]

    def crediting(self, *actors: str, limit: int = 20) -> list[Credit]:
        """Which outlets credit somebody, by domain or by name where no domain is known (`actor_key`), most often first."""
        articles = func.sum(s.credit_counts.c.articles).label("articles")
        query = (
            select(s.outlets.c.domain, s.outlets.c.name, articles)
            .join(s.outlets, s.outlets.c.id == s.credit_counts.c.outlet_id)
            .where(s.credit_counts.c.actor.in_(actors))
            .group_by(s.outlets.c.id, s.outlets.c.domain, s.outlets.c.name)
            .order_by(articles.desc(), s.outlets.c.id)
            .limit(limit)
        )
        with self._db.read() as connection:
            return [Credit(row.domain, row.name, row.articles) for row in connection.execute(query)]


def forget(connection: Connection, article_id: int) -> None:
    """Take back all that an article's analysis brought, in the caller's transaction."""
    spoken = select(s.said.c.person_id, func.count().label("count")).where(
        s.said.c.article_id == article_id, s.said.c.person_id.is_not(None)
    )
    for row in connection.execute(spoken.group_by(s.said.c.person_id)).all():
        fewer = s.people.c.statements - row.count
        connection.execute(s.people.update().where(s.people.c.id == row.person_id).values(statements=fewer))
    for row in connection.execute(select(s.credits).where(s.credits.c.article_id == article_id)).all():
        here = (s.credit_counts.c.outlet_id == row.outlet_id) & (s.credit_counts.c.actor == row.actor)
        connection.execute(s.credit_counts.update().where(here).values(articles=s.credit_counts.c.articles - 1))
        connection.execute(s.credit_counts.delete().where(here, s.credit_counts.c.articles <= 0))
    for table in (s.said, s.credits, s.analyses):
        connection.execute(table.delete().where(table.c.article_id == article_id))


def _keep_said(db: Database, connection: Connection, row: Row[Any], article: Article, analysis: Analysis) -> None:
    beside = [one.name for one in analysis.entities if one.kind is not EntityKind.PLACE]
    people: dict[str, int | None] = {}
    rows = []
    for number, statement in enumerate(analysis.statements):
        speaker = statement.speaker
        if speaker is None:
            continue
        if speaker.name not in people:
            named = speaker.kind is SpeakerKind.PERSON and is_full(speaker.name)
            people[speaker.name] = None
            if named:
                context = tuple(name_key(name) for name in beside if name != speaker.name)
                quotes = tuple(_content(article, one) for one in analysis.statements if one.speaker == speaker)
                spoken = persons.Spoken(row.id, speaker.name, speaker.role, context, quotes)
                people[speaker.name] = persons.find_or_add(connection, spoken)
        rows.append(_said_row(row, number, statement, article, people[speaker.name]))
    insert_rows(db, connection, s.said, rows)
    for person_id in {one for one in people.values() if one is not None}:
        more = sum(one["person_id"] == person_id for one in rows)
        fuller = s.people.c.statements + more
        connection.execute(s.people.update().where(s.people.c.id == person_id).values(statements=fuller))


def _said_row(
    row: Row[Any], number: int, statement: Statement, article: Article, person_id: int | None
) -> dict[str, Any]:
    assert statement.speaker is not None
    return {
        "article_id": row.id,
        "number": number,
        "person_id": person_id,
        "speaker": statement.speaker.name,
        "key": name_key(statement.speaker.name),
        "role": statement.speaker.role,
        "kind": statement.kind.value,
        "polarity": statement.polarity.value,
        "day": statement.date.isoformat() if statement.date else None,
        "content": _content(article, statement),
        "sort_at": row.sort_at,
    }


def _content(article: Article, statement: Statement) -> str:
    return " … ".join(article.text[span.start : span.end] for span in statement.content)


def _keep_credits(db: Database, connection: Connection, row: Row[Any], analysis: Analysis) -> None:
    own = connection.scalar(select(s.outlets.c.domain).where(s.outlets.c.id == row.outlet_id))
    credited = {actor_key(hop): hop for chain in analysis.chains for hop in chain.hops[::-1] if _is_credit(hop)}
    credited.pop(own or "", None)
    rows = [
        {
            "article_id": row.id,
            "actor": actor,
            "outlet_id": row.outlet_id,
            "name": hop.actor.name,
            "does": hop.does.value,
            "sort_at": row.sort_at,
        }
        for actor, hop in credited.items()
    ]
    insert_rows(db, connection, s.credits, rows)
    for one in rows:
        count = {name: one[name] for name in ("outlet_id", "actor", "name")} | {"articles": 1}
        insert = db.insert_or(s.credit_counts).values(count)
        more = {"articles": s.credit_counts.c.articles + 1}
        connection.execute(insert.on_conflict_do_update(index_elements=["outlet_id", "actor"], set_=more))


def actor_key(hop: Hop) -> str:
    """An actor to compare by: its domain where one is known."""
    return hop.actor.domain or name_key(hop.actor.name)


def _is_credit(hop: Hop) -> bool:
    return hop.actor.kind in (ActorKind.OUTLET, ActorKind.AGENCY) and hop.does is not Deed.PUBLISHED


def _said(row: Row[Any]) -> Said:
    return Said(
        article_id=row.article_id,
        number=row.number,
        headline=row.headline,
        outlet=row.outlet,
        content=row.content,
        kind=StatementKind(row.kind),
        polarity=Polarity(row.polarity),
        role=row.role,
        day=date.fromisoformat(row.day) if row.day else None,
        published=row.sort_at,
        speaker=row.speaker,
        person_id=row.person_id,
    )
