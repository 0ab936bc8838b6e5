"""Polling a mailbox of newsletters: the same poll as a feed's, with another way to ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from firsthand.desk.newsletters import ASLEEP, SCHEME, take_mails
from firsthand.model.errors import FirsthandError, StoreError
from firsthand.model.feed import Feed, NotModified
from firsthand.pipeline.decide import decide_failed_poll, decide_poll
from firsthand.pipeline.settings import PipelineSettings
from firsthand.sources.guard import AddressGuard
from firsthand.sources.mailbox import SCHEMES, MailboxSettings, parse_mailbox, visit
from firsthand.store import Store

log = structlog.get_logger()

KINDS = (SCHEME, *(f"{one}://" for one in SCHEMES))
"""How addresses begin that are no web addresses: of newsletters, and of mailboxes."""


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to read mailboxes."""

    settings: MailboxSettings
    guard: AddressGuard


async def poll(store: Store, feed: Feed, access: Access | None, now: datetime, settings: PipelineSettings) -> None:
    """One poll of a mailbox, or of a newsletter, which is never asked. Raises StoreUnavailable."""
    await asyncio.to_thread(_poll, store, feed, access, now, settings)


def _poll(store: Store, feed: Feed, access: Access | None, now: datetime, settings: PipelineSettings) -> None:
    outcome = decide_poll(feed, NotModified(feed.url), None, {}, now, settings)
    if feed.url.startswith(SCHEME) or access is None:
        store.ingest.save_polls([replace(outcome, next_poll=now + ASLEEP, interval=ASLEEP)])
        return
    try:
        box = parse_mailbox(feed.url)
        found = visit(box, access.settings, access.guard, feed.etag)
        taken = take_mails(store, store.readers.followers(feed.id), found.mails, now)
        # After the mails themselves: what was not kept is read again, and what was kept is known again.
        soon = now if found.more else min(outcome.next_poll, now + settings.longest_interval)
        outcome = replace(outcome, etag=found.state, next_poll=soon)
        if taken.new:
            log.info("newsletters came", mailbox=feed.title, new=taken.new)
    except StoreError:
        raise
    except FirsthandError as error:
        log.warning("mailbox failed", mailbox=feed.title, reason=error.message)
        outcome = decide_failed_poll(feed, error, now)
    store.ingest.save_polls([outcome])
