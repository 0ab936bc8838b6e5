"""Channels and notices as they are kept: each told once, whatever crashes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from store_world import MINUTE, NOW, OWNER

from firsthand.model.errors import NotFound
from firsthand.model.push import ChannelKind, NewNotice, Pushed, PushFate, PushRules
from firsthand.store import Store, open_store
from firsthand.store import schema as s
from firsthand.store.push import HELD_UP, MOST_ATTEMPTS, MOST_FAILURES

HOUR = timedelta(hours=1)
TAKEN, AGAIN = Pushed(PushFate.TAKEN), Pushed(PushFate.AGAIN, "busy")


def channel(
    store: Store, kind: ChannelKind = ChannelKind.WEB, address: str = "https://push.example/1", **more: str
) -> int:
    return store.push.add_channel(OWNER, kind, address, label="Phone", keys={}, now=NOW, **more)  # type: ignore[arg-type]


def notice(tag: str = "story:1", stage: int = 1, **more: object) -> NewNotice:
    values = {"title": "Cracks", "body": "3 outlets", "path": "/stories/1", "due": NOW} | more
    return NewNotice(reader_id=OWNER, tag=tag, stage=stage, **values)  # type: ignore[arg-type]


def tell(store: Store, *notices: NewNotice) -> None:
    for one in notices:
        store.push.save_one(one, NOW)


def states(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        query = select(s.sendings.c.state).order_by(s.sendings.c.notice_id, s.sendings.c.channel_id)
        return list(connection.scalars(query))


def test_rules_are_the_reader_s_own(store: Store) -> None:
    other = store.readers.add("Ada", "x", NOW)
    assert other.id == OWNER  # the first account takes over
    ben = store.readers.add("Ben", "x", NOW)
    rules = PushRules(outlets=9, quiet_from=None, quiet_to=None, zone="Europe/Rome")
    store.push.set_rules(OWNER, rules)
    store.push.set_rules(OWNER, rules)
    assert store.push.rules(OWNER) == rules
    assert store.push.rules(ben.id) == PushRules()


def test_a_channel_is_one_reader_s(store: Store) -> None:
    store.readers.add("Ada", "x", NOW)
    ben = store.readers.add("Ben", "x", NOW)
    mine = channel(store)
    with pytest.raises(NotFound):
        store.push.channel(ben.id, mine)
    store.push.remove_channel(ben.id, channel_id=mine)
    assert [one.id for one in store.push.channels(OWNER)] == [mine]
    assert channel(store) == mine  # the same browser again


def test_a_browser_belongs_to_who_reads_in_it_now(store: Store) -> None:
    store.readers.add("Ada", "x", NOW)
    ben = store.readers.add("Ben", "x", NOW)
    channel(store)
    channel(store, ChannelKind.NTFY, "https://ntfy.example/a")
    for kind, address in ((ChannelKind.WEB, "https://push.example/1"), (ChannelKind.NTFY, "https://ntfy.example/a")):
        store.push.add_channel(ben.id, kind, address, label="", keys={}, now=NOW)
    assert [one.kind for one in store.push.channels(OWNER)] == [ChannelKind.NTFY]
    assert len(store.push.channels(ben.id)) == 2


def test_a_notice_goes_to_every_channel_once(store: Store) -> None:
    channel(store)
    channel(store, ChannelKind.NTFY, "https://ntfy.example/a")
    tell(store, notice(), notice())
    sendings = store.push.claim(NOW, 10)
    assert [one.channel.kind for one in sendings] == [ChannelKind.WEB, ChannelKind.NTFY]
    assert {one.attempts for one in sendings} == {1}
    assert store.push.claim(NOW, 10) == []
    for one in sendings:
        store.push.end(one, TAKEN, NOW)
    assert states(store) == ["sent", "sent"]
    assert store.push.channels(OWNER)[0].last_sent == NOW


def test_two_processes_never_take_the_same(database: str) -> None:
    stores = [open_store(database) for _ in range(4)]
    stores[0].readers.owner()
    channel(stores[0])
    for number in range(30):
        tell(stores[0], notice(f"story:{number}"))
    taken: list[int] = []

    def work(store: Store) -> None:
        while sendings := store.push.claim(NOW, 3):
            taken.extend(one.notice.id for one in sendings)

    threads = [threading.Thread(target=work, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 30
    for one in stores:
        one.close()


def test_of_one_thing_only_the_newest_word_goes_out(store: Store) -> None:
    channel(store)
    tell(store, notice(stage=1, due=NOW + HOUR), notice(stage=2, due=NOW + HOUR))
    assert store.push.claim(NOW, 10) == []
    assert [one.notice.stage for one in store.push.claim(NOW + HOUR, 10)] == [2]
    assert states(store) == ["replaced", "sending"]


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(store: Store) -> None:
    channel(store)
    tell(store, notice())
    at, attempts = NOW, 0
    while sendings := store.push.claim(at, 10):
        attempts += 1
        store.push.end(sendings[0], AGAIN, at)
        assert store.push.claim(at, 10) == []
        at += 7 * HOUR
    assert 4 <= attempts <= MOST_ATTEMPTS
    assert states(store) == ["failed"]
    assert store.push.channels(OWNER)[0].problem == "busy"


def test_a_service_says_how_long_to_wait(store: Store) -> None:
    channel(store)
    tell(store, notice())
    (one,) = store.push.claim(NOW, 10)
    store.push.end(one, Pushed(PushFate.AGAIN, "busy", 2 * HOUR), NOW)
    assert store.push.claim(NOW + HOUR, 10) == []
    assert len(store.push.claim(NOW + 2 * HOUR, 10)) == 1


def test_a_channel_that_is_gone_gets_nothing_more(store: Store) -> None:
    channel(store)
    tell(store, notice(), notice("story:2", due=NOW + HOUR))
    (one,) = store.push.claim(NOW, 10)
    store.push.end(one, Pushed(PushFate.GONE, "410"), NOW)
    tell(store, notice("story:3"))
    assert store.push.claim(NOW + HOUR, 10) == []
    assert states(store) == ["failed", "failed"]
    assert store.push.channels(OWNER)[0].stopped == NOW
    channel(store)  # the browser subscribes again
    tell(store, notice("story:4"))
    assert len(store.push.claim(NOW, 10)) == 1


def test_a_channel_that_fails_too_often_is_stopped(store: Store) -> None:
    channel(store)
    for number in range(MOST_FAILURES):
        tell(store, notice(f"story:{number}"))
        (one,) = store.push.claim(NOW, 1)
        store.push.end(one, Pushed(PushFate.REFUSED, "no"), NOW)
    assert store.push.channels(OWNER)[0].stopped is not None


@pytest.mark.parametrize(
    ("kind", "after"), [(ChannelKind.WEB, "sending"), (ChannelKind.WEBHOOK, "sending"), (ChannelKind.NTFY, "doubtful")]
)
def test_what_was_cut_off_is_not_told_twice(store: Store, kind: ChannelKind, after: str) -> None:
    """A browser shows the second in the first one's place, a program knows its id; an ntfy server would tell it again."""
    channel(store, kind)
    tell(store, notice())
    assert len(store.push.claim(NOW, 10)) == 1  # and here the program was killed
    assert store.push.claim(NOW + MINUTE, 10) == []
    store.push.claim(NOW + HELD_UP + MINUTE, 10)
    assert states(store) == [after]


def test_the_cursor_moves_with_the_notices_or_not_at_all(store: Store) -> None:
    channel(store)
    assert store.push.cursor("x") is None
    assert store.push.save((), NOW, name="x", before=None, after=5)
    assert store.push.save([notice()], NOW, name="x", before=5, after=9)
    assert not store.push.save([notice("story:2")], NOW, name="x", before=5, after=9)  # another process was quicker
    assert store.push.cursor("x") == 9
    assert states(store) == ["due"]


def test_a_browser_that_was_signed_out_is_told_nothing(store: Store) -> None:
    store.readers.add("Ada", "x", NOW)
    store.readers.start_session(OWNER, "hash", NOW, NOW + HOUR)
    channel(store, session_hash="hash")
    tell(store, notice(), notice("story:2", due=NOW + 2 * MINUTE))
    assert len(store.push.claim(NOW, 10)) == 1
    store.readers.end_session("hash")
    tell(store, notice("story:3"))
    assert store.push.claim(NOW + 2 * MINUTE, 10) == []
    assert store.push.ended(OWNER, NOW) == ["https://push.example/1"]
    store.readers.start_session(OWNER, "again", NOW, NOW + HOUR)
    channel(store, session_hash="again")
    assert store.push.ended(OWNER, NOW) == []


def test_the_day_s_notices_are_counted_without_those_that_only_change_one(store: Store) -> None:
    channel(store)
    tell(store, notice(), notice(stage=2), notice("story:2"), notice("test:1"))
    assert store.push.told_since(OWNER, NOW) == 2
    assert store.push.told_since(OWNER, NOW + MINUTE) == 0
    told = store.push.told(OWNER, "story:1")
    assert told is not None
    assert told.stage == 2
    assert [one.tag for one in store.push.recent(OWNER, 2)] == ["test:1", "story:2"]


def test_what_was_told_long_ago_is_forgotten(store: Store) -> None:
    channel(store)
    tell(store, notice())
    store.push.prune(NOW + timedelta(days=29))
    assert states(store) == ["due"]
    store.push.prune(NOW + timedelta(days=31))
    assert states(store) == []
