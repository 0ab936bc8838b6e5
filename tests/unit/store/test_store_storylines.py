"""Which stories are events of one line, as the store finds and keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from store_world import MINUTE, NOW
from test_store_stories import counted, grouped

from firsthand.model.storylines import COMMON, NAMES, REACH, WORDS, Near, Subject
from firsthand.store import Store
from firsthand.store.storylines import LIKELY

ABOUT = Subject(frozenset({-5, 7}), frozenset({11}))
DAY = timedelta(days=1)


def story(store: Store, number: int, first: datetime, about: Subject = ABOUT, follows: int | None = None) -> None:
    """A story of one article."""
    article = grouped(store, f"a{number}", number, sort_at=first)
    store.stories.save_count(number, replace(counted(number, article, last=first), first_seen=first), first)
    store.storylines.keep({number: about})
    if follows:
        store.storylines.follow({number: follows})


def test_what_began_before_is_found_by_what_it_is_about(store: Store) -> None:
    other = Subject(frozenset({-5}), frozenset({99}))
    story(store, 1, NOW - 3 * DAY)
    story(store, 2, NOW - 2 * DAY, other)
    story(store, 3, NOW - DAY, Subject(frozenset({1}), frozenset({2})))
    story(store, 4, NOW)
    story(store, 5, NOW + DAY)
    near = store.storylines.near(4, ABOUT)
    assert near == Near(earlier={1: ABOUT.beside(ABOUT), 2: ABOUT.beside(other)}, seen={-5: 4, 7: 3, 11: 3}, stories=5)


def test_what_ended_long_ago_is_past(store: Store) -> None:
    story(store, 1, NOW - REACH - MINUTE)
    story(store, 2, NOW - REACH + MINUTE)
    story(store, 3, NOW)
    near = store.storylines.near(3, ABOUT)
    assert near is not None
    assert list(near.earlier) == [2]


def test_a_line_is_its_events_in_order_whichever_is_asked(store: Store) -> None:
    story(store, 1, NOW - 3 * DAY)
    story(store, 2, NOW - 2 * DAY, follows=1)
    story(store, 3, NOW - DAY, follows=2)
    story(store, 4, NOW)
    for one in (1, 2, 3):
        assert [head.id for head in store.storylines.events(one)] == [1, 2, 3]
    assert store.storylines.events(4) == []
    assert store.storylines.events(99) == []


def test_what_is_known_is_not_looked_for_again(store: Store) -> None:
    story(store, 1, NOW - DAY)
    story(store, 2, NOW, follows=1)
    assert store.storylines.near(2, ABOUT) is None
    assert store.storylines.near(99, ABOUT) is None


def test_an_event_that_went_into_another_story_leaves_the_line(store: Store) -> None:
    story(store, 1, NOW - 2 * DAY)
    story(store, 2, NOW - DAY, follows=1)
    store.stories.save_count(1, None, NOW)
    assert store.storylines.events(2) == []
    near = store.storylines.near(1, ABOUT)
    assert near is None or near.earlier == {}


def test_what_a_story_is_about_is_replaced_whole(store: Store) -> None:
    story(store, 1, NOW - DAY)
    story(store, 2, NOW)
    store.storylines.keep({1: Subject(frozenset({1}), frozenset())})
    near = store.storylines.near(2, ABOUT)
    assert near is not None
    assert near.earlier == {}


@pytest.mark.parametrize("terms", [0, NAMES + WORDS])
def test_any_number_of_terms_may_be_asked_for(store: Store, terms: int) -> None:
    about = Subject(frozenset(range(min(terms, NAMES))), frozenset(range(100, 100 + max(0, terms - NAMES))))
    assert len(about.terms) == terms
    story(store, 1, NOW - DAY, about)
    story(store, 2, NOW, about)
    near = store.storylines.near(2, about)
    assert near is not None
    assert near.earlier == ({1: about.beside(about)} if terms else {})


def test_what_many_share_is_counted_up_to_a_limit(store: Store) -> None:
    story(store, 2 * COMMON, NOW)
    rows = {number: Subject(frozenset({7}), frozenset()) for number in range(1, COMMON + 20)}
    store.storylines.keep(rows)
    near = store.storylines.near(2 * COMMON, ABOUT)
    assert near is not None
    assert near.seen[7] > COMMON
    assert near.earlier == {}
    assert LIKELY < COMMON
