"""Feeds out over HTTP: who is let in, what comes, and what is not sent twice."""

from __future__ import annotations

import json
import re
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import feedparser
import pytest
from out_world import CLOSED, FREE, a_feed, bring, read
from web_client_out import Browser

from app_running import Running, serving
from firsthand.config import Settings
from firsthand.model.beats import BeatKind
from firsthand.model.out import FeedName
from firsthand.pipeline.settings import PipelineSettings
from firsthand.web.settings import WebSettings

EVERY = ["front", "saved", "search?q=Headline", "sections/world", "outlets/1", "beats/headline", "stories/1"]


def ask(app: Running, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """As a feed reader asks: without a cookie."""
    where = urlsplit(app.base)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def end(path: str, form: str, key: str = "") -> str:
    stem, _, words = path.partition("?")
    return f"/out/{stem}.{form}" + (
        "?" + "&".join(part for part in (words, key and f"key={key}") if part) if words or key else ""
    )


@pytest.fixture
def held(app: Running) -> Running:
    fill(app)
    return app


def fill(app: Running) -> None:
    """Two articles, one that may leave and one that may not, a beat, a story, and an account, so that doors are closed."""
    store, desk = app.house.store, app.house.desk
    free, closed = bring(store, a_feed(store), "free", "closed")
    read(store, free, FREE)
    read(store, closed, CLOSED)
    reader = store.readers.owner()
    for one in (free, closed):
        desk.browse.mark(reader, one, saved=True)
    app.call(app.house.pipeline.run_once())  # puts them into stories
    desk.beats.add(reader, BeatKind.SEARCH, "headline")
    desk.accounts.create("ada", "a long password")


def test_without_the_secret_the_door_is_closed(held: Running) -> None:
    for path in EVERY:
        status, _, text = ask(held, end(path, "atom"))
        assert status == 403, path
        assert "secret address" in text
        assert "Headline" not in text
        assert ask(held, end(path, "atom", "wrong"))[0] == 403


def test_the_secret_opens_its_feed_alone_until_it_is_revoked(held: Running) -> None:
    out, reader = held.house.desk.out, held.house.store.readers.owner()
    key = out.make_key(reader, "saved")
    assert ask(held, f"/out/saved.atom?key={key}")[0] == 200
    assert ask(held, f"/out/front.atom?key={key}")[0] == 403
    assert ask(held, f"/out/beats/headline.atom?key={key}")[0] == 403
    (listed,) = out.keys(reader)
    assert (listed.feed, listed.last_used is not None) == ("saved", True)
    held_rows = repr(held.house.store.engine.connect().exec_driver_sql("SELECT * FROM feed_keys").all())
    assert key not in held_rows
    out.revoke(reader, listed.id)
    assert ask(held, f"/out/saved.atom?key={key}")[0] == 403


def test_every_list_is_a_feed_in_every_format(held: Running) -> None:
    key = held.house.desk.out.make_key(held.house.store.readers.owner(), "")
    for path in EVERY:
        for form in ("atom", "rss"):
            address = end(path, form, key)
            status, headers, text = ask(held, address)
            assert (status, headers["content-type"].split(";")[0]) == (200, f"application/{form}+xml"), path
            feed = feedparser.parse(text)
            assert not feed.bozo
            assert len(feed.entries) in (1, 2), path
            assert [one.href for one in feed.feed.links if one.rel == "self"] == [
                held.base + address.replace("+", "%20")
            ]
        document = json.loads(ask(held, end(path, "json", key))[2])
        assert document["feed_url"] == held.base + end(path, "json", key)
        assert len({one["id"] for one in document["items"]}) == len(document["items"])


def test_what_is_not_allowed_to_leave_does_not(held: Running) -> None:
    key = held.house.desk.out.make_key(held.house.store.readers.owner(), "")
    for path in EVERY:
        for form in ("atom", "rss", "json"):
            text = ask(held, end(path, form, key))[2]
            closed = [part for part in re.split(r"<entry|<item>|\"id\"", text) if "expressly prohibited" in part]
            assert closed or path.startswith(("front", "stories")), (path, form)
            assert all("word50 " not in part for part in closed), (path, form)
    items = json.loads(ask(held, end("outlets/1", "json", key))[2])["items"]
    assert {"word299" in one.get("content_html", "") for one in items} == {True, False}


def test_what_a_reader_has_is_not_sent_again(held: Running) -> None:
    store = held.house.store
    key = held.house.desk.out.make_key(store.readers.owner(), "")
    address = f"/out/outlets/1.atom?key={key}"
    _, first, _ = ask(held, address)
    assert ask(held, address, If_None_Match=first["etag"])[0] == 304
    assert ask(held, address, If_None_Match=f'"other", W/{first["etag"]}')[0] == 304
    assert ask(held, address, If_Modified_Since=first["last-modified"])[0] == 304
    assert ask(held, address, If_None_Match='"other"', If_Modified_Since=first["last-modified"])[0] == 200
    assert ask(held, address, If_Modified_Since="yesterday")[0] == 200
    bring(store, store.feeds.all()[0], "later")
    status, second, text = ask(held, address, If_None_Match=first["etag"])
    assert status == 200
    assert second["etag"] != first["etag"]
    assert "Title later" in text


def test_an_old_article_saved_today_is_no_old_list(held: Running) -> None:
    key = held.house.desk.out.make_key(held.house.store.readers.owner(), "saved")
    headers = ask(held, f"/out/saved.atom?key={key}")[1]
    assert "last-modified" not in headers
    assert "etag" in headers


def test_public_feeds_are_public_and_a_readers_own_are_not(tmp_path: Path) -> None:
    web = WebSettings(port=0, public=True, hub="https://hub.example/")
    settings = Settings(data=tmp_path, web=web, pipeline=PipelineSettings(analyze=False))
    with serving(settings) as (base, house, call):
        app = Running(base, house, None, call)  # type: ignore[arg-type]
        fill(app)
        for path in EVERY:
            status, headers, text = ask(app, end(path, "atom"))
            own = path.startswith(("saved", "beats"))
            assert status == (403 if own else 200), path
            if not own:
                assert 'rel="hub" href="https://hub.example/"' in text
                assert headers["cache-control"].startswith("public")
                assert "/articles/" not in text  # pages stay closed


@pytest.mark.parametrize(
    "path", ["/out/nothing.atom", "/out/front.xml", "/out/outlets/0.atom", "/out/outlets/99.atom", "/out/../etc.atom",
             "/out/people/9999999999999999999.atom", "/out/sections/.rss", "/out/stories/77.json", "/out/beats/none.atom"]
)  # fmt: skip
def test_what_is_no_feed_is_said_so(app: Running, path: str) -> None:
    assert ask(app, path)[0] == 404


def test_a_search_that_cannot_be_understood_is_no_error_of_ours(app: Running) -> None:
    assert ask(app, "/out/search.atom?" + urlencode({"q": "before:never"}))[0] == 400


def test_pages_name_their_feeds_and_the_page_hands_out_addresses(app: Running) -> None:
    store = app.house.store
    (one,) = bring(store, a_feed(store), "one")
    read(store, one, CLOSED)
    browser = Browser(app.base)
    page = browser.get("/sections/world")
    assert '<link rel="alternate" type="application/atom+xml" title="World" href="/out/sections/world.atom">' in page
    assert browser.get("/search?q=headline").count('rel="alternate"') == 3
    assert "/out?of=search%3Fheadline" in browser.get("/search?q=headline")
    page = browser.post("/out/keys", feed="sections/world")
    address = re.search(r'href="(http[^"]+/out/sections/world\.json\?key=[\w-]{43})"', page)
    assert address is not None
    assert json.loads(ask(app, address[1].removeprefix(app.base))[2])["title"] == "World · Firsthand"
    assert "key=" not in browser.get("/out?of=sections/world")
    key_id = store.out.keys(1)[0].id
    browser.post(f"/out/keys/{key_id}/revoke")
    assert store.out.keys(1) == []


def test_ids_stay_whatever_the_address(app: Running) -> None:
    store, desk = app.house.store, app.house.desk
    (one,) = bring(store, a_feed(store), "one")
    made = desk.out.feed(store.readers.owner(), FeedName("outlets/1"))
    read(store, one, FREE)
    again = desk.out.feed(store.readers.owner(), FeedName("outlets/1"))
    assert made.id == again.id
    assert [entry.id for entry in made.entries] == [entry.id for entry in again.entries]
    assert again.entries[0].published <= again.entries[0].updated
