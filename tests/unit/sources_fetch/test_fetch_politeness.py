"""Politeness with a clock of its own: no test waits for time to pass."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from fetch_world import LOOPBACK, World, answer, redirect

from firsthand.model.errors import BadStatus
from firsthand.sources.fetcher import Fetcher
from firsthand.sources.politeness import LONGEST_REST, HostResting, Politeness


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def polite(clock: Clock, *, delay: float = 1.0, concurrency: int = 2, max_hosts: int = 100) -> Politeness:
    return Politeness(delay=delay, concurrency=concurrency, clock=clock, sleep=clock.sleep, max_hosts=max_hosts)


async def test_starts_are_a_delay_apart(clock: Clock) -> None:
    politeness = polite(clock)
    starts = []
    for _ in range(4):
        await politeness.enter("a", polite=True)
        starts.append(clock.now)
        politeness.leave("a", polite=True)

    assert starts == [1000, 1001, 1002, 1003]


async def test_starts_of_many_at_once_are_a_delay_apart_too(clock: Clock) -> None:
    politeness = polite(clock)
    starts: list[float] = []

    async def one() -> None:
        await politeness.enter("a", polite=True)
        starts.append(clock.now)
        politeness.leave("a", polite=True)

    await asyncio.gather(*(one() for _ in range(5)))

    assert all(later - earlier >= 1 for earlier, later in pairwise(starts))


async def test_hosts_do_not_wait_for_each_other(clock: Clock) -> None:
    politeness = polite(clock)
    for host in "abc":
        await politeness.enter(host, polite=True)

    assert clock.slept == []


async def test_no_more_at_once_than_allowed(clock: Clock) -> None:
    politeness = polite(clock, delay=0, concurrency=2)
    running = most = 0

    async def one() -> None:
        nonlocal running, most
        await politeness.enter("a", polite=False)
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        politeness.leave("a", polite=False)

    await asyncio.gather(*(one() for _ in range(10)))

    assert most == 2


async def test_what_a_reader_asked_for_does_not_wait_for_the_delay(clock: Clock) -> None:
    politeness = polite(clock)
    for _ in range(3):
        await politeness.enter("a", polite=False)
        politeness.leave("a", polite=False)

    assert clock.slept == []


async def test_what_a_reader_asked_for_passes_the_queue() -> None:
    blocked = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await blocked.wait()

    politeness = Politeness(delay=60, concurrency=1, clock=lambda: 0.0, sleep=sleep)
    await politeness.enter("a", polite=True)
    politeness.leave("a", polite=True)
    queue = [asyncio.create_task(politeness.enter("a", polite=True)) for _ in range(5)]
    await asyncio.sleep(0)

    await politeness.enter("a", polite=False)
    politeness.leave("a", polite=False)

    assert not any(task.done() for task in queue)
    for task in queue:
        task.cancel()


async def test_a_short_rest_is_waited_out(clock: Clock) -> None:
    politeness = polite(clock)
    politeness.rest("a", 20)

    await politeness.enter("a", polite=True)

    assert clock.now == 1020


async def test_a_long_rest_turns_away_until_it_is_over(clock: Clock) -> None:
    politeness = polite(clock)
    politeness.rest("a", 3600)

    with pytest.raises(HostResting) as caught:
        await politeness.enter("a", polite=True)
    assert caught.value.seconds == 3600

    clock.now += 3600
    await politeness.enter("a", polite=True)


async def test_a_rest_is_never_longer_than_a_day(clock: Clock) -> None:
    politeness = polite(clock)
    politeness.rest("a", 10**9)

    with pytest.raises(HostResting) as caught:
        await politeness.enter("a", polite=True)
    assert caught.value.seconds == LONGEST_REST


async def test_being_turned_away_takes_no_turn(clock: Clock) -> None:
    politeness = polite(clock, concurrency=1)
    politeness.rest("a", 3600)
    for _ in range(3):
        with pytest.raises(HostResting):
            await politeness.enter("a", polite=True)
    clock.now += 3600

    await politeness.enter("a", polite=True)


async def test_who_gives_up_waiting_takes_no_turn(clock: Clock) -> None:
    politeness = polite(clock, delay=0, concurrency=1)
    await politeness.enter("a", polite=True)
    for is_polite in (True, False):
        waiting = asyncio.create_task(politeness.enter("a", polite=is_polite))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    politeness.leave("a", polite=True)

    await asyncio.wait_for(politeness.enter("a", polite=True), 1)


async def test_a_crawl_delay_slows_down_and_never_hurries(clock: Clock) -> None:
    politeness = polite(clock)
    politeness.slow_down("a", 5)
    politeness.slow_down("b", 0.1)
    for host in "aabb":
        await politeness.enter(host, polite=True)
        politeness.leave(host, polite=True)

    assert clock.slept == [5, 1]


async def test_memory_is_bounded_by_forgetting_idle_hosts(clock: Clock) -> None:
    politeness = polite(clock, max_hosts=100)
    await politeness.enter("busy", polite=True)
    for number in range(1000):
        politeness.rest(f"resting{number}", 100)
        await politeness.enter(f"idle{number}", polite=False)
        politeness.leave(f"idle{number}", polite=False)

    assert len(politeness) <= 100
    politeness.leave("busy", polite=True)  # it was not forgotten while in use


async def test_retry_after_makes_the_whole_host_rest(world: World, clock: Clock) -> None:
    world.routes["/busy"] = answer(b"", "429 Too Many Requests", retry_after="600")
    world.routes["/other"] = answer(b"here")

    async with Fetcher(LOOPBACK, clock=clock, sleep=clock.sleep) as fetcher:
        with pytest.raises(BadStatus):
            await fetcher.get(world.url + "/busy")
        with pytest.raises(BadStatus, match="asked to be left alone") as caught:
            await fetcher.get(world.url + "/other")
        assert caught.value.retry_after == 600
        assert world.paths == ["/busy"]

        await fetcher.get(world.url + "/other", polite=False)  # the reader insists
        clock.now += 600
        await fetcher.get(world.url + "/other")

    assert world.paths == ["/busy", "/other", "/other"]


async def test_the_delay_holds_between_hops(world: World, clock: Clock) -> None:
    world.routes["/a"] = redirect("/b")
    world.routes["/b"] = answer(b"here")

    async with Fetcher(LOOPBACK, clock=clock, sleep=clock.sleep) as fetcher:
        await fetcher.get(world.url + "/a")

    assert clock.slept == [1.0]
