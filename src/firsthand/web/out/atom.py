"""A feed out as Atom (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from firsthand import __version__
from firsthand.model.out import OutEntry, OutFeed
from firsthand.web.out.place import Place
from firsthand.web.out.text import as_html, xml_text

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When an empty feed changed: atom:updated is required (§4.1.1), and "now" would change with every answer."""


def write_atom(feed: OutFeed, place: Place) -> bytes:
    """The feed as a document."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", moment(feed.updated or _NEVER))
    SubElement(root, "link", rel="self", type=place.form.media_type, href=place.self_url(feed.name))
    SubElement(root, "link", rel="alternate", type="text/html", href=place.page_url(feed.page))
    if place.hub:
        SubElement(root, "link", rel="hub", href=place.hub)
    # Entries name their outlets as authors; the feed's own author stands in for those without (§4.1.1).
    _add(SubElement(root, "author"), "name", "Firsthand")
    _add(root, "generator", "Firsthand", version=__version__)
    for entry in feed.entries:
        _entry(root, entry, place)
    document: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + document


def moment(at: datetime) -> str:
    """A time as RFC 3339 wants it, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(root: Element, entry: OutEntry, place: Place) -> None:
    one = SubElement(root, "entry")
    if entry.language:
        one.set("xml:lang", xml_text(entry.language))
    _add(one, "id", entry.id)
    _add(one, "title", entry.title or "(without a headline)")
    _add(one, "published", moment(entry.published))
    _add(one, "updated", moment(entry.updated))
    SubElement(one, "link", rel="alternate", type="text/html", href=xml_text(place.entry_url(entry)))
    if place.pages:
        SubElement(one, "link", rel="related", type="text/html", title="in Firsthand", href=place.page_url(entry.page))
    for name in entry.credited:
        _add(SubElement(one, "author"), "name", name)
    for term in entry.terms:
        SubElement(one, "category", term=xml_text(term))
    if entry.rights:
        _add(one, "rights", entry.rights)
    if entry.summary:
        _add(one, "summary", entry.summary)
    if entry.text is not None:
        _add(one, "content", as_html(entry), type="html")


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = xml_text(text)
