"""RSS 0.90 to 2.0 and RDF (RSS 1.0, Netscape), with the modules that news uses, to our model.

https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec
"""

from __future__ import annotations

from firsthand.model.feed import Enclosure, FeedFormat, Item, ParsedFeed
from firsthand.model.when import When
from firsthand.sources.feeds.dates import parse_date
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
    first_text,
    item_id,
    language,
    limited,
    media_picture,
    person,
    picture_in,
    resolve,
    summary_and_content,
    without_shared_ids,
    words,
)
from firsthand.sources.feeds.pacehints import read_hints
from firsthand.sources.feeds.plain import excerpt, guessed_text, html_text, tidy
from firsthand.sources.feeds.xml import Names, attribute, inner_markup

_HTML_TYPES = frozenset(("", "text/html", "html", "application/xhtml+xml", "xhtml"))
_SAID = {
    "title": ("title", "media:title", "dc:title"),
    "guid": ("guid", "id"),
    "summary": (
        *("description", "summary", "media:description", "itunes:summary", "abstract", "dc:description"),
        *("subtitle", "tagline", "itunes:subtitle"),
    ),
    "content": ("content:encoded", "xhtml:body", "body", "fullitem", "content"),
    "language": ("dc:language", "language"),
    "rights": ("dc:rights", "rights", "copyright", "media:copyright"),
}
"""What an item says in a text, and the elements that say it, the best first."""
_DATED = {
    "published": ("pubdate", "published", "issued", "dcterms:issued", "dc:date", "dcterms:created", "created"),
    "updated": ("updated", "modified", "dcterms:modified", "lastbuilddate"),
}
_TEXTS = {name: (field, rank) for field, names in _SAID.items() for rank, name in enumerate(names)}
_TEXTS["summary"] = _TEXTS["description"]
_DATES = {name: (field, rank) for field, names in _DATED.items() for rank, name in enumerate(names)}

_AUTHOR = ("dc:creator", "author", "dc:author", "itunes:author", "managingeditor")
_CATEGORY = ("category", "dc:subject", "media:category")
_MEDIA = ("media:content", "media:thumbnail", "media:group")
_IMAGE = ("itunes:image", "image", "thumb", "thumbnail")
_PARTS = frozenset((*_AUTHOR, *_CATEGORY, *_MEDIA, *_IMAGE, "link", "enclosure", "source"))
"""What an item says more than once, or in attributes and elements."""
_HAS_AUTHOR, _HAS_CATEGORY, _HAS_MEDIA = frozenset(_AUTHOR), frozenset(_CATEGORY), frozenset(_MEDIA)
_HAS_IMAGE = frozenset(_IMAGE)
_ADDRESS_STARTS = ("http://", "https://", "/")

Texts = dict[str, str]
Dates = dict[str, When]


def read_rss(source: Source) -> ParsedFeed:
    """The channel and its items. Items are taken from wherever they stand: RDF puts them beside the channel."""
    root = source.document.root
    channel = next(iter(elements(source, "channel")), root)
    head = fields_of(channel, source.names)
    beside = fields_of(root, source.names) if channel is not root else head
    found, dropped = limited(elements(source, "item", "entry"), source.limit)
    rights = tidy(first_text(head, _SAID["rights"])) or None
    items = [_item(element, source, rights) for element in found]
    tongue = language(first_text(head, ("language", "dc:language"))) or source.language(channel)
    base = source.base(channel)
    return ParsedFeed(
        format=FeedFormat.RDF if source.names[root.tag].rpartition(":")[2] == "rdf" else FeedFormat.RSS,
        title=words(first_text(head, _SAID["title"]), TITLE_LIMIT),
        description=excerpt(html_text(first_text(head, _SAID["summary"])), TITLE_LIMIT),
        site_url=_link(head.get("link", []), base),
        self_url=_related(head, base, "self"),
        hub_url=_related(head, base, "hub"),
        language=tongue,
        image=_channel_image(head, beside, source, base),
        hints=read_hints(head, source.names),
        items=without_shared_ids(items),
        dropped=dropped,
    )


def _item(element: Element, source: Source, rights: str | None) -> Item:
    """One item. To look for what is not there took most of the time: rarer fields are asked for only if present."""
    texts, dates, parts = _split(element, source.names)
    base = source.base(element)
    attributes = bool(element.keys())
    title = words(texts["title"], TITLE_LIMIT) if "title" in texts else ""
    url = _link(parts["link"], base) if "link" in parts else None
    url = url or _permalink(element, texts, base, source) or (_href(element, base) if attributes else None)
    published = dates.get("published")
    updated = dates.get("updated") or (parse_date(attribute(element, "lastmod")) if attributes else None)
    has_media = not _HAS_MEDIA.isdisjoint(parts)
    markup = texts.get("summary") or (_in_groups(parts, source, "media:description") if has_media else "")
    summary, content = summary_and_content(markup, texts.get("content") or texts.get("second", ""))
    enclosures = _enclosures(parts["enclosure"], base) if "enclosure" in parts else ()
    image = media_picture(parts, source, base) if has_media else None
    if image is None and enclosures:
        image = next((made.url for made in enclosures if made.type.startswith("image/")), None)
    if image is None and not _HAS_IMAGE.isdisjoint(parts):
        image = _item_image(parts, source, base)
    credit = _source(parts["source"], base) if "source" in parts else (None, None)
    guid = texts.get("guid") or (attribute(element, "about") if attributes else "")
    return Item(
        id=item_id(guid, url, title or summary, published),
        url=url,
        title=title,
        summary=summary,
        content_html=content,
        published=published,
        updated=updated,
        authors=() if _HAS_AUTHOR.isdisjoint(parts) else _authors(parts),
        categories=() if _HAS_CATEGORY.isdisjoint(parts) else _categories(parts),
        image=image or picture_in(content or markup, base),
        enclosures=enclosures,
        language=(language(texts["language"]) if "language" in texts else None) or source.language(element),
        rights=(tidy(texts["rights"]) if "rights" in texts else "") or rights,
        source=credit[0],
        source_url=credit[1],
    )


def _split(element: Element, names: Names) -> tuple[Texts, Dates, Fields]:
    """An item's texts and dates by field, and its other parts by canonical name, in one pass over its children.

    Of elements that say the same the best stands; of a repeated text the first, of a repeated date the last, as a
    correction. Where there are several descriptions and summaries, the first in the document is the summary, and the
    next is kept as "second".
    """
    texts: Texts = {}
    dates: Dates = {}
    parts: Fields = {}
    ranks: dict[str, int] = {}
    for child in element:
        name = names[child.tag]
        if name in _TEXTS:
            text = child.text if len(child) == 0 else inner_markup(child)
            if not text or text.isspace():
                continue
            field, rank = _TEXTS[name]
            if field not in ranks or rank < ranks[field]:
                texts[field], ranks[field] = text, rank
            elif name in ("summary", "description"):
                texts.setdefault("second", text)
        elif name in _DATES:
            field, rank = _DATES[name]
            if (field not in ranks or rank <= ranks[field]) and (when := parse_date(child.text or "")):
                dates[field], ranks[field] = when, rank
        elif name in _PARTS:
            if name in parts:
                parts[name].append(child)
            else:
                parts[name] = [child]
    return texts, dates, parts


def _enclosures(found: list[Element], base: str) -> tuple[Enclosure, ...]:
    made = [
        enclosure(base, attribute(one, "url"), attribute(one, "type"), attribute(one, "length"))
        for one in found[:LIST_LIMIT]
    ]
    return tuple(one for one in made if one)


def _link(links: list[Element], base: str) -> str | None:
    """The last usable `link`: RSS writes the address as text, Atom's element in RSS as `href`."""
    for element in reversed(links):
        address = element.text
        if not address or address.isspace():
            address = attribute(element, "href")
            if (attribute(element, "rel") or "alternate").lower() != "alternate":
                continue
            if attribute(element, "type").lower() not in _HTML_TYPES:
                continue
        # Some feeds escape an address twice; no address has "&amp;" in it.
        if found := resolve(base, address.replace("&amp;", "&")):
            return found
    return None


def _related(fields: Fields, base: str, relation: str) -> str | None:
    for element in fields.get("link", ()):
        if relation in attribute(element, "rel").lower().split() and (
            found := resolve(base, attribute(element, "href"))
        ):
            return found
    return None


def _permalink(element: Element, texts: Texts, base: str, source: Source) -> str | None:
    """A guid is the link where there is none, unless it says `isPermaLink="false"`, and if it looks like an address."""
    guid = texts.get("guid", "").strip()
    if not guid.lower().startswith(_ADDRESS_STARTS):
        return None
    for child in element:
        if source.names[child.tag] == "guid" and attribute(child, "ispermalink").lower() == "false":
            return None
    return resolve(base, guid)


def _href(element: Element, base: str) -> str | None:
    """CDF's `href`, RDF's `rdf:about`."""
    given = attribute(element, "href") or attribute(element, "about")
    return resolve(base, given) if given.lower().startswith(_ADDRESS_STARTS) else None


def _authors(parts: Fields) -> tuple[str, ...]:
    for name in _AUTHOR:
        if name in parts and (named := distinct([person(_name_in(one)) for one in parts[name][:LIST_LIMIT]])):
            return named
    return ()


def _name_in(element: Element) -> str:
    """A person's name: the text, or Atom's `name` inside."""
    for child in element:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2].lower() == "name":
            return child.text or ""
    return guessed_text(element.text or "")


def _categories(parts: Fields) -> tuple[str, ...]:
    found = [one for name in ("category", "dc:subject") if name in parts for one in parts[name][: 2 * LIST_LIMIT]]
    texts = [one.text or attribute(one, "label") or attribute(one, "term") for one in found]
    if "media:category" in parts:
        texts += [attribute(one, "label") or one.text or "" for one in parts["media:category"][:LIST_LIMIT]]
    return distinct([words(text, 200) for text in texts])


def _source(found: list[Element], base: str) -> tuple[str | None, str | None]:
    """RSS `source`: the feed that an item comes from. Atom's element of that name has its own children."""
    for element in found:
        title = words(element.text or "", 300)
        url = resolve(base, attribute(element, "url"))
        if title or url:
            return title or None, url
    return None, None


def _in_groups(fields: Fields, source: Source, name: str) -> str:
    for outer in (*fields.get("media:group", ()), *fields.get("media:content", ())):
        if found := first_text(fields_of(outer, source.names), (name,)):
            return found
    return ""


def _item_image(fields: Fields, source: Source, base: str) -> str | None:
    for name in ("itunes:image", "image", "thumb", "thumbnail"):
        for element in fields.get(name, ()):
            inner = fields_of(element, source.names)
            given = (
                attribute(element, "href")
                or attribute(element, "url")
                or first_text(inner, ("url",))
                or element.text
                or ""
            )
            if found := resolve(base, given):
                return found
    return None


def _channel_image(head: Fields, beside: Fields, source: Source, base: str) -> str | None:
    """`image/url` of RSS (beside the channel in RDF), Atom's icon and logo, iTunes' image."""
    for name in ("image", "logo", "icon", "itunes:image"):
        for element in (*head.get(name, ()), *beside.get(name, ())):
            inner = fields_of(element, source.names)
            given = first_text(inner, ("url",)) or attribute(element, "href") or (element.text or "")
            if found := resolve(base, given):
                return found
    return None
