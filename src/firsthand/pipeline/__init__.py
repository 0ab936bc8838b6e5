"""The way of an article, from a due feed to the store, in order.

    1. `store.feeds.due(now)`            which feeds to ask                   → Feed
    2. `fetcher.get(feed.url)`           ask, conditionally                   → Fetched | NotModified
    3. `parse_feed(fetched)`             read what it claims                  → ParsedFeed
    4. `decide_poll(feed, …, known)`     what is new, when to ask again       → PollOutcome   (pure)
    5. `store.ingest.save_polls(…)`      items stand at once, headline first  (one transaction; see `settle`)
    6. `store.ingest.pages_due(now)`     which pages to read, new ones first  → PageDue
    7. `fetcher.get(page.url)`           politely, if robots.txt allows       → Fetched | NotModified
    8. `reader.read(fetched)`            in a process apart                   → Article
    9. `decide_reading(page, …)`         whole, unchanged, later, or given up → Reading       (pure)
   10. `store.ingest.save_reading(…)`    version, search index, changes       (one transaction)
   11. `store.findings.due()`            which versions to analyze            → AnalysisDue
   12. `analyst(article)`                in a process apart                   → Analysis
   13. `store.findings.save(…)`          findings, people, credits, changes   (one transaction)
   14. `grouping.work()`                 copies, story (see `grouping`)       → CopyMatch, Placed
   15. `store.stories.save_all(…)`       fingerprints, copies, stories        (one transaction)
   16. `store.stories.save_counts(…)`    origins and heads, changes           (one transaction)

A crash at any line loses nothing and repeats nothing: what is due is a fact in the store, and every save is idempotent.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import structlog

from firsthand.extract.isolated import IsolatedReader
from firsthand.model.article import Article, OutletName
from firsthand.model.errors import FirsthandError, StoreError, StoreUnavailable
from firsthand.model.feed import Feed, Fetched, NotModified
from firsthand.model.findings import Analysis
from firsthand.model.records import PageDue, Reading
from firsthand.model.urls import domain_of
from firsthand.pipeline.again import is_gone, replaces
from firsthand.pipeline.decide import decide_reading, pick_pages
from firsthand.pipeline.settings import PipelineSettings
from firsthand.pipeline.settle import BROKEN, Answer, Settler
from firsthand.sources.fetcher import FEED_ACCEPT, PAGE_ACCEPT, Fetcher
from firsthand.store import Store

if TYPE_CHECKING:  # what groups and what reads mail takes 18 MB, which a process that only polls feeds does without
    from firsthand.pipeline.grouping import Grouping
    from firsthand.pipeline.mailboxes import Access

__all__ = ["Pipeline", "PipelineSettings"]

log = structlog.get_logger()

WEB = ("http://", "https://")
"""How the addresses of feeds begin; what begins otherwise is a mailbox or a newsletter."""
LOOK_AHEAD = 500
"""Due pages looked at to find some of hosts that are not busy."""
IDLE = 1.0
"""Seconds between looks for what is due while nothing is."""
BREATH = 0.02
"""Seconds that ended work is gathered before the next look, so that a look serves many."""
ANALYZED_AT_ONCE = 5
"""Due versions looked up at once: few, so that the newest article never waits for long."""
TROUBLE = 10.0
"""Seconds to wait when the database does not answer."""


class Analyst(Protocol):
    """What analyzes articles. `steps` names what it does, so that what other steps analyzed is analyzed again."""

    @property
    def steps(self) -> str: ...

    def __call__(self, article: Article, /) -> Analysis: ...


Running = dict[int, asyncio.Task[None]]
Outcome = TypeVar("Outcome")
Saved = TypeVar("Saved")


def _nothing() -> None:
    """Told of progress, does nothing."""


class Pipeline:
    """Ingestion: polls what is due and reads what is new, until told to stop.

    Args:
        clock: the time, aware UTC.
        analyst: gives what an article says; None: articles stand without an analysis.
        mailbox: passwords of mailboxes of newsletters, and where they may lie; None: none is read.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        reader: IsolatedReader,
        clock: Callable[[], datetime],
        settings: PipelineSettings,
        analyst: Analyst | None = None,
        mailbox: Access | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._clock = clock
        self._settings = settings
        self._analyst = analyst
        self._mailbox = mailbox
        self._settler = Settler(store, settings)
        self._grouping: Grouping | None = None
        self._polling: Running = {}
        self._reading: Running = {}
        self._hosts: Counter[str] = Counter()
        self._trouble: BaseException | None = None

    async def run(self) -> None:
        """Work for ever. Cancel the task to stop: what is under way is dropped, and is due again."""
        try:
            await asyncio.gather(
                self._keep_polling(), self._keep_reading(), self._keep_analyzing(), self._keep_grouping()
            )
        finally:
            running = [*self._polling.values(), *self._reading.values()]
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def run_once(self, polled: Callable[[], None] = _nothing, read: Callable[[], None] = _nothing) -> None:
        """Poll all that is due, read all pages that are due by now and analyze what was read, then return.

        Args:
            polled, read: called after each feed and each page.
        """
        now = self._clock()
        await self._keep_polling(until=now, after=polled)
        await self._keep_reading(until=self._clock(), after=read)
        while await self._analyze_some() or await asyncio.to_thread(self._group_some):
            pass

    async def take(self, feed: Feed, answer: Fetched) -> None:
        """What a hub sent of a feed (WebSub): saved as the answer to a poll is. Raises StoreUnavailable."""
        await self._settler.settle(feed, answer, self._clock())

    async def poll(self, feed: Feed) -> None:
        """One poll of one feed, from the request to the saved outcome."""
        if not feed.url.startswith(WEB):
            from firsthand.pipeline import mailboxes

            await mailboxes.poll(self._store, feed, self._mailbox, self._clock(), self._settings)
            return
        now = self._clock()
        answer: Answer
        try:
            answer = await self._fetcher.get(
                feed.url, etag=feed.etag, last_modified=feed.last_modified, accept=FEED_ACCEPT, polite=False
            )
        except FirsthandError as error:
            answer = error
        except Exception:
            log.exception("feed broke the program", feed=feed.title, url=feed.url)
            answer = BROKEN
        await self._settler.settle(feed, answer, now)

    async def read(self, page: PageDue) -> None:
        """One attempt to read one page, from the request to the saved reading."""
        try:
            await self._save(self._store.ingest.save_reading, await self._attempt(page))
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("page broke the program", url=page.url)
            error = FirsthandError("Reading this page met an error in Firsthand itself.")
            await self._save(self._store.ingest.save_reading, self._decide(page, error))

    async def _attempt(self, page: PageDue) -> Reading:
        """What came of asking for a page: on condition that it has changed, where it is held already."""
        result: Article | NotModified | FirsthandError
        fetched: Fetched | None = None
        try:
            answer = await self._fetcher.get(
                page.url, etag=page.etag, last_modified=page.last_modified, accept=PAGE_ACCEPT, robots=True
            )
            if isinstance(answer, NotModified):
                return self._decide(page, answer)
            fetched, result = answer, await asyncio.to_thread(self._reader.read, answer, page.item)
        except FirsthandError as error:
            log.debug("page failed", url=page.url, reason=error.message)
            fetched, result = None, error
        held = await asyncio.to_thread(self._store.articles.newest, page.article_id) if page.first_read else None
        if isinstance(result, FirsthandError) and (content := self._from_feed(page)):
            # What the page said is not undone by what the feed says of it, unless that is as long.
            result = content if held is None or (not is_gone(result) and replaces(content, held)) else result
        # Comparing two long texts takes a moment, in which the pages would not be served.
        return await asyncio.to_thread(self._decide, page, result, held, fetched)

    def _decide(
        self,
        page: PageDue,
        result: Article | NotModified | FirsthandError,
        held: Article | None = None,
        fetched: Fetched | None = None,
    ) -> Reading:
        return decide_reading(page, result, self._clock(), held=held, fetched=fetched, rereads=self._settings.rereads)

    async def _save(self, save: Callable[[Outcome], Saved], outcome: Outcome) -> Saved:
        return await asyncio.to_thread(save, outcome)

    def _from_feed(self, page: PageDue) -> Article | None:
        """The article from the feed's own full content, where its page cannot be had."""
        from firsthand.extract import from_item

        return from_item(page.item, OutletName(None, domain_of(page.url)))

    async def _keep_analyzing(self) -> None:
        """Analyze what was read, for ever, one article at a time: the models take all of a core."""
        analyst, outdated = self._analyst, False
        while True:
            try:
                while analyst and not outdated:
                    outdated = not await asyncio.to_thread(self._store.findings.outdate, analyst.steps)
                if not await self._analyze_some():
                    await asyncio.sleep(IDLE)
            except Exception as error:
                log.error(
                    "could not analyze; it stays due", reason=str(error), exc_info=not isinstance(error, StoreError)
                )
                await asyncio.sleep(TROUBLE)

    async def _keep_grouping(self) -> None:
        """Find the copies and the story of what was read, for ever, in the order it came."""
        while True:
            try:
                if not await asyncio.to_thread(self._group_some):
                    await asyncio.sleep(IDLE)
            except Exception as error:
                log.error(
                    "could not group; it stays due", reason=str(error), exc_info=not isinstance(error, StoreError)
                )
                await asyncio.sleep(TROUBLE)

    def _group_some(self) -> bool:
        """`Grouping.work`, once there is something to group."""
        if self._grouping is None:
            if not self._store.stories.due(1) and not self._store.stories.stale(1):
                return False
            from firsthand.pipeline.grouping import Grouping

            self._grouping = Grouping(self._store, self._clock)
        return self._grouping.work()

    async def _analyze_some(self) -> bool:
        """Analyze a few of the newest versions that are due; whether there were any."""
        analyst = self._analyst
        due = await asyncio.to_thread(self._store.findings.due, ANALYZED_AT_ONCE) if analyst else []
        for one in due:
            assert analyst is not None
            analysis = await asyncio.to_thread(analyst, one.article)
            if analysis.failed:
                log.warning("an analysis is not whole", article=one.article_id, failed=analysis.failed)
            await asyncio.to_thread(self._store.findings.save, one, analyst.steps, analysis, self._clock())
        return bool(due)

    async def _keep_polling(self, until: datetime | None = None, after: Callable[[], None] = _nothing) -> None:
        workers = self._settings.poll_workers

        async def look(now: datetime) -> None:
            free = workers - len(self._polling)
            for feed in await asyncio.to_thread(self._store.feeds.due, now, free, list(self._polling)):
                self._start(self._polling, feed.id, self.poll(feed), after)

        await self._keep(self._polling, look, workers, until)

    async def _keep_reading(self, until: datetime | None = None, after: Callable[[], None] = _nothing) -> None:
        workers = self._settings.page_workers if self._settings.read_pages else 0

        async def look(now: datetime) -> None:
            due = await asyncio.to_thread(self._store.ingest.pages_due, now, LOOK_AHEAD)
            waiting = [page for page in due if page.article_id not in self._reading]
            free = workers - len(self._reading)
            for page in pick_pages(waiting, self._hosts, free, self._settings.pages_per_host):
                self._start(self._reading, page.article_id, self._read_counted(page), after)

        await self._keep(self._reading, look, workers, until)

    async def _keep(
        self, running: Running, look: Callable[[datetime], Awaitable[None]], workers: int, until: datetime | None
    ) -> None:
        """Look for what is due whenever a worker is free; with `until`, return once nothing is due or under way."""
        while True:
            try:
                if self._trouble:
                    trouble, self._trouble = self._trouble, None
                    raise trouble
                if len(running) < workers:
                    await look(until or self._clock())
            except Exception as error:
                if until:
                    raise
                # Ingestion must not end while the pages go on being served: a reader would never be told.
                log.error("could not save; it stays due", reason=str(error), exc_info=not isinstance(error, StoreError))
                await asyncio.sleep(TROUBLE)
            if running:
                await asyncio.wait(running.values(), timeout=IDLE, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(BREATH)
            elif until and not self._trouble:
                return
            else:
                await asyncio.sleep(IDLE)

    def _start(self, running: Running, key: int, work: Coroutine[Any, Any, None], after: Callable[[], None]) -> None:
        def ended(task: asyncio.Task[None]) -> None:
            del running[key]
            after()
            if not task.cancelled():
                self._trouble = task.exception() or self._trouble

        running[key] = task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(ended)

    async def _read_counted(self, page: PageDue) -> None:
        """`read`, counted as busy for its host, so that one host never takes all workers."""
        host = domain_of(page.url)
        self._hosts[host] += 1
        try:
            await self.read(page)
        finally:
            self._hosts[host] -= 1
