"""Readers: accounts, sessions, follows, and what they have read."""

from __future__ import annotations

import random
import threading

import pytest
from sqlalchemy import select
from store_world import MINUTE, NOW, OWNER, brought, feed, front, item, poll, read

from firsthand.model.errors import NotFound
from firsthand.model.records import Cursor, NewItem
from firsthand.store import Store, open_store
from firsthand.store import front as front_page
from firsthand.store import schema as s


def unread(store: Store, reader: int = OWNER) -> list[int]:
    """Ids of unread articles; the list of unread and the marks in the list of all must agree."""
    ids = front(store, reader, unread_only=True)
    rows = store.articles.front(reader, before=None, limit=100)
    assert ids == [row.id for row in rows if not row.read]
    return ids


def at(store: Store, key: int) -> Cursor:
    return Cursor(store.articles.get(OWNER, key).sort_at, key)


def test_marks_can_be_set_and_taken_back(store: Store) -> None:
    one, two = brought(store, "a", "b")
    store.readers.mark(OWNER, one, read=True, saved=True, now=NOW)
    assert unread(store) == [two]
    store.readers.mark(OWNER, one, read=False, now=NOW)
    assert unread(store) == [two, one]
    assert [row.id for row in store.articles.saved(OWNER, before=None, limit=5)] == [one]
    store.readers.mark(OWNER, one, saved=False, now=NOW)
    assert store.articles.saved(OWNER, before=None, limit=5) == []


def test_all_read_up_to_a_place_leaves_what_is_above_it(store: Store) -> None:
    ids = store.ingest.save_poll(poll(feed(store), *(item(f"n{n}", sort_at=NOW - n * MINUTE) for n in range(5))))
    store.readers.mark_all_read(OWNER, upto=at(store, ids[2]), now=NOW)
    assert unread(store) == ids[:2]
    store.readers.mark_all_read(OWNER, upto=at(store, ids[0]), now=NOW)
    assert unread(store) == []


def test_among_articles_of_one_time_only_those_down_from_the_place_are_read(store: Store) -> None:
    one, two, three = brought(store, "a", "b", "c")
    store.readers.mark_all_read(OWNER, upto=at(store, two), now=NOW)
    assert unread(store) == [three]
    assert one not in unread(store)


def test_what_comes_late_is_unread_though_it_is_older(store: Store) -> None:
    (first,) = brought(store, "a")
    store.readers.mark_all_read(OWNER, upto=at(store, first), now=NOW)
    (late,) = brought(store, "late", sort_at=NOW - 60 * MINUTE)
    (new,) = brought(
        store,
        "new",
        sort_at=NOW + MINUTE,
    )
    assert late in unread(store)
    store.readers.mark_all_read(OWNER, upto=at(store, late), now=NOW)
    assert late not in unread(store)
    assert new in front(store)


def test_what_was_marked_unread_again_stays_until_all_is_read_again(store: Store) -> None:
    one, two = brought(store, "a", "b")
    store.readers.mark_all_read(OWNER, upto=at(store, two), now=NOW)
    store.readers.mark(OWNER, one, read=False, now=NOW)
    assert unread(store) == [one]
    store.readers.mark_all_read(OWNER, upto=at(store, two), now=NOW)
    assert unread(store) == []


def test_unread_articles_below_many_read_ones_are_found(store: Store) -> None:
    busy, quiet = feed(store), feed(store, "https://quiet.example/feed")
    (hidden,) = store.ingest.save_poll(poll(quiet, item("q", url="https://quiet.example/q", sort_at=NOW - 9 * MINUTE)))
    for key in store.ingest.save_poll(poll(busy, *(item(f"n{n}") for n in range(6)))):
        store.readers.mark(OWNER, key, read=True, now=NOW)
    assert [row.id for row in store.articles.front(OWNER, before=None, limit=1, unread_only=True)] == [hidden]


@pytest.mark.parametrize("scope", ["outlet", "feed", "section"])
def test_all_read_of_a_part(store: Store, scope: str) -> None:
    source, other = feed(store), feed(store, "https://other.example/feed")
    mine = store.ingest.save_poll(poll(source, item("a"), item("b")))
    theirs = store.ingest.save_poll(poll(other, item("c", url="https://other.example/c")))
    for key, name in ((mine[0], "World"), (mine[1], "World"), (theirs[0], "Sport")):
        read(store, key, section=(name,))
    store.readers.mark(OWNER, mine[0], read=False, now=NOW)
    part = {"outlet": {"outlet_id": source.outlet_id}, "feed": {"feed_id": source.id}, "section": {"section": "world"}}
    store.readers.mark_all_read(OWNER, upto=at(store, theirs[0]), now=NOW, **part[scope])
    assert unread(store) == theirs
    (late,) = store.ingest.save_poll(poll(source, item("late", sort_at=NOW - MINUTE)))
    assert late in unread(store)


def test_all_read_of_a_part_writes_only_what_was_unread(store: Store) -> None:
    ids = brought(store, "a", "b", "c", "d")
    store.readers.mark_all_read(OWNER, upto=at(store, ids[1]), now=NOW)
    store.readers.mark(OWNER, ids[0], read=False, now=NOW)
    store.readers.mark(OWNER, ids[2], read=True, now=NOW)
    later = NOW + MINUTE
    store.readers.mark_all_read(OWNER, upto=at(store, ids[3]), feed_id=feed(store).id, now=later)
    with store.engine.connect() as connection:
        written = connection.execute(select(s.marks.c.article_id).where(s.marks.c.read_at == later)).scalars().all()
    assert sorted(written) == [ids[0], ids[3]]
    assert unread(store) == []


@pytest.mark.parametrize("few", [0, 2, 100])
@pytest.mark.parametrize("seed", range(4))
def test_the_list_of_unread_agrees_with_the_marks_whatever_was_marked(
    store: Store, monkeypatch: pytest.MonkeyPatch, few: int, seed: int
) -> None:
    monkeypatch.setattr(front_page, "FEW", few)
    luck = random.Random(seed)
    feeds = [feed(store, f"https://paper{n}.example/feed", readers=(OWNER,) if n < 3 else ()) for n in range(5)]
    held: list[NewItem] = []
    for turn in range(40):
        ids = front(store)
        match luck.choice(["poll", "poll", "again", "part", "part", "one", "follow", "all"]):
            case "poll":
                held.append(item(f"n{turn}", sort_at=NOW - luck.choice([0, 1, 90, 99_000]) * MINUTE))
                store.ingest.save_poll(poll(luck.choice(feeds), held[-1], at=NOW + turn * MINUTE))
            case "again" if followed := [one for one in held if store.articles.by_key(one.key) in ids]:
                store.ingest.save_poll(poll(luck.choice(feeds), luck.choice(followed)))
            case "part" if ids:
                store.readers.mark_all_read(OWNER, upto=at(store, ids[0]), feed_id=luck.choice(feeds).id, now=NOW)
            case "one" if ids:
                store.readers.mark(OWNER, luck.choice(ids), read=luck.random() < 0.5, now=NOW)
            case "follow" if luck.random() < 0.5:
                store.readers.follow(OWNER, luck.choice(feeds).id, "", NOW)
            case "all" if ids and luck.random() < 0.2:
                store.readers.mark_all_read(OWNER, upto=at(store, luck.choice(ids)), now=NOW)
        unread(store)


def test_one_readers_marks_are_no_others(store: Store) -> None:
    store.readers.add("ada", "hash", NOW)
    bob = store.readers.add("bob", "hash", NOW).id
    store.readers.follow(bob, feed(store).id, "", NOW)
    one, two = brought(store, "a", "b")
    store.readers.mark_all_read(OWNER, upto=at(store, two), now=NOW)
    store.readers.mark(bob, one, saved=True, now=NOW)
    assert (unread(store), unread(store, bob)) == ([], [two, one])
    assert store.articles.saved(OWNER, before=None, limit=5) == []


def test_marks_of_unknown_readers_are_refused(store: Store) -> None:
    (one,) = brought(store, "a")
    with pytest.raises(NotFound):
        store.readers.mark_all_read(99, upto=at(store, one), now=NOW)


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_account_takes_over_from_the_owner(store: Store) -> None:
    (one,) = brought(store, "a")
    store.readers.mark(OWNER, one, saved=True, now=NOW)
    assert store.readers.owner().password_hash is None
    ada = store.readers.add("ada", "hash", NOW)
    assert (ada.id, ada.name) == (OWNER, "ada")
    assert [row.id for row in store.articles.saved(ada.id, before=None, limit=5)] == [one]
    bob = store.readers.add("bob", "hash", NOW)
    assert bob.id != OWNER
    assert store.readers.by_name("bob") == bob == store.readers.get(bob.id)
    assert store.readers.by_name("eve") is None


def test_of_first_accounts_made_at_once_only_one_takes_over(store: Store) -> None:
    names = [f"reader{number}" for number in range(6)]
    threads = [threading.Thread(target=store.readers.add, args=(name, "hash", NOW)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accounts = [store.readers.by_name(name) for name in names]
    assert all(accounts)
    assert len({account.id for account in accounts if account}) == len(names)


def test_zone_and_password(store: Store) -> None:
    ada = store.readers.add("ada", "hash", NOW)
    store.readers.set_zone(ada.id, "Asia/Kolkata")
    store.readers.start_session(ada.id, "token", NOW, NOW + MINUTE)
    store.readers.set_password(ada.id, "same password, new hash", end_sessions=False)
    assert store.readers.session("token", NOW) is not None
    store.readers.set_password(ada.id, "new")
    held = store.readers.get(ada.id)
    assert (held.zone, held.password_hash) == ("Asia/Kolkata", "new")
    assert store.readers.session("token", NOW) is None


def test_sessions_end(store: Store) -> None:
    store.readers.start_session(OWNER, "token", NOW, NOW + MINUTE)
    held = store.readers.session("token", NOW)
    assert held is not None
    assert held.id == OWNER
    assert store.readers.session("token", NOW + MINUTE) is None
    assert store.readers.session("other", NOW) is None
    store.readers.end_session("token")
    assert store.readers.session("token", NOW) is None


def test_failed_sign_ins_are_counted_by_key_and_time(store: Store) -> None:
    for minute in range(3):
        store.readers.login_failed("ada", NOW + minute * MINUTE)
    store.readers.login_failed("bob", NOW)
    assert store.readers.recent_failures("ada", NOW) == 3
    assert store.readers.recent_failures("ada", NOW + MINUTE) == 2
    assert store.readers.recent_failures("eve", NOW) == 0


def test_follows_have_folders(store: Store) -> None:
    source = feed(store)
    store.readers.follow(OWNER, source.id, "ignored", NOW)
    (followed,) = store.readers.followed(OWNER)
    assert (followed.follow.folder, followed.feed.id, followed.outlet.domain) == ("", source.id, "herald.example")
    store.readers.set_folder(OWNER, source.id, "World")
    assert store.readers.followed(OWNER)[0].follow.folder == "World"


def test_a_feed_has_the_name_that_its_reader_gives_it(store: Store) -> None:
    one, other = feed(store, "a"), feed(store, "b")
    assert store.readers.add("ada", "hash", NOW).id == OWNER
    ben = store.readers.add("ben", "hash", NOW).id
    for reader in (OWNER, ben):
        for source in (one, other):
            store.readers.follow(reader, source.id, "", NOW)
    store.readers.rename(OWNER, one.id, "zebra")
    mine, bens = store.readers.followed(OWNER), store.readers.followed(ben)
    assert [(held.feed.title, held.follow.feed_title) for held in mine] == [
        ("b", "b"), ("zebra", "a"),
    ]  # fmt: skip
    assert [held.feed.title for held in bens] == ["a", "b"]
    store.readers.rename(OWNER, one.id, "")
    assert [held.feed.title for held in store.readers.followed(OWNER)] == ["a", "b"]


def test_secrets_are_stable(store: Store, database: str) -> None:
    first = store.secret("sessions")
    other = open_store(database)
    assert (len(first), other.secret("sessions")) == (32, first)
    assert other.secret("images") != first
    other.close()
