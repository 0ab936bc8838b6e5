"""Politeness towards each host: how many requests at once, how far apart they start, and rest when it asks for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

PATIENCE = 30.0
"""Seconds of a host's rest that a request waits out; for longer it is turned away at once, to come back later."""

LONGEST_REST = 24 * 3600.0
"""Seconds. A host that asks for more is asked again after a day."""


class HostResting(Exception):
    """The host asked for a rest, and it lasts `seconds` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _Host:
    __slots__ = ("delay", "next_start", "queue", "rest_until", "slots", "users")

    def __init__(self, concurrency: int, delay: float) -> None:
        self.slots = asyncio.Semaphore(concurrency)
        """Requests that run."""
        self.queue = asyncio.Semaphore(concurrency)
        """Polite requests that run or are next to; the others wait here, so that an impolite one passes them."""
        self.users = 0
        """Requests that run or wait; a host with users is never forgotten."""
        self.next_start = 0.0
        self.rest_until = 0.0
        self.delay = delay


class Politeness:
    """The state of every host that was asked lately; bounded.

    Args:
        delay: seconds between the starts of two polite requests to one host.
        concurrency: requests to one host at the same time, polite or not.
        clock: monotonic seconds.
        max_hosts: how many hosts are remembered.
    """

    def __init__(
        self,
        *,
        delay: float,
        concurrency: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        max_hosts: int = 5000,
    ) -> None:
        self._delay = delay
        self._concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._max_hosts = max_hosts
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    async def enter(self, host: str, *, polite: bool) -> None:
        """Wait for a turn at `host`; each turn taken is given back with `leave`.

        An impolite request waits only for a free slot: it is one that a reader asked for just now.

        Raises:
            HostResting: the host asked for a rest that lasts longer than `PATIENCE`. No turn was taken.
        """
        state = self._hosts.get(host)
        if state is None:
            state = self._remember(host)
        state.users += 1
        try:
            if polite:
                await self._wait_turn(state)
            try:
                await state.slots.acquire()
            except BaseException:
                if polite:
                    state.queue.release()
                raise
        except BaseException:
            state.users -= 1
            raise

    def leave(self, host: str, *, polite: bool) -> None:
        """Give back a turn taken by `enter`."""
        state = self._hosts[host]
        state.slots.release()
        if polite:
            state.queue.release()
        state.users -= 1

    def rest(self, host: str, seconds: float) -> None:
        """The host asked to be left alone for so long (Retry-After)."""
        state = self._hosts.get(host) or self._remember(host)
        state.rest_until = max(state.rest_until, self._clock() + min(seconds, LONGEST_REST))

    def slow_down(self, host: str, delay: float) -> None:
        """The host asks for at least `delay` seconds between requests (robots.txt Crawl-delay)."""
        state = self._hosts.get(host) or self._remember(host)
        state.delay = max(self._delay, delay)

    async def _wait_turn(self, state: _Host) -> None:
        """Come to the head of the host's queue, and wait until its next start; held until `leave`."""
        await state.queue.acquire()
        try:
            while (wait := self._owed(state)) > 0:
                await self._sleep(wait)
        except BaseException:
            state.queue.release()
            raise
        state.next_start = self._clock() + state.delay

    def _owed(self, state: _Host) -> float:
        """Seconds until the host may be asked next. Asked again after each wait: it may have changed meanwhile."""
        now = self._clock()
        rest = state.rest_until - now
        if rest > PATIENCE:
            raise HostResting(rest)
        return max(rest, state.next_start - now)

    def _remember(self, host: str) -> _Host:
        if len(self._hosts) >= self._max_hosts:
            self._forget()
        state = self._hosts[host] = _Host(self._concurrency, self._delay)
        return state

    def _forget(self) -> None:
        """Drop hosts that nobody waits for: first those that are owed nothing, then the longest known."""
        now = self._clock()
        idle = [name for name, state in self._hosts.items() if state.users == 0]
        owed = [name for name in idle if max(self._hosts[name].next_start, self._hosts[name].rest_until) > now]
        for name in set(idle).difference(owed):
            del self._hosts[name]
        for name in owed[: max(0, len(self._hosts) - self._max_hosts * 3 // 4)]:
            del self._hosts[name]
