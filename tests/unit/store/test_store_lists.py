"""Lists: every page after the other gives everything once, whoever follows what and however times tie."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from store_world import MINUTE, NOW, OWNER, brought, every_page, feed, front, item, poll, read

from firsthand.model.errors import NotFound
from firsthand.model.records import Cursor, Reading, ReadState
from firsthand.store import Store, open_store
from firsthand.store import schema as s


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all examples of a property; each makes its own reader and feeds."""
    from conftest import create

    if request.param == "sqlite":
        store = open_store(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'a.db'}")
        store.migrate()
    else:
        like = request.getfixturevalue("migrated_database")
        store = open_store(create(request.getfixturevalue("server"), "shared", like))
    store.readers.owner()
    store.readers.add("first", "hash", NOW)
    yield store
    store.close()


AGES = st.sampled_from([0, 1, 2, 3, 5_000, 100_000, 2_000_000])
"""Minutes: from one time to years apart."""
PLACED = st.lists(st.tuples(AGES, st.sets(st.integers(0, 4), min_size=1)), max_size=12)
_turn = iter(range(10_000))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(placed=PLACED, followed=st.sets(st.integers(0, 4)), limit=st.integers(1, 4), seen=st.sets(st.integers(0, 11)))
def test_pages_give_all_of_what_is_followed_once_newest_first(
    shared: Store, placed: list[tuple[int, set[int]]], followed: set[int], limit: int, seen: set[int]
) -> None:
    turn = next(_turn)
    reader = shared.readers.add(f"reader {turn}", "hash", NOW).id
    feeds = [feed(shared, f"https://paper{n}-{turn}.example/feed", readers=()) for n in range(5)]
    for number in followed:
        shared.readers.follow(reader, feeds[number].id, "", NOW)
    places: dict[int, int] = {}
    for number, (minute, sources) in enumerate(placed):
        one = item(f"{turn}-{number}", sort_at=NOW - minute * MINUTE)
        for source in sources:
            shared.ingest.save_poll(poll(feeds[source], one))
        if sources & followed:
            places[shared.articles.by_key(one.key) or 0] = minute
    expected = sorted(places, key=lambda key: (places[key], -key))
    assert every_page(lambda before: shared.articles.front(reader, before=before, limit=limit)) == expected
    read_ones = {key for at, key in enumerate(sorted(places)) if at in seen}
    for key in read_ones:
        shared.readers.mark(reader, key, read=True, now=NOW)
    unread = every_page(lambda before: shared.articles.front(reader, before=before, limit=limit, unread_only=True))
    assert unread == [key for key in expected if key not in read_ones]
    if expected:
        middle = expected[len(expected) // 2]
        shared.readers.mark_all_read(reader, upto=Cursor(NOW - places[middle] * MINUTE, middle), now=NOW)
        shared.readers.mark(reader, expected[-1], read=False, now=NOW)
        read_ones |= set(expected[expected.index(middle) :])
        unread = every_page(lambda before: shared.articles.front(reader, before=before, limit=limit, unread_only=True))
        assert unread == [key for key in expected if key not in read_ones or key == expected[-1]]


def test_a_front_page_of_more_feeds_than_fit_one_query(store: Store) -> None:
    feeds = [feed(store, f"https://paper{number}.example/feed") for number in range(130)]
    for number, source in enumerate(feeds):
        store.ingest.save_poll(poll(source, item(f"n{number}", sort_at=NOW)))
    assert len(front(store, limit=1000)) == 130
    assert len(every_page(lambda before: store.articles.front(OWNER, before=before, limit=40))) == 130


def test_readers_see_what_they_follow(store: Store) -> None:
    store.readers.add("ada", "hash", NOW)
    bob = store.readers.add("bob", "hash", NOW).id
    first, second = feed(store), feed(store, "https://other.example/feed", readers=(bob,))
    (one,) = store.ingest.save_poll(poll(first, item("a")))
    (two,) = store.ingest.save_poll(poll(second, item("b")))
    assert (front(store), front(store, bob)) == ([one], [two])
    store.readers.unfollow(bob, second.id)
    assert front(store, bob) == []


def test_a_second_feed_that_gives_another_time_does_not_move_the_article(store: Store) -> None:
    first, second = feed(store), feed(store, "https://other.example/feed")
    (old, new) = store.ingest.save_poll(poll(first, item("old", sort_at=NOW - 9 * MINUTE), item("new")))
    again = item("again", url="https://herald.example/old", sort_at=NOW)
    store.ingest.save_poll(poll(second, again, item("future", sort_at=NOW + 99 * MINUTE)))
    ids = every_page(lambda before: store.articles.front(OWNER, before=before, limit=1))
    assert ids == [new + 1, new, old]


def _lists(store: Store, outlet: int) -> dict[str, Callable[[Cursor | None], list]]:
    return {
        "outlet": lambda before: store.articles.by_outlet(OWNER, outlet, before=before, limit=3),
        "feed": lambda before: store.articles.by_feed(OWNER, 1, before=before, limit=3),
        "section": lambda before: store.articles.by_section(OWNER, "politics", before=before, limit=3),
        "saved": lambda before: store.articles.saved(OWNER, before=before, limit=3),
    }


@pytest.mark.parametrize("name", ["outlet", "feed", "section", "saved"])
def test_every_list_goes_by_cursor(store: Store, name: str) -> None:
    ids = store.ingest.save_poll(poll(feed(store), *(item(f"n{n}", sort_at=NOW - n // 4 * MINUTE) for n in range(10))))
    for key in ids:
        read(store, key, f"Text {key}", section=("Politics", "Europe"))
        store.readers.mark(OWNER, key, saved=True, now=NOW)
    expected = sorted(ids, key=lambda key: ((key - ids[0]) // 4, -key))
    assert every_page(_lists(store, feed(store).outlet_id)[name]) == expected


def test_a_section_that_is_not_there_is_empty(store: Store) -> None:
    brought(store, "a")
    assert store.articles.by_section(OWNER, "politics", before=None, limit=5) == []


def test_outlets_are_those_of_followed_feeds(store: Store) -> None:
    source = feed(store)
    feed(store, "https://alone.example/feed", readers=())
    assert [one.id for one in store.articles.outlets(OWNER)] == [source.outlet_id]
    assert store.articles.outlet(source.outlet_id).domain == "herald.example"


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.articles.get(OWNER, 99),
        lambda store: store.articles.version(99, 1),
        lambda store: store.articles.outlet(99),
        lambda store: store.feeds.get(99),
        lambda store: store.readers.get(99),
        lambda store: store.ingest.save_reading(Reading(article_id=99, at=NOW, problem="x")),
    ],
)
def test_what_is_not_held_is_said(store: Store, ask: Callable[[Store], object]) -> None:
    with pytest.raises(NotFound):
        ask(store)


def test_count_of_new_is_the_readers_own_and_stops(store: Store) -> None:
    brought(store, "a", "b")
    latest = store.changes.latest()
    assert store.articles.count_new(OWNER, latest) == 0
    brought(store, "c", "d", "e")
    store.ingest.save_poll(poll(feed(store, "https://other.example/feed", readers=()), item("z")))
    assert store.articles.count_new(OWNER, latest) == 3
    assert store.articles.count_new(OWNER, 0, limit=2) == 2


def test_one_reading_sees_one_moment(store: Store) -> None:
    (first,) = brought(store, "a")
    ids = select(s.articles.c.id)
    with store._db.read() as connection:
        assert list(connection.scalars(ids)) == [first]
        brought(store, "b")
        assert list(connection.scalars(ids)) == [first]
    with store._db.read() as connection:
        assert len(list(connection.scalars(ids))) == 2


def test_export_gives_everything_in_order(store: Store) -> None:
    ids = brought(store, *(f"n{number}" for number in range(450)))
    read(store, ids[3])
    exported = list(store.articles.export())
    assert [one.id for one in exported] == ids
    assert exported[3].state is ReadState.WHOLE


def test_changes_follow_in_order(store: Store) -> None:
    ids = brought(store, "a", "b", "c")
    every = store.changes.after(0)
    assert [one.article_id for one in every] == ids
    assert store.changes.after(every[0].seq, 1) == every[1:2]
    assert store.changes.latest() == every[-1].seq
    assert store.changes.after(every[-1].seq) == []
