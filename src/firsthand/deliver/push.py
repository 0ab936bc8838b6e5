"""Web Push: a notice, encrypted for one browser, handed to that browser's push service.

RFC 8030 (the protocol), RFC 8291 (encryption), RFC 8292 (who is speaking). pywebpush encrypts; the request itself goes
through the guarded fetcher: the service's address comes from a browser, and could name anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from firsthand.desk.vapid import private_key, to_base64url
from firsthand.model.errors import AddressRefused, FetchError
from firsthand.model.push import Channel, Notice, Pushed, PushFate
from firsthand.sources.httpcache import retry_after

if TYPE_CHECKING:
    from firsthand.sources.fetcher import Fetcher
    from firsthand.sources.transport import Answer

TTL: Final = timedelta(hours=12)
"""How long a push service keeps a notice for a phone that is switched off; older news is no news."""
SIGNED_FOR: Final = timedelta(hours=12)
"""RFC 8292 §2: at most 24 hours."""
TITLE: Final = 150
BODY: Final = 400
"""Characters. Encrypted, all of it has to stay under 4,096 bytes (RFC 8030 §7.2), also in Chinese."""
GONE: Final = frozenset((410,))
"""There is nobody any more, and nothing is to be sent again."""
NO_SUBSCRIPTION: Final = GONE | {404}
"""RFC 8030 §7.3: a subscription that has ended answers so. Elsewhere 404 may be a server that is being set up."""


class WebPush:
    """Sends notices to browsers.

    Args:
        key: 32 bytes from which the VAPID key is made, see `desk.vapid`.
        subject: who runs this installation, as `https:` or `mailto:`; push services complain there (RFC 8292 §2.1).
    """

    def __init__(self, fetcher: Fetcher, key: bytes, subject: str, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._key = key
        self._subject = subject
        self._clock = clock

    async def send(self, channel: Channel, notice: Notice) -> Pushed:
        """Hand one notice over."""
        headers = {
            "content-type": "application/octet-stream",
            "content-encoding": "aes128gcm",
            "ttl": str(int(TTL.total_seconds())),
            "urgency": "high" if notice.stage == 1 else "normal",
            # While a phone is away, only the newest of one topic is kept for it (RFC 8030 §5.4: 32 base64url characters).
            "topic": to_base64url(hashlib.sha256(notice.tag.encode()).digest())[:32],
            **self._authorization(channel.address),
        }
        body = encrypt(channel, message(notice))
        return await posted(self._fetcher, channel.address, body, headers, self._clock(), gone=NO_SUBSCRIPTION)

    def _authorization(self, address: str) -> dict[str, str]:
        from py_vapid import Vapid02

        parts = urlsplit(address)
        expires = self._clock() + SIGNED_FOR
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "sub": self._subject,
            "exp": int(expires.timestamp()),
        }
        signed: dict[str, str] = Vapid02(private_key(self._key)).sign(claims)
        return {name.lower(): value for name, value in signed.items()}


def message(notice: Notice) -> bytes:
    """What the service worker is given."""
    said = {
        "title": _cut(notice.title, TITLE),
        "body": _cut(notice.body, BODY),
        "tag": notice.tag,
        "path": notice.path,
        "at": notice.made.isoformat(),
        "quiet": notice.stage > 1,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def encrypt(channel: Channel, data: bytes) -> bytes:
    """Encrypted for the one browser whose keys these are (RFC 8291)."""
    from pywebpush import WebPusher

    info = {"endpoint": channel.address, "keys": dict(channel.keys)}
    body: bytes = WebPusher(info).encode(data)["body"]
    return body


async def posted(
    fetcher: Fetcher,
    url: str,
    body: bytes,
    headers: dict[str, str],
    now: datetime,
    *,
    gone: frozenset[int] = GONE,
) -> Pushed:
    """Send something to where a reader wants it, and say what became of it."""
    try:
        answer = await fetcher.post(url, body, headers)
    except AddressRefused as error:
        return Pushed(PushFate.REFUSED, str(error))
    except FetchError as error:
        return Pushed(PushFate.AGAIN, str(error))
    return judge(url, answer, now, gone)


def judge(url: str, answer: Answer, now: datetime, gone: frozenset[int] = GONE) -> Pushed:
    """What an answer means: taken, not now, never, or nobody there any more."""
    host, status = urlsplit(url).hostname or url, answer.status
    if 200 <= status < 300:
        return Pushed(PushFate.TAKEN)
    says = f"{host} answered {status}."
    if status in gone:
        return Pushed(PushFate.GONE, says)
    if status in (408, 425, 429) or status >= 500:
        wait = retry_after(answer.headers, now)
        return Pushed(PushFate.AGAIN, says, timedelta(seconds=wait) if wait else None)
    return Pushed(PushFate.REFUSED, says)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
