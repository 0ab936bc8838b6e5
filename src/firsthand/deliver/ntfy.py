"""ntfy: a notice published to a topic (https://docs.ntfy.sh/publish/#publish-as-json)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from firsthand.deliver.push import posted
from firsthand.model.push import Channel, Notice, Pushed

if TYPE_CHECKING:
    from firsthand.sources.fetcher import Fetcher


class Ntfy:
    """Publishes notices.

    Args:
        base: the address under which readers reach the app, for the link; "" for none.
    """

    def __init__(self, fetcher: Fetcher, base: str, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._base = base.rstrip("/")
        self._clock = clock

    async def send(self, channel: Channel, notice: Notice) -> Pushed:
        """Publish one notice."""
        server, topic = split_topic(channel.address)
        headers = {"content-type": "application/json"}
        if token := channel.keys.get("token"):
            headers["authorization"] = f"Bearer {token}"
        body = json.dumps(message(notice, topic, self._base), ensure_ascii=False).encode()
        return await posted(self._fetcher, server, body, headers, self._clock())


def message(notice: Notice, topic: str, base: str) -> dict[str, object]:
    """As JSON, and not in headers, which hold no Unicode. A server from 2.16 on changes the notice of the same
    `sequence_id` in place; an older one passes over it and shows another."""
    said: dict[str, object] = {
        "topic": topic,
        "title": notice.title,
        "message": notice.body,
        "priority": 4 if notice.stage == 1 else 2,
        "tags": ["newspaper"],
        "sequence_id": re.sub(r"[^A-Za-z0-9_-]", "-", notice.tag)[:64],
    }
    if base:
        said["click"] = base + notice.path
    return said


def split_topic(address: str) -> tuple[str, str]:
    """The server's own address and the topic: `https://ntfy.sh/news` is `https://ntfy.sh/` and `news`."""
    parts = urlsplit(address)
    folder, _, topic = parts.path.rstrip("/").rpartition("/")
    return f"{parts.scheme}://{parts.netloc}{folder}/", unquote(topic)
