"""XML as feeds serve it: mended where it is broken, read without entities or network, its names made canonical."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.entities import html5

from lxml import etree

from firsthand.sources.feeds.decode import without_controls

# Namespaces by their address without scheme and closing "/" or "#", as both are often wrong. "" holds the words that
# all formats share; the prefixes are those that the specifications use.
_NAMESPACES = {
    **dict.fromkeys(
        (
            *("backend.userland.com/rss", "backend.userland.com/rss2", "backend.userland.com/rss091"),
            *("blogs.law.harvard.edu/tech/rss", "cyber.law.harvard.edu/rss/rss.html", "purl.org/rss/1.0"),
            *("my.netscape.com/rdf/simple/0.9", "channel.netscape.com/rdf/simple/0.9", "purl.org/net/rss1.1"),
            *("purl.org/rss/1.0/modules/rss091", "example.com/newformat", "example.com/necho", "purl.org/echo"),
            *("uri/of/echo/namespace", "purl.org/pie", "purl.org/atom/ns", "www.w3.org/2005/atom"),
            *("www.sitemaps.org/schemas/sitemap/0.9", "www.google.com/schemas/sitemap/0.84"),
        ),
        "",
    ),
    "www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/syndication": "sy",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "www.w3.org/1999/xhtml": "xhtml",
    "www.google.com/schemas/sitemap-news/0.9": "news",
    "www.google.com/schemas/sitemap-image/1.1": "sitemap-image",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
}
_PREFIXES = frozenset(_NAMESPACES.values()) | {"atom", "rss"}

_DOCTYPE = re.compile(
    rb"""<!DOCTYPE(?:[^\[<>"']|"[^"]*"|'[^']*')*+(?:\[(?>"[^"]*"|'[^']*'|[^\]"'])*+\]\s*)?>""", re.IGNORECASE
)
_DOCTYPE_START = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)
_PLAIN_START = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+<[A-Za-z]", re.DOTALL)
"""All that may stand before a root (XML 1.0, section 2.8) but a document type, and the root: then there is none."""
_DECLARED_ENTITY = re.compile(
    rb"""<!ENTITY\s+([A-Za-z_][\w.-]{0,60})\s+(?:"([^"&%<]{0,200})"|'([^'&%<]{0,200})')\s*>"""
)
_PROLOG = 64 * 1024
_EXPANSION = 2**20
"""Bytes that a document's own entities may add to it in all. Feeds declare a handful; bombs declare billions."""

_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|rdf|feed|channel|entry|urlset|sitemapindex|opml|html)\b", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"<\?xml\s", re.IGNORECASE)
_TROUBLE = re.compile(rb"&(?!#\d{1,9};|#x[0-9a-f]{1,8};)(?:([a-z_][\w.-]{0,60});)?|<(?![a-z/!?_])", re.IGNORECASE)
_PREDEFINED = {b"&amp;": b"&#38;", b"&lt;": b"&#60;", b"&gt;": b"&#62;", b"&quot;": b"&#34;", b"&apos;": b"&#39;"}
# References to characters that no text may have: controls, surrogates (libxml2 stores them as they are, and no text
# can be made of them), non-characters.
_UNSAFE_REFERENCE = re.compile(
    rb"&#(?:0{0,8}(?:12[789]|1[345]\d|55(?:29[6-9]|[3-9]\d\d)|56\d{3}|57(?:[0-2]\d\d|3[0-3]\d|34[0-3])|6553[45])"
    rb"|x0{0,8}(?:7f|[89][0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef]));",
    re.IGNORECASE,
)
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_CDATA_SECTION = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_OPENED_BY = re.compile(rb"<([A-Za-z][\w:.-]{0,60})(?:\s[^<>]*)?>\s*$")

_ERRORS = etree.ErrorTypes
_HARMLESS = frozenset((_ERRORS.NS_ERR_UNDEFINED_NAMESPACE, _ERRORS.WAR_NS_URI_RELATIVE, _ERRORS.ERR_DOCUMENT_END))
"""Errors that lose nothing: a prefix without declaration, something behind the end."""
_DAMAGING = frozenset(
    (
        _ERRORS.ERR_ATTRIBUTE_NOT_STARTED,
        _ERRORS.ERR_ATTRIBUTE_WITHOUT_VALUE,
        _ERRORS.ERR_ATTRIBUTE_NOT_FINISHED,
        _ERRORS.ERR_GT_REQUIRED,
    )
)
"""Errors after which libxml2 takes a tag for text or nothing, and with it whatever it opened."""

_XMLNS = re.compile(r'\sxmlns(?::[\w.-]+)?="[^"]*"')
_PREFIXED = re.compile(r"(</?)[A-Za-z][\w.-]*:(?=[A-Za-z])")
_EMPTY = re.compile(
    r"<(?!(?:br|hr|img|input|area|col|embed|source|track|wbr|param|link|meta)\b)([A-Za-z][\w.-]*)([^<>]*)/>"
)


class Names(dict[object, str]):
    """Canonical names of one document's tags: `"title"`, `"dc:creator"`, `"media:content"`; lower case throughout.

    Namespaces are known by their address; prefixes without a declaration by what they mean by custom. A default
    namespace of the root that nobody knows counts as none, and other unknown names begin with "?:". Comments and the
    like have the name "".
    """

    def __init__(self, root: etree._Element) -> None:
        super().__init__()
        self._default = root.nsmap.get(None) or ""

    def __missing__(self, tag: object) -> str:
        name = self[tag] = _canonical(tag, self._default) if isinstance(tag, str) else ""
        return name


@lru_cache(maxsize=2048)
def _canonical(tag: str, default: str) -> str:
    if tag.startswith("{"):
        namespace, _, local = tag[1:].partition("}")
        key = re.sub(r"^https?://|[/#]+$", "", namespace.strip().lower())
        prefix = _NAMESPACES.get(key, "" if namespace == default or key.startswith("backend.userland") else "?")
    else:
        prefix, _, local = tag.rpartition(":")
        prefix = prefix.lower()
        if prefix not in _PREFIXES:
            prefix = "?"
        if prefix in ("atom", "rss"):
            prefix = ""
    return f"{prefix}:{local.lower()}" if prefix else local.lower()


@dataclass(frozen=True, slots=True)
class XmlDocument:
    root: etree._Element
    names: Names
    broken: bool
    """The XML is not well-formed even once mended, so that parts of it may be missing."""
    damaged: bool
    """Its tags themselves are broken, so that parts of it are surely missing."""
    scoped: bool
    """It says `xml:base` or `xml:lang` somewhere; in most documents no element need be asked for these."""


def read_xml(body: bytes, *, mend: bool = False) -> XmlDocument | None:
    """The document in `body` (clean UTF-8), or None where there is no element at all.

    No entity is ever expanded by the parser and nothing is loaded: the document type goes before it sees the text
    (billion laughs, XXE). Its plain entities, HTML's, stray "&" and "<" and unclosed CDATA are mended in a second
    pass, for those documents only that fail the first, or where `mend` asks for it.
    """
    body, entities = _without_doctype(_from_root(body))
    body = _UNSAFE_REFERENCE.sub(_safe_character, body)
    root, errors = _parse(body) if not mend else (None, frozenset())
    if mend or entities or errors - _HARMLESS:
        root, errors = _parse(_mend(without_controls(body), entities))
    if root is None:
        return None
    broken, damaged = bool(errors - _HARMLESS), bool(errors & _DAMAGING)
    return XmlDocument(root, Names(root), broken=broken, damaged=damaged, scoped=b"xml:" in body)


def _from_root(body: bytes) -> bytes:
    """`body` without the junk before its XML declaration (comments, warnings of PHP), else before its root."""
    root = _ROOT.search(body, 0, _PROLOG)
    if root is None:
        return body
    start = root.start()
    declaration = _XML_DECLARATION.search(body, 0, start) or _DOCTYPE_START.search(body, 0, start)
    return body[declaration.start() if declaration else start :]


def _parse(body: bytes) -> tuple[etree._Element | None, frozenset[int]]:
    # huge_tree stays off: it would lift the limits on depth and on the size of one text that hostile input runs into.
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, frozenset(entry.type for entry in parser.error_log)


def _safe_character(match: re.Match[bytes]) -> bytes:
    """What a reference to a forbidden character meant: windows-1252's character, or nothing."""
    digits = match[0][2:-1].lower()
    code = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    return bytes([code]).decode("cp1252", "ignore").encode() if 0x80 <= code <= 0x9F else b""


def _without_doctype(body: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """`body` without its document type, and the plain texts that this declares as entities."""
    # To look for one through all that follows takes a twentieth of the time of all the rest.
    start = None if _PLAIN_START.match(body) else _DOCTYPE_START.search(body, 0, _PROLOG)
    if start is None:
        return body, {}
    match = _DOCTYPE.match(body, start.start())
    end = match.end() if match else body.find(b">", start.start()) + 1
    if end <= 0:
        return body[: start.start()], {}
    declaration = body[start.start() : end][:_PROLOG]
    entities = {name: first or second for name, first, second in _DECLARED_ENTITY.findall(declaration)}
    body = body[: start.start()] + body[end:]
    added = sum(len(value) * body.count(b"&" + name + b";") for name, value in list(entities.items())[:200])
    return body, (entities if added <= _EXPANSION and len(entities) <= 200 else {})


def _mend(body: bytes, entities: dict[bytes, bytes]) -> bytes:
    """`body` with all references by name resolved, and stray "&" and "<" escaped.

    XML's own five become numbers: after its first error libxml2 drops them (`xmlParseReference` returns where the
    document is not well-formed), and with them all escaped markup.
    """

    def replacement(match: re.Match[bytes]) -> bytes:
        name = match[1]
        if name is None:
            return b"&#%d;%b" % (match[0][0], match[0][1:])
        known = entities.get(name)
        if known is not None:
            return known
        characters = html5.get(f"{name.decode('ascii')};")
        return b"".join(b"&#%d;" % ord(one) for one in characters) if characters else b"&#38;" + match[0][1:]

    pieces = _CDATA_SECTION.split(_close_cdata(body).replace(b"&#X", b"&#x"))
    for index in range(0, len(pieces), 2):  # what stands between the sections
        for reference, number in _PREDEFINED.items():
            pieces[index] = pieces[index].replace(reference, number)
        pieces[index] = _TROUBLE.sub(replacement, pieces[index])
    return b"".join(pieces)


def _close_cdata(body: bytes) -> bytes:
    """`body` with each CDATA section closed that runs into the next one or to the end, at its element's end tag."""
    pieces: list[bytes] = []
    done = 0
    start = body.find(_CDATA)
    end = body.find(_CDATA_END)
    while start >= 0:
        if 0 <= end < start:
            end = body.find(_CDATA_END, start)
        following = body.find(_CDATA, start + 1)
        if end < 0 or 0 <= following < end:
            opened = _OPENED_BY.search(body, max(0, start - 300), start)
            limit = following if following >= 0 else len(body)
            close = body.find(b"</" + opened[1], start, limit) if opened else -1
            close = close if close >= 0 else limit
            pieces += [body[done:close], _CDATA_END]
            done = close
        start = following
    pieces.append(body[done:])
    return b"".join(pieces)


def text_of(element: etree._Element) -> str:
    """The element's text; where there is markup inside, that markup."""
    return (element.text or "") if len(element) == 0 else inner_markup(element)


def inner_markup(element: etree._Element) -> str:
    """What stands inside `element`, as HTML: namespaces and prefixes gone, empty elements closed by a tag."""
    pieces = [escape(element.text or "", quote=False)]
    pieces += [etree.tostring(child, encoding="unicode") for child in element]
    markup = "".join(pieces)
    if "xmlns" in markup:
        markup = _XMLNS.sub("", markup)
    return _EMPTY.sub(r"<\1\2></\1>", _PREFIXED.sub(r"\1", markup))


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its lower-case local name, whatever case and prefix it is written with; "" if missing."""
    value = element.get(name)
    if value is not None:
        return value
    keys = element.keys()  # not `items()`, whose time grows with the square of their number (140 s for 100,000)
    for key in map(str, keys) if keys else ():
        # Written otherwise: in capitals, or with a prefix ("p:name" undeclared, "{http://…}name" declared).
        if (":" in key or not key.islower()) and key.rpartition("}")[2].rpartition(":")[2].lower() == name:
            return element.get(key) or ""
    return ""
