"""`firsthand token`: made, listed and revoked from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_runner import call

from firsthand.store import open_store


def test_a_token_is_printed_once_listed_and_revoked(tmp_path: Path) -> None:
    made = call("token", "make", "the phone", "--scope", "write", "--days", "30", data=tmp_path)
    assert made.status == 0
    secret = made.out.decode().strip()
    assert secret.startswith("fh_")
    listed = call("token", "list", "--json", data=tmp_path)
    (one,) = json.loads(listed.out)
    assert (one["name"], one["scopes"], one["last_used"]) == ("the phone", ["read", "write"], None)
    assert secret.encode() not in listed.out
    shown = call("token", "list", data=tmp_path)
    assert b"the phone" in shown.out
    assert call("token", "revoke", str(one["id"]), data=tmp_path).status == 0
    assert call("token", "revoke", str(one["id"]), data=tmp_path).status == 1
    assert json.loads(call("token", "list", "--json", data=tmp_path).out) == []


def test_a_token_is_of_the_account_that_is_named(tmp_path: Path) -> None:
    for name in ("ada", "eve"):
        store = open_store(f"sqlite:///{tmp_path / 'firsthand.db'}")
        store.migrate()
        store.readers.add(name, "hash", datetime.now(UTC))
        store.close()
    made = json.loads(call("token", "make", "phone", "--user", "eve", "--json", data=tmp_path).out)
    assert made["token"].startswith("fh_")
    assert json.loads(call("token", "list", "--json", data=tmp_path).out) == []
    assert [one["id"] for one in json.loads(call("token", "list", "--user", "eve", "--json", data=tmp_path).out)] == [1]
    assert call("token", "revoke", "1", data=tmp_path).status == 1


@pytest.mark.parametrize(
    "arguments", [("make", ""), ("make", "x" * 81), ("make", "a", "--days", "0"), ("make", "a", "--days", "nan"),
                  ("make", "a", "--scope", "all"), ("list", "--user", "nobody"), ("revoke", "0"), ("make",)]
)  # fmt: skip
def test_wrong_usage_is_told_with_its_status(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = call("token", *arguments, data=tmp_path)
    assert done.status == 2
    assert done.err
    assert "Traceback" not in done.err
