"""`firsthand serve` and `firsthand demo`: web and ingestion in one process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog
import uvicorn
from rich.console import Console

from firsthand.cli.house import House, clock, composer_of, listen, open_house
from firsthand.config import Settings
from firsthand.deliver.loop import Delivery
from firsthand.deliver.mail import check, sender_address
from firsthand.deliver.pushing import Pushing
from firsthand.deliver.websub import Hubs
from firsthand.demo.server import DemoWorld
from firsthand.desk import Desk
from firsthand.web.app import create_app
from firsthand.web.live import Hub
from firsthand.web.settings import WebSettings

log = structlog.get_logger(__name__)

GRACE = 3
"""Seconds that open requests get at the end. Live streams end at once."""


def serve(settings: Settings, console: Console, *, prepare: Callable[[House], None] = lambda _: None) -> None:
    """Serve until interrupted. SIGTERM, as systemd and Docker send it, ends it as well, and is a success.

    Args:
        prepare: what to do with the house before it opens.

    Raises:
        ConfigError, StoreError: it cannot start.
        KeyboardInterrupt: it was ended with Ctrl+C; everything is closed.
    """
    if signal.SIGINT in asyncio.run(_serve(settings, console, prepare)):
        raise KeyboardInterrupt


def fetch_forever(settings: Settings) -> None:
    """Follow the news without serving pages, until interrupted; ends as `serve` does."""
    if signal.SIGINT in asyncio.run(_fetch(settings)):
        raise KeyboardInterrupt


async def _serve(settings: Settings, console: Console, prepare: Callable[[House], None]) -> list[int]:
    async with open_house(settings) as house:
        prepare(house)
        delivery = delivery_of(house)
        listener = listen(settings, house.store)
        host, port = listener.getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        words = f"Firsthand is open at [bold]http://{name}:{port}[/]  (Ctrl+C closes it)"
        server = WebServer(house.desk, replace(settings.web, port=port), lambda: console.print(words, highlight=False))
        with hearing_signals(server.stop) as heard:
            parts = [house.pipeline.run(), house.desk.watcher.run(), push(house), hubs_of(house).run()]
            parts += [house.listening.run()]
            parts += [delivery.run()] if delivery else []
            work = {asyncio.create_task(one) for one in parts}
            for task in work:
                task.add_done_callback(_ended)
            try:
                await server.serve(sockets=[listener])
            finally:
                for task in work:
                    task.cancel()
                await asyncio.wait(work)
    return heard


def delivery_of(house: House) -> Delivery | None:
    """What sends editions; None where mail is not set up. Raises ConfigError."""
    composer, settings = composer_of(house.settings), house.settings.mail
    if not composer.ready:
        return None
    check(settings)
    return Delivery(house.desk, composer, settings, clock)


def hubs_of(house: House) -> Hubs:
    """What keeps up with the hubs of feeds, and with our own where our feeds are public."""
    web = house.settings.web
    return Hubs(house.desk, web.address, web.hub if web.public else "")


async def push(house: House) -> None:
    """Tell readers what happens, for ever."""
    sender = sender_address(house.settings.mail)
    contact = f"mailto:{sender}" if sender else ""
    await Pushing(house.desk, house.fetcher, clock, base=house.settings.web.address, contact=contact).run()


async def _read_on(house: House) -> None:
    await asyncio.gather(house.pipeline.run(), house.desk.watcher.run(), house.listening.run())


async def _fetch(settings: Settings) -> list[int]:
    async with open_house(settings) as house:
        work = asyncio.create_task(_read_on(house))
        with hearing_signals(work.cancel) as heard:
            await asyncio.wait({work})
        if not heard:
            work.result()  # raises what ended it
    return heard


class WebServer(uvicorn.Server):
    """The server of the pages, to be run on a socket that is bound already.

    Ended by `stop` alone: uvicorn's own signal handlers would end the process before the house is closed.

    Args:
        opened: called once it answers, so that nobody is told an address that refuses them.
    """

    def __init__(self, desk: Desk, settings: WebSettings, opened: Callable[[], None] = lambda: None) -> None:
        app = create_app(desk, settings)
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )
        self._opened = opened
        self._hub: Hub = app.state.house.hub

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._opened()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """End live streams and let other requests end; a second time, end at once."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._hub.close()


@contextlib.contextmanager
def hearing_signals(act: Callable[[], object]) -> Iterator[list[int]]:
    """While it lasts, Ctrl+C and SIGTERM call `act`, and the list says which of them came.

    They are heard by the event loop, between two steps of it: an exception out of a signal handler can arise anywhere,
    also where it is swallowed, and the program would then not end.
    """
    loop, heard = asyncio.get_running_loop(), list[int]()

    def hear(number: int) -> None:
        heard.append(number)
        act()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, hear, number)
    try:
        yield heard
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _ended(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()):
        log.error("a part of the work has ended; restart to go on", exc_info=error)


def demo(settings: Settings, console: Console, *, minutes: float, keep: Path | None) -> None:
    """Serve a small invented world of news that comes out live, in a database of its own.

    Args:
        minutes: how long the world takes to come out.
        keep: folder for the demo's data; None for one that is thrown away at the end.
    """
    with contextlib.ExitStack() as stack:
        data = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firsthand-demo-")))
        world = stack.enter_context(DemoWorld(clock(), duration=timedelta(minutes=minutes)))
        fetch = replace(
            settings.fetch,
            allow_networks=(*settings.fetch.allow_networks, "127.0.0.0/8", "::1/128"),
            host_delay=timedelta(milliseconds=50),
        )
        # The world is on this machine and lives for minutes: ask it every few seconds, as no real outlet is asked.
        pipeline = replace(
            settings.pipeline,
            shortest_interval=timedelta(seconds=5),
            longest_interval=timedelta(seconds=10),
            rereads=_demo_rereads(timedelta(minutes=minutes)),
        )
        when = f"over the next {minutes:g} minute{'s' if minutes != 1 else ''}" if minutes else "at once"
        console.print(f"A small world of invented news comes out {when}.", highlight=False)
        inside = replace(settings, data=data, database="", fetch=fetch, pipeline=pipeline)
        serve(inside, console, prepare=lambda house: _follow_world(house, world))


def _demo_rereads(run: timedelta) -> tuple[timedelta, ...]:
    """When a demo's articles are read again: several times within its run, so that what changes is seen to change."""
    return tuple(max(timedelta(seconds=5), run * share) for share in (0.05, 0.15, 0.3, 0.5, 0.7, 0.9))


def _follow_world(house: House, world: DemoWorld) -> None:
    now = clock()
    for title, kind, country, url in world.feeds():
        house.desk.follow_known(url, title=title, kind=kind, country=country, now=now)
