"""The page of API tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from apis_world import App
from web_client import Client

from app_running import serving
from firsthand.cli.house import House
from firsthand.config import Settings
from firsthand.web.settings import WebSettings


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, House]]:
    with serving(Settings(data=tmp_path / "data", web=WebSettings(port=0))) as (base, house, _):
        yield base, house


def test_a_token_is_made_shown_once_listed_used_and_revoked(served: tuple[str, House]) -> None:
    base, house = served
    client = Client(base)
    assert "/settings/tokens" in client.ask("GET", "/settings")[2]
    csrf = client.token("/settings/tokens")
    form = {"csrf": csrf, "name": "My <phone>", "scope": "write", "days": "30"}
    status, headers, text = client.ask("POST", "/settings/tokens", form)
    assert status == 200
    assert "no-store" in headers["cache-control"]
    secret = re.search(r'value="(fh_[^"]+)"', text)[1]  # type: ignore[index]
    page = client.ask("GET", "/settings/tokens")[2]
    assert secret not in page
    assert "My &lt;phone&gt;" in page
    assert "may read, mark ·" in page
    assert "never used" in page
    app = App(base, house, auth=secret)
    assert app.get("user-info")["userName"] == "owner"
    assert app.ask("POST", "/reader/api/0/subscription/edit", {"ac": "subscribe", "s": "feed/1"})[0] == 403
    assert "last used" in client.ask("GET", "/settings/tokens")[2]
    (token,) = house.desk.tokens.list(house.store.readers.owner())
    status, headers, _ = client.ask("POST", f"/settings/tokens/{token.id}/revoke", {"csrf": csrf})
    assert (status, headers["location"]) == (303, "/settings/tokens?revoked=1")
    assert "is revoked" in client.ask("GET", "/settings/tokens?revoked=1")[2]
    assert app.ask("GET", "/reader/api/0/user-info")[0] == 401
    assert client.ask("POST", f"/settings/tokens/{token.id}/revoke", {"csrf": csrf})[0] == 404


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 81}, {"days": "forever"}])
def test_a_token_that_cannot_be_made_is_told(served: tuple[str, House], wrong: dict[str, str]) -> None:
    base, house = served
    client = Client(base)
    form = {"csrf": client.token("/settings/tokens"), "name": "phone", "days": ""} | wrong
    status, _, text = client.ask("POST", "/settings/tokens", form)
    assert status == 400
    assert 'role="alert"' in text or "notice" in text
    assert house.desk.tokens.list(house.store.readers.owner()) == []


def test_the_page_says_what_apps_are_to_be_given(served: tuple[str, House]) -> None:
    base, _ = served
    text = Client(base).ask("GET", "/settings/tokens")[2]
    for address in (f"{base}/api/greader.php", f"{base}/fever/", f"<code>{base}</code>"):
        assert address in text
