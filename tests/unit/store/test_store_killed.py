"""kill -9 at any moment loses nothing and doubles nothing."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from store_world import OWNER, front

from firsthand.store import open_store

POLLS, ITEMS = 60, 5
WRITER = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from store_world import article, feed, item, poll
from firsthand.model.records import Reading
from firsthand.store import open_store
from store_world import NOW
store = open_store(sys.argv[1])
source = feed(store)
print("ready", flush=True)
for turn in range({POLLS}):
    created = store.ingest.save_poll(poll(source, *(item(f"{{turn}}-{{n}}") for n in range({ITEMS}))))
    for key in created:
        store.ingest.save_reading(Reading(article_id=key, at=NOW, article=article(f"Text {{key}}")))
for page in store.ingest.pages_due(NOW, 10_000):
    store.ingest.save_reading(Reading(article_id=page.article_id, at=NOW, article=article(f"Text {{page.article_id}}")))
"""


def test_killed_at_random_moments_it_ends_up_whole(migrated_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    path.write_bytes(migrated_file.read_bytes())
    store = open_store(f"sqlite:///{path}")
    store.readers.owner()
    store.close()
    chance = random.Random(5)
    command = [sys.executable, "-c", WRITER, f"sqlite:///{path}"]
    for _ in range(5):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.01, 0.5))
            writer.kill()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    store = open_store(f"sqlite:///{path}")
    ids = front(store, limit=2 * POLLS * ITEMS)
    held = list(store.articles.export())
    assert len(ids) == len(set(ids)) == POLLS * ITEMS
    assert len({one.article.url or one.article.text for one in held}) == len(held) == POLLS * ITEMS
    assert all(len(one.versions) == 1 for one in held)
    names = [f"{turn}-{n}" for turn in range(POLLS) for n in range(ITEMS)]
    assert len(store.ingest.known({1: names})[1]) == POLLS * ITEMS
    assert store.articles.count_new(OWNER, 0, limit=10_000) == POLLS * ITEMS
    store.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO article_search(article_search) VALUES ('integrity-check')")
