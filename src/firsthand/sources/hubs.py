"""The WebSub hub that a feed names (W3C WebSub §4): in its Link headers, which go first, else in itself."""

from __future__ import annotations

import re

from firsthand.model.feed import Fetched, ParsedFeed
from firsthand.model.urls import absolute_url

_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*]+\s*=\s*(?:\"[^\"]*\"|[^\s\";,]+))*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]+))", re.IGNORECASE)
_LONGEST = 2000


def hub_of(answer: Fetched, parsed: ParsedFeed) -> tuple[str, str] | None:
    """The hub and the topic, under which the hub knows the feed; None where no hub is named."""
    linked = _links(answer)
    hub = linked.get("hub") or parsed.hub_url
    topic = linked.get("self") or parsed.self_url or answer.url
    return (hub, topic) if hub and len(hub) <= _LONGEST and len(topic) <= _LONGEST else None


def _links(answer: Fetched) -> dict[str, str]:
    """The first address of each relation in the Link headers (RFC 8288 §3)."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(answer.links):
        rel = _REL.search(parameters)
        url = absolute_url(answer.url, target)
        if rel is not None and url is not None:
            for name in (rel[1] or rel[2] or "").lower().split():
                found.setdefault(name, url)
    return found
