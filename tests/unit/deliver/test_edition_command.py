"""`firsthand edition`, as a user runs it, and what doctor says of mail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mail_world import mail_server, settings, tell, world

from firsthand.cli.doctor import letters_finding, mail_finding
from firsthand.model.editions import EditionPlan, Schedule
from firsthand.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from cli_runner import COMMAND, call


@pytest.fixture
def data(store: Store, tmp_path: Path) -> Path:
    """A data folder with an edition to a confirmed address, and news of an hour ago."""
    now = datetime.now(UTC)
    mails = world(store, settings(tmp_path / "data"))
    mails.clock.now = now
    tell(store, "Sea wall [cracks]", now - timedelta(hours=1), outlets=4)
    plan = EditionPlan(title="Morning", schedule=Schedule(minute=1, zone="UTC"), address_id=mails.confirmed())
    mails.desk.mailing.create(mails.reader, plan)
    return tmp_path / "data"


def with_mail(data: Path, port: int) -> None:
    lines = ['[web]', 'address = "https://news.example.org"', "[mail]", 'host = "127.0.0.1"', f"port = {port}",
             'security = "none"', 'sender = "News <news@example.org>"']  # fmt: skip
    (data / "firsthand.toml").write_text("\n".join(lines))


def test_list_preview_and_send(data: Path, tmp_path: Path) -> None:
    listed = call("edition", "list", data=data)
    assert b"Morning" in listed.out
    assert b"ada@example.org" in listed.out
    assert json.loads(call("edition", "list", "--json", data=data).out)[0]["zone"] == "UTC"
    shown = call("edition", "preview", "1", "--html", str(tmp_path / "out.html"), data=data)
    assert "Subject: Morning: Sea wall [cracks]" in shown.out.decode()
    assert "4 outlets · 1 origin" in shown.out.decode()
    assert "Sea wall [cracks]" in (tmp_path / "out.html").read_text()
    done = call("edition", "send", data=data)
    assert done.status == 1
    assert "Set mail.host" in done.said
    with mail_server(tmp_path / "mail") as server:
        with_mail(data, server.port)
        assert b"Nothing is due." in call("edition", "send", data=data).out
        assert b"1 letter sent." in call("edition", "send", "1", data=data).out
        assert b"nothing new" in call("edition", "send", "1", data=data).out
        assert len(server.mails()) == 1
    away = call("edition", "send", "9", data=data)
    assert away.status == 1
    assert "no edition 9" in away.said


def test_serving_sends_what_is_due_and_ends_in_order(data: Path, store: Store, tmp_path: Path) -> None:
    store.editions.put_off(1, datetime.now(UTC) - timedelta(minutes=1))
    with mail_server(tmp_path / "mail") as server:
        with_mail(data, server.port)
        environ = {**os.environ, "FIRSTHAND_DATA": str(data), "FIRSTHAND_PIPELINE_ANALYZE": "0"}
        command = [*COMMAND, "serve", "--port", "0"]
        with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as serving:
            while store.letters.counts() != {"sent": 1} and serving.poll() is None:
                time.sleep(0.05)
            serving.send_signal(signal.SIGTERM)
            _, said = serving.communicate(timeout=60)
        assert serving.returncode == 0, said
        assert len(server.mails()) == 1


def test_a_mail_that_came_back_is_read_from_input(data: Path) -> None:
    done = call("edition", "bounce", "-", data=data, given=b"Subject: On holiday\n\nBack on Monday.")
    assert (done.status, done.out) == (0, b"")
    assert call("edition", "bounce", "/nowhere.eml", data=data).status == 2


def test_doctor_looks_at_mail(data: Path, store: Store, tmp_path: Path) -> None:
    given = settings(data)
    assert mail_finding(given).says == "Not set up: no edition is sent."
    with mail_server(tmp_path / "mail") as server:
        good = settings(data, server.port)
        assert mail_finding(good).state == "well"
        broken = replace(good, web=replace(good.web, address=""))
        assert mail_finding(broken).remedy == "Set web.address."
    assert mail_finding(good).broken  # nobody is there any more
    assert list(letters_finding(store)) == []
