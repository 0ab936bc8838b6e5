"""A running app with a few articles, put there without any feed that answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from firsthand.extract.rights import rights_in
from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.feed import Feed, Item
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.store import Store

HOUR = timedelta(hours=1)
LONG = " ".join(f"word{number}" for number in range(300))
FREE = "Licensed under Creative Commons CC BY 4.0"
CLOSED = (
    "© 2026 HN. Republication or redistribution of HN content, by any means, is expressly prohibited without consent."
)


def a_feed(store: Store, url: str = "https://herald.example/feed") -> Feed:
    """A feed that the owner follows and that is not asked for a long time."""
    now = datetime.now(UTC)
    feed = store.feeds.add(url, title="Herald", outlet=OutletName("Herald", "herald.example"), now=now)
    store.readers.follow(store.readers.owner().id, feed.id, "", now)
    return feed


def bring(store: Store, feed: Feed, *names: str) -> list[int]:
    """New articles of a feed."""
    now = datetime.now(UTC)
    new = tuple(
        NewItem(Item(id=name, url=f"https://herald.example/{name}", title=f"Title {name}", summary=f"Summary {name}."),
                f"https://herald.example/{name}", "1", now - HOUR)
        for name in names
    )  # fmt: skip
    outcome = PollOutcome(feed_id=feed.id, polled=now, next_poll=now + 100 * HOUR, interval=HOUR, new=new)
    return store.ingest.save_poll(outcome)


def read(store: Store, article_id: int, rights: str, text: str = LONG) -> None:
    """Save an article's page as read whole."""
    article = Article(headline=f"Headline {article_id}", text=text, blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
                      section=("World",), rights=rights_in([rights]))  # fmt: skip
    store.ingest.save_reading(Reading(article_id=article_id, at=datetime.now(UTC), article=article))
