"""An HTML page's bytes to an Article: the way of a page, in order."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from firsthand.extract import authors, fields
from firsthand.extract.body import Engine, choose, trafilatura_words
from firsthand.extract.charset import decode
from firsthand.extract.credits import is_person, split_names
from firsthand.extract.dateline import read_dateline
from firsthand.extract.dates import parse_stamp
from firsthand.extract.dom import Element, parse
from firsthand.extract.furniture import is_credit_line
from firsthand.extract.piece import Piece, compose
from firsthand.extract.refuse import refuse_if_no_article
from firsthand.extract.rights import is_rights_line, rights_in
from firsthand.extract.segment import resolved, segment
from firsthand.extract.structured import gather
from firsthand.extract.trim import trim
from firsthand.model.article import Article, BlockKind
from firsthand.model.feed import Item
from firsthand.model.text import clean
from firsthand.model.urls import absolute_url
from firsthand.model.when import Precision, When

_LOG = logging.getLogger(__name__)

_MAX_PAGE = 20_000_000
_LONGEST_LINE = 700
_SEARCHED = 600_000  # characters that htmldate is given; its patterns take time


def extract_article(
    page: bytes | str, url: str | None = None, *, item: Item | None = None, content_type: str = ""
) -> Article:
    """The article that a page holds.

    Args:
        page: the page's HTML; bytes are decoded as a browser would.
        url: where it was fetched from, after redirects; addresses in the page are made absolute against it.
        item: what a feed claimed of it; fills only what the page itself does not say.
        content_type: the Content-Type header, for its charset.

    Raises:
        NotAnArticle: the page holds none (a home page, a consent wall, an empty shell); the message says why.
    """
    text = decode(page[:_MAX_PAGE], content_type) if isinstance(page, bytes) else clean(page[:_MAX_PAGE])
    read = read_page(text, url)
    return read if item is None else fill_from_item(read, item)


def read_page(text: str, url: str | None, engine: Engine = trafilatura_words) -> Article:
    """The article in a page's text, by the engine that tells its body from the rest; see `extract_article`."""
    root = parse(text)
    facts = gather(root, url)
    outlet = fields.outlet_of(facts, root, url)
    own_names = fields.outlet_names(facts, outlet)
    headline = fields.headline_of(facts, root, own_names)
    base = _base(root, url)
    pieces = segment(root, base)
    names, offices = authors.credits_of(facts, root, own_names)
    shown = authors.byline_in([piece.text for piece in pieces])
    if shown and not authors.byline_of(names, offices, own_names):
        names = [*shown, *names]
    chosen = trim(choose(root, pieces, facts, engine), headline=headline, names=names)
    body = compose(resolved(piece, base) for piece in chosen)
    refuse_if_no_article(root, facts, body, headline, url)

    hints = zone_hints(outlet.domain, root.get("lang"))
    published = fields.published_of(facts, root, hints) or _day_by_search(text, url)
    filed = read_dateline(first_text(chosen), published)
    rights = fields.rights_of(facts, _after(pieces, chosen))
    return Article(
        url=url,
        canonical_url=fields.canonical_of(facts, url),
        outlet=fields.outlet_by_rights(outlet, rights),
        headline=headline,
        summary=fields.summary_of(facts),
        byline=authors.byline_of(names, offices, own_names),
        agency=authors.agency_of(
            names, own_names, [f"({filed.agency})" if filed.agency else "", *_credit_lines(pieces, chosen)]
        ),
        section=fields.section_of(facts, root, headline, own_names, _before(pieces, chosen)),
        dateline=filed.dateline,
        published=published,
        modified=later(fields.modified_of(facts, hints), published),
        language=fields.language_of(facts, root, body.text),
        rights=rights,
        text=body.text,
        blocks=body.blocks,
        links=body.links,
        image=fields.image_of(facts, url),
        partial=fields.is_partial(facts),
    )


def fill_from_item(article: Article, item: Item) -> Article:
    """`article` with what the feed says where the page says nothing; a day gives way to the feed's instant."""
    published = article.published
    if published is None or (
        published.precision is not Precision.INSTANT
        and item.published is not None
        and abs((item.published.at.replace(tzinfo=None) - published.at.replace(tzinfo=None)).days) <= 1
    ):
        published = item.published or published
    persons = tuple(
        name
        for author in item.authors
        for name in split_names(author)
        if is_person(name, filter(None, (article.outlet.name, article.outlet.domain)))
    )
    return replace(
        article,
        url=article.url or item.url,
        headline=article.headline or item.title or None,
        summary=article.summary or item.summary or None,
        byline=article.byline or persons,
        published=published,
        modified=article.modified or later(item.updated, published),
        image=article.image or item.image,
        language=article.language or item.language,
        rights=article.rights or (rights_in([item.rights]) if item.rights else None),
    )


def zone_hints(domain: str | None, language: str | None) -> tuple[str, ...]:
    """What decides the meaning of a zone's abbreviation: the country part of the domain, then the language."""
    country = (domain or "").split(":")[0].rsplit(".", 1)[-1]
    return tuple(mark for mark in (country, (language or "")[:2].lower()) if mark)


def first_text(pieces: Sequence[Piece]) -> str:
    """The first paragraph's text, where a dateline would stand."""
    return next((piece.text for piece in pieces if piece.kind is BlockKind.PARAGRAPH and len(piece.text) > 40), "")


def later(modified: When | None, published: When | None) -> When | None:
    """`modified` where it is one: a time equal to or before publication says nothing."""
    if modified is None or published is None:
        return modified
    return modified if modified.instant() > published.instant() else None


def _credit_lines(pieces: Sequence[Piece], chosen: Sequence[Piece]) -> list[str]:
    """Short lines that may credit an agency: around the article's head, within it, and right after its end."""
    if not chosen:
        return []
    places = [index for index, piece in enumerate(pieces) if piece in (chosen[0], chosen[-1])]
    first, last = (places[0], places[-1]) if places else (0, len(pieces))
    around = [piece.text for piece in (*pieces[last + 1 : last + 8], *pieces[max(0, first - 8) : first])]
    inside = [piece.text for piece in pieces[first : last + 1] if is_credit_line(piece.text)]
    tail = re.search(r"\(([^()]{2,40})\)\s*$|\s[-–—/]\s?([\w/ .-]{2,30})$", chosen[-1].text[-60:])
    short = [line for line in around if 0 < len(line) < 60 or is_credit_line(line) or is_rights_line(line)]
    return [*((f"({tail[1] or tail[2]})",) if tail else ()), *short, *inside]


def _after(pieces: Sequence[Piece], chosen: Sequence[Piece]) -> list[str]:
    """Lines after the article, where a page states its rights; before and within it pictures have their credits."""
    last = next((index for index in range(len(pieces) - 1, -1, -1) if chosen and pieces[index] is chosen[-1]), -1)
    return [piece.text for piece in pieces[last + 1 :] if 0 < len(piece.text) < _LONGEST_LINE]


def _before(pieces: Sequence[Piece], chosen: Sequence[Piece]) -> list[str]:
    """Short lines before the article."""
    first = next((index for index, piece in enumerate(pieces) if chosen and piece is chosen[0]), 0)
    return [piece.text for piece in pieces[max(0, first - 30) : first] if 0 < len(piece.text) < 300]


def _base(root: Element, url: str | None) -> str | None:
    """What addresses in the page are relative to (`base href`)."""
    base = root.find(".//base[@href]")
    href = base.get("href") if base is not None else None
    return (absolute_url(url, href) if href else None) or url


def _day_by_search(text: str, url: str | None) -> When | None:
    """The day that htmldate finds in address and text; a day is all that it can tell."""
    import htmldate

    try:
        found = htmldate.find_date(text[:_SEARCHED], url=url, original_date=True, extensive_search=True)
    except Exception as error:  # htmldate parses anything with many libraries, and any of them may fail
        _LOG.debug("htmldate failed: %s", error)
        return None
    return parse_stamp(found) if found else None
