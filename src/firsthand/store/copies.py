"""Fingerprints and copies: which held articles share how much of their text with another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from firsthand.model.article import Span
from firsthand.model.grouping import CopyKind, CopyMatch, Direction, Evidence, Reason
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database

POSTINGS = 128
"""Articles kept a fingerprint. One that has more is furniture, or stands in a report that everybody prints, whose first
printings are found all the same; so the cost of a look-up does not grow with the store."""
_ASKED = 500
"""Fingerprints in one question."""


class Copies:
    """Looking for copies."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def candidates(self, fingerprints: Sequence[int], limit: int) -> list[tuple[int, int]]:
        """At most `limit` held articles with how many of `fingerprints` they share, most first, then by id.

        Args:
            fingerprints: distinct, 64 bits.
        """
        shared: Counter[int] = Counter()
        with self._db.read() as connection:
            for row in _postings(connection, fingerprints):
                shared[row.article_id] += 1
        return sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:limit]

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

    def decide(self, matches: Sequence[CopyMatch]) -> None:
        """Keep who has it from whom, where more is known of that now."""
        c = s.copies.c
        with self._db.read() as connection:
            pairs = [(match.article, match.of) for match in matches]
            rows = connection.execute(select(s.copies).where(c.article_id.in_([one for one, _ in pairs])))
            held = {(row.article_id, row.of_id): _match(row) for row in rows} if pairs else {}
        changed = [match for match in matches if held.get((int(match.article), int(match.of)), match) != match]
        if changed:
            with self._db.write() as connection:
                for match in changed:
                    here = (c.article_id == match.article) & (c.of_id == match.of)
                    connection.execute(update(s.copies).where(here).values(_row(match)))


def keep(
    db: Database, connection: Connection, article_id: int, fingerprints: Sequence[int], matches: Iterable[CopyMatch]
) -> None:
    """Keep what was found of one article, in the place of what was found before."""
    c = s.copies.c
    connection.execute(delete(s.copies).where(or_(c.article_id == article_id, c.of_id == article_id)))
    matches = list(matches)
    others = [match.of for match in matches] + [match.article for match in matches]
    held = set(connection.scalars(select(s.articles.c.id).where(s.articles.c.id.in_(others))))
    insert_rows(db, connection, s.copies, [_row(match) for match in matches if {match.article, match.of} <= held])
    full = Counter(row.fingerprint for row in _postings(connection, fingerprints))
    new = {_short(one) for one in fingerprints}
    rows = [{"fingerprint": one, "article_id": article_id} for one in sorted(new) if full[one] < POSTINGS]
    insert_rows(db, connection, s.fingerprints, rows, ignore=True)


def beside(connection: Connection, article_ids: Collection[int], limit: int) -> list[CopyMatch]:
    """At most `limit` copies of which one of these articles is a side."""
    c = s.copies.c
    query = select(s.copies).where(or_(c.article_id.in_(article_ids), c.of_id.in_(article_ids))).limit(limit)
    return [_match(row) for row in connection.execute(query)]


def _postings(connection: Connection, fingerprints: Sequence[int]) -> Iterable[Row[Any]]:
    short = sorted({_short(one) for one in fingerprints})
    for start in range(0, len(short), _ASKED):
        query = select(s.fingerprints).where(s.fingerprints.c.fingerprint.in_(short[start : start + _ASKED]))
        yield from connection.execute(query)


def _short(fingerprint: int) -> int:
    """The upper 32 bits, signed, as both databases hold in four bytes."""
    return (fingerprint >> 32) - (1 << 31)


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
