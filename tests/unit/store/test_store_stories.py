"""Copies and stories: kept by article, counted anew where something changes, listed by rank and by reader."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from store_world import MINUTE, NOW, OWNER, feed, item, poll, read

from firsthand.model.article import Span
from firsthand.model.errors import NotFound
from firsthand.model.grouping import CopyKind, CopyMatch, Direction, Evidence, Origin, Origins, Reason
from firsthand.model.records import ChangeKind
from firsthand.model.stories import GroupDue, OriginMark, Placed, StoryCount, StoryCursor, rank
from firsthand.store import Store

FINGERPRINTS = [one << 32 | 7 for one in range(1, 90)]


def arrived(store: Store, name: str, sort_at: datetime = NOW - MINUTE) -> GroupDue:
    """An article that was read whole and is to be grouped."""
    (article_id,) = store.ingest.save_poll(poll(feed(store), item(name, sort_at=sort_at)))
    read(store, article_id)
    (due,) = [one for one in store.stories.due(100) if one.article_id == article_id]
    return due


def placed(article_id: int, story_id: int) -> Placed:
    return Placed(article_id=article_id, story_id=story_id, speaker_id=article_id, score=1.5, reason="The same names.")


def grouped(store: Store, name: str, story_id: int, *matches: CopyMatch, sort_at: datetime = NOW - MINUTE) -> int:
    due = arrived(store, name, sort_at)
    store.stories.save(due, FINGERPRINTS, matches, placed(due.article_id, story_id), NOW)
    return due.article_id


def counted(story_id: int, *article_ids: int, last: datetime = NOW, outlets: int = 1) -> StoryCount:
    return StoryCount(
        story_id=story_id, title=f"Story {story_id}", lead="", article_id=article_ids[0], section="World",
        section_slug="world", image=None, first_seen=NOW - MINUTE, last_seen=last, articles=len(article_ids),
        mark=OriginMark(outlets, 1, outlets),
        origins=Origins((Origin(article_ids, (Reason(Evidence.CREDIT, "Credits CNA.", Span(1, 3), article_ids[0]),)),), 1, 1),
    )  # fmt: skip


def copy(article_id: int, of: int) -> CopyMatch:
    reason = Reason(Evidence.CREDIT, "This text credits CNA.", Span(2, 9), article_id)
    return CopyMatch(
        article=article_id, of=of, kind=CopyKind.COPY, kept=0.9, reused=0.8, direction=Direction.FROM, reason=reason
    )


def test_an_article_is_due_until_it_was_grouped(store: Store) -> None:
    due = arrived(store, "a")
    assert due.version == 1
    assert due.article.text
    store.stories.save(due, FINGERPRINTS, (), placed(due.article_id, 1), NOW)
    assert store.stories.due(10) == []
    read(store, due.article_id, "The council met on Monday and on Tuesday.")
    assert [one.version for one in store.stories.due(10)] == [2]


def test_what_is_still_to_be_read_is_not_due(store: Store) -> None:
    store.ingest.save_poll(poll(feed(store), item("a")))
    assert store.stories.due(10) == []


def test_candidates_by_how_many_fingerprints_are_shared(store: Store) -> None:
    one, other = grouped(store, "a", 1), grouped(store, "b", 1)
    third = arrived(store, "c")
    store.stories.save(third, FINGERPRINTS[:10], (), placed(third.article_id, 1), NOW)
    held = store.copies.postings(FINGERPRINTS)
    found = held.candidates(FINGERPRINTS, 10)
    assert found == [(one, 89), (other, 89), (third.article_id, 10)]
    assert held.candidates(FINGERPRINTS, 2) == found[:2]
    assert store.copies.postings([5]).candidates([5], 10) == []


def test_a_copy_comes_back_as_it_was_kept_and_is_replaced_whole(store: Store) -> None:
    one = grouped(store, "a", 1)
    two = arrived(store, "b")
    match = copy(two.article_id, one)
    store.stories.save(two, FINGERPRINTS, [match], placed(two.article_id, 1), NOW)
    assert store.copies.among([one, two.article_id]) == [match]
    assert store.copies.of(one) == [match]
    assert store.copies.among([one]) == []
    store.stories.save(two, FINGERPRINTS, (), placed(two.article_id, 1), NOW)
    assert store.copies.of(one) == []


def test_a_copy_of_what_is_no_longer_held_is_left_out(store: Store) -> None:
    two = arrived(store, "b")
    store.stories.save(two, FINGERPRINTS, [copy(two.article_id, 9_999)], placed(two.article_id, 1), NOW)
    assert store.copies.of(two.article_id) == []


def test_a_story_counts_anew_and_says_so_once(store: Store) -> None:
    one = grouped(store, "a", 7)
    assert store.stories.stale(10) == [7]
    store.stories.save_count(7, counted(7, one), NOW)
    assert store.stories.stale(10) == []
    store.stories.save_count(7, counted(7, one), NOW + MINUTE)
    told = [(change.kind, change.story_id) for change in store.changes.after(0) if change.story_id]
    assert told == [(ChangeKind.STORY_NEW, 7)]
    two = grouped(store, "b", 7)
    store.stories.save_count(7, counted(7, one, two), NOW + 2 * MINUTE)
    assert store.changes.after(0)[-1].kind is ChangeKind.STORY_CHANGED
    assert store.stories.get(7).changed == NOW + 2 * MINUTE
    assert store.stories.origins(7).origins[0].articles == (one, two)
    assert list(store.stories.reasons(7)) == [one, two]


def test_a_changed_text_leaves_standing_why_an_article_is_in_its_story(store: Store) -> None:
    due = arrived(store, "a")
    for reason in ("The same names.", ""):
        mine = Placed(article_id=due.article_id, story_id=7, speaker_id=due.article_id, score=0.0, reason=reason)
        store.stories.save(due, FINGERPRINTS, (), mine, NOW)
    assert store.stories.reasons(7) == {due.article_id: "The same names."}


def test_an_analysis_makes_the_story_stale(store: Store) -> None:
    from firsthand.model.findings import Analysis

    one = grouped(store, "a", 7)
    store.stories.save_count(7, counted(7, one), NOW)
    (due,) = store.findings.due(1)
    store.findings.save(due, "steps", Analysis(), NOW)
    assert store.stories.stale(10) == [7]
    assert store.stories.member_states([7]) == {7: {one: (1, 1)}}


def test_the_front_page_goes_by_rank_and_by_what_is_followed(store: Store) -> None:
    wide, late = grouped(store, "a", 1), grouped(store, "b", 2)
    store.stories.save_count(1, counted(1, wide, last=NOW - 60 * MINUTE, outlets=9), NOW)
    store.stories.save_count(2, counted(2, late, last=NOW), NOW)
    heads = store.stories.front(OWNER, limit=10)
    assert [head.id for head in heads] == [1, 2]
    first = StoryCursor(rank(heads[0].last_seen, heads[0].mark), heads[0].id)
    assert [head.id for head in store.stories.front(OWNER, before=first, limit=10)] == [2]
    assert [head.id for head in store.stories.front(OWNER, limit=10, section="sport")] == []
    assert store.stories.front(OWNER + 1, limit=10) == []
    assert [head.id for head in store.stories.since(OWNER, NOW - MINUTE, 10)] == [1, 2]


def test_what_changed_and_which_feeds_brought_it(store: Store) -> None:
    wide, late = grouped(store, "a", 1), grouped(store, "b", 2)
    store.stories.save_count(1, counted(1, wide, last=NOW - 60 * MINUTE, outlets=9), NOW)
    store.stories.save_count(2, counted(2, late, last=NOW), NOW)
    assert store.editions.changed(NOW - MINUTE, 9) == [(1, NOW), (2, NOW)]
    assert len(store.editions.changed(NOW - MINUTE, 1)) == 1
    assert store.editions.changed(NOW, 9) == []
    feeds = store.readers.feeds_of([OWNER, OWNER + 1])
    assert feeds[OWNER + 1] == set()
    assert store.editions.feeds_of([1, 2, 3]) == {1: feeds[OWNER], 2: feeds[OWNER], 3: set()}


def test_live_counts_new_and_changed_stories(store: Store) -> None:
    one = grouped(store, "a", 1)
    store.stories.save_count(1, counted(1, one), NOW)
    seq = store.changes.latest()
    two, three = grouped(store, "b", 1), grouped(store, "c", 2)
    store.stories.save_count(1, counted(1, one, two), NOW)
    store.stories.save_count(2, counted(2, three), NOW)
    assert store.stories.changed_after(OWNER, seq, 100) == (1, 1)
    assert store.stories.changed_after(OWNER + 1, seq, 100) == (0, 0)


def test_a_merged_story_keeps_its_address(store: Store) -> None:
    one, two = grouped(store, "a", 1), grouped(store, "b", 2)
    store.stories.move([placed(two, 1)], {2: 1}, NOW)
    assert sorted(store.stories.stale(10)) == [1, 2]
    store.stories.save_count(1, counted(1, one, two), NOW)
    store.stories.save_count(2, None, NOW)
    assert store.stories.get(2).id == 1
    assert [head.id for head in store.stories.front(OWNER, limit=10)] == [1]
    with pytest.raises(NotFound):
        store.stories.get(3)


def test_what_lives_comes_back_in_the_order_it_came(store: Store) -> None:
    one = grouped(store, "a", 1)
    grouped(store, "old", 2, sort_at=NOW - timedelta(days=9))
    two = grouped(store, "b", 1)
    live = list(store.stories.live(NOW - timedelta(days=3), 10))
    assert [(due.article_id, place.story_id) for due, place in live] == [(one, 1), (two, 1)]
    assert store.stories.latest_id() == 2
    assert store.stories.of_articles([one, 999]) == {one: 1}
