"""Which person a name in an article means: one row for one person, on evidence, and as readers have decided by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from firsthand.model.errors import NotFound, UsageError
from firsthand.model.people import CONTEXT, may_be_one, name_key, newer_role, same_words
from firsthand.store import schema as s

_PEOPLE = select(s.people).where(s.people.c.key == bindparam("key")).order_by(s.people.c.id)
_QUOTED = (
    select(s.said.c.content, s.said.c.person_id)
    .where(
        s.said.c.key == bindparam("key"), s.said.c.person_id.is_not(None), s.said.c.article_id != bindparam("article")
    )
    .order_by(s.said.c.sort_at.desc())
    .limit(200)
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A full name in one article: the role it is given, the names that stand beside it, what it says there."""

    article_id: int
    name: str
    role: str | None
    context: tuple[str, ...]
    quotes: tuple[str, ...]


def find_or_add(connection: Connection, spoken: Spoken) -> int:
    """The person of this name whom a reader, role, context or the same words show to be the same; else a new one.

    What this article adds may show that two who stood apart are one; they become one, unless a reader has parted them.
    """
    rows = connection.execute(_PEOPLE, {"key": name_key(spoken.name)}).all()
    if (kept := _by_hand(rows, spoken.article_id)) is not None:
        return kept
    like = _matching(connection, rows, spoken)
    if like is None:
        values = {
            "key": name_key(spoken.name),
            "name": spoken.name,
            "role": spoken.role,
            "context": list(spoken.context)[:CONTEXT],
        }
        return int(connection.execute(s.people.insert().values(values).returning(s.people.c.id)).scalar_one())
    # Who was merged keeps the role by which the next such mention is known.
    found = next((row for row in rows if row.id == like.into_id), like)
    role = newer_role(found.role, spoken.role) if found is like else found.role
    known = list(dict.fromkeys((*spoken.context, *found.context)))
    # What a reader decided stays, however many names come after it.
    known = [*(one for one in known if _is_hand(one)), *(one for one in known if not _is_hand(one))][:CONTEXT]
    connection.execute(s.people.update().where(s.people.c.id == found.id).values(context=known, role=role))
    for other in rows:
        apart = other.id == found.id or other.into_id is not None or _parted(other) or _parted(found)
        if not apart and may_be_one(role, known, other.role, other.context):
            merge(connection, max(found, other, key=lambda row: row.id).id, min(found.id, other.id))
    return int(row_of(connection, found.id).id)


def merge(connection: Connection, person_id: int, into_id: int) -> None:
    """Two are one person. Raises NotFound, UsageError."""
    one, other = row_of(connection, person_id), row_of(connection, into_id)
    if one.id == other.id:
        raise UsageError("These are one person already.")
    connection.execute(s.said.update().where(s.said.c.person_id == one.id).values(person_id=other.id))
    connection.execute(s.people.update().where(s.people.c.into_id == one.id).values(into_id=other.id))
    connection.execute(s.people.update().where(s.people.c.id == one.id).values(into_id=other.id, statements=0))
    both = {
        "statements": one.statements + other.statements,
        "context": list(dict.fromkeys((*other.context, *one.context)))[:CONTEXT],
        "role": other.role or one.role,
    }
    connection.execute(s.people.update().where(s.people.c.id == other.id).values(both))


def split(connection: Connection, person_id: int, article_id: int) -> int:
    """What one article ascribes to this person was said by another of the same name; the other's id.

    Raises NotFound, UsageError.
    """
    person = row_of(connection, person_id)
    here = (s.said.c.person_id == person.id) & (s.said.c.article_id == article_id)
    count = connection.scalar(select(func.count()).select_from(s.said).where(here)) or 0
    if not count or count == person.statements:
        raise UsageError("There is nothing to split off.", "Choose an article that quotes this person.")
    role = connection.scalar(select(s.said.c.role).where(here, s.said.c.role.is_not(None)).limit(1))
    row = {"key": person.key, "name": person.name, "role": role, "context": [_hand(article_id)], "statements": count}
    made = int(connection.execute(s.people.insert().values(row).returning(s.people.c.id)).scalar_one())
    connection.execute(s.said.update().where(here).values(person_id=made))
    rest = person.statements - count
    connection.execute(s.people.update().where(s.people.c.id == person.id).values(statements=rest))
    return made


def row_of(connection: Connection, person_id: int) -> Row[Any]:
    """A person's row; that of the one it was merged into, where it was. Raises NotFound."""
    row = connection.execute(select(s.people).where(s.people.c.id == person_id)).one_or_none()
    if row is not None and row.into_id is not None:
        row = connection.execute(select(s.people).where(s.people.c.id == row.into_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no person {person_id}.")
    return row


def _matching(connection: Connection, rows: Sequence[Row[Any]], spoken: Spoken) -> Row[Any] | None:
    """The row that evidence gives this name to, be it of one who was merged into another."""
    by_id = {row.id: row for row in rows}
    # Whom a reader has parted from the others, is so by hand first of all.
    ordered = sorted(rows, key=_parted)
    row = next((row for row in ordered if may_be_one(spoken.role, spoken.context, row.role, row.context)), None)
    if row is None and rows and spoken.quotes:
        known = connection.execute(_QUOTED, {"key": name_key(spoken.name), "article": spoken.article_id}).all()
        same = next(
            (one.person_id for one in known if any(same_words(one.content, mine) for mine in spoken.quotes)), None
        )
        row = by_id.get(same) if same is not None else None
    return row


def _by_hand(rows: Sequence[Row[Any]], article_id: int) -> int | None:
    """Whom a reader has said this name of this article to be."""
    row = next((row for row in rows if _hand(article_id) in row.context), None)
    return None if row is None else int(row.into_id or row.id)


def _hand(article_id: int) -> str:
    """A reader's word among the names of a context; no name has a colon (`name_key`)."""
    return f"article:{article_id}"


def _is_hand(name: str) -> bool:
    return name.startswith("article:")


def _parted(row: Row[Any]) -> bool:
    """Whether a reader has made this person by hand."""
    return any(_is_hand(name) for name in row.context)
