"""`firsthand doctor`: each thing it looks at, well and not well."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cli_runner import call, spawn, without_root_s_rights

from firsthand.analyze import analyze
from firsthand.cli.doctor import LOW_DISK, Finding, disk_finding, examine, model_finding, package_finding
from firsthand.config import Settings
from firsthand.desk.accounts import Accounts
from firsthand.model.article import OutletName
from firsthand.model.findings import Analysis
from firsthand.model.records import PollOutcome
from firsthand.pipeline import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
from firsthand.store import Store, open_store
from firsthand.web.settings import WebSettings

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)
NOBODY = "http://127.0.0.1:1/"


class Refusing(BaseHTTPRequestHandler):
    """An outlet that is there, and says no."""

    def do_GET(self) -> None:
        self.send_error(403)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def outlet() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    fetch = FetchSettings(allow_networks=("127.0.0.0/8",), timeout=timedelta(seconds=5), robots=False)
    return Settings(data=tmp_path / "data", fetch=fetch, pipeline=PipelineSettings(analyze=False))


def store_of(settings: Settings) -> Store:
    settings.data.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.database_url)
    store.migrate()
    return store


def finding(settings: Settings, about: str, ask: str = NOBODY) -> Finding:
    """What is found about one thing; whatever is not well has a remedy, and nothing is said twice."""
    report = examine(settings, ask=[ask])
    assert [one.about for one in report if one.state != "well" and not one.remedy] == []
    assert len({one.about for one in report}) == len(report)
    return next(one for one in report if one.about == about)


def follow(store: Store, name: str, failure: str | None = None) -> None:
    feed = store.feeds.add(f"https://{name}.example/", title=name, outlet=OutletName(name, f"{name}.example"), now=NOW)
    store.readers.follow(store.readers.owner().id, feed.id, "", NOW)
    hour = timedelta(hours=1)
    store.ingest.save_poll(
        PollOutcome(feed_id=feed.id, polled=NOW, next_poll=NOW + hour, interval=hour, failure=failure)
    )


def test_a_fresh_installation_is_well_but_follows_nothing(settings: Settings, outlet: str) -> None:
    report = {one.about: one.state for one in examine(settings, ask=[outlet])}
    assert report == {
        "database": "well", "feeds": "warning", "door": "well", "disk": report["disk"], "network": "well",
        "package files": "well", "models": "well", "mail": "well",
    }  # fmt: skip


def test_the_database(settings: Settings) -> None:
    assert finding(settings, "database").state == "well"
    path = settings.data / "firsthand.db"
    content = bytearray(path.read_bytes())
    content[4096:40_960] = os.urandom(36_864)
    path.write_bytes(content)
    for extra in ("-wal", "-shm"):
        path.with_name(path.name + extra).unlink(missing_ok=True)
    assert finding(settings, "database").broken
    path.write_bytes(b"no database at all, " * 100)
    assert finding(settings, "database").says.endswith("not a database.")
    elsewhere = replace(settings, database="postgresql+psycopg://ada:hush@127.0.0.1:1/x")
    found = finding(elsewhere, "database")
    assert found.broken
    assert "hush" not in found.says


def test_feeds(settings: Settings) -> None:
    store = store_of(settings)
    assert finding(settings, "feeds").state == "warning"
    follow(store, "tide")
    assert finding(settings, "feeds").says == "1 feed, and nothing wrong."
    for number in range(5):
        follow(store, f"wall{number}", failure="It answered 403.")
    found = finding(settings, "feeds")
    assert found.state == "warning"
    assert found.says.startswith("5 of 6 fail: ")
    assert found.says.endswith(" and others.")
    store.close()


def test_the_door(settings: Settings) -> None:
    store = store_of(settings)
    open_wide = replace(settings, web=WebSettings(host="0.0.0.0"))
    assert finding(settings, "door").state == "well"
    assert finding(open_wide, "door").broken
    Accounts(store, lambda: NOW).create("ada", "correct horse battery")
    assert finding(settings, "door").says == "Readers sign in."
    assert finding(open_wide, "door").state == "warning"
    assert finding(replace(open_wide, web=WebSettings("0.0.0.0", secure_cookies=True)), "door").state == "well"
    store.close()


def test_the_disk(settings: Settings, tmp_path: Path) -> None:
    assert disk_finding(tmp_path, 10 * 1024**3, writable=True) == Finding("disk", "well", "10 GB are free.")
    assert disk_finding(tmp_path, LOW_DISK - 1, writable=True).state == "warning"
    assert disk_finding(tmp_path, 10 * 1024**3, writable=False).broken
    assert finding(replace(settings, data=tmp_path / "a" / "b" / "c"), "disk").state in {"well", "warning"}
    assert [
        one for one in examine(replace(settings, database="postgresql://x"), ask=[NOBODY]) if one.about == "disk"
    ] == []


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    call("migrate", data=tmp_path)
    tmp_path.chmod(0o555)
    try:
        done = spawn("doctor", "--json", data=tmp_path, preexec_fn=without_root_s_rights)
    finally:
        tmp_path.chmod(0o755)
    assert done.status == 1
    by_name = {one["about"]: one for one in json.loads(done.out)}
    assert by_name["disk"]["state"] == "broken"
    assert "--data" in by_name["disk"]["remedy"]


def test_the_network(settings: Settings, outlet: str) -> None:
    assert finding(settings, "network", ask=outlet).state == "well"  # a refusal is an answer
    found = finding(settings, "network", ask=NOBODY)
    assert found.broken
    assert found.says
    some = examine(settings, ask=[outlet, NOBODY])
    assert next(one for one in some if one.about == "network").says == "1 of 2 outlets that were asked answered."


def test_the_models() -> None:
    assert model_finding(analyze).state == "well"
    for broken, said in (
        (lambda _: Analysis(failed=("The analysis took too long.",)), "took too long"),
        (lambda _: Analysis(), "find nothing"),
        (lambda _: (_ for _ in ()).throw(FileNotFoundError(2, "No such file", "encoder.onnx")), "encoder.onnx"),
        (lambda _: (_ for _ in ()).throw(ImportError("onnxruntime")), "onnxruntime"),
    ):
        found = model_finding(broken)
        assert found.broken
        assert said in found.says
        assert found.remedy


def test_models_that_are_not_used_are_not_loaded(settings: Settings) -> None:
    assert finding(settings, "models").says == "Not used: pipeline.analyze is off."


def test_the_package_s_files(tmp_path: Path) -> None:
    found = package_finding(tmp_path)
    assert found.broken
    assert "web/templates" in found.says
    assert "make install" in found.remedy


def test_the_report_is_for_people_and_for_programs_and_its_status_for_scripts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "firsthand.db").write_bytes(b"no database at all, " * 100)
    (data / "firsthand.toml").write_text("[fetch]\ntimeout = 0.1\n")
    text = call("doctor", data=data)
    assert text.status == 1
    assert "✗ database: The database cannot be used" in text.out.decode()
    findings = json.loads(call("doctor", "--json", data=data).out)
    assert {"about", "state", "says", "remedy"} == set(findings[0])
    assert {one["state"] for one in findings} <= {"well", "warning", "broken"}
