"""From the fetched feed to the open page: `python -m bench.live [--streams N …] [--feeds N]`.

Feeds on loopback bring one new article at every poll. Measured for each: the time from the moment its body is there to the
event "n new articles" that counts it, on every one of the streams that stand open, and the part of it that came after
the article was saved. Pages are not read (the headline is what is awaited), and the clients run in the server's own
process, which is slower than browsers would see it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import aiohttp

from firsthand.cli.house import House, clock, listen, open_house
from firsthand.cli.logs import start_logging
from firsthand.cli.serve import WebServer
from firsthand.config import Settings
from firsthand.pipeline import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
from firsthand.web.settings import WebSettings

ROUNDS = 20
_ID = re.compile(r"^id: (\d+)\s*event: new", re.MULTILINE)


class Feeds(BaseHTTPRequestHandler):
    """Each request for `/feed/N` finds one item more."""

    protocol_version = "HTTP/1.1"
    polls: ClassVar[defaultdict[str, int]] = defaultdict(int)
    answered: ClassVar[dict[str, float]] = {}

    def do_GET(self) -> None:
        self.polls[self.path] += 1
        count = self.polls[self.path]
        items = "".join(f"<item><guid>{n}</guid><title>{self.path} {n}</title></item>" for n in range(1, count + 1))
        body = f'<rss version="2.0"><channel><title>{self.path}</title>{items}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.answered[f"{self.path} {count}"] = time.perf_counter()

    def log_message(self, *_: object) -> None:
        pass


def main(streams: Sequence[int] = (1, 50, 200), feeds: int = 100) -> None:
    """Measure for one feed at a time, and for many that are due at once."""
    start_logging("error", "text")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    print("milliseconds from the fetched feed to the event: median, 95 of 100, slowest (of these, after the save)")
    for number in streams:
        for due in (1, feeds):
            with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
                fetched, saved = asyncio.run(_measure(Path(folder), base, number, due))
            what = f"{number} open, {due} feed{'s' if due > 1 else ''} due"
            print(f"{what:<26}{_spread(fetched)}   ({_spread(saved)})", flush=True)
    server.shutdown()


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    worst = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    return " ".join(f"{1000 * value:5.0f}" for value in (statistics.median(ordered), worst, ordered[-1]))


async def _measure(data: Path, base: str, streams: int, due: int) -> tuple[list[float], list[float]]:
    """Times from the fetched body and from the save to the event, over all rounds, feeds and streams."""
    Feeds.polls.clear()
    settings = Settings(
        data=data,
        web=WebSettings(port=0, max_streams=1000),
        fetch=FetchSettings(allow_networks=("127.0.0.0/8",), host_delay=timedelta(0), host_concurrency=16),
        pipeline=PipelineSettings(read_pages=False),
    )
    async with open_house(settings) as house:
        listener = listen(settings, house.store)
        server = WebServer(house.desk, settings.web)
        ids = [
            house.desk.follow_known(f"{base}/feed/{number}", title=f"Feed {number}", now=clock()).id
            for number in range(due)
        ]
        saves = _watch_saves(house)
        tasks = [asyncio.create_task(server.serve(sockets=[listener])), asyncio.create_task(house.pipeline.run())]
        await _settled(house, due)
        events: list[list[tuple[int, float]]] = [[] for _ in range(streams)]
        port = listener.getsockname()[1]
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            since = house.store.changes.latest()
            tasks += [asyncio.create_task(_listen(session, port, since, heard)) for heard in events]
            await asyncio.sleep(1)
            for _ in range(ROUNDS if due == 1 else 3):
                await asyncio.sleep(random.uniform(0.2, 1.2))  # so that no tick is favored
                for number in ids:
                    house.store.feeds.poll_now(number, clock())
                await asyncio.sleep(2 + due / 25)
            times = _times(house, since, events, saves)
            server.stop()
            for task in tasks[1:]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return times


def _watch_saves(house: House) -> list[tuple[int, float]]:
    """Which change was the newest after each save, and when that was."""
    saves: list[tuple[int, float]] = []
    ingest, save = house.store.ingest, house.store.ingest.save_polls

    def timed(*given: object, **named: object) -> object:
        result = save(*given, **named)  # type: ignore[arg-type]
        saves.append((house.store.changes.latest(), time.perf_counter()))
        return result

    ingest.save_polls = timed  # type: ignore[method-assign, assignment]
    return saves


async def _settled(house: House, due: int) -> None:
    """Wait until every feed was asked for the first time."""
    while sum(feed.last_poll is not None for feed in house.store.feeds.all()) < due:
        await asyncio.sleep(0.1)


async def _listen(session: aiohttp.ClientSession, port: int, since: int, heard: list[tuple[int, float]]) -> None:
    """Note the change up to which each event counts, and when it came."""
    url = f"http://127.0.0.1:{port}/live?view=front&since={since}"
    async with session.get(url, timeout=aiohttp.ClientTimeout(total=None)) as answer:
        text = ""
        async for chunk in answer.content.iter_any():
            now, text = time.perf_counter(), text + chunk.decode()
            *whole, text = text.split("\n\n")
            heard += [(int(match[1]), now) for event in whole if (match := _ID.search(event))]


def _times(
    house: House, since: int, events: list[list[tuple[int, float]]], saves: list[tuple[int, float]]
) -> tuple[list[float], list[float]]:
    fetched, saved = [], []
    headlines = {held.id: held.article.headline or "" for held in house.store.articles.export()}
    for change in house.store.changes.after(since, 100_000):
        if change.kind.value != "article.new" or change.article_id is None:
            continue
        answered = Feeds.answered[headlines[change.article_id]]
        kept = next(when for seq, when in saves if seq >= change.seq)
        for heard in events:
            came = next((when for seq, when in heard if seq >= change.seq), None)
            if came is None:
                raise AssertionError("an article was saved, and an open page heard nothing of it")
            fetched.append(came - answered)
            saved.append(came - kept)
    return fetched, saved


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 50, 200])
    parser.add_argument("--feeds", type=int, default=100)
    given = parser.parse_args()
    main(given.streams, given.feeds)
