"""The command as a user runs it: its output, its exit status, its errors."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_runner import Done, call

from firsthand.model.article import OutletName
from firsthand.model.feed import Item
from firsthand.model.records import NewItem, PollOutcome
from firsthand.store import open_store

PAGE = """<!doctype html><html lang="en"><head><title>Ferry is free again - The Tide</title>
<meta property="og:site_name" content="The Tide"><meta property="article:published_time" content="2025-03-08T14:19:00+05:30">
</head><body><nav><a href="/">Home</a></nav><article><h1>Ferry is free again</h1><p class="byline">By Ada Quist</p>
<p>The ferry across the strait is free of charge again from Monday, the council decided late on Friday after a debate
of four hours.</p><p>It had cost two crowns since the storm of last winter, when the old pier broke and a new one had to
be built in a hurry with borrowed money.</p><p>“We promised it, and we keep it,” said the council's speaker, who crossed
with the first boat in the morning.</p></article></body></html>"""
NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.html"
    path.write_text(PAGE)
    return path


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A data folder with one feed that is well, one that fails, and an article."""
    data = tmp_path / "data"
    data.mkdir()
    store = open_store(f"sqlite:///{data / 'firsthand.db'}")
    store.migrate()
    owner = store.readers.owner().id
    hour = timedelta(hours=1)
    for name in ("tide", "wall"):
        feed = store.feeds.add(
            f"https://{name}.example/feed",
            title=f"The {name.title()}",
            outlet=OutletName(name, f"{name}.example"),
            now=NOW,
        )
        store.readers.follow(owner, feed.id, "Coast" if name == "tide" else "", NOW)
    item = Item(
        id="1", url="https://tide.example/ferry", title="Ferry is [free] again", summary="The ferry costs nothing."
    )
    new = NewItem(item=item, key="https://tide.example/ferry", fingerprint="f", sort_at=NOW)
    store.ingest.save_poll(PollOutcome(feed_id=1, polled=NOW, next_poll=NOW + hour, interval=hour, new=(new,)))
    store.ingest.save_poll(
        PollOutcome(feed_id=2, polled=NOW, next_poll=NOW + hour, interval=hour, failure="It answered 403.")
    )
    store.close()
    return data


# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_read_prints_the_contract(ferry: Path, tmp_path: Path) -> None:
    done = call("read", str(ferry), "--json", data=tmp_path)
    assert done.status == 0, done.err
    value = json.loads(done.out)
    article = value["article"]
    assert value["schema"] == 1
    assert article["headline"] == "Ferry is free again"
    assert article["byline"] == ["Ada Quist"]
    assert article["published"] == "2025-03-08T14:19:00+05:30"
    for block in article["blocks"]:
        assert 0 <= block["start"] <= block["end"] <= len(article["text"])
    assert article["text"].startswith("The ferry across the strait")


def test_read_prints_a_page_for_people(ferry: Path, tmp_path: Path) -> None:
    text = call("read", str(ferry), data=tmp_path).out.decode()
    assert "Ferry is free again" in text
    assert "By Ada Quist" in text


def test_body_is_kept_to_the_last_character(tmp_path: Path) -> None:
    body = "  One “line”.\n\n\tTwo, with an emoji \U0001f30a and a tail  \n"
    done = call("read", "-", "--as", "body", "--json", data=tmp_path, given=body.encode())
    assert json.loads(done.out)["article"]["text"] == body


def test_many_inputs_are_a_line_each_and_a_bad_one_does_not_stop_the_run(ferry: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<html><body></body></html>")
    done = call("read", str(tmp_path), "--jsonl", "--as", "html", data=tmp_path)
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 0
    assert [line["input"] for line in lines] == ["empty.html", "ferry.html"]
    assert "error" in lines[0]
    assert lines[1]["article"]["headline"] == "Ferry is free again"


def test_of_several_inputs_the_good_ones_are_printed_and_the_status_is_that_of_the_first_bad_one(
    ferry: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.html").write_text("<html><body></body></html>")
    done = call("read", str(tmp_path / "empty.html"), "/no/such/file", str(ferry), data=tmp_path)
    assert done.status == 3
    assert "Ferry is free again" in done.out.decode()
    assert "empty.html:" in done.said
    assert "/no/such/file cannot be read" in done.said


# ── Errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "given", "status", "said"),
    [
        (("read", "-", "--as", "html"), b"<html></html>", 3, "hardly any text"),
        (("read", "/no/such/file"), b"", 2, "Give a file"),
        (("read", ""), b"", 2, "Give a file"),
        (("read", "a\x00b"), b"", 2, "Give a file"),
        (("read", "http://[::1"), b"", 2, "no web address"),
        (("read", "javascript:alert(1)"), b"", 2, "Give a file"),
        (("read", "/"), b"", 2, "--jsonl"),
        (("read", "/dev/zero"), b"", 2, "100 MB"),
        (("read", "x" * 5000), b"", 2, "too long"),
        (("read", "http://127.0.0.1/"), b"", 1, "127.0.0.1"),
        (("read", "-", "--published", "soon"), b"x", 2, "ISO 8601"),
        (("read", "a", "b", "--json"), b"", 2, "--jsonl"),
        (("read", "--nonsense"), b"", 2, "No such option"),
        (("nonsense",), b"", 2, "No such command"),
        (("follow", "javascript:alert(1)"), b"", 1, "not a web address"),
        (("follow", ""), b"", 2, "No address"),
        (("follow", "http://169.254.169.254/"), b"", 1, "169.254.169.254"),
        (("unfollow", "77"), b"", 1, "`firsthand feeds`"),
        (("unfollow", "\x00"), b"", 1, "`firsthand feeds`"),
        (("search", ""), b"", 2, "nothing to search"),
        (("search", "before:soon"), b"", 2, "is not a date"),
        (("search", "--limit", "0", "x"), b"", 2, "--limit"),
        (("trace", "99"), b"", 1, "no article 99"),
        (("trace", "9" * 30), b"", 1, "no article"),
        (("trace", "²"), b"", 2, "Give a file"),
        (("trace", ""), b"", 2, "Give a file"),
        (("said", ""), b"", 1, "has been quoted"),
        (("said", "\x00"), b"", 1, "has been quoted"),
        (("group", "/no/such/file"), b"", 2, "JSON lines"),
        (("group", "-"), b"[]\n", 2, "Line 1"),
        (("group", "-"), b"\xff\x00\n", 2, "Line 1"),
        (("import", "/no/such/file"), b"", 2, "OPML"),
        (("import", "/"), b"", 2, "OPML"),
        (("import", "-"), b"\x00\xff no feeds", 1, "OPML"),
        (("export", "/no/such/folder/x.opml"), b"", 2, "another place"),
        (("export", "/no/such/folder/x.jsonl", "--what", "articles"), b"", 2, "another place"),
        (("export", "/no/such/folder/x.db", "--what", "database"), b"", 1, "another place"),
        (("export", "/"), b"", 2, "is a folder"),
        (("export", "--what", "database"), b"", 2, "Name a file"),
        (("export", "/", "--what", "database"), b"", 2, "Name a file"),
        (("user", "add", "ada"), b"", 2, "--password-stdin"),
        (("user", "add", " ", "--password-stdin"), b"long enough to keep\n", 2, "80 characters"),
        (("user", "password", "nobody", "--password-stdin"), b"long enough to keep\n", 2, "user add"),
        (("serve", "--host", "0.0.0.0", "--port", "0"), b"", 1, "user add"),
        (("serve", "--host", "", "--port", "0"), b"", 1, "user add"),
        (("serve", "--host", "203.0.113.7", "--port", "0"), b"", 1, "--host"),
        (("serve", "--host", "no such host", "--port", "0"), b"", 1, "--host"),
        (("serve", "--host", "x" * 300, "--port", "0"), b"", 1, "--host"),
        (("serve", "--port", "70000"), b"", 2, "65535"),
        (("demo", "--minutes", "nan"), b"", 2, "1440"),
        (("demo", "--minutes", "-1"), b"", 2, "1440"),
        (("--data", "/dev/null", "feeds"), b"", 1, "--data"),
        (("--data", "/dev/null/x", "feeds"), b"", 1, "--data"),
        (("--config", "/no/such.toml", "feeds"), b"", 1, "settings file"),
        (("fetch", "--once", "--nonsense"), b"", 2, "No such option"),
    ],
)  # fmt: skip
def test_errors_are_a_sentence_and_a_status_never_a_traceback(
    arguments: tuple[str, ...], given: bytes, status: int, said: str, tmp_path: Path
) -> None:
    done = call(*arguments, data=tmp_path, given=given)
    assert done.status == status, done.err
    assert "Traceback" not in done.err
    assert said in done.said
    assert done.out == b"", "errors belong on standard error"
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize(
    "command",
    [("feeds",), ("migrate",), ("search", "x"), ("export",), ("fetch", "--once"), ("serve", "--port", "0"),
     ("user", "add", "a", "--password-stdin"), ("unfollow", "1")],
)  # fmt: skip
def test_a_database_that_cannot_be_used_is_one_sentence_for_every_command(
    command: tuple[str, ...], held: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(held / "firsthand.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "firsthand.db").write_bytes(b"This is no database. " * 500)
    folder = tmp_path / "folder"
    (folder / "firsthand.db").mkdir(parents=True)
    for data, said in ((held, "newer version"), (broken, "not a database"), (folder, "unable to open")):
        done = call(*command, data=data, given=b"long enough to keep\n")
        assert done.status == 1
        assert said in done.said
        assert "Traceback" not in done.err
        assert len(done.err.splitlines()) == 2, done.err  # the sentence and its remedy


def test_a_file_that_is_no_text_is_not_read(tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    done = call("read", str(picture), data=tmp_path)
    assert (done.status, done.out) == (3, b"")
    assert "This is a PNG image, not an article." in done.err


def test_a_page_that_breaks_the_reader_does_not_end_the_run(
    ferry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from firsthand.cli import read

    def broken(*_: object, **__: object) -> None:
        raise RecursionError("maximum recursion depth exceeded")

    monkeypatch.setattr(read, "extract_article", broken)
    done = call("read", str(ferry), str(ferry), "--jsonl", data=tmp_path)
    assert done.status == 0
    assert ["RecursionError" in json.loads(line)["error"] for line in done.out.splitlines()] == [True, True]
    alone = call("read", str(ferry), data=tmp_path)
    assert alone.status == 1
    assert "error of its own (RecursionError" in alone.said
    assert "Traceback" not in alone.err


def test_the_traceback_is_there_for_who_asks_for_it(
    ferry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from firsthand.cli import read

    monkeypatch.setattr(read, "extract_article", lambda *_, **__: 1 / 0)
    monkeypatch.setenv("FIRSTHAND_LOG", "debug")
    done = call("read", str(ferry), data=tmp_path)
    assert "Traceback" in done.err
    assert "ZeroDivisionError" in done.err


# ── Following ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_opml_goes_in_and_out_with_folders(tmp_path: Path) -> None:
    opml = tmp_path / "in.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="Region"><outline type="rss" text="Tide" '
        'xmlUrl="https://tide.example/feed"/></outline></body></opml>'
    )
    data = tmp_path / "data"
    assert call("import", str(opml), data=data).out == b"1 feed is followed now.\n"
    assert b"1 followed before" in call("import", "-", data=data, given=opml.read_bytes()).out
    feeds = json.loads(call("feeds", "--json", data=data).out)
    assert [(feed["url"], feed["folder"]) for feed in feeds] == [("https://tide.example/feed", "Region")]
    out = call("export", data=data).out.decode()
    assert 'xmlUrl="https://tide.example/feed"' in out
    assert "Region" in out
    assert call("unfollow", "https://tide.example/feed", data=data).status == 0
    assert json.loads(call("feeds", "--json", data=data).out) == []


def test_feeds_are_a_table_for_people_and_a_line_each_in_a_pipe(held: Path) -> None:
    table = call("feeds", data=held, terminal=True).out.decode()
    assert "The Tide" in table
    assert "https://wall.example/feed" in table
    assert "failing since" in table
    assert "answered" in table
    lines = call("feeds", data=held).out.decode().splitlines()
    assert sorted(line.split("\t") for line in lines) == [
        ["1", "well", "The Tide", "Coast", "https://tide.example/feed"],
        ["2", "failing", "The Wall", "", "https://wall.example/feed"],
    ]
    by_id = {feed["id"]: feed for feed in json.loads(call("feeds", "--json", data=held).out)}
    assert by_id[1]["failing_since"] is None
    assert by_id[2]["failure"] == "It answered 403."


def test_with_nothing_followed_a_person_hears_how_and_a_pipe_nothing(tmp_path: Path) -> None:
    assert b"firsthand follow" in call("feeds", data=tmp_path, terminal=True).out
    assert call("feeds", data=tmp_path).out == b""


def test_unfollowing_is_all_or_nothing(held: Path) -> None:
    assert call("unfollow", "1", "99", data=held).status == 1
    assert len(json.loads(call("feeds", "--json", data=held).out)) == 2
    done = call("unfollow", "1", "1", "https://wall.example/feed", data=held)
    assert done.out.decode().splitlines() == ["The Tide is no longer followed.", "The Wall is no longer followed."]
    assert json.loads(call("feeds", "--json", data=held).out) == []


def test_search_finds_and_keeps_lines_whole_in_a_pipe(held: Path) -> None:
    text = call("search", "ferry", data=held).out.decode()
    assert text.splitlines()[0] == "Ferry is [free] again"
    hits = json.loads(call("search", "ferry", "--json", data=held).out)
    assert [(hit["headline"], hit["url"]) for hit in hits] == [("Ferry is [free] again", "https://tide.example/ferry")]
    assert call("search", "nowhere", data=held).out == b"Nothing was found.\n"
    assert json.loads(call("search", "nowhere", "--json", data=held).out) == []


def test_articles_are_exported_as_lines_to_a_file_or_the_output(held: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    done = call("export", str(target), "--what", "articles", data=held)
    assert done == Done(0, f"Written to {target}.\n".encode(), "")
    (line,) = target.read_text().splitlines()
    assert json.loads(line)["article"]["headline"] == "Ferry is [free] again"
    assert call("export", "--what", "articles", data=held).out.decode() == line + "\n"


def test_the_database_is_copied_while_in_use(held: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    assert call("export", str(target), "--what", "database", data=held).status == 0
    assert target.read_bytes().startswith(b"SQLite format 3")
    assert list(tmp_path.glob("*.part")) == []


def test_fetching_once_with_nothing_to_ask_says_so(tmp_path: Path) -> None:
    done = call("fetch", "--once", data=tmp_path)
    assert done == Done(0, b"0 feeds asked, 0 new articles, 0 feeds failing.\n", "")


# ── The rest ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_is_made_once_and_its_password_can_be_set_anew(tmp_path: Path) -> None:
    add = ("user", "add", "ada", "--password-stdin")
    assert call(*add, data=tmp_path, given=b"short\n").status == 2
    assert call(*add, data=tmp_path, given=b"long enough to keep\n").status == 0
    again = call(*add, data=tmp_path, given=b"long enough to keep\n")
    assert again.status == 2
    assert "already an account" in again.said
    assert call("user", "password", "ada", "--password-stdin", data=tmp_path, given=b"another long one\n").status == 0


def test_migrate_and_version_answer(tmp_path: Path) -> None:
    assert b"schema of this version" in call("migrate", data=tmp_path).out
    text = call("version", data=tmp_path).out.decode().strip()
    assert json.loads(call("version", "--json", data=tmp_path).out) == {"version": text}


def test_without_a_command_it_explains_itself(tmp_path: Path) -> None:
    done = call("--help", data=tmp_path)
    assert done.status == 0
    for command in ("serve", "follow", "feeds", "fetch", "read", "search", "doctor", "demo"):
        assert command in done.out.decode()
