"""What the Google Reader API answers: subscriptions, articles and counts as JSON, a stream as Atom."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from firsthand.desk.streams import COUNTED, ItemsPage
from firsthand.model.records import FollowedFeed
from firsthand.model.streams import StreamItem, StreamRef
from firsthand.model.text import clean
from firsthand.web.apis.access import Given
from firsthand.web.apis.content import base_of, html_of
from firsthand.web.apis.readerids import (
    LABEL,
    READING_LIST,
    STATE,
    Stream,
    feed_stream,
    long_id,
    seconds,
    usec,
)
from firsthand.web.house import house_of

_ATOM: Final = "http://www.w3.org/2005/Atom"
_GR: Final = "http://www.google.com/schemas/reader/atom/"
_SCHEME: Final = "http://www.google.com/reader/"
_UNCACHED: Final = {"cache-control": "private, no-store"}


def answer(given: Given, data: dict[str, Any]) -> Response:
    """The answer in the form that was asked for: JSON, or with `output=xml` Google's XML of objects and lists."""
    if given.text("output") == "xml":
        body = etree.tostring(_object(data), xml_declaration=True, encoding="UTF-8")
        return Response(body, media_type="text/xml; charset=utf-8", headers=_UNCACHED)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type="application/json; charset=utf-8", headers=_UNCACHED)


def subscription(one: FollowedFeed) -> dict[str, Any]:
    """A followed feed."""
    folder = one.follow.folder
    return {
        "id": feed_stream(one.feed.id),
        "title": one.feed.title,
        "categories": [{"id": f"{LABEL}{folder}", "label": folder}] if folder else [],
        "url": one.feed.url,
        "htmlUrl": one.feed.site_url or one.outlet.home or one.feed.url,
        "iconUrl": "",
        "sortid": f"{one.feed.id:08X}",
        "firstitemmsec": str(seconds(one.feed.added) * 1000),
    }


def reference(one: StreamRef) -> dict[str, Any]:
    """An article by number."""
    streams = [feed_stream(feed_id) for feed_id in one.feeds]
    return {"id": str(one.id), "directStreamIds": streams, "timestampUsec": usec(one.seen)}


def article(request: Request, one: StreamItem) -> dict[str, Any]:
    """An article, whole."""
    head = one.headline
    item: dict[str, Any] = {
        "id": long_id(head.id),
        "crawlTimeMsec": str(int(usec(head.seen)) // 1000),
        "timestampUsec": usec(head.seen),
        "published": seconds(head.sort_at),
        "updated": seconds(head.sort_at),
        "title": head.headline,
        "author": ", ".join(head.byline),
        "categories": _categories(one),
        "summary": {"direction": "auto", "content": html_of(one, house_of(request), base_of(request))},
        "origin": _origin(one),
    }
    if head.url:
        item |= {"canonical": [{"href": head.url}], "alternate": [{"href": head.url, "type": "text/html"}]}
    if head.image:
        item["enclosure"] = [{"href": head.image, "type": "image"}]
    return item


def articles(request: Request, stream: Stream, page: ItemsPage, now: datetime) -> dict[str, Any]:
    """A part of a stream."""
    found = {
        "id": stream.id,
        "title": stream.title,
        "direction": "ltr",
        "updated": seconds(now),
        "items": [article(request, one) for one in page.items],
    }
    return found | ({"continuation": str(page.more)} if page.more is not None else {})


def counts(followed: Iterable[FollowedFeed], unread: Sequence[StreamRef]) -> dict[str, Any]:
    """How much is unread: of each feed, each folder, and all."""
    folders = {one.feed.id: one.follow.folder for one in followed}
    found: Counter[str] = Counter()
    newest: dict[str, datetime] = {}
    for ref in unread:
        names = {READING_LIST, *map(feed_stream, ref.feeds)}
        names |= {f"{LABEL}{folders[feed]}" for feed in ref.feeds if folders.get(feed)}
        found.update(names)
        newest |= {name: max(ref.seen, newest.get(name, ref.seen)) for name in names}
    rows = [
        {"id": name, "count": number, "newestItemTimestampUsec": usec(newest[name])}
        for name, number in sorted(found.items())
    ]
    return {"max": COUNTED, "unreadcounts": rows}


def atom(request: Request, stream: Stream, page: ItemsPage, now: datetime) -> bytes:
    """A part of a stream as Atom, with an app's marks as categories (so newsboat and other desktop readers ask)."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM, "gr": _GR})  # type: ignore[dict-item]
    _text(root, "id", f"tag:google.com,2005:reader/{stream.id}")
    _text(root, "title", stream.title)
    _text(root, "updated", _rfc3339(now))
    if page.more is not None:
        etree.SubElement(root, f"{{{_GR}}}continuation").text = str(page.more)
    for one in page.items:
        _entry(request, root, one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _entry(request: Request, root: etree._Element, one: StreamItem) -> None:
    head = one.headline
    entry = etree.SubElement(root, f"{{{_ATOM}}}entry", {f"{{{_GR}}}crawl-timestamp-msec": usec(head.seen)[:-3]})
    _text(entry, "id", long_id(head.id))
    # "fresh" is what desktop readers take for "unread".
    states = [*_categories(one), *([] if head.read else [f"{STATE}fresh"])]
    for name in states:
        label = name.rpartition("/")[2] if name.startswith(STATE) else name.removeprefix(LABEL)
        etree.SubElement(entry, f"{{{_ATOM}}}category", term=clean(name), scheme=_SCHEME, label=clean(label))
    _text(entry, "title", head.headline)
    _text(entry, "published", _rfc3339(head.sort_at))
    _text(entry, "updated", _rfc3339(head.sort_at))
    if head.url:
        etree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=clean(head.url), type="text/html")
    _text(entry, "summary", html_of(one, house_of(request), base_of(request))).set("type", "html")
    if head.byline:
        _text(etree.SubElement(entry, f"{{{_ATOM}}}author"), "name", ", ".join(head.byline))


def _categories(one: StreamItem) -> list[str]:
    head = one.headline
    found = [READING_LIST]
    found += [f"{STATE}read"] if head.read else []
    found += [f"{STATE}starred"] if head.saved else []
    return found + [f"{LABEL}{folder}" for folder in dict.fromkeys(feed.folder for feed in one.feeds) if folder]


def _origin(one: StreamItem) -> dict[str, str]:
    if not one.feeds:  # saved, and of no feed that is followed
        outlet = one.headline.outlet
        return {"streamId": feed_stream(0), "title": outlet.name, "htmlUrl": outlet.home or ""}
    feed = one.feeds[0]
    return {"streamId": feed_stream(feed.id), "title": feed.title, "htmlUrl": feed.site_url or ""}


def _object(value: object, name: str | None = None) -> etree._Element:
    """A value as Google wrote it: `<object><list name="…"><string>…`."""
    named = {"name": name} if name else {}
    if isinstance(value, dict):
        element = etree.Element("object", named)
        element.extend(_object(part, key) for key, part in value.items())
    elif isinstance(value, list):
        element = etree.Element("list", named)
        element.extend(_object(part) for part in value)
    else:
        number = isinstance(value, int)
        element = etree.Element("number" if number else "string", named)
        element.text = clean(str(value))
    return element


def _text(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{tag}")
    element.text = clean(text)
    return element


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
