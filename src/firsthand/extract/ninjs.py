"""IPTC ninjs (JSON, versions 1.x and 2.x) to an Article: how agencies hand over stories today.

https://iptc.org/std/ninjs/ ; 2.0 moved headlines, bodies and subjects from properties named by type into lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from firsthand.extract.charset import decode
from firsthand.extract.credits import is_agency, is_person, split_names
from firsthand.extract.dateline import read_dateline
from firsthand.extract.dates import parse_stamp
from firsthand.extract.fragment import fragment_pieces
from firsthand.extract.language import detect_language, language_tag
from firsthand.extract.page import first_text, later
from firsthand.extract.piece import Piece, compose
from firsthand.extract.rights import rights_in
from firsthand.extract.structured import listed, plain
from firsthand.model.article import Article, BlockKind, Dateline, OutletName
from firsthand.model.errors import NotAnArticle
from firsthand.model.text import clean, one_line
from firsthand.model.urls import absolute_url, domain_of

Node = Mapping[str, Any]


def read_ninjs(data: bytes) -> Article:
    """The article in a ninjs document; of a list of them, the first. Raises NotAnArticle where it holds no text."""
    item = _load(data)
    headline = _headline(item)
    address = absolute_url(None, _text(item, "uri")) if _text(item, "uri").startswith("http") else None
    address = absolute_url(None, _text(item, "url") or _text(item, "canonical")) or address
    pieces = _pieces(item, address, headline)
    body = compose(pieces)
    if not body.text.strip():
        raise NotAnArticle("The ninjs document holds no text.")
    published = next(
        (
            when
            for name in ("firstcreated", "firstCreated", "versioncreated", "versionCreated")
            if (when := parse_stamp(_text(item, name)))
        ),
        None,
    )
    names = split_names(_text(item, "byline") or _text(item, "by"))
    filed = read_dateline(first_text(pieces), published)
    located = _text(item, "located")
    dateline = filed.dateline or (Dateline(located) if located else None)
    provider = _provider(item)
    rights = [_text(item, name) for name in ("copyrightnotice", "copyrightNotice", "usageterms", "usageTerms")]
    return Article(
        url=address,
        canonical_url=address,
        outlet=OutletName(provider or None, domain_of(address) or None if address else None),
        headline=headline,
        summary=_text(item, "description_text")
        or _text(item, "description")
        or _first(item, "descriptions", "value")
        or None,
        byline=tuple(name for name in names if is_person(name, (provider,))),
        agency=next((name for name in names if is_agency(name)), None)
        or filed.agency
        or (provider if is_agency(provider) else None),
        section=_subjects(item),
        dateline=dateline,
        published=published,
        modified=later(parse_stamp(_text(item, "versioncreated") or _text(item, "versionCreated")), published),
        language=language_tag(_text(item, "language")) or detect_language(body.text),
        rights=rights_in([" ".join(filter(None, rights))]) or rights_in(f"© {text}" for text in rights if text),
        text=body.text,
        blocks=body.blocks,
        links=body.links,
        image=_image(item),
    )


def _load(data: bytes) -> Node:
    try:
        value = json.loads(decode(data), strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAnArticle("The input is not JSON, so it is no ninjs document.") from error
    for item in listed(value):
        if isinstance(item, dict):
            return item
    raise NotAnArticle("The JSON document is no ninjs object.")


def _text(item: Node, name: str) -> str:
    value = item.get(name)
    return plain(value) if isinstance(value, str) else ""


def _first(item: Node, name: str, key: str) -> str:
    """The first text under `key` in a list of objects (ninjs 2)."""
    for entry in listed(item.get(name)):
        if isinstance(entry, dict) and isinstance(entry.get(key), str):
            return plain(entry[key])
    return ""


def _headline(item: Node) -> str | None:
    return _text(item, "headline") or _first(item, "headlines", "value") or _text(item, "title") or None


def _pieces(item: Node, base: str | None, headline: str | None) -> list[Piece]:
    """The body: XHTML before HTML before text; 1.x names them `body_xhtml`, 2.x lists them with a content type."""
    bodies = [
        (name, item[name])
        for name in ("body_xhtml", "body_html", "body_text", "body")
        if isinstance(item.get(name), str)
    ]
    for entry in listed(item.get("bodies")):
        if isinstance(entry, dict) and isinstance(entry.get("value"), str):
            kind = str(entry.get("contenttype") or entry.get("contentType") or entry.get("role") or "")
            bodies.append((kind, entry["value"]))
    bodies.sort(key=lambda body: "html" not in body[0] and "<p" not in body[1])
    for kind, value in bodies:
        if "html" in kind or "<p" in value:
            pieces = fragment_pieces(clean(value), base, headline)
        else:
            parts = [one_line(part) for part in clean(value).split("\n\n" if "\n\n" in value else "\n")]
            pieces = [Piece(BlockKind.PARAGRAPH, part) for part in parts if part]
        if pieces:
            return pieces
    return []


def _provider(item: Node) -> str:
    for name in ("infosource", "infosources", "provider", "copyrightholder", "copyrightHolder"):
        for entry in listed(item.get(name)):
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                return plain(entry["name"])
            if isinstance(entry, str) and name != "infosource":
                return plain(entry)
    return ""


def _subjects(item: Node) -> tuple[str, ...]:
    """Sections by `genre`-free subject names; agencies put the desk first."""
    names = [
        _text(entry, "name") for entry in listed(item.get("subject") or item.get("subjects")) if isinstance(entry, dict)
    ]
    return tuple(name for name in names if name)[:1]


def _image(item: Node) -> str | None:
    associations = item.get("associations")
    entries = list(associations.values()) if isinstance(associations, dict) else listed(associations)
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("type") not in {"picture", "graphic"}:
            continue
        renditions = entry.get("renditions")
        for rendition in list(renditions.values()) if isinstance(renditions, dict) else listed(renditions):
            if isinstance(rendition, dict) and (
                url := absolute_url(None, str(rendition.get("href") or rendition.get("url") or ""))
            ):
                return url
    return None
