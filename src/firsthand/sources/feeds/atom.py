"""Atom 1.0 and 0.3 to our model.

RFC 4287; https://web.archive.org/web/2006/http://www.mnot.net/drafts/draft-nottingham-atom-format-02.html (0.3)
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Sequence
from html import escape

from firsthand.model.feed import Enclosure, FeedFormat, Item, ParsedFeed
from firsthand.sources.feeds.fields import (
    LIST_LIMIT,
    TITLE_LIMIT,
    Element,
    Fields,
    Source,
    distinct,
    elements,
    enclosure,
    fields_of,
    find_date,
    first_text,
    item_id,
    limited,
    media_picture,
    person,
    picture_in,
    resolve,
    summary_and_content,
    without_shared_ids,
)
from firsthand.sources.feeds.pacehints import read_hints
from firsthand.sources.feeds.plain import excerpt, guessed_text, html_text, tidy
from firsthand.sources.feeds.xml import attribute, inner_markup, text_of

_ID = ("id", "guid")
_PUBLISHED = ("published", "issued", "created", "dc:date")
_UPDATED = ("updated", "modified", "dcterms:modified")
_MEDIA = frozenset(("media:content", "media:thumbnail", "media:group"))
_PAGE_TYPES = frozenset(("", "text/html", "html", "application/xhtml+xml", "xhtml"))


def read_atom(source: Source) -> ParsedFeed:
    """The feed and its entries. A bare `entry` is a feed of one (RFC 4287, section 2)."""
    root = source.document.root
    head = fields_of(root, source.names) if source.names[root.tag] == "feed" else {}
    base = source.base(root)
    links = head.get("link", ())
    authors = _people(head, source)
    rights = _words(head, "rights", "copyright") or None
    found, dropped = limited(elements(source, "entry"), source.limit)
    return ParsedFeed(
        format=FeedFormat.ATOM,
        title=excerpt(_words(head, "title"), TITLE_LIMIT),
        description=excerpt(_words(head, "subtitle", "tagline", "info"), TITLE_LIMIT),
        site_url=_page(links, source),
        self_url=_related(links, source, "self"),
        hub_url=_related(links, source, "hub"),
        language=source.language(root),
        image=next((url for name in ("logo", "icon") if (url := resolve(base, first_text(head, (name,))))), None),
        hints=read_hints(head, source.names),
        items=without_shared_ids([_entry(element, source, authors, rights) for element in found]),
        dropped=dropped,
    )


def _entry(element: Element, source: Source, feed_authors: tuple[str, ...], feed_rights: str | None) -> Item:
    fields = fields_of(element, source.names)
    base = source.base(element)
    given = first_text(fields, _ID).strip()
    links = fields.get("link", ())
    # An id may be any IRI (section 4.2.6); one that is an address is the only link of entries without links.
    url = _page(links, source) or (resolve(base, given) if given.startswith(("http://", "https://")) else None)
    has_media = not _MEDIA.isdisjoint(fields)
    title = excerpt(_words(fields, "title", "media:title"), TITLE_LIMIT)
    description = _markup(fields, "summary")
    if has_media:
        title = title or excerpt(guessed_text(_in_group(fields, source, "media:title")), TITLE_LIMIT)
        description = description or escape(_in_group(fields, source, "media:description"), quote=False)
    published = find_date(fields, _PUBLISHED)
    updated = find_date(fields, _UPDATED)
    summary, content = summary_and_content(description, _markup(fields, "content"))
    enclosures = _enclosures(links, source)
    image = media_picture(fields, source, base) if has_media else None
    image = image or next((e.url for e in enclosures if e.type.startswith("image/")), None)
    origin, origin_url, origin_authors = _origin(fields, source) if "source" in fields else (None, None, ())
    return Item(
        id=item_id(given, url, title or summary, published or updated),
        url=url,
        title=title,
        summary=summary,
        content_html=content,
        published=published,
        updated=updated,
        authors=_people(fields, source) or origin_authors or feed_authors,
        categories=_categories(fields),
        image=image or picture_in(content or description, base),
        enclosures=enclosures,
        language=source.language(element),
        rights=_words(fields, "rights", "copyright", "dc:rights") or feed_rights,
        source=origin,
        source_url=origin_url,
    )


def _words(fields: Fields, *names: str) -> str:
    """The plain text of the first text construct that has any."""
    for name in names:
        for element in fields.get(name, ()):
            read, text = _construct(element)
            if text and (words := read(text)):
                return words
    return ""


def _markup(fields: Fields, name: str) -> str:
    """The HTML of the first text construct under `name` that has any."""
    for element in fields.get(name, ()):
        read, text = _construct(element)
        if text and not text.isspace():
            return escape(text, quote=False) if read is tidy else text
    return ""


Reader = Callable[[str], str]
"""How the words of a text are read: `tidy` (it is plain), `html_text`, or `guessed_text` (it is said to be plain, but
escaped or encoded as HTML is, in Atom 0.3)."""


def _construct(element: Element) -> tuple[Reader, str]:
    """A text construct's text and how it is to be read (RFC 4287, section 3.1; Atom 0.3's `mode`).

    Plain text that holds elements, against the rules, is read as the HTML that it is.
    """
    kind = attribute(element, "type").lower().strip() or "text"
    if len(element):
        if kind in _HTML and len(element) == 1 and len(element[0]) == 0 and element[0].text:
            return html_text, element[0].text  # escaped HTML inside a needless div, as TypePad wrote it
        return html_text, _unwrapped(inner_markup(element).strip())
    text = element.text or ""
    plain = kind in _PLAIN
    mode = attribute(element, "mode").lower()
    if mode == "base64" or _is_binary(kind):
        return (guessed_text if plain else html_text), _decoded(text)
    if kind in _HTML or kind in _XHTML:
        return html_text, text
    return (guessed_text if mode == "escaped" else tidy), text


_PLAIN = frozenset(("text", "plain", "text/plain"))
_HTML = frozenset(("html", "text/html"))
_XHTML = frozenset(("xhtml", "application/xhtml+xml"))


def _is_binary(kind: str) -> bool:
    """Whether content of this media type is base64 (section 4.1.3.3)."""
    return "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _decoded(text: str) -> str:
    try:
        return b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return text if "<" in text else ""  # a picture, or markup under a wrong type


def _unwrapped(markup: str) -> str:
    """XHTML content without the one `div` that it must be in (section 3.1.1.3)."""
    if markup.startswith("<div>") and markup.endswith("</div>") and markup.count("<div") == 1:
        return markup[5:-6].strip()
    return markup


def _page(links: Sequence[Element], source: Source) -> str | None:
    """The page that an entry or a feed is about: the last HTML alternate, else any alternate, else a text link."""
    other = None
    for element in reversed(links):
        if (_relation(element) or "alternate") != "alternate":
            continue
        found = resolve(source.base(element), attribute(element, "href") or (element.text or ""))
        if found and attribute(element, "type").lower().strip() in _PAGE_TYPES:
            return found
        other = other or found
    return other


def _relation(element: Element) -> str:
    """What a link is to its entry; relations may be spelled out (section 4.2.7.2)."""
    return attribute(element, "rel").lower().strip().removeprefix("http://www.iana.org/assignments/relation/")


def _related(links: Sequence[Element], source: Source, relation: str) -> str | None:
    for element in links:
        if relation in _relation(element).split() and (
            found := resolve(source.base(element), attribute(element, "href"))
        ):
            return found
    return None


def _enclosures(links: Sequence[Element], source: Source) -> tuple[Enclosure, ...]:
    found = [element for element in links if _relation(element) == "enclosure"]
    made = [
        enclosure(source.base(e), attribute(e, "href"), attribute(e, "type"), attribute(e, "length")) for e in found
    ]
    return tuple(one for one in made if one)[:20]


def _people(fields: Fields, source: Source) -> tuple[str, ...]:
    found = (*fields.get("author", ()), *fields.get("dc:creator", ()))[:LIST_LIMIT]
    return distinct([person(guessed_text(_name_in(one, source) if len(one) else one.text or "")) for one in found])


def _name_in(element: Element, source: Source) -> str:
    return next(
        (text for child in element if source.names[child.tag] == "name" and (text := text_of(child).strip())), ""
    )


def _categories(fields: Fields) -> tuple[str, ...]:
    found = (*fields.get("category", ()), *fields.get("dc:subject", ()))[: 4 * LIST_LIMIT]
    texts = [attribute(element, "label") or attribute(element, "term") or element.text or "" for element in found]
    return distinct([excerpt(tidy(text), 200) for text in texts])


def _origin(fields: Fields, source: Source) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The feed that an entry was copied from: its title, page and authors (section 4.2.11)."""
    for element in fields.get("source", ()):
        inside = fields_of(element, source.names)
        title = excerpt(_words(inside, "title"), 300) or None
        return title, _page(inside.get("link", ()), source), _people(inside, source)
    return None, None, ()


def _in_group(fields: Fields, source: Source, name: str) -> str:
    """Media RSS words, in the entry or in its group (as YouTube writes them)."""
    if found := first_text(fields, (name,)):
        return found
    for outer in fields.get("media:group", ()):
        for child in outer:
            if source.names[child.tag] == name and (text := text_of(child)):
                return text
    return ""
