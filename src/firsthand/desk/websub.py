"""WebSub (W3C Recommendation, 23 January 2018): hubs tell us what feeds bring, and are told what ours bring.

A subscription's callback address and its secret are made of one key that this installation keeps, so nothing that opens
them stands in a table, and a renewed subscription is the same one. What a hub sends is believed if its signature is
right, and then goes the way of every poll; polling goes on, more slowly found out than needed but never missing anything.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import structlog

from firsthand.model.errors import BadStatus, FirsthandError, NotAFeed, NotFound
from firsthand.model.feed import Feed, Fetched
from firsthand.model.text import one_line
from firsthand.model.websub import Subscription
from firsthand.sources.feeds import parse_feed

if TYPE_CHECKING:
    from firsthand.sources.fetcher import Fetcher
    from firsthand.store import Store

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(days=10)
"""For how long hubs are asked to tell us; they decide themselves."""
LONGEST_LEASE: Final = timedelta(days=90)
SHORTEST_LEASE: Final = timedelta(minutes=1)
RENEWED_AT: Final = 0.8
"""Share of a lease after which it is renewed."""
PATIENCE: Final = timedelta(hours=1)
"""How long a hub that took a request may take to verify it."""
FIRST_RETRY: Final = timedelta(minutes=10)
LAST_RETRY: Final = timedelta(days=1)
DENIED_RETRY: Final = timedelta(days=7)
MAX_TOPICS: Final = 100
"""Feeds in one ping."""
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}
_DIGESTS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
"""What a hub may sign with (§8)."""
Take = Callable[[Feed, Fetched], Awaitable[None]]


class WebSub:
    """Subscribing at hubs, hearing them, and telling ours.

    `take` is what settles a feed's new content (the pipeline's way of a poll); where this process has none, a ping makes
    the feed due at once.
    """

    def __init__(self, store: Store, fetcher: Fetcher, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._key = b""
        self.take: Take | None = None

    # ── Subscribing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def due(self, limit: int) -> list[Subscription]:
        """Subscriptions whose hubs are to be asked now."""
        return self._store.hubs.due(self._clock(), limit)

    async def subscribe(self, one: Subscription, base: str) -> bool:
        """Ask a hub to tell us (§5.1); whether it took the request. What came of it is kept.

        Args:
            base: the public address of this installation, without a slash at its end.
        """
        callback = f"{base}{self.callback(one)}"
        asked = {
            "hub.mode": "subscribe",
            "hub.topic": one.topic,
            "hub.callback": callback,
            "hub.secret": self.secret(one),
            "hub.lease_seconds": int(LEASE.total_seconds()),
        }
        now = self._clock()
        # Before the request: a hub may verify it before it answers.
        await asyncio.to_thread(self._store.hubs.asked, one.feed_id, now, now + PATIENCE)
        try:
            await self._post(one.hub, urlencode(asked).encode())
        except FirsthandError as error:
            wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(one.failures, 10))
            failed = self._store.hubs.failed
            await asyncio.to_thread(failed, one.feed_id, error.message, one.failures + 1, now + wait)
            log.warning("a hub could not be asked", hub=one.hub, topic=one.topic, reason=error.message)
            return False
        return True

    def callback(self, one: Subscription) -> str:
        """The path under which a hub reaches us for one feed: nobody can guess it (§5.1, "capability URL")."""
        return f"/websub/{one.feed_id}/{self._made_of('callback', one)[:43]}"

    def secret(self, one: Subscription) -> str:
        """What the hub signs with."""
        return self._made_of("secret", one)

    def verify(self, feed_id: int, token: str, asked: dict[str, str]) -> str | None:
        """The answer to a hub that verifies what we asked (§5.3), or that denies it (§5.2); None: we did not ask.

        Raises:
            NotFound: there is no such callback.
        """
        one = self._known(feed_id, token)
        mode, now = asked.get("hub.mode", ""), self._clock()
        if asked.get("hub.topic") != one.topic:
            return None
        if mode == "denied":
            reason = one_line(asked.get("hub.reason", ""))[:200]
            said = f"The hub refused: {reason}." if reason else "The hub refused."
            self._store.hubs.denied(feed_id, said, now + DENIED_RETRY)
            return ""
        wanted = self._store.hubs.is_followed(feed_id)
        if mode == "unsubscribe" and not wanted:
            return asked.get("hub.challenge", "")
        if mode != "subscribe" or not wanted or one.asked is None:
            return None
        lease = _lease(asked.get("hub.lease_seconds", ""))
        self._store.hubs.agreed(feed_id, now + lease, now + RENEWED_AT * lease)
        log.info("a hub will tell us", hub=one.hub, topic=one.topic, days=round(lease / timedelta(days=1), 2))
        return asked.get("hub.challenge", "")

    # ── Hearing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def hear(self, feed_id: int, token: str, body: bytes, content_type: str, signature: str) -> bool:
        """What a hub sends (§7); whether it was believed. Without a right signature it is as if it had never come.

        Raises:
            NotFound: there is no such callback.
            StoreUnavailable: it could not be saved; the hub will send it again.
        """
        one = await asyncio.to_thread(self._known, feed_id, token)
        if not is_signed(body, signature, self.secret(one)):
            log.warning("a ping without a right signature was ignored", topic=one.topic)
            return False
        feed = await asyncio.to_thread(self._store.feeds.get, feed_id)
        if self.take is None or not await asyncio.to_thread(_is_feed, body, one.topic, content_type):
            # A ping without content, or what is no feed: we look ourselves.
            await asyncio.to_thread(self._store.feeds.poll_now, feed_id, self._clock())
            await asyncio.to_thread(self._store.hubs.told, feed_id, self._clock())
            return True
        # Not a poll's answer: the validators of the last one still stand.
        answer = Fetched(
            url=one.topic,
            status=200,
            body=body,
            content_type=content_type[:200],
            etag=feed.etag,
            last_modified=feed.last_modified,
        )
        await self.take(feed, answer)
        await asyncio.to_thread(self._store.hubs.told, feed_id, self._clock())  # last: a reader waits for the rest
        return True

    # ── Telling ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def tell(self, hub: str, topics: Sequence[str]) -> None:
        """Tell a hub that feeds of ours have changed, as hubs understand it since PubSubHubbub 0.4. Raises FetchError."""
        for start in range(0, len(topics), MAX_TOPICS):
            part = topics[start : start + MAX_TOPICS]
            form = [("hub.mode", "publish"), *(("hub.url", topic) for topic in part)]
            await self._post(hub, urlencode(form).encode())

    async def _post(self, hub: str, body: bytes) -> None:
        answer = await self._fetcher.post(hub, body, _FORM)
        if not 200 <= answer.status < 300:
            raise BadStatus(hub, answer.status, f"The hub answered {answer.status}.")

    def _known(self, feed_id: int, token: str) -> Subscription:
        one = self._store.hubs.get(feed_id)
        right = self.callback(one).rpartition("/")[2] if one else ""
        if one is None or not hmac.compare_digest(right.encode(), token.encode("utf-8", "replace")):
            raise NotFound("There is no such callback.")
        return one

    def _made_of(self, what: str, one: Subscription) -> str:
        self._key = self._key or self._store.secret("websub")
        named = "\x00".join((what, str(one.feed_id), one.hub, one.topic))
        return hmac.new(self._key, named.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether `X-Hub-Signature` (`sha256=…`, §8) is right. Takes the same time for every wrong one."""
    method, _, given = signature.strip().partition("=")
    digest = _DIGESTS.get(method.lower())
    if digest is None:
        return False
    right = hmac.new(secret.encode(), body, digest).hexdigest()
    return hmac.compare_digest(right.encode(), given.strip().lower().encode("utf-8", "replace"))


def _lease(text: str) -> timedelta:
    """How long a hub will tell us, within reason; ours where it does not say."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return LEASE
    return min(LONGEST_LEASE, max(SHORTEST_LEASE, timedelta(seconds=int(text))))


def _is_feed(body: bytes, url: str, content_type: str) -> bool:
    try:
        parse_feed(body, url=url, content_type=content_type)
    except NotAFeed:
        return False
    return True
