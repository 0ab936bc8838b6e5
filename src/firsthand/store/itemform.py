"""An item as JSON, as the store keeps it until its page is read (and after, for what only the feed says)."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from firsthand.model.feed import Enclosure, Item
from firsthand.model.when import When

_AS_THEY_ARE = (
    *("id", "url", "title", "summary", "content_html", "authors", "categories", "image", "language", "rights"),
    *("source", "source_url"),
)
_parts = attrgetter(*_AS_THEY_ARE)


def item_to_json(item: Item) -> dict[str, Any]:
    """Only what is given; the inverse of `item_from_json`."""
    value = {name: part for name, part in zip(_AS_THEY_ARE, _parts(item), strict=True) if part}
    if item.published:
        value["published"] = item.published.isoformat()
    if item.updated:
        value["updated"] = item.updated.isoformat()
    if item.enclosures:
        value["enclosures"] = [[one.url, one.type, one.length] for one in item.enclosures]
    return value


def item_from_json(value: dict[str, Any]) -> Item:
    """An item from what `item_to_json` made."""
    return Item(
        id=value.get("id", ""),
        url=value.get("url"),
        title=value.get("title", ""),
        summary=value.get("summary", ""),
        content_html=value.get("content_html"),
        published=_when(value.get("published")),
        updated=_when(value.get("updated")),
        authors=tuple(value.get("authors", ())),
        categories=tuple(value.get("categories", ())),
        image=value.get("image"),
        enclosures=tuple(Enclosure(*parts) for parts in value.get("enclosures", ())),
        language=value.get("language"),
        rights=value.get("rights"),
        source=value.get("source"),
        source_url=value.get("source_url"),
    )


def _when(text: str | None) -> When | None:
    return When.fromisoformat(text) if text else None
