"""Search by what was found: who says something, from whom it comes, who is credited, how it is quoted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_world import MINUTE, NOW, OWNER, every_page, feed, item, poll, read

from firsthand.model.article import Span
from firsthand.model.findings import (
    Actor,
    ActorKind,
    Analysis,
    Chain,
    Deed,
    Hop,
    Speaker,
    SpeakerKind,
    Statement,
    StatementKind,
)
from firsthand.model.records import SearchQuery
from firsthand.store import Store

DIRECT, INDIRECT, MIXED = StatementKind.DIRECT, StatementKind.INDIRECT, StatementKind.MIXED


def said(
    name: str, kind: StatementKind = DIRECT, of: SpeakerKind = SpeakerKind.PERSON, role: str | None = None
) -> Statement:
    return Statement(source=Span(0, 4), cue=None, content=(Span(0, 4),), kind=kind, speaker=Speaker(name, of, role))


def chain(*hops: tuple[str, ActorKind, str | None]) -> Chain:
    own = Hop(actor=Actor("Herald", ActorKind.OUTLET, "herald.example"), does=Deed.PUBLISHED)
    return Chain((own, *(Hop(actor=Actor(*hop), does=Deed.REPORTED) for hop in hops)))


def analyzed(store: Store, name: str, analysis: Analysis, minutes: int = 0, text: str = "The wall held.") -> int:
    at = NOW - minutes * MINUTE
    (article_id,) = store.ingest.save_poll(poll(feed(store), item(name, sort_at=at)))
    read(store, article_id, text)
    (due,) = [one for one in store.findings.due(100) if one.article_id == article_id]
    store.findings.save(due, "steps", analysis, NOW)
    return article_id


def found(store: Store, **parts: object) -> list[int]:
    return [one.id for one in store.articles.search(OWNER, SearchQuery(**parts), before=None, limit=50)]  # type: ignore[arg-type]


@pytest.fixture
def library(store: Store) -> Store:
    official = said("a senior official", INDIRECT, SpeakerKind.UNNAMED, "of the port")
    one = Analysis(statements=(said("Ada Quist"), said("Bo Lind", INDIRECT)))
    two = Analysis(statements=(said("Ada Lind", MIXED), official))
    three = Analysis(
        chains=(chain(("Associated Press", ActorKind.AGENCY, "apnews.com"), ("memos", ActorKind.DOCUMENT, None)),)
    )
    ids = [analyzed(store, f"a{number}", each, 9 - number) for number, each in enumerate((one, two, three), 1)]
    assert ids == [1, 2, 3]
    return store


@pytest.mark.parametrize(
    ("parts", "ids"),
    [
        ({"said_by": "quist"}, [1]),
        ({"said_by": "QUÍST"}, [1]),
        ({"said_by": "Ada Quist"}, [1]),
        ({"said_by": "quist lind"}, []),
        ({"said_by": "lind"}, [2, 1]),
        ({"said_by": "official"}, []),
        ({"said_by": "nobody"}, []),
        ({"source": "official"}, [2]),
        ({"source": "port"}, [2]),
        ({"source": "memos"}, [3]),
        ({"source": "quist"}, [1]),
        ({"source": "herald"}, []),
        ({"credits": "Associated Press"}, [3]),
        ({"credits": "apnews.com"}, [3]),
        ({"credits": "memos"}, []),
        ({"credits": "herald"}, []),
        ({"kind": DIRECT}, [1]),
        ({"kind": INDIRECT}, [2, 1]),
        ({"said_by": "lind", "kind": INDIRECT}, [1]),
        ({"said_by": "quist", "kind": INDIRECT}, []),
        ({"source": "official", "kind": INDIRECT}, [2]),
        ({"said_by": "lind", "words": ("wall",)}, [2, 1]),
        ({"said_by": "lind", "excluded": ("wall",)}, []),
        ({"said_by": "lind", "outlet": "herald"}, [2, 1]),
        ({"said_by": "lind", "after": NOW - 8 * MINUTE}, [2, 1]),
        ({"said_by": "lind", "after": NOW - 7 * MINUTE}, [2]),
        ({"words": ("quist",)}, []),
    ],
)
def test_what_was_found_is_searched_with_everything_else(
    library: Store, parts: dict[str, object], ids: list[int]
) -> None:
    assert found(library, **parts) == ids


def test_a_page_read_again_keeps_what_was_found_and_another_analysis_replaces_it(store: Store) -> None:
    article_id = analyzed(store, "a", Analysis(statements=(said("Ada Quist"),)))
    read(store, article_id, "The wall held.")
    assert found(store, said_by="quist") == [article_id]
    read(store, article_id, "The wall fell.")
    assert found(store, said_by="quist", words=("fell",)) == [article_id]
    (due,) = store.findings.due(10)
    store.findings.save(due, "steps", Analysis(statements=(said("Bo Lind"),)), NOW + timedelta(minutes=1))
    assert found(store, said_by="quist") == []
    assert found(store, said_by="lind", words=("fell",)) == [article_id]


def test_it_goes_by_pages_newest_first(store: Store) -> None:
    ids = [
        analyzed(store, f"a{number}", Analysis(statements=(said("Ada Quist" if number % 2 else "Bo Lind"),)), number)
        for number in range(9)
    ]
    query = SearchQuery(said_by="quist")
    pages = every_page(lambda before: store.articles.search(OWNER, query, before=before, limit=2))
    assert pages == [ids[number] for number in (1, 3, 5, 7)]
