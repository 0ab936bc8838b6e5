"""Hops that are held: only the very report that is named, and none rather than a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from firsthand.desk.browse import Browse
from firsthand.desk.seen import Seen
from firsthand.desk.stories import Stories
from firsthand.model.article import Article, Block, BlockKind, OutletName, Span
from firsthand.model.feed import Item
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
from firsthand.model.grouping import CopyKind, CopyMatch, Direction, Origins
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.model.stories import OriginMark, Placed, StoryCount
from firsthand.model.when import When
from firsthand.store import Store, open_store

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXT = "Cracks in the wall had been known since January."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    opened.migrate()
    opened.readers.owner()
    yield opened
    opened.close()


class World:
    """Articles of outlets, in stories, with what was found in them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.count = 0

    def article(
        self, outlet: str, *, before: timedelta = timedelta(0), story: int = 1, domain: str = "", text: str = TEXT
    ) -> int:
        self.count += 1
        domain = domain or f"{outlet.lower().replace(' ', '-')}.example"
        url, at = f"https://{domain}/{self.count}", NOW - before
        feed = self.store.feeds.add(f"https://{domain}/feed", title=outlet, outlet=OutletName(outlet, domain), now=NOW)
        self.store.readers.follow(1, feed.id, "", NOW)
        item = Item(id=url, url=url, title="Cracks", published=When.of(at))
        new = NewItem(item=item, key=url, fingerprint="1", sort_at=at)
        outcome = PollOutcome(feed_id=feed.id, polled=NOW, next_poll=NOW + HOUR, interval=HOUR, new=(new,))
        (article_id,) = self.store.ingest.save_poll(outcome)
        block = Block(BlockKind.PARAGRAPH, 0, len(text))
        article = Article(url=url, headline="Cracks", text=text, published=When.of(at), blocks=(block,))
        self.store.ingest.save_reading(Reading(article_id=article_id, at=NOW, article=article))
        self.group(article_id, story)
        return article_id

    def group(self, article_id: int, story: int, *copies: CopyMatch) -> None:
        (due,) = self.store.stories.load([article_id])
        placed = Placed(article_id=article_id, story_id=story, speaker_id=article_id, score=0.0, reason="")
        self.store.stories.save(due, (), copies, placed, NOW)

    def analyze(self, article_id: int, *hops: Hop) -> None:
        (due,) = [one for one in self.store.findings.due(100) if one.article_id == article_id]
        speaker = Speaker("Ada Quist", SpeakerKind.PERSON)
        one = Statement(
            source=None, cue=None, content=(Span(0, 6),), kind=StatementKind.INDIRECT, speaker=speaker, chain=0
        )
        own = Hop(actor=Actor("Tide", ActorKind.OUTLET), does=Deed.PUBLISHED, seen=True)
        self.store.findings.save(due, "steps", Analysis(statements=(one,), chains=(Chain((own, *hops)),)), NOW)

    def seen(self, article_id: int, hop: Hop) -> int | None:
        own = Hop(actor=Actor("Tide", ActorKind.OUTLET), does=Deed.PUBLISHED, seen=True)
        found = Seen(self.store).article(article_id, Analysis(chains=(Chain((own, hop)),)))
        assert found is not None
        told = found.chains[0].hops[1]
        assert told.seen == (told.article is not None)
        assert replace(told, seen=False, article=None) == hop
        return told.article


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def hop(name: str = "Daily Ledger", does: Deed = Deed.REPORTED, **more: object) -> Hop:
    kind, domain = more.pop("kind", ActorKind.OUTLET), more.pop("domain", None)
    return Hop(actor=Actor(name, kind, domain), does=does, **{"evidence": Span(0, 6), **more})  # type: ignore[arg-type]


def test_the_report_of_that_outlet_that_tells_the_same(world: World) -> None:
    ledger, tide = world.article("Daily Ledger", before=5 * HOUR), world.article("Tide")
    assert world.seen(tide, hop()) == ledger
    assert world.seen(tide, hop("the Daily Ledger")) == ledger
    assert world.seen(tide, hop(date=date(2025, 3, 8))) == ledger


def test_of_two_that_may_be_meant_neither_is(world: World) -> None:
    world.article("Daily Ledger", before=5 * HOUR)
    world.article("Daily Ledger", before=6 * HOUR)
    assert world.seen(world.article("Tide"), hop()) is None


@pytest.mark.parametrize(
    ("before", "day", "held"),
    [
        (5 * HOUR, date(2025, 3, 7), True),
        (5 * HOUR, date(2025, 3, 5), False),
        (96 * HOUR, date(2025, 3, 5), True),
        (96 * HOUR, None, False),
        (-2 * HOUR, None, False),
        (-2 * HOUR, date(2025, 3, 8), False),
    ],
    ids=["a day off", "another day", "long ago, as told", "long ago", "later", "later that day"],
)
def test_its_day_is_the_day_that_the_text_gives(world: World, before: timedelta, day: date | None, held: bool) -> None:
    ledger, tide = world.article("Daily Ledger", before=before), world.article("Tide")
    assert world.seen(tide, hop(date=day)) == (ledger if held else None)


def test_what_tells_of_something_else_is_not_it(world: World) -> None:
    other = "The keeper of the lighthouse says that nobody had inspected the cranes for years."
    world.article("Daily Ledger", before=5 * HOUR, text=other)
    tide = world.article("Tide")
    assert world.seen(tide, hop()) is None
    told = world.article("Daily Ledger", before=6 * HOUR)
    assert world.seen(tide, hop()) == told
    assert world.seen(tide, hop(evidence=None)) is None


def test_another_story_s_report_is_not_it(world: World) -> None:
    world.article("Daily Ledger", before=5 * HOUR, story=2)
    assert world.seen(world.article("Tide"), hop()) is None


def test_another_outlet_of_that_name_is_not_it(world: World) -> None:
    world.article("Dawn", before=5 * HOUR, domain="dawn.example")
    tide = world.article("Tide")
    assert world.seen(tide, hop("Dawn", domain="dawn.com")) is None
    pakistan = world.article("Dawn News", before=5 * HOUR, domain="dawn.com")
    assert world.seen(tide, hop("Dawn", domain="dawn.com")) == pakistan


def test_neither_people_nor_the_outlet_itself(world: World) -> None:
    world.article("Ada Quist", before=5 * HOUR)
    world.article("Tide", before=5 * HOUR)
    tide = world.article("Tide")
    assert world.seen(tide, hop("Ada Quist", Deed.SAID, kind=ActorKind.PERSON)) is None
    assert world.seen(tide, hop("Tide")) is None


def test_a_link_leads_to_it_in_whatever_story(world: World) -> None:
    ledger = world.article("Daily Ledger", before=5 * HOUR, story=2)
    tide = world.article("Tide")
    url = f"http://www.daily-ledger.example/{ledger}?utm_source=tide"
    assert world.seen(tide, hop(url=url)) == ledger
    assert world.seen(tide, hop("unknown", kind=ActorKind.UNNAMED, url=url)) == ledger
    assert world.seen(tide, hop("Herald", url=url)) is None
    assert world.seen(tide, hop(url=url, date=date(2025, 3, 1))) is None


def match(article: int, of: int, kind: CopyKind = CopyKind.COPY, direction: Direction = Direction.UNKNOWN) -> CopyMatch:
    return CopyMatch(article=article, of=of, kind=kind, kept=0.9, reused=0.9, direction=direction)


def test_an_agency_s_credit_is_its_report_only_where_text_is_shared(world: World) -> None:
    agency, tide = world.article("Coast News", before=HOUR), world.article("Tide")
    credit = hop("Coast News", Deed.CREDITED, kind=ActorKind.AGENCY)
    assert world.seen(tide, credit) is None
    world.group(tide, 2, match(tide, agency))
    assert world.seen(tide, credit) == agency
    assert world.seen(tide, hop("CN", Deed.CREDITED, kind=ActorKind.AGENCY)) is None
    world.group(tide, 1, match(tide, agency, direction=Direction.TO))
    assert world.seen(tide, credit) is None


def test_an_agency_is_credited_by_its_initials(world: World) -> None:
    agency, tide = world.article("Coast News Agency", before=HOUR), world.article("Tide")
    world.group(tide, 1, match(tide, agency))
    assert world.seen(tide, hop("CNA", Deed.CREDITED, kind=ActorKind.AGENCY)) == agency
    assert world.seen(tide, hop("CNN", Deed.CREDITED, kind=ActorKind.AGENCY)) is None


def test_a_copy_decides_between_two_reports(world: World) -> None:
    world.article("Daily Ledger", before=5 * HOUR)
    copied = world.article("Daily Ledger", before=6 * HOUR)
    tide = world.article("Tide")
    world.group(tide, 1, match(tide, copied, CopyKind.QUOTES))
    assert world.seen(tide, hop()) == copied


def test_every_page_links_to_what_is_held(world: World) -> None:
    store, reader = world.store, world.store.readers.owner()
    ledger, tide = world.article("Daily Ledger", before=5 * HOUR), world.article("Tide")
    world.analyze(ledger)
    world.analyze(tide, hop(evidence=Span(0, 6)))
    browse = Browse(store, lambda: NOW)
    page = browse.article(reader, tide)
    assert page.analysis is not None
    assert [one.article for one in page.analysis.chains[0].hops] == [None, ledger]
    people = [browse.person(reader, person.id) for person in store.findings.named("Ada Quist")]
    ways = {one: way for person in people for one, way in person.ways.items()}
    assert {one: [link.article for link in way[0].hops] for one, way in ways.items()} == {tide: [None, ledger]}
    count_stories(store)
    chain = Stories(store).story(reader, 1).chain
    assert chain is not None
    assert [one.article for one in chain[1].hops] == [tide, ledger]


def count_stories(store: Store) -> None:
    mark = OriginMark(outlets=2, at_least=1, at_most=2)
    (first, *_) = store.stories.reasons(1)
    count = StoryCount(
        story_id=1, title="Cracks", lead="", article_id=first, section=None, section_slug=None, image=None,
        first_seen=NOW, last_seen=NOW, articles=2, mark=mark, origins=Origins((), 1, 2),
    )  # fmt: skip
    store.stories.save_count(1, count, NOW)
