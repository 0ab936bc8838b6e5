"""Beats as a reader uses them: watch, read, be told, edit, remove; on pages and from the command line."""

from __future__ import annotations

import json
import re
import urllib.error
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from out_world import CLOSED, a_feed, bring, read
from typer.testing import CliRunner
from web_client_out import Browser

from app_running import Running
from firsthand.cli.app import app as cli
from firsthand.desk.live import View
from firsthand.model.beats import AlertKind, BeatKind


@pytest.fixture
def browser(app: Running) -> Browser:
    return Browser(app.base)


def test_a_search_is_watched_with_one_press(app: Running, browser: Browser) -> None:
    store = app.house.store
    feed = a_feed(store)
    bring(store, feed, "sea-wall")
    page = browser.get("/search?q=title")
    assert 'name="kind" value="search"' in page
    page = browser.post("/beats", kind="search", key="title")
    assert '<h1 dir="auto">title</h1>' in page
    assert "Title sea-wall" in page
    bring(store, feed, "later")
    app.house.desk.watcher.work_all()
    assert "Title later" in browser.get("/beats/title")
    assert "Title later" in browser.get("/out/beats/title.json")
    assert "aria-current" in browser.get("/beats")


def test_alerts_are_counted_until_the_beat_is_opened(app: Running, browser: Browser) -> None:
    store = app.house.store
    feed = a_feed(store)
    browser.post("/beats", kind="search", key="headline")
    (one,) = bring(store, feed, "a")
    read(store, one, CLOSED)
    app.call(app.house.pipeline.run_once())
    app.house.desk.watcher.work_all()
    assert '1<span class="vh"> new alerts</span>' in browser.get("/saved")
    assert "First report" in browser.get("/beats")
    page = browser.get("/beats/headline")
    assert page.count('<li class="fresh">') == 1
    assert '<span class="vh"> new alerts</span>' not in page  # it is seen now
    assert '<li class="fresh">' not in browser.get("/beats/headline")


def test_an_election_has_its_box_and_afterwards_its_archive(app: Running, browser: Browser) -> None:
    store = app.house.store
    bring(store, a_feed(store), "vote")
    today = datetime.now(UTC).date()
    form = {
        "kind": "search",
        "key": "title",
        "name": "The <election>",
        "starts": (today - timedelta(days=1)).isoformat(),
    }
    page = browser.post("/beats", **form, ends=today.isoformat())
    assert "The &lt;election&gt;" in page
    assert "<election>" not in page
    assert '<section class="beat-box">' in browser.get("/")
    store.beats.change(1, 1, name="Over", starts=None, ends=datetime.now(UTC) - timedelta(days=1), alerts=())
    assert '<section class="beat-box">' not in browser.get("/")
    assert '<h2 class="small">Archive</h2>' in browser.get("/beats")
    assert "this is its archive" in browser.get("/beats/the-election")


def test_a_beat_is_edited_and_removed(app: Running, browser: Browser) -> None:
    browser.post("/beats", kind="place", key="Paris")
    assert 'name="alerts" value="correction" checked' in browser.get("/beats/paris?edit=1")
    browser.post("/beats/paris", name="La ville", starts="2026-11-01", ends="2026-12-31", alerts=["origin"])
    beat = app.house.desk.beats.get(app.house.store.readers.owner(), "paris")
    assert (beat.name, beat.alerts) == ("La ville", {AlertKind.ORIGIN})
    assert beat.ends == datetime(2027, 1, 1, tzinfo=UTC)
    assert 'value="2026-12-31"' in browser.get("/beats/paris?edit=1")
    with pytest.raises(urllib.error.HTTPError, match="400") as caught:
        browser.post("/beats/paris", name="x", starts="2026-12-01", ends="2026-11-01")
    assert "end before it begins" in caught.value.read().decode()
    browser.post("/beats/paris/remove")
    assert app.house.desk.beats.lines(app.house.store.readers.owner()) == []


@pytest.mark.parametrize(
    ("form", "status"),
    [({"kind": "search", "key": ""}, 400), ({"kind": "nothing", "key": "x"}, 400), ({"kind": "person", "key": "7"}, 404),
     ({"kind": "search", "key": "x", "starts": "soon"}, 400), ({"kind": "story", "key": "9" * 30}, 404)],
)  # fmt: skip
def test_what_cannot_be_watched_is_said_so(app: Running, browser: Browser, form: dict[str, str], status: int) -> None:
    with pytest.raises(urllib.error.HTTPError, match=str(status)):
        browser.post("/beats", **form)


def test_a_form_from_elsewhere_watches_nothing(app: Running, browser: Browser) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        browser._opener.open(app.base + "/beats", b"kind=search&key=x&csrf=forged", timeout=60)


def test_pages_of_people_outlets_and_stories_can_be_watched(app: Running, browser: Browser) -> None:
    store = app.house.store
    (one,) = bring(store, a_feed(store), "a")
    read(store, one, CLOSED)
    app.call(app.house.pipeline.run_once())
    for path, kind in (("/outlets/1", "outlet"), ("/stories/1", "story")):
        key = re.search(rf'name="kind" value="{kind}"><input type="hidden" name="key" value="(\d+)"', browser.get(path))
        assert key is not None
        page = browser.post("/beats", kind=kind, key=key[1])
        assert "Headline" in page


def test_an_open_beat_is_told_of_what_comes(app: Running) -> None:
    store, desk = app.house.store, app.house.desk
    feed, reader = a_feed(store), store.readers.owner()
    desk.beats.add(reader, BeatKind.SEARCH, "title")
    seq = desk.live.latest()
    bring(store, feed, "a", "b")
    desk.watcher.work_all()
    assert desk.live.count_new(reader, View("beat", "title"), seq) == 2
    assert desk.live.count_new(reader, View("beat", "gone"), seq) == 0


def test_the_watcher_runs_beside_all_else_and_ends_when_told(app: Running) -> None:
    import asyncio

    store, desk = app.house.store, app.house.desk
    desk.beats.add(store.readers.owner(), BeatKind.SEARCH, "title")

    async def watch() -> int:
        work = asyncio.create_task(desk.watcher.run())
        bring(store, a_feed(store), "a")
        for _ in range(400):
            await asyncio.sleep(0.05)
            if found := store.beats.articles(1, 1, before=None, limit=9):
                break
        work.cancel()
        await asyncio.wait({work})
        return len(found)

    assert app.call(watch()) == 1


def test_beats_from_the_command_line(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, ["--data", str(tmp_path), "beat", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    assert "Nothing is watched yet" in run("list")
    assert "/beats/the-vote" in run(
        "add", "election", "--name", "The vote", "--from", "2026-11-01", "--to", "2026-11-30"
    )
    (beat,) = json.loads(run("list", "--json"))
    assert (beat["kind"], beat["key"], beat["ends"]) == ("search", "election", "2026-12-01T00:00:00+00:00")
    assert "the-vote" in run("list")
    run("remove", "the-vote")
    assert json.loads(run("list", "--json")) == []
