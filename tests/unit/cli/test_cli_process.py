"""What only a real process shows: streams that are full, gone or closed, signals, permissions, a full disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_runner import COMMAND, call, spawn, without_root_s_rights


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a database and one feed."""
    folder = tmp_path / "data"
    opml = (
        b'<opml version="2.0"><body><outline type="rss" text="Tide" xmlUrl="https://tide.example/feed"/></body></opml>'
    )
    assert call("import", "-", data=folder, given=opml).status == 0
    return folder


@pytest.fixture
def locked() -> Iterator[list[Path]]:
    """Paths whose permissions are given back, so that the test's folder can be removed."""
    paths: list[Path] = []
    yield paths
    for path in reversed(paths):
        path.chmod(0o755)


def start(*arguments: str, data: Path, **how: object) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "FIRSTHAND_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.Popen([*COMMAND, *arguments], env=environ, **pipes)  # type: ignore[call-overload, no-any-return]


def test_a_full_disk_behind_the_output_is_told(data: Path) -> None:
    for command in (("version",), ("feeds", "--json"), ("export",)):
        with open("/dev/full", "wb") as full:
            done = spawn(*command, data=data, stdout=full)
        assert done.status == 1, command
        assert "No space left on device" in done.said
        assert "Make room" in done.said
        assert "Traceback" not in done.err


def test_a_reader_that_goes_away_is_no_trouble(data: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("The ferry is free of charge again from Monday.\n" * 40_000)
    for command in (
        ("export",),
        ("feeds", "--json"),
        ("read", str(long), "--as", "body", "--json", "--no-analysis"),
        ("--help",),
    ):
        reading, writing = os.pipe()
        os.close(reading)
        try:
            done = spawn(*command, data=data, stdout=writing)
        finally:
            os.close(writing)
        assert done.err == "", command
        assert done.status in {0, 1}


def test_closed_streams_are_empty_ones(data: Path) -> None:
    def close(number: int) -> object:
        return lambda: os.close(number)

    assert spawn("feeds", "--json", data=data, preexec_fn=close(1)).status == 0
    done = spawn("read", "-", data=data, preexec_fn=close(0))
    assert done.status == 3
    assert "Traceback" not in done.err
    assert spawn("unfollow", "77", data=data, preexec_fn=close(2)).status == 1


def test_a_disk_that_fills_loses_nothing(data: Path) -> None:
    size = (data / "firsthand.db").stat().st_size
    outlines = "".join(
        f'<outline type="rss" text="{"x" * 200}" xmlUrl="https://h{number}.example/feed"/>' for number in range(300)
    )

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50_000, size + 50_000))

    opml = f'<opml version="2.0"><body>{outlines}</body></opml>'.encode()
    done = spawn("import", "-", data=data, given=opml, preexec_fn=limited)
    assert done.status == 1
    assert "The database cannot be used" in done.said
    assert "Traceback" not in done.err
    feeds = call("feeds", data=data)
    assert feeds.status == 0
    assert b"tide.example" in feeds.out


def test_an_export_that_cannot_be_finished_leaves_the_old_file(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "feeds.opml"
    target.write_text("old")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    done = spawn("export", str(target), data=data, preexec_fn=limited)
    assert done.status != 0
    assert "Traceback" not in done.err
    assert target.read_text() == "old"
    assert list(tmp_path.glob("*.part")) == []


def test_what_may_not_be_read_or_written_is_named(data: Path, tmp_path: Path, locked: list[Path]) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>x</p>")
    secret = tmp_path / "secret"
    secret.mkdir()
    for path, mode in ((page, 0), (secret, 0), (data / "firsthand.db", 0o444), (data, 0o555)):
        path.chmod(mode)
        locked.append(path)
    for command, status, said in (
        (("read", str(page)), 2, "page.html cannot be read: Permission denied."),
        (("read", str(secret), "--jsonl"), 2, "secret cannot be listed: Permission denied."),
        (("export", str(secret / "x.opml")), 1, ""),
        (("feeds",), 1, "permissions"),
        (("import", "-"), 1, ""),
        (("serve", "--port", "0"), 1, "permissions"),
    ):
        done = spawn(*command, data=data, preexec_fn=without_root_s_rights)
        assert done.status == status, (command, done.err)
        assert said in done.said
        assert "Traceback" not in done.err
    data.chmod(0)
    done = spawn("feeds", data=data, preexec_fn=without_root_s_rights)
    assert done.status == 1
    assert "Permission denied" in done.said


def test_a_port_that_is_taken_is_named(data: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = call("serve", "--port", port, data=data)
    assert done.status == 1
    assert f"127.0.0.1:{port}" in done.said
    assert "--port" in done.said


def opened(process: subprocess.Popen[bytes]) -> str:
    """The address that a serving process prints."""
    assert process.stdout is not None
    for line in process.stdout:
        if b"is open at" in line:
            return line.decode().split()[4]
    raise AssertionError(process.stderr.read().decode() if process.stderr else "it ended")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_serving_ends_in_order(tmp_path: Path, number: int, status: int) -> None:
    process = start("serve", "--port", "0", data=tmp_path / "data")
    try:
        address = opened(process)
        with urllib.request.urlopen(f"{address}/healthz") as answer:
            assert answer.read() == b"ok\n"
        stream = urllib.request.urlopen(f"{address}/live?view=front")  # an open page must not hold it up
        process.send_signal(number)
        stream.read()  # it has an end, and is not cut: that would be an IncompleteRead
        _, err = process.communicate(timeout=60)
        stream.close()
    finally:
        process.kill()
    assert process.returncode == status
    assert b"Traceback" not in err


def test_fetching_ends_in_order_whenever_it_is_told_to(tmp_path: Path) -> None:
    process = start("fetch", data=tmp_path / "data")
    try:
        while process.poll() is None and not list(tmp_path.glob("data/*.db")):
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)  # the database is being made
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode in (0, 128 + signal.SIGTERM)
    assert (out, err) == (b"", b"")


def test_the_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    room = tmp_path / "tmp"
    room.mkdir()
    environ = {**os.environ, "TMPDIR": str(room), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*COMMAND, "demo", "--port", "0", "--minutes", "1"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        address = opened(process)
        assert list(room.glob("firsthand-demo-*"))
        with urllib.request.urlopen(f"{address}/feeds") as answer:
            assert b"Coast News Agency" in answer.read()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert list(room.glob("firsthand-demo-*")) == []


@pytest.mark.parametrize("command", [("fetch",), ("read", "-"), ("user", "add", "ada", "--password-stdin")])
def test_ctrl_c_is_silent(tmp_path: Path, command: tuple[str, ...]) -> None:
    # A test run in the background has Ctrl+C ignored, and hands that on.
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    process = start(*command, data=tmp_path / "data", **heard)
    try:
        time.sleep(6)  # at rest, or still loading: it must make no difference
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert (out, err) == (b"", b"")


def test_no_progress_is_drawn_where_nobody_looks(data: Path, tmp_path: Path) -> None:
    assert spawn("export", str(tmp_path / "x.jsonl"), "--what", "articles", data=data).err == ""
    assert spawn("import", "-", data=data, given=b'<opml version="2.0"><body/></opml>').err == ""
