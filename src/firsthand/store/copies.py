"""Copies: which held articles share how much of their text with another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from firsthand.model.article import Span
from firsthand.model.grouping import CopyKind, CopyMatch, Direction, Evidence, Reason
from firsthand.model.stories import Found
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database

if TYPE_CHECKING:
    from firsthand.store.fingerprints import Postings


class Copies:
    """Looking for copies."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def postings(self, fingerprints: Iterable[int]) -> Postings:
        """Which held articles have which of these fingerprints of 64 bits."""
        with self._db.read() as connection:
            return postings(connection, fingerprints)

    def among(self, article_ids: Iterable[int]) -> list[CopyMatch]:
        """The copies whose both sides are among these articles."""
        ids = list(article_ids)
        c = s.copies.c
        query = select(s.copies).where(c.article_id.in_(ids), c.of_id.in_(ids)).order_by(c.article_id, c.of_id)
        with self._db.read() as connection:
            return [_match(row) for row in connection.execute(query)] if ids else []

    def of(self, article_id: int) -> list[CopyMatch]:
        """The copies of which an article is one side."""
        c = s.copies.c
        query = select(s.copies).where(or_(c.article_id == article_id, c.of_id == article_id))
        with self._db.read() as connection:
            return [_match(row) for row in connection.execute(query)]

    def decide(self, changed: Sequence[CopyMatch]) -> None:
        """Keep who has it from whom, where more is known of that now."""
        c = s.copies.c
        if changed:
            with self._db.write() as connection:
                for match in changed:
                    here = (c.article_id == match.article) & (c.of_id == match.of)
                    connection.execute(update(s.copies).where(here).values(_row(match)))


def postings(connection: Connection, fingerprints: Iterable[int]) -> Postings:
    """Which held articles have which of these fingerprints of 64 bits."""
    from firsthand.store import fingerprints as held  # numpy: 11 MB that a process which only fetches never needs

    return held.postings(connection, fingerprints)


def keep(db: Database, connection: Connection, found: Sequence[Found]) -> None:
    """Keep what was found of articles, in the order they came, in the place of what was found before."""
    from firsthand.store import fingerprints  # see `postings`

    c = s.copies.c
    ids = [one.due.article_id for one in found]
    connection.execute(delete(s.copies).where(or_(c.article_id.in_(ids), c.of_id.in_(ids))))
    matches = {(match.article, match.of): match for one in found for match in one.matches}
    others = {int(key) for pair in matches for key in pair}
    held = set(connection.scalars(select(s.articles.c.id).where(s.articles.c.id.in_(others)))) if others else set()
    insert_rows(db, connection, s.copies, [_row(match) for pair, match in matches.items() if held.issuperset(pair)])
    fingerprints.add(db, connection, [(mark, one.due.article_id) for one in found for mark in one.marks])
    fingerprints.pack_some(db, connection, ids)


def beside(connection: Connection, article_ids: Collection[int], limit: int) -> list[CopyMatch]:
    """At most `limit` copies of which one of these articles is a side."""
    c = s.copies.c
    query = select(s.copies).where(or_(c.article_id.in_(article_ids), c.of_id.in_(article_ids))).limit(limit)
    return [_match(row) for row in connection.execute(query)]


def _row(match: CopyMatch) -> dict[str, Any]:
    span = match.reason.span
    return {
        "article_id": match.article,
        "of_id": match.of,
        "kind": match.kind.value,
        "kept": match.kept,
        "reused": match.reused,
        "direction": match.direction.value,
        "evidence": match.reason.evidence.value,
        "says": match.reason.says,
        "span_start": span.start if span else None,
        "span_end": span.end if span else None,
        "span_in": match.reason.article,
    }


def _match(row: Row[Any]) -> CopyMatch:
    span = Span(row.span_start, row.span_end) if row.span_start is not None else None
    return CopyMatch(
        article=row.article_id,
        of=row.of_id,
        kind=CopyKind(row.kind),
        kept=row.kept,
        reused=row.reused,
        direction=Direction(row.direction),
        reason=Reason(Evidence(row.evidence), row.says, span, row.span_in),
    )
