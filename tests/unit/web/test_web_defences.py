"""What protects a reader: hosts, forged forms, other sites, hostile text, pictures, sign-in."""

from __future__ import annotations

import re
import urllib.parse
from datetime import UTC, datetime, timedelta

import pytest
from web_client import Client

from firsthand.desk.accounts import Accounts
from firsthand.model.article import OutletName
from firsthand.model.feed import Item
from firsthand.model.records import NewItem, PollOutcome

NOW = datetime.now(UTC)


@pytest.fixture
def client(filled) -> Client:
    return Client(filled.base)


@pytest.mark.parametrize(
    "path", ["/", "/articles/4", "/outlets/1", "/feeds/1", "/sections/news", "/saved", "/feeds", "/follow", "/search?q=wall",
             "/settings", "/opml", "/healthz"],
)  # fmt: skip
def test_every_page_answers_with_its_defences(client: Client, path: str) -> None:
    status, headers, _ = client.ask("GET", path)
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_no_page_holds_script_or_style_of_its_own(client: Client) -> None:
    for path in ("/", "/articles/4", "/feeds", "/follow", "/settings"):
        text = client.ask("GET", path)[2]
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", text)


def test_a_strange_host_is_refused(client: Client) -> None:
    assert client.ask("GET", "/", Host="evil.example")[0] == 421
    assert client.ask("GET", "/", Host="127.0.0.1.evil.example")[0] == 421


@pytest.mark.parametrize("path", ["/read-all", "/settings/zone", "/feeds/1/unfollow", "/articles/4/marks", "/follow"])
def test_a_form_without_its_token_changes_nothing(client: Client, path: str) -> None:
    assert client.ask("POST", path, {"saved": "1"})[0] == 403
    assert client.ask("POST", path, {"csrf": "0" * 64})[0] == 403


def test_a_form_from_another_site_is_refused_even_with_its_token(client: Client) -> None:
    token = client.token()
    assert client.ask("POST", "/settings/zone", {"csrf": token, "zone": ""}, Origin="https://evil.example")[0] == 403
    assert client.ask("POST", "/settings/zone", {"csrf": token, "zone": ""}, Sec_Fetch_Site="cross-site")[0] == 403
    assert client.ask("POST", "/settings/zone", {"csrf": token, "zone": ""})[0] == 303


def test_nobody_is_sent_elsewhere(client: Client) -> None:
    token = client.token()
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        _, headers, _ = client.ask("POST", "/articles/4/marks", {"csrf": token, "saved": "0", "back": back})
        assert headers["location"] == "/"


def test_only_pictures_that_our_pages_name_are_fetched(filled, client: Client) -> None:
    text = client.ask("GET", "/")[2]
    link = re.search(r'src="(/image\?[^"]+)"', text)[1].replace("&amp;", "&")  # type: ignore[index]
    status, headers, _ = client.ask("GET", link)
    assert status == 200
    assert headers["content-type"] == "image/png"
    assert client.ask("GET", link[:-2] + "AA")[0] in {403, 404}
    for url in ("http://127.0.0.1:22/", "file:///etc/passwd", "../../etc/passwd"):
        path = "/image?" + urllib.parse.urlencode({"u": url, "s": "AAAAAAAAAAAAAAAAAAAAAA"})
        assert client.ask("GET", path)[0] in {403, 404}


@pytest.mark.parametrize("path", ["/articles/999999", "/outlets/999999", "/feeds/99999", "/nothing", "/articles/x"])
def test_what_is_not_there_is_a_calm_404(client: Client, path: str) -> None:
    status, _, text = client.ask("GET", path)
    assert status == 404
    assert "Traceback" not in text
    assert "front page" in text


@pytest.mark.parametrize("path", ["/?before=x", "/articles/4?version=x", "/live?view=nothing", "/search?q=before:soon"])
def test_broken_addresses_are_answered_in_words(client: Client, path: str) -> None:
    status, _, text = client.ask("GET", path)
    assert status == 400
    assert "Traceback" not in text


def test_hostile_headlines_are_text(app) -> None:
    store = app.house.store
    feed = store.feeds.add(
        "https://evil.example/feed", title="<img src=x>", outlet=OutletName("<b>", "evil.example"), now=NOW
    )
    store.readers.follow(store.readers.owner().id, feed.id, '"><script>', NOW)
    item = Item(
        id="1", url="https://evil.example/1", title="<script>alert(1)</script>", summary='"><svg onload=alert(1)>'
    )
    new = NewItem(item=item, key=item.url, fingerprint="f", sort_at=NOW)  # type: ignore[arg-type]
    later = NOW + timedelta(hours=1)
    store.ingest.save_poll(
        PollOutcome(feed_id=feed.id, polled=NOW, next_poll=later, interval=timedelta(hours=1), new=(new,))
    )
    for path in ("/", "/articles/1", "/feeds", f"/feeds/{feed.id}", "/outlets/1", "/search?q=alert"):
        text = app.get(path)
        assert "<script>alert" not in text
        assert "<svg" not in text
        assert "<img src=x>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in app.get("/")


def test_signing_in(app) -> None:
    accounts = Accounts(app.house.store, lambda: datetime.now(UTC))
    accounts.create("ada", "correct horse battery")
    client = Client(app.base)
    status, headers, _ = client.ask("GET", "/saved")
    assert status == 303
    assert headers["location"].startswith("/login?next=")
    token = client.token("/login")
    wrong = {"csrf": token, "name": "ada", "password": "wrong wrong wrong", "next": "/saved"}
    assert client.ask("POST", "/login", wrong)[0] == 403
    before = client.cookies["firsthand"]
    right = wrong | {"password": "correct horse battery"}
    status, headers, _ = client.ask("POST", "/login", right)
    assert (status, headers["location"]) == (303, "/saved")
    assert client.cookies["firsthand"] != before
    assert client.ask("GET", "/saved")[0] == 200
    assert client.ask("POST", "/logout", {"csrf": client.token()})[0] == 303
    assert client.ask("GET", "/saved")[0] == 303


def test_guessing_passwords_is_slowed_down_for_known_and_unknown_names_alike(app) -> None:
    Accounts(app.house.store, lambda: datetime.now(UTC)).create("ada", "correct horse battery")
    client = Client(app.base)
    token = client.token("/login")
    texts = set()
    for name in ("ada", "nobody"):
        text = client.ask("POST", "/login", {"csrf": token, "name": name, "password": "wrong wrong wrong"})[2]
        texts.add(re.sub(r'value="[^"]*"', "", text))
    assert len(texts) == 1
    for _ in range(12):
        _, _, text = client.ask("POST", "/login", {"csrf": token, "name": "ada", "password": "wrong wrong wrong"})
    assert "too many" in text
    right = {"csrf": token, "name": "ada", "password": "correct horse battery"}
    assert client.ask("POST", "/login", right)[0] == 403
