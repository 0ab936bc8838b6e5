"""Polling 1,000 local feeds: Firsthand beside lemon24/reader, each in a process of its own, the server in a third.

Three rounds: the first brings everything (each feed 25 entries), the second finds the very same documents, the third
finds each document changed and one entry in ten feeds new. The figure is feeds per second of processor time (so that
workers and threads do not flatter either), with wall time and peak memory beside it. Both are measured as installed
programs run: modules compiled, the database made before.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

FEEDS = 1_000
ENTRIES = 25
ROUNDS = ("first poll, all new", "second poll, the same", "third poll, 100 new")
WARM = {"firsthand": "import firsthand.pipeline, firsthand.store.sqlite, alembic.command", "reader": "import reader"}
ENTRY = """<item><title>Story {n} of outlet {feed}: the council met again</title>
<link>http://127.0.0.1:{port}/{feed}/story-{n}</link><guid isPermaLink="false">{feed}-{n}</guid>
<pubDate>Mon, 10 Nov 2025 {hour:02}:{minute:02}:00 +0100</pubDate><category>Region</category>
<description>&lt;p&gt;The council of district {feed} met for the {n}th time this year and spoke about &lt;b&gt;water&lt;/b&gt;,
roads and the price of bread. A decision is expected within the week, its speaker said.&lt;/p&gt;</description></item>"""


def feed_body(feed: int, port: int, *, later: bool = False) -> bytes:
    """A feed's document; `later` is how it stands in the third round."""
    numbers = range(ENTRIES + (later and feed % 10 == 0))
    entries = "".join(ENTRY.format(n=n, feed=feed, port=port, hour=n % 24, minute=feed % 60) for n in numbers)
    built = "Mon, 10 Nov 2025 23:00:00 +0100" if later else "Mon, 10 Nov 2025 22:00:00 +0100"
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Outlet {feed}</title><link>http://127.0.0.1:{port}/{feed}</link><description>News</description>"
        f"<lastBuildDate>{built}</lastBuildDate>"
        f"{entries}</channel></rss>"
    ).encode()


def serve(ready: multiprocessing.connection.Connection) -> None:
    """The server: plain HTTP/1.1 with keep-alive, bodies made before the clock starts, one for each round."""

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        for n in range(FEEDS):
            now, later = feed_body(n, port), feed_body(n, port, later=True)
            bodies[f"/feed/{n}"] = (now, now, later)
        ready.send(port)
        await asyncio.sleep(900)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                if path.startswith("/round/"):
                    rounds.append(int(path.removeprefix("/round/")))
                body = bodies[path][rounds[-1]] if path in bodies else b""
                status = b"200 OK" if body else b"404 Not Found"
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: application/rss+xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
                    % (status, len(body))
                )
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    bodies: dict[str, tuple[bytes, ...]] = {}
    rounds = [0]
    asyncio.run(run())


def tell(port: int, number: int) -> None:
    """Have the server answer as in this round; 404 is its yes."""
    with contextlib.suppress(HTTPError):
        urlopen(f"http://127.0.0.1:{port}/round/{number}")


def measure(port: int, work: Callable[[], int], make_due: Callable[[], None]) -> None:
    """Run the rounds and print, as JSON, each round's entries, wall and processor seconds, and the peak memory."""
    out = []
    for number, _ in enumerate(ROUNDS):
        tell(port, number)
        make_due()
        wall, cpu = time.perf_counter(), time.process_time()
        entries = work()
        out.append({"entries": entries, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu})
    print(json.dumps({"rounds": out, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def make_store(database: str) -> None:
    """A store with all feeds followed; in a process of its own, as `firsthand migrate` and `follow` are."""
    from firsthand.store import open_store

    store = open_store(database)
    store.migrate()
    store.readers.owner()
    store.close()


def run_firsthand(port: int) -> None:
    from datetime import UTC, datetime

    from firsthand.cli.logs import start_logging
    from firsthand.extract.isolated import IsolatedReader
    from firsthand.model.article import OutletName
    from firsthand.pipeline import Pipeline, PipelineSettings
    from firsthand.sources.fetcher import Fetcher, FetchSettings
    from firsthand.store import open_store
    from firsthand.store.schema import feeds

    start_logging("warning", "text")  # reader logs nothing either
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.db'}"
        maker = multiprocessing.get_context("spawn").Process(target=make_store, args=(database,))
        maker.start()
        maker.join()
        store = open_store(database)
        now = datetime.now(UTC)
        reader = store.readers.owner()
        for n in range(FEEDS):
            url = f"http://127.0.0.1:{port}/feed/{n}"
            feed = store.feeds.add(url, title=url, outlet=OutletName(None, f"outlet{n}.example"), now=now)
            store.readers.follow(reader.id, feed.id, "", now)

        async def poll_all() -> None:
            async with Fetcher(FetchSettings(allow_networks=("127.0.0.0/8",))) as fetcher:
                settings = PipelineSettings(read_pages=False)
                await Pipeline(store, fetcher, IsolatedReader(), lambda: datetime.now(UTC), settings).run_once()

        def make_due() -> None:
            with store.engine.begin() as connection:
                connection.execute(feeds.update().values(next_poll=datetime.now(UTC)))

        def work() -> int:
            before = store.changes.latest()
            asyncio.run(poll_all())
            failing = sum(feed.failing_since is not None for feed in store.feeds.all())
            assert not failing, f"{failing} feeds failed"
            return store.articles.count_new(reader.id, before, 10**6)

        measure(port, work, make_due)
        store.close()


def run_reader(port: int) -> None:
    from reader import make_reader

    with tempfile.TemporaryDirectory() as folder:
        reader = make_reader(str(Path(folder) / "bench.db"))
        for n in range(FEEDS):
            reader.add_feed(f"http://127.0.0.1:{port}/feed/{n}")

        def work() -> int:
            before = reader.get_entry_counts().total or 0
            reader.update_feeds(workers=8, scheduled=False)
            return (reader.get_entry_counts().total or 0) - before

        measure(port, work, lambda: None)


def run_apart(name: str, port: int) -> dict[str, Any]:
    """What `measure` prints in a process of its own, whose modules were compiled by a run before."""
    code = f"from bench.poll import run_{name}; run_{name}({port})"
    with tempfile.TemporaryDirectory() as compiled:
        env = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        subprocess.run([sys.executable, "-c", WARM[name]], env=env, check=True, timeout=120)
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, timeout=600
        )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def main() -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    try:
        result = {}
        for name in ("firsthand", "reader"):
            result[name] = run_apart(name, port)
    finally:
        server.terminate()
    print(f"{FEEDS} feeds, {ENTRIES} entries each")
    for at, label in enumerate(ROUNDS):
        rate = {}
        for name, figures in result.items():
            figure = figures["rounds"][at]
            rate[name] = FEEDS / figure["cpu"]
            print(
                f"{label:26} {name:10} {figure['entries']:6} entries {figure['wall']:7.2f} s wall"
                f" {rate[name]:8.1f} feeds per second and core"
            )
        print(f"{label:26} {'ratio':10} {rate['firsthand'] / rate['reader']:.1f}x")
    print(
        f"peak memory: firsthand {result['firsthand']['peak_mb']:.0f} MB, reader {result['reader']['peak_mb']:.0f} MB"
    )


if __name__ == "__main__":
    main()
