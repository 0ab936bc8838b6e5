"""An HTML page's bytes to an Article: the way of a page, in order."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from firsthand.extract import authors, fields
from firsthand.extract.around import Around
from firsthand.extract.body import Engine, choose, trafilatura_words
from firsthand.extract.charset import decode
from firsthand.extract.credits import is_person, split_names
from firsthand.extract.dateline import filed_at, place_set_apart
from firsthand.extract.dates import parse_stamp, time_of_day
from firsthand.extract.dom import Element, parse, text_of
from firsthand.extract.furniture import is_stamp
from firsthand.extract.piece import Piece, compose
from firsthand.extract.refuse import refuse_if_no_article, refuse_if_no_text
from firsthand.extract.rights import rights_in
from firsthand.extract.sections import section_of
from firsthand.extract.segment import resolved, segment
from firsthand.extract.structured import gather
from firsthand.extract.subheads import with_headings
from firsthand.extract.trim import trim
from firsthand.extract.written_dates import stamp_in
from firsthand.model.article import Article, BlockKind
from firsthand.model.feed import Item
from firsthand.model.text import clean
from firsthand.model.urls import absolute_url
from firsthand.model.when import Precision, When

_LOG = logging.getLogger(__name__)

_MAX_PAGE = 20_000_000
_NEAR = 8
_DATE_AT_END = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}$")
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
        NotAnArticle: the page holds none (a home page, a consent wall, an empty shell, a PDF); the message says why.
    """
    if isinstance(page, bytes):
        refuse_if_no_text(page)
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
    found = choose(root, pieces, facts, engine)
    around = Around.of(pieces, found)
    shown = authors.byline_in(around.bylines())
    if shown and not authors.byline_of(names, offices, own_names):
        names = [*shown, *names]
    summary = fields.summary_of(facts)
    chosen = with_headings(trim(found, headline=headline, names=names, outlet=own_names), summary)
    place = place_set_apart(chosen)
    body = compose(resolved(piece, base) for piece in chosen if piece is not place)
    around = Around.of(pieces, chosen)
    refuse_if_no_article(root, facts, body, headline, url)

    hints = zone_hints(outlet.domain, root.get("lang"))
    published = fields.published_of(facts, root, hints) or stamp_in(_stamp_lines(root, around), hints)
    published = published or _day_by_search(text, url)
    if published is not None and published.precision is Precision.DAY:
        published = time_of_day(text[:_SEARCHED], published, hints)
    filed = filed_at(chosen, around.before(), published)
    credits = around.credits(chosen[-1].text if chosen else "")
    rights = fields.rights_of(facts, around.rights())
    return Article(
        url=url,
        canonical_url=fields.canonical_of(facts, url),
        outlet=fields.named_in_full(outlet, rights),
        headline=headline,
        summary=summary,
        byline=authors.byline_of(names, offices, own_names),
        agency=authors.agency_of(names, own_names, [f"({filed.agency})" if filed.agency else "", *credits]),
        section=section_of(facts, root, headline, own_names, around.before(), url or fields.canonical_of(facts, url)),
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


def _stamp_lines(root: Element, around: Around) -> list[str]:
    """Lines where a page shows its date: right above the text, under it, in its title."""
    title = root.find(".//title")
    shown = [line for line in (*reversed(around.before()[-_NEAR:]), *around.bylines()) if is_stamp(line)]
    return [*shown, *(_DATE_AT_END.findall(text_of(title)) if title is not None else [])]


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
