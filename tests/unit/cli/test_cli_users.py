"""`firsthand user`: accounts, made and ended by who has the machine."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from cli_runner import call, spawn

SECRET = b"correct horse battery\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("ada", "ben"):
        assert call("user", "add", name, "--password-stdin", data=tmp_path, given=SECRET).status == 0
    return tmp_path


def accounts(data: Path) -> dict[str, str]:
    return {one["name"]: one["role"] for one in json.loads(call("user", "list", "--json", data=data).out)}


def test_passwords_are_kept_as_argon2id_that_is_slow_to_guess(tmp_path: Path) -> None:
    """In a process of its own: the tests' own passwords are cheap."""
    assert spawn("user", "add", "ada", "--password-stdin", data=tmp_path, given=SECRET).status == 0
    with sqlite3.connect(tmp_path / "firsthand.db") as database:
        (kept,) = database.execute("SELECT password_hash FROM readers").fetchone()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_first_is_an_owner_and_others_may_be(data: Path) -> None:
    assert call("user", "add", "kim", "--role", "owner", "--password-stdin", data=data, given=SECRET).status == 0
    assert accounts(data) == {"ada": "owner", "ben": "reader", "kim": "owner"}
    shown = call("user", "list", data=data).out.decode()
    assert re.search(r"^ben +reader", shown, re.MULTILINE)


def test_an_invite_is_printed_as_a_link(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = call("user", "invite", "for Kim", data=data)
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/join/[A-Za-z0-9_-]{43}\n", done.out.decode())
    monkeypatch.setenv("FIRSTHAND_WEB_ADDRESS", "https://news.example.org/")
    link = call("user", "invite", "--days", "1", data=data).out.decode()
    assert link.startswith("https://news.example.org/join/")
    for days in ("0", "-1", "366", "nan"):
        assert call("user", "invite", "--days", days, data=data).status == 2


def test_nobody_is_invited_before_there_is_an_account(tmp_path: Path) -> None:
    done = call("user", "invite", data=tmp_path)
    assert (done.status, "user add" in done.said) == (2, True)
    assert "no account yet" in call("user", "list", data=tmp_path).out.decode()


def test_roles_change_and_one_owner_stays(data: Path) -> None:
    assert "only owner" in call("user", "role", "ada", "reader", data=data).said
    assert call("user", "role", "ben", "owner", data=data).status == 0
    assert call("user", "role", "ada", "reader", data=data).status == 0
    assert accounts(data) == {"ada": "reader", "ben": "owner"}


def test_an_account_is_removed_when_that_is_meant(data: Path) -> None:
    assert "--yes" in call("user", "remove", "ben", data=data).said
    assert call("user", "remove", "ben", "--yes", data=data).status == 0
    assert accounts(data) == {"ada": "owner"}
    for name in ("ben", "ada"):
        assert call("user", "remove", name, "--yes", data=data).status == 2
    assert accounts(data) == {"ada": "owner"}
