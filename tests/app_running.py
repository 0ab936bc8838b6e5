"""The whole app, started for a test and used as a reader uses it."""

from __future__ import annotations

import asyncio
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from firsthand.cli.house import House, listen, open_house
from firsthand.cli.serve import WebServer
from firsthand.config import Settings
from firsthand.demo.server import DemoWorld
from firsthand.pipeline import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
from firsthand.store import open_store
from firsthand.web.settings import WebSettings


@dataclass
class Running:
    """A running app and the world that it follows."""

    base: str
    house: House
    world: DemoWorld
    call: Callable[..., object]

    def follow_all(self) -> None:
        """Follow every outlet of the world."""
        now = datetime.now(UTC)
        for feed in self.world.feeds():
            self.house.desk.follow_known(feed.url, title=feed.outlet, kind=feed.kind, country=feed.country, now=now)

    def poll(self) -> None:
        """Ask every feed, read every page that is due, and come back when all is done."""
        for feed in self.house.store.feeds.all():
            self.house.store.feeds.poll_now(feed.id, datetime.now(UTC))
        self.call(self.house.pipeline.run_once())

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.base + path) as answer:
            return answer.read().decode()


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/firsthand.db")
        store.migrate()
        store.close()
        return (Path(folder) / "firsthand.db").read_bytes()


def put_database(data: Path) -> None:
    """A migrated, empty database in a data folder: copied, since the migrations would take half of many tests' time."""
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "firsthand.db").exists():
        (data / "firsthand.db").write_bytes(_migrated())


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[str, House, Callable[..., object]]]:
    """The whole app in a thread with a loop of its own: its address, its parts, and how to run work in its loop."""
    started = threading.Event()
    result: dict[str, object] = {}

    put_database(settings.data)

    async def run() -> None:
        async with open_house(settings) as house:
            listener = listen(settings, house.store)
            server = WebServer(house.desk, settings.web, started.set)
            result.update(house=house, server=server, port=listener.getsockname()[1], loop=asyncio.get_running_loop())
            await server.serve(sockets=[listener])

    def call(work: object) -> object:
        return asyncio.run_coroutine_threadsafe(work, result["loop"]).result(600)  # type: ignore[arg-type]

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    assert started.wait(120), "the app did not start"
    yield f"http://127.0.0.1:{result['port']}", result["house"], call  # type: ignore[misc]
    result["server"].should_exit = True  # type: ignore[attr-defined]
    thread.join(10)


def run_app(data: Path, *, analyze: bool = False) -> Iterator[Running]:
    """The app over the demo's world; the world is stepped by hand, ingestion too.

    Args:
        analyze: have the models read as well, which take a part of a second an article.
    """
    settings = Settings(
        data=data,
        web=WebSettings(port=0),
        fetch=FetchSettings(allow_networks=("127.0.0.0/8",), host_delay=timedelta(0), host_concurrency=4),
        pipeline=PipelineSettings(analyze=analyze),
    )
    now = datetime.now(UTC)
    world = DemoWorld(now, duration=timedelta(days=1), clock=lambda: now)  # nothing comes out but by a step
    with world, serving(settings) as (base, house, call):
        yield Running(base, house, world, call)
