"""Who and where: what a story's page says of its people and places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from firsthand.desk.story_page import PLACES, Voice, Who, named, people, places
from firsthand.model.article import Article, Dateline, Span
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
from firsthand.model.records import Outlet
from firsthand.model.stories import GroupDue

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)


def due(article_id: int, place: str | None) -> GroupDue:
    article = Article(headline="Sea wall", text="", dateline=Dateline(place) if place else None)
    outlet = Outlet(id=1, domain="a.example", name="A")
    return GroupDue(article_id=article_id, version=1, article=article, outlet=outlet, seen=NOW, sort_at=NOW)


def voice(name: str, person: int | None) -> Voice:
    speaker = Speaker(name, SpeakerKind.PERSON)
    statement = Statement(source=None, cue=None, kind=StatementKind.INDIRECT, content=(Span(0, 4),), speaker=speaker)
    return Voice(article=due(1, None).article, statement=statement, where=None, person=person, also=())  # type: ignore[arg-type]


def test_places_are_where_it_was_filed_most_often_first() -> None:
    filed = ["TARROW", "VELM", "Velm", None, "SANKT  GALL", "velm"]
    assert places([due(n, place) for n, place in enumerate(filed)]) == ("Velm", "Tarrow", "Sankt Gall")
    assert len(places([due(n, f"Place {n}") for n in range(20)])) == PLACES
    assert places([]) == ()


def test_people_are_those_with_a_page_by_their_fullest_name() -> None:
    spoken = [voice("Brandt", 3), voice("a senior official", None), voice("Otto Sand", 5), voice("Ilse Brandt", 3)]
    assert people(spoken) == (Who(person=3, name="Ilse Brandt"), Who(person=5, name="Otto Sand"))
    assert people([]) == ()


def test_a_house_in_short_or_by_its_initials_is_not_named_as_one_that_is_not_followed() -> None:
    def hop(name: str, kind: ActorKind = ActorKind.OUTLET, domain: str | None = None) -> Hop:
        return Hop(actor=Actor(name, kind, domain), does=Deed.REPORTED)

    hops = (
        hop("Tide"),
        hop("the Ledger", domain="theledger.com"),
        hop("CNA", ActorKind.AGENCY),
        hop("El Correo"),
        hop("Northern Echo"),
    )
    one = replace(due(1, None), analysis=Analysis(chains=(Chain((hop("A"), *hops)),)))
    by = {1: "its headline"}
    found = named([one], by, ["Coast News Agency", "El Correo de Claro", "Tide"], ["Daily Ledger"])  # type: ignore[arg-type]
    assert [each.name for each in found] == ["Northern Echo"]
    assert [each.name for each in named([one], by, [], [])] == [
        "Tide",
        "the Ledger",
        "CNA",
        "El Correo",
        "Northern Echo",
    ]  # type: ignore[arg-type]
