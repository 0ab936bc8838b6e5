"""The record of letters that are handed over: what several senders write at one moment is one transaction.

A record before each letter and one after it, each synced to the disk by itself, take longer than the mail server does.
Senders wait for their own record all the same, so that never more letters are in doubt than there are senders.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from firsthand.model.editions import Handed, Letter

Record = Callable[[Sequence[Letter], Sequence[tuple[Letter, Handed]]], set[int]]
"""Records what begins and what has ended; ids of what is ours to hand over. Blocks."""


class Ledger:
    """Gathers records while one is being written. For the tasks of one event loop."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._begun: list[tuple[Letter, asyncio.Future[bool]]] = []
        self._ended: list[tuple[Letter, Handed, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def begin(self, letter: Letter) -> bool:
        """Record that a letter is about to be handed over; False where another process has taken it. Raises StoreError."""
        waiter = asyncio.get_running_loop().create_future()
        self._begun.append((letter, waiter))
        return await self._written(waiter)

    async def end(self, letter: Letter, handed: Handed) -> None:
        """Record how handing it over ended. Raises StoreError."""
        waiter = asyncio.get_running_loop().create_future()
        self._ended.append((letter, handed, waiter))
        await self._written(waiter)

    async def _written(self, waiter: asyncio.Future[bool]) -> bool:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await waiter

    async def _write(self) -> None:
        while self._begun or self._ended:
            begun, self._begun = self._begun, []
            ended, self._ended = self._ended, []
            beginning, ending = [letter for letter, _ in begun], [(letter, handed) for letter, handed, _ in ended]
            waiters = [*(waiter for _, waiter in begun), *(waiter for _, _, waiter in ended)]
            try:
                mine = await asyncio.to_thread(self._record, beginning, ending)
            except Exception as error:  # whoever waits for it is told
                for one in waiters:
                    if not one.done():
                        one.set_exception(error)
            else:
                answers = [*(_take(letter.id, mine) for letter, _ in begun), *(True for _ in ended)]
                for one, answer in zip(waiters, answers, strict=True):
                    if not one.done():
                        one.set_result(answer)


def _take(letter_id: int, mine: set[int]) -> bool:
    """Whether a letter is ours; to one sender only, should two have asked for it at one moment."""
    ours = letter_id in mine
    mine.discard(letter_id)
    return ours
