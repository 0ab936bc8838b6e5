"""IPTC NewsML-G2 (newsItem, newsMessage) with NITF, XHTML or plain content, and bare NITF, to Articles.

https://iptc.org/std/NewsML-G2/ ; https://iptc.org/std/NITF/ . Namespaces are ignored: senders get them wrong.
"""

from __future__ import annotations

import re

import lxml.etree

from firsthand.extract.credits import agency_in, is_agency, is_person, split_names
from firsthand.extract.dateline import read_dateline
from firsthand.extract.dates import parse_stamp
from firsthand.extract.fragment import fragment_pieces
from firsthand.extract.language import detect_language, language_tag
from firsthand.extract.page import first_text, later
from firsthand.extract.piece import Piece, compose
from firsthand.extract.rights import rights_in
from firsthand.model.article import Article, BlockKind, Dateline, OutletName
from firsthand.model.errors import NotAnArticle
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url, domain_of
from firsthand.model.when import When

_Node = lxml.etree._Element
_MAX_ITEMS = 500


def read_newsml(data: bytes) -> tuple[Article, ...]:
    """The articles of a document, in its order; items without text (pictures, packages) are passed over.

    Raises NotAnArticle where it is no such document, or no item of it holds text.
    """
    parser = lxml.etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        raise NotAnArticle("The input is not XML, so it is no NewsML-G2 document.") from error
    if root is None:
        raise NotAnArticle("The input is not XML, so it is no NewsML-G2 document.")
    lxml.etree.strip_elements(root, lxml.etree.Entity, with_tail=False)  # left unresolved: nobody's words
    items = (
        [root] if _name(root) in {"newsItem", "nitf"} else _all(root, "newsItem")[:_MAX_ITEMS] or _all(root, "nitf")[:1]
    )
    if not items:
        raise NotAnArticle("The XML holds no NewsML-G2 news item.")
    articles = tuple(article for article in map(_article, items) if article is not None)
    if not articles:
        raise NotAnArticle("No item of the NewsML-G2 document holds text.")
    return articles


def _article(item: _Node) -> Article | None:
    headline = _first(item, "headline") or _first(item, "hl1") or _first(item, "title") or None
    pieces = _pieces(item, headline)
    body = compose(pieces)
    if not body.text.strip():
        return None
    published = (
        _stamp(item, "firstCreated", "contentCreated")
        or _norm(item, "date.issue")
        or _norm(item, "date.release")
        or _stamp(item, "versionCreated")
    )
    names = split_names(re.sub(r"\s+", " ", _first(item, "by") or _first(item, "byline")))
    provider = _named(item, "provider") or _first(item, "distributor") or _named(item, "infoSource")
    filed = read_dateline(first_text(pieces), published)
    agency = (
        next((name for name in names if is_agency(name)), None)
        or filed.agency
        or _credit(item)
        or (provider if is_agency(provider) else None)
    )
    url = next((found for link in _all(item, "link") if (found := absolute_url(None, link.get("href") or ""))), None)
    return Article(
        url=url,
        canonical_url=url,
        outlet=OutletName(provider or None, domain_of(url) or None if url else None),
        headline=headline,
        summary=_first(item, "description") or _first(item, "abstract") or None,
        byline=tuple(name for name in names if is_person(name, (provider,))),
        agency=agency,
        section=_sections(item),
        dateline=filed.dateline or _dateline(item),
        published=published,
        modified=later(_stamp(item, "versionCreated", "contentModified"), published),
        language=language_tag(_language(item)) or detect_language(body.text),
        rights=rights_in(_rights(item)),
        text=body.text,
        blocks=body.blocks,
        links=body.links,
    )


def _pieces(item: _Node, headline: str | None) -> list[Piece]:
    """The text, from XHTML, from NITF's body.content (whose `hl2` are subheads), or from plain inline data."""
    for name in ("body.content", "body"):
        for body in _all(item, name):
            html = lxml.etree.tostring(body, encoding="unicode", method="xml", with_tail=False)
            html = re.sub(r"<(/?)(?:\w+:)?hl2\b[^>]*>", r"<\1h2>", html)
            html = re.sub(r"<(/?)\w+:(\w+)", r"<\1\2", re.sub(r"\sxmlns(?::\w+)?=\"[^\"]*\"", "", html))
            html = re.sub(r"<([\w.]+)([^<>]*)/>", r"<\1\2></\1>", html).replace("body.content", "div")
            html = re.sub(r"<(/?)body\b", r"<\1div", html)
            pieces = [
                piece
                for piece in fragment_pieces(html, None, headline)
                if piece.kind is not BlockKind.IMAGE or piece.url
            ]
            if any(piece.text for piece in pieces):
                return pieces
    for data in _all(item, "inlineData"):
        parts = [one_line(part) for part in re.split(r"\n\s*\n", "".join(map(str, data.itertext())))]
        if any(parts):
            return [Piece(BlockKind.PARAGRAPH, part) for part in parts if part]
    return []


def _name(node: _Node) -> str:
    return node.tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1] if isinstance(node.tag, str) else ""


def _all(root: _Node, name: str) -> list[_Node]:
    return [node for node in root.iter() if _name(node) == name]


def _text(node: _Node) -> str:
    return one_line(" ".join("".join(map(str, node.itertext())).split()))


def _first(item: _Node, name: str) -> str:
    return next((text for node in _all(item, name) if (text := _text(node))), "")


def _named(item: _Node, name: str) -> str:
    """The name of an organization: its `name` child, its literal, or what stands after the scheme of its code."""
    for node in _all(item, name):
        named = (
            _first(node, "name") or node.get("literal") or (node.get("qcode") or "").rsplit(":", 1)[-1] or _text(node)
        )
        if named:
            return one_line(named)
    return ""


def _stamp(item: _Node, *names: str) -> When | None:
    return next((when for name in names if (when := parse_stamp(_first(item, name)))), None)


def _norm(item: _Node, name: str) -> When | None:
    """NITF keeps a date in `norm`, as 20210904T141900+0530."""
    for node in _all(item, name):
        norm = node.get("norm") or ""
        match = re.match(r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(.*)$", norm)
        text = f"{match[1]}-{match[2]}-{match[3]}T{match[4]}:{match[5]}:{match[6] or '00'}{match[7]}" if match else norm
        if when := parse_stamp(text):
            return when
    return None


def _language(item: _Node) -> str:
    for node in _all(item, "language"):
        if node.get("tag"):
            return node.get("tag") or ""
    return item.get("{http://www.w3.org/XML/1998/namespace}lang") or ""


def _credit(item: _Node) -> str | None:
    return next(
        (agency for name in ("creditline", "copyrightHolder") if (agency := agency_in(_first(item, name)))), None
    )


def _sections(item: _Node) -> tuple[str, ...]:
    """The first subject that has a name; NITF's `fixture` or `section` where there is one."""
    for name in ("subject", "genre"):
        for node in _all(item, name):
            if found := _first(node, "name"):
                return (found,)
    return ()


def _dateline(item: _Node) -> Dateline | None:
    """NewsML's `dateline`, which reads as in print, or NITF's location in it."""
    for node in _all(item, "dateline"):
        text = _first(node, "location") or _text(node)
        filed = read_dateline(f"{text} — ", None)
        place = filed.dateline.place if filed.dateline else re.split(r",\s(?=[A-Z][a-z]+\.?\s\d)|\s\(|\s[-–—]", text)[0]
        if place:
            return Dateline(one_line(place))
    return None


def _rights(item: _Node) -> list[str]:
    notices = [_first(item, name) for name in ("copyrightNotice", "usageTerms", "doc.copyright")]
    together = " ".join(filter(None, notices))
    holder = _first(item, "copyrightHolder")
    return [together, *(f"© {text}" for text in (*notices, holder) if text)]
