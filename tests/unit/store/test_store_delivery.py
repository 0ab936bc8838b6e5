"""Addresses, editions and letters, on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from store_world import MINUTE, NOW, OWNER, brought, read

from firsthand.model.editions import (
    Content,
    Edition,
    EditionPlan,
    Ending,
    Entry,
    EntryKind,
    LetterState,
    Quote,
    Schedule,
    Scope,
    Turn,
)
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.stories import OriginMark, Placed
from firsthand.store import Store, open_store

DAY = timedelta(days=1)


def confirmed(store: Store, address: str = "ada@example.org") -> int:
    held = store.addresses.add(OWNER, address, NOW)
    store.addresses.confirm(held.id, NOW)
    return held.id


def edition(store: Store) -> Edition:
    plan = EditionPlan(title="Morning", schedule=Schedule(zone="Asia/Kolkata"), address_id=confirmed(store))
    return store.editions.add(OWNER, plan, told_upto=NOW - DAY, next_due=NOW, now=NOW)


def entry(article_id: int, story_id: int = 1) -> Entry:
    said = (Quote("Mara Lindqvist", "It was checked."),)
    mark = OriginMark(3, 1, 2)
    return Entry(
        kind=EntryKind.NEW,
        story_id=story_id,
        article_id=article_id,
        title="T",
        outlet="O",
        at=NOW,
        mark=mark,
        said=said,
    )


def turn(store: Store, one: Edition, *entries: Entry, slot: str = "today", at=NOW) -> bool:
    content = Content(since=one.told_upto, upto=at, entries=entries)
    letter = (slot, f"{slot}@example.org", "Morning: T") if entries else None
    return store.editions.keep([Turn(one, content, letter, at + DAY)], at) == {one.id}


def test_a_turn_is_done_once(store: Store) -> None:
    (article,) = brought(store, "a")
    one = edition(store)
    assert [due.id for due in store.editions.due(NOW, 5)] == [one.id]
    assert turn(store, one, entry(article))
    assert not turn(store, one, entry(article), slot="again")
    assert store.editions.due(NOW, 5) == []
    held = store.editions.get(one.id, OWNER)
    assert (held.told_upto, held.next_due, held.plan) == (NOW, NOW + DAY, one.plan)
    (letter,) = store.letters.due(NOW, 5)
    assert letter.content.entries == (entry(article),)
    assert (letter.address, letter.zone, letter.title) == ("ada@example.org", "Asia/Kolkata", "Morning")


def test_one_slot_has_one_letter(store: Store) -> None:
    (article,) = brought(store, "a")
    one = edition(store)
    turn(store, one, entry(article))
    turn(store, store.editions.get(one.id), entry(article), at=NOW + MINUTE)
    assert len(store.letters.of([one.id], 9)[one.id]) == 1


def test_what_was_told_and_edited_since_is_known(store: Store) -> None:
    one_id, two_id = brought(store, "a", "b")
    read(store, one_id)
    read(store, two_id)
    for article_id in (one_id, two_id):
        (due,) = store.stories.load([article_id])
        placed = Placed(article_id=article_id, story_id=article_id, speaker_id=article_id, score=1.0, reason="")
        store.stories.save(due, [], [], placed, NOW)
    one = edition(store)
    turn(store, one, entry(one_id, one_id), entry(two_id, two_id))
    read(store, two_id, "The council met on Tuesday.", at=NOW + MINUTE)
    known = store.editions.known({one.id: [one_id, two_id, 77]}, corrected=NOW - DAY)[one.id]
    assert {story: told.mark for story, told in known.told.items()} == dict.fromkeys(
        (one_id, two_id), OriginMark(3, 1, 2)
    )
    assert [(edited.article_id, edited.before.text, edited.version) for edited in known.edited] == [
        (two_id, "The council met on Monday.", 2)
    ]
    assert store.editions.said([one_id, two_id], NOW - DAY) == {one_id: [], two_id: []}
    turn(store, store.editions.get(one.id), entry(two_id, two_id), slot="tomorrow", at=NOW + DAY)
    assert store.editions.known({one.id: []}, corrected=NOW - DAY)[one.id].edited == ()


def test_many_letters_begin_and_end_in_one_record(store: Store) -> None:
    (article,) = brought(store, "a")
    for number in range(3):
        turn(store, edition(store), entry(article), slot=f"day {number}")
    one, two, three = (letter.id for letter in store.letters.due(NOW, 5))
    assert store.letters.record([one, two], [], NOW) == {one, two}
    ends = [Ending(letter_id=key, state=LetterState.SENT, problem=None, due=NOW) for key in (one, two)]
    assert store.letters.record([two, three], ends, NOW) == {three}
    assert store.letters.counts() == {"sent": 2, "sending": 1}


def test_a_letter_is_taken_by_one_and_ends_once(store: Store) -> None:
    (article,) = brought(store, "a")
    turn(store, edition(store), entry(article))
    (letter,) = store.letters.due(NOW, 5)
    assert store.letters.record([letter.id, 77], [], NOW) == {letter.id}
    assert store.letters.record([letter.id], [], NOW) == set()
    assert store.letters.due(NOW, 5) == []
    assert store.letters.recover(NOW) == 0
    assert store.letters.recover(NOW + MINUTE) == 1
    ending = Ending(letter_id=letter.id, state=LetterState.SENT, problem=None, due=NOW)
    assert store.letters.record([], [ending], NOW) == set()  # it was only slow
    held = store.letters.get(OWNER, letter.id)
    assert (held.state, held.attempts) == (LetterState.SENT, 1)
    with pytest.raises(UsageError):
        store.letters.settle(OWNER, letter.id, again=True, now=NOW)
    with pytest.raises(NotFound):
        store.letters.settle(99, letter.id, again=True, now=NOW)
    assert store.letters.counts() == {"sent": 1}
    store.letters.prune(NOW + 40 * DAY)
    assert store.letters.counts() == {}


def test_putting_off_drops_what_waits(store: Store) -> None:
    (article,) = brought(store, "a")
    one = edition(store)
    turn(store, one, entry(article))
    store.editions.change(one.id, one.plan, None)
    assert store.letters.counts() == {"dropped": 1}


def test_an_address_that_is_forgotten_leaves_its_editions_without_one(store: Store) -> None:
    (article,) = brought(store, "a")
    one = edition(store)
    turn(store, one, entry(article))
    store.addresses.remove(OWNER, one.plan.address_id or 0)
    held = store.editions.get(one.id)
    assert (held.address, held.plan.address_id) == (None, None)
    assert store.letters.counts() == {"dropped": 1}
    assert store.editions.due(NOW + 9 * DAY, 5) == []
    store.editions.remove(one.id)
    assert store.letters.counts() == {}


def test_questions_and_their_tokens(store: Store) -> None:
    held = store.addresses.add(OWNER, "ada@example.org", NOW)
    assert store.addresses.add(OWNER, "ada@example.org", NOW).id == held.id
    assert [one.id for one in store.addresses.to_ask(5)] == [held.id]
    assert store.addresses.begin_question(held.id, "hash", NOW)
    assert not store.addresses.begin_question(held.id, "other", NOW)
    store.addresses.recover_questions(NOW + MINUTE)
    assert store.addresses.get(OWNER, held.id).question == "failed"
    assert store.addresses.by_token("hash", NOW + MINUTE) is None
    assert store.addresses.by_token("hash", NOW - DAY) is not None
    store.addresses.confirm(held.id, NOW)
    assert store.addresses.by_token("hash", NOW - DAY) is None
    assert store.addresses.counts() == (1, 0)
    with pytest.raises(NotFound):
        store.addresses.get(99, held.id)


def test_every_scope_is_kept(store: Store) -> None:
    one = edition(store)
    for scope in Scope:
        plan = EditionPlan(title="T", scope=scope, scope_key="k", address_id=one.plan.address_id, images=True)
        store.editions.change(one.id, plan, NOW)
        assert store.editions.get(one.id).plan == plan


def test_what_is_open_is_found_without_looking_at_all_there_is(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate()
    asked: list[tuple[str, Any]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _asked(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    store.letters.due(NOW, 50)
    store.letters.recover(NOW)
    store.addresses.to_ask(50)
    store.push.claim(NOW, 50)
    with store.engine.connect() as connection:
        plans = [
            row[3]
            for statement, parameters in asked
            if statement.startswith(("SELECT", "UPDATE"))
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert len(plans) >= 4
    # The whole of an index of open ones only may be looked at.
    assert [plan for plan in plans if plan.startswith("SCAN") and "_open" not in plan and "_question" not in plan] == []
    store.close()
