"""What the tests of the APIs start from: feeds with articles, and an app that has a token."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from firsthand.cli.house import House
from firsthand.model.article import Article, Block, BlockKind, OutletName
from firsthand.model.feed import Feed, Item
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.model.tokens import ALL_SCOPES

NOW = datetime.now(UTC).replace(microsecond=0)
READ = "user/-/state/com.google/read"
STARRED = "user/-/state/com.google/starred"
LIST = "user/-/state/com.google/reading-list"
LONG = "tag:google.com,2005:reader/item/"


def seed(house: House, feeds: int = 3, each: int = 4, *, read: bool = True) -> dict[int, list[int]]:
    """Followed feeds with articles, every third read whole: ids of articles by feed. Odd feeds stand in the folder News."""
    made: dict[int, list[int]] = {}
    for number in range(feeds):
        feed = add_feed(house, f"https://f{number}.example/feed", f"Feed <{number}> & co", "News" if number % 2 else "")
        made[feed.id] = bring(house, feed, each)
        if read:
            for article_id in made[feed.id][::3]:
                whole(house, article_id)
    return made


def add_feed(house: House, url: str, title: str, folder: str = "") -> Feed:
    domain = urlsplit(url).netloc
    feed = house.store.feeds.add(
        url, title=title, outlet=OutletName(domain, domain), now=NOW, site_url=f"https://{domain}/"
    )
    house.store.readers.follow(house.store.readers.owner().id, feed.id, folder, NOW)
    return feed


def bring(house: House, feed: Feed, count: int, at: datetime = NOW, name: str = "n") -> list[int]:
    """New articles of a feed, oldest first, a minute between them."""
    site = feed.url.removesuffix("feed")
    items = [
        Item(id=f"{name}{n}", url=f"{site}{name}{n}", title=f"Title {name}{n} <b>", summary=f"Summary & {name}{n}.")
        for n in range(count)
    ]
    new = [
        NewItem(item=item, key=item.url or "", fingerprint="1", sort_at=at - timedelta(minutes=count - n))
        for n, item in enumerate(items)
    ]
    hour = timedelta(hours=1)
    return house.store.ingest.save_poll(
        PollOutcome(feed_id=feed.id, polled=at, next_poll=at + hour, interval=hour, new=tuple(new))
    )


def whole(house: House, article_id: int) -> None:
    """Read an article's page: a paragraph and a picture."""
    text = "The council met <on> Monday."
    picture = Block(BlockKind.IMAGE, len(text), len(text), url="https://pictures.example/a.png", alt="A hall")
    article = Article(
        headline="Council meets",
        byline=("Ada Quist",),
        text=text,
        blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)), picture),
    )
    house.store.ingest.save_reading(Reading(article_id=article_id, at=NOW, article=article))


class App:
    """An app that holds a token and speaks HTTP."""

    def __init__(self, base: str, house: House, *, auth: str | None = None, prefix: str = "") -> None:
        self.where, self.house, self.prefix = urlsplit(base), house, prefix
        owner = house.store.readers.owner()
        self.reader = owner.id
        self.auth = house.desk.tokens.make(owner, "test", ALL_SCOPES).secret if auth is None else auth

    def ask(self, method: str, path: str, fields: Any = None, **headers: str) -> tuple[int, Message, str]:
        """Status, headers and body; `fields` go into the body of a POST and into the query of anything else."""
        connection = http.client.HTTPConnection(self.where.hostname or "", self.where.port, timeout=30)
        sent = {"Host": self.where.netloc, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.auth and "Authorization" not in sent:
            sent["Authorization"] = f"GoogleLogin auth={self.auth}"
        body: str | bytes | None = None
        if isinstance(fields, bytes):
            body = fields
        elif fields is not None and method == "POST":
            body = urllib.parse.urlencode(fields, doseq=True)
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif fields:
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(fields, doseq=True)
        connection.request(method, self.prefix + path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, answer.headers, text

    def get(self, path: str, **fields: Any) -> Any:
        """The JSON that a GET under /reader/api/0 gives."""
        status, _, text = self.ask("GET", f"/reader/api/0/{path}", fields)
        assert status == 200, text
        return json.loads(text)

    def post(self, path: str, **fields: Any) -> str:
        """The text that a POST under /reader/api/0 gives."""
        status, _, text = self.ask("POST", f"/reader/api/0/{path}", fields)
        assert status == 200, text
        return text

    def ids(self, stream: str = LIST, **fields: Any) -> list[int]:
        """Every id of a stream, page by page."""
        found: list[int] = []
        more: dict[str, Any] = {}
        while True:
            page = self.get("stream/items/ids", s=stream, **fields, **more)
            found += [int(one["id"]) for one in page["itemRefs"]]
            if "continuation" not in page:
                return found
            more = {"c": page["continuation"]}
