"""The feeds of the demo's outlets: one format each, with the habits that feeds of that format have."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from firsthand.demo.outlets import FeedKind, Outlet
from firsthand.demo.site import Entry

# Names are written with their prefixes and declared on the root: ElementTree's own registry of prefixes is global.
_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS = "http://purl.org/rss/1.0/"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself."""

    outlet: Outlet
    home: str
    url: str
    updated: datetime


def write_feed(channel: Channel, entries: Sequence[Entry]) -> tuple[str, bytes]:
    """The feed's content type and body, in the format of its outlet."""
    content_type, write = _WRITERS[channel.outlet.feed]
    return content_type, write(channel, entries)


def link_type(kind: FeedKind) -> str | None:
    """The type that a `<link rel="alternate">` names for a feed of this kind; None: it is not linked that way."""
    if kind is FeedKind.NEWS_SITEMAP:
        return None
    return {
        FeedKind.JSON: "application/feed+json",
        FeedKind.ATOM: "application/atom+xml",
        FeedKind.ATOM_FULL: "application/atom+xml",
    }.get(kind, "application/rss+xml")


def _rss(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """RSS 2.0 with Media RSS and Dublin Core creators."""
    root, head = _rss_root(channel, "2.0", {"xmlns:dc": _DC, "xmlns:media": _MEDIA})
    for entry in entries:
        item = _rss_item(head, entry)
        _add(item, "guid", entry.id, isPermaLink="false")
        for author in entry.authors:
            _add(item, "dc:creator", author)
        for section in entry.sections:
            _add(item, "category", section)
        if entry.image:
            _add(item, "media:content", "", url=entry.image, medium="image", type="image/png")
    return _xml(root)


def _rss_full(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """RSS 2.0 whose `content:encoded` carries the whole text; the permalink serves as guid."""
    root, head = _rss_root(channel, "2.0", {"xmlns:content": _CONTENT})
    for entry in entries:
        item = _rss_item(head, entry)
        _add(item, "guid", entry.url.partition("?")[0], isPermaLink="true")
        _add(item, "content:encoded", entry.html)
    return _xml(root)


def _rss_092(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """RSS 0.92, which knows no guid."""
    root, head = _rss_root(channel, "0.92", {})
    for entry in entries:
        _rss_item(head, entry)
    return _xml(root)


def _rdf(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """RSS 1.0 with Dublin Core dates, in ISO 8859-1 as old sites send it."""
    root = ET.Element("rdf:RDF", {"xmlns": _RSS, "xmlns:rdf": _RDF, "xmlns:dc": _DC})
    head = _add(root, "channel", None, **{"rdf:about": channel.url})
    for name, text in (
        ("title", channel.outlet.name), ("link", channel.home + "/"), ("description", channel.outlet.tagline)
    ):  # fmt: skip
        _add(head, name, text)
    _add(head, "dc:language", channel.outlet.language)
    order = _add(_add(head, "items", None), "rdf:Seq", None)
    for entry in entries:
        _add(order, "rdf:li", None, **{"rdf:resource": entry.url})
        item = _add(root, "item", None, **{"rdf:about": entry.url})
        _add(item, "title", entry.title)
        _add(item, "link", entry.url)
        _add(item, "description", entry.summary)
        _add(item, "dc:date", entry.published.isoformat(timespec="seconds"))
        for author in entry.authors:
            _add(item, "dc:creator", author)
        for section in entry.sections:
            _add(item, "dc:subject", section)
    return _xml(root, "iso-8859-1")


def _atom(channel: Channel, entries: Sequence[Entry], *, full: bool = False) -> bytes:
    """Atom 1.0 (RFC 4287); with `full` each entry carries its whole text as escaped HTML."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": channel.outlet.language})
    _add(root, "title", channel.outlet.name)
    _add(root, "subtitle", channel.outlet.tagline)
    _add(root, "id", f"tag:{channel.outlet.id}.localhost,2020:feed")
    _add(root, "updated", channel.updated.isoformat(timespec="seconds"))
    _add(root, "link", None, rel="self", type="application/atom+xml", href=channel.url)
    _add(root, "link", None, rel="alternate", type="text/html", href=channel.home + "/")
    for entry in entries:
        item = _add(root, "entry", None)
        _add(item, "title", entry.title)
        _add(item, "id", f"tag:{channel.outlet.id}.localhost,2020:{entry.id}")
        _add(item, "link", None, rel="alternate", type="text/html", href=entry.url)
        _add(item, "published", entry.published.isoformat(timespec="seconds"))
        _add(item, "updated", entry.updated.isoformat(timespec="seconds"))
        for author in entry.authors or (channel.outlet.name,):
            _add(_add(item, "author", None), "name", author)
        for section in entry.sections:
            _add(item, "category", None, term=section)
        _add(item, "rights", entry.rights)
        _add(item, "summary", entry.summary)
        if full:
            _add(item, "content", entry.html, type="html")
    return _xml(root)


def _atom_full(channel: Channel, entries: Sequence[Entry]) -> bytes:
    return _atom(channel, entries, full=True)


def _json(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "summary": entry.summary,
            "content_text": entry.summary,
            "date_published": entry.published.isoformat(timespec="seconds"),
            "date_modified": entry.updated.isoformat(timespec="seconds"),
            "tags": list(entry.sections),
            "language": entry.language,
            **({"image": entry.image} if entry.image else {}),
            **({"authors": [{"name": name} for name in entry.authors]} if entry.authors else {}),
        }
        for entry in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.outlet.name,
        "description": channel.outlet.tagline,
        "home_page_url": channel.home + "/",
        "feed_url": channel.url,
        "language": channel.outlet.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _news_sitemap(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """A Google News sitemap: titles and times, no summaries."""
    root = ET.Element("urlset", {"xmlns": _SITEMAP, "xmlns:news": _NEWS})
    for entry in entries:
        url = _add(root, "url", None)
        _add(url, "loc", entry.url)
        _add(url, "lastmod", entry.updated.isoformat(timespec="seconds"))
        news = _add(url, "news:news", None)
        publication = _add(news, "news:publication", None)
        _add(publication, "news:name", channel.outlet.name)
        _add(publication, "news:language", entry.language)
        _add(news, "news:publication_date", entry.published.isoformat(timespec="seconds"))
        _add(news, "news:title", entry.title)
    return _xml(root)


_WRITERS: dict[FeedKind, tuple[str, Callable[[Channel, Sequence[Entry]], bytes]]] = {
    FeedKind.RSS: ("application/rss+xml; charset=utf-8", _rss),
    FeedKind.RSS_FULL: ("text/xml; charset=utf-8", _rss_full),
    FeedKind.RSS_092: ("text/html; charset=utf-8", _rss_092),  # a wrong type, as small papers' servers send it
    FeedKind.RDF: ("application/rdf+xml", _rdf),
    FeedKind.ATOM: ("application/atom+xml; charset=utf-8", _atom),
    FeedKind.ATOM_FULL: ("application/atom+xml; charset=utf-8", _atom_full),
    FeedKind.JSON: ("application/feed+json", _json),
    FeedKind.NEWS_SITEMAP: ("application/xml", _news_sitemap),
}


def _rss_root(channel: Channel, version: str, namespaces: dict[str, str]) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("rss", {"version": version, **namespaces})
    head = _add(root, "channel", None)
    _add(head, "title", channel.outlet.name)
    _add(head, "link", channel.home + "/")
    _add(head, "description", channel.outlet.tagline)
    _add(head, "language", channel.outlet.language)
    _add(head, "lastBuildDate", _rfc822(channel.updated))
    return root, head


def _rss_item(head: ET.Element, entry: Entry) -> ET.Element:
    item = _add(head, "item", None)
    _add(item, "title", entry.title)
    _add(item, "link", entry.url)
    _add(item, "description", entry.summary)
    _add(item, "pubDate", _rfc822(entry.published))
    return item


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment)


def _add(parent: ET.Element, tag: str, text: str | None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _xml(root: ET.Element, encoding: str = "utf-8") -> bytes:
    body: bytes = ET.tostring(root, encoding=encoding, xml_declaration=True)
    return body
