"""The app on the phone as its server answers: manifest, worker, what is held, marks that come back, what is shared."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime

import pytest
from web_client import Client

from app_running import Running
from firsthand.model.errors import UsageError
from firsthand.web.phone import read_marks, shared_link

PASSWORD = "correct horse battery"
ENDPOINT = "https://push.example/1"
POINT, AUTH = "A" * 86 + "8", "A" * 22  # base64url of 65 and of 16 bytes


@pytest.fixture
def ada(app: Running) -> Client:
    """A signed-in reader."""
    app.house.desk.accounts.create("Ada", PASSWORD)
    return signed_in(app, "Ada")


def signed_in(app: Running, name: str) -> Client:
    client = Client(app.base)
    form = {"csrf": client.token("/login"), "name": name, "password": PASSWORD, "next": "/"}
    assert client.ask("POST", "/login", form)[0] == 303
    return client


def test_the_manifest_and_the_worker_are_given_without_a_session(ada: Client, app: Running) -> None:
    nobody = Client(app.base)
    status, headers, text = nobody.ask("GET", "/manifest.webmanifest")
    assert (status, headers.get_content_type()) == (200, "application/manifest+json")
    manifest = json.loads(text)
    for icon in manifest["icons"]:
        assert nobody.ask("GET", icon["src"])[0] == 200
    status, headers, code = nobody.ask("GET", "/sw.js")
    assert status == 200
    assert headers.get_content_type() == "text/javascript"
    assert headers["cache-control"] == "no-cache"
    assert "worker-src 'self'" in headers["content-security-policy"]
    for path in json.loads(re.search(r"const SHELL = (\[.*?\]);", code)[1]):  # type: ignore[index]
        assert nobody.ask("GET", path)[0] == 200, path


def test_every_page_names_its_reader_to_their_browser(ada: Client, app: Running) -> None:
    app.house.desk.accounts.create("Ben", PASSWORD)
    ben = signed_in(app, "Ben")
    keys = {client.ask("GET", "/settings")[1]["x-firsthand-reader"] for client in (ada, ben)}
    assert len(keys) == 2
    assert ada.ask("GET", "/settings")[1]["x-firsthand-reader"] in keys
    assert Client(app.base).ask("GET", "/login")[1]["x-firsthand-reader"] is None


def test_signing_out_clears_what_the_browser_holds(ada: Client) -> None:
    headers = ada.ask("POST", "/logout", {"csrf": ada.token()})[1]
    assert headers["clear-site-data"] == '"cache", "storage"'
    status, _, text = ada.ask("GET", "/offline/state", Accept="application/json")
    assert (status, "csrf" in text) == (401, False)


def test_marks_made_offline_are_set_once(app: Running) -> None:
    app.follow_all()
    app.poll()
    client = Client(app.base)
    state = json.loads(client.ask("GET", "/offline/state")[2])
    number = int(state["articles"][0]["path"].rpartition("/")[2])
    made = {"id": str(uuid.uuid4()), "article": number, "saved": True, "at": datetime.now(UTC).isoformat()}
    form = {"csrf": state["csrf"], "marks": json.dumps([made])}
    assert json.loads(client.ask("POST", "/offline/marks", form)[2]) == {"applied": 1}
    assert json.loads(client.ask("POST", "/offline/marks", form)[2]) == {"applied": 0}
    after = json.loads(client.ask("GET", "/offline/state")[2])["articles"]
    assert after[0] == {"path": f"/articles/{number}", "tag": after[0]["tag"], "saved": True}
    assert client.ask("POST", "/offline/marks", form | {"csrf": "x"})[0] == 403


@pytest.mark.parametrize(
    "marks",
    [
        "",
        "{}",
        "[1]",
        "[{}]",
        "[" * 5000,
        '[{"id": "abcdefgh", "article": "1", "at": "2026-11-24T12:00:00Z"}]',
        '[{"id": "abcdefgh", "article": true, "at": "2026-11-24T12:00:00Z"}]',
        '[{"id": "abcdefgh", "article": 1, "read": 1, "at": "2026-11-24T12:00:00Z"}]',
        '[{"id": "abcdefgh", "article": 1, "at": "2026-11-24T12:00:00"}]',
        '[{"id": "a b", "article": 1, "at": "2026-11-24T12:00:00Z"}]',
        '[{"id": "abcdefgh", "article": 99999999999999999999, "at": "2026-11-24T12:00:00Z"}]',
    ],
)
def test_marks_that_no_device_writes_are_refused(marks: str) -> None:
    with pytest.raises(UsageError):
        read_marks(marks)


@pytest.mark.parametrize(
    ("texts", "link"),
    [
        (("https://a.example/x", "", ""), "https://a.example/x"),
        (("", "Look: https://a.example/x?b=1&c=2.", ""), "https://a.example/x?b=1&c=2"),
        (("", "(http://a.example/x)", ""), "http://a.example/x"),
        (("javascript:alert(1)", "no link", "data:text/html,x"), None),
        (("", "", "Read https://a.example/é"), "https://a.example/é"),
    ],
)
def test_the_link_in_what_was_shared(texts: tuple[str, str, str], link: str | None) -> None:
    assert shared_link(*texts) == link


def test_only_the_phone_itself_may_share_without_asking(app: Running) -> None:
    client = Client(app.base)
    path = "/share?url=" + app.world.home("daily-ledger")
    assert client.ask("GET", path, Sec_Fetch_Site="none")[0] == 303
    foreign = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    for headers in ({}, foreign):
        status, _, text = client.ask("GET", path, **headers)
        assert (status, "Read this?" in text) == (200, True)
    assert client.ask("GET", "/share?text=nothing", Sec_Fetch_Site="none")[0] == 400


def test_a_browser_is_told_and_told_no_more(ada: Client) -> None:
    keys = {"p256dh": POINT, "auth": AUTH}
    form = {"csrf": ada.token(), "subscription": json.dumps({"endpoint": ENDPOINT, "keys": keys})}
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36"
    assert ada.ask("POST", "/settings/notifications/device", form, User_Agent=agent)[0] == 204
    assert f'data-endpoint="{ENDPOINT}"' in (page := ada.ask("GET", "/settings/notifications")[2])
    assert "Chrome on Android" in page
    assert ada.ask("POST", "/settings/notifications/device", form | {"subscription": "{}"})[0] == 400
    assert ada.ask("POST", "/settings/notifications/device/end", {"csrf": form["csrf"], "endpoint": ENDPOINT})[0] == 204
    assert ENDPOINT not in ada.ask("GET", "/settings/notifications")[2]


def test_a_device_that_was_signed_out_takes_itself_up_again(ada: Client, app: Running) -> None:
    keys = {"p256dh": POINT, "auth": AUTH}
    form = {"csrf": ada.token(), "subscription": json.dumps({"endpoint": ENDPOINT, "keys": keys})}
    ada.ask("POST", "/settings/notifications/device", form)
    assert json.loads(ada.ask("GET", "/offline/state")[2])["ended"] == []
    ada.ask("POST", "/logout", {"csrf": ada.token()})
    again = signed_in(app, "Ada")
    assert json.loads(again.ask("GET", "/offline/state")[2])["ended"] == [ENDPOINT]
    assert "signed out there" in again.ask("GET", "/settings/notifications")[2]


def test_rules_are_set_and_wrong_ones_are_told(ada: Client) -> None:
    csrf = ada.token()
    good = {"csrf": csrf, "breaking": "1", "outlets": "5", "origins": "3", "per_day": "4", "quiet": "1"}
    good |= {"quiet_from": "23:15", "quiet_to": "06:45"}
    assert ada.ask("POST", "/settings/notifications/rules", good)[0] == 303
    page = ada.ask("GET", "/settings/notifications")[2]
    assert 'value="23:15"' in page
    assert 'name="beats" value="1" >' in page
    for wrong in ({"per_day": "0"}, {"outlets": "x"}, {"outlets": "999"}, {"quiet_from": "25:00"}):
        status, _, text = ada.ask("POST", "/settings/notifications/rules", good | wrong)
        assert (status, 'role="alert"' in text) == (400, True)


def test_a_webhook_s_secret_is_shown_once_and_its_channel_is_its_reader_s_alone(ada: Client, app: Running) -> None:
    csrf = ada.token()
    form = {"csrf": csrf, "kind": "webhook", "address": "https://bot.example/hook", "label": "<b>Bot"}
    text = ada.ask("POST", "/settings/notifications/channels", form)[2]
    assert "whsec_" in text
    page = ada.ask("GET", "/settings/notifications")[2]
    assert "whsec_" not in page
    assert "&lt;b&gt;Bot" in page
    number = re.search(r"channels/(\d+)/test", page)[1]  # type: ignore[index]
    app.house.desk.accounts.create("Ben", PASSWORD)
    ben = signed_in(app, "Ben")
    token = ben.token()
    assert ben.ask("POST", f"/settings/notifications/channels/{number}/test", {"csrf": token})[0] == 404
    ben.ask("POST", f"/settings/notifications/channels/{number}/remove", {"csrf": token})
    assert "Bot" in ada.ask("GET", "/settings/notifications")[2]
    assert ada.ask("POST", f"/settings/notifications/channels/{number}/test", {"csrf": csrf})[0] == 303
    assert ada.ask("POST", f"/settings/notifications/channels/{number}/remove", {"csrf": csrf})[0] == 303
    assert "Nobody yet." in ada.ask("GET", "/settings/notifications")[2]
