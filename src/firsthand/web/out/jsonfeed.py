"""A feed out as JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from typing import Any

from firsthand.model.out import OutEntry, OutFeed
from firsthand.web.out.atom import moment
from firsthand.web.out.place import Place
from firsthand.web.out.text import as_html

VERSION = "https://jsonfeed.org/version/1.1"


def write_json(feed: OutFeed, place: Place) -> bytes:
    """The feed as a document."""
    document: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": place.page_url(feed.page),
        "feed_url": place.self_url(feed.name),
    }
    if place.hub:
        document["hubs"] = [{"type": "WebSub", "url": place.hub}]
    document["items"] = [_item(entry, place) for entry in feed.entries]
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _item(entry: OutEntry, place: Place) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": place.entry_url(entry),
        "title": entry.title or "(without a headline)",
        "date_published": moment(entry.published),
        "date_modified": moment(entry.updated),
    }
    # One of the two must be there.
    if entry.text is not None:
        item["content_html"] = as_html(entry)
    else:
        item["content_text"] = entry.summary or entry.title
    if entry.summary:
        item["summary"] = entry.summary
    if entry.credited:
        item["authors"] = [{"name": name} for name in entry.credited]
    if entry.terms:
        item["tags"] = list(entry.terms)
    if entry.language:
        item["language"] = entry.language
    # Extensions begin with an underscore (§ "Extensions").
    about: dict[str, str] = {"outlet": entry.outlet}
    if entry.rights:
        about["rights"] = entry.rights
    if place.pages:
        about["page"] = place.page_url(entry.page)
    item["_firsthand"] = about
    return item
