"""The decisions of ingestion: pure functions from what is known to what is to be saved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from firsthand import __version__
from firsthand.model.article import Article
from firsthand.model.errors import BadStatus, FirsthandError, RobotsRefused, TimedOut, Unreachable
from firsthand.model.feed import Feed, Fetched, Item, NotModified, ParsedFeed
from firsthand.model.records import KnownItem, NewItem, PageDue, PollOutcome, Reading
from firsthand.model.urls import domain_of, url_key
from firsthand.pipeline.again import (
    brings_correction,
    confirm_after,
    has_moved_away,
    is_gone,
    keeps_held,
    next_reading,
)
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources import pace
from firsthand.sources.hubs import hub_of
from firsthand.store.outlets import registrable

RETRIES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
"""When a page that failed for a passing reason is tried again; then it is given up."""
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Statuses that often pass by themselves (RFC 9110 §15.5, §15.6; 52x are a CDN's words for the same)."""


def fingerprint(item: Item) -> str:
    """Changes when the feed edits the item. Content is left out: many feeds change adverts in it at every poll."""
    said = "\x00".join((item.title, item.summary, item.url or "", item.updated.isoformat() if item.updated else ""))
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def body_digest(body: bytes) -> str:
    """Names a feed's body as this version of the program reads it."""
    return hashlib.blake2b(body, digest_size=16, key=__version__.encode()).hexdigest()


def shared_pages(items: Iterable[Item]) -> frozenset[str]:
    """Keys of the pages that items of one feed are several parts of: they link to different fragments of them."""
    linked = [item.url for item in items if item.url]
    if not any("#" in url for url in linked):
        return frozenset()
    parts = {(url_key(url), url_key(url, part=True)) for url in linked}
    return frozenset(key for key, count in Counter(key for key, _ in parts).items() if key and count > 1)


def place(feed: Feed, item: Item, now: datetime, shared: frozenset[str] = frozenset()) -> NewItem:
    """The item with its identity and its place in time; a date in the future is a wrong clock, and is not believed.

    `shared` names the pages whose parts are items of their own (`shared_pages`).
    """
    key = url_key(item.url) if item.url else None
    if item.url and key in shared:
        key = url_key(item.url, part=True)
    claimed = item.published or item.updated
    sort_at = min(claimed.instant(), now) if claimed else now
    return NewItem(item=item, key=key or f"item:{feed.url}#{item.id}", fingerprint=fingerprint(item), sort_at=sort_at)


def decide_poll(
    feed: Feed,
    answer: Fetched | NotModified,
    parsed: ParsedFeed | None,
    known: Mapping[str, KnownItem],
    now: datetime,
    settings: PipelineSettings,
) -> PollOutcome:
    """What a poll that was answered changes. `parsed` is None where nothing is new: a 304, or the body of last time."""
    items = parsed.items if parsed else ()
    shared = shared_pages(items)
    placed = {item.id: place(feed, item, now, shared) for item in reversed(items)}
    new = sorted((one for one in placed.values() if one.item.id not in known), key=lambda one: one.sort_at)
    changed = tuple(
        one for one in placed.values() if one.item.id in known and known[one.item.id].fingerprint != one.fingerprint
    )
    hints = parsed.hints if parsed else feed.hints
    interval = pace.next_interval(
        pace.PaceFacts(
            current=feed.interval,
            recent=tuple(one.sort_at for one in placed.values()),
            new=len(new),
            now=now,
            last_new=feed.last_new,
            period=hints.period,
            shortest=settings.shortest_interval,
            longest=settings.longest_interval,
        )
    )
    return PollOutcome(
        feed_id=feed.id,
        polled=now,
        next_poll=pace.next_poll(now, interval, hints, max_age=answer.max_age, feed_id=feed.id),
        interval=interval,
        new=tuple(new),
        changed=changed,
        url=answer.moved_to,
        title=(parsed.title or None) if parsed else None,
        site_url=parsed.site_url if parsed else None,
        format=parsed.format if parsed else feed.format,
        etag=answer.etag if isinstance(answer, Fetched) else feed.etag,
        last_modified=answer.last_modified if isinstance(answer, Fetched) else feed.last_modified,
        body_digest=body_digest(answer.body) if isinstance(answer, Fetched) else feed.body_digest,
        hints=hints,
        note=_note(answer, parsed) or (feed.note if parsed is None else None),
        hub=hub_of(answer, parsed) if parsed and isinstance(answer, Fetched) else None,
    )


def _note(answer: Fetched | NotModified, parsed: ParsedFeed | None) -> str | None:
    if answer.moved_to:
        return f"The feed has moved to {answer.moved_to}."
    if parsed and parsed.dropped:
        return f"Of {len(parsed.items) + parsed.dropped} entries the first {len(parsed.items)} are read."
    return None


def decide_failed_poll(feed: Feed, error: FirsthandError, now: datetime) -> PollOutcome:
    """What a poll that failed changes: only when to ask again, and the reason in words."""
    wait = pace.backoff(feed.failures + 1)
    retry_after = timedelta(seconds=error.retry_after) if isinstance(error, BadStatus) and error.retry_after else None
    return PollOutcome(
        feed_id=feed.id,
        polled=now,
        next_poll=pace.next_poll(now, wait, feed.hints, retry_after=retry_after, feed_id=feed.id),
        interval=feed.interval,
        format=feed.format,
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_digest=feed.body_digest,
        hints=feed.hints,
        failure=str(error),
        note=feed.note,
    )


def decide_reading(
    page: PageDue,
    result: Article | NotModified | FirsthandError,
    now: datetime,
    *,
    held: Article | None = None,
    fetched: Fetched | None = None,
    rereads: Sequence[timedelta] = (),
) -> Reading:
    """What one attempt to read a page changes: read whole, to be tried again, or given up with the reason in words.

    Args:
        held: what is held of it already, where it is read again; its text is never lost.
        fetched: the answer that `result` was read from; None where it is the feed's own content.
        rereads: how long after its first reading an article is to be read again.
    """
    if page.first_read is not None:
        return _read_again(page, result, now, page.first_read, held, fetched, rereads)
    if isinstance(result, Article):
        again = next_reading(now, now, rereads) if fetched else None
        return _whole(page, result, now, fetched, again)
    if isinstance(result, NotModified):
        result = FirsthandError("The outlet answered 304 to a request that was not conditional.")
    retry_at = now + wait if (wait := _retry(page, result)) else None
    return Reading(article_id=page.article_id, at=now, problem=explain(result), retry_at=retry_at)


def _whole(
    page: PageDue,
    article: Article,
    now: datetime,
    fetched: Fetched | None,
    again: datetime | None,
    corrected: bool = False,
) -> Reading:
    # An item that links to a fragment may be one of several of its page: the page's addresses are not its own.
    part = "#" in page.url
    addresses = () if part else (_own_canonical(article, page), article.url, page.url)
    keys = dict.fromkeys(key for url in addresses if url and (key := url_key(url)))
    return Reading(
        article_id=page.article_id,
        at=now,
        article=article,
        keys=tuple(keys),
        etag=fetched.etag if fetched else None,
        last_modified=fetched.last_modified if fetched else None,
        reread_at=again,
        corrected=corrected,
    )


def _read_again(
    page: PageDue,
    result: Article | NotModified | FirsthandError,
    now: datetime,
    first_read: datetime,
    held: Article | None,
    fetched: Fetched | None,
    rereads: Sequence[timedelta],
) -> Reading:
    """What one more reading changes. It must not lose what was read: a page that failed leaves the last Version."""
    due = next_reading(first_read, now, rereads)
    if isinstance(result, Article) and (held is None or not has_moved_away(page, result, held)):
        if held is None:
            return _whole(page, result, now, fetched, due)
        if not keeps_held(result, held):
            return _whole(page, result, now, fetched, due, corrected=brings_correction(result, held))
        return _standing(page, now, due, fetched)
    if isinstance(result, NotModified):
        return _standing(page, now, due)
    if isinstance(result, Article) or is_gone(result):
        return _missing(page, now, due, confirm_after(rereads))
    wait = _retry(page, result)
    retry = now + wait if wait else None
    again = min((at for at in (due, retry) if at), default=None)
    return replace(_standing(page, now, again), attempts=page.attempts + 1, missing=page.missing, removed=page.removed)


def _standing(page: PageDue, now: datetime, again: datetime | None, fetched: Fetched | None = None) -> Reading:
    return Reading(
        article_id=page.article_id,
        at=now,
        stands=True,
        reread_at=again,
        etag=fetched.etag if fetched else page.etag,
        last_modified=fetched.last_modified if fetched else page.last_modified,
    )


def _missing(page: PageDue, now: datetime, due: datetime | None, confirm: timedelta) -> Reading:
    """The outlet has no such page. Once may be a slip; it is removed when it is so again some time later."""
    missing = page.missing or now
    removed = page.removed or (now if now - missing >= confirm else None)
    again = due if removed else min((at for at in (due, missing + confirm) if at and at > now), default=due)
    return replace(_standing(page, now, again), missing=missing, removed=removed)


def _retry(page: PageDue, error: FirsthandError) -> timedelta | None:
    """How long to wait before a page that failed is tried again; None: it is given up."""
    passing = isinstance(error, Unreachable | TimedOut) or (isinstance(error, BadStatus) and error.status in PASSING)
    if not passing or page.attempts >= len(RETRIES):
        return None
    wait = RETRIES[page.attempts]
    if isinstance(error, BadStatus) and error.retry_after:
        wait = max(wait, timedelta(seconds=min(error.retry_after, 86_400)))
    return wait


def _own_canonical(article: Article, page: PageDue) -> str | None:
    """The canonical address, if it is the same outlet's. One that names another outlet says whose text this is, not that
    both are one article: a copy keeps its own identity, or nobody could ask who had it first."""
    if not article.canonical_url:
        return None
    own = {registrable(domain_of(url)) for url in (article.url or page.url, page.url)}
    return article.canonical_url if registrable(domain_of(article.canonical_url)) in own else None


def explain(error: FirsthandError) -> str:
    """Why a page could not be read, for the reader of the article."""
    if isinstance(error, BadStatus) and error.status in {401, 402, 403, 451}:
        return f"The outlet does not give this page to readers like us (it answered {error.status})."
    if isinstance(error, BadStatus) and error.status in {404, 410}:
        return f"The outlet no longer has this page (it answered {error.status})."
    if isinstance(error, RobotsRefused):
        return "The outlet's robots.txt asks not to read this page."
    return error.message


def pick_pages(due: Sequence[PageDue], busy: Mapping[str, int], free: int, per_host: int) -> list[PageDue]:
    """The pages to fetch next: in the order given, at most `per_host` of one host at a time, at most `free` in all."""
    load = Counter(busy)
    picked: list[PageDue] = []
    for page in due:
        host = domain_of(page.url)
        if len(picked) < free and load[host] < per_host:
            load[host] += 1
            picked.append(page)
    return picked
