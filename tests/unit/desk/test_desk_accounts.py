"""Signing in: sessions, passwords, and what slows guessing down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firsthand.desk.accounts import SESSION, TRIES_PER_ADDRESS, TRIES_PER_NAME, WINDOW, Accounts
from firsthand.model.errors import AccessDenied, UsageError
from firsthand.store import Store, open_store

SECRET = "correct horse battery"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2025, 3, 8, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'accounts.db'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(store: Store, clock: Clock) -> Accounts:
    return Accounts(store, clock)


def test_the_first_account_takes_over_from_the_local_owner(accounts: Accounts) -> None:
    owner = accounts.local_owner()
    assert owner is not None
    assert not accounts.needs_sign_in()
    assert accounts.create("Ada", SECRET).id == owner.id
    assert accounts.local_owner() is None


def test_a_session_lasts_until_it_ends(accounts: Accounts, clock: Clock) -> None:
    accounts.create("Ada", SECRET)
    token = accounts.sign_in("Ada", SECRET, "192.0.2.1")
    reader = accounts.reader_of(token)
    assert reader is not None
    assert accounts.reader_of(token + "x") is None
    other = accounts.sign_in("Ada", SECRET, "192.0.2.1")
    accounts.sign_out(other)
    assert accounts.reader_of(other) is None
    clock.now += SESSION + timedelta(seconds=1)
    assert accounts.reader_of(token) is None


def test_the_token_itself_is_not_kept(accounts: Accounts, tmp_path: Path) -> None:
    accounts.create("Ada", SECRET)
    token = accounts.sign_in("Ada", SECRET, "192.0.2.1")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert token.encode() not in kept
    assert SECRET.encode() not in kept


def test_guessing_one_name_is_stopped_and_forgotten_again(accounts: Accounts, clock: Clock) -> None:
    accounts.create("Ada", SECRET)
    for number in range(TRIES_PER_NAME):
        with pytest.raises(AccessDenied, match="do not belong together"):
            accounts.sign_in("Ada", "wrong", f"192.0.2.{number}")
    with pytest.raises(AccessDenied, match="too many"):
        accounts.sign_in("ADA", SECRET, "192.0.2.99")
    clock.now += WINDOW + timedelta(seconds=1)
    assert accounts.sign_in("Ada", SECRET, "192.0.2.99")


def test_guessing_many_names_from_one_address_is_stopped(accounts: Accounts) -> None:
    accounts.create("Ada", SECRET)
    for number in range(TRIES_PER_ADDRESS):
        with pytest.raises(AccessDenied, match="do not belong together"):
            accounts.sign_in(f"name{number}", "wrong", "192.0.2.1")
    with pytest.raises(AccessDenied, match="too many"):
        accounts.sign_in("Ada", SECRET, "192.0.2.1")
    assert accounts.sign_in("Ada", SECRET, "192.0.2.2")


def test_a_new_password_ends_all_sessions_but_this_one(accounts: Accounts) -> None:
    reader = accounts.create("Ada", SECRET)
    old = accounts.sign_in("Ada", SECRET, "192.0.2.1")
    with pytest.raises(AccessDenied):
        accounts.change_password(reader, "wrong", "another good one")
    fresh = accounts.change_password(reader, SECRET, "another good one")
    assert accounts.reader_of(old) is None
    assert accounts.reader_of(fresh) is not None
    accounts.reset_password("Ada", "a third good one")
    assert accounts.reader_of(fresh) is None
    assert accounts.sign_in("Ada", "a third good one", "192.0.2.1")


@pytest.mark.parametrize(
    ("name", "password"), [("", SECRET), ("x" * 81, SECRET), ("Eve", "short"), ("Eve", "x" * 1001)]
)
def test_bad_names_and_passwords_are_refused(accounts: Accounts, name: str, password: str) -> None:
    with pytest.raises(UsageError):
        accounts.create(name, password)


def test_only_real_zones_are_set(accounts: Accounts, store: Store) -> None:
    owner = store.readers.owner()
    accounts.set_zone(owner, "Asia/Kolkata")
    assert store.readers.owner().zone == "Asia/Kolkata"
    for zone in ("Nowhere/Land", "../../etc/passwd", "/etc/localtime"):
        with pytest.raises(UsageError):
            accounts.set_zone(owner, zone)
