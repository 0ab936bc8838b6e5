"""Readers and news for `bench.mail`: who follows what, and which stories many outlets carry."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from firsthand.model.article import OutletName
from firsthand.model.editions import EditionPlan, Schedule
from firsthand.model.feed import Item
from firsthand.model.grouping import Origins
from firsthand.model.records import NewItem, PollOutcome
from firsthand.model.stories import Found, OriginMark, Placed, StoryCount
from firsthand.store import Store
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows

START: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY: Final = timedelta(days=1)
ZONES: Final = ("Europe/Berlin", "Europe/London", "Europe/Athens", "America/New_York")
Row = dict[str, Any]
SECTIONS: Final = ("World", "Region", "Business", "Politics", "Culture")


@dataclass(frozen=True, slots=True)
class World:
    """How many of what."""

    readers: int
    stories: int
    """New ones each day. From the second day on as many of the day before have more to tell."""
    feeds: int = 1
    follows: int = 1
    """Feeds that each reader follows, taken by chance."""


def settle(store: Store, world: World) -> None:
    """Feeds, readers, what they follow, and an edition of each that is due every day at the same instant."""
    store.readers.owner()
    luck = random.Random(1)
    for number in range(1, world.feeds + 1):
        outlet = OutletName(f"Herald {number}", f"herald{number}.example")
        store.feeds.add(f"https://herald{number}.example/feed", title=outlet.name or "", outlet=outlet, now=START)
    plan = EditionPlan(title="Morning edition", schedule=Schedule())
    readers: list[Row] = []
    follows: list[Row] = []
    addresses: list[Row] = []
    editions: list[Row] = []
    for number in range(2, world.readers + 2):
        readers.append({"id": number, "name": f"reader {number}", "created": START})
        for feed in luck.sample(range(1, world.feeds + 1), world.follows):
            follows.append({"reader_id": number, "feed_id": feed, "since": START})
        address: Row = {"id": number, "reader_id": number, "address": f"reader{number}@example.org"}
        addresses.append(address | {"added": START, "confirmed": START})
        zone = luck.choice(ZONES)
        edition: Row = {"reader_id": number, "address_id": number, "title": plan.title, "rhythm": "daily"}
        due = (START + timedelta(hours=1)).astimezone(ZoneInfo(zone))
        edition |= {"minute": due.hour * 60 + due.minute, "zone": zone, "created": START}
        editions.append(edition | {"told_upto": START - DAY, "next_due": START + timedelta(hours=1)})
    with store._db.write() as connection:
        insert_rows(store._db, connection, s.readers, readers)
        insert_rows(store._db, connection, s.follows, follows)
        insert_rows(store._db, connection, s.addresses, addresses)
        insert_rows(store._db, connection, s.editions, editions)


def news(store: Store, world: World, day: int) -> None:
    """A day's news: new stories, each carried by some outlets, and more outlets and statements for those of yesterday."""
    luck = random.Random(day)
    now = START + day * DAY
    first = day * world.stories
    numbers = range(max(0, first - world.stories), first + world.stories)
    carried: dict[int, list[int]] = {}
    for number in numbers:
        # A few stories are everywhere and most in few places: between one outlet and a sixth of all.
        most = max(1, world.feeds // 6)
        for feed in luck.sample(range(1, world.feeds + 1), min(world.feeds, int(luck.triangular(1, most, 1)))):
            carried.setdefault(feed, []).append(number)
    articles: dict[int, list[int]] = {number: [] for number in numbers}
    for feed, told in carried.items():
        items = tuple(_item(feed, number, day, now) for number in told)
        poll = PollOutcome(feed_id=feed, polled=now, next_poll=now, interval=timedelta(hours=1), new=items)
        for number, article_id in zip(told, store.ingest.save_poll(poll), strict=True):
            articles[number].append(article_id)
    for number, ids in articles.items():
        _story(store, number, ids, now)
        _said(store, ids, number)


def _item(feed: int, number: int, day: int, now: datetime) -> NewItem:
    url = f"https://herald{feed}.example/{day}-{number}"
    item = Item(id=url, url=url, title=f"{_title(number)}, says {feed}", summary=_lead(number))
    return NewItem(item=item, key=url, fingerprint="1", sort_at=now - timedelta(minutes=number % 60))


def _story(store: Store, number: int, ids: list[int], now: datetime) -> None:
    placed = [Placed(article_id=one, story_id=number + 1, speaker_id=ids[0], score=1.0, reason="first") for one in ids]
    dues = {due.article_id: due for due in store.stories.load(ids)}
    found = [Found(due=dues[one.article_id], marks=(), matches=(), placed=one) for one in placed]
    store.stories.save_all(found, now)
    with store._db.read() as connection:
        held = connection.execute(s.stories.select().where(s.stories.c.id == number + 1)).one()
    outlets, origins = held.outlets + len(ids), held.at_least + 1
    mark = OriginMark(outlets, origins, origins + number % 2)
    counted = StoryCount(
        story_id=number + 1,
        title=_title(number),
        lead=_lead(number),
        article_id=held.article_id or ids[0],
        section=SECTIONS[number % len(SECTIONS)],
        section_slug=SECTIONS[number % len(SECTIONS)].lower(),
        image=None,
        first_seen=held.first_seen or now - timedelta(minutes=number % 60),
        last_seen=now,
        articles=outlets,
        mark=mark,
        origins=Origins((), mark.at_least, mark.at_most),
    )
    store.stories.save_count(number + 1, counted, now)


def _said(store: Store, ids: list[int], number: int) -> None:
    """Every second story has statements in one of its articles."""
    if number % 2:
        return
    words = f"We knew of the cracks when report {number} came, and we said so"
    row: Row = {"article_id": ids[0], "number": 0, "speaker": "Ada Miller", "key": "ada miller", "kind": "direct"}
    row |= {"polarity": "said", "content": words, "sort_at": START}
    with store._db.write() as connection:
        insert_rows(store._db, connection, s.said, [row])


def _title(number: int) -> str:
    return f"The council decides on the sea wall after report {number} names the cracks"


def _lead(number: int) -> str:
    return (
        f"Inspectors had warned of cracks two years before, says report {number}; the port authority disputes that. "
        * 2
    )
