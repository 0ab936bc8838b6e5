"""One function for every feed: bytes in, a `ParsedFeed` or a clear refusal out."""

from __future__ import annotations

import re

from firsthand.model.binary import begins_as
from firsthand.model.errors import NotAFeed
from firsthand.model.feed import ParsedFeed
from firsthand.sources.feeds.atom import read_atom
from firsthand.sources.feeds.decode import decode, inflate
from firsthand.sources.feeds.fields import Source
from firsthand.sources.feeds.jsonfeed import read_json
from firsthand.sources.feeds.rss import read_rss
from firsthand.sources.feeds.sitemap import read_sitemap
from firsthand.sources.feeds.xml import XmlDocument, read_xml

_OPENED = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_FEED_WORDS = re.compile(rb"<(?:\w+:)?(?:rss|rdf|feed|channel|item|entry)[\s>]", re.IGNORECASE)
_HTML = re.compile(
    rb"^\s*(?:<!--.{0,2000}?-->\s*)*(?:<\?xml[^>]{0,200}>\s*)?(?:<!doctype\s+html|<html[\s>]|<head[\s>])", re.I | re.S
)
_LOOK = "Give the address of the site instead, and its feeds will be looked for."


def parse_feed(body: bytes, *, url: str, content_type: str = "", limit: int = 5000) -> ParsedFeed:
    """The feed in an answer's body: RSS, RDF, Atom, JSON Feed or a news sitemap, however badly served.

    The bytes decide, not the content type, which only helps with the encoding. Entries keep the document's order;
    those beyond `limit` are counted in `dropped`. Addresses are absolute http(s), or missing; texts are plain and
    clean; `content_html` is hostile HTML.

    Args:
        body: the body, content coding undone. A gzip file is unpacked.
        url: where it came from, the base of relative addresses.
        content_type: the Content-Type header as sent.
        limit: the most entries to read.

    Raises:
        NotAFeed: no feed of any of these formats. The message says what it is instead, the remedy what to do.
    """
    body = inflate(body)
    _refuse_binary(body)
    if not body.strip():
        raise NotAFeed(
            "The answer is empty.", "Try again later, or open the address in a browser to see what it gives."
        )
    text = decode(body, content_type).lstrip()
    if text[:1] in (b"{", b"["):
        return read_json(text, url=url, limit=limit)
    document = read_xml(text)
    parsed = _read(document, url, limit) if document is not None else None
    if parsed is not None and any("<![CDATA[" in item.title for item in parsed.items):
        # A CDATA section that was never closed has run into the next: well-formed, but not what was meant.
        document = read_xml(text, mend=True)
        parsed = _read(document, url, limit) if document is not None else None
    if _is_doubtful(parsed, document, text):
        from firsthand.sources.feeds.fallback import read_soup  # feedparser: hardly any feed needs it

        other = read_soup(text, url=url, limit=limit)
        if other is not None and (parsed is None or _wealth(other) > _wealth(parsed)):
            return other
    if parsed is None:
        raise _refusal(text, document)
    return parsed


def _read(document: XmlDocument, url: str, limit: int) -> ParsedFeed | None:
    """The feed in a document, by the name of its root; None if that is no feed's."""
    source = Source(document, url, limit)
    name = document.names[document.root.tag].rpartition(":")[2]
    if name in ("rss", "rdf", "channel"):
        return read_rss(source)
    if name in ("feed", "entry"):
        return read_atom(source)
    if name == "urlset":
        return read_sitemap(source)
    return None


def _is_doubtful(parsed: ParsedFeed | None, document: XmlDocument | None, text: bytes) -> bool:
    """Whether feedparser should have a look: nothing was found, or less than the broken document seems to hold."""
    if parsed is None:
        return bool(_FEED_WORDS.search(text, 0, 65536)) and not _HTML.match(text)
    if document is None or not document.broken:
        return False
    held = len(parsed.items) + parsed.dropped
    return held == 0 or document.damaged or sum(1 for _ in _OPENED.finditer(text)) > held


def _wealth(feed: ParsedFeed) -> int:
    """How much a reading has found, to compare two readings of one document."""
    return sum(1 + bool(item.title) + bool(item.url) for item in feed.items)


def _refuse_binary(body: bytes) -> None:
    if what := begins_as(body):
        raise NotAFeed(f"This is {what}, not a feed.", _LOOK)


def _refusal(text: bytes, document: XmlDocument | None) -> NotAFeed:
    """What the text is instead of a feed, in words."""
    name = document.names[document.root.tag].rpartition(":")[2] if document is not None else ""
    if name == "sitemapindex":
        return NotAFeed(
            "This is an index of sitemaps, not a feed.", "Follow the news sitemap that it names, or the site's feed."
        )
    if name == "opml":
        return NotAFeed("This is an OPML list of feeds, not a feed.", "Import it with `firsthand import`.")
    if name in ("html", "body", "div", "head") or _HTML.match(text):
        return NotAFeed("This is a web page, not a feed.", _LOOK)
    if name:
        return NotAFeed(f"This XML document is no feed of a known format: its root is <{name[:40]}>.", _LOOK)
    return NotAFeed("This is neither XML nor JSON, and so no feed.", _LOOK)
