"""The Fever API, as its description has it: everything is one address, what is asked for stands in the query."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apis_world import NOW, App, bring, seed

from app_running import serving
from firsthand.config import Settings
from firsthand.model.tokens import Scope
from firsthand.web.settings import WebSettings


class Fever(App):
    """An app of the Fever API."""

    key = ""

    def fever(self, query: str = "", *, key: str | None = None, path: str = "/fever/", **fields: Any) -> Any:
        sent = {"api_key": self.key if key is None else key, **fields}
        status, _, text = self.ask("POST", f"{path}?api{query}", sent, Authorization="none")
        assert status == 200, text
        return json.loads(text)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Fever]:
    """An app with a token at a server that follows nothing yet."""
    with serving(Settings(data=tmp_path / "data", web=WebSettings(port=0))) as (base, house, _):
        app = Fever(base, house)
        app.key = hashlib.md5(f"owner:{app.auth}".encode()).hexdigest()
        yield app


def ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


@pytest.mark.parametrize("path", ["/fever/", "/fever", "/api/fever.php"])
def test_a_key_of_name_and_token_opens_and_nothing_else_does(app: Fever, path: str) -> None:
    seed(app.house, 1, 1)
    found = app.fever("&feeds", path=path)
    assert (found["api_version"], found["auth"]) == (3, 1)
    assert len(found["feeds"]) == 1
    assert app.fever("&feeds", key=app.key.upper(), path=path)["auth"] == 1
    for wrong in ("", app.key[:-1], "0" * 32, hashlib.md5(b"owner:").hexdigest(), app.auth):
        assert app.fever("&feeds", key=wrong, path=path) == {"api_version": 3, "auth": 0}


def test_a_key_ends_with_its_token(app: Fever) -> None:
    owner = app.house.store.readers.owner()
    (token,) = app.house.desk.tokens.list(owner)
    assert app.fever()["auth"] == 1
    app.house.desk.tokens.revoke(owner, token.id)
    assert app.fever()["auth"] == 0


def test_feeds_and_groups(app: Fever) -> None:
    seed(app.house, 3, 1)
    found = app.fever("&groups&feeds&favicons&links")
    (news,) = found["groups"]
    assert news["title"] == "News"
    assert found["feeds_groups"] == [{"group_id": news["id"], "feed_ids": "2"}]
    assert [one["title"] for one in found["feeds"]] == ["Feed <0> & co", "Feed <2> & co", "Feed <1> & co"]
    assert {one["favicon_id"] for one in found["feeds"]} == {one["id"] for one in found["favicons"]}
    assert found["links"] == []
    assert app.fever()["last_refreshed_on_time"] == int(NOW.timestamp())


def test_items_come_fifty_at_a_time_up_and_down(app: Fever) -> None:
    made = seed(app.house, 2, 70)
    every = sorted(made[1] + made[2])
    up: list[int] = []
    while page := app.fever(f"&items&since_id={up[-1] if up else 0}")["items"]:
        up += [one["id"] for one in page]
        assert len(page) <= 50
    assert up == every
    down: list[int] = []
    while page := app.fever("&items" + (f"&max_id={down[-1]}" if down else ""))["items"]:
        down += [one["id"] for one in page]
    assert down == every[::-1]
    found = app.fever(f"&items&with_ids={every[3]},{every[1]},999")
    assert [one["id"] for one in found["items"]] == [every[3], every[1]]
    assert found["total_items"] == 140


def test_an_item_has_all_that_an_app_shows(app: Fever) -> None:
    (made,) = seed(app.house, 1, 2).values()
    first, second = app.fever("&items&since_id=0")["items"]
    assert first | {"html": ""} == {
        "id": made[0],
        "feed_id": 1,
        "title": "Council meets",
        "author": "Ada Quist",
        "html": "",
        "url": "https://f0.example/n0",
        "is_saved": 0,
        "is_read": 0,
        "created_on_time": int((NOW - timedelta(minutes=2)).timestamp()),
    }
    assert "<p>The council met &lt;on&gt; Monday.</p>" in first["html"]
    assert second["html"] == "<p>Summary &amp; n1.</p>"


def test_marks_of_items(app: Fever) -> None:
    (made,) = seed(app.house, 1, 3).values()
    assert ids(app.fever("&mark=item&as=read", id=made[0])["unread_item_ids"]) == made[:0:-1]
    assert ids(app.fever("&unread_item_ids")["unread_item_ids"]) == made[:0:-1]
    assert ids(app.fever(mark="item", **{"as": "saved"}, id=made[1])["saved_item_ids"]) == [made[1]]
    assert ids(app.fever("&mark=item&as=unread", id=made[0])["unread_item_ids"]) == made[::-1]
    assert app.fever("&mark=item&as=unsaved", id=made[1])["saved_item_ids"] == ""
    assert app.ask("POST", "/fever/?api&mark=item&as=burnt&id=1", {"api_key": app.key})[0] == 400


def test_marks_of_feeds_groups_and_everything_until_a_time(app: Fever) -> None:
    made = seed(app.house, 3, 2)
    late = bring(app.house, app.house.store.feeds.get(1), 1, NOW + timedelta(seconds=30), "late")
    before = int((NOW + timedelta(seconds=5)).timestamp())
    unread = app.fever(f"&mark=feed&as=read&id=1&before={before}")["unread_item_ids"]
    assert ids(unread) == sorted([*made[2], *made[3], *late], reverse=True)
    group = app.fever("&groups")["groups"][0]["id"]
    unread = app.fever(f"&mark=group&as=read&id={group}&before={before}")["unread_item_ids"]
    assert ids(unread) == sorted([*made[3], *late], reverse=True)
    assert ids(app.fever(f"&mark=group&as=read&id=0&before={before}")["unread_item_ids"]) == late
    assert ids(app.fever("&mark=group&as=read&id=-1")["unread_item_ids"]) == late


def test_a_token_that_only_reads_marks_nothing(app: Fever) -> None:
    (made,) = seed(app.house, 1, 1).values()
    secret = app.house.desk.tokens.make(app.house.store.readers.owner(), "reads", [Scope.READ]).secret
    key = hashlib.md5(f"owner:{secret}".encode()).hexdigest()
    assert ids(app.fever("&unread_item_ids", key=key)["unread_item_ids"]) == made
    assert app.ask("POST", f"/fever/?api&mark=item&as=read&id={made[0]}", {"api_key": key})[0] == 403
    assert ids(app.fever("&unread_item_ids")["unread_item_ids"]) == made
