"""Webhooks: a notice as JSON, signed as https://www.standardwebhooks.com says, so that libraries that check it exist.

The signature covers the id, the time and the body; the id stays the same through every attempt, so that a receiver can
tell a second copy, and the time lets it refuse what somebody has kept to send again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from firsthand.deliver.push import posted
from firsthand.model.push import Notice, Pushed, Sending

if TYPE_CHECKING:
    from firsthand.sources.fetcher import Fetcher


class Webhooks:
    """Sends notices to programs.

    Args:
        secret_of: the key with which what goes to a channel is signed, by its id.
        base: the address under which readers reach the app, for the link; "" for none.
    """

    def __init__(
        self, fetcher: Fetcher, secret_of: Callable[[int], bytes], base: str, clock: Callable[[], datetime]
    ) -> None:
        self._fetcher = fetcher
        self._secret_of = secret_of
        self._base = base.rstrip("/")
        self._clock = clock

    async def send(self, sending: Sending) -> Pushed:
        """Send one notice."""
        now, channel = self._clock(), sending.channel
        body = message(sending.notice, self._base)
        name = f"msg_{sending.notice.id}_{channel.id}"
        headers = {"content-type": "application/json"} | signed(body, self._secret_of(channel.id), name, now)
        return await posted(self._fetcher, channel.address, body, headers, now)


def message(notice: Notice, base: str) -> bytes:
    """The body: `type`, `timestamp` and `data`, as Standard Webhooks has it."""
    kind = notice.tag.partition(":")[0]
    said = {
        "type": f"{kind}.{'told' if notice.stage == 1 else 'changed'}",
        "timestamp": notice.made.isoformat(),
        "data": {
            "tag": notice.tag,
            "stage": notice.stage,
            "title": notice.title,
            "body": notice.body,
            "path": notice.path,
            "url": base + notice.path if base else None,
        },
    }
    return json.dumps(said, ensure_ascii=False).encode()


def signed(body: bytes, secret: bytes, name: str, now: datetime) -> dict[str, str]:
    """The three headers by which a receiver knows that this came from here, and when."""
    at = str(int(now.timestamp()))
    digest = hmac.new(secret, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
