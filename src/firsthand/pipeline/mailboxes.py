"""A mailbox of newsletters is a feed: polled as others are, with another way to ask; and listened to, where its server says
by itself that mail came (IDLE)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from firsthand.desk.newsletters import ASLEEP, SCHEME, take_mails
from firsthand.model.errors import FirsthandError, StoreError
from firsthand.model.feed import Feed, NotModified
from firsthand.pipeline.decide import decide_failed_poll, decide_poll
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.cord import Cord
from firsthand.sources.guard import AddressGuard
from firsthand.sources.idle import Listener
from firsthand.sources.mailbox import SCHEMES, MailboxSettings, parse_mailbox, visit
from firsthand.store import Store

log = structlog.get_logger()

KINDS = (SCHEME, *(f"{one}://" for one in SCHEMES))
"""How addresses begin that are no web addresses: of newsletters, and of mailboxes."""

LOOK: Final = 30.0
"""Seconds between looks for mailboxes that are followed now."""
PAUSE: Final = 0.5
"""Seconds between asking for a poll and looking whether it began."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 900.0
"""Seconds until a mailbox whose connection ended is listened to again: twice as many each time it ends at once."""
DEAF: Final = 3600.0
"""Seconds until a server that does not listen is asked whether it has learnt to. Until then it is only polled."""
MOST: Final = 20
"""Mailboxes that are listened to, each in a thread; the others are only polled."""


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to read mailboxes."""

    settings: MailboxSettings
    guard: AddressGuard


async def poll(store: Store, feed: Feed, access: Access | None, now: datetime, settings: PipelineSettings) -> None:
    """One poll of a mailbox, or of a newsletter, which is never asked. Raises StoreUnavailable.

    Cancelled while its host keeps it waiting, it ends at once, and the mailbox is due as before.
    """
    cord = Cord()
    try:
        await asyncio.to_thread(_poll, store, feed, access, now, settings, cord)
    finally:
        cord.cut()


def _poll(
    store: Store, feed: Feed, access: Access | None, now: datetime, settings: PipelineSettings, cord: Cord
) -> None:
    outcome = decide_poll(feed, NotModified(feed.url), None, {}, now, settings)
    if feed.url.startswith(SCHEME) or access is None:
        store.ingest.save_polls([replace(outcome, next_poll=now + ASLEEP, interval=ASLEEP)])
        return
    try:
        box = parse_mailbox(feed.url)
        found = visit(box, access.settings, access.guard, feed.etag, cord=cord)
        taken = take_mails(store, store.readers.followers(feed.id), found.mails, now)
        # After the mails themselves: what was not kept is read again, and what was kept is known again.
        soon = now if found.more else min(outcome.next_poll, now + settings.longest_interval)
        outcome = replace(outcome, etag=found.state, next_poll=soon)
        if taken.new:
            log.info("newsletters came", mailbox=feed.title, new=taken.new)
    except StoreError:
        raise
    except FirsthandError as error:
        if cord.is_cut:
            return
        log.warning("mailbox failed", mailbox=feed.title, reason=error.message)
        outcome = decide_failed_poll(feed, error, now)
    store.ingest.save_polls([outcome])


class Listening:
    """Listens to the mailboxes that are followed. What one says makes a poll due, so that there is one way in."""

    def __init__(
        self,
        store: Store,
        access: Access,
        clock: Callable[[], datetime],
        *,
        look: float = LOOK,
        wait: float = FIRST_WAIT,
    ) -> None:
        self._store = store
        self._access = access
        self._clock = clock
        self._look = look
        self._wait = wait
        self._heard: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work for ever. Cancel the task to stop."""
        try:
            while True:
                try:
                    await self._follow()
                except StoreError as error:
                    log.error("cannot see which mailboxes are followed", reason=str(error))
                await asyncio.sleep(self._look)
        finally:
            for task in self._heard.values():
                task.cancel()
            await asyncio.gather(*self._heard.values(), return_exceptions=True)

    async def _follow(self) -> None:
        """Listen to what is followed, and to nothing else."""
        found = [await asyncio.to_thread(self._store.feeds.followed_at, f"{one}://") for one in SCHEMES]
        boxes = {feed.id: feed for feeds in found for feed in feeds}
        for gone in self._heard.keys() - boxes.keys():
            self._heard.pop(gone).cancel()
        for feed_id, feed in list(boxes.items())[:MOST]:
            if feed_id not in self._heard:
                self._heard[feed_id] = asyncio.create_task(self._keep_listening(feed))

    async def _keep_listening(self, feed: Feed) -> None:
        wait = self._wait
        while True:
            bell = _Bell()
            able = await self._listen_patiently(feed, bell)
            if bell.rung:  # it was a connection that worked; else whoever is away is asked less and less
                wait = self._wait
            await asyncio.sleep(wait if able else DEAF)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _listen_patiently(self, feed: Feed, bell: _Bell) -> bool:
        """Listen until the connection ends; False where the server cannot do that."""
        asking = asyncio.create_task(self._keep_asking(feed.id, bell))
        try:
            return await self._listen(feed, bell)
        except FirsthandError as error:
            log.warning("a mailbox is not listened to", mailbox=feed.title, reason=error.message)
        except Exception:
            log.exception("listening broke the program", mailbox=feed.title)
        finally:
            asking.cancel()
        return True

    async def _listen(self, feed: Feed, bell: _Bell) -> bool:
        loop = asyncio.get_running_loop()

        def tell() -> None:
            with suppress(RuntimeError):  # the program ends
                loop.call_soon_threadsafe(bell.set)

        listener = Listener(parse_mailbox(feed.url), self._access.settings, self._access.guard, tell)
        # Its own thread: those of `to_thread` are few, and this one is held for as long as the connection lasts.
        thread = ThreadPoolExecutor(1, "mailbox")
        try:
            return await loop.run_in_executor(thread, listener.run)
        finally:
            listener.close()
            thread.shutdown(wait=False)

    async def _keep_asking(self, feed_id: int, bell: _Bell) -> None:
        """Have the mailbox polled whenever it says that mail came."""
        while True:
            await bell.wait()
            bell.clear()
            try:
                await self._ask(feed_id)
            except FirsthandError as error:
                log.error("a mailbox cannot be polled", reason=error.message)

    async def _ask(self, feed_id: int) -> None:
        """Have a poll begin after now. One that is under way may have looked before the mail came, and when it ends it sets
        the time of the next one, over ours."""
        now = self._clock()
        while True:
            feed = await asyncio.to_thread(self._store.feeds.get, feed_id)
            if feed.last_poll is not None and feed.last_poll >= now:
                return
            if feed.next_poll > now:
                await asyncio.to_thread(self._store.feeds.poll_now, feed_id, now)
            await asyncio.sleep(PAUSE)


class _Bell(asyncio.Event):
    """Is set when there may be mail."""

    rung = False
    """Whether it ever was."""

    def set(self) -> None:
        self.rung = True
        super().set()
