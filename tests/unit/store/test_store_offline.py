"""Marks that were made offline: each done once, in their order, and none over a newer one."""

from __future__ import annotations

from datetime import datetime, timedelta

from store_world import MINUTE, NOW, OWNER, brought, read

from firsthand.model.offline import OfflineMark
from firsthand.store import Store

LATER = NOW + timedelta(hours=2)


def mark(action: str, article_id: int, at: datetime = NOW, **flags: bool) -> OfflineMark:
    return OfflineMark(id=action, article_id=article_id, read=flags.get("read"), saved=flags.get("saved"), at=at)


def marks(store: Store, article_id: int) -> tuple[bool, bool]:
    held = store.articles.get(OWNER, article_id)
    return held.read, held.saved


def test_marks_are_set_in_the_order_they_were_made(store: Store) -> None:
    one, two = brought(store, "a", "b")
    later = NOW + MINUTE
    sent = [mark("b", one, later, read=False), mark("a", one, read=True), mark("c", two, saved=True)]
    assert store.offline.apply(OWNER, sent, LATER) == 3
    assert marks(store, one) == (False, False)
    assert marks(store, two) == (False, True)


def test_what_comes_twice_is_done_once(store: Store) -> None:
    (one,) = brought(store, "a")
    sent = [mark("a", one, read=True)]
    assert store.offline.apply(OWNER, sent, LATER) == 1
    store.readers.mark(OWNER, one, read=False, now=LATER)
    assert store.offline.apply(OWNER, sent, LATER) == 0
    assert marks(store, one) == (False, False)


def test_a_newer_mark_of_another_device_stands(store: Store) -> None:
    (one,) = brought(store, "a")
    store.readers.mark(OWNER, one, read=True, saved=True, now=NOW + MINUTE)
    store.offline.apply(OWNER, [mark("a", one, read=False, saved=False)], LATER)
    assert marks(store, one) == (True, True)
    store.offline.apply(OWNER, [mark("b", one, NOW + 2 * MINUTE, saved=False)], LATER)
    assert marks(store, one) == (True, False)


def test_a_clock_that_is_fast_does_not_mark_in_the_future(store: Store) -> None:
    (one,) = brought(store, "a")
    store.offline.apply(OWNER, [mark("a", one, LATER + timedelta(days=400), saved=True)], LATER)
    store.readers.mark(OWNER, one, saved=False, now=LATER + MINUTE)
    assert marks(store, one) == (False, False)


def test_what_is_no_longer_held_is_passed_over(store: Store) -> None:
    (one,) = brought(store, "a")
    assert store.offline.apply(OWNER, [mark("a", 999, read=True), mark("b", one, read=True)], LATER) == 1
    assert marks(store, one) == (True, False)


def test_an_article_that_is_read_anew_has_another_tag(store: Store) -> None:
    (one,) = brought(store, "a")
    before = store.offline.tags([one, 999])
    read(store, one)
    assert store.offline.tags([one]) != before
    assert set(before) == {one}


def test_the_unread_are_counted_up_to_a_limit(store: Store) -> None:
    brought(store, "a", "b", "c")
    assert store.offline.unread(OWNER, 99) == 3
    assert store.offline.unread(OWNER, 2) == 2
