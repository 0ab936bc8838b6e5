"""What the tests of the store say in a word: a feed, an item, a poll, a reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.feed import Feed, Item
from firsthand.model.records import Cursor, Headline, NewItem, PollOutcome, Reading
from firsthand.model.urls import domain_of
from firsthand.store import Store

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OWNER = 1


def feed(store: Store, url: str = "https://herald.example/feed", *, readers: Sequence[int] = (OWNER,)) -> Feed:
    """A feed, followed."""
    domain = domain_of(url)
    added = store.feeds.add(url, title=domain, outlet=OutletName(domain.split(".")[0].title(), domain), now=NOW)
    for reader in readers:
        store.readers.follow(reader, added.id, "", NOW)
    return added


def item(name: str, *, url: str | None = "", sort_at: datetime = NOW, fingerprint: str = "1", **said: Any) -> NewItem:
    """An item with its identity decided; `url` "" is one made from the name, None is none."""
    address = f"https://herald.example/{name}" if url == "" else url
    said = {"title": f"Title {name}", "summary": f"Summary {name}."} | said
    made = Item(id=name, url=address, **said)
    return NewItem(item=made, key=address or f"item:{name}", fingerprint=fingerprint, sort_at=sort_at)


def poll(feed: Feed, *new: NewItem, at: datetime = NOW, **more: Any) -> PollOutcome:
    return PollOutcome(
        feed_id=feed.id, polled=at, next_poll=at + 10 * MINUTE, interval=10 * MINUTE, new=tuple(new), **more
    )


def article(text: str = "The council met on Monday.", **more: Any) -> Article:
    return Article(
        text=text, blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),), **{"headline": "Council meets"} | more
    )


def read(store: Store, article_id: int, text: str = "The council met on Monday.", **more: Any) -> int:
    """Save a page that was read whole."""
    at, keys = more.pop("at", NOW), more.pop("keys", ())
    return store.ingest.save_reading(Reading(article_id=article_id, at=at, article=article(text, **more), keys=keys))


def brought(store: Store, *names: str, **more: Any) -> list[int]:
    """Articles of one feed, one for each name."""
    return store.ingest.save_poll(poll(feed(store), *(item(name, **more) for name in names)))


def front(store: Store, reader: int = OWNER, limit: int = 100, **more: Any) -> list[int]:
    """Ids on the front page."""
    return [one.id for one in store.articles.front(reader, before=None, limit=limit, **more)]


def every_page(page: Callable[[Cursor | None], list[Headline]]) -> list[int]:
    """Ids of all pages, one after the other."""
    ids: list[int] = []
    before = None
    while rows := page(before):
        ids += [row.id for row in rows]
        before = rows[-1].cursor
    return ids


def edited(one: NewItem, **said: Any) -> NewItem:
    """The same item as the feed has edited it."""
    return replace(one, item=replace(one.item, **said), fingerprint=one.fingerprint + "+")
