"""What the formats share: from the words of a feed to the fields of an `Item`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from lxml import etree

from firsthand.model.feed import Enclosure, Item
from firsthand.model.text import unescaped
from firsthand.model.urls import absolute_url
from firsthand.model.when import When
from firsthand.sources.feeds.dates import parse_date
from firsthand.sources.feeds.plain import beginning, excerpt, guessed_text, html_text, tidy
from firsthand.sources.feeds.xml import Names, XmlDocument, attribute, inner_markup

TITLE_LIMIT = 1_000
SUMMARY_LIMIT = 600
"""Characters of a summary. A description longer than this is an article, and goes to `content_html` whole."""
_SUMMARY_MARKUP = 1_000
"""Characters of HTML that a summary is taken from first."""
ID_LIMIT = 500
URL_LIMIT = 2_048
"""Characters of an address; the limit of sitemaps.org, and far beyond what outlets use."""
LIST_LIMIT = 50
"""Authors, categories or enclosures of one item."""

_T = TypeVar("_T")
Element = etree._Element
Fields = dict[str, list[Element]]

# An address that `absolute_url` would give back unchanged; most are such (measured: a tenth of the time).
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/(?:[A-Za-z0-9/%:@!$&'()*+,=~._-]*)(?:\?[A-Za-z0-9/%:@!$&'()*+,=~._-]+)?"
    r"(?:#[A-Za-z0-9/%:@!$&'()*+,=~._-]+)?"
)
_PLAIN_PATH = re.compile(
    r"(?:/[A-Za-z0-9%:@!$&'()*+,=~_-][A-Za-z0-9%:@!$&'()*+,=~._-]*)+/?(?:\?[A-Za-z0-9/%:@!$&'()*+,=~._-]+)?"
)
"""A path from the root that needs no resolving: no "//", no segment that begins with a dot."""
_MAIL_AND_NAME = re.compile(r"^<?[^\s<>()]+@[^\s<>()]+>?\s*\((?P<name>[^()]*)\)$")
_NAME_AND_MAIL = re.compile(r"^(?P<name>.*?)[\s,]*[<(]\s*(?:mailto:)?[^\s<>()]+@[^\s<>()]+\s*[>)]$")
_MAIL = re.compile(r"^(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+$")
_NOBODY = frozenset(("unknown", "admin", "administrator", "author", "none", "null", "n/a", "anonymous", "noreply"))
_IMAGE = re.compile(r"<img\s")
_SRC = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_PIXEL_SIZES = ('width="1"', 'height="1"', 'width="0"', 'height="0"', "width='1'", "height='1'", "width:1px")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*$")


@dataclass(frozen=True, slots=True)
class Source:
    """The document that is being read, and the address that its relative links stand against."""

    document: XmlDocument
    url: str
    limit: int

    @property
    def names(self) -> Names:
        return self.document.names

    def base(self, element: Element) -> str:
        """The base address in force at `element`: its `xml:base`, resolved against the feed's own address."""
        declared = element.base if self.document.scoped else None
        return (resolve(self.url, declared) if declared else None) or self.url

    def language(self, element: Element) -> str | None:
        """The `xml:lang` in force at `element`."""
        node: Element | None = element if self.document.scoped else None
        while node is not None:
            found = node.get("{http://www.w3.org/XML/1998/namespace}lang")
            if found is not None:
                return language(found)
            node = node.getparent()
        return None


def words(text: str, limit: int) -> str:
    """The words of a text that may be HTML (`guessed_text`), no more than `limit` characters."""
    return excerpt(guessed_text(text) if "<" in text or "&" in text else tidy(text), limit)


def fields_of(element: Element, names: Names) -> Fields:
    """The children of `element` by canonical name, in document order."""
    fields: Fields = {}
    for child in element:
        name = names[child.tag]
        if name in fields:
            fields[name].append(child)
        else:
            fields[name] = [child]
    return fields


def elements(source: Source, *names: str) -> Iterable[Element]:
    """All elements of the document with one of the canonical `names`, in order, wherever broken XML has put them."""
    canonical = source.names
    wanted = frozenset(names)
    spellings = [f"{{*}}{spelled}" for name in names for spelled in (name, name.upper(), name.capitalize())]
    return (found for found in source.document.root.iter(*spellings) if canonical[found.tag] in wanted)


def limited(found: Iterable[_T], limit: int) -> tuple[list[_T], int]:
    """The first `limit` of `found`, and how many more there are."""
    rest = iter(found)
    return list(islice(rest, limit)), sum(1 for _ in rest)


def first_text(fields: Fields, names: tuple[str, ...]) -> str:
    """The first text that is not blank under the first of `names` that has one."""
    for name in names:
        if name in fields:
            for element in fields[name]:
                text = (element.text or "") if len(element) == 0 else inner_markup(element)
                if text and not text.isspace():
                    return text
    return ""


def find_date(fields: Fields, names: tuple[str, ...]) -> When | None:
    """The last date that can be read under the first of `names` that has one: a second one corrects the first."""
    for name in names:
        if name in fields:
            for element in reversed(fields[name]):
                if (text := element.text) and (found := parse_date(text)) is not None:
                    return found
    return None


def resolve(base: str, url: str) -> str | None:
    """`url` as an absolute http(s) address, or None: `absolute_url`, with the common cases first and a limit last."""
    url = url.strip()
    if not url or len(url) > URL_LIMIT:
        return None
    if _PLAIN_URL.fullmatch(url):
        return url
    found = _root(base) + url if _PLAIN_PATH.fullmatch(url) and _root(base) else absolute_url(base, url)
    return found if found is not None and len(found) <= URL_LIMIT else None


@lru_cache(maxsize=64)
def _root(base: str) -> str:
    """Scheme and host of a base address; "" where it has none."""
    return (absolute_url(base, "/") or "").removesuffix("/")


def language(tag: str) -> str | None:
    """A language tag with hyphens and a lower-case primary subtag; None if `tag` is none."""
    if not tag:
        return None
    tag = tag.strip()
    if not _LANGUAGE.match(tag):
        return None
    primary, *rest = tag.replace("_", "-").split("-")
    return "-".join((primary.lower(), *rest))


def person(text: str) -> str:
    """A person's name without the mail address that RSS asks for; "" where there is only an address or nobody."""
    text = tidy(text)
    if "@" in text:
        match = _MAIL_AND_NAME.match(text) or _NAME_AND_MAIL.match(text)
        text = match["name"].strip(" ,\"'") if match else text
        if _MAIL.match(text):
            return ""
    return "" if text.lower() in _NOBODY else excerpt(text, 200)


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that are not empty, each once, in order, no more than `LIST_LIMIT`."""
    found = dict.fromkeys(texts)
    found.pop("", None)
    return tuple(found)[:LIST_LIMIT]


def item_id(given: str, url: str | None, says: str, when: When | None) -> str:
    """The id of an item, never empty and the same at every poll: the feed's own, else the link, else of its words.

    `says` is its title, or its summary where it has none. Very long ids are replaced by their digest, which a database
    can index.
    """
    chosen = (tidy(given) if given else "") or url or ""
    if not chosen:
        claim = f"{says}\n{when.isoformat() if when else ''}"
        return f"sha256:{hashlib.sha256(claim.encode()).hexdigest()}"
    if len(chosen) > ID_LIMIT:
        return f"sha256:{hashlib.sha256(chosen.encode()).hexdigest()}"
    return chosen


def without_shared_ids(items: Sequence[Item]) -> tuple[Item, ...]:
    """`items`, where an id that stands for several articles gives way to their links.

    Some feeds give every item the same guid (`0`, the site's address); an id that does not tell articles apart is
    none. An item that is repeated whole keeps its id.
    """
    links = {(item.id, item.url) for item in items}
    if len(links) == len({item.id for item in items}):
        return tuple(items)
    shared = {name for name, count in Counter(name for name, _ in links).items() if count > 1}
    return tuple(
        replace(item, id=item_id("", item.url, item.title or item.summary, item.published))
        if item.id in shared
        else item
        for item in items
    )


def summary_and_content(description: str, content: str) -> tuple[str, str | None]:
    """An item's summary (plain text) and its full content, of a description and a content in HTML ("" if none).

    The content stays hostile HTML. A description that is longer than a summary is content where there is none other,
    and an item with content alone is summed up by its beginning. Only beginnings are turned into text: most of the
    time went into whole articles.
    """
    summary = _opening_words(description)
    if not content and (len(summary) > SUMMARY_LIMIT or len(description) > 3 * _SUMMARY_MARKUP):
        content = description
    if not summary and content:
        summary = _opening_words(content)
    return excerpt(summary, SUMMARY_LIMIT), content or None


def _opening_words(markup: str) -> str:
    """The words that HTML begins with: more than fit into a summary, or all that there are in thrice as much."""
    found = html_text(beginning(markup, _SUMMARY_MARKUP))
    if len(found) <= SUMMARY_LIMIT and len(markup) > _SUMMARY_MARKUP:
        found = html_text(beginning(markup, 3 * _SUMMARY_MARKUP))
    return found


def picture_in(markup: str, base: str) -> str | None:
    """The first image that HTML shows, counting pixels aside."""
    for match in islice(_IMAGE.finditer(markup), 5):
        start = match.start()
        attributes = markup[start : markup.find(">", start, start + 5_000)]
        _, found, rest = attributes.partition(' src="')
        address = rest.partition('"')[0] if found else _source_of(attributes)
        if address and not _is_pixel(attributes):
            url = resolve(base, unescaped(address) if "&" in address else address)
            if url:
                return url
    return None


def _source_of(attributes: str) -> str:
    match = _SRC.search(attributes)
    return (match[1] or match[2] or match[3] or "") if match else ""


def _is_pixel(attributes: str) -> bool:
    if '"1"' in attributes or '"0"' in attributes or "'1'" in attributes or ":1px" in attributes:
        return any(size in attributes for size in _PIXEL_SIZES)
    return False


def enclosure(base: str, url: str, kind: str, length: str) -> Enclosure | None:
    """An enclosure with a usable address, its length where that is a number of bytes."""
    address = resolve(base, url)
    if address is None:
        return None
    size = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None
    return Enclosure(address, tidy(kind)[:100].lower(), size)


def media_picture(fields: Fields, source: Source, base: str) -> str | None:
    """The widest picture among Media RSS contents, else the first thumbnail, also inside groups and contents.

    https://www.rssboard.org/media-rss
    """
    contents = list(fields.get("media:content", ()))
    thumbnails = list(fields.get("media:thumbnail", ()))
    for outer in (*fields.get("media:group", ()), *contents):
        for child in outer:
            name = source.names[child.tag]
            if name == "media:content":
                contents.append(child)
            elif name == "media:thumbnail":
                thumbnails.append(child)
    best, width = None, -1
    for element in contents:
        kind = attribute(element, "medium").lower() or attribute(element, "type").lower()
        url = attribute(element, "url")
        if not (kind.startswith("image") or (not kind and re.search(r"\.(?:jpe?g|png|webp|gif|avif)\b", url, re.I))):
            continue
        given = attribute(element, "width")
        size = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
        if size > width and (found := resolve(base, url)):
            best, width = found, size
    if best:
        return best
    found_thumbnails = (resolve(base, attribute(element, "url") or (element.text or "")) for element in thumbnails)
    return next((found for found in found_thumbnails if found), None)
