"""Storylines: by what a story is found again, and which earlier one it carries on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, union_all, update
from sqlalchemy.types import Integer

from firsthand.model.stories import StoryHead
from firsthand.model.storylines import COMMON, NAMES, REACH, WORDS, Near, Shared, Subject
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database
from firsthand.store.stories import head_of, heads

LIKELY = 24
"""Earlier stories that are looked at: those with most in common, the latest of them first."""
EVENTS = 40
"""Events of a line that are shown: the latest."""
_S, _T = s.stories.c, s.story_terms.c


class Storylines:
    """Which stories are events of one line."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def near(self, story_id: int, subject: Subject) -> Near | None:
        """What a story with this subject may carry on; None where it is known already or the story is gone."""
        terms = sorted(subject.terms)
        with self._db.read() as connection:
            story = connection.execute(_BEGAN, {"story": story_id}).one_or_none()
            if story is None or story.first_seen is None or story.follows_id is not None:
                return None
            asked = {f"t{n}": term for n, term in enumerate(terms)} | _none(len(terms))
            seen = {term: count for term, count in connection.execute(_COUNTS, asked).all() if count}
            rare = [term for term, count in seen.items() if count <= COMMON]
            likely = connection.scalars(_LIKELY, {"terms": rare, "story": story_id}).all() if rare else []
            return Near(
                earlier=_earlier(connection, likely, story.first_seen, terms),
                seen={term: seen.get(term, 0) for term in terms},
                stories=connection.scalar(_NEWEST) or 0,
            )

    def keep(self, subjects: Mapping[int, Subject]) -> None:
        """Keep what stories are about, in the place of what was kept."""
        rows = [
            {"term": term, "story_id": story, "name": term in subject.names}
            for story, subject in subjects.items()
            for term in subject.terms
        ]
        with self._db.write() as connection:
            connection.execute(delete(s.story_terms).where(_T.story_id.in_(list(subjects))))
            insert_rows(self._db, connection, s.story_terms, rows, ignore=True)

    def follow(self, follows: Mapping[int, int]) -> None:
        """Keep which earlier story each of these carries on."""
        with self._db.write() as connection:
            for story, earlier in sorted(follows.items()):
                line = connection.scalar(select(_S.line_id).where(_S.id == earlier)) or earlier
                connection.execute(update(s.stories).where(_S.id == earlier).values(line_id=line))
                connection.execute(update(s.stories).where(_S.id == story).values(follows_id=earlier, line_id=line))

    def events(self, story_id: int) -> list[StoryHead]:
        """The stories of the line that a story belongs to, earliest first; empty where it is the only one."""
        line = select(_S.line_id).where(_S.id == story_id).scalar_subquery()
        query = heads().where(_S.line_id == line, _S.articles > 0)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(_S.first_seen.desc(), _S.id.desc()).limit(EVENTS)).all()
        return [head_of(row) for row in reversed(rows)] if len(rows) > 1 else []


def _earlier(
    connection: Connection, story_ids: Sequence[int], first_seen: datetime, terms: list[int]
) -> dict[int, Shared]:
    """What those of these stories have of these terms that began before, and went on until not long before."""
    if not story_ids:
        return {}
    reached = {"stories": story_ids, "before": first_seen, "after": first_seen - REACH}
    count = {row.story_id: row.terms for row in connection.execute(_HELD, reached)}
    names: dict[int, set[int]] = {story: set() for story in count}
    words: dict[int, set[int]] = {story: set() for story in count}
    shared = {"terms": terms, "stories": list(count)}
    for term, story, name in connection.execute(_SHARED, shared).all() if count else ():
        (names if name else words)[story].add(term)
    return {
        story: Shared(frozenset(names[story]), frozenset(words[story]), count[story] - len(names[story] | words[story]))
        for story in count
    }


def _count(number: int) -> Any:
    term = bindparam(f"t{number}", type_=Integer)
    some = select(_T.term).where(_T.term == term).limit(COMMON + 1).subquery()
    return select(func.max(some.c.term), func.count())


_BEGAN = select(_S.first_seen, _S.follows_id).where(_S.id == bindparam("story"))
_NEWEST = select(_S.id).order_by(_S.id.desc()).limit(1)
_HELD = (
    select(_T.story_id, func.count().label("terms"))
    .join(s.stories, _S.id == _T.story_id)
    .where(
        _T.story_id.in_(bindparam("stories", expanding=True)),
        _S.articles > 0,
        _S.first_seen < bindparam("before"),
        _S.last_seen > bindparam("after"),
    )
    .group_by(_T.story_id)
)
# By term and story, which is the key: what else these stories are about is never read, only counted.
_SHARED = select(_T.term, _T.story_id, _T.name).where(
    _T.term.in_(bindparam("terms", expanding=True)), _T.story_id.in_(bindparam("stories", expanding=True))
)
# Written once, for as many terms as a subject may have; those that are left over ask for nothing. Counted by the database:
# a name may stand in hundreds of stories, and there are as many rows as would take longer to fetch than all the rest.
_COUNTS = union_all(*(_count(number) for number in range(NAMES + WORDS)))
_LIKELY = (
    select(_T.story_id)
    .where(_T.term.in_(bindparam("terms", expanding=True)), _T.story_id != bindparam("story"))
    .group_by(_T.story_id)
    .order_by(func.count().desc(), _T.story_id.desc())
    .limit(LIKELY)
)


def _none(first: int) -> dict[str, None]:
    return {f"t{number}": None for number in range(first, NAMES + WORDS)}
