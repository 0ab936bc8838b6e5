"""Polls: every item once, whoever brings it and however often."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from store_world import MINUTE, NOW, OWNER, brought, edited, feed, front, item, poll, read

from firsthand.model.errors import NotFound
from firsthand.model.feed import FeedFormat, PaceHints
from firsthand.model.records import ChangeKind, Reading, ReadState, SearchQuery
from firsthand.store import Store


def test_the_same_poll_twice_brings_nothing_twice(store: Store) -> None:
    outcome = poll(feed(store), item("a"), item("b"))
    created = store.ingest.save_poll(outcome)
    assert len(created) == 2
    assert store.ingest.save_poll(outcome) == []
    assert sorted(front(store)) == created
    assert [change.article_id for change in store.changes.after(0)] == created


def test_two_feeds_that_bring_one_article_hold_it_once(store: Store) -> None:
    first, second = feed(store), feed(store, "https://herald.example/sport/feed")
    (created,) = store.ingest.save_poll(poll(first, item("a")))
    assert store.ingest.save_poll(poll(second, item("other id", url="https://herald.example/a"))) == []
    assert front(store) == [created]
    held = store.articles.get(OWNER, created)
    assert [feed_id for feed_id, _ in held.feeds] == [first.id, second.id]


def test_one_key_twice_in_a_poll_makes_one_article(store: Store) -> None:
    source = feed(store)
    created = store.ingest.save_poll(poll(source, item("a"), item("b", url="https://herald.example/a")))
    assert len(created) == 1
    known = store.ingest.known({source.id: ["a", "b", "c"]})[source.id]
    assert {name: one.article_id for name, one in known.items()} == {"a": created[0], "b": created[0]}


def test_one_id_twice_in_a_poll_makes_one_article(store: Store) -> None:
    assert len(brought(store, "a", "a")) == 1


def test_an_item_without_an_address_stands_with_its_summary(store: Store) -> None:
    (created,) = brought(store, "a", url=None)
    held = store.articles.get(OWNER, created)
    assert held.state is ReadState.SUMMARY
    assert held.problem
    assert store.ingest.pages_due(NOW, 10) == []


def test_an_item_is_never_dated_later_than_it_came(store: Store) -> None:
    brought(store, "tomorrow", sort_at=NOW + timedelta(days=1))
    (row,) = store.articles.front(OWNER, before=None, limit=5)
    assert row.sort_at == NOW


def test_a_poll_of_an_unknown_feed_is_refused(store: Store) -> None:
    gone = feed(store)
    with pytest.raises(NotFound):
        store.ingest.save_poll(poll(gone, item("a")).__class__(feed_id=999, polled=NOW, next_poll=NOW, interval=MINUTE))


def test_many_items_at_once(store: Store) -> None:
    created = brought(store, *(f"n{number}" for number in range(1500)))
    assert len(set(created)) == 1500
    assert len(store.ingest.known({1: [f"n{number}" for number in range(1500)]})[1]) == 1500


# ── The feed's own state ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_failing_feed_is_told_once_and_since_when(store: Store) -> None:
    source = feed(store)
    for minute in range(3):
        store.ingest.save_poll(poll(source, at=NOW + minute * MINUTE, failure="It does not answer."))
    failing = store.feeds.get(source.id)
    assert (failing.failures, failing.failing_since) == (3, NOW)
    assert failing.failure == "It does not answer."
    store.ingest.save_poll(poll(source, at=NOW + 3 * MINUTE))
    well = store.feeds.get(source.id)
    assert (well.failures, well.failing_since, well.failure) == (0, None, None)
    assert well.last_success == NOW + 3 * MINUTE
    assert [change.kind for change in store.changes.after(0)] == [ChangeKind.FEED_FAILING, ChangeKind.FEED_WELL]


def test_a_poll_keeps_what_the_feed_said_of_itself(store: Store) -> None:
    source = feed(store)
    hints = PaceHints(timedelta(hours=1), frozenset({1, 2}), frozenset({6}))
    store.ingest.save_poll(
        poll(
            source,
            item("a"),
            title="The Herald",
            site_url="https://herald.example/",
            etag='"x"',
            last_modified="yesterday",
            hints=hints,
            format=FeedFormat.ATOM,
            note="Dates are odd.",
        )
    )
    held = store.feeds.get(source.id)
    assert (held.title, held.site_url, held.etag, held.last_modified) == (
        "The Herald",
        "https://herald.example/",
        '"x"',
        "yesterday",
    )
    assert (held.hints, held.format, held.note) == (hints, FeedFormat.ATOM, "Dates are odd.")
    assert (held.next_poll, held.interval, held.last_new) == (NOW + 10 * MINUTE, 10 * MINUTE, NOW)


def test_a_title_that_somebody_gave_is_kept(store: Store) -> None:
    source = feed(store)
    store.ingest.save_poll(poll(source, title="First"))
    store.ingest.save_poll(poll(source, title="Second"))
    assert store.feeds.get(source.id).title == "First"


def test_due_feeds_are_those_that_somebody_follows(store: Store) -> None:
    followed, alone = feed(store), feed(store, "https://alone.example/feed", readers=())
    assert [one.id for one in store.feeds.due(NOW, 10)] == [followed.id]
    store.ingest.save_poll(poll(followed))
    assert store.feeds.due(NOW, 10) == []
    assert store.feeds.next_due() == NOW + 10 * MINUTE
    store.feeds.poll_now(followed.id, NOW)
    assert [one.id for one in store.feeds.due(NOW, 10)] == [followed.id]
    assert {one.id for one in store.feeds.all()} == {followed.id, alone.id}


def test_nothing_is_due_when_nobody_follows(store: Store) -> None:
    feed(store, readers=())
    assert store.feeds.next_due() is None


def test_adding_a_feed_twice_holds_it_once(store: Store) -> None:
    assert feed(store) == feed(store)
    assert store.feeds.by_url("https://herald.example/feed") == feed(store)
    assert store.feeds.by_url("https://herald.example/") is None


# ── Feeds that move ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_moved_feed_takes_its_new_address(store: Store) -> None:
    source = feed(store)
    store.ingest.save_poll(poll(source, url="https://herald.example/new"))
    assert store.feeds.get(source.id).url == "https://herald.example/new"


def test_a_feed_that_moves_onto_a_held_one_becomes_it(store: Store) -> None:
    second = store.readers.owner() and store.readers.add("ada", "hash", NOW) and store.readers.add("bob", "hash", NOW)
    old, kept = feed(store), feed(store, "https://herald.example/new", readers=(second.id,))
    store.readers.follow(second.id, old.id, "folder", NOW)
    store.ingest.save_poll(poll(old, item("a"), item("both")))
    store.ingest.save_poll(poll(kept, item("both"), item("b")))
    (created,) = store.ingest.save_poll(poll(old, item("a"), item("b"), item("c"), url="https://herald.example/new"))
    assert [one.id for one in store.feeds.all()] == [kept.id]
    for reader in (OWNER, second.id):
        assert [one.feed.id for one in store.readers.followed(reader)] == [kept.id]
        assert len(front(store, reader)) == 4
    assert set(store.ingest.known({kept.id: ["a", "both", "b", "c"]})[kept.id]) == {"a", "both", "b", "c"}
    assert store.articles.get(OWNER, created).feeds == ((kept.id, "herald.example"),)
    with pytest.raises(NotFound):
        store.feeds.get(old.id)


# ── Items that the feed edits ────────────────────────────────────────────────────────────────────────────────────────


def test_an_edited_item_is_said_anew_and_read_again(store: Store) -> None:
    source, first = feed(store), item("a")
    (created,) = store.ingest.save_poll(poll(source, first))
    store.ingest.save_reading(Reading(article_id=created, at=NOW, problem="Paywall."))
    assert store.ingest.pages_due(NOW, 5) == []
    change = edited(first, title="Corrected zebra")
    store.ingest.save_poll(poll(source, changed=(change,)))
    (row,) = store.articles.front(OWNER, before=None, limit=5)
    assert row.headline == "Corrected zebra"
    assert [page.item.title for page in store.ingest.pages_due(NOW, 5)] == ["Corrected zebra"]
    assert len(store.articles.search(OWNER, SearchQuery(words=("zebra",)), before=None, limit=5)) == 1
    assert store.ingest.known({source.id: ["a"]})[source.id]["a"].fingerprint == "1+"


def test_an_edited_item_of_an_article_read_whole_leaves_its_headline(store: Store) -> None:
    source, first = feed(store), item("a")
    (created,) = store.ingest.save_poll(poll(source, first))
    read(store, created)
    store.ingest.save_poll(poll(source, changed=(edited(first, title="Other"),)))
    held = store.articles.get(OWNER, created)
    assert (held.article.headline, held.state) == ("Council meets", ReadState.WHOLE)
    assert [page.article_id for page in store.ingest.pages_due(NOW, 5)] == [created]


def test_an_edit_saved_twice_is_read_again_once(store: Store) -> None:
    source, first = feed(store), item("a")
    (created,) = store.ingest.save_poll(poll(source, first))
    outcome = poll(source, changed=(edited(first, title="Other"),))
    store.ingest.save_poll(outcome)
    read(store, created)
    store.ingest.save_poll(outcome)
    assert store.ingest.pages_due(NOW, 5) == []


# ── Outlets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_outlets_own_feed_and_a_link_elsewhere(store: Store) -> None:
    source = feed(store)
    own = [item(f"n{number}") for number in range(4)]
    away = item("away", url="https://wire.example/1")
    ids = store.ingest.save_poll(poll(source, *own, away))
    outlets = [store.articles.get(OWNER, key).outlet for key in ids]
    assert {one.id for one in outlets[:4]} == {source.outlet_id}
    assert outlets[4].domain == "wire.example"


def test_an_aggregators_articles_belong_to_those_who_wrote_them(store: Store) -> None:
    source = feed(store, "https://planet.example/feed")
    links = [item(f"n{number}", url=f"https://blog{number}.example/post") for number in range(3)]
    ids = store.ingest.save_poll(poll(source, *links))
    assert [store.articles.get(OWNER, key).outlet.domain for key in ids] == [f"blog{n}.example" for n in range(3)]
    # What was seen once holds: a later poll with one link of the first's domain makes that no domain of its own.
    (later,) = store.ingest.save_poll(poll(source, item("later", url="https://blog9.example/x")))
    assert store.articles.get(OWNER, later).outlet.domain == "blog9.example"


def test_hosts_of_one_registered_domain_are_one_outlet(store: Store) -> None:
    first = feed(store, "https://www.herald.co.uk/feed")
    second = feed(store, "https://feeds.herald.co.uk/sport")
    assert first.outlet_id == second.outlet_id


# ── The queue of pages ───────────────────────────────────────────────────────────────────────────────────────────────


def test_pages_are_due_newest_first_and_those_waited_for_before(store: Store) -> None:
    source = feed(store)
    ids = store.ingest.save_poll(poll(source, *(item(f"n{n}", sort_at=NOW - n * MINUTE) for n in range(4))))
    assert [page.article_id for page in store.ingest.pages_due(NOW, 10)] == ids
    assert [page.article_id for page in store.ingest.pages_due(NOW, 2)] == ids[:2]
    store.ingest.hurry(ids[3], NOW)
    assert [page.article_id for page in store.ingest.pages_due(NOW, 10)] == [ids[3], *ids[:3]]
    read(store, ids[0])
    store.ingest.save_reading(Reading(article_id=ids[1], at=NOW, retry_at=NOW + MINUTE, problem="Busy."))
    assert [page.article_id for page in store.ingest.pages_due(NOW, 10)] == [ids[3], ids[2]]
    assert [page.attempts for page in store.ingest.pages_due(NOW + MINUTE, 10)] == [0, 1, 0]


def test_a_page_that_was_read_is_not_hurried(store: Store) -> None:
    (created,) = brought(store, "a")
    read(store, created)
    store.ingest.hurry(created, NOW)
    assert store.ingest.pages_due(NOW, 10) == []


def test_a_retry_can_be_hurried(store: Store) -> None:
    (created,) = brought(store, "a")
    store.ingest.save_reading(Reading(article_id=created, at=NOW, retry_at=NOW + 60 * MINUTE, problem="Busy."))
    store.ingest.hurry(created, NOW)
    assert [page.article_id for page in store.ingest.pages_due(NOW, 10)] == [created]


def test_pages_of_feeds_that_nobody_follows_wait(store: Store) -> None:
    source = feed(store)
    (created,) = store.ingest.save_poll(poll(source, item("a")))
    store.readers.unfollow(OWNER, source.id)
    assert store.ingest.pages_due(NOW, 10) == []
    store.readers.follow(OWNER, source.id, "", NOW)
    assert [page.article_id for page in store.ingest.pages_due(NOW, 10)] == [created]


def test_an_address_that_no_feed_brought(store: Store) -> None:
    url = "https://elsewhere.example/long-read"
    created = store.ingest.add_page(url, url, NOW)
    assert store.ingest.add_page(url, url, NOW) == created
    assert [(page.article_id, page.url) for page in store.ingest.pages_due(NOW, 5)] == [(created, url)]
    held = store.articles.get(OWNER, created)
    assert (held.outlet.domain, held.state) == ("elsewhere.example", ReadState.PENDING)
    read(store, created)
    assert store.articles.get(OWNER, created).outlet.domain == "elsewhere.example"
    assert front(store) == []


# ── Hostile text, and many threads ───────────────────────────────────────────────────────────────────────────────────

HOSTILE = "a\x00b\ud800c\x1b"


def test_what_no_database_can_hold_is_dropped_on_the_way(store: Store) -> None:
    source = feed(store)
    one = item(
        HOSTILE,
        title=HOSTILE,
        summary=HOSTILE,
        authors=(HOSTILE,),
        categories=(HOSTILE,),
        image=f"https://herald.example/{HOSTILE}",
        content_html=HOSTILE,
        language=HOSTILE,
        rights=HOSTILE,
    )
    headers = {"etag": HOSTILE, "last_modified": HOSTILE, "title": HOSTILE, "note": HOSTILE, "site_url": HOSTILE}
    (created,) = store.ingest.save_poll(poll(source, one, **headers))
    assert store.ingest.save_poll(poll(source, one, failure=HOSTILE)) == []
    read(
        store,
        created,
        f"Text {HOSTILE}",
        headline=HOSTILE,
        summary=HOSTILE,
        byline=(HOSTILE,),
        agency=HOSTILE,
        section=(HOSTILE,),
        image=HOSTILE,
        keys=(HOSTILE,),
    )
    held = store.articles.get(OWNER, created)
    assert held.article.headline is not None
    (row,) = store.articles.front(OWNER, before=None, limit=5)
    assert (row.headline, row.summary, row.byline, row.agency, row.section) == ("abc", "abc", ("abc",), "abc", ("abc",))
    assert store.articles.by_key(HOSTILE) == created


def test_addresses_of_any_length(store: Store) -> None:
    tail = "".join(f"{number:x}" for number in range(5000))
    first, second = (f"https://herald.example/{tail}{end}" for end in "ab")
    source = feed(store)
    created = store.ingest.save_poll(poll(source, item("a", url=first), item("b", url=second)))
    assert len(created) == 2
    assert [store.articles.by_key(url) for url in (first, second)] == created
    assert store.articles.get(OWNER, created[0]).article.url == first


def test_eight_threads_lose_nothing_and_number_in_order(store: Store) -> None:
    feeds = [feed(store, f"https://paper{number}.example/feed") for number in range(8)]
    errors: list[Exception] = []
    seen: list[int] = []
    running = threading.Event()

    def write(source: int) -> None:
        try:
            for turn in range(6):
                names = [f"{source}-{turn}-{part}" for part in range(3)]
                own = [item(name, url=f"https://paper{source}.example/{name}") for name in names]
                shared = item(f"shared-{turn}", url=f"https://agency.example/{turn}")
                store.ingest.save_poll(poll(feeds[source], *own, shared))
        except Exception as error:
            errors.append(error)

    def follow() -> None:
        while not running.is_set() or store.changes.after(seen[-1] if seen else 0):
            seen.extend(change.seq for change in store.changes.after(seen[-1] if seen else 0))

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in (follower, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    running.set()
    follower.join()
    assert errors == []
    assert len(front(store, limit=300)) == 8 * 6 * 3 + 6
    assert seen == sorted(seen)
    assert len(seen) == 8 * 6 * 3 + 6
