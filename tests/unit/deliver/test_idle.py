"""A mailbox that says by itself that mail came: against a small server, and against Debian's Dovecot where it is installed."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest
from dovecot_child import can_run, dovecot
from imap_child import Box, mailbox
from test_newsletters import HERE, SETTINGS, address, newsletter

from firsthand.desk.following import Following
from firsthand.model.errors import FetchError
from firsthand.pipeline.mailboxes import Access, Listening, poll
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.cord import Cord
from firsthand.sources.idle import Listener
from firsthand.sources.mailbox import parse_mailbox
from firsthand.store import Store

PATIENCE = 60
"""Seconds that a busy machine may take. Nothing waits for them to pass."""


@pytest.fixture
def box() -> Iterator[Box]:
    with mailbox() as running:
        yield running


class Ear:
    """A listener in a thread, and how often it was told of mail."""

    def __init__(self, url: str, **more: float) -> None:
        self.told = threading.Semaphore(0)
        self.listener = Listener(parse_mailbox(url), SETTINGS, HERE, self.told.release, **more)
        self.result: object = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.result = self.listener.run()
        except FetchError as error:
            self.result = error

    def hears(self) -> bool:
        """Whether it is told of mail, once more."""
        return self.told.acquire(timeout=PATIENCE)

    def ended(self) -> object:
        self.thread.join(PATIENCE)
        return self.result

    def close(self) -> object:
        self.listener.close()
        return self.ended()


def test_mail_is_told_when_it_comes(box: Box) -> None:
    ear = Ear(address(box))
    assert ear.hears()  # it listens: what came before may not be known
    box.bring(newsletter(1))
    assert ear.hears()
    box.bring(newsletter(2))
    assert ear.hears()
    assert ear.close() is True
    assert any(one.startswith("EXAMINE") for one in box.asked)  # read-only


def test_a_silent_server_is_asked_anew_over_the_same_connection(box: Box) -> None:
    ear = Ear(address(box), renew=0.05)
    assert all(ear.hears() for _ in range(3))
    assert ear.close() is True
    assert box.asked.count("IDLE") >= 3
    assert box.asked.count("DONE") >= 2
    assert sum(one.startswith("LOGIN") for one in box.asked) == 1


def test_a_server_that_does_not_listen_says_so(box: Box) -> None:
    box.listens = False
    assert Ear(address(box)).ended() is False
    assert "IDLE" not in box.asked


def test_a_server_that_hangs_up_is_an_error_and_being_closed_is_none(box: Box) -> None:
    ear = Ear(address(box))
    assert ear.hears()
    box.hang_up()
    assert isinstance(ear.ended(), FetchError)


# ── A host that hangs holds nothing up ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A host that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        yield server


def at(server: socket.socket) -> str:
    return f"imap://news@127.0.0.1:{server.getsockname()[1]}/INBOX"


def test_listening_to_a_host_that_hangs_is_ended_from_outside(silent: socket.socket) -> None:
    ear = Ear(at(silent), timeout=PATIENCE / 2)
    connection, _ = silent.accept()
    with connection:
        assert ear.close() is True  # and not what is raised when the time is up


def test_what_is_cut_before_it_connects_or_meanwhile_ends(silent: socket.socket) -> None:
    silent.listen(0)
    host, port = silent.getsockname()
    with ExitStack() as fillers:  # no room is left: who comes now is kept waiting
        for _ in range(4):
            one = fillers.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex((host, port))
        cord = Cord()
        with ThreadPoolExecutor(1) as thread:
            connecting = thread.submit(cord.connect, host, port, PATIENCE / 2)
            cord.cut()
            error = connecting.exception(PATIENCE)
        assert isinstance(error, OSError)
        assert not isinstance(error, TimeoutError)


def test_a_poll_that_is_cut_off_leaves_the_mailbox_due_as_before(silent: socket.socket, store: Store) -> None:
    async def main() -> None:
        feed = store.feeds.get(await follow(store, at(silent)))
        polling = asyncio.create_task(poll(store, feed, Access(SETTINGS, HERE), feed.next_poll, PipelineSettings()))
        connection, _ = await asyncio.to_thread(silent.accept)
        with connection:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling

    asyncio.run(main())  # waits for the threads
    (feed,) = store.feeds.followed_at("imap://")
    assert (feed.last_poll, feed.failures) == (None, 0)


@pytest.mark.skipif(not can_run(), reason="Debian's dovecot-imapd is not installed, or may not change its user")
def test_dovecot_tells_of_mail_when_it_comes() -> None:
    with dovecot() as server:
        url = f"imap://news@127.0.0.1:{server.port}/INBOX"
        ear = Ear(url)
        assert ear.hears()
        server.bring(newsletter(1))
        assert ear.hears()
        assert ear.close() is True
        again = Ear(url, renew=0.2)
        assert all(again.hears() for _ in range(3))
        server.bring(newsletter(2))
        assert again.hears()
        assert again.close() is True


# ── What a followed mailbox says brings its mail in ──────────────────────────────────────────────────────────────────


@asynccontextmanager
async def listening(store: Store) -> AsyncIterator[None]:
    """A program that listens, and polls what is due."""
    access = Access(SETTINGS, HERE)

    def clock() -> datetime:
        return datetime.now(UTC)

    async def keep_polling() -> None:
        while True:
            for feed in store.feeds.due(clock(), 5):
                await poll(store, feed, access, clock(), PipelineSettings())
            await asyncio.sleep(0.01)

    tasks = [
        asyncio.create_task(Listening(store, access, clock, look=0.02, wait=0.02).run()),
        asyncio.create_task(keep_polling()),
    ]
    try:
        yield
    finally:
        for one in tasks:
            one.cancel()
        for one in tasks:
            with suppress(asyncio.CancelledError):
                await one


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def headlines(store: Store) -> list[str | None]:
    return [one.headline for one in store.articles.front(1, before=None, limit=9)]


async def follow(store: Store, url: str) -> int:
    following = Following(store, None, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    return (await following.follow(store.readers.owner(), url)).id  # type: ignore[union-attr]


async def test_a_newsletter_is_there_when_it_comes_also_after_the_server_hung_up(box: Box, store: Store) -> None:
    async with listening(store):
        feed = await follow(store, address(box))  # is noticed while it listens
        await until(lambda: len(box.idle) == 1 and store.feeds.get(feed).next_poll > datetime.now(UTC))
        box.bring(newsletter(1))
        await until(lambda: "Letter 1" in headlines(store))
        box.hang_up()
        await until(lambda: not box.idle)
        box.bring(newsletter(2))
        await until(lambda: "Letter 2" in headlines(store))
        store.readers.unfollow(store.readers.owner().id, feed)
        await until(lambda: not box.idle)
