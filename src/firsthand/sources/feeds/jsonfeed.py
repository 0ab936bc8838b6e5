"""JSON Feed 1.0 and 1.1 to our model. https://www.jsonfeed.org/version/1.1/"""

from __future__ import annotations

import json
from html import escape
from itertools import islice
from typing import Any

from firsthand.model.errors import NotAFeed
from firsthand.model.feed import Enclosure, FeedFormat, Item, ParsedFeed
from firsthand.model.text import clean
from firsthand.sources.feeds.dates import parse_date
from firsthand.sources.feeds.fields import (
    TITLE_LIMIT,
    distinct,
    enclosure,
    item_id,
    language,
    person,
    picture_in,
    resolve,
    summary_and_content,
    without_shared_ids,
)
from firsthand.sources.feeds.plain import excerpt, html_text, tidy

Json = dict[str, Any]


def read_json(body: bytes, *, url: str, limit: int) -> ParsedFeed:
    """The feed in a JSON document.

    Raises:
        NotAFeed: it is not JSON, or JSON of another kind.
    """
    try:
        document = json.loads(body, strict=False)  # control characters are common in texts, and taken out later
    except (ValueError, RecursionError) as error:
        raise NotAFeed(
            "The answer begins like JSON but cannot be read as JSON.",
            "Open the address in a browser to see what it gives.",
        ) from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in _text(document, "version"):
        raise NotAFeed(
            "This is JSON, but not a JSON Feed (it names no jsonfeed.org version).",
            "Give the address of the site instead, and its feeds will be looked for.",
        )
    entries = [entry for entry in items if isinstance(entry, dict)]
    authors = _authors(document)
    tongue = language(_text(document, "language"))
    hubs = (resolve(url, _text(hub, "url")) for hub in _dicts(document, "hubs"))
    return ParsedFeed(
        format=FeedFormat.JSON,
        title=excerpt(tidy(_text(document, "title")), TITLE_LIMIT),
        description=excerpt(tidy(_text(document, "description")), TITLE_LIMIT),
        site_url=resolve(url, _text(document, "home_page_url")),
        self_url=resolve(url, _text(document, "feed_url")),
        hub_url=next((hub for hub in hubs if hub), None),
        language=tongue,
        image=resolve(url, _text(document, "icon")) or resolve(url, _text(document, "favicon")),
        items=without_shared_ids([_item(entry, url, authors, tongue) for entry in islice(entries, limit)]),
        dropped=max(0, len(entries) - limit),
    )


def _item(entry: Json, base: str, feed_authors: tuple[str, ...], feed_language: str | None) -> Item:
    title = excerpt(tidy(_text(entry, "title")), TITLE_LIMIT)
    url = resolve(base, _text(entry, "url")) or resolve(base, _text(entry, "external_url"))
    published = parse_date(_text(entry, "date_published"))
    content = _text(entry, "content_html") or _paragraphs(_text(entry, "content_text"))
    summary, content_html = summary_and_content(escape(_text(entry, "summary"), quote=False), content)
    image = resolve(base, _text(entry, "image")) or resolve(base, _text(entry, "banner_image"))
    return Item(
        id=item_id(_id(entry), url, title or summary, published),
        url=url,
        title=title,
        summary=summary,
        content_html=content_html,
        published=published,
        updated=parse_date(_text(entry, "date_modified")),
        authors=_authors(entry) or feed_authors,
        categories=distinct(excerpt(tidy(tag), 200) for tag in _list(entry, "tags") if isinstance(tag, str)),
        image=image or picture_in(content, base),
        enclosures=_enclosures(entry, base),
        language=language(_text(entry, "language")) or feed_language,
    )


def _id(entry: Json) -> str:
    """Ids are strings; numbers are to be coerced (section "Items", `id`)."""
    value = entry.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:2_000] if not isinstance(value, int) or abs(value) < 10**18 else ""


def _paragraphs(text: str) -> str:
    """Plain text as HTML that keeps its paragraphs."""
    blocks = (block.strip() for block in text.replace("\r\n", "\n").split("\n\n"))
    return "".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block)


def _authors(holder: Json) -> tuple[str, ...]:
    """Version 1.1's `authors`, else 1.0's `author`."""
    people = _dicts(holder, "authors")
    single = holder.get("author")
    if not people and isinstance(single, dict):
        people = [single]
    return distinct(person(html_text(_text(one, "name"))) for one in people[:50])


def _enclosures(entry: Json, base: str) -> tuple[Enclosure, ...]:
    made = (
        enclosure(base, _text(one, "url"), _text(one, "mime_type"), str(one.get("size_in_bytes") or ""))
        for one in _dicts(entry, "attachments")[:20]
    )
    return tuple(one for one in made if one)


def _text(holder: Json, name: str) -> str:
    value = holder.get(name)
    return clean(value) if isinstance(value, str) else ""


def _list(holder: Json, name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def _dicts(holder: Json, name: str) -> list[Json]:
    return [value for value in _list(holder, name) if isinstance(value, dict)]
