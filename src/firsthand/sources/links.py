"""What a page says about feeds: its `<link rel=alternate>` tags, and links that look like feeds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from firsthand.model.feed import FeedFormat, FeedLink
from firsthand.model.text import one_line, unescaped
from firsthand.model.urls import absolute_url, domain_of, url_key

MAX_LINKS = 5000
"""Links of one page that are looked at."""

MAX_FEEDS = 100
"""Feeds of one page that are listed; some directories have thousands."""

_MAX_TITLE = 200

# RFC 4287, RFC 7946-style registrations and what is found in the wild. None: XML or JSON of any kind, a feed only
# if the address or title says so (WordPress links its REST API, and oEmbed, in the same way).
_TYPES: dict[str, FeedFormat | None] = {
    "application/rss+xml": FeedFormat.RSS,
    "application/x-rss+xml": FeedFormat.RSS,
    "text/rss+xml": FeedFormat.RSS,
    "application/rss": FeedFormat.RSS,
    "text/rss": FeedFormat.RSS,
    "application/rdf+xml": FeedFormat.RDF,
    "application/atom+xml": FeedFormat.ATOM,
    "application/x-atom+xml": FeedFormat.ATOM,
    "application/atom": FeedFormat.ATOM,
    "application/feed+json": FeedFormat.JSON,
    "application/json": None,
    "application/xml": None,
    "text/xml": None,
}
_FEED_ADDRESS = re.compile(
    r"""(?:^|[/._-])(?:rss2?|atom|rdf|feeds?)(?:$|[/._-]) | \.(?:rss|atom|rdf)$
    | (?:rss|feed|atom|news)[^/]*\.(?:xml|json)$ | (?:^|&)(?:feed|format|output|type|alt)=(?:rss2?|atom|feed)""",
    re.IGNORECASE | re.VERBOSE,
)
_FEED_WORDS = re.compile(r"\b(?:rss|atom|feeds?)\b", re.IGNORECASE)
_FEED_HOSTS = re.compile(r"^(?:feeds?|rss)\d*\.|(?:^|\.)(?:feedburner\.com|feedpress\.me|feedblitz\.com)$")
_NO_FEED = re.compile(
    r"^(?:www\.)?(?:facebook|twitter|x|instagram|linkedin|feedly|inoreader|netvibes|newsblur|theoldreader)\.com$"
)
_COMMENTS = re.compile(r"comment|kommentar|comentario|commenti|reacties", re.IGNORECASE)
_NARROW = re.compile(
    r"/(?:category|categories|tags?|authors?|topics?|sections?|kategorie|rubriques?)/|[?&](?:cat|tag|author)=",
    re.IGNORECASE,
)
_NOT_NEWS = re.compile(r"podcast|audio|video|events?\b|calendar|jobs?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What one page says about feeds."""

    title: str = ""
    """The site's name where the page gives it, else the page's title."""
    feeds: tuple[FeedLink, ...] = ()
    """Feeds that the page declares, best first."""
    hints: tuple[FeedLink, ...] = ()
    """Links that may be feeds or pages about feeds, best first; to be tried."""


def read_links(body: bytes, url: str, content_type: str = "") -> PageLinks:
    """The feeds that an HTML page declares or hints at; nothing if it cannot be read as HTML."""
    tree = _tree(body, content_type)
    if tree is None:
        return PageLinks()
    base = next((absolute_url(url, element.get("href", "")) for element in tree.iter("base")), None) or url
    title = _title(tree)
    feeds = [link for element in tree.iter("link") if (link := _declared(element, base, title)) is not None]
    hints: list[FeedLink] = []
    for number, element in enumerate(tree.iter("a")):
        if number >= MAX_LINKS:
            break
        if (link := _hinted(element, base, title)) is not None:
            hints.append(link)
    declared = best_first(feeds)
    known = {_key(link.url) for link in declared}
    return PageLinks(title, declared, tuple(link for link in best_first(hints, url) if _key(link.url) not in known))


def best_first(links: Iterable[FeedLink], page_url: str | None = None) -> tuple[FeedLink, ...]:
    """`links` without repetitions, the main feed before those of sections and comments; else in their order.

    Where `page_url` is given, links within its own site come before those to other hosts.
    """
    unique: dict[str, FeedLink] = {}
    for link in links:
        unique.setdefault(_key(link.url), link)
    site = domain_of(page_url) if page_url else ""

    def rank(link: FeedLink) -> tuple[bool, int]:
        elsewhere = bool(site) and not _same_site(site, domain_of(link.url))
        return elsewhere, _penalty(link)

    return tuple(sorted(unique.values(), key=rank)[:MAX_FEEDS])


def is_comments(link: FeedLink) -> bool:
    """Whether this is a feed of comments and not of articles."""
    return _COMMENTS.search(f"{link.title} {urlsplit(link.url).path}") is not None


def is_html(body: bytes) -> bool:
    """Whether this begins as an HTML page: then no feed parser need look at it, whatever its content type."""
    head = re.sub(rb"<!--.*?-->", b"", body[:4096], flags=re.DOTALL)
    first = re.search(rb"<([A-Za-z][A-Za-z0-9]*)", head)
    return first is not None and first[1].lower() in (b"html", b"head", b"body", b"title", b"meta", b"script", b"link")


def _tree(body: bytes, content_type: str) -> html.HtmlElement | None:
    if not body.strip(b" \t\r\n\0"):
        return None
    for encoding in (_charset(body, content_type), None):
        try:
            return html.document_fromstring(
                body, parser=html.HTMLParser(encoding=encoding, no_network=True, remove_comments=True, remove_pis=True)
            )
        except (LookupError, UnicodeError):  # an encoding that nobody knows: let libxml2 look at the page
            continue
        except (etree.LxmlError, ValueError):
            return None
    return None


def _charset(body: bytes, content_type: str) -> str | None:
    """The encoding to read links with: UTF-8 if it is that, else what the header says, else for libxml2 to find."""
    try:
        body.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        match = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", content_type, re.IGNORECASE)
        return match[1] if match else None


def _title(tree: html.HtmlElement) -> str:
    for element in tree.iter("meta"):
        if element.get("property", "").lower() == "og:site_name" and (name := one_line(element.get("content", ""))):
            return name[:_MAX_TITLE]
    for element in tree.iter("title"):
        return one_line("".join(element.itertext()))[:_MAX_TITLE]
    return ""


def _declared(element: html.HtmlElement, base: str, page_title: str) -> FeedLink | None:
    rel = element.get("rel", "").lower().split()
    if "alternate" not in rel and "feed" not in rel:
        return None
    kind = element.get("type", "").partition(";")[0].strip().lower()
    url = absolute_url(base, element.get("href", ""))
    if url is None or (kind not in _TYPES and not ("feed" in rel and not kind)):
        return None
    title = one_line(unescaped(element.get("title", "")))[:_MAX_TITLE]  # WordPress escapes twice
    feed_format = _TYPES.get(kind)
    if feed_format is None and not _looks_like_feed(url, title):
        return None
    return FeedLink(url.partition("#")[0], title or page_title, feed_format)


def _hinted(element: html.HtmlElement, base: str, page_title: str) -> FeedLink | None:
    url = absolute_url(base, element.get("href", ""))
    if url is None or _NO_FEED.match(urlsplit(url).hostname or ""):
        return None
    words = one_line("".join(element.itertext()))
    label = " ".join((words, element.get("title", ""), element.get("aria-label", "")))
    kind = element.get("type", "").partition(";")[0].strip().lower()
    typed = _TYPES.get(kind)
    says_so = len(label) < 60 and _FEED_WORDS.search(label) is not None
    if typed is None and not says_so and not _looks_like_feed(url, ""):
        return None
    title = words if words and _FEED_WORDS.fullmatch(words) is None else page_title
    return FeedLink(url.partition("#")[0], title[:_MAX_TITLE], typed)


def _looks_like_feed(url: str, title: str) -> bool:
    parts = urlsplit(url)
    return (
        _FEED_ADDRESS.search(parts.path) is not None
        or _FEED_ADDRESS.search(parts.query) is not None
        or _FEED_HOSTS.search(parts.hostname or "") is not None
        or (_FEED_WORDS.search(title) is not None and "wp-json" not in parts.path)
    )


def _penalty(link: FeedLink) -> int:
    text = f"{link.title} {link.url}"
    return 100 * is_comments(link) + 10 * bool(_NARROW.search(link.url)) + 5 * bool(_NOT_NEWS.search(text))


def _same_site(one: str, other: str) -> bool:
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _key(url: str) -> str:
    return url_key(url) or url
