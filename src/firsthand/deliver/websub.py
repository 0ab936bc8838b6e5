"""WebSub, beside ingestion: hubs are asked to tell us, leases are renewed, and our own hub is told what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

import structlog

from firsthand.desk import Desk
from firsthand.model.errors import FetchError, StoreError
from firsthand.model.records import Change, ChangeKind

log = structlog.get_logger(__name__)

IDLE: Final = 2.0
"""Seconds between looks for subscriptions that are due, and for changes to tell of."""
TROUBLE: Final = 30.0
AT_ONCE: Final = 20
"""Hubs asked at one time."""
FORMS: Final = ("atom", "rss", "json")
_NEWS: Final = frozenset((ChangeKind.ARTICLE_NEW, ChangeKind.ARTICLE_READ, ChangeKind.STORY_CHANGED))


class Hubs:
    """Subscribes, renews and pings, until told to stop.

    Args:
        address: the public address of this installation; without one no hub could reach us, and nothing is done.
        hub: the hub that is told of our public feeds; "" for none.
    """

    def __init__(self, desk: Desk, address: str, hub: str = "") -> None:
        self._desk = desk
        self._address = address.rstrip("/")
        self._hub = hub
        self._told = 0

    async def run(self) -> None:
        """Work for ever. Cancel the task to stop."""
        if not self._address:
            return
        self._told = await asyncio.to_thread(self._desk.live.latest)
        while True:
            try:
                worked = await self.subscribe_some()
                if self._hub:
                    await self.tell()
                if not worked:
                    await asyncio.sleep(IDLE)
            except Exception as error:
                foreseen = isinstance(error, StoreError | FetchError)
                log.error("hubs wait", reason=str(error), exc_info=not foreseen)
                await asyncio.sleep(TROUBLE)

    async def subscribe_some(self) -> int:
        """Ask the hubs that are due; how many were."""
        due = await asyncio.to_thread(self._desk.websub.due, AT_ONCE)
        await asyncio.gather(*(self._desk.websub.subscribe(one, self._address) for one in due))
        return len(due)

    async def tell(self) -> int:
        """Tell our hub what has changed since it was last told; how many feeds that are."""
        changes = await asyncio.to_thread(self._desk.live.after, self._told)
        if not changes:
            return 0
        paths = await asyncio.to_thread(self._desk.out.changed, changes) if _tells(changes) else []
        topics = [f"{self._address}/out/{quote(path)}.{form}" for path in paths for form in FORMS]
        if topics:
            await self._desk.websub.tell(self._hub, topics)
        self._told = changes[-1].seq
        return len(topics)


def _tells(changes: Iterable[Change]) -> bool:
    return any(one.kind in _NEWS for one in changes)
