"""From what outlets answered to what is saved, several feeds at a time.

While one batch is read and saved in a thread, answers go on coming in and make up the next one. A lone answer waits for
nothing; under load a transaction serves many feeds, which is what makes polling cheap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from firsthand.model.errors import FirsthandError, StoreUnavailable
from firsthand.model.feed import Feed, Fetched, NotModified, ParsedFeed
from firsthand.model.records import KnownItem, PollOutcome
from firsthand.pipeline.decide import body_digest, decide_failed_poll, decide_poll
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.feeds import parse_feed
from firsthand.store import Store

log = structlog.get_logger()

T = TypeVar("T")
Answer = Fetched | NotModified | FirsthandError
BROKEN = FirsthandError("Reading this feed met an error in Firsthand itself.", "Please report its address.")


@dataclass(slots=True)
class _Answered:
    feed: Feed
    answer: Answer
    at: datetime
    settled: bool = False
    error: BaseException | None = None


class Settler:
    """Reads answers and saves what they bring."""

    def __init__(self, store: Store, settings: PipelineSettings) -> None:
        self._store = store
        self._settings = settings
        self._waiting: list[_Answered] = []
        self._turn = asyncio.Lock()

    async def settle(self, feed: Feed, answer: Answer, at: datetime) -> None:
        """Save what a poll brought, or why it failed. Returns once that is kept. Raises StoreUnavailable."""
        mine = _Answered(feed, answer, at)
        self._waiting.append(mine)
        async with self._turn:  # whoever comes first settles all that wait
            if not mine.settled:
                batch, self._waiting = self._waiting, []
                await self._settle(batch)
        if mine.error:
            raise mine.error

    async def _settle(self, batch: list[_Answered]) -> None:
        error: BaseException | None = None
        try:
            await asyncio.to_thread(self._read_and_save, batch)
        except BaseException as caught:  # whatever it is, all that wait are told: none may wait for ever
            error = caught
        for one in batch:
            one.settled, one.error = True, error

    def _read_and_save(self, batch: Sequence[_Answered]) -> None:
        limit = self._settings.entries_per_feed
        read = [_try(one.feed, partial(_read, one.feed, one.answer, limit)) for one in batch]
        ids = {
            one.feed.id: [item.id for item in parsed.items]
            for one, parsed in zip(batch, read, strict=True)
            if isinstance(parsed, ParsedFeed) and one.feed.last_success
        }
        known = self._store.ingest.known(ids) if ids else {}
        outcomes = [
            self._decide(one, parsed, known.get(one.feed.id, {})) for one, parsed in zip(batch, read, strict=True)
        ]
        saved = self._save(batch, outcomes)
        if new := {one.feed.title: len(saved[one.feed.id]) for one in batch if saved.get(one.feed.id)}:
            log.info("feeds brought articles", new=new)

    def _decide(
        self, one: _Answered, parsed: ParsedFeed | FirsthandError | None, known: Mapping[str, KnownItem]
    ) -> PollOutcome:
        if isinstance(parsed, FirsthandError) or isinstance(one.answer, FirsthandError):
            return _failed(one, parsed if isinstance(parsed, FirsthandError) else BROKEN)
        outcome = _try(one.feed, partial(decide_poll, one.feed, one.answer, parsed, known, one.at, self._settings))
        return _failed(one, outcome) if isinstance(outcome, FirsthandError) else outcome

    def _save(self, batch: Sequence[_Answered], outcomes: Sequence[PollOutcome]) -> dict[int, list[int]]:
        try:
            return self._store.ingest.save_polls(outcomes)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("a batch of feeds could not be saved; each is saved apart", feeds=len(outcomes))
        saved: dict[int, list[int]] = {}
        for one, outcome in zip(batch, outcomes, strict=True):
            held = _try(one.feed, partial(self._store.ingest.save_polls, [outcome]))
            if isinstance(held, FirsthandError):
                held = self._store.ingest.save_polls([_failed(one, held)])
            saved |= held
        return saved


def _read(feed: Feed, answer: Answer, limit: int) -> ParsedFeed | None:
    """What the feed says; None where that is nothing new. Raises FirsthandError."""
    if isinstance(answer, FirsthandError):
        raise answer
    if isinstance(answer, NotModified) or body_digest(answer.body) == feed.body_digest:
        return None
    return parse_feed(answer.body, url=answer.url, content_type=answer.content_type, limit=limit)


def _failed(one: _Answered, error: FirsthandError) -> PollOutcome:
    feed = one.feed
    log.warning("feed failed", feed=feed.title, url=feed.url, reason=error.message, failures=feed.failures + 1)
    return decide_failed_poll(feed, error, one.at)


def _try(feed: Feed, work: Callable[[], T]) -> T | FirsthandError:
    """What `work` gives, or its error in words that a reader of the feed's health understands."""
    try:
        return work()
    except StoreUnavailable:
        raise
    except FirsthandError as error:
        return error
    except Exception:
        log.exception("feed broke the program", feed=feed.title)
        return BROKEN
