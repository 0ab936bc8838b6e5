"""Live: one watcher a process follows the table of changes and wakes the streams of the pages that are open.

A stream never queues what happened; it is told the newest change's number and asks what that means for its page, counted
from the moment the page was made. So a slow reader costs nothing, and a reconnect misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Query
from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from firsthand.desk import Desk
from firsthand.desk.live import MOST, View
from firsthand.model.errors import FirsthandError, UsageError
from firsthand.model.records import Change, ChangeKind, Reader
from firsthand.model.text import clean
from firsthand.web.house import house_of
from firsthand.web.metrics import STREAMS
from firsthand.web.visit import Reading

log = structlog.get_logger(__name__)
router = APIRouter()

TICK: Final = 0.5
"""Seconds between two looks at the table of changes."""
HEARTBEAT: Final = 15.0
"""Seconds after which a silent stream says that it lives; proxies close what is silent for a minute."""
LIFETIME: Final = 1800.0
"""Seconds after which a stream ends, so that the browser comes again and its session is looked at again."""
MAX_SEQ: Final = 2**63 - 1
"""The largest number that a database keeps in an integer column."""
BATCH: Final = 1000
"""Changes looked at in one go."""
_VIEW = re.compile(r"(front|latest|unread|health|outlet|feed|section|beat|article|story)(?::(.{1,200}))?", re.DOTALL)
_NUMBERED: Final = frozenset(("outlet", "feed", "article", "story"))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a stream knows it: what it lists, and its own address."""

    kind: str
    key: str
    url: str

    @property
    def view(self) -> View:
        return View("front" if self.kind in ("latest", "unread") else self.kind, self.key)


def read_page(text: str) -> Page:
    """The page that the `view` parameter names: `front`, `unread`, `health`, `outlet:3`, `section:world`, `article:7`."""
    match = _VIEW.fullmatch(clean(text))
    kind, key = (match[1], match[2] or "") if match else ("", "")
    if not kind or (kind in _NUMBERED and not (key.isascii() and key.isdigit() and len(key) < 18)):
        raise UsageError("There is no such page to follow live.", "Load the page anew.")
    paths = {"front": "/", "latest": "/?show=latest", "unread": "/?show=unread", "health": "/feeds"}
    folder = "stories" if kind == "story" else f"{kind}s"
    return Page(kind, key, paths.get(kind) or f"/{folder}/{quote(key, safe='')}")


class Hub:
    """The watcher and its streams. Runs only while somebody listens."""

    def __init__(self, desk: Desk, max_streams: int, tick: float = TICK) -> None:
        self._desk = desk
        self._max = max_streams
        self._tick = tick
        self._nudged = asyncio.Event()
        self._wakers: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None
        self.latest = 0
        self.closing = False

    @property
    def full(self) -> bool:
        """Whether no further stream is let in."""
        return self.closing or len(self._wakers) >= self._max

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Event]:
        """An event that is set at every change, while the context lasts."""
        waker = asyncio.Event()
        self._wakers.add(waker)
        STREAMS.set(len(self._wakers))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(), name="live watcher")
        try:
            yield waker
        finally:
            self._wakers.discard(waker)
            STREAMS.set(len(self._wakers))
            if not self._wakers and self._task is not None:
                self._task.cancel()
                self._task = None

    def nudge(self) -> None:
        """Something has changed just now: look at once, not at the next tick."""
        self._nudged.set()

    def close(self) -> None:
        """End all streams."""
        self.closing = True
        for waker in self._wakers:
            waker.set()

    async def _watch(self) -> None:
        while True:
            try:
                latest = await run_in_threadpool(self._desk.live.latest)
            except FirsthandError as error:  # the database rests: streams stay, and go on when it is back
                log.warning("live updates cannot see changes", error=str(error))
                latest = self.latest
            if latest != self.latest:
                self.latest = latest
                for waker in self._wakers:
                    waker.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), self._tick)
            self._nudged.clear()


@router.get("/live")
async def live(
    request: Request,
    who: Reading,
    view: Annotated[str, Query(max_length=220)] = "front",
    since: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
) -> Response:
    """A stream of server-sent events (WHATWG HTML, 9.2) for one page, from the change `since` on."""
    hub = house_of(request).hub
    page = read_page(view)
    if hub.full:
        return PlainTextResponse("Too many pages are open.", 503, {"retry-after": "30"})
    headers = {"x-accel-buffering": "no"}
    if request.method == "HEAD":
        return Response(media_type="text/event-stream", headers=headers)
    stream = _stream(house_of(request).desk, hub, who.reader, page, since, _shown(request))
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


def _shown(request: Request) -> int:
    """The change that this browser was last told of, as it says when it comes again; 0 if it says nothing sound."""
    text = request.headers.get("last-event-id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


async def _stream(desk: Desk, hub: Hub, reader: Reader, page: Page, since: int, shown: int) -> AsyncIterator[str]:
    """Events of one page. `shown` is the last change that this browser was told of before a reconnect."""
    yield "retry: 2000\n\n"
    loop = asyncio.get_running_loop()
    ends = loop.time() + LIFETIME
    async with hub.listening() as waker:
        seen = max(since, shown)
        while loop.time() < ends and not hub.closing:
            waker.clear()
            try:
                changes = await run_in_threadpool(desk.live.after, seen, BATCH)
                if changes:
                    seen = changes[-1].seq
                    if len(changes) >= BATCH:
                        waker.set()
                    text = await run_in_threadpool(_events, desk, reader, page, since, changes)
                    if text:
                        yield text
            except FirsthandError as error:
                log.warning("a live stream cannot see changes", error=str(error))
            # Two changes of one transaction, or of one burst, make one event.
            try:
                await asyncio.wait_for(waker.wait(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"


def _events(desk: Desk, reader: Reader, page: Page, since: int, changes: list[Change]) -> str:
    """What these changes mean for a page, as events; "" if nothing."""
    kinds = {change.kind for change in changes}
    seq = changes[-1].seq
    if page.kind == "article":
        mine = [change for change in changes if change.article_id == int(page.key)]
        return _event("new", seq, _article_bar(page, mine)) if mine else ""
    if page.kind == "story":
        mine = [change for change in changes if change.story_id == int(page.key)]
        return _event("new", seq, _bar(page.url, "This story has changed")) if mine else ""
    parts = []
    if page.kind == "front" and kinds & {ChangeKind.STORY_NEW, ChangeKind.STORY_CHANGED}:
        bar = _story_bar(page, *desk.live.count_stories(reader, since))
        if bar:
            return _event("new", seq, bar) + _event("fill", seq, Markup(""))
    if kinds & {ChangeKind.FEED_FAILING, ChangeKind.FEED_WELL}:
        if page.kind == "health":
            parts.append(_event("new", seq, _bar(page.url, "The state of feeds has changed")))
        parts.append(_event("feeds", seq, Markup("")))
    if page.kind == "front" and ChangeKind.ARTICLE_NEW in kinds:
        parts.append(_event("fill", seq, Markup("")))  # while there are no stories yet, the page lists articles
    elif page.kind == "beat" or (page.kind != "health" and ChangeKind.ARTICLE_NEW in kinds):
        # A beat takes an article in a moment after it came, or when it is known what it says: every change is looked at.
        count = desk.live.count_new(reader, page.view, since)
        if count:
            shown = f"{MOST}+" if count >= MOST else str(count)
            parts.append(_event("new", seq, _bar(page.url, f"{shown} new article{'s' if count != 1 else ''}")))
            parts.append(_event("fill", seq, Markup("")))
    return "".join(parts)


def _article_bar(page: Page, changes: list[Change]) -> Markup:
    kinds = {change.kind for change in changes}
    if ChangeKind.ARTICLE_REMOVED in kinds:
        return _bar(page.url, "The outlet has removed this article")
    if ChangeKind.ARTICLE_CORRECTED in kinds:
        return _bar(page.url, "The outlet has corrected this article")
    if ChangeKind.ARTICLE_VERSION in kinds:
        return _bar(page.url, "The outlet has changed this article")
    return _bar(page.url, "The whole article has arrived")


def _story_bar(page: Page, new: int, changed: int) -> Markup | None:
    words = [f"{new} new stor{'ies' if new != 1 else 'y'}"] if new else []
    words += [f"{changed} changed"] if changed else []
    return _bar(page.url, ", ".join(words)) if words else None


def _bar(url: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, words)


def _event(name: str, seq: int, html: Markup) -> str:
    return f"id: {seq}\nevent: {name}\ndata: {escape(html)}\n\n"
