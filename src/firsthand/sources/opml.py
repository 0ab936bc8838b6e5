"""OPML, the format in which readers exchange their subscriptions. http://opml.org/spec2.opml"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from firsthand.model.errors import ParseError
from firsthand.model.text import clean, one_line
from firsthand.model.urls import absolute_url
from firsthand.sources.feeds.decode import decode
from firsthand.sources.feeds.plain import excerpt
from firsthand.sources.feeds.xml import attribute, read_xml

LIMIT = 50_000
"""Outlines that are read from one file."""
_DEPTH = 8
"""Folders within folders that are told apart; what lies deeper falls into the last of them."""


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One subscription. `folder` is its path, outer folders first, joined by "/"; "" where it is in none."""

    url: str
    title: str
    site_url: str | None = None
    folder: str = ""


def read_opml(body: bytes) -> list[OpmlFeed]:
    """The subscriptions in an OPML file, in its order, each address in each folder once.

    Takes what readers write: attributes in any case, `text` or `title` (or neither), `url` for `xmlUrl`, broken XML,
    outlines outside `body`. Entities are never expanded. Outlines without a usable http(s) address are folders.

    Raises:
        ParseError: it is no OPML.
    """
    document = read_xml(decode(body))
    outlines = document is not None and any(True for _ in document.root.iter("{*}outline", "{*}OUTLINE", "{*}Outline"))
    if document is None or (document.names[document.root.tag].rpartition(":")[2] != "opml" and not outlines):
        raise ParseError(
            "This is no OPML file.", "Export your subscriptions from your old reader as OPML and try again."
        )
    found: dict[tuple[str, str], OpmlFeed] = {}
    # A stack of our own: a hostile file may be nested deeper than Python can call.
    stack: list[tuple[etree._Element, tuple[str, ...]]] = [(document.root, ())]
    while stack and len(found) < LIMIT:
        element, folders = stack.pop()
        inside = folders
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2].lower() == "outline":
            feed = _feed(element, "/".join(folders))
            if feed is not None:
                found.setdefault((feed.url, feed.folder), feed)
            else:
                inside = _inside(folders, _label(element))
        stack.extend((child, inside) for child in reversed(element))
    return list(found.values())


def write_opml(feeds: Sequence[OpmlFeed], *, title: str, now: datetime) -> bytes:
    """Subscriptions as OPML 2.0, in their order, folders nested.

    Args:
        title: the file's title.
        now: when it is written, aware.
    """
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {"": body}
    for feed in feeds:
        parent = _folder(folders, feed.folder)
        name = one_line(feed.title) or feed.url
        outline = etree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=clean(feed.url))
        if feed.site_url:
            outline.set("htmlUrl", clean(feed.site_url))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _feed(element: etree._Element, folder: str) -> OpmlFeed | None:
    address = attribute(element, "xmlurl") or (attribute(element, "url") if _is_subscription(element) else "")
    # Some readers write the scheme of subscription links, feed:https://… or feed://…
    if address.lower().startswith("feed:"):
        address = address[5:] if "://" in address[5:] else f"http:{address[5:]}"
    url = absolute_url(None, address)
    if url is None:
        return None
    site = absolute_url(None, attribute(element, "htmlurl"))
    return OpmlFeed(url, _label(element) or url, site, folder)


def _is_subscription(element: etree._Element) -> bool:
    return attribute(element, "type").lower() in ("rss", "atom", "feed", "rss1", "json")


def _label(element: etree._Element) -> str:
    return excerpt(one_line(attribute(element, "text") or attribute(element, "title")), 300)


def _inside(folders: tuple[str, ...], label: str) -> tuple[str, ...]:
    """The path one folder further in. A "/" in a name would read as two folders, and becomes a fraction slash."""
    return (*folders, label.replace("/", "⁄"))[:_DEPTH] if label else folders


def _folder(folders: dict[str, etree._Element], path: str) -> etree._Element:
    """The element of a folder, made with those around it where they are missing."""
    known = folders[""]
    so_far = ""
    for name in (one_line(part) for part in path.split("/") if part.strip()):
        so_far = f"{so_far}/{name}"
        if so_far not in folders:
            folders[so_far] = etree.SubElement(known, "outline", text=name, title=name)
        known = folders[so_far]
    return known
