"""Answers are settled several at a time; what is wrong with one feed is that feed's own trouble."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from firsthand.model.errors import BadStatus, StoreUnavailable
from firsthand.model.feed import Feed, Fetched
from firsthand.model.records import KnownItem, PollOutcome
from firsthand.pipeline import PipelineSettings
from firsthand.pipeline.settle import Answer, Settler
from firsthand.store import Store

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)


class Ingest:
    """Keeps outcomes in lists, one a transaction; refuses those of feed `broken` that bring something."""

    def __init__(self, broken: int = 0, *, away: bool = False) -> None:
        self.transactions: list[list[PollOutcome]] = []
        self.broken = broken
        self.away = away

    def known(self, ids: Mapping[int, Sequence[str]]) -> dict[int, dict[str, KnownItem]]:
        return {feed_id: {} for feed_id in ids}

    def save_polls(self, outcomes: Sequence[PollOutcome]) -> dict[int, list[int]]:
        if self.away:
            raise StoreUnavailable("The disk is full.")
        if any(one.feed_id == self.broken and one.new for one in outcomes):
            raise ValueError("a value that no database takes")
        self.transactions.append(list(outcomes))
        return {one.feed_id: list(range(len(one.new))) for one in outcomes}

    def outcome(self, feed_id: int) -> PollOutcome:
        (found,) = [one for saved in self.transactions for one in saved if one.feed_id == feed_id]
        return found


def feed(number: int, **more: Any) -> Feed:
    url = f"https://herald.example/{number}.rss"
    return Feed(id=number, url=url, title=f"Feed {number}", outlet_id=1, next_poll=NOW, added=NOW, **more)


def answer(number: int, title: str = "Rain") -> Fetched:
    item = f"<item><title>{title}</title><link>https://herald.example/{number}/rain</link></item>"
    body = f'<rss version="2.0"><channel><title>F</title>{item}</channel></rss>'.encode()
    return Fetched(url=f"https://herald.example/{number}.rss", status=200, body=body, content_type="text/xml")


def settle(ingest: Ingest, *answered: tuple[Feed, Answer]) -> list[BaseException | None]:
    async def run() -> list[BaseException | None]:
        store = cast(Store, SimpleNamespace(ingest=ingest))
        settler = Settler(store, PipelineSettings())
        return await asyncio.gather(*(settler.settle(*one, NOW) for one in answered), return_exceptions=True)

    return asyncio.run(run())


def test_the_first_answer_waits_for_nothing_and_those_that_come_meanwhile_are_saved_together() -> None:
    ingest = Ingest()
    assert settle(ingest, *((feed(number), answer(number)) for number in range(1, 9))) == [None] * 8
    assert [len(saved) for saved in ingest.transactions] == [1, 7]
    assert [one.item.title for one in ingest.outcome(5).new] == ["Rain"]


def test_a_feed_that_cannot_be_saved_fails_alone() -> None:
    ingest = Ingest(broken=2)
    settle(ingest, *((feed(number), answer(number)) for number in (1, 2, 3)))
    assert [bool(ingest.outcome(number).new) for number in (1, 2, 3)] == [True, False, True]
    assert "error in Firsthand itself" in (ingest.outcome(2).failure or "")


def test_a_body_that_cannot_be_read_and_an_answer_that_is_none_fail_in_words() -> None:
    ingest = Ingest()
    page = Fetched(url="https://herald.example/", status=200, body=b"<html>Hello", content_type="text/html")
    settle(
        ingest,
        (feed(1), page),
        (feed(2), BadStatus("https://herald.example/2.rss", 404, "It answered 404.")),
        (feed(3), answer(3)),
    )
    assert ingest.outcome(1).failure
    assert "404" in (ingest.outcome(2).failure or "")
    assert ingest.outcome(3).failure is None


def test_the_body_of_last_time_brings_nothing_and_counts_as_a_success() -> None:
    ingest = Ingest()
    settle(ingest, (feed(1), answer(1)))
    read = ingest.outcome(1)
    again = Ingest()
    settle(again, (feed(1, body_digest=read.body_digest, last_success=NOW), answer(1)))
    assert (again.outcome(1).new, again.outcome(1).failure) == ((), None)
    changed = Ingest()
    settle(changed, (feed(1, body_digest=read.body_digest, last_success=NOW), answer(1, "Snow")))
    assert [one.item.title for one in changed.outcome(1).new] == ["Snow"]


def test_a_database_that_is_away_is_told_to_all_that_wait() -> None:
    told = settle(Ingest(away=True), (feed(1), answer(1)), (feed(2), answer(2)))
    assert all(isinstance(one, StoreUnavailable) for one in told)
    assert len(told) == 2


def test_a_process_that_only_polls_loads_no_numpy() -> None:
    code = "import sys, firsthand.pipeline, firsthand.store.sqlite; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
