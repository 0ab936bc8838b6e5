"""Findings: kept by article, by person and by outlet; taken back whole when an article is analyzed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from store_world import MINUTE, NOW, feed, item, poll, read

from firsthand.model.article import Span
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.findings import (
    Actor,
    ActorKind,
    Analysis,
    Chain,
    Deed,
    Entity,
    EntityKind,
    Hop,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
)
from firsthand.model.records import SearchQuery
from firsthand.store import Store
from firsthand.store import schema as s

STEPS = "names1 statements1"


def said(name: str, role: str | None = None, kind: SpeakerKind = SpeakerKind.PERSON) -> Statement:
    return Statement(
        source=Span(0, 4), cue=None, content=(Span(0, 4), Span(5, 9)), kind=StatementKind.DIRECT,
        speaker=Speaker(name, kind, role), date=date(2025, 3, 7),
    )  # fmt: skip


def beside(*names: str) -> tuple[Entity, ...]:
    return tuple(Entity(name, EntityKind.ORGANIZATION, (Span(0, 4),)) for name in names)


def analyzed(store: Store, name: str, **found: Any) -> int:
    """An article that was read whole and analyzed."""
    (article_id,) = store.ingest.save_poll(poll(feed(store), item(name, sort_at=NOW - MINUTE)))
    read(store, article_id)
    (due,) = [one for one in store.findings.due(10) if one.article_id == article_id]
    store.findings.save(due, STEPS, Analysis(**found), NOW)
    return article_id


def credit(name: str, domain: str | None) -> Chain:
    own = Hop(actor=Actor("Herald", ActorKind.OUTLET, "herald.example"), does=Deed.PUBLISHED)
    return Chain((own, Hop(actor=Actor(name, ActorKind.AGENCY, domain), does=Deed.CREDITED)))


def test_a_version_is_due_until_it_was_analyzed(store: Store) -> None:
    article_id = analyzed(store, "a", statements=(said("Ada Quist"),))
    assert store.findings.due(10) == []
    found = store.findings.of(article_id)
    assert found is not None
    assert found.statements == (said("Ada Quist"),)
    assert store.findings.outdate(STEPS) == 0
    assert store.findings.outdate("other steps") == 1
    assert [due.article_id for due in store.findings.due(10)] == [article_id]


def test_one_name_is_one_person_only_on_evidence(store: Store) -> None:
    analyzed(store, "a", statements=(said("Ada Quist", "harbor master of Ostrava"),))
    analyzed(store, "b", statements=(said("Áda QUIST", "Ostrava's harbor master"),))
    analyzed(store, "c", statements=(said("Ada Quist", "striker"),))
    analyzed(store, "d", statements=(said("Quist"),))
    counts = [person.statements for person in store.findings.named("quist ada")]
    assert counts == [2, 1]


def test_the_same_context_is_evidence(store: Store) -> None:
    analyzed(store, "a", statements=(said("Bo Lind"),), entities=beside("Port Authority", "Coast Bank"))
    analyzed(store, "b", statements=(said("Bo Lind"),), entities=beside("Coast Bank", "Port Authority", "Other"))
    assert [person.statements for person in store.findings.named("Lind")] == [2]


def test_a_common_role_and_one_name_beside_it_are_evidence(store: Store) -> None:
    analyzed(store, "a", statements=(said("Bo Lind", "General"),), entities=beside("Observer Mission"))
    analyzed(store, "b", statements=(said("Bo Lind", "general"),), entities=beside("Observer Mission", "Other"))
    analyzed(store, "c", statements=(said("Bo Lind", "general"),), entities=beside("Chess Union"))
    analyzed(store, "d", statements=(said("Bo Lind"),), entities=beside("Observer Mission"))
    assert [person.statements for person in store.findings.named("Lind")] == [2, 1, 1]


def test_the_same_words_are_evidence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "We are where we should have been eleven days ago"
    monkeypatch.setattr("firsthand.store.findings._content", lambda *_: words)
    analyzed(store, "a", statements=(said("Bo Lind"),))
    analyzed(store, "b", statements=(said("Bo Lind"),))
    monkeypatch.setattr("firsthand.store.findings._content", lambda *_: "Yes, of course")
    analyzed(store, "c", statements=(said("Bo Lind"),))
    analyzed(store, "d", statements=(said("Bo Lind"),))
    assert [person.statements for person in store.findings.named("Lind")] == [2, 1, 1]


def test_two_become_one_as_soon_as_something_shows_it(store: Store) -> None:
    beside_one = beside("Port Authority", "Harbor Guild")
    analyzed(store, "a", statements=(said("Bo Lind"),), entities=beside_one)
    analyzed(store, "b", statements=(said("Bo Lind", "engineer of Saltgate"),), entities=beside("Coast Bank"))
    assert len(store.findings.named("Lind")) == 2
    analyzed(store, "c", statements=(said("Bo Lind", "Saltgate's engineer"),), entities=beside_one)
    (one,) = store.findings.named("Lind")
    assert one.statements == 3
    analyzed(store, "d", statements=(said("Bo Lind", "engineer"),), entities=beside("Coast Bank"))
    (one,) = store.findings.named("Lind")
    assert (one.statements, one.role) == (4, "Saltgate's engineer")


def test_what_a_reader_has_decided_stays_when_articles_are_analyzed_again(store: Store) -> None:
    first = analyzed(store, "a", statements=(said("Ada Quist", "harbor master"),))
    second = analyzed(store, "b", statements=(said("Ada Quist", "harbor master"),))
    third = analyzed(store, "c", statements=(said("Ada Quist", "striker"),))
    one, other = store.findings.named("Ada Quist")
    store.findings.merge(other.id, one.id)
    made = store.findings.split(one.id, second)
    store.findings.outdate("newer")
    found = {first: "harbor master", second: "harbor master", third: "striker"}
    for due in store.findings.due(10):
        again = Analysis(statements=(said("Ada Quist", found[due.article_id]),))
        store.findings.save(due, "newer", again, NOW)
    whose = {article: store.findings.people_of(article)[0] for article in found}
    assert whose == {first: one.id, second: made, third: one.id}
    assert [store.findings.person(each).statements for each in (one.id, made)] == [2, 1]


def test_a_search_for_a_speaker_gives_the_statement(store: Store) -> None:
    held = analyzed(store, "a", statements=(said("Bo Lind"), said("Áda Quist", "harbor master"), said("Ada Quist")))
    other = analyzed(store, "b", statements=(said("Bo Lind"),))

    def found(**wanted: Any) -> dict[int, int]:
        rows = store.findings.said_in([held, other], SearchQuery(**wanted))
        return {article: one.number for article, one in rows.items()}

    assert found(said_by="quist") == {held: 1}
    assert found(source="harbor") == {held: 1}
    assert found(said_by="lind", kind=StatementKind.DIRECT) == {held: 0, other: 0}
    assert found(said_by="lind", kind=StatementKind.INDIRECT) == {}
    assert found(words=("lind",)) == {}


def test_who_is_quoted_most_comes_first(store: Store) -> None:
    analyzed(store, "a", statements=(said("Bo Lind"), said("Ada Quist"), said("Ada Quist")))
    assert [(one.name, one.statements) for one in store.findings.most_quoted()] == [("Ada Quist", 2), ("Bo Lind", 1)]


def test_who_is_credited_by_a_name_without_a_domain_is_found_by_it(store: Store) -> None:
    article_id = analyzed(store, "a", chains=(credit("The Ledger", None), credit("PTI", "ptinews.com")))
    domain = store.articles.get(1, article_id).outlet.domain
    assert [(one.actor, one.articles) for one in store.findings.crediting("x.example", "the ledger")] == [(domain, 1)]
    assert [(one.actor, one.articles) for one in store.findings.crediting("ptinews.com", "the ledger")] == [(domain, 2)]


def test_an_organization_is_no_person(store: Store) -> None:
    analyzed(store, "a", statements=(said("Port Authority", kind=SpeakerKind.ORGANIZATION),))
    assert store.findings.named("Port") == []


def test_what_a_person_said_is_listed_newest_first(store: Store) -> None:
    one = analyzed(store, "a", statements=(said("Ada Quist", "harbor master"), said("Ada Quist", "harbor master")))
    (person,) = store.findings.named("Ada")
    listed = store.findings.said_by(person.id, None, 10)
    assert [(each.article_id, each.number, each.day) for each in listed] == [
        (one, 0, date(2025, 3, 7)), (one, 1, date(2025, 3, 7))]  # fmt: skip
    assert " … " in listed[0].content
    assert store.findings.people_of(one) == {0: person.id, 1: person.id}


def test_analyzed_again_nothing_is_counted_twice(store: Store) -> None:
    article_id = analyzed(store, "a", statements=(said("Ada Quist"),), chains=(credit("PTI", "ptinews.com"),))
    store.findings.outdate("newer")
    (due,) = store.findings.due(10)
    store.findings.save(due, "newer", Analysis(chains=(credit("PTI", "ptinews.com"),)), NOW)
    assert store.findings.named("Ada") == []
    outlet = store.articles.get(1, article_id).outlet
    assert [(one.actor, one.articles) for one in store.findings.credited_by(outlet.id)] == [("ptinews.com", 1)]


def test_who_credits_whom_is_kept_both_ways_and_never_oneself(store: Store) -> None:
    article_id = analyzed(store, "a", chains=(credit("PTI", "ptinews.com"), credit("Herald", "herald.example")))
    outlet = store.articles.get(1, article_id).outlet
    assert [one.name for one in store.findings.credited_by(outlet.id)] == ["PTI"]
    assert [one.actor for one in store.findings.crediting("ptinews.com")] == [outlet.domain]
    assert store.findings.crediting("herald.example") == []


def test_people_are_merged_and_split_by_hand(store: Store) -> None:
    analyzed(store, "a", statements=(said("Ada Quist", "harbor master"),))
    second = analyzed(store, "b", statements=(said("Ada Quist", "striker"),))
    one, other = store.findings.named("Ada Quist")
    store.findings.merge(other.id, one.id)
    assert store.findings.person(other.id).id == one.id
    assert store.findings.person(one.id).statements == 2
    with pytest.raises(UsageError):
        store.findings.merge(other.id, one.id)
    made = store.findings.split(one.id, second)
    assert [store.findings.person(each).statements for each in (one.id, made)] == [1, 1]
    with pytest.raises(NotFound):
        store.findings.person(10**6)


def test_a_version_that_came_meanwhile_keeps_the_article_due(store: Store) -> None:
    article_id = analyzed(store, "a")
    with store.engine.begin() as connection:
        connection.execute(s.articles.update().values(analyzed=0))
    (due,) = store.findings.due(10)
    store.findings.save(replace(due, version=due.version + 1), STEPS, Analysis(statements=(said("Late Voice"),)), NOW)
    assert [one.article_id for one in store.findings.due(10)] == [article_id]
    assert store.findings.named("Late") == []
