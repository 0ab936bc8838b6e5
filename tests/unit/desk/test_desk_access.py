"""Joining, being here, taking along and leaving."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from firsthand.desk.access import Access, device_words
from firsthand.desk.accounts import NO_PASSWORD, TRIES_PER_ADDRESS, TRIES_PER_NAME, Accounts, has_password
from firsthand.model.access import Role
from firsthand.model.article import OutletName
from firsthand.model.errors import AccessDenied, NotFound, UsageError
from firsthand.store import Store, open_store

SECRET = "correct horse battery"
NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)


class World:
    """The parts that the tests use, and a clock that is set by hand."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.store = store
        self.accounts = Accounts(store, lambda: self.now)
        self.access = Access(store, lambda: self.now, self.accounts)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = open_store(f"sqlite:///{tmp_path / 'access.db'}")
    store.migrate()
    yield World(store)
    store.close()


def test_nobody_is_invited_where_nobody_has_to_sign_in(world: World) -> None:
    with pytest.raises(UsageError, match="no account yet"):
        world.access.invite()


def test_an_invite_is_a_link_that_is_not_kept(world: World, tmp_path: Path) -> None:
    world.accounts.create("ada", SECRET)
    made = world.access.invite("for  Ben\n")
    assert made.invite.note == "for Ben"
    assert made.token.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert world.access.invite_of(made.token) == made.invite
    ben = world.access.join(made.invite.id, "ben", SECRET)
    assert ben.role is Role.READER
    assert world.accounts.sign_in("ben", SECRET, "192.0.2.1")
    with pytest.raises(AccessDenied, match="not valid"):
        world.access.invite_of(made.token)
    with pytest.raises(AccessDenied, match="not valid"):
        world.access.join(made.invite.id, "eve", SECRET)


def test_an_invite_ends(world: World) -> None:
    world.accounts.create("ada", SECRET)
    made = world.access.invite(lasts=timedelta(days=1), role=Role.OWNER)
    assert made.invite.role is Role.OWNER
    world.now += timedelta(days=1)
    with pytest.raises(AccessDenied):
        world.access.invite_of(made.token)
    other = world.access.invite()
    world.access.withdraw(other.invite.id)
    with pytest.raises(AccessDenied):
        world.access.invite_of(other.token)
    with pytest.raises(NotFound):
        world.access.withdraw(other.invite.id)
    for days in (0, -1, 366):
        with pytest.raises(UsageError):
            world.access.invite(lasts=timedelta(days=days))


def test_a_password_that_is_too_short_does_not_use_up_the_invite(world: World) -> None:
    world.accounts.create("ada", SECRET)
    made = world.access.invite()
    for name, password in (("ben", "short"), ("", SECRET), ("ada", SECRET)):
        with pytest.raises(UsageError):
            world.access.join(made.invite.id, name, password)
    assert world.access.join(made.invite.id, "ben", SECRET)


def test_names_are_not_read_off_by_signing_up(world: World) -> None:
    with pytest.raises(UsageError, match="no account yet"):
        world.access.sign_up("eve", SECRET, "192.0.2.1")
    world.accounts.create("ada", SECRET)
    for _ in range(TRIES_PER_ADDRESS):
        with pytest.raises(UsageError, match="already an account"):
            world.access.sign_up("ada", SECRET, "192.0.2.1")
    with pytest.raises(AccessDenied, match="too many"):
        world.access.sign_up("nobody", SECRET, "192.0.2.1")
    assert world.access.sign_up("ben", SECRET, "192.0.2.2").role is Role.READER


def test_an_unknown_name_costs_what_a_wrong_password_costs(tmp_path: Path) -> None:
    """Counted in checks of argon2, not in time: one for each try, whatever is wrong."""
    store = open_store(f"sqlite:///{tmp_path / 'cost.db'}")
    store.migrate()
    checks: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            checks.append(str(hash))
            return super().verify(hash, password)

    accounts = Accounts(store, lambda: NOW, Counting(time_cost=1, memory_cost=8, parallelism=1))
    accounts.create("ada", SECRET)
    store.readers.add("kim", NO_PASSWORD, NOW)
    said = set()
    for name in ("ada", "nobody", "kim"):
        checks.clear()
        with pytest.raises(AccessDenied) as error:
            accounts.sign_in(name, "wrong wrong", "192.0.2.1")
        said.add(str(error.value))
        assert len(checks) == 1
        assert checks[0].startswith("$argon2id$")
    assert len(said) == 1
    store.close()


def test_no_password_opens_an_account_that_has_none(world: World) -> None:
    world.accounts.create("ada", SECRET)
    made = world.access.invite()
    kim = world.access.join(made.invite.id, "kim", None)
    assert not has_password(kim)
    for password in (NO_PASSWORD, "", SECRET):
        with pytest.raises(AccessDenied):
            world.accounts.sign_in("kim", password, "192.0.2.1")
    token = world.accounts.change_password(kim, "", "a first good one")
    assert world.accounts.reader_of(token)
    assert world.accounts.sign_in("kim", "a first good one", "192.0.2.1")


def test_sessions_are_listed_and_end_one_by_one(world: World) -> None:
    ada = world.accounts.create("ada", SECRET)
    ben = world.accounts.create("ben", SECRET)
    here = world.accounts.sign_in("ada", SECRET, "192.0.2.1", "Firefox on Linux")
    there = world.accounts.sign_in("ada", SECRET, "192.0.2.2", "Safari on iPhone")
    third = world.accounts.sign_in("ada", SECRET, "192.0.2.3")
    sessions = world.access.page(ada, here).sessions
    assert (sessions[0].device, sessions[0].here) == ("Firefox on Linux", True)
    phone = next(one for one in sessions if one.device == "Safari on iPhone")
    with pytest.raises(NotFound):
        world.access.end_session(ben, phone.id)
    world.access.end_session(ada, phone.id)
    assert world.accounts.reader_of(there) is None
    world.access.end_other_sessions(ada, here)
    assert world.accounts.reader_of(third) is None
    assert world.accounts.reader_of(here)


def test_leaving_takes_the_password(world: World) -> None:
    ada = world.accounts.create("ada", SECRET)
    ben = world.accounts.create("ben", SECRET)
    token = world.accounts.sign_in("ben", SECRET, "192.0.2.1")
    with pytest.raises(AccessDenied, match="password is wrong"):
        world.access.leave(ben, "ben")
    with pytest.raises(UsageError, match="only owner"):
        world.access.leave(ada, SECRET)
    world.access.leave(ben, SECRET)
    assert world.accounts.reader_of(token) is None
    assert [one.name for one in world.access.everybody()] == ["ada"]
    assert world.accounts.needs_sign_in()


def test_guessing_the_password_of_an_open_session_is_stopped(world: World) -> None:
    world.accounts.create("ada", SECRET)
    ben = world.accounts.create("ben", SECRET)
    for _ in range(TRIES_PER_NAME):
        with pytest.raises(AccessDenied, match="wrong"):
            world.access.leave(ben, "guess")
    with pytest.raises(AccessDenied, match="too many"):
        world.access.leave(ben, SECRET)
    with pytest.raises(AccessDenied, match="too many"):
        world.accounts.change_password(ben, SECRET, "another good one")


def test_leaving_without_a_password_takes_the_name(world: World) -> None:
    world.accounts.create("ada", SECRET)
    kim = world.access.join(world.access.invite().invite.id, "kim", None)
    with pytest.raises(AccessDenied, match="name is wrong"):
        world.access.leave(kim, "")
    world.access.leave(kim, "kim")
    assert len(world.access.everybody()) == 1


def test_roles_change_and_one_owner_stays(world: World) -> None:
    world.accounts.create("ada", SECRET)
    world.accounts.create("ben", SECRET)
    with pytest.raises(UsageError, match="only owner"):
        world.access.set_role("ada", Role.READER)
    assert world.access.set_role("ben", Role.OWNER).name == "ben"
    world.access.remove("ada")
    assert world.accounts.local_owner() is None
    with pytest.raises(UsageError, match="no account named"):
        world.access.remove("ada")


def test_a_reader_takes_their_own_along_and_nobody_else_s(world: World) -> None:
    ada = world.accounts.create("ada", SECRET)
    ben = world.accounts.create("ben", SECRET)
    for reader, host in ((ada, "herald"), (ben, "ledger")):
        url = f"https://{host}.example/feed"
        feed = world.store.feeds.add(url, title=host, outlet=OutletName(host, f"{host}.example"), now=NOW)
        world.store.readers.follow(reader.id, feed.id, "World", NOW)
    token = world.accounts.sign_in("ada", SECRET, "192.0.2.1", "Firefox on Linux")
    with world.access.export(ada) as made:
        archive = zipfile.ZipFile(io.BytesIO(made.read()))
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"herald.example/feed" in archive.read("feeds.opml")
    assert json.loads(archive.read("account.json"))["name"] == "ada"
    assert json.loads(archive.read("sessions.json"))[0]["device"] == "Firefox on Linux"
    assert b"ledger" not in whole
    assert b"ben" not in whole
    assert b"argon2" not in whole
    assert token.encode() not in whole


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words


def test_a_free_name_is_found(world: World) -> None:
    world.accounts.create("ada", SECRET)
    assert world.access.free_name("ada") == "ada 2"
    assert world.access.free_name(" \n") == "reader"
    assert len(world.access.free_name("x" * 500)) <= 60
