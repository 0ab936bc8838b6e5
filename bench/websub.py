"""From a hub's ping to the open page: `python -m bench.websub [--pings N] [--analyze]`.

A hub on loopback sends one new article after another, each signed. Measured for each: the time from the first byte of the
ping to the event "n new articles" on an open stream of the latest articles, headline first: its page is not read yet.
With `--analyze` the language models work on other articles meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from firsthand.cli.house import House, listen, open_house
from firsthand.cli.serve import WebServer
from firsthand.config import Settings
from firsthand.demo.server import DemoWorld
from firsthand.model.websub import Subscription
from firsthand.pipeline import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
from firsthand.store import schema as s
from firsthand.web.settings import WebSettings

TOPIC = "https://herald.example/feed"
FEED = '<rss version="2.0"><channel><title>Herald</title><item><guid>{n}</guid><title>News {n}</title></item></channel></rss>'


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(prog="bench websub", description=__doc__)
    parser.add_argument("--pings", type=int, default=60)
    parser.add_argument("--analyze", action="store_true")
    given = parser.parse_args(arguments)
    took = sorted(asyncio.run(_measure(given.pings, given.analyze)))
    at = {"p50": statistics.median(took), "p95": took[int(len(took) * 0.95)], "most": took[-1]}
    print(f"{len(took)} pings, models {'on' if given.analyze else 'off'}: "
          + ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in at.items()))  # fmt: skip


async def _measure(pings: int, analyze: bool) -> list[float]:
    with tempfile.TemporaryDirectory() as data, DemoWorld(datetime.now(UTC), duration=timedelta(days=1)) as world:
        settings = Settings(
            data=Path(data),
            web=WebSettings(port=0),
            fetch=FetchSettings(allow_networks=("127.0.0.0/8",), host_delay=timedelta(0)),
            pipeline=PipelineSettings(analyze=analyze),
        )
        async with open_house(settings) as house:
            one = _subscribed(house)
            listener = listen(settings, house.store)
            server = WebServer(house.desk, settings.web)
            if analyze:
                for feed in world.feeds():
                    house.desk.follow_known(feed.url, title=feed.outlet, now=datetime.now(UTC))
            work = [asyncio.create_task(server.serve(sockets=[listener]))]
            work += [asyncio.create_task(part) for part in (house.pipeline.run(), house.desk.watcher.run())]
            await asyncio.sleep(1)
            while analyze and not _analyzed(house):  # the models load
                await asyncio.sleep(0.1)
            base = f"http://127.0.0.1:{listener.getsockname()[1]}"
            await _ping(house, base, one, pings)  # the first page of a server's life loads what pages need
            before = _analyzed(house)
            took = [await _ping(house, base, one, number) for number in range(pings)]
            print(f"{_analyzed(house) - before} articles were analyzed meanwhile")
            server.should_exit = True
            for task in work[1:]:
                task.cancel()
            await asyncio.wait(work)
    return took


def _subscribed(house: House) -> Subscription:
    feed = house.desk.follow_known(TOPIC, title="Herald", now=datetime.now(UTC) + timedelta(days=1))
    from firsthand.store.hubs import note

    with house.store._db.write() as connection:
        note(house.store._db, connection, feed.id, "https://hub.example/", TOPIC, datetime.now(UTC))
    one = house.store.hubs.get(feed.id)
    assert one is not None
    return one


def _analyzed(house: House) -> int:
    with house.store._db.read() as connection:
        return connection.scalar(select(func.count()).select_from(s.analyses)) or 0


async def _ping(house: House, base: str, one: Subscription, number: int) -> float:
    """Seconds from a ping to the event that tells of it."""
    body = FEED.format(n=number).encode()
    key = house.desk.websub.secret(one).encode()
    headers = {"X-Hub-Signature": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()}
    since = house.desk.live.latest()
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{base}/live?view=feed:{one.feed_id}&since={since}") as stream,
    ):
        await stream.content.readuntil(b"\n\n")
        await asyncio.sleep(0.1)
        began = time.perf_counter()
        answer = asyncio.create_task(client.post(base + house.desk.websub.callback(one), data=body, headers=headers))
        while b"event: new" not in await stream.content.readuntil(b"\n\n"):
            pass
        took = time.perf_counter() - began
        (await answer).release()
    return took


if __name__ == "__main__":
    main()
