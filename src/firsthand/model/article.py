"""What was read: an article, its blocks, and the furniture that says where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from firsthand.model.when import When


class BlockKind(Enum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"
    IMAGE = "image"
    TABLE = "table"
    EMBED = "embed"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of Unicode code points in `Article.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article, in reading order.

    `text[start:end]` is the block's text. Paragraphs, headings, quotes and lists have text; images, tables and
    embeds stand between them with an empty span (start == end), their words in the fields below, so that
    the article's text is running prose and nothing else.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Heading level 1 to 6 as in the page; 0 for other kinds. For lists 1 means ordered, 0 unordered."""
    items: tuple[Span, ...] = ()
    """A list's items, each a span inside the block."""
    url: str | None = None
    """An image's source or an embed's address: absolute http(s), else None."""
    caption: str = ""
    """An image's caption with its credit, a table's caption, an embed's label."""
    alt: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    """A table's cells; the first row is the header where the page marks one with `th`."""


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink inside the text: `text[start:end]` is its anchor, `url` absolute http(s)."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class OutletName:
    """Who published, as far as one page tells."""

    name: str | None
    domain: str | None
    """Host without `www.`, lower case, port kept where it is not the default."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where (and sometimes when) a report was filed: `KABUL, Sept 4 (Reuters) –`."""

    place: str
    date: date | None = None


class Redistribution(Enum):
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Rights:
    """The page's rights line, and what it plainly says of redistribution (None: it does not say)."""

    line: str
    redistribution: Redistribution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, read whole. Unknown is None or empty; nothing is guessed to fill a field."""

    url: str | None = None
    """Where it was fetched from, after redirects."""
    canonical_url: str | None = None
    """The address that the page gives for itself (`rel=canonical`, `og:url`), made absolute."""
    outlet: OutletName = OutletName(None, None)
    headline: str | None = None
    summary: str | None = None
    """The standfirst or description that the page gives, plain text."""
    byline: tuple[str, ...] = ()
    """Names of persons only, without "By", roles or agencies."""
    agency: str | None = None
    """The agency that the page credits, by the name it gives ("PTI")."""
    section: tuple[str, ...] = ()
    """Section path from breadcrumbs or articleSection, outermost first, without the headline itself."""
    dateline: Dateline | None = None
    published: When | None = None
    modified: When | None = None
    language: str | None = None
    """BCP 47 tag, lower-case primary subtag ("en", "pt-BR")."""
    rights: Rights | None = None
    text: str = ""
    """The body as running prose: blocks joined by a blank line, list items by a newline."""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    image: str | None = None
    """The lead image's absolute address."""
    partial: bool = False
    """The page itself says that what it shows is not the whole (a paywall)."""
