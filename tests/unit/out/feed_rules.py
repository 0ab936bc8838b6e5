"""What the W3C's feed validator and the JSON Feed spec hold against a feed, as far as one of ours could break it.

Each complaint bears the validator's own name for it where it has one (feedvalidator.org, "docs/error" and "docs/warning").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ITEM = {"id", "url", "title", "content_html", "content_text", "summary", "date_published", "date_modified", "authors",
         "tags", "language"}  # fmt: skip
_VOID = {"br", "hr", "img", "wbr"}
_EARLY = datetime(1970, 1, 1, tzinfo=UTC)


def complaints(form: str, body: bytes, address: str, media_type: str) -> list[str]:
    """All that is wrong with a feed that was served under an address."""
    rules = {"atom": _atom, "rss": _rss, "json": _json}
    kind = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}[form]
    found = list(rules[form](body, address))
    if media_type.replace(" ", "") != f"{kind};charset=utf-8":
        found.append(f"UnexpectedContentType: {media_type}")
    return found


def _atom(body: bytes, address: str) -> Iterator[str]:
    root = fromstring(body)
    if [one.get("href") for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"] != [address]:
        yield "SelfDoesntMatchLocation"
    if root.find(f"{ATOM}author/{ATOM}name") is None:
        yield "MissingAuthor"
    entries = root.findall(f"{ATOM}entry")
    for one in (root, *entries):
        yield from _once(one, *(ATOM + name for name in ("id", "title", "updated")))
        yield from _at_most_once(
            one, *(ATOM + name for name in ("published", "summary", "content", "rights", "subtitle"))
        )
        for name in ("updated", "published"):
            if (text := one.findtext(ATOM + name)) is not None:
                yield from _time(text, _RFC3339, datetime.fromisoformat)
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in one.findall(f"{ATOM}link")]
        if len(links) != len(set(links)):
            yield "DuplicateAltLink"
        for link in one.findall(f"{ATOM}link"):
            yield from _address(link.get("href"))
        if any(not (term.get("term") or "").strip() for term in one.findall(f"{ATOM}category")):
            yield "MissingAttribute: term"
        yield from _tag(one.get(LANG))
        yield from _html(one.find(f"{ATOM}content"))
    yield from _different([one.findtext(f"{ATOM}id") for one in entries])
    newest = max((one.findtext(f"{ATOM}updated") or "" for one in entries), default=None)
    if newest and root.findtext(f"{ATOM}updated") != newest:
        yield "the feed is not as new as its newest entry"


def _rss(body: bytes, address: str) -> Iterator[str]:
    root = fromstring(body)
    channel = root.find("channel")
    if root.get("version") != "2.0" or channel is None:
        yield "UndefinedElement"
        return
    yield from _once(channel, "title", "link", "description")
    if [one.get("href") for one in channel.findall(f"{ATOM}link") if one.get("rel") == "self"] != [address]:
        yield "MissingAtomSelfLink"
    if (text := channel.findtext("lastBuildDate")) is not None:
        yield from _time(text, _RFC822, parsedate_to_datetime)
    items = channel.findall("item")
    for one in items:
        yield from _once(one, "title", "link", "guid", "pubDate", "description")
        yield from _at_most_once(one, CONTENT, f"{DC}rights", f"{DC}language")
        yield from _address(one.findtext("link"))
        yield from _time(one.findtext("pubDate") or "", _RFC822, parsedate_to_datetime)
        if one.find("guid").get("isPermaLink") != "false":  # type: ignore[union-attr]
            yield "InvalidHttpGUID"
        if one.find("author") is not None:
            yield "InvalidContact"
        if any(not (name.text or "").strip() for name in (*one.findall(f"{DC}creator"), *one.findall("category"))):
            yield "NotBlank"
        yield from _tag(one.findtext(f"{DC}language"))
        yield from _html(one.find("description"))
        yield from _html(one.find(CONTENT))
    yield from _different([one.findtext("guid") for one in items])


def _json(body: bytes, address: str) -> Iterator[str]:
    document = json.loads(body)
    if document["version"] != "https://jsonfeed.org/version/1.1" or not document["title"]:
        yield "version, title: required"
    if document["feed_url"] != address:
        yield "feed_url: is where the feed is"
    yield from _address(document["home_page_url"])
    for one in document["items"]:
        if not isinstance(one["id"], str) or not one["id"]:
            yield "id: required, a string"
        if ("content_html" in one) == ("content_text" in one):
            yield "content_html, content_text: one of them is required"
        yield from _address(one["url"])
        for name in ("date_published", "date_modified"):
            yield from _time(one[name], _RFC3339, datetime.fromisoformat)
        if one.get("authors") == [] or any(not author.get("name") for author in one.get("authors", ())):
            yield "authors: each has a name"
        if any(not isinstance(tag, str) or not tag.strip() for tag in one.get("tags", ())):
            yield "tags: strings"
        yield from _tag(one.get("language"))
        if unknown := {name for name in one if name not in _ITEM and not name.startswith("_")}:
            yield f"not in the spec: {unknown}"
        if any(not isinstance(value, dict) for name, value in one.items() if name.startswith("_")):
            yield "an extension is an object"
        yield from _markup(one.get("content_html", ""))
    yield from _different([one["id"] for one in document["items"]])


def _once(one: Element, *names: str) -> Iterator[str]:
    for name in names:
        if len(one.findall(name)) != 1:
            yield f"MissingElement or DuplicateElement: {name}"
        elif not (one.findtext(name) or "").strip() and name != "description":
            yield f"NotBlank: {name}"


def _at_most_once(one: Element, *names: str) -> Iterator[str]:
    yield from (f"DuplicateElement: {name}" for name in names if len(one.findall(name)) > 1)


def _address(text: str | None) -> Iterator[str]:
    parts = urlsplit(text or "")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s<>\"{}|\\^`]", text or ""):
        yield f"InvalidFullLink: {text}"


def _time(text: str, shape: re.Pattern[str], read: object) -> Iterator[str]:
    if shape.fullmatch(text) is None:
        yield f"InvalidRFC2822Date or InvalidRFC3339Date: {text}"
    elif not _EARLY <= read(text) <= datetime.now(UTC) + timedelta(days=1):  # type: ignore[operator]
        yield f"ImplausibleDate: {text}"


def _tag(text: str | None) -> Iterator[str]:
    if text is not None and _TAG.fullmatch(text) is None:
        yield f"InvalidLanguage: {text}"


def _different(ids: list[str | None]) -> Iterator[str]:
    if len(ids) != len(set(ids)):
        yield "DuplicateEntries"


def _html(one: Element | None) -> Iterator[str]:
    if one is not None and (one.tag != f"{ATOM}content" or one.get("type") == "html"):
        yield from _markup(one.text or "")


def _markup(html: str) -> Iterator[str]:
    reader = _Markup()
    reader.feed(html)
    reader.close()
    yield from reader.found
    if reader.open:
        yield f"NotHtml: {reader.open} left open"


class _Markup(HTMLParser):
    """What may not stand in HTML that goes out."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "object", "embed", "iframe", "meta", "link", "form"}:
            self.found.append(f"SecurityRisk: {tag}")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"SecurityRiskAttr: {name}")
            if name in ("href", "src") and not re.match(r"https?://|mailto:", value or ""):
                self.found.append(f"ContainsRelRef: {value}")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"NotHtml: </{tag}>")
