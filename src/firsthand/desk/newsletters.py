"""Newsletters in: each mail of a list becomes an article of its outlet, under a feed of that newsletter's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from firsthand.desk.addresses import MailAddresses
from firsthand.extract.bounces import is_report
from firsthand.extract.newsletter import Newsletter, read_newsletter
from firsthand.model.errors import NotAnArticle
from firsthand.model.feed import Feed, Item
from firsthand.model.records import NewItem, PollOutcome, Reading, ReadState

if TYPE_CHECKING:
    from firsthand.store import Store

SCHEME: Final = "mail:"
"""A newsletter's feed is named `mail:list-id`. Nobody asks it: what it brings comes through a mailbox or a file."""
ASLEEP: Final = timedelta(days=30)
SUMMARY: Final = 300


@dataclass(frozen=True, slots=True)
class Taken:
    """What mails brought."""

    new: int
    known: int
    """Held already."""
    refused: int
    """Without any text."""
    reports: int = 0
    """Of mail servers, of letters that could not be delivered."""


def take_mails(store: Store, readers: Sequence[int], mails: Iterable[bytes], now: datetime) -> Taken:
    """Keep newsletters; each is one transaction with its feed's, and known by its Message-ID when it comes again.

    A mail server's report is none: it is noted which of our letters came back.

    Args:
        readers: ids of those who follow the newsletters that they bring.
    """
    new = known = refused = reports = 0
    addresses = MailAddresses(store, lambda: now)
    for data in mails:
        if is_report(data):
            addresses.reported(data)
            reports += 1
            continue
        try:
            letter = read_newsletter(data)
        except NotAnArticle:
            refused += 1
            continue
        if _take(store, readers, letter, now):
            new += 1
        else:
            known += 1
    return Taken(new, known, refused, reports)


def _take(store: Store, readers: Sequence[int], letter: Newsletter, now: datetime) -> bool:
    """Whether it was new here."""
    feed = _feed(store, readers, letter, now)
    item = _item(letter)
    held = store.ingest.known({feed.id: [item.id]})[feed.id].get(item.id)
    if held is None:
        sort_at = min(item.published.instant(), now) if item.published else now
        placed = NewItem(item=item, key=f"{SCHEME}{letter.list_id}#{item.id}", fingerprint="", sort_at=sort_at)
        (article_id,) = store.ingest.save_poll(_outcome(feed, placed, now)) or (None,)
    else:
        article_id = held.article_id
        if store.articles.get(readers[0] if readers else 1, article_id).state is ReadState.WHOLE:
            return False
    if article_id is not None:  # also where the program ended between the two
        store.ingest.save_reading(Reading(article_id=article_id, at=now, article=letter.article))
    return held is None


def _feed(store: Store, readers: Sequence[int], letter: Newsletter, now: datetime) -> Feed:
    url = f"{SCHEME}{letter.list_id}"
    feed = store.feeds.by_url(url)
    if feed is None:
        feed = store.feeds.add(url, title=letter.list_name, outlet=letter.article.outlet, now=now)
        for reader in readers:
            store.readers.follow(reader, feed.id, "Newsletters", now)
    return feed


def _item(letter: Newsletter) -> Item:
    article = letter.article
    return Item(
        id=letter.message_id,
        title=article.headline or "",
        summary=article.text[:SUMMARY],
        published=article.published,
        language=article.language,
    )


def _outcome(feed: Feed, placed: NewItem, now: datetime) -> PollOutcome:
    return PollOutcome(feed_id=feed.id, polled=now, next_poll=now + ASLEEP, interval=ASLEEP, new=(placed,))


def split_mbox(data: bytes) -> Iterator[bytes]:
    """The mails of an mbox file (RFC 4155): each begins with a line "From " after an empty one; quoted ones are undone."""
    lines: list[bytes] = []
    after_blank = True
    for line in data.splitlines(keepends=True):
        if after_blank and line.startswith(b"From "):
            if lines:
                yield b"".join(lines)
            lines = []
        else:
            lines.append(line[1:] if line.lstrip(b">").startswith(b"From ") and line.startswith(b">") else line)
        after_blank = not line.strip()
    if lines:
        yield b"".join(lines)


def looks_like_mail(data: bytes) -> bool:
    """Whether bytes are an mbox file or a mail: what such files begin with."""
    start = data[:2000].lstrip()
    return start.startswith(b"From ") or any(
        start[:40].lower().startswith(name)
        for name in (
            b"return-path:",
            b"received:",
            b"delivered-to:",
            b"from:",
            b"mime-version:",
            b"message-id:",
            b"date:",
            b"subject:",
            b"to:",
            b"x-",
        )
    )
