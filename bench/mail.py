"""Editions composed and handed to SMTP: `python -m bench.mail [--readers N] [--stories N] [--world one|many]`.

Two worlds. In the one all readers follow one feed, and every letter tells the same. In the other there are five hundred
feeds, each reader follows ten of them by chance and lives in one of four zones: no two letters are alike, and on the second
day half of what is told was told before.

Every reader's edition is due at the same instant. Measured from then to the last letter taken by a real SMTP server in a
process of its own: queries, composing, HTML with inlined styles, plain text, MIME, two records a letter (one of them synced
to the disk), SMTP. The server counts letters by their Message-ID, so none is lost and none doubled unseen.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from bench.mail_readers import DAY, START, World, news, settle
from firsthand.cli.house import composer_of
from firsthand.config import Settings
from firsthand.deliver.loop import BATCH, Delivery
from firsthand.deliver.settings import MailSettings
from firsthand.desk import Desk
from firsthand.store import Store, open_store
from firsthand.web.settings import WebSettings

WORLDS: Final = {
    "one": (World(readers=10_000, stories=60), 1),
    "many": (World(readers=10_000, stories=60, feeds=500, follows=10), 2),
}
"""Each with its days."""
SERVER = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
taken, octets = {}, 0
class Count:
    async def handle_DATA(self, server, session, envelope):
        global octets
        key = next(line for line in envelope.content.split(b"\\r\\n") if line.startswith(b"Message-ID"))
        taken[key] = taken.get(key, 0) + 1
        octets += len(envelope.content)
        return "250 OK"
async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Count()), "127.0.0.1", int(sys.argv[1]))
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
asyncio.run(main())
print(len(taken), sum(taken.values()), octets // max(1, sum(taken.values())), flush=True)
"""


def main(name: str, world: World, days: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        port = _free_port()
        mail = MailSettings(host="127.0.0.1", port=port, security="none", sender="News <news@example.org>")
        settings = Settings(data=Path(folder), web=WebSettings(address="https://news.example.org"), mail=mail)
        store = open_store(settings.database_url)
        store.migrate()
        settle(store, world)
        print(f"{name}: {world.readers:,} readers, each with {world.follows} of {world.feeds} feeds", flush=True)
        command = [sys.executable, "-c", SERVER, str(port)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert server.stdin is not None
            assert server.stdout.readline() == "open\n"
            for day in range(days):
                news(store, world, day)
                asyncio.run(_measure(store, settings, day))
            server.stdin.close()
            different, taken, size = map(int, server.stdout.read().split())
        states = store.letters.counts()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"processor time of the server: {1000 * (used.ru_utime + used.ru_stime) / max(1, taken):.1f} ms a letter")
        print(f"taken by the server: {taken:,}, {different:,} different, {size / 1024:.0f} KB each; letters: {states}")
        store.close()
        if not taken == different == states.get("sent") or set(states) != {"sent"}:
            sys.exit("Letters are lost or doubled.")


async def _measure(store: Store, settings: Settings, day: int) -> None:
    composer = composer_of(settings)
    now = START + day * DAY + timedelta(hours=1)
    desk = Desk(store, None, lambda: now, composer=composer)  # type: ignore[arg-type]
    delivery = Delivery(desk, composer, settings.mail, desk.clock)
    started, composed, letters = time.perf_counter(), 0.0, 0
    cpu, composing = time.process_time(), 0.0
    while True:
        begun, used = time.perf_counter(), time.process_time()
        prepared = await asyncio.to_thread(desk.mailing.prepare, BATCH)
        composed += time.perf_counter() - begun
        composing += time.process_time() - used
        if not prepared:
            break
        letters += sum((await delivery.run_once()).values())
        if letters % 1000 == 0:
            print(f"  {letters:,} after {time.perf_counter() - started:.1f} s", flush=True)
    took = time.perf_counter() - started
    cpu = time.process_time() - cpu
    print(f"  day {day + 1}: {letters:,} letters in {took:.1f} s: {letters / took:.0f} a second")
    print(f"  composing {composed:.1f} s, rendering and handing over {took - composed:.1f} s")
    print(
        f"  processor time of this process: {1000 * cpu / letters:.1f} ms a letter, {1000 * composing / letters:.1f} of"
        f" them composing: {letters / cpu:.0f} letters a second of it",
        flush=True,
    )


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=10_000)
    parser.add_argument("--stories", type=int, default=60)
    parser.add_argument("--world", choices=WORLDS, nargs="+", default=list(WORLDS))
    given = parser.parse_args()
    for chosen in given.world:
        one, days_of_it = WORLDS[chosen]
        main(chosen, replace(one, readers=given.readers, stories=given.stories), days_of_it)
