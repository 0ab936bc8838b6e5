"""`firsthand serve` and `firsthand demo`: web and ingestion in one process."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import uvicorn
from rich.console import Console

from firsthand.cli.house import House, clock, listen, open_house
from firsthand.config import Settings
from firsthand.demo.server import DemoWorld
from firsthand.web.app import create_app

GRACE = 3
"""Seconds that open requests get at the end; live streams are cut."""


def serve(settings: Settings, console: Console, *, prepare: Callable[[House], None] = lambda _: None) -> None:
    """Serve until interrupted.

    Args:
        prepare: what to do with the house before it opens.

    Raises:
        ConfigError, StoreError: it cannot start.
    """
    asyncio.run(_serve(settings, console, prepare))


async def _serve(settings: Settings, console: Console, prepare: Callable[[House], None]) -> None:
    async with open_house(settings) as house:
        prepare(house)
        listener = listen(settings, house.store)
        host, port = listener.getsockname()[:2]
        config = uvicorn.Config(
            create_app(house.desk, replace(settings.web, port=port)),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        work = asyncio.create_task(house.pipeline.run())
        name = f"[{host}]" if ":" in host else host
        console.print(f"Firsthand is open at [bold]http://{name}:{port}[/]  (Ctrl+C closes it)", highlight=False)
        try:
            await uvicorn.Server(config).serve(sockets=[listener])
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work


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
            settings.pipeline, shortest_interval=timedelta(seconds=5), longest_interval=timedelta(seconds=10)
        )
        console.print("A small world of invented news comes out over the next minutes.", highlight=False)
        inside = replace(settings, data=data, database="", fetch=fetch, pipeline=pipeline)
        serve(inside, console, prepare=lambda house: _follow_world(house, world))


def _follow_world(house: House, world: DemoWorld) -> None:
    now = clock()
    for title, kind, country, url in world.feeds():
        house.desk.follow_known(url, title=title, kind=kind, country=country, now=now)
