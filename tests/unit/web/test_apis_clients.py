"""Programs that people use, against a running server: newsboat and google-reader (Google Reader API), freshrss-api (Fever API)."""

from __future__ import annotations

import logging
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from apis_world import LIST, LONG, READ, STARRED, App, add_feed, bring, seed

from app_running import serving
from firsthand.config import Settings
from firsthand.web.settings import WebSettings

FEEDS, EACH = 50, 20
newsboat = shutil.which("newsboat")
needs_newsboat = pytest.mark.skipif(
    newsboat is None, reason="NEWSBOAT SKIPPED: it is not installed (apt install newsboat)"
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """An app with a token at a server that follows nothing yet."""
    settings = Settings(data=tmp_path / "data", web=WebSettings(port=0))
    with serving(settings) as (base, house, _):
        yield App(base, house)


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether a condition comes to hold."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


class Newsboat:
    """newsboat with a configuration of its own."""

    def __init__(self, home: Path, app: App) -> None:
        self.home = home
        home.mkdir()
        base = f"http://{app.where.netloc}"
        (home / "urls").write_text("")
        (home / "config").write_text(
            f'urls-source "feedhq"\nfeedhq-url "{base}"\nfeedhq-login "owner"\nfeedhq-password "{app.auth}"\n'
            'feedhq-flag-star "s"\nfeedhq-min-items 100\nfeedhq-show-special-feeds no\n'
            "auto-reload no\nconfirm-exit no\nshow-read-feeds yes\nshow-read-articles yes\n"
            "article-sort-order guid\ntoggleitemread-jumps-to-next-unread no\nbind-key u up\nbind-key d down\n"
        )
        self.command = [
            newsboat or "",
            "-C",
            str(home / "config"),
            "-u",
            str(home / "urls"),
            "-c",
            str(home / "cache.db"),
        ]

    def reload(self) -> None:
        """Sync, without a screen."""
        subprocess.run(
            [*self.command, "-x", "reload"], check=True, timeout=120, env=self._env, stdin=subprocess.DEVNULL
        )

    def items(self) -> dict[str, tuple[str, bool]]:
        """Title and whether it is unread, by guid."""
        with sqlite3.connect(self.home / "cache.db") as cache:
            rows = cache.execute("SELECT guid, title, unread FROM rss_item WHERE deleted = 0").fetchall()
        return {guid: (title, bool(unread)) for guid, title, unread in rows}

    def press(self, *steps: tuple[bytes, Callable[[], bool]]) -> None:
        """Start it on a terminal and press keys, each when what the one before does has happened."""
        child, terminal = pty.fork()
        if child == 0:
            os.execvpe(self.command[0], self.command, self._env)
        seen = bytearray()
        threading.Thread(target=_drain, args=(terminal, seen), daemon=True).start()
        try:
            assert within(30, lambda: b"Feed <" in seen), seen[-500:]
            for keys, done in steps:
                os.write(terminal, keys)
                assert within(20, done), (keys, seen[-800:])
        finally:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
            os.close(terminal)

    @property
    def _env(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.home),
            "TERM": "xterm",
            "LC_ALL": "C.UTF-8",
            "LINES": "40",
            "COLUMNS": "120",
        }


def _drain(terminal: int, seen: bytearray) -> None:
    try:
        while part := os.read(terminal, 65536):
            seen += part
    except OSError:
        return


@needs_newsboat
def test_newsboat_syncs_a_thousand_articles_of_fifty_feeds_with_nothing_lost(app: App, tmp_path: Path) -> None:
    made = seed(app.house, FEEDS, EACH)
    ids = sorted(key for some in made.values() for key in some)
    app.house.desk.streams.mark(app.house.store.readers.owner(), ids[::7], read=True)
    boat = Newsboat(tmp_path / "boat", app)
    boat.reload()
    items = boat.items()
    assert len(items) == FEEDS * EACH
    assert {int(guid[-16:], 16): unread for guid, (_, unread) in items.items()} == {
        key: key not in set(ids[::7]) for key in ids
    }
    assert "Council meets" in {title for title, _ in items.values()}
    app.house.desk.streams.mark(app.house.store.readers.owner(), ids[::7], read=False)
    app.house.desk.streams.mark(app.house.store.readers.owner(), ids[1::7], read=True)
    late = bring(app.house, app.house.store.feeds.get(1), 3, name="late")
    boat.reload()
    unread = {int(guid[-16:], 16) for guid, (_, unread) in boat.items().items() if unread}
    assert unread == {*ids, *late} - set(ids[1::7])


@needs_newsboat
def test_what_is_marked_in_newsboat_is_marked_here(app: App, tmp_path: Path) -> None:
    (ids,) = seed(app.house, 1, 4, read=False).values()
    boat = Newsboat(tmp_path / "boat", app)
    boat.reload()
    boat.press(
        (b"\rN", lambda: app.ids(READ) == ids[:1]),
        (b"uN", lambda: app.ids(READ) == []),
        (b"d\x05s\r", lambda: len(app.ids(STARRED)) == 1),
        (b"\x05\x7f\r", lambda: app.ids(STARRED) == []),
        (b"A", lambda: sorted(app.ids(READ)) == ids),
    )


@pytest.fixture
def freshrss_api() -> ModuleType:
    """The PyPI client. It imports loguru and beautifulsoup4 and asks for neither; what it does here needs neither."""
    for name, has in (("loguru", {"logger": logging.getLogger("freshrss_api")}), ("bs4", {"BeautifulSoup": None})):
        if name not in sys.modules and find_spec(name) is None:
            sys.modules[name] = ModuleType(name)
            vars(sys.modules[name]).update(has)
    return pytest.importorskip("freshrss_api", reason="FRESHRSS-API SKIPPED: it is not installed")


def test_a_fever_client_syncs_a_thousand_articles_and_its_marks_come_here(app: App, freshrss_api: ModuleType) -> None:
    made = seed(app.house, FEEDS, EACH)
    ids = sorted(key for some in made.values() for key in some)
    client = freshrss_api.FreshRSSAPI(f"http://{app.where.netloc}", "owner", app.auth)
    feeds = client.get_feeds()
    assert {one["id"] for one in feeds["feeds"]} == set(made)
    (news,) = client.get_groups()["groups"]
    assert news["title"] == "News"
    items = client.get_unreads()
    assert [one.id for one in items] == ids
    assert {one.id: one.feed_id for one in items} == {key: feed for feed, some in made.items() for key in some}
    assert next(one for one in items if one.title == "Council meets").author == "Ada Quist"
    assert [one.id for one in client.get_items_from_dates(since=0, until=10**15)] == ids
    client.set_mark("read", ids[0])
    client.set_mark("saved", ids[1])
    client.set_mark("saved", ids[2])
    client.set_mark("unsaved", ids[2])
    assert app.ids(READ) == [ids[0]]
    assert app.ids(STARRED) == [ids[1]]
    assert [one.id for one in client.get_saved()] == [ids[1]]
    app.house.desk.streams.mark(app.house.store.readers.owner(), [ids[0]], read=False, saved=True)
    assert len(client.get_unreads()) == len(ids)
    assert [one.id for one in client.get_saved()] == ids[:2]


def test_a_fever_client_with_a_wrong_token_is_refused(app: App, freshrss_api: ModuleType) -> None:
    add_feed(app.house, "https://f.example/feed", "F")
    with pytest.raises(freshrss_api.AuthenticationError):
        freshrss_api.FreshRSSAPI(f"http://{app.where.netloc}", "owner", "fh_wrong")


@pytest.fixture
def google_reader() -> ModuleType:
    """The PyPI client by Miniflux's author. It asks for Python 3.12, though it runs on 3.11."""
    why = "GOOGLE-READER SKIPPED: it is not installed (pip install --ignore-requires-python google-reader)"
    return pytest.importorskip("google_reader", reason=why)


class GoogleReader:
    """The client, signed in."""

    def __init__(self, module: ModuleType, app: App) -> None:
        self.client = module.Client(f"http://{app.where.netloc}")
        self.auth = self.client.login("owner", app.auth)
        self.token = self.client.get_token(self.auth)

    def ids(self, stream: str, **how: str) -> list[int]:
        """A stream to its end, three hundred at a time, oldest first."""
        found: list[int] = []
        more = ""
        while True:
            page = self.client.get_stream_items_ids(self.auth, stream, 300, "asc", continuation=more, **how)
            found += [int(one.id) for one in page.item_refs]
            more = page.continuation
            if not more:
                return found

    def tag(self, ids: list[int], **how: list[str]) -> None:
        """Mark articles, named in the long form."""
        assert self.client.edit_tags(self.auth, self.token, [f"{LONG}{one:016x}" for one in ids], **how)


def test_google_reader_syncs_a_thousand_articles_and_marks_both_ways(app: App, google_reader: ModuleType) -> None:
    made = seed(app.house, FEEDS, EACH)
    ids = sorted(key for some in made.values() for key in some)
    owner, streams = app.house.store.readers.owner(), app.house.desk.streams
    one = GoogleReader(google_reader, app)
    held = one.ids(LIST)
    assert len(held) == len(ids)
    assert sorted(held) == ids
    told = [
        item
        for start in range(0, len(held), 250)
        for item in one.client.get_stream_items_contents(
            one.auth, one.token, list(map(str, held[start : start + 250]))
        ).items
    ]
    assert [int(item.id[-16:], 16) for item in told] == held
    assert {int(item.id[-16:], 16): item.origin.stream_id for item in told} == {
        key: f"feed/{feed}" for feed, some in made.items() for key in some
    }
    assert "Ada Quist" in {item.author for item in told if item.title == "Council meets"}
    # Its marks come here, and ours go there.
    one.tag(ids[:40], add_tags=[READ])
    one.tag(ids[5:9], add_tags=[STARRED])
    one.tag(ids[:3], remove_tags=[READ])
    assert sorted(app.ids(READ)) == ids[3:40]
    assert sorted(app.ids(STARRED)) == ids[5:9]
    streams.mark(owner, ids[100:200], read=True)
    streams.mark(owner, ids[5:6], saved=False)
    assert sorted(one.ids(LIST, exclude_target=READ)) == ids[:3] + ids[40:100] + ids[200:]
    assert sorted(one.ids(STARRED)) == ids[6:9]
    assert one.client.mark_all_as_read(one.auth, one.token, LIST)
    assert one.ids(LIST, exclude_target=READ) == []


def test_google_reader_keeps_feeds_and_folders(app: App, google_reader: ModuleType) -> None:
    first, second = sorted(seed(app.house, 2, 1))
    one = GoogleReader(google_reader, app)
    assert one.client.get_user_info(one.auth).user_name == "owner"
    feeds = {feed.id: feed for feed in one.client.list_subscriptions(one.auth)}
    assert set(feeds) == {f"feed/{first}", f"feed/{second}"}
    assert [tag.label for tag in feeds[f"feed/{second}"].categories] == ["News"]
    news, town = "user/-/label/News", "user/-/label/Town"
    change = {"action": "edit", "title": "The Gazette", "add_label_id": news}
    assert one.client.edit_subscription(one.auth, one.token, f"feed/{first}", **change)
    assert one.client.rename_tag(one.auth, one.token, news, "Town")
    assert town in {tag.id for tag in one.client.list_tags(one.auth)}
    feeds = {feed.id: feed for feed in one.client.list_subscriptions(one.auth)}
    assert feeds[f"feed/{first}"].title == "The Gazette"
    assert {tag.id for feed in feeds.values() for tag in feed.categories} == {town}
    assert one.client.delete_tag(one.auth, one.token, town)
    assert one.client.edit_subscription(one.auth, one.token, f"feed/{second}", "unsubscribe")
    (left,) = one.client.list_subscriptions(one.auth)
    assert (left.id, left.categories) == (f"feed/{first}", [])


def test_google_reader_with_a_wrong_token_is_refused(app: App, google_reader: ModuleType) -> None:
    with pytest.raises(google_reader.AuthenticationError):
        google_reader.Client(f"http://{app.where.netloc}").login("owner", "fh_wrong")
