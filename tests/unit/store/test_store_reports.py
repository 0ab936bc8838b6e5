"""The reports that articles name, on both databases."""

from __future__ import annotations

import pytest
from store_world import MINUTE, NOW, feed, item, poll, read

from firsthand.model.grouping import CopyKind, CopyMatch
from firsthand.model.stories import Placed
from firsthand.store import Store


def report(store: Store, outlet: str, name: str, story: int, *copies: CopyMatch) -> int:
    domain = f"{outlet}.example"
    url = f"https://{domain}/{name}"
    (article_id,) = store.ingest.save_poll(
        poll(feed(store, f"https://{domain}/feed"), item(name, url=url, sort_at=NOW - MINUTE))
    )
    read(store, article_id, f"{name} held.")
    (due,) = store.stories.load([article_id])
    placed = Placed(article_id=article_id, story_id=story, speaker_id=article_id, score=0.0, reason="")
    store.stories.save(due, (), copies, placed, NOW)
    return article_id


@pytest.fixture
def reports(store: Store) -> Store:
    assert report(store, "ledger", "wall", 1) == 1
    assert report(store, "ledger", "grain", 2) == 2
    copy = CopyMatch(article=3, of=2, kind=CopyKind.COPY, kept=0.9, reused=0.8)
    assert report(store, "tide", "wall", 1, copy) == 3
    return store


def test_by_address(reports: Store) -> None:
    found = reports.reports.at(["https://ledger.example/grain", "https://ledger.example/none"])
    assert {key: one.article_id for key, one in found.items()} == {"https://ledger.example/grain": 2}
    assert reports.reports.at([]) == {}


def test_outlets_by_name_or_domain(reports: Store) -> None:
    def domains(names: list[str], hosts: list[str]) -> list[str]:
        return sorted(one.domain for one in reports.reports.outlets(names, hosts))

    assert domains(["The Ledger"], ["tide.example"]) == ["ledger.example", "tide.example"]
    assert domains(["Ledge", "%"], []) == []
    assert domains([], []) == []


def test_of_the_same_story_or_with_text_in_common(reports: Store) -> None:
    ledger = reports.reports.of([1])[1].outlet.id
    near = reports.reports.near({3}, {ledger})
    assert [(one.of, one.report.article_id, one.same_story, one.copy is not None) for one in near] == [
        (3, 1, True, False),
        (3, 2, False, True),
    ]
    (turned,) = reports.reports.near({2}, ())
    assert (turned.of, turned.report.article_id) == (2, 3)
    assert reports.reports.near((), {ledger}) == []


def test_texts_begin_with_the_text(reports: Store) -> None:
    assert reports.reports.texts([1, 99]) == {1: "wall held.\nCouncil meets"}
