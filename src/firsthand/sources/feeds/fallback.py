"""feedparser's reading of what our own parser makes nothing of: tag soup, lost namespaces, CDF."""

from __future__ import annotations

import warnings
from typing import Any

import feedparser

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
from firsthand.sources.feeds.plain import excerpt, guessed_text, html_text, tidy

SIZE_LIMIT = 2**18
"""Bytes that feedparser is given: it takes up to two seconds for as many hostile ones, and its time grows faster."""


def read_soup(body: bytes, *, url: str, limit: int) -> ParsedFeed | None:
    """What feedparser finds in `body` (clean UTF-8); None where it finds no entry, or `body` is too large for it."""
    if len(body) > SIZE_LIMIT:
        return None
    with warnings.catch_warnings():
        # feedparser warns about its own old names each time that one is asked for.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            found: Any = feedparser.parse(
                body,
                response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
                sanitize_html=False,
                resolve_relative_uris=False,
            )
        except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
            return None  # Its loose parser fails on some soups; then there is no feed to be found.
        entries = found.entries
        if not entries:
            return None
        head = found.feed
        return ParsedFeed(
            format=_format(found.get("version") or ""),
            title=excerpt(_words(head, "title"), TITLE_LIMIT),
            description=excerpt(_words(head, "subtitle"), TITLE_LIMIT),
            site_url=resolve(url, _text(head, "link")),
            self_url=_related(head, url, "self"),
            hub_url=_related(head, url, "hub"),
            language=language(_text(head, "language")),
            image=resolve(url, _text(head.get("image") or {}, "href")),
            items=without_shared_ids([_item(entry, url) for entry in entries[:limit]]),
            dropped=max(0, len(entries) - limit),
        )


def _item(entry: Any, base: str) -> Item:
    title = excerpt(_words(entry, "title"), TITLE_LIMIT)
    url = resolve(base, _text(entry, "link"))
    published = parse_date(_text(entry, "published") or _text(entry, "updated"))
    markup = _text(entry, "summary")
    contents = [_text(content, "value") for content in entry.get("content") or ()]
    summary, content_html = summary_and_content(markup, next(filter(None, contents), ""))
    enclosures = _enclosures(entry, base)
    return Item(
        id=item_id(_text(entry, "id"), url, title or summary, published),
        url=url,
        title=title,
        summary=summary,
        content_html=content_html,
        published=published,
        updated=parse_date(_text(entry, "updated")) if "updated" in entry else None,
        authors=_authors(entry),
        categories=distinct(tidy(_text(tag, "term")) for tag in entry.get("tags") or ()),
        image=picture_in(content_html or markup, base),
        enclosures=enclosures,
        rights=_words(entry, "rights") or None,
    )


def _authors(entry: Any) -> tuple[str, ...]:
    """Several names as feedparser split them, a single one as it stands: its own search for a mail address is crude."""
    names = [_text(author, "name") for author in entry.get("authors") or ()]
    return distinct(person(name) for name in (names if len(names) > 1 else [_text(entry, "author")]))


def _format(version: str) -> FeedFormat:
    if version.startswith("atom"):
        return FeedFormat.ATOM
    return FeedFormat.RDF if version in ("rss10", "rss090") else FeedFormat.RSS


def _words(holder: Any, name: str) -> str:
    """Plain words; feedparser says under `…_detail` what kind of text it took it for."""
    text = _text(holder, name)
    kind = _text(holder.get(f"{name}_detail") or {}, "type")
    if kind in ("text/html", "application/xhtml+xml"):
        return html_text(text)
    return tidy(text) if kind == "text/plain" and "&" not in text else guessed_text(text)


def _related(holder: Any, base: str, relation: str) -> str | None:
    links = (link for link in holder.get("links") or () if _text(link, "rel") == relation)
    return next((found for link in links if (found := resolve(base, _text(link, "href")))), None)


def _enclosures(entry: Any, base: str) -> tuple[Enclosure, ...]:
    links = [link for link in entry.get("links") or () if _text(link, "rel") == "enclosure"]
    made = (enclosure(base, _text(e, "href"), _text(e, "type"), _text(e, "length")) for e in links[:20])
    return tuple(one for one in made if one)


def _text(holder: Any, name: str) -> str:
    value = holder.get(name)
    return clean(value) if isinstance(value, str) else ""
