"""Pages that are read again: the queue, what stands, what is removed, what is corrected."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text
from store_world import MINUTE, NOW, OWNER, article, brought, edited, feed, front, item, poll, read

from firsthand.model.records import ChangeKind, Reading, ReadState
from firsthand.model.when import When
from firsthand.store import Store

HOUR = 60 * MINUTE


def first_read(store: Store, key: int, said: str = "The zebra fled.", **more: object) -> None:
    given = {"etag": '"1"', "last_modified": "yesterday", "reread_at": NOW + 15 * MINUTE} | more
    store.ingest.save_reading(Reading(article_id=key, at=NOW, article=article(said), **given))  # type: ignore[arg-type]


def stands(store: Store, key: int, at: object = NOW + 15 * MINUTE, **more: object) -> None:
    given = {"reread_at": NOW + HOUR, "etag": '"1"'} | more
    store.ingest.save_reading(Reading(article_id=key, at=at, stands=True, **given))  # type: ignore[arg-type]


def due(store: Store, at: object) -> list[int]:
    return [page.article_id for page in store.ingest.pages_due(at, 10)]  # type: ignore[arg-type]


def kinds(store: Store) -> list[ChangeKind]:
    return [change.kind for change in store.changes.after(0)]


def test_what_was_read_comes_back_when_it_is_due_with_all_that_is_known_of_its_page(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key)
    assert due(store, NOW + 14 * MINUTE) == []
    (page,) = store.ingest.pages_due(NOW + 15 * MINUTE, 10)
    assert (page.article_id, page.first_read, page.attempts) == (key, NOW, 0)
    assert (page.etag, page.last_modified, page.missing, page.removed) == ('"1"', "yesterday", None, None)


def test_what_was_never_read_goes_first_whatever_its_age(store: Store) -> None:
    old, new, unread = brought(store, "a", "b", "c")
    first_read(store, old)
    first_read(store, new, reread_at=NOW + 20 * MINUTE)
    later = NOW + HOUR
    assert due(store, later) == [unread, new, old]
    assert [page.article_id for page in store.ingest.pages_due(later, 2)] == [unread, new]
    assert [page.article_id for page in store.ingest.pages_due(later, 1)] == [unread]


def test_nothing_new_changes_only_when_to_come_again(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key)
    before = store.articles.get(OWNER, key)
    stands(store, key)
    assert store.articles.get(OWNER, key) == before
    assert kinds(store) == [ChangeKind.ARTICLE_NEW, ChangeKind.ARTICLE_READ]
    assert (due(store, NOW + 59 * MINUTE), due(store, NOW + HOUR)) == ([], [key])
    stands(store, key, reread_at=None)
    assert due(store, NOW + timedelta(days=30)) == []


def test_what_the_feed_edits_is_due_at_once_but_after_what_is_new(store: Store) -> None:
    source = feed(store)
    first = item("a", sort_at=NOW)
    (key,) = store.ingest.save_poll(poll(source, first))
    first_read(store, key)
    older = item("b", sort_at=NOW - HOUR)
    (new,) = store.ingest.save_poll(poll(source, older, changed=(edited(first, title="The zebra is back"),)))
    assert due(store, NOW) == [new, key]
    assert store.articles.get(OWNER, key).state is ReadState.WHOLE


def test_failures_are_counted_until_one_reading_goes_well(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key)
    stands(store, key, attempts=2)
    (page,) = store.ingest.pages_due(NOW + HOUR, 1)
    assert page.attempts == 2
    stands(store, key)
    (page,) = store.ingest.pages_due(NOW + HOUR, 1)
    assert page.attempts == 0


def test_an_article_that_is_removed_says_so_and_stays_readable(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key)
    stands(store, key, missing=NOW + MINUTE)
    assert store.articles.get(OWNER, key).removed is None
    for _ in range(2):
        stands(store, key, missing=NOW + MINUTE, removed=NOW + HOUR)
    held = store.articles.get(OWNER, key)
    assert (held.removed, held.state, held.article.text) == (NOW + HOUR, ReadState.WHOLE, "The zebra fled.")
    assert [one.removed for one in store.articles.front(OWNER, before=None, limit=5)] == [NOW + HOUR]
    assert kinds(store).count(ChangeKind.ARTICLE_REMOVED) == 1
    stands(store, key)
    assert store.articles.get(OWNER, key).removed is None


def test_a_correction_is_a_change_and_is_found_by_its_time(store: Store) -> None:
    one, two = brought(store, "a", "b")
    for key in (one, two):
        first_read(store, key)
    for key, at in ((one, NOW + MINUTE), (two, NOW + 3 * MINUTE)):
        said = article("The lion fled. Correction: it was no zebra.")
        store.ingest.save_reading(Reading(article_id=key, at=at, article=said, corrected=True))
    assert store.articles.get(OWNER, one).corrected == NOW + MINUTE
    assert kinds(store)[-2:] == [ChangeKind.ARTICLE_VERSION, ChangeKind.ARTICLE_CORRECTED]
    found = store.articles.corrected(OWNER, NOW, 10)
    assert [(row.id, row.corrected) for row in found] == [(two, NOW + 3 * MINUTE), (one, NOW + MINUTE)]
    assert [row.id for row in store.articles.corrected(OWNER, NOW + MINUTE, 10)] == [two]
    assert [row.id for row in store.articles.corrected(OWNER, NOW, 1)] == [two]


def test_corrections_of_what_nobody_follows_are_left_out_unless_asked_for(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key)
    store.ingest.save_reading(Reading(article_id=key, at=NOW + MINUTE, article=article("New."), corrected=True))
    (source,) = store.feeds.all()
    store.readers.unfollow(OWNER, source.id)
    assert store.articles.corrected(OWNER, NOW, 10) == []
    assert [row.id for row in store.articles.corrected(OWNER, NOW, 10, followed=False)] == [key]


def test_the_first_text_corrects_nothing(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key, corrected=True)
    assert store.articles.get(OWNER, key).corrected is None
    assert ChangeKind.ARTICLE_CORRECTED not in kinds(store)


def test_a_new_version_leaves_the_article_where_it_stood_in_the_lists(store: Store) -> None:
    (key, other) = brought(store, "a", "b")
    first = article(published=When.of(NOW - HOUR))
    store.ingest.save_reading(Reading(article_id=key, at=NOW, article=first))
    read(store, other, published=When.of(NOW - 30 * MINUTE))
    edit = article("The lion fled.", published=When.of(NOW - MINUTE))
    store.ingest.save_reading(Reading(article_id=key, at=NOW + MINUTE, article=edit))
    held = store.articles.get(OWNER, key)
    assert (held.sort_at, held.article.text, len(held.versions)) == (NOW - HOUR, "The lion fled.", 2)
    assert front(store) == [other, key]


def test_what_is_long_overdue_is_let_be(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key)
    assert due(store, NOW + timedelta(days=8)) == [key]
    assert due(store, NOW + timedelta(days=9)) == []


def test_what_nobody_follows_is_not_read_again(store: Store) -> None:
    (key,) = brought(store, "a")
    first_read(store, key)
    (source,) = store.feeds.all()
    store.readers.unfollow(OWNER, source.id)
    assert due(store, NOW + HOUR) == []


def test_the_newest_text_is_at_hand(store: Store) -> None:
    read_, unread = brought(store, "a", "b")
    first_read(store, read_)
    store.ingest.save_reading(Reading(article_id=read_, at=NOW, article=article("The lion fled.")))
    newest = store.articles.newest(read_)
    assert newest is not None
    assert newest.text == "The lion fled."
    assert (store.articles.newest(unread), store.articles.newest(99)) == (None, None)


def test_the_queue_is_read_through_its_index_and_not_sorted(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        return  # PostgreSQL reads a table of this size whole, which tells nothing
    query = "SELECT id FROM articles WHERE reread_due IS NOT NULL AND reread_due <= 5 AND reread_due > 1 AND page_due IS NULL ORDER BY reread_due DESC LIMIT 9"
    with store.engine.connect() as connection:
        plan = " ".join(row[3] for row in connection.execute(text("EXPLAIN QUERY PLAN " + query)))
        assert "ix_articles_reread" in plan
        assert "TEMP B-TREE" not in plan
        ask = "SELECT id FROM articles WHERE corrected IS NOT NULL AND corrected > 5 ORDER BY corrected DESC, id DESC LIMIT 9"
        plan = " ".join(row[3] for row in connection.execute(text("EXPLAIN QUERY PLAN " + ask)))
        assert "ix_articles_corrected" in plan
        assert "TEMP B-TREE" not in plan


def test_two_articles_that_are_one_keep_the_later_correction(store: Store) -> None:
    older, newer = brought(store, "a", "b")
    for key in (older, newer):
        first_read(store, key, f"Text {key}.")
    fixed = Reading(article_id=newer, at=NOW + MINUTE, article=article("Text, corrected."), corrected=True)
    store.ingest.save_reading(fixed)
    keys = ("https://herald.example/b", "https://herald.example/a")
    assert store.ingest.save_reading(Reading(article_id=newer, at=NOW + HOUR, stands=True, keys=keys)) == older
    assert store.articles.get(OWNER, older).corrected == NOW + MINUTE
