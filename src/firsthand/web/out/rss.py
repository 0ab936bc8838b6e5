"""A feed out as RSS 2.0 (RSS Advisory Board), with the elements of Atom, Dublin Core and content that readers know."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from firsthand import __version__
from firsthand.model.out import OutEntry, OutFeed
from firsthand.web.out.place import Place
from firsthand.web.out.text import as_html, xml_text

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}


def write_rss(feed: OutFeed, place: Place) -> bytes:
    """The feed as a document."""
    root = Element("rss", {"version": "2.0", **_NAMESPACES})
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", place.page_url(feed.page))
    _add(channel, "description", feed.subtitle)
    SubElement(channel, "atom:link", rel="self", type=place.form.media_type, href=place.self_url(feed.name))
    if place.hub:
        SubElement(channel, "atom:link", rel="hub", href=place.hub)
    _add(channel, "generator", f"Firsthand {__version__}")
    if feed.updated is not None:
        _add(channel, "lastBuildDate", moment(feed.updated))
    for entry in feed.entries:
        _item(channel, entry, place)
    document: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + document


def moment(at: datetime) -> str:
    """A time as RFC 822 wants it, with four digits of the year."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _item(channel: Element, entry: OutEntry, place: Place) -> None:
    item = SubElement(channel, "item")
    _add(item, "title", entry.title or "(without a headline)")
    _add(item, "link", place.entry_url(entry))
    _add(item, "guid", entry.id, isPermaLink="false")
    _add(item, "pubDate", moment(entry.published))
    # `author` wants a mail address; dc:creator wants a name.
    for name in entry.credited:
        _add(item, "dc:creator", name)
    for term in entry.terms:
        _add(item, "category", term)
    if entry.rights:
        _add(item, "dc:rights", entry.rights)
    if entry.language:
        _add(item, "dc:language", entry.language)
    # An excerpt is plain text, and `description` is HTML: escaped once as text, once more as XML.
    _add(item, "description", as_html(entry) if entry.text is None else _plain(entry.summary))
    if entry.text is not None:
        _add(item, "content:encoded", as_html(entry))


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = xml_text(text)
