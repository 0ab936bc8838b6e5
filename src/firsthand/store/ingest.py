"""What a poll brings: items, and the articles that stand for them at once, headline first.

`save_poll` is one transaction and idempotent. An item delivered twice, by two feeds, or again after a crash makes no
second article: items are known by (feed, id), articles by their keys.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, bindparam, literal, select

from firsthand.model.errors import NotFound
from firsthand.model.feed import Item
from firsthand.model.records import ChangeKind, KnownItem, NewItem, PageDue, PollOutcome, Reading, ReadState
from firsthand.model.text import clean
from firsthand.model.urls import domain_of
from firsthand.store import changes, reading, search
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.feeds import LONGEST_URL, hints_to_json
from firsthand.store.itemform import item_from_json, item_to_json
from firsthand.store.outlets import find_or_add, registrable

CHUNK = 400
"""Values in one IN (…): below every database's limit of parameters."""
OWN_SHARE = 0.6
"""Share of a feed's links on one domain from which on that domain counts as the outlet's own. An aggregator's links go
everywhere; an outlet's own feed links elsewhere now and then."""
T = TypeVar("T")


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    rest = list(values)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def digest(item_id: str) -> str:
    """A feed's own id for an item, at a length that an index likes."""
    return hashlib.blake2b(item_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Ingest:
    """Saving what comes in. Each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def known(self, feed_id: int, ids: Sequence[str]) -> dict[str, KnownItem]:
        """Those of a feed's items that came before, by id."""
        with self._db.read() as connection:
            return _known(connection, feed_id, ids)

    def save_poll(self, outcome: PollOutcome) -> list[int]:
        """Keep all that a poll brought; ids of the articles that are new here.

        Raises:
            NotFound: the feed is no longer held.
        """
        with self._db.write() as connection:
            feed = connection.execute(select(s.feeds).where(s.feeds.c.id == outcome.feed_id)).one_or_none()
            if feed is None:
                raise NotFound(f"The feed {outcome.feed_id} is no longer held.")
            if outcome.url and outcome.url != feed.url and len(outcome.url) <= LONGEST_URL:
                feed = _move(connection, feed, outcome.url)
            known = _known(connection, feed.id, [one.item.id for one in outcome.new])
            kept = {one.item.id: replace(one, key=s.key_of(one.key)) for one in outcome.new if one.item.id not in known}
            fresh = list(kept.values())
            own_domain = feed.own_domain if feed.own_domain is not None else _own_domain(fresh)
            created = self._place(connection, feed, own_domain, fresh, outcome.polled)
            self._update_changed(connection, feed.id, outcome.changed, outcome.polled)
            _update_feed(connection, feed, outcome, own_domain, brought=bool(fresh))
            return created

    def _place(
        self, connection: Connection, feed: Row[Any], own_domain: str | None, fresh: Sequence[NewItem], at: datetime
    ) -> list[int]:
        """Items to articles: those held under the same key are used, the others are made."""
        if not fresh:
            return []
        ids = _by_key(connection, [one.key for one in fresh])
        missing = list({one.key: one for one in reversed(fresh) if one.key not in ids}.values())[::-1]
        created = self._create(connection, feed, own_domain, missing, at)
        ids.update(zip((one.key for one in missing), created, strict=True))
        connection.execute(
            s.items.insert(),
            [
                {
                    "feed_id": feed.id,
                    "item": digest(one.item.id),
                    "fingerprint": one.fingerprint,
                    "article_id": ids[one.key],
                }
                for one in fresh
            ],
        )
        # A placement stands where its article stands, whatever time this feed gives: lists share one order.
        for part in chunks(dict.fromkeys(ids[one.key] for one in fresh)):
            places = select(literal(feed.id), s.articles.c.id, s.articles.c.sort_at).where(s.articles.c.id.in_(part))
            insert = self._db.insert_or(s.placements).from_select(["feed_id", "article_id", "sort_at"], places)
            connection.execute(insert.on_conflict_do_nothing())
        return created

    def _create(
        self, connection: Connection, feed: Row[Any], own_domain: str | None, new: Sequence[NewItem], at: datetime
    ) -> list[int]:
        if not new:
            return []
        outlet_of = _Outlets(connection, feed.outlet_id, own_domain)
        rows = [_article_row(one, outlet_of(one.item.url), at) for one in new]
        statement = s.articles.insert().returning(s.articles.c.id, sort_by_parameter_order=True)
        created = [int(key) for key in connection.execute(statement, rows).scalars()]
        connection.execute(
            s.article_keys.insert(),
            [{"key": one.key, "article_id": key} for one, key in zip(new, created, strict=True)],
        )
        search.add(
            self._db,
            connection,
            [
                search.text_row(key, row["headline"], row["byline"], row["summary"])
                for key, row in zip(created, rows, strict=True)
            ],
        )
        changes.append(connection, at, ChangeKind.ARTICLE_NEW, article_ids=created, feed_id=feed.id)
        return created

    def _update_changed(self, connection: Connection, feed_id: int, changed: Sequence[NewItem], at: datetime) -> None:
        """Known items that the feed edited: their pages are read again, and what only the feed said is said anew."""
        for one in changed:
            found = s.items.c.feed_id == feed_id, s.items.c.item == digest(one.item.id)
            row = connection.execute(select(s.items.c.article_id, s.items.c.fingerprint).where(*found)).one_or_none()
            if row is None or row.fingerprint == one.fingerprint:
                continue
            connection.execute(s.items.update().where(*found).values(fingerprint=one.fingerprint))
            article = connection.execute(select(s.articles).where(s.articles.c.id == row.article_id)).one()
            values: dict[str, Any] = {"item": item_to_json(one.item), "attempts": 0}
            if one.item.url:
                values["page_due"] = at
            if article.state != ReadState.WHOLE.value:
                values["headline"] = one.item.title or article.headline
                values["summary"] = one.item.summary
                text = search.text_row(article.id, values["headline"], article.byline, values["summary"])
                search.replace(self._db, connection, text)
            connection.execute(s.articles.update().where(s.articles.c.id == article.id).values(values))

    def pages_due(self, now: datetime, limit: int) -> list[PageDue]:
        """Articles whose page is to be read now, those that a reader waits for first, then the newest.

        Articles of feeds that nobody follows any more are left alone; those that stand without a feed are not.
        """
        placed = select(s.placements.c.feed_id).where(s.placements.c.article_id == s.articles.c.id)
        followed = placed.join(s.follows, s.follows.c.feed_id == s.placements.c.feed_id)
        query = (
            select(s.articles.c.id, s.articles.c.url, s.articles.c.item, s.articles.c.attempts)
            .where(s.articles.c.page_due.is_not(None), s.articles.c.page_due <= now)
            .where(followed.exists() | ~placed.exists())
            .order_by(s.articles.c.hurried.desc(), s.articles.c.sort_at.desc(), s.articles.c.id.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            return [
                PageDue(article_id=row.id, url=row.url, item=item_from_json(row.item), attempts=row.attempts)
                for row in connection.execute(query)
            ]

    def save_reading(self, result: Reading) -> int:
        """Keep the end of one attempt to read a page; the id under which the article now stands. Raises NotFound."""
        with self._db.write() as connection:
            return reading.save(self._db, connection, result)

    def hurry(self, article_id: int, now: datetime) -> None:
        """A reader waits for this article: its page is read before others, unless that is done or given up."""
        with self._db.write() as connection:
            pending = (s.articles.c.id == reading.resolve(connection, article_id)) & s.articles.c.page_due.is_not(None)
            connection.execute(s.articles.update().where(pending).values(page_due=now, hurried=True))

    def add_page(self, url: str, key: str, now: datetime) -> int:
        """The article at an address that no feed brought; it is made, and due at once, if it is not held yet."""
        key = s.key_of(key)
        with self._db.write() as connection:
            held = _by_key(connection, [key]).get(key)
            if held is not None:
                return held
            outlet_id = find_or_add(connection, reading.outlet_name(None, registrable(domain_of(url))))
            item = Item(id=url, url=url, title=url)
            one = NewItem(item=item, key=key, fingerprint="", sort_at=now)
            row = _article_row(one, outlet_id, now)
            created = int(connection.execute(s.articles.insert().values(row).returning(s.articles.c.id)).scalar_one())
            connection.execute(s.article_keys.insert().values(key=key, article_id=created))
            search.add(self._db, connection, [search.text_row(created, url, [], "")])
            changes.append(connection, now, ChangeKind.ARTICLE_NEW, article_ids=[created])
            return created


class _Outlets:
    """Which outlet a link belongs to: the feed's own, except where it leads to somebody else's domain."""

    def __init__(self, connection: Connection, feeds_outlet: int, own_domain: str | None) -> None:
        self._connection = connection
        self._feeds_outlet = feeds_outlet
        self._own_domain = own_domain
        self._found: dict[str, int] = {}

    def __call__(self, url: str | None) -> int:
        domain = registrable(domain_of(url)) if url else ""
        if not domain or domain == self._own_domain:
            return self._feeds_outlet
        if domain not in self._found:
            self._found[domain] = find_or_add(self._connection, reading.outlet_name(None, domain))
        return self._found[domain]


def _own_domain(items: Sequence[NewItem]) -> str | None:
    domains = Counter(registrable(domain_of(one.item.url)) for one in items if one.item.url)
    if not domains:
        return None
    domain, links = domains.most_common(1)[0]
    return domain if links >= OWN_SHARE * domains.total() else ""


def _article_row(one: NewItem, outlet_id: int, at: datetime) -> dict[str, Any]:
    item = one.item
    published = item.published or item.updated
    return {
        "outlet_id": outlet_id,
        "url": item.url or "",
        "headline": clean(item.title) or clean(item.summary[:120]) or item.url or "(untitled)",
        "summary": clean(item.summary),
        "byline": list(item.authors),
        "section": [],
        "published": published.isoformat() if published else None,
        "seen": at,
        "sort_at": min(one.sort_at, at),
        "image": item.image,
        "state": (ReadState.PENDING if item.url else ReadState.SUMMARY).value,
        "problem": None if item.url else "The feed gives no address for this item.",
        "item": item_to_json(item),
        "page_due": at if item.url else None,
    }


def _known(connection: Connection, feed_id: int, ids: Sequence[str]) -> dict[str, KnownItem]:
    by_digest = {digest(one): one for one in ids}
    found: dict[str, KnownItem] = {}
    for part in chunks(by_digest):
        query = select(s.items).where(s.items.c.feed_id == feed_id, s.items.c.item.in_(part))
        for row in connection.execute(query):
            found[by_digest[row.item]] = KnownItem(row.fingerprint, row.article_id)
    return found


def _by_key(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in chunks(dict.fromkeys(keys)):
        query = select(s.article_keys).where(s.article_keys.c.key.in_(part))
        found.update({row.key: row.article_id for row in connection.execute(query)})
    return found


def _update_feed(
    connection: Connection, feed: Row[Any], outcome: PollOutcome, own_domain: str | None, *, brought: bool
) -> None:
    failed = outcome.failure is not None
    values: dict[str, Any] = {
        "last_poll": outcome.polled,
        "next_poll": outcome.next_poll,
        "interval_seconds": max(1, int(outcome.interval.total_seconds())),
        "etag": outcome.etag,
        "last_modified": outcome.last_modified,
        "hints": hints_to_json(outcome.hints),
        "note": outcome.note,
        "failure": outcome.failure,
        # Saved again after a crash, a failure counts once.
        "failures": feed.failures + (feed.last_poll != outcome.polled) if failed else 0,
        "failing_since": (feed.failing_since or outcome.polled) if failed else None,
        "own_domain": own_domain,
        "format": outcome.format.value if outcome.format else feed.format,
    }
    if not failed:
        values["last_success"] = outcome.polled
    if brought:
        values["last_new"] = outcome.polled
    if outcome.title and feed.title in (feed.url, domain_of(feed.url)):
        values["title"] = outcome.title
    if outcome.site_url and not feed.site_url:
        values["site_url"] = outcome.site_url
    connection.execute(s.feeds.update().where(s.feeds.c.id == feed.id).values(values))
    if failed and feed.failing_since is None:
        changes.append(connection, outcome.polled, ChangeKind.FEED_FAILING, feed_id=feed.id)
    elif not failed and feed.failing_since is not None:
        changes.append(connection, outcome.polled, ChangeKind.FEED_WELL, feed_id=feed.id)


def _move(connection: Connection, feed: Row[Any], url: str) -> Row[Any]:
    """The feed has moved for good. Where its new address is held already, the two become one."""
    other = connection.execute(select(s.feeds).where(s.feeds.c.url == url)).one_or_none()
    if other is None:
        connection.execute(s.feeds.update().where(s.feeds.c.id == feed.id).values(url=url))
        return connection.execute(select(s.feeds).where(s.feeds.c.id == feed.id)).one()
    for table, key in ((s.follows, "reader_id"), (s.items, "item"), (s.placements, "article_id")):
        held = select(table.c[key]).where(table.c.feed_id == other.id)
        movable = table.update().where(table.c.feed_id == feed.id, table.c[key].not_in(held))
        connection.execute(movable.values(feed_id=bindparam("to")), {"to": other.id})
        connection.execute(table.delete().where(table.c.feed_id == feed.id))
    connection.execute(s.feeds.delete().where(s.feeds.c.id == feed.id))
    return other
