"""Articles find their copies and their story as they come, and a restart forgets none of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firsthand.desk.stories import Stories
from firsthand.model.article import Article, Block, BlockKind, Dateline, OutletName
from firsthand.model.feed import Item
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.model.when import When
from firsthand.pipeline.grouping import Grouping
from firsthand.store import Store, open_store

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)
WORDS = (
    "Engineers of the harbor board found long cracks in the eastern sea wall of Tarrow after the January storms and "
    "asked for the promenade to be closed at once. The board answered that the wall was sound and that its own divers "
    "had looked at every section since the autumn. Residents of the lower town spent the night in the sports hall, "
    "and the mayor, Ilse Brandt, said buses would run until the water had gone. The insurer of the port put the first "
    "estimate of the damage at 40 million crowns, three times what the flood of 1998 had cost the town. "
)
OTHER = (
    "Grain exporters in Velm asked the ministry of transport for a second rail corridor to the northern terminal after "
    "record queues of lorries this week. Ottilie Sand, who speaks for the exporters, said that sixty trains wait and "
    "that the barley will spoil. The ministry wants to answer in April, when the budget of the railway is passed. "
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    opened.migrate()
    opened.readers.owner()
    yield opened
    opened.close()


def bring(store: Store, outlet: str, headline: str, text: str, minutes: int = 0, **more: object) -> int:
    """An article of an outlet that the owner follows, read whole."""
    domain = f"{outlet.lower().replace(' ', '-')}.example"
    url, at = f"https://{domain}/{abs(hash(headline)) % 10**8}", NOW + timedelta(minutes=minutes)
    feed = store.feeds.add(f"https://{domain}/feed", title=outlet, outlet=OutletName(outlet, domain), now=NOW)
    store.readers.follow(1, feed.id, "", NOW)
    new = NewItem(
        item=Item(id=url, url=url, title=headline, published=When.of(at)), key=url, fingerprint="1", sort_at=at
    )
    poll = PollOutcome(feed_id=feed.id, polled=at, next_poll=at, interval=timedelta(minutes=5), new=(new,))
    (article_id,) = store.ingest.save_poll(poll)
    article = Article(
        url=url, headline=headline, text=text, language="en", published=When.of(at),
        blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),), **more,
    )  # type: ignore[arg-type]  # fmt: skip
    store.ingest.save_reading(Reading(article_id=article_id, at=at, article=article))
    return article_id


def work(grouping: Grouping) -> None:
    while grouping.work():
        pass


def grouping(store: Store) -> Grouping:
    return Grouping(store, lambda: NOW + timedelta(hours=1))


def test_an_agency_report_and_its_copy_are_one_story_of_one_origin(store: Store) -> None:
    agency = bring(
        store, "Coast News", "Cracks found in sea wall", WORDS, byline=("Ana Ruiz",), dateline=Dateline("TARROW")
    )
    portal = bring(store, "Tide", "Sea wall is cracked", f"{WORDS}More at eleven.", 20, agency="Coast News")
    grain = bring(store, "Herald", "Exporters want second corridor", OTHER, 30)
    work(grouping(store))
    story, also, apart = (store.stories.of_articles([one])[one] for one in (agency, portal, grain))
    assert story == also != apart
    (match,) = store.copies.of(agency)
    assert (match.article, match.of, match.direction.value) == (portal, agency, "from")
    assert match.kept > 0.95
    head = store.stories.get(story)
    assert (head.mark.outlets, head.mark.at_least, head.mark.at_most) == (2, 1, 1)
    assert (head.title, head.article_id) == ("Cracks found in sea wall", agency)


def test_a_restart_goes_on_with_the_stories_that_live(store: Store) -> None:
    agency = bring(store, "Coast News", "Cracks found in sea wall", WORDS)
    work(grouping(store))
    portal = bring(store, "Tide", "Sea wall is cracked", WORDS, 20)
    other = bring(store, "Herald", "Exporters want second corridor", OTHER, 30)
    work(grouping(store))
    stories = store.stories.of_articles([agency, portal, other])
    assert stories[agency] == stories[portal] != stories[other]


def test_a_new_version_keeps_its_story_and_renews_its_copies(store: Store) -> None:
    agency = bring(store, "Coast News", "Cracks found in sea wall", WORDS)
    portal = bring(store, "Tide", "Sea wall is cracked", WORDS, 20)
    running = grouping(store)
    work(running)
    assert store.copies.of(portal)
    changed = Article(headline="Sea wall is cracked", text=OTHER, blocks=(Block(BlockKind.PARAGRAPH, 0, len(OTHER)),))
    store.ingest.save_reading(Reading(article_id=portal, at=NOW + timedelta(hours=1), article=changed))
    work(running)
    assert store.copies.of(portal) == []
    stories = store.stories.of_articles([agency, portal])
    assert stories[agency] == stories[portal]
    assert store.stories.due(10) == []


def test_what_an_outlet_prints_on_every_page_is_no_copy(store: Store) -> None:
    box = (
        "Subscribe to the morning letter of the Herald and read what matters in the town before the first tram leaves. "
    )
    texts = [f"{'abcdefgh'[n]} " + " ".join(f"word{n}x{i}" for i in range(140)) for n in range(8)]
    ids = [bring(store, "Herald", f"Column {n}", f"{text}\n{box * 2}", n) for n, text in enumerate(texts)]
    running = grouping(store)
    work(running)
    assert all(not store.copies.of(one) for one in ids)


def test_an_event_that_carries_on_an_earlier_one_is_of_its_line(store: Store) -> None:
    days = 24 * 60
    bring(store, "Tarrow Post", "Cracks in the sea wall of Tarrow found", WORDS)
    bring(store, "Velm Times", "Grain exporters ask for a rail corridor", OTHER, minutes=days)
    later = (
        "Repairs of the sea wall of Tarrow will take two years, mayor Ilse Brandt told the council. The cracks that "
        "divers found after the storms are deeper than the harbor board had said, and Ilse Brandt wants the promenade "
        "of Tarrow closed until spring. "
    )
    bring(store, "Tarrow Post", "Mayor: sea wall cracks will take two years to mend", later, minutes=20 * days)
    grouping = Grouping(store, lambda: NOW + timedelta(days=20))
    while grouping.work():
        pass
    first, other, third = sorted(store.stories.of_articles([1, 2, 3]).values())
    assert [head.id for head in store.storylines.events(third)] == [first, third]
    assert store.storylines.events(other) == []
    assert [head.id for head in Stories(store).story(store.readers.owner(), first).line] == [first, third]


def test_a_flash_gives_way_to_the_report_that_follows_it(store: Store) -> None:
    flash = (
        "Divers found long cracks in the eastern sea wall of Tarrow, the harbor board said, after the January storms."
    )
    bring(store, "Coast Agency", "FLASH: Cracks in sea wall of Tarrow", flash)
    grouping = Grouping(store, lambda: NOW)
    while grouping.work():
        pass
    assert [head.title for head in store.stories.front(1, limit=9)] == ["FLASH: Cracks in sea wall of Tarrow"]
    bring(store, "Coast Agency", "Long cracks found in sea wall of Tarrow after storms", WORDS, minutes=9)
    while grouping.work():
        pass
    (head,) = store.stories.front(1, limit=9)
    assert (head.title, head.articles) == ("Long cracks found in sea wall of Tarrow after storms", 2)
