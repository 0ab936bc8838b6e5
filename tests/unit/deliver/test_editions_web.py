"""The pages of editions, over HTTP: setting them up, looking at one, and the two pages that need no signing in."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mail_world import mail_server, settings, tell

from app_running import serving
from firsthand.cli.house import House, clock
from firsthand.cli.serve import delivery_of
from firsthand.desk.accounts import Accounts
from firsthand.pipeline import PipelineSettings

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from web_client import Client


class App:
    """A running app with a mail server."""

    def __init__(self, base: str, house: House, call: object, server: object) -> None:
        self.client, self.house, self.call, self.server = Client(base), house, call, server
        self.base = base

    def post(self, path: str, **form: str) -> tuple[int, str]:
        given = {"csrf": self.client.token("/settings/editions"), **form}
        status, headers, text = self.client.ask("POST", path, given)
        return status, headers["location"] or text

    def get(self, path: str) -> str:
        status, _, text = self.client.ask("GET", path)
        assert status == 200, (path, status)
        return text

    def deliver(self) -> None:
        delivery = delivery_of(self.house)
        assert delivery is not None
        self.call(delivery.ask_once())  # type: ignore[operator]
        self.house.desk.mailing.prepare(50)
        self.call(delivery.run_once())  # type: ignore[operator]

    def new_edition(self, **form: str) -> tuple[int, str]:
        given = {"title": "Morning", "rhythm": "daily", "time": "07:30", "weekday": "0", "zone": "Europe/Berlin"}
        given |= {"scope": "all", "outlets": "3", "address": "1"}
        return self.post("/settings/editions", **(given | form))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with mail_server(tmp_path / "mail") as server:
        given = replace(settings(tmp_path / "data", server.port), pipeline=PipelineSettings(analyze=False))
        with_loop = serving(given)
        with with_loop as (base, house, call):
            yield App(base, house, call, server)


def test_from_an_address_to_a_letter_and_back_out_again(app: App) -> None:
    now = datetime.now(UTC)
    tell(app.house.store, "Sea wall <cracks>", now - timedelta(hours=1), outlets=4, section="Region")
    assert app.post("/settings/editions/addresses", address="ada@example.org")[1].endswith("saved=address")
    assert app.new_edition()[0] == 303
    page = app.get("/settings/editions")
    assert "is about to be asked" in page
    assert "without a confirmed address" in page
    app.deliver()
    (question,) = app.server.mails()  # type: ignore[attr-defined]
    path = re.search(r"https://news\.example\.org(/mail/confirm/\S+)", question.get_body(("plain",)).get_content())[1]  # type: ignore[index]
    stranger = Client(app.base)
    assert "Confirm this address" in stranger.ask("GET", path)[2]
    assert app.house.store.addresses.of(1)[0].confirmed is None  # a GET changes nothing
    assert stranger.ask("POST", path, {})[0] == 200
    assert stranger.ask("POST", path, {})[0] == 403  # the token has done its work
    page = app.get("/settings/editions")
    assert "confirmed" in page
    plan = app.house.store.editions.get(1).plan.schedule
    assert f"{plan.minute // 60:02}:{plan.minute % 60:02} ({plan.zone})" in page  # on its own clock, not the browser's
    app.house.desk.mailing.send_now(app.house.store.editions.get(1))
    app.deliver()
    letter = next(one for one in app.server.mails() if one["List-Id"])  # type: ignore[attr-defined]
    assert "Sea wall &lt;cracks&gt;" in letter.get_body(("html",)).get_content()
    assert "sent" in app.get("/settings/editions")
    shown = app.get("/settings/editions/letters/1")
    assert "Sea wall &lt;cracks&gt;" in shown
    assert "style=" not in shown  # the content policy holds here too
    stop = letter["List-Unsubscribe"].strip("<>").removeprefix("https://news.example.org")
    assert "Stop it" in stranger.ask("GET", stop)[2]
    one_click = {"List-Unsubscribe": "One-Click"}
    assert stranger.ask("POST", stop, one_click)[0] == 200
    assert stranger.ask("POST", stop, one_click)[0] == 200  # a second click is no error
    assert "put off" in app.get("/settings/editions")
    assert app.post("/settings/editions/1", do="start")[0] == 303
    assert "put off" not in app.get("/settings/editions")


def test_a_look_at_an_edition(app: App) -> None:
    tell(app.house.store, "Bridge & tunnel", clock() - timedelta(hours=1), outlets=2, section="Region")
    app.new_edition(address="")
    page = app.get("/settings/editions/1/preview")
    assert "Bridge &amp; tunnel" in page
    assert "2 outlets · 1 origin" in page
    html = app.get("/settings/editions/1/preview.html")
    assert '<link rel="stylesheet" href="/settings/editions/letter.css">' in html
    assert ".column" in app.get("/settings/editions/letter.css")


def test_what_is_wrong_is_said_in_words(app: App) -> None:
    for form, said in (
        ({"zone": "Nowhere/Land"}, "no time zone"),
        ({"time": "25:00"}, "not filled in"),
        ({"rhythm": "hourly"}, "not filled in"),
        ({"scope": "section:nothing"}, "no such section"),
        ({"scope": "outlet:99"}, "no such outlet"),
        ({"scope": "search", "search": ""}, "nothing to search for"),
        ({"outlets": "1", "rhythm": "breaking"}, "2 to 50"),
        ({"address": "77"}, "no such address"),
    ):
        status, text = app.new_edition(**({"address": ""} | form))
        assert status == 400, form
        assert said in text
    for address in ("nobody", "a@b", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"):
        assert app.post("/settings/editions/addresses", address=address)[0] == 400
    assert app.house.store.editions.all() == []
    assert app.house.store.addresses.of(1) == []


def test_one_reader_never_sees_anothers(app: App) -> None:
    app.post("/settings/editions/addresses", address="ada@example.org")
    app.new_edition()
    accounts = Accounts(app.house.store, clock)
    accounts.create("ada", "correct horse battery")
    accounts.create("bob", "correct horse battery")
    client = app.client = Client(app.base)
    form = {"csrf": client.token("/login"), "name": "bob", "password": "correct horse battery"}
    assert client.ask("POST", "/login", form)[0] == 303
    assert "ada@example.org" not in app.get("/settings/editions")
    for path in ("/settings/editions/1", "/settings/editions/1/preview", "/settings/editions/1/preview.html"):
        assert client.ask("GET", path)[0] == 404
    for path, form in (
        ("/settings/editions/1", {"do": "remove"}),
        ("/settings/editions/addresses/1", {"do": "remove"}),
        ("/settings/editions/letters/1", {"again": "1"}),
    ):
        assert app.post(path, **form)[0] == 404
    assert len(app.house.store.editions.all()) == 1


def test_forged_links_do_nothing(app: App) -> None:
    app.new_edition(address="")
    good = app.house.desk.mailing.unsubscribe_token(1)
    stranger = Client(app.base)
    for token in ("1", "1-", "1-" + "0" * 40, good[:-1], good.replace("1-", "2-", 1), "x-y", "9" * 30 + "-a", "1-é"):
        for kind in ("unsubscribe", "confirm"):
            for method in ("GET", "POST"):
                path = f"/mail/{kind}/{token if token.isascii() else token.encode().hex()}"
                status = stranger.ask(method, path, {} if method == "POST" else None)[0]
                assert status == 403, token
    assert app.house.store.editions.get(1).next_due is not None
