"""Accounts, invites, sessions, passkeys and identities, as the store keeps them."""

from __future__ import annotations

import threading

import pytest
from store_world import MINUTE, NOW, OWNER, feed

from firsthand.model.access import Role
from firsthand.model.errors import UsageError
from firsthand.store import Store


def test_the_first_account_is_an_owner_s_and_the_next_are_readers(store: Store) -> None:
    assert store.readers.owner().role is Role.OWNER
    store.readers.add("ada", "hash", NOW)
    store.readers.add("ben", "hash", NOW)
    assert [(one.name, one.role) for one in store.access.accounts()] == [("ada", Role.OWNER), ("ben", Role.READER)]


def test_a_name_is_had_once(store: Store) -> None:
    store.readers.add("ada", "hash", NOW)
    store.readers.add("ben", "hash", NOW)
    with pytest.raises(UsageError, match="already an account named ben"):
        store.readers.add("ben", "other", NOW)


def test_an_invite_makes_one_account(store: Store) -> None:
    store.readers.add("ada", "hash", NOW)
    invite = store.access.invite("digest", Role.READER, "for Ben", NOW, NOW + MINUTE)
    assert store.access.open_invite("digest", NOW) == invite
    assert store.access.open_invite("other", NOW) is None
    assert store.access.open_invite("digest", NOW + MINUTE) is None
    with pytest.raises(UsageError):
        store.access.join(invite.id, "ada", "hash", NOW)
    ben = store.access.join(invite.id, "ben", "hash", NOW)
    assert ben is not None
    assert ben.role is Role.READER
    assert store.access.join(invite.id, "eve", "hash", NOW) is None
    assert store.access.open_invite("digest", NOW) is None
    assert [(one.used, one.used_by) for one in store.access.invites()] == [(NOW, "ben")]


def test_of_two_who_open_one_invite_one_gets_in(store: Store) -> None:
    store.readers.add("ada", "hash", NOW)
    invite = store.access.invite("digest", Role.READER, "", NOW, NOW + MINUTE)
    joined: list[object] = []
    threads = [
        threading.Thread(target=lambda name=name: joined.append(store.access.join(invite.id, name, "hash", NOW)))
        for name in ("ben", "eve", "kim")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in joined if one]) == 1
    assert len(store.access.accounts()) == 2


def test_an_invite_that_is_withdrawn_or_over_is_none(store: Store) -> None:
    store.readers.add("ada", "hash", NOW)
    late = store.access.invite("late", Role.READER, "", NOW, NOW + MINUTE)
    assert store.access.join(late.id, "ben", "hash", NOW + MINUTE) is None
    assert store.access.revoke_invite(late.id)
    assert not store.access.revoke_invite(late.id)
    assert store.access.invites() == []


def test_sessions_are_told_apart_and_ended_by_their_own_reader_only(store: Store) -> None:
    ada, ben = store.readers.add("ada", "hash", NOW), store.readers.add("ben", "hash", NOW)
    for number, reader in enumerate((ada, ada, ben)):
        store.readers.start_session(reader.id, f"{number:064}", NOW, NOW + 60 * MINUTE, f"device {number}")
    assert store.readers.session(f"{1:064}", NOW + 11 * MINUTE)
    here = f"{0:064}"
    first, second = store.access.sessions(ada.id, here, NOW)
    assert (first.here, first.device, second.here, second.last_used) == (True, "device 0", False, NOW + 11 * MINUTE)


def test_a_session_s_use_is_noted_now_and_then(store: Store) -> None:
    store.readers.start_session(OWNER, "token", NOW, NOW + 60 * MINUTE)
    for minute, noted in ((5, 0), (10, 10), (12, 10), (20, 20)):
        store.readers.session("token", NOW + minute * MINUTE)
        assert store.access.sessions(OWNER, "token", NOW)[0].last_used == NOW + noted * MINUTE


def test_sessions_end_by_their_id(store: Store) -> None:
    ada, ben = store.readers.add("ada", "hash", NOW), store.readers.add("ben", "hash", NOW)
    for token, reader in (("a" * 64, ada), ("b" * 64, ada), ("c" * 64, ben)):
        store.readers.start_session(reader.id, token, NOW, NOW + MINUTE)
    (named,) = store.access.sessions(ben.id, "", NOW)
    assert not store.access.end_session(ada.id, named.id)
    assert store.access.end_session(ben.id, named.id)
    assert store.readers.session("c" * 64, NOW) is None
    store.access.end_other_sessions(ada.id, "b" * 64)
    assert [one.id for one in store.access.sessions(ada.id, "", NOW)] == ["b" * 16]


def test_passkeys_belong_to_one_reader(store: Store) -> None:
    ada, ben = store.readers.add("ada", "hash", NOW), store.readers.add("ben", "hash", NOW)
    assert store.access.add_passkey(ada.id, b"\x00id", b"key", 1, "phone", NOW)
    assert not store.access.add_passkey(ben.id, b"\x00id", b"other", 1, "phone", NOW)
    held = store.access.passkey(b"\x00id")
    assert held is not None
    assert (held.reader_id, held.public_key, held.name, held.last_used) == (ada.id, b"key", "phone", None)
    store.access.passkey_used(held.id, 7, NOW)
    assert [(one.sign_count, one.last_used) for one in store.access.passkeys(ada.id)] == [(7, NOW)]
    assert store.access.passkeys(ben.id) == []
    assert not store.access.remove_passkey(ben.id, held.id)
    assert store.access.remove_passkey(ada.id, held.id)
    assert store.access.passkey(b"\x00id") is None


def test_an_identity_leads_to_one_account(store: Store) -> None:
    ada, ben = store.readers.add("ada", "hash", NOW), store.readers.add("ben", "hash", NOW)
    assert store.access.link(ada.id, "https://login.example", "1", "ada@example", NOW)
    assert store.access.link(ada.id, "https://login.example", "1", "ada@example", NOW)
    assert not store.access.link(ben.id, "https://login.example", "1", "ada@example", NOW)
    found = store.access.by_identity("https://login.example", "1", NOW)
    assert found is not None
    assert found.id == ada.id
    assert store.access.by_identity("https://other.example", "1", NOW) is None
    (held,) = store.access.identities(ada.id)
    assert not store.access.unlink(ben.id, held.id)
    assert store.access.unlink(ada.id, held.id)
    assert store.access.by_identity("https://login.example", "1", NOW) is None


def test_the_last_owner_stays(store: Store) -> None:
    ada, ben = store.readers.add("ada", "hash", NOW), store.readers.add("ben", "hash", NOW)
    assert not store.access.remove(ada.id)
    assert not store.access.set_role(ada.id, Role.READER)
    assert store.access.set_role(ben.id, Role.OWNER)
    assert store.access.remove(ada.id)
    # Whoever comes without a session is still asked to sign in.
    assert store.readers.owner().name == "ben"
    assert store.readers.owner().password_hash is not None


def test_an_account_goes_with_all_that_is_its_own_and_nothing_else(store: Store) -> None:
    ada, ben = store.readers.add("ada", "hash", NOW), store.readers.add("ben", "hash", NOW)
    source = feed(store, readers=(ada.id, ben.id))
    only = feed(store, "https://ben.example/feed", readers=(ben.id,))
    store.readers.start_session(ben.id, "token", NOW, NOW + MINUTE)
    store.access.add_passkey(ben.id, b"id", b"key", 1, "phone", NOW)
    store.access.link(ben.id, "https://login.example", "1", "ben", NOW)
    invite = store.access.invite("digest", Role.READER, "", NOW, NOW + MINUTE)
    assert store.access.remove(ben.id)
    assert store.readers.session("token", NOW) is None
    assert store.access.passkey(b"id") is None
    assert store.access.by_identity("https://login.example", "1", NOW) is None
    assert [one.feed.id for one in store.readers.followed(ada.id)] == [source.id]
    assert store.access.open_invite("digest", NOW) == invite
    # A feed that nobody follows any more is held, with its articles, and no longer asked.
    assert store.feeds.get(only.id).url == only.url
    assert [one.id for one in store.feeds.due(NOW, 10)] == [source.id]
    store.readers.unfollow_for_all(source.id)
    assert store.feeds.due(NOW, 10) == []
    assert store.feeds.next_due() is None


def test_what_is_taken_along_lets_nobody_in(store: Store) -> None:
    ada = store.readers.add("ada", "hash", NOW)
    store.readers.add("ben", "hash", NOW)
    store.readers.start_session(ada.id, "the session's digest", NOW, NOW + MINUTE, "Firefox on Linux")
    store.access.add_passkey(ada.id, b"id", b"the public key", 1, "phone", NOW)
    rows = dict(store.access.own_rows(ada.id))
    assert rows["sessions"][0]["device"] == "Firefox on Linux"
    assert rows["passkeys"][0]["name"] == "phone"
    assert "digest" not in str(rows)
    assert "public" not in str(rows)
    assert {"beats", "editions", "addresses", "tokens"} <= set(rows)
