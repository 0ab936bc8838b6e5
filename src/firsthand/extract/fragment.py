"""HTML that is all content (a feed's full text, an agency's story, a mail): nothing to be found in it, only cleaned."""

from __future__ import annotations

import re

from firsthand.extract.credits import is_person, split_names
from firsthand.extract.dateline import read_dateline
from firsthand.extract.dom import parse
from firsthand.extract.furniture import is_furniture
from firsthand.extract.language import detect_language
from firsthand.extract.page import first_text, later
from firsthand.extract.piece import TEXT_KINDS, Piece, compose, key_of
from firsthand.extract.rights import rights_in
from firsthand.extract.segment import resolved, segment
from firsthand.extract.trim import trim
from firsthand.model.article import Article, OutletName
from firsthand.model.feed import Item
from firsthand.model.urls import domain_of

_WHOLE = 700  # characters; feeds that carry teasers cut them at 150 to 500
_CUT = re.compile(
    r"(?:\.\.\.|…|\[(?:\.\.\.|…|&hellip;)\])\s*$|\b(?:read more|continue reading|weiterlesen|lire la suite)\b.{0,60}$",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"^The post .{1,300} (?:appeared first on|first appeared on) .{1,120}$", re.DOTALL)  # WordPress


def all_pieces(html: str, base: str | None) -> list[Piece]:
    """Every piece of content HTML, in order."""
    return segment(parse(f"<html><body><article>{html}</article></body></html>"), base)


def fragment_pieces(html: str, base: str | None, headline: str | None = None) -> list[Piece]:
    """The pieces of content HTML, in order, without pointers and prompts, links made absolute."""
    pieces = [piece for piece in all_pieces(html, base) if piece.kind not in TEXT_KINDS or not _is_waste(piece.text)]
    return [resolved(piece, base) for piece in trim(pieces, headline=headline)]


def _is_waste(text: str) -> bool:
    return is_furniture(text) or bool(_TRAILER.match(text))


def from_item(item: Item, outlet: OutletName) -> Article | None:
    """The article of a feed item that carries its full content; None where it carries only a teaser."""
    if not item.content_html:
        return None
    pieces = fragment_pieces(item.content_html, item.url, item.title)
    body = compose(pieces)
    texts = [piece.text for piece in pieces if piece.kind in TEXT_KINDS]
    if len(body.text) < _WHOLE or len(texts) < 2 or _CUT.search(texts[-1]):
        return None
    if key_of(body.text) == key_of(item.summary) and len(body.text) < 2 * _WHOLE:
        return None
    filed = read_dateline(first_text(pieces), item.published)
    names = [name for author in item.authors for name in split_names(author)]
    return Article(
        url=item.url,
        outlet=OutletName(outlet.name, outlet.domain or (domain_of(item.url) if item.url else None)),
        headline=item.title or None,
        summary=item.summary or None,
        byline=tuple(name for name in names if is_person(name, filter(None, (outlet.name, outlet.domain)))),
        agency=filed.agency,
        section=(),
        dateline=filed.dateline,
        published=item.published,
        modified=later(item.updated, item.published),
        language=item.language or detect_language(body.text),
        rights=rights_in([item.rights]) if item.rights else None,
        text=body.text,
        blocks=body.blocks,
        links=body.links,
        image=item.image,
    )
