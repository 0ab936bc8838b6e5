"""The record of letters: many senders, few transactions, and no letter to two of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from firsthand.deliver.ledger import Ledger
from firsthand.model.editions import Content, Fate, Handed, Letter, LetterState
from firsthand.model.errors import StoreError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def letter(number: int) -> Letter:
    return Letter(
        id=number, edition_id=1, reader_id=1, address_id=1, title="", zone="UTC", images=False, slot="", address="",
        message_id="", subject="", content=Content(since=NOW, upto=NOW), made=NOW, state=LetterState.DUE,
    )  # fmt: skip


class Book:
    """A table of letters that are due, as the store keeps it."""

    def __init__(self, *due: int) -> None:
        self.due = set(due)
        self.written: list[tuple[list[int], list[int]]] = []
        self.open = threading.Event()

    def record(self, begun: Sequence[Letter], ended: Sequence[tuple[Letter, Handed]]) -> set[int]:
        self.open.wait()
        self.written.append(([one.id for one in begun], [one.id for one, _ in ended]))
        if any(one.id < 0 for one in begun):
            raise StoreError("The disk is full.")
        mine = self.due & {one.id for one in begun}
        self.due -= mine
        return mine


async def test_what_is_recorded_at_one_moment_is_one_transaction() -> None:
    book = Book(1, 2, 3)
    ledger = Ledger(book.record)
    first = asyncio.create_task(ledger.begin(letter(1)))
    await asyncio.sleep(0)  # its record is being written
    await asyncio.sleep(0)
    rest = asyncio.gather(
        ledger.begin(letter(2)),
        ledger.begin(letter(3)),
        ledger.end(letter(9), Handed(Fate.TAKEN)),
        ledger.begin(letter(4)),
    )
    await asyncio.sleep(0)
    book.open.set()
    assert await first
    assert await rest == [True, True, None, False]
    assert book.written == [([1], []), ([2, 3, 4], [9])]


async def test_a_letter_is_given_to_one_sender_also_within_one_record() -> None:
    book = Book(1)
    book.open.set()
    ledger = Ledger(book.record)
    assert sorted(await asyncio.gather(*(ledger.begin(letter(1)) for _ in range(5)))) == [False] * 4 + [True]


async def test_who_waits_for_a_record_that_fails_is_told_and_the_next_is_written() -> None:
    book = Book(1)
    book.open.set()
    ledger = Ledger(book.record)
    with pytest.raises(StoreError):
        await ledger.begin(letter(-1))
    assert await ledger.begin(letter(1))
