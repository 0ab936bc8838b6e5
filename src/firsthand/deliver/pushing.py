"""Push, beside ingestion: what has happened becomes notices, and notices go out to their channels."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from firsthand.deliver.ntfy import Ntfy
from firsthand.deliver.push import WebPush
from firsthand.deliver.webhooks import Webhooks
from firsthand.model.errors import FirsthandError
from firsthand.model.push import ChannelKind, Pushed, PushFate, Sending

if TYPE_CHECKING:
    from firsthand.desk import Desk
    from firsthand.sources.fetcher import Fetcher

log = structlog.get_logger(__name__)

IDLE: Final = 1.0
"""Seconds between looks while nothing happens."""
TROUBLE: Final = 30.0
"""Seconds to wait when the database does not answer."""
BATCH: Final = 40
AT_ONCE: Final = 8
PRUNED: Final = 3600.0
"""Seconds between two clearings of what was told long ago."""


class Pushing:
    """Tells what there is to tell, until told to stop.

    Args:
        base: the address under which readers reach the app, `https://news.example.org`; "" where none is set.
        contact: who runs this installation, an `https:` or `mailto:` address for push services.
    """

    def __init__(
        self, desk: Desk, fetcher: Fetcher, clock: Callable[[], datetime], *, base: str = "", contact: str = ""
    ) -> None:
        self._push = desk.push
        self._fetcher = fetcher
        self._clock = clock
        self._base = base
        self._contact = contact or (base if base.startswith("https:") else "mailto:nobody@example.org")
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._web: WebPush | None = None

    async def run(self) -> None:
        """Work for ever. Cancel the task to stop: what is under way is recorded as begun."""
        loop = asyncio.get_running_loop()
        pruned = loop.time()
        while True:
            try:
                busy = await self.run_once()
                if loop.time() - pruned > PRUNED:
                    pruned = loop.time()
                    await asyncio.to_thread(self._push.prune)
            except Exception as error:
                # Push must not end while the pages go on being served: what does not work now is tried again.
                log.error("push waits", reason=str(error), exc_info=not isinstance(error, FirsthandError))
                await asyncio.sleep(TROUBLE)
                continue
            if not busy:
                await asyncio.sleep(IDLE)

    async def run_once(self) -> int:
        """Make notices of what has happened, and send what is due; gives how many were sent."""
        while await asyncio.to_thread(self._push.plan):
            pass
        sendings = await asyncio.to_thread(self._push.claim, BATCH)
        await asyncio.gather(*(self._send(one) for one in sendings))
        return len(sendings)

    async def _send(self, sending: Sending) -> None:
        async with self._turns:
            try:
                pushed = await self._way(sending)
            except Exception as error:
                # One channel whose keys are broken must not keep back the others.
                log.exception("a notice broke the program", channel=sending.channel.id)
                pushed = Pushed(PushFate.REFUSED, f"It could not be made ({type(error).__name__}).")
        await asyncio.to_thread(self._push.end, sending, pushed)
        if pushed.fate is not PushFate.TAKEN:
            log.warning(
                "a notice was not taken", channel=sending.channel.id, fate=pushed.fate.value, reason=pushed.says
            )

    def _way(self, sending: Sending) -> Awaitable[Pushed]:
        match sending.channel.kind:
            case ChannelKind.WEB:
                return self._webpush().send(sending.channel, sending.notice)
            case ChannelKind.NTFY:
                return Ntfy(self._fetcher, self._base, self._clock).send(sending.channel, sending.notice)
            case ChannelKind.WEBHOOK:
                return Webhooks(self._fetcher, self._push.webhook_secret, self._base, self._clock).send(sending)

    def _webpush(self) -> WebPush:
        if self._web is None:
            self._web = WebPush(self._fetcher, self._push.signing_key(), self._contact, self._clock)
        return self._web
