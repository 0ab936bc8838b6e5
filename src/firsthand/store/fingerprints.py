"""Which articles hold a fingerprint: a table for what came lately, and packs for the rest.

A row of its own costs a fingerprint 18 bytes, most of them the B-tree's. So what came lately stands in rows, and with
every article that is kept a few packs are brought up to date: a pack holds all that share their upper bits, six bytes
each, and is written anew once enough rows wait for it. Rows go into their pack in one transaction, so that a fingerprint
is always found, and nothing ever has to be rebuilt. Pack after pack is visited in turn: an article's number says which.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select

from firsthand.store import schema as s
from firsthand.store.among import among
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database

POSTINGS = 128
"""Articles kept a fingerprint. One that has more is furniture, or stands in a report that everybody prints, whose first
printings are found all the same; so the cost of a look-up does not grow with the store."""
LOW_BITS = 14
"""Bits in which the fingerprints of one pack differ: 262,144 packs, of 2 KB each when a million articles are held."""
PACKS = 1 << (32 - LOW_BITS)
VISITED = 4
"""Packs visited for an article that is kept. All are visited once in 65,000 articles, which bring 23 rows to each."""
FEWEST, SHARE, MOST = 8, 8, 64
"""Rows for which a pack is written anew: an eighth of what it holds, but no fewer and no more than this."""
_LOW = (1 << LOW_BITS) - 1
_LOWEST = 1 << 31
_LOWS, _IDS = np.dtype("<u2"), np.dtype("<u4")

Lows = NDArray[np.uint16]
Ids = NDArray[np.uint32]


class Postings:
    """The holders of some fingerprints, and those that come while they are in hand."""

    def __init__(self, held: dict[int, set[int]]) -> None:
        self._held = held

    def candidates(self, fingerprints: Sequence[int], limit: int) -> list[tuple[int, int]]:
        """At most `limit` articles with how many of `fingerprints` they share, most first, then by id."""
        shared: Counter[int] = Counter()
        for one in {_short(fingerprint) for fingerprint in fingerprints}:
            shared.update(self._held.get(one, ()))
        return sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:limit]

    def add(self, article_id: int, fingerprints: Iterable[int]) -> list[int]:
        """Have an article hold fingerprints; those that it did not hold, and that are not full, as they are kept."""
        new = []
        for one in sorted({_short(fingerprint) for fingerprint in fingerprints}):
            holders = self._held.setdefault(one, set())
            if article_id not in holders and len(holders) < POSTINGS:
                holders.add(article_id)
                new.append(one)
        return new


def postings(connection: Connection, fingerprints: Iterable[int]) -> Postings:
    """Who holds these fingerprints.

    Args:
        fingerprints: 64 bits, of which the upper 32 count: what two share by chance is compared word by word anyway.
    """
    short = sorted({_short(one) for one in fingerprints})
    held: defaultdict[int, set[int]] = defaultdict(set)
    rows = select(s.fingerprints).where(among(s.fingerprints.c.fingerprint, short))
    for fingerprint, article_id in connection.execute(rows).all():
        held[fingerprint].add(article_id)
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for one in short:
        wanted[_pack(one)].append(one)
    for pack, (lows, ids) in _packs(connection, list(wanted)).items():
        for one in wanted[pack]:
            low = one + _LOWEST & _LOW
            start = bisect_left(lows, low)
            if start < len(lows) and lows[start] == low:
                held[one].update(ids[start : bisect_right(lows, low, start)].tolist())
    return Postings(held)


def add(db: Database, connection: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """Keep fingerprints, as `Postings.add` gave them, each with its article."""
    given = [{"fingerprint": fingerprint, "article_id": article_id} for fingerprint, article_id in rows]
    insert_rows(db, connection, s.fingerprints, given, ignore=True)


def pack_some(db: Database, connection: Connection, article_ids: Sequence[int]) -> None:
    """Bring up to date the packs whose turn it is with these articles."""
    if article_ids:
        first = min(article_ids) * VISITED % PACKS
        pack(db, connection, first, min(PACKS, first + VISITED * len(article_ids)))


def pack(db: Database, connection: Connection, first: int, end: int) -> None:
    """Move the rows of the packs from `first` up to and without `end` into them, where enough wait."""
    f = s.fingerprints.c
    waiting = select(s.fingerprints).where(f.fingerprint.between(*_span(first, end)))
    rows = connection.execute(waiting.order_by(f.fingerprint, f.article_id)).all()
    by_pack: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for fingerprint, article_id in rows:
        by_pack[_pack(fingerprint)].append((fingerprint + _LOWEST & _LOW, article_id))
    due = {number: found for number, found in by_pack.items() if len(found) >= FEWEST}
    held = _packs(connection, list(due))
    nothing = np.empty(0, _LOWS), np.empty(0, _IDS)
    for number, found in due.items():
        lows, ids = held.get(number, nothing)
        if len(found) >= min(MOST, max(FEWEST, len(lows) // SHARE)):
            fresh = np.array(found, np.int64)
            _write(db, connection, number, np.append(lows, fresh[:, 0]), np.append(ids, fresh[:, 1]))


def packed(lows: NDArray[Any], ids: NDArray[Any]) -> bytes:
    """A pack of these: first all lower bits, rising, then the articles in the same order, each once a fingerprint."""
    both = np.unique(lows.astype(np.int64) << 32 | ids.astype(np.int64))
    return (both >> 32).astype(_LOWS).tobytes() + (both & 0xFFFFFFFF).astype(_IDS).tobytes()


def _write(db: Database, connection: Connection, number: int, lows: NDArray[Any], ids: NDArray[Any]) -> None:
    f = s.fingerprints.c
    row = {"pack": number, "entries": packed(lows, ids)}
    insert = db.insert_or(s.fingerprint_packs).values(row)
    connection.execute(insert.on_conflict_do_update(index_elements=["pack"], set_={"entries": row["entries"]}))
    connection.execute(delete(s.fingerprints).where(f.fingerprint.between(*_span(number, number + 1))))


def _packs(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Lows, Ids]]:
    """The lower bits and the articles of packs that are there."""
    found: dict[int, tuple[Lows, Ids]] = {}
    query = select(s.fingerprint_packs).where(among(s.fingerprint_packs.c.pack, numbers))
    for number, entries in connection.execute(query).all():
        count = len(entries) // (_LOWS.itemsize + _IDS.itemsize)
        lows = np.frombuffer(entries, _LOWS, count)
        found[number] = lows, np.frombuffer(entries, _IDS, count, offset=lows.nbytes)
    return found


def _short(fingerprint: int) -> int:
    """The upper 32 bits, signed, as both databases hold in four bytes."""
    return (fingerprint >> 32) - _LOWEST


def _pack(short: int) -> int:
    return short + _LOWEST >> LOW_BITS


def _span(first: int, end: int) -> tuple[int, int]:
    """The first and the last fingerprint of the packs from `first` up to and without `end`."""
    return (first << LOW_BITS) - _LOWEST, (end << LOW_BITS) - _LOWEST - 1
