"""The command as a user runs it: a process, its output, its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = """<!doctype html><html lang="en"><head><title>Ferry is free again - The Tide</title>
<meta property="og:site_name" content="The Tide"><meta property="article:published_time" content="2025-03-08T14:19:00+05:30">
</head><body><nav><a href="/">Home</a></nav><article><h1>Ferry is free again</h1><p class="byline">By Ada Quist</p>
<p>The ferry across the strait is free of charge again from Monday, the council decided late on Friday after a debate
of four hours.</p><p>It had cost two crowns since the storm of last winter, when the old pier broke and a new one had to
be built in a hurry with borrowed money.</p><p>“We promised it, and we keep it,” said the council's speaker, who crossed
with the first boat in the morning.</p></article></body></html>"""


def run(*arguments: str, data: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "FIRSTHAND_DATA": str(data), "COLUMNS": "100"}
    command = [sys.executable, "-c", "from firsthand.cli import main; main()", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False, env=environ, timeout=60)


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.html"
    path.write_text(PAGE)
    return path


def test_read_prints_the_contract(ferry: Path, tmp_path: Path) -> None:
    done = run("read", str(ferry), "--json", data=tmp_path)
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    article = value["article"]
    assert value["schema"] == 1
    assert article["headline"] == "Ferry is free again"
    assert article["byline"] == ["Ada Quist"]
    assert article["published"] == "2025-03-08T14:19:00+05:30"
    for block in article["blocks"]:
        assert 0 <= block["start"] <= block["end"] <= len(article["text"])
    assert article["text"].startswith("The ferry across the strait")


def test_read_prints_a_page_for_people(ferry: Path, tmp_path: Path) -> None:
    text = run("read", str(ferry), data=tmp_path).stdout.decode()
    assert "Ferry is free again" in text
    assert "By Ada Quist" in text


def test_body_is_kept_to_the_last_character(tmp_path: Path) -> None:
    body = "  One “line”.\n\n\tTwo, with an emoji \U0001f30a and a tail  \n"
    done = run("read", "-", "--as", "body", "--json", data=tmp_path, given=body.encode())
    assert json.loads(done.stdout)["article"]["text"] == body


def test_many_inputs_are_a_line_each_and_a_bad_one_does_not_stop_the_run(ferry: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<html><body></body></html>")
    done = run("read", str(tmp_path), "--jsonl", "--as", "html", data=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [line["input"] for line in lines] == ["empty.html", "ferry.html"]
    assert "error" in lines[0]
    assert lines[1]["article"]["headline"] == "Ferry is free again"


@pytest.mark.parametrize(
    ("arguments", "given", "status"),
    [
        (("read", "-", "--as", "html"), b"<html></html>", 3),
        (("read", "/no/such/file"), b"", 2),
        (("read", "-", "--published", "soon"), b"x", 2),
        (("read", "--nonsense"), b"", 2),
        (("export", "/no/such/folder/x.opml"), b"", 2),
        (("unfollow", "77"), b"", 1),
        (("serve", "--host", "0.0.0.0", "--port", "0"), b"", 1),
    ],
)
def test_errors_are_a_sentence_and_a_status_never_a_traceback(
    arguments: tuple[str, ...], given: bytes, status: int, tmp_path: Path
) -> None:
    done = run(*arguments, data=tmp_path, given=given)
    assert done.returncode == status, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stderr.strip()


def test_opml_goes_in_and_out_with_folders(tmp_path: Path) -> None:
    opml = tmp_path / "in.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="Region"><outline type="rss" text="Tide" '
        'xmlUrl="https://tide.example/feed"/></outline></body></opml>'
    )
    data = tmp_path / "data"
    assert b"1 feeds are followed now" in run("import", str(opml), data=data).stdout
    feeds = json.loads(run("feeds", "--json", data=data).stdout)
    assert [(feed["url"], feed["folder"]) for feed in feeds] == [("https://tide.example/feed", "Region")]
    out = run("export", data=data).stdout.decode()
    assert 'xmlUrl="https://tide.example/feed"' in out
    assert "Region" in out
    assert run("unfollow", "https://tide.example/feed", data=data).returncode == 0
    assert json.loads(run("feeds", "--json", data=data).stdout) == []


def test_an_account_is_made_once_and_opens_the_door_to_others(tmp_path: Path) -> None:
    add = ("user", "add", "ada", "--password-stdin")
    assert run(*add, data=tmp_path, given=b"short\n").returncode == 2
    assert run(*add, data=tmp_path, given=b"long enough to keep\n").returncode == 0
    assert run(*add, data=tmp_path, given=b"long enough to keep\n").returncode == 2


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "firsthand.toml").write_text("[web]\nprot = 8000\n")
    done = run("feeds", data=tmp_path)
    assert done.returncode == 1
    assert b"web.prot" in done.stderr
    assert b"web.port" in done.stderr


def test_the_database_is_copied_while_in_use(tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    run("feeds", data=tmp_path / "data")
    assert run("export", str(target), "--what", "database", data=tmp_path / "data").returncode == 0
    assert target.read_bytes().startswith(b"SQLite format 3")
