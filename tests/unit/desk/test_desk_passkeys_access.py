"""What a passkey's answer has to be, without a key: the happy way is tried in a real browser (tests/browser)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firsthand.desk.accounts import TRIES_PER_ADDRESS, Accounts
from firsthand.desk.passkeys import HOLDS, Passkeys, Place
from firsthand.model.errors import AccessDenied, NotFound, UsageError
from firsthand.store import Store, open_store

PLACE = Place("https://news.example.org", "news.example.org", "a" * 43)


class World:
    """The parts that the tests use, and a clock that is set by hand."""

    def __init__(self, store: Store) -> None:
        self.now = datetime(2025, 3, 8, 12, tzinfo=UTC)
        self.store = store
        self.accounts = Accounts(store, lambda: self.now)
        self.passkeys = Passkeys(store, lambda: self.now, self.accounts)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = open_store(f"sqlite:///{tmp_path / 'passkeys.db'}")
    store.migrate()
    yield World(store)
    store.close()


def answer(options: str, key: bytes = b"key", **said: object) -> str:
    """What a browser would send for these options, were there a key to sign with."""
    client = {"type": "webauthn.get", "challenge": json.loads(options)["challenge"], "origin": PLACE.origin, **said}
    data = base64.urlsafe_b64encode(json.dumps(client).encode()).decode()
    raw = base64.urlsafe_b64encode(key).decode().rstrip("=")
    response = {"clientDataJSON": data, "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": None}
    return json.dumps({"id": raw, "rawId": raw, "type": "public-key", "response": response})


def test_options_name_nobody_and_differ_each_time(world: World) -> None:
    ada = world.accounts.create("ada", "correct horse battery")
    first, second = (json.loads(world.passkeys.options_to_add(ada, PLACE)) for _ in range(2))
    assert first["challenge"] != second["challenge"]
    assert first["user"]["id"] == second["user"]["id"]
    assert first["rp"]["id"] == "news.example.org"
    assert first["authenticatorSelection"]["userVerification"] == "required"
    assert "allowCredentials" not in first
    ben = world.accounts.create("ben", "correct horse battery")
    assert json.loads(world.passkeys.options_to_add(ben, PLACE))["user"]["id"] != first["user"]["id"]


def test_the_local_owner_needs_no_passkey(world: World) -> None:
    with pytest.raises(UsageError, match="no account"):
        world.passkeys.options_to_add(world.store.readers.owner(), PLACE)


def test_a_challenge_is_for_one_browser_one_purpose_and_a_while(world: World) -> None:
    ada = world.accounts.create("ada", "correct horse battery")
    world.store.access.add_passkey(ada.id, b"key", b"no key at all", 0, "phone", world.now)
    options = world.passkeys.options_to_sign_in(PLACE)
    for place, made, problem in (
        (replace(PLACE, browser="b" * 43), answer(options), "another question"),
        (PLACE, answer(world.passkeys.options_to_add(ada, PLACE)), "another question"),
        (PLACE, answer(options, b"other"), "no account here"),
        (PLACE, answer(options, challenge="AAAA"), "not sound"),
        (PLACE, answer(options, challenge=7), "not sound"),
        (PLACE, answer(options), "not sound"),  # nothing signed it
    ):
        with pytest.raises(AccessDenied, match=problem):
            world.passkeys.sign_in(made, place, "192.0.2.1")
    world.now += HOLDS + timedelta(seconds=1)
    with pytest.raises(AccessDenied, match="too long"):
        world.passkeys.sign_in(answer(options), PLACE, "192.0.2.1")
    with pytest.raises(AccessDenied):
        world.passkeys.add(ada, answer(world.passkeys.options_to_add(ada, PLACE)), "phone", PLACE)


def test_tries_are_counted_by_address(world: World) -> None:
    world.accounts.create("ada", "correct horse battery")
    for _ in range(TRIES_PER_ADDRESS):
        with pytest.raises(AccessDenied, match="not sound"):
            world.passkeys.sign_in("{}", PLACE, "192.0.2.1")
    with pytest.raises(AccessDenied, match="too many"):
        world.passkeys.sign_in("{}", PLACE, "192.0.2.1")
    with pytest.raises(AccessDenied, match="too many"):
        world.accounts.sign_in("ada", "correct horse battery", "192.0.2.1")


def test_a_passkey_is_removed_by_its_reader(world: World) -> None:
    ada, ben = (world.accounts.create(name, "correct horse battery") for name in ("ada", "ben"))
    world.store.access.add_passkey(ada.id, b"key", b"public", 0, "phone", world.now)
    (held,) = world.passkeys.list(ada)
    with pytest.raises(NotFound):
        world.passkeys.remove(ben, held.id)
    world.passkeys.remove(ada, held.id)
    assert world.passkeys.list(ada) == ()
