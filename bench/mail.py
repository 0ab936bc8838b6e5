"""Editions composed and handed to SMTP: `python -m bench.mail [--readers N] [--stories N]`.

Every reader has an edition of their own about what all of them follow, due at the same minute. Measured from the moment they
are due to the last letter taken by a real SMTP server in a process of its own: queries, composing, HTML with inlined styles,
plain text, MIME, two records a letter (one of them synced to the disk), SMTP.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from firsthand.cli.house import composer_of
from firsthand.config import Settings
from firsthand.deliver.loop import BATCH, Delivery
from firsthand.deliver.settings import MailSettings
from firsthand.desk import Desk
from firsthand.model.article import OutletName
from firsthand.model.editions import EditionPlan, Schedule
from firsthand.model.feed import Item
from firsthand.model.grouping import Origins
from firsthand.model.records import NewItem, PollOutcome
from firsthand.model.stories import OriginMark, Placed, StoryCount
from firsthand.store import Store, open_store
from firsthand.web.settings import WebSettings

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SERVER = """
import sys
from aiosmtpd.controller import Controller
class Count:
    taken = 0
    async def handle_DATA(self, server, session, envelope):
        Count.taken += 1
        return "250 OK"
controller = Controller(Count(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("open", flush=True)
sys.stdin.read()
controller.stop()
print(Count.taken, flush=True)
"""


def main(readers: int = 10_000, stories: int = 60) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="firsthand-bench-") as folder:
        port = _free_port()
        mail = MailSettings(host="127.0.0.1", port=port, security="none", sender="News <news@example.org>")
        settings = Settings(data=Path(folder), web=WebSettings(address="https://news.example.org"), mail=mail)
        store = open_store(settings.database_url)
        store.migrate()
        _fill(store, readers, stories)
        print(f"{readers:,} readers, {stories} new stories", flush=True)
        command = [sys.executable, "-c", SERVER, str(port)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert server.stdin is not None
            assert server.stdout.readline() == "open\n"
            asyncio.run(_measure(store, settings))
            server.stdin.close()
            taken = int(server.stdout.read())
        print(f"taken by the server: {taken:,}; letters by state: {store.letters.counts()}")
        store.close()


async def _measure(store: Store, settings: Settings) -> None:
    composer = composer_of(settings)
    desk = Desk(store, None, lambda: NOW + timedelta(hours=1), composer=composer)  # type: ignore[arg-type]
    delivery = Delivery(desk, composer, settings.mail, desk.clock)
    started, composed, letters = time.perf_counter(), 0.0, 0
    cpu = time.process_time()
    while True:
        begun = time.perf_counter()
        prepared = await asyncio.to_thread(desk.mailing.prepare, BATCH)
        composed += time.perf_counter() - begun
        if not prepared:
            break
        letters += sum((await delivery.run_once()).values())
        if letters % 1000 == 0:
            print(f"  {letters:,} after {time.perf_counter() - started:.1f} s", flush=True)
    took = time.perf_counter() - started
    print(f"{letters:,} letters in {took:.1f} s: {letters / took:.0f} a second")
    cpu = time.process_time() - cpu
    print(
        f"processor time of this process: {1000 * cpu / letters:.1f} ms a letter, {letters / cpu:.0f} letters a second of it"
    )
    print(f"of which composing {composed:.1f} s, rendering and handing over {took - composed:.1f} s")


def _fill(store: Store, readers: int, stories: int) -> None:
    owner = store.readers.owner()
    feed = store.feeds.add(
        "https://herald.example/feed", title="Herald", outlet=OutletName("Herald", "herald.example"), now=NOW
    )
    items = [
        NewItem(
            item=Item(id=str(n), url=f"https://herald.example/{n}", title=f"{_title(n)}", summary=_lead(n)),
            key=f"https://herald.example/{n}",
            fingerprint="1",
            sort_at=NOW - timedelta(minutes=n),
        )
        for n in range(stories)
    ]
    poll = PollOutcome(feed_id=feed.id, polled=NOW, next_poll=NOW, interval=timedelta(hours=1), new=tuple(items))
    for number, article_id in enumerate(store.ingest.save_poll(poll)):
        _story(store, number, article_id)
    desk = Desk(store, None, lambda: NOW)  # type: ignore[arg-type]
    for number in range(readers):
        reader = owner if number == 0 else store.readers.add(f"reader {number}", "hash", NOW)
        store.readers.follow(reader.id, feed.id, "", NOW)
        address = store.addresses.add(reader.id, f"reader{number}@example.org", NOW)
        store.addresses.confirm(address.id, NOW)
        schedule = Schedule(minute=13 * 60, zone="UTC")
        plan = EditionPlan(title="Morning edition", schedule=schedule, address_id=address.id)
        desk.mailing.create(replace(owner, id=reader.id), plan)


def _story(store: Store, number: int, article_id: int) -> None:
    (due,) = store.stories.load([article_id])
    placed = Placed(article_id=article_id, story_id=number + 1, speaker_id=article_id, score=1.0, reason="first")
    store.stories.save(due, [], [], placed, NOW)
    mark = OriginMark(1 + number % 9, 1, 1 + number % 2)
    counted = StoryCount(
        story_id=number + 1,
        title=_title(number),
        lead=_lead(number),
        article_id=article_id,
        section=("World", "Region", "Business")[number % 3],
        section_slug=("world", "region", "business")[number % 3],
        image=None,
        first_seen=NOW - timedelta(minutes=number),
        last_seen=NOW,
        articles=mark.outlets,
        mark=mark,
        origins=Origins((), mark.at_least, mark.at_most),
    )
    store.stories.save_count(number + 1, counted, NOW)


def _title(number: int) -> str:
    return f"The council decides on the sea wall after report {number} names the cracks"


def _lead(number: int) -> str:
    return (
        f"Inspectors had warned of cracks two years before, says report {number}; the port authority disputes that. "
        * 2
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
    given = parser.parse_args()
    main(given.readers, given.stories)
