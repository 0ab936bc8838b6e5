"""Fingerprints are found in rows and in packs alike, and move from the ones to the others without getting lost."""

from __future__ import annotations

import random

from sqlalchemy import func, select

from firsthand.store import Store
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.fingerprints import FEWEST, LOW_BITS, PACKS, POSTINGS, add, pack, pack_some, postings

SPAN = 1 << 32 + LOW_BITS
"""Fingerprints of one pack."""


def keep(db: Database, held: dict[int, list[int]]) -> None:
    """Have articles hold fingerprints, one after the other."""
    with db.write() as connection:
        for article_id, marks in held.items():
            found = postings(connection, marks).add(article_id, marks)
            add(db, connection, [(one, article_id) for one in found])


def rows(db: Database) -> int:
    with db.read() as connection:
        return connection.scalar(select(func.count()).select_from(s.fingerprints)) or 0


def packs(db: Database) -> dict[int, int]:
    """Entries of each pack."""
    with db.read() as connection:
        return {row.pack: len(row.entries) // 6 for row in connection.execute(select(s.fingerprint_packs))}


def test_what_moved_into_packs_is_found_as_before(store: Store) -> None:
    db, chance = store.stories._db, random.Random(3)
    edges = [0, (1 << 32) - 1 << 32, (1 << 63) - (1 << 32), 1 << 63]
    held = {number: [*edges, *(chance.randrange(3 * SPAN) for _ in range(30))] for number in range(1, 12)}
    keep(db, held)
    wanted = sorted({mark for marks in held.values() for mark in marks})
    before = store.copies.postings(wanted).candidates(wanted, 50)
    with db.write() as connection:
        pack(db, connection, 0, PACKS)
    assert rows(db) == 0
    assert set(packs(db)) == {0, 1, 2, PACKS // 2 - 1, PACKS // 2, PACKS - 1}
    assert store.copies.postings(wanted).candidates(wanted, 50) == before
    assert [key for key, _ in before] == sorted(held, key=lambda key: (-len(set(held[key])), key))


def test_a_pack_is_written_anew_when_enough_waits(store: Store) -> None:
    db = store.stories._db
    marks = [one << 32 for one in range(FEWEST)]
    keep(db, {1: marks[1:]})
    with db.write() as connection:
        pack(db, connection, 0, 1)
    assert (rows(db), packs(db)) == (FEWEST - 1, {})
    keep(db, {1: marks, 2: marks})  # what the first holds already is not kept twice
    with db.write() as connection:
        pack(db, connection, 0, 1)
    assert (rows(db), packs(db)) == (0, {0: 2 * FEWEST})
    keep(db, {1: marks, 2: marks})
    assert rows(db) == 0


def test_of_one_fingerprint_no_more_are_kept_than_its_share(store: Store) -> None:
    db = store.stories._db
    for first in (1, 100):
        keep(db, {number: [9 << 32] for number in range(first, first + 99)})
        with db.write() as connection:
            pack(db, connection, 0, 1)
    assert packs(db) == {0: POSTINGS}
    held = store.copies.postings([9 << 32])
    assert len(held.candidates([9 << 32], 999)) == POSTINGS
    assert held.add(999, [9 << 32]) == []


def test_all_packs_have_their_turn(store: Store) -> None:
    db = store.stories._db
    marks = [5 * SPAN + (one << 32) for one in range(FEWEST)]
    keep(db, {PACKS: marks})
    with db.write() as connection:
        pack_some(db, connection, [2])  # from the eighth on
        assert packs(db) == {}
        pack_some(db, connection, [PACKS + 1])
    assert packs(db) == {5: FEWEST}
