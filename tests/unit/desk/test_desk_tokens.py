"""API tokens: made, found, ended, and never kept themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firsthand.desk import tokens as desk_tokens
from firsthand.desk.accounts import SESSION, Accounts
from firsthand.desk.tokens import Tokens, fever_key
from firsthand.model.errors import AccessDenied, NotFound, UsageError
from firsthand.model.tokens import Scope
from firsthand.store import Store, open_store

SECRET = "correct horse battery"
DAY = timedelta(days=1)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2025, 3, 8, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'tokens.db'}")
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(store: Store, clock: Clock) -> Accounts:
    return Accounts(store, clock)


@pytest.fixture
def tokens(store: Store, clock: Clock, accounts: Accounts) -> Tokens:
    return Tokens(store, clock, accounts)


def test_a_token_is_its_reader_s_as_far_as_its_scopes(tokens: Tokens, store: Store) -> None:
    owner = store.readers.owner()
    made = tokens.make(owner, "phone", [Scope.WRITE])
    assert tokens.reader_of(made.secret) == owner
    assert tokens.reader_of(made.secret, Scope.WRITE) == owner
    assert tokens.reader_of(made.secret, Scope.FEEDS) is None
    for wrong in ("", "fh_", made.secret[:-1], made.secret + "x", "pw.1.1.1"):
        assert tokens.reader_of(wrong) is None


def test_neither_a_token_nor_what_fever_makes_of_it_is_kept(tokens: Tokens, store: Store, tmp_path: Path) -> None:
    made = tokens.make(store.readers.owner(), "phone")
    key = fever_key("owner", made.secret)
    assert key == hashlib.md5(f"owner:{made.secret}".encode()).hexdigest()
    caller = tokens.caller_of_fever(key)
    assert caller is not None
    assert caller.reader.name == "owner"
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert made.secret.encode() not in kept
    assert key.encode() not in kept


def test_a_token_ends_at_its_time_or_when_it_is_revoked(tokens: Tokens, store: Store, clock: Clock) -> None:
    owner = store.readers.owner()
    short, long = tokens.make(owner, "a", lasts=DAY), tokens.make(owner, "b")
    clock.now += DAY
    assert tokens.reader_of(short.secret) is None
    assert tokens.caller_of_fever(fever_key("owner", short.secret)) is None
    assert tokens.reader_of(long.secret) is not None
    tokens.revoke(owner, long.token.id)
    assert tokens.reader_of(long.secret) is None
    assert [one.name for one in tokens.list(owner)] == ["a"]
    with pytest.raises(NotFound):
        tokens.revoke(owner, long.token.id)


def test_nobody_revokes_or_lists_another_reader_s(tokens: Tokens, accounts: Accounts) -> None:
    ada, eve = accounts.create("Ada", SECRET), accounts.create("Eve", SECRET)
    made = tokens.make(ada, "phone")
    with pytest.raises(NotFound):
        tokens.revoke(eve, made.token.id)
    assert tokens.list(eve) == []
    assert tokens.reader_of(made.secret) == ada


def test_when_a_token_was_last_used_is_told_to_ten_minutes(tokens: Tokens, store: Store, clock: Clock) -> None:
    made, first = tokens.make(store.readers.owner(), "phone"), clock.now
    for minutes, used in ((0, first), (9, first), (11, first + timedelta(minutes=11))):
        clock.now = first + timedelta(minutes=minutes)
        tokens.reader_of(made.secret)
        assert tokens.list(store.readers.owner())[0].last_used == used


@pytest.mark.parametrize(
    ("name", "lasts"), [("", None), ("x" * 81, None), ("a", timedelta(0)), ("a", timedelta(days=99_999))]
)
def test_what_is_no_token_is_refused(tokens: Tokens, store: Store, name: str, lasts: timedelta | None) -> None:
    with pytest.raises(UsageError):
        tokens.make(store.readers.owner(), name, lasts=lasts)


def test_one_reader_has_only_so_many(tokens: Tokens, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_tokens, "MAX_TOKENS", 2)
    owner = store.readers.owner()
    made = [tokens.make(owner, name) for name in "ab"]
    with pytest.raises(UsageError, match="2 tokens"):
        tokens.make(owner, "c")
    tokens.revoke(owner, made[0].token.id)
    assert tokens.make(owner, "c")


def test_an_app_that_signed_in_by_password_goes_on_until_that_ends(
    tokens: Tokens, accounts: Accounts, clock: Clock
) -> None:
    ada = accounts.create("Ada", SECRET)
    with pytest.raises(AccessDenied):
        tokens.sign_in("Ada", "wrong", "192.0.2.1")
    auth = tokens.sign_in("Ada", SECRET, "192.0.2.1")
    caller = tokens.caller_of(auth)
    assert caller is not None
    assert (caller.reader.id, caller.scopes) == (ada.id, frozenset(Scope))
    kind, key, expires, signature = auth.split(".")
    for forged in (f"{kind}.{int(key) + 1}.{expires}.{signature}", f"{kind}.{key}.{int(expires) + 1}.{signature}"):
        assert tokens.caller_of(forged) is None
    clock.now += SESSION
    assert tokens.caller_of(auth) is None
    fresh = tokens.sign_in("Ada", SECRET, "192.0.2.1")
    accounts.reset_password("Ada", "another good one")
    assert tokens.caller_of(fresh) is None


def test_a_local_owner_without_a_password_signs_in_by_token_only(tokens: Tokens, store: Store) -> None:
    made = tokens.make(store.readers.owner(), "phone")
    assert tokens.sign_in("anybody", made.secret, "192.0.2.1") == made.secret
    for wrong in ("", "anything at all"):
        with pytest.raises(AccessDenied):
            tokens.sign_in("owner", wrong, "192.0.2.1")
