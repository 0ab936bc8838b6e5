"""The whole app over the demo's world of news, for the tests that use it as a reader does."""

from __future__ import annotations

import asyncio
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firsthand.cli.house import House, listen, open_house
from firsthand.cli.serve import WebServer
from firsthand.config import Settings
from firsthand.demo.server import DemoWorld
from firsthand.pipeline import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
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


def run_app(data: Path) -> Iterator[Running]:
    """Start everything in a thread with a loop of its own; the world is stepped by hand, ingestion too."""
    settings = Settings(
        data=data,
        web=WebSettings(port=0),
        fetch=FetchSettings(allow_networks=("127.0.0.0/8",), host_delay=timedelta(0), host_concurrency=4),
        pipeline=PipelineSettings(),
    )
    started = threading.Event()
    result: dict[str, object] = {}

    async def run() -> None:
        async with open_house(settings) as house:
            listener = listen(settings, house.store)
            server = WebServer(house.desk, settings.web)
            result.update(house=house, server=server, port=listener.getsockname()[1], loop=asyncio.get_running_loop())
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:
                await asyncio.sleep(0.01)
            started.set()
            await serving

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    with DemoWorld(datetime.now(UTC), duration=timedelta(days=1)) as world:
        thread.start()
        assert started.wait(20), "the app did not start"

        def call(work: object) -> object:
            return asyncio.run_coroutine_threadsafe(work, result["loop"]).result(120)  # type: ignore[arg-type]

        yield Running(f"http://127.0.0.1:{result['port']}", result["house"], world, call)  # type: ignore[arg-type]
        result["server"].should_exit = True  # type: ignore[attr-defined]
        thread.join(10)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Running]:
    """A fresh app that follows nothing yet."""
    yield from run_app(tmp_path / "data")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An app that has read what is out at the start. Shared: tests must not depend on each other's marks."""
    for running in run_app(tmp_path_factory.mktemp("filled")):
        running.follow_all()
        running.poll()
        yield running
