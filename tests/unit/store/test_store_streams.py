"""Streams: a reader's articles in the order they came, for apps that keep a copy."""

from __future__ import annotations

import random
from datetime import timedelta

from store_world import MINUTE, NOW, OWNER, brought, feed, front, item, poll, read

from firsthand.model.streams import StreamQuery
from firsthand.store import Store, streams

SECOND = timedelta(seconds=1)


def ids(store: Store, reader: int = OWNER, **asked: object) -> list[int]:
    return store.streams.ids(reader, StreamQuery(**({"limit": 100} | asked)))  # type: ignore[arg-type]


def many(store: Store, feeds: int, each: int) -> list[int]:
    """Articles of several feeds, mixed, each poll a second after the one before."""
    made = []
    followed = [feed(store, f"https://f{n}.example/feed") for n in range(feeds)]
    for round_ in range(each):
        for number, one in enumerate(followed):
            name = f"{number}-{round_}"
            new = item(name, url=f"https://f{number}.example/{name}", sort_at=NOW - round_ * MINUTE)
            made += store.ingest.save_poll(poll(one, new, at=NOW + len(made) * SECOND))
    return made


def test_a_stream_goes_by_when_articles_came_not_by_when_they_were_published(store: Store) -> None:
    young, old = (*brought(store, "young"), *brought(store, "old", sort_at=NOW - timedelta(days=900)))
    assert front(store) == [young, old]
    assert ids(store) == [old, young]
    assert ids(store, oldest_first=True) == [young, old]


def test_pages_of_a_stream_join_without_gap_or_repetition(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(streams, "WIDTH", 3)
    made = many(store, 5, 9)
    for up in (False, True):
        got: list[int] = []
        edge: dict[str, int] = {}
        while page := ids(store, limit=4, oldest_first=up, **edge):
            got += page
            edge = {"above": page[-1]} if up else {"below": page[-1]}
        assert got == sorted(made, reverse=not up)


def test_a_stream_holds_only_what_its_reader_follows(store: Store) -> None:
    other = store.readers.add("b", "hash", NOW).id  # takes over from the owner
    third = store.readers.add("c", "hash", NOW).id
    mine = feed(store, readers=(other,))
    theirs = feed(store, "https://other.example/feed", readers=(third,))
    (one,) = store.ingest.save_poll(poll(mine, item("a")))
    (two,) = store.ingest.save_poll(poll(theirs, item("b", url="https://other.example/b")))
    assert ids(store, other) == [one]
    assert ids(store, third) == [two]
    assert [row.headline.id for row in store.streams.items(third, [one, two])] == [two]
    store.streams.mark(third, [one], saved=True, now=NOW)
    assert ids(store, third, saved=True) == [one]
    (saved,) = store.streams.items(third, [one])
    assert saved.feeds == ()


def test_one_feed_one_folder(store: Store) -> None:
    a, b = feed(store), feed(store, "https://other.example/feed")
    store.readers.set_folder(OWNER, b.id, "News")
    (one,) = store.ingest.save_poll(poll(a, item("a")))
    (two,) = store.ingest.save_poll(poll(b, item("b", url="https://other.example/b")))
    assert ids(store, feed_id=a.id) == [one]
    assert ids(store, folder="News") == [two]
    assert ids(store, folder="") == [one]
    store.streams.mark_all(OWNER, StreamQuery(folder="News"), NOW)
    assert ids(store, read=False) == [one]
    store.streams.mark_all(OWNER, StreamQuery(feed_id=a.id), NOW)
    assert ids(store, read=False) == []
    assert ids(store, read=True) == [two, one]


def test_since_and_until_go_by_when_articles_came(store: Store) -> None:
    made = many(store, 2, 6)
    at = NOW + 5 * SECOND
    assert ids(store, since=at) == sorted(made[5:], reverse=True)
    assert ids(store, until=at) == sorted(made[:6], reverse=True)
    assert ids(store, since=NOW + MINUTE) == []
    assert ids(store, until=NOW - MINUTE) == []
    store.streams.mark(OWNER, made, saved=True, now=NOW)
    assert ids(store, saved=True, since=at, oldest_first=True) == made[5:]


def test_everything_until_a_time_is_read_and_what_came_later_is_not(store: Store) -> None:
    made = many(store, 3, 4)
    store.streams.mark(OWNER, [made[0], made[-1]], read=False, now=NOW)
    store.streams.mark_all(OWNER, StreamQuery(until=NOW + 4 * SECOND), NOW)
    assert ids(store, read=False) == sorted(made[5:], reverse=True)
    store.streams.mark_all(OWNER, StreamQuery(until=NOW + 2 * SECOND), NOW)  # earlier: nothing comes back
    assert ids(store, read=False) == sorted(made[5:], reverse=True)
    (late,) = store.ingest.save_poll(poll(feed(store), item("late", sort_at=NOW - 9 * MINUTE), at=NOW + MINUTE))
    assert ids(store, read=False)[0] == late


def test_of_articles_out_of_order_only_those_that_came_until_then_are_read(store: Store) -> None:
    one, two = feed(store), feed(store, "https://other.example/feed")
    (after,) = store.ingest.save_poll(poll(one, item("a"), at=NOW + 9 * SECOND))
    (before,) = store.ingest.save_poll(poll(two, item("b", url="https://other.example/b"), at=NOW + 3 * SECOND))
    store.streams.mark_all(OWNER, StreamQuery(until=NOW + 5 * SECOND), NOW)
    assert ids(store, read=False) == [after]
    assert ids(store, read=True) == [before]


def test_the_unread_of_a_stream_are_the_unread_of_the_front_page_whatever_was_marked(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(streams, "WIDTH", 2)
    monkeypatch.setattr(streams, "MANY", 0)
    dice = random.Random(5)
    made = many(store, 4, 8)
    for step in range(30):
        some = dice.sample(made, 3)
        match dice.randrange(5):
            case 0:
                store.streams.mark(OWNER, some, read=True, now=NOW)
            case 1:
                store.streams.mark(OWNER, some, read=False, now=NOW)
            case 2:
                place = store.articles.get(OWNER, some[0])
                store.readers.mark_all_read(OWNER, upto=front_place(place), now=NOW)
            case 3:
                store.streams.mark_all(OWNER, StreamQuery(until=NOW + dice.randrange(40) * SECOND), NOW)
            case _:
                name = f"late{step}"
                late = item(name, sort_at=NOW - dice.randrange(20) * MINUTE)
                made += store.ingest.save_poll(poll(feed(store), late, at=NOW + (100 + step) * SECOND))
        rows = store.articles.front(OWNER, before=None, limit=200)
        unread = sorted((row.id for row in rows if not row.read), reverse=True)
        assert ids(store, read=False) == unread
        assert ids(store, read=False, oldest_first=True, limit=5) == unread[::-1][:5]
        assert ids(store, read=True) == sorted((row.id for row in rows if row.read), reverse=True)


def front_place(held):
    from firsthand.model.records import Cursor

    return Cursor(held.sort_at, held.id)


def test_marks_follow_an_article_that_was_found_to_be_another(store: Store) -> None:
    one, two = brought(store, "a", "b")
    read(store, two, keys=("https://herald.example/a",))
    store.streams.mark(OWNER, [two, 999], read=True, saved=True, now=NOW)
    held = store.articles.get(OWNER, one)
    assert held.read
    assert held.saved
    assert [row.headline.id for row in store.streams.items(OWNER, [two, one])] == [one]


def test_whole_articles_come_in_the_order_they_were_asked_in(store: Store) -> None:
    one, two, three = brought(store, "a", "b", "c")
    read(store, two, "It was read.")
    items = store.streams.items(OWNER, [two, 77, three, one])
    assert [row.headline.id for row in items] == [two, three, one]
    assert items[0].article is not None
    assert items[0].article.text == "It was read."
    assert items[1].article is None
    assert [name.title for name in items[0].feeds] == ["herald.example"]


def test_by_number_each_says_when_it_came_and_in_which_feeds(store: Store) -> None:
    made = many(store, 3, 2)
    store.readers.unfollow(OWNER, 3)
    refs = store.streams.refs(OWNER, made[1:4])
    assert [(one.id, one.seen, one.feeds) for one in refs] == [
        (made[1], NOW + SECOND, (2,)),
        (made[2], NOW + 2 * SECOND, ()),
        (made[3], NOW + 3 * SECOND, (1,)),
    ]


def test_filters_join(store: Store) -> None:
    one, two, three = brought(store, "a", "b", "c")
    store.streams.mark(OWNER, [one, two], saved=True, now=NOW)
    store.streams.mark(OWNER, [one], read=True, now=NOW)
    assert ids(store, saved=True, read=True) == [one]
    assert ids(store, saved=True, read=False) == [two]
    assert ids(store, saved=False) == [three]
    assert ids(store, saved=False, read=False) == [three]
    store.streams.mark(OWNER, [one], saved=False, read=False, now=NOW)
    assert ids(store, saved=True) == [two]
    assert ids(store, read=False) == [three, two, one]
