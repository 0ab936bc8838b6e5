"""`firsthand compare`: two files, two articles, two versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_runner import call

from firsthand.model.article import Article
from firsthand.model.records import Reading
from firsthand.store import open_store

BEFORE = (
    "The flood put 170 homes under water, according to the flood office of the district. No one was killed in the night."
    " The wall had stood for more than ninety years, and nobody alive had seen it give way. The board is due to meet on"
    " Friday. The repairs to the eastern section will cost four million crowns."
)
AFTER = (
    BEFORE.replace("170", "183").replace(" The board is due to meet on Friday.", "") + " More rain is expected by all."
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    paths = tmp_path / "before.txt", tmp_path / "after.txt"
    for path, text in zip(paths, (BEFORE, AFTER), strict=True):
        path.write_text(f"Flood in Saltgate\n\n{text}\n")
    return str(paths[0]), str(paths[1])


def test_files_are_compared_sentence_by_sentence(tmp_path: Path, files: tuple[str, str]) -> None:
    done = call("compare", *files, data=tmp_path)
    assert (done.status, done.err) == (0, "")
    lines = done.out.decode().splitlines()
    assert "! 170 homes became 183 homes" in lines
    assert any(line.startswith("~ ") and "[-170-] {+183+} homes" in line for line in lines)
    assert "- The board is due to meet on Friday." in lines
    assert "+ More rain is expected by all." in lines
    assert any("1 sentence changed, 1 added, 1 cut" in line for line in lines)


def test_json_has_every_sentence_with_its_pieces(tmp_path: Path, files: tuple[str, str]) -> None:
    told = json.loads(call("compare", *files, "--json", data=tmp_path).out)
    assert told["told"] == [{"kind": "figure", "before": "170 homes", "after": "183 homes", "sentence": 2}]
    changed = next(one for one in told["sentences"] if one["kind"] == "changed")
    assert {"mark": "cut", "text": "170 "} in changed["pieces"]
    cut = next(one for one in told["sentences"] if one["kind"] == "cut")
    assert (cut["before"], cut["after"]) == ("The board is due to meet on Friday.", None)
    assert 0.8 < told["kept"] < 1
    assert told["a"]["headline"] == "Flood in Saltgate"


def test_the_same_twice_says_so(tmp_path: Path, files: tuple[str, str]) -> None:
    done = call("compare", files[0], files[0], data=tmp_path)
    assert "The words are the same. 100% of A stands in B" in done.out.decode()


def test_articles_and_versions_are_named_by_their_numbers(tmp_path: Path) -> None:
    store, now = open_store(f"sqlite:///{tmp_path / 'firsthand.db'}"), datetime.now(UTC)
    store.migrate()
    key = store.ingest.add_page("https://herald.example/a", "https://herald.example/a", now)
    for text in (BEFORE, AFTER):
        store.ingest.save_reading(Reading(article_id=key, at=now, article=Article(headline="Flood", text=text)))
    store.close()
    done = call("compare", f"{key}@1", str(key), data=tmp_path)
    assert "! 170 homes became 183 homes" in done.out.decode()
    for missing in (f"{key}@9", "999"):
        done = call("compare", missing, str(key), data=tmp_path)
        assert done.status == 1
        assert "There is no article" in done.said or "has no version 9" in done.said


def test_standard_input_is_read_once(tmp_path: Path, files: tuple[str, str]) -> None:
    done = call("compare", "-", files[1], data=tmp_path, given=f"Flood in Saltgate\n\n{BEFORE}".encode())
    assert "170 homes became 183 homes" in done.out.decode()
    done = call("compare", "-", "-", data=tmp_path)
    assert done.status == 2
    assert "only once" in done.said


def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, files: tuple[str, str]) -> None:
    done = call("compare", "nowhere.txt", files[0], data=tmp_path)
    assert done.status == 2
    assert "nowhere.txt cannot be read" in done.said
