"""What polls bring: items, and the articles that stand for them at once, headline first.

Several polls are saved in one transaction: a transaction, its statements and its piece of the search index cost more
than the rows of a feed do. Saving is idempotent: items are known by (feed, id), articles by their keys.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, bindparam, exists, select

from firsthand.model.records import ChangeKind, KnownItem, NewItem, PollOutcome, ReadState
from firsthand.model.urls import domain_of
from firsthand.store import changes, hubs, reading, search
from firsthand.store import schema as s
from firsthand.store.bulk import insert_rows
from firsthand.store.database import Database
from firsthand.store.feeds import LONGEST_URL, hints_to_json
from firsthand.store.itemform import item_to_json
from firsthand.store.outlets import find_or_add, registrable

CHUNK = 400
"""Values in one IN (…): below every database's limit of parameters."""
OWN_SHARE = 0.6
"""Share of a feed's links on one domain from which on that domain counts as the outlet's own. An aggregator's links go
everywhere; an outlet's own feed links elsewhere now and then."""
T = TypeVar("T")

_FEEDS = select(s.feeds).where(s.feeds.c.id.in_(bindparam("ids", expanding=True)))
# A question for each feed: (feed_id, item) IN (VALUES …) makes SQLite read the whole table.
_ITEMS = select(s.items).where(
    s.items.c.feed_id == bindparam("feed_id"), s.items.c.item.in_(bindparam("items", expanding=True))
)
_HOLDING = select(s.feeds.c.id).where(
    s.feeds.c.id.in_(bindparam("ids", expanding=True)), exists().where(s.items.c.feed_id == s.feeds.c.id)
)
_KEYS = (
    select(s.article_keys.c.key, s.article_keys.c.article_id, s.articles.c.sort_at)
    .join_from(s.article_keys, s.articles)
    .where(s.article_keys.c.key.in_(bindparam("keys", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class _Poll:
    """One outcome with the feed that it belongs to, and those of its items that are new to that feed."""

    outcome: PollOutcome
    feed: Row[Any]
    fresh: list[NewItem]
    domains: list[str]
    """Whose each of them is: the registrable domain that it links to, "" where it has no link."""
    own_domain: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """An article that stands for a key, and where in the lists."""

    id: int
    sort_at: datetime


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """`values` in lists of at most `size`."""
    rest = list(values)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def digest(item_id: str) -> str:
    """A feed's own id for an item, at a length that an index likes."""
    return hashlib.blake2b(item_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def known(connection: Connection, ids: Mapping[int, Iterable[str]]) -> dict[int, dict[str, KnownItem]]:
    """Those items that came before, by feed and id. `ids`: the ids of items, by feed."""
    found: dict[int, dict[str, KnownItem]] = {feed_id: {} for feed_id in ids}
    # Of a feed that is asked for the first time nothing is held, and nothing is looked for.
    for feed_id in [one for part in chunks(ids) for one in connection.scalars(_HOLDING, {"ids": part})]:
        by_digest = {digest(one): one for one in ids[feed_id]}
        for part in chunks(by_digest):
            for row in connection.execute(_ITEMS, {"feed_id": feed_id, "items": part}):
                found[feed_id][by_digest[row.item]] = KnownItem(row.fingerprint, row.article_id)
    return found


def by_key(connection: Connection, keys: Iterable[str]) -> dict[str, Held]:
    """The articles that stand for these keys."""
    return {
        row.key: Held(row.article_id, row.sort_at)
        for part in chunks(dict.fromkeys(keys))
        for row in connection.execute(_KEYS, {"keys": part})
    }


def save(db: Database, connection: Connection, outcomes: Sequence[PollOutcome]) -> dict[int, list[int]]:
    """Keep what polls of different feeds brought; ids of new articles by feed, without feeds that are no longer held."""
    feeds = {
        row.id: row
        for part in chunks(one.feed_id for one in outcomes)
        for row in connection.execute(_FEEDS, {"ids": part})
    }
    polls = _polls(
        connection, [(_moved(connection, feeds[one.feed_id], one), one) for one in outcomes if one.feed_id in feeds]
    )
    articles = by_key(connection, (one.key for poll in polls for one in poll.fresh))
    created = _create(db, connection, polls, articles)
    _place(db, connection, polls, articles)
    for poll in polls:
        _update_changed(db, connection, poll)
    _update_feeds(connection, polls)
    for poll in polls:
        if poll.outcome.hub is not None:
            hubs.note(db, connection, poll.feed.id, *poll.outcome.hub, poll.outcome.polled)
    return created


def _polls(connection: Connection, outcomes: Sequence[tuple[Row[Any], PollOutcome]]) -> list[_Poll]:
    ids: dict[int, list[str]] = {}
    for feed, outcome in outcomes:
        if outcome.new:
            ids.setdefault(feed.id, []).extend(one.item.id for one in outcome.new)
    before = known(connection, ids) if ids else {}
    polls = []
    for feed, outcome in outcomes:
        held = before.get(feed.id, {})
        items = [_short(one) for one in outcome.new if one.item.id not in held]
        domains = [registrable(domain_of(one.item.url)) if one.item.url else "" for one in items]
        own_domain = feed.own_domain if feed.own_domain is not None else _own_domain(domains)
        polls.append(_Poll(outcome, feed, items, domains, own_domain))
    return polls


def _short(one: NewItem) -> NewItem:
    """With its key as it is held; nearly always that is the key itself."""
    key = s.key_of(one.key)
    return one if key == one.key else replace(one, key=key)


def _moved(connection: Connection, feed: Row[Any], outcome: PollOutcome) -> Row[Any]:
    """The feed under the address where it now stands."""
    if outcome.url and outcome.url != feed.url and len(outcome.url) <= LONGEST_URL:
        return _move(connection, feed, outcome.url)
    return feed


def _create(
    db: Database, connection: Connection, polls: Sequence[_Poll], articles: dict[str, Held]
) -> dict[int, list[int]]:
    """Make the articles that no key stands for yet, and add them to `articles`; their ids by feed."""
    missing: dict[str, tuple[_Poll, NewItem, str]] = {}
    for poll in polls:
        for one, domain in zip(poll.fresh, poll.domains, strict=True):
            if one.key not in articles:
                missing.setdefault(one.key, (poll, one, domain))
    created: dict[int, list[int]] = {poll.outcome.feed_id: [] for poll in polls}
    outlet_of = _Outlets(connection)
    ids = db.own.next_ids(connection, s.articles, len(missing))
    rows: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for article_id, (key, (poll, one, domain)) in zip(ids, missing.items(), strict=True):
        row = article_row(article_id, one, outlet_of(poll, domain), poll.outcome.polled)
        rows.append(row)
        created[poll.outcome.feed_id].append(article_id)
        articles[key] = Held(article_id, row["sort_at"])
    insert_articles(db, connection, rows, list(missing))
    for poll in polls:
        if new := created[poll.outcome.feed_id]:
            at, feed_id = poll.outcome.polled, poll.feed.id
            changed += changes.rows(at, ChangeKind.ARTICLE_NEW, article_ids=new, feed_id=feed_id)
    insert_rows(db, connection, s.changes, changed)
    return created


def article_row(article_id: int, one: NewItem, outlet_id: int, at: datetime) -> dict[str, Any]:
    """A row of `articles` for what a feed claims, before its page is read."""
    item, claimed = one.item, item_to_json(one.item)
    return {
        "id": article_id,
        "outlet_id": outlet_id,
        "url": item.url or "",
        "headline": item.title or item.summary[:120] or item.url or "(untitled)",
        "summary": item.summary,
        "byline": list(item.authors),
        "section": [],
        "published": claimed.get("published") or claimed.get("updated"),
        "seen": at,
        "sort_at": min(one.sort_at, at),
        "image": item.image,
        "state": (ReadState.PENDING if item.url else ReadState.SUMMARY).value,
        "problem": None if item.url else "The feed gives no address for this item.",
        "item": claimed,
        "page_due": at if item.url else None,
    }


def insert_articles(db: Database, connection: Connection, rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> None:
    """Insert rows of `articles`, each with the key that it stands for, and make them findable."""
    insert_rows(db, connection, s.articles, rows)
    named = zip(keys, rows, strict=True)
    insert_rows(db, connection, s.article_keys, [{"key": key, "article_id": row["id"]} for key, row in named])
    search.add(db, connection, (search.entry(row, row["summary"]) for row in rows))


def _place(db: Database, connection: Connection, polls: Sequence[_Poll], articles: Mapping[str, Held]) -> None:
    """Note each new item with its article, and the article's place in the feed's list.

    A placement stands where its article stands, whatever time this feed gives: lists share one order.
    """
    items, places = [], []
    for poll in polls:
        for one in poll.fresh:
            article = articles[one.key]
            placed = {"feed_id": poll.feed.id, "article_id": article.id}
            items.append({**placed, "item": digest(one.item.id), "fingerprint": one.fingerprint})
            places.append({**placed, "sort_at": article.sort_at})
    # Of two feeds in one batch one may have moved to the other's address: both then bring the same items.
    insert_rows(db, connection, s.items, items, ignore=True)
    insert_rows(db, connection, s.placements, places, ignore=True)


def _update_changed(db: Database, connection: Connection, poll: _Poll) -> None:
    """Known items that the feed edited: their pages are read again, and what only the feed said is said anew."""
    for one in poll.outcome.changed:
        found = s.items.c.feed_id == poll.feed.id, s.items.c.item == digest(one.item.id)
        row = connection.execute(select(s.items.c.article_id, s.items.c.fingerprint).where(*found)).one_or_none()
        if row is None or row.fingerprint == one.fingerprint:
            continue
        connection.execute(s.items.update().where(*found).values(fingerprint=one.fingerprint))
        article = connection.execute(select(s.articles).where(s.articles.c.id == row.article_id)).one()
        values: dict[str, Any] = {"item": item_to_json(one.item), "attempts": 0}
        if one.item.url:  # what was read already waits for what was not
            values["reread_due" if article.version else "page_due"] = poll.outcome.polled
        if article.state != ReadState.WHOLE.value:
            values["headline"] = one.item.title or article.headline
            values["summary"] = one.item.summary
            entry = search.entry({**article._mapping, **values}, values["summary"])
            search.replace(db, connection, entry, article.sort_at)
        connection.execute(s.articles.update().where(s.articles.c.id == article.id).values(values))


class _Outlets:
    """Which outlet a link belongs to: the feed's own, except where it leads to somebody else's domain."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[str, int] = {}

    def __call__(self, poll: _Poll, domain: str) -> int:
        if not domain or domain == poll.own_domain:
            return int(poll.feed.outlet_id)
        if domain not in self._found:
            self._found[domain] = find_or_add(self._connection, reading.outlet_name(None, domain))
        return self._found[domain]


def _own_domain(domains: Iterable[str]) -> str | None:
    links = Counter(filter(None, domains))
    if not links:
        return None
    domain, count = links.most_common(1)[0]
    return domain if count >= OWN_SHARE * links.total() else ""


def _update_feeds(connection: Connection, polls: Sequence[_Poll]) -> None:
    for part in chunks(polls):
        connection.execute(_UPDATE, [_feed_row(poll) for poll in part])
    for poll in polls:
        failed, was_failing = poll.outcome.failure is not None, poll.feed.failing_since is not None
        if failed != was_failing:
            kind = ChangeKind.FEED_FAILING if failed else ChangeKind.FEED_WELL
            changes.append(connection, poll.outcome.polled, kind, feed_id=poll.feed.id)


def _feed_row(poll: _Poll) -> dict[str, Any]:
    """All that a poll may change of a feed's row, by the names of `_UPDATE`."""
    feed, outcome = poll.feed, poll.outcome
    failed = outcome.failure is not None
    unnamed = feed.title in (feed.url, domain_of(feed.url))
    return {
        "feed_id": feed.id,
        "title": outcome.title if outcome.title and unnamed else feed.title,
        "site_url": feed.site_url or outcome.site_url,
        "own_domain": poll.own_domain,
        "format": outcome.format.value if outcome.format else feed.format,
        "etag": outcome.etag,
        "last_modified": outcome.last_modified,
        "body_digest": outcome.body_digest,
        "hints": hints_to_json(outcome.hints),
        "interval_seconds": max(1, int(outcome.interval.total_seconds())),
        "next_poll": outcome.next_poll,
        "last_poll": outcome.polled,
        "last_success": feed.last_success if failed else outcome.polled,
        "last_new": outcome.polled if poll.fresh else feed.last_new,
        "failing_since": (feed.failing_since or outcome.polled) if failed else None,
        # Saved again after a crash, a failure counts once.
        "failures": feed.failures + (feed.last_poll != outcome.polled) if failed else 0,
        "failure": outcome.failure,
        "note": outcome.note,
    }


_POLLED = """title site_url own_domain format etag last_modified body_digest hints interval_seconds next_poll last_poll
last_success last_new failing_since failures failure note"""
"""Columns of `feeds` that a poll may change."""
_UPDATE = (
    s.feeds.update()
    .where(s.feeds.c.id == bindparam("feed_id"))
    .values({name: bindparam(name) for name in _POLLED.split()})
)


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
