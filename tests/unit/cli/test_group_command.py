"""`firsthand group`: articles in, line by line; stories and copies out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import call

HARBOR = (
    "Ferry to the islands runs again",
    "The ferry to the outer islands ran again on Tuesday after eleven days in the dock, the harbor office said. A crack"
    " in the shaft had been found by a diver who was looking for a lost anchor. Two hundred passengers waited at the"
    " first sailing, among them a school class that had missed its own concert.",
)
BUDGET = (
    "Council passes a budget without a library",
    "The council of the northern district passed its budget with one vote to spare and closed the library on the"
    " market square. The treasurer spoke of a hole of four million in the next two years, and of a roof that leaks.",
)


def test_it_prints_stories_and_copies(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "title": HARBOR[0], "text": HARBOR[1], "date": "2024-03-05T08:00:00+00:00", "source": "ledger"},
        {"id": "2", "title": "Ferry", "text": HARBOR[1], "date": "2024-03-05T10:00:00Z", "source": "portal"},
        {"id": "3", "title": BUDGET[0], "text": BUDGET[1], "date": None, "source": None},
    ]
    done = call("group", "-", "--jsonl", data=tmp_path, given="\n".join(map(json.dumps, rows)).encode())
    assert (done.status, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["id"] for line in lines] == [1, "2", "3"]
    assert lines[0]["story"] == lines[1]["story"] != lines[2]["story"]
    assert lines[1]["copies"] == [{"of": 1, "kind": "identical", "kept": 1.0, "reused": 1.0, "direction": "from"}]
    assert lines[0]["copies"] == lines[2]["copies"] == []


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"title": "no id"}', '{"id": [1]}', '{"id": "a", "date": "soon"}'])
def test_it_refuses_what_is_no_article(tmp_path: Path, line: str) -> None:
    done = call("group", "-", data=tmp_path, given=line.encode())
    assert done.status == 2
    assert "Line 1" in done.said


def test_an_id_given_twice_is_told_with_its_line(tmp_path: Path) -> None:
    done = call("group", "-", data=tmp_path, given=b'{"id": 1, "text": "x"}\n{"id": 1, "text": "y"}\n')
    assert done.status == 2
    assert "Line 2" in done.said


def test_bad_lines_are_told_and_the_others_grouped(tmp_path: Path) -> None:
    ferry = {"title": HARBOR[0], "text": HARBOR[1]}
    lines = [
        b"\xef\xbb\xbf" + json.dumps({"id": "first", **ferry, "date": "2024-03-05"}).encode(),
        b"",
        b'{"id": "broken", ',
        b'{"id": true}',
        json.dumps({"id": "first", "text": "in the place of the first"}).encode(),
        json.dumps({"id": "odd", "title": 5, "text": ["x"], "source": 7, "date": "soon"}).encode(),
        json.dumps({"id": "no zone", **ferry, "date": "2024-03-05T10:00:00"}).encode(),
        json.dumps({"id": "no year", **ferry, "date": "0001-01-01"}).encode() + b"\r",
        b'{"id": "half \\ud800"}',
    ]
    done = call("group", "-", data=tmp_path, given=b"\n".join(lines))
    out = {line["id"]: line for line in map(json.loads, done.out.splitlines())}
    assert list(out) == ["first", "odd", "no zone", "no year", "half \ud800"]
    assert out["first"]["story"] == out["no zone"]["story"] == out["no year"]["story"] != out["odd"]["story"]
    assert [copy["of"] for copy in out["no zone"]["copies"]] == ["first"]
    assert done.status == 2
    assert [f"Line {number}" in done.said for number in range(1, 10)] == [n in {3, 4, 5, 6, 8} for n in range(1, 10)]
    assert "'first' was given before" in done.said


def test_of_many_bad_lines_some_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    done = call("group", "-", data=tmp_path, given=b"nonsense\n" * 1_000 + b'{"id": 1}\n')
    assert done.status == 2
    assert json.loads(done.out)["id"] == 1
    assert "980 more" in done.said
    assert "Line 21" not in done.said


def test_a_headline_is_in_the_language_of_its_source(tmp_path: Path) -> None:
    german = (
        "Die Fähre zu den äußeren Inseln fuhr am Dienstag nach elf Tagen im Dock wieder, teilte das Hafenamt mit. Ein Taucher, "
        "der einen Anker suchte, hatte den Riss in der Welle gefunden."
    )
    rows = [
        {"id": 1, "title": "Fähre zu den äußeren Inseln fährt wieder", "text": german, "source": "bote"},
        {"id": 2, "title": "Fähre zu den äußeren Inseln fährt wieder", "text": german[:90], "source": "bote"},
    ]
    done = call("group", "-", data=tmp_path, given="\n".join(map(json.dumps, rows)).encode())
    first, second = map(json.loads, done.out.splitlines())
    assert first["story"] == second["story"]
