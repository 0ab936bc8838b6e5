"""WebSub against a small hub on loopback: subscribing, hearing within a second, and telling ours."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from out_world import FREE, a_feed, bring, read

from app_running import serving
from firsthand.cli.house import House
from firsthand.config import Settings
from firsthand.deliver.websub import Hubs
from firsthand.desk.websub import is_signed
from firsthand.model.feed import Fetched
from firsthand.model.websub import Subscription
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.feeds import parse_feed
from firsthand.sources.fetcher import FetchSettings
from firsthand.sources.hubs import hub_of
from firsthand.web.settings import WebSettings

FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>Herald</title><updated>2026-11-24T12:00:00Z</updated>
<link rel="self" href="{topic}"/><link rel="hub" href="{hub}"/>{entries}</feed>"""
ENTRY = """<entry><id>urn:x:{name}</id><title>{name}</title><updated>2026-11-24T12:00:00Z</updated>
<link href="https://herald.example/{name}"/></entry>"""


@dataclass
class Hub:
    """A hub that verifies at once, as hubs do, and the outlet whose feed names it."""

    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    answers: int = 202
    lease: str = "600"
    entries: str = ""
    verified: threading.Event = field(default_factory=threading.Event)
    challenged: list[str] = field(default_factory=list)

    @property
    def topic(self) -> str:
        return f"{self.url}/feed"

    def feed(self, *names: str) -> bytes:
        entries = "".join(ENTRY.format(name=name) for name in names)
        return FEED.format(topic=self.topic, hub=f"{self.url}/hub", entries=entries).encode()

    def take(self, form: dict[str, list[str]]) -> None:
        if form["hub.mode"] == ["publish"]:
            self.told += form["hub.url"]
            return
        self.asked.append({name: values[0] for name, values in form.items()})
        threading.Thread(target=self.verify, args=(self.asked[-1],), daemon=True).start()

    def verify(self, asked: dict[str, str]) -> None:
        query = {"hub.mode": "subscribe", "hub.topic": asked["hub.topic"], "hub.challenge": "a-challenge"}
        self.challenged.append(
            get(asked["hub.callback"] + "?" + urlencode(query | {"hub.lease_seconds": self.lease}))[1]
        )
        self.verified.set()

    def send(self, body: bytes, *, method: str = "sha256", secret: str | None = None) -> int:
        key = (secret or self.asked[-1]["hub.secret"]).encode()
        signature = f"{method}={hmac.new(key, body, method).hexdigest()}"
        headers = {"X-Hub-Signature": signature, "Content-Type": "application/atom+xml"}
        request = urllib.request.Request(self.asked[-1]["hub.callback"], body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, ""


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            if hub.answers < 300:
                hub.take(form)  # before the answer, so that a test that has it finds all done
            self.send_response(hub.answers)
            self.send_header("content-length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            body = hub.feed("first")
            self.send_response(200)
            self.send_header("content-type", "application/atom+xml")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield hub
    server.shutdown()
    server.server_close()


@dataclass
class App:
    base: str
    house: House
    call: object
    hubs: Hubs

    def work(self) -> int:
        return self.call(self.hubs.subscribe_some())  # type: ignore[operator]

    def subscription(self) -> Subscription:
        (feed,) = [one for one in self.house.store.feeds.all() if one.url.endswith("/feed")]
        found = self.house.store.hubs.get(feed.id)
        assert found is not None
        return found

    def titles(self) -> set[str]:
        return {one.headline for one in self.house.store.articles.front(1, before=None, limit=50)}


@contextmanager
def running(data: Path, hub: Hub) -> Iterator[App]:
    settings = Settings(
        data=data,
        web=WebSettings(port=0, public=True, hub=f"{hub.url}/hub"),
        fetch=FetchSettings(allow_networks=("127.0.0.0/8",), host_delay=timedelta(0)),
        pipeline=PipelineSettings(analyze=False, read_pages=False),
    )
    with serving(settings) as (base, house, call):
        yield App(base, house, call, Hubs(house.desk, base, settings.web.hub))


@pytest.fixture
def app(tmp_path: Path, hub: Hub) -> Iterator[App]:
    """An app that follows the hub's feed and has polled it once."""
    with running(tmp_path, hub) as app:
        app.house.desk.follow_known(hub.topic, title="Herald", now=datetime.now(UTC))
        app.call(app.house.pipeline.run_once())  # type: ignore[operator]
        yield app


def test_a_hub_that_a_feed_names_is_asked_and_verified(app: App, hub: Hub) -> None:
    assert app.subscription().topic == hub.topic
    assert app.work() == 1
    assert hub.verified.wait(20)
    (asked,) = hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", hub.topic)
    assert asked["hub.callback"].startswith(app.base + "/websub/")
    assert len(asked["hub.secret"]) >= 32
    assert hub.challenged == ["a-challenge"]
    one, now = app.subscription(), datetime.now(UTC)
    assert one.is_live(now)
    assert one.expires is not None
    assert timedelta(minutes=9) < one.expires - now <= timedelta(minutes=10)
    assert one.due is not None
    assert one.due < one.expires
    assert app.work() == 0  # not before the lease is nearly over


def test_what_a_hub_sends_is_on_screen_within_a_second(app: App, hub: Hub) -> None:
    app.work()
    assert hub.verified.wait(20)
    seq = app.house.desk.live.latest()
    began = time.monotonic()
    assert hub.send(hub.feed("breaking", "first")) == 202
    took = time.monotonic() - began
    assert app.titles() == {"first", "breaking"}
    assert [one.kind.value for one in app.house.desk.live.after(seq)] == ["article.new"]
    print(f"from the ping to the change: {took * 1000:.0f} ms")
    assert app.house.store.feeds.all()[0].failing_since is None


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_way_of_signing_that_hubs_use(method: str) -> None:
    signature = f"{method}={hmac.new(b'key', b'body', method).hexdigest()}"
    assert is_signed(b"body", signature, "key")
    assert not is_signed(b"body!", signature, "key")
    assert not is_signed(b"body", signature, "other")


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "md5=" + hashlib.md5(b"body").hexdigest(), "sha256", "sha256=é", "="]
)
def test_what_is_no_signature_is_none(signature: str) -> None:
    assert not is_signed(b"body", signature, "key")


def test_a_wrong_signature_changes_nothing_and_is_not_told_so(app: App, hub: Hub) -> None:
    app.work()
    assert hub.verified.wait(20)
    assert hub.send(hub.feed("forged"), secret="guessed") == 202
    assert app.titles() == {"first"}
    assert app.subscription().last_told is None


def test_a_ping_without_content_makes_the_feed_due(app: App, hub: Hub) -> None:
    app.work()
    assert hub.verified.wait(20)
    for body in (b"", b"not a feed"):
        hub.send(body)
        (feed,) = app.house.store.feeds.all()
        assert feed.next_poll <= datetime.now(UTC)
        assert feed.failing_since is None


def test_who_was_not_asked_is_not_believed(app: App, hub: Hub) -> None:
    callback = app.base + app.house.desk.websub.callback(app.subscription())
    query = {"hub.mode": "subscribe", "hub.topic": hub.topic, "hub.challenge": "x"}
    assert get(callback + "?" + urlencode(query))[0] == 404  # we have not asked yet
    app.work()
    assert hub.verified.wait(20)
    assert get(callback + "?" + urlencode(query | {"hub.topic": "https://other.example/"}))[0] == 404
    assert get(callback + "?" + urlencode(query | {"hub.mode": "unsubscribe"}))[0] == 404
    assert get(callback[:-1] + "x?" + urlencode(query))[0] == 404
    assert get(app.base + "/websub/99/x?" + urlencode(query))[0] == 404
    assert get(callback + "?" + urlencode(query))[1] == "x"


def test_nobody_who_unfollowed_goes_on_being_told(app: App, hub: Hub) -> None:
    app.work()
    assert hub.verified.wait(20)
    feed_id = app.subscription().feed_id
    app.house.store.readers.unfollow(1, feed_id)
    query = {"hub.mode": "unsubscribe", "hub.topic": hub.topic, "hub.challenge": "gone"}
    assert get(hub.asked[0]["hub.callback"] + "?" + urlencode(query)) == (200, "gone")


def test_a_hub_that_refuses_is_left_alone_for_a_while(app: App, hub: Hub) -> None:
    query = {"hub.mode": "denied", "hub.topic": hub.topic, "hub.reason": "not here"}
    callback = app.base + app.house.desk.websub.callback(app.subscription())
    assert get(callback + "?" + urlencode(query))[0] == 200
    assert app.subscription().problem == "The hub refused: not here."
    assert app.work() == 0


def test_a_hub_that_fails_is_asked_again_later_and_later(app: App, hub: Hub) -> None:
    hub.answers = 500
    assert app.work() == 1
    one = app.subscription()
    assert (one.failures, one.problem) == (1, "The hub answered 500.")
    assert app.work() == 0


def test_without_a_public_address_nobody_is_asked(app: App, hub: Hub) -> None:
    app.call(Hubs(app.house.desk, "").run())  # type: ignore[operator]
    assert hub.asked == []


def test_our_hub_is_told_which_of_our_feeds_have_changed(app: App, hub: Hub) -> None:
    store = app.house.store
    app.call(app.hubs.tell())  # type: ignore[operator]
    hub.told.clear()
    assert app.call(app.hubs.tell()) == 0  # type: ignore[operator]
    (one,) = bring(store, a_feed(store), "one")
    read(store, one, FREE)
    app.call(app.hubs.tell())  # type: ignore[operator]
    outlet = store.articles.get(1, one).outlet.id
    assert set(hub.told) == {
        f"{app.base}/out/{path}.{form}"
        for path in (f"outlets/{outlet}", "sections/world")
        for form in ("atom", "rss", "json")
    }
    assert all(get(url)[0] == 200 for url in hub.told)


def test_link_headers_go_before_what_the_feed_says() -> None:
    body = FEED.format(topic="https://a.example/own", hub="https://hub.example/own", entries="").encode()
    parsed = parse_feed(body, url="https://a.example/feed")
    answer = Fetched(url="https://a.example/feed", status=200, body=body)
    assert hub_of(answer, parsed) == ("https://hub.example/own", "https://a.example/own")
    links = '<https://hub.example/1>; rel="hub", <https://hub.example/2>; rel=hub, </self,1>; title="a, b"; rel="self alternate"'
    linked = Fetched(url="https://a.example/feed", status=200, body=body, links=links)
    assert hub_of(linked, parsed) == ("https://hub.example/1", "https://a.example/self,1")
    bare = parse_feed(b'<rss version="2.0"><channel><title>x</title></channel></rss>', url="https://a.example/feed")
    assert hub_of(answer, bare) is None


def test_feeds_that_move_to_another_hub_are_asked_for_there(app: App, hub: Hub) -> None:
    app.work()
    assert hub.verified.wait(20)
    (feed,) = app.house.store.feeds.all()
    body = FEED.format(topic=hub.topic, hub=f"{hub.url}/other", entries="").encode()
    asyncio_run(app, app.house.pipeline.take(feed, Fetched(url=hub.topic, status=200, body=body)))
    one = app.subscription()
    assert urlsplit(one.hub).path == "/other"
    assert one.expires is None
    assert app.work() == 1


def asyncio_run(app: App, work: object) -> None:
    assert asyncio.iscoroutine(work)
    app.call(work)  # type: ignore[operator]
