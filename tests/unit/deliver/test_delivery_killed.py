"""kill -9 in the middle of sending loses no letter and doubles none."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from mail_world import DAY, HOUR, NOW, mail_server, settings, tell, world

from firsthand.model.editions import EditionPlan, LetterState, Schedule
from firsthand.store import Store

READERS = 150
KILLS = 5
SENDER = f"""
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from mail_world import DAY, NOW, Clock, settings, world
from firsthand.store import open_store
store = open_store(f"sqlite:///{{sys.argv[1]}}/firsthand.db")
mails = world(store, settings(Path(sys.argv[1]), int(sys.argv[2])), Clock(NOW + DAY))
mails.desk.mailing.recover(starting=True)
print("ready", flush=True)

async def send() -> None:
    while mails.desk.mailing.prepare(20):
        await mails.delivery.run_once()
    await mails.delivery.run_once()

asyncio.run(send())
print("done", flush=True)
"""


def test_killed_at_random_moments_every_letter_comes_once(store: Store, tmp_path: Path) -> None:
    data = tmp_path / "data"
    mails = world(store, settings(data))
    tell(store, "The sea wall breaks", NOW - HOUR, outlets=4)
    for number in range(READERS):
        reader = mails.reader if number == 0 else store.readers.add(f"reader {number}", "hash", NOW)
        store.readers.follow(reader.id, 1, "", NOW)
        address = store.addresses.add(reader.id, f"reader{number}@example.org", NOW)
        store.addresses.confirm(address.id, NOW)
        plan = EditionPlan(title="Daily", schedule=Schedule(minute=13 * 60, zone="UTC"), address_id=address.id)
        mails.desk.mailing.create(replace(mails.reader, id=reader.id), plan)
    chance = random.Random(7)
    inbox = tmp_path / "mail" / "new"
    with mail_server(tmp_path / "mail") as server:
        command = [sys.executable, "-c", SENDER, str(data), str(server.port)]
        for _ in range(KILLS):
            with subprocess.Popen(command, stdout=subprocess.PIPE) as sender:
                assert sender.stdout is not None
                assert sender.stdout.readline() == b"ready\n"
                enough = len(list(inbox.iterdir())) + chance.randrange(1, READERS // KILLS // 2)
                while len(list(inbox.iterdir())) < enough:
                    time.sleep(0.001)
                time.sleep(chance.uniform(0, 0.02))  # anywhere between two letters, or within one
                sender.kill()
        assert len(list(inbox.iterdir())) < READERS
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        came = Counter(mail["Message-ID"].strip("<>") for mail in server.mails())

    letters = [one for held in store.letters.of([one.id for one in store.editions.all()], 9).values() for one in held]
    assert len(letters) == READERS  # none lost
    assert max(came.values()) == 1  # none doubled
    states = Counter(one.state for one in letters)
    assert set(states) <= {LetterState.SENT, LetterState.DOUBTFUL}
    under_way = settings(data).mail.connections  # one letter on each
    assert states[LetterState.DOUBTFUL] <= KILLS * under_way
    for one in letters:
        assert one.state is LetterState.DOUBTFUL or came[one.message_id] == 1
    # A doubtful one is shown; whichever way its reader decides, nobody gets it twice unless they ask for it.
    assert mails.desk.mailing.prepare(READERS) == 0
    assert store.letters.due(NOW + 2 * DAY, 10) == []
