"""A page's tree cut into pieces, in reading order: every paragraph, heading, quote, list, image, table and embed.

Nothing is judged here but form; which pieces are the article is decided in `body`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from lxml.etree import iterwalk

from firsthand.extract.dom import Element, text_of
from firsthand.extract.inline import UNSEEN, Run, inline_run, words_of
from firsthand.extract.piece import Piece
from firsthand.model.article import BlockKind, Link, Span
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hgroup", "hr", "legend", "li", "main", "nav", "ol", "p", "pre", "search", "section",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "html",
    }
)  # fmt: skip
_SKIPPED = frozenset(
    {
        "script", "style", "template", "noscript", "svg", "math", "button", "input", "select", "textarea",
        "option", "datalist", "head", "canvas", "map", "area", "object", "applet", "meter", "progress", "dialog",
    }
)  # fmt: skip
_EMBEDS = frozenset(
    {"iframe", "video", "audio", "amp-youtube", "amp-twitter", "amp-instagram", "amp-facebook", "amp-iframe"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_EMBED_CLASS = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|fb-post|fb-video)\b"
)
_IMAGE_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-url", "data-srcset", "srcset")
_CAPTION = re.compile(
    r"(?:^|[\s_]|(?<!drop)-)(?:cap$|(?:wp-|img-?|image-?|photo-?)?caption(?:-?text)?|(?:image|photo)-?credits?|legende?"
    r"|media-?(?:additional-?)?info|bild(?:unterschrift|text))(?:$|[\s_])",
    re.IGNORECASE,
)
# A label before a caption's words ("Legende: …"), which sites set for screen readers.
_CAPTION_LABEL = re.compile(r"^(?:(?:bild)?legende|bildunterschrift|caption)\s*:\s*", re.IGNORECASE)
_ENDS_IN_PHOTO_CREDIT = re.compile(
    r"(?:^|[\s(|–-])(?:Bild|Foto|Fotos|Photo|Image|Picture|Credit|Fotograf|Photograph|Quelle|写真)s?\s?(?:[:：©]|by\s|von\s)\s?[^.!?]{3,60}\)?$"
)
_ICON = re.compile(
    r"\.svg(?:$|\?)|[/_-]\d\dx\d\d(?:[/_.-]|$)|/(?:icons?|logos?|sprites?)/"
    r"|(?:app-?icon|logo|newsletter|spacer|pixel|blank|avatar)[\w-]*\.(?:png|gif|jpe?g|webp)",
    re.IGNORECASE,
)
_PICTURE_FILE = re.compile(r"\.(?:gif|png|jpe?g|webp)(?:$|\?)", re.IGNORECASE)  # a counter, where a player should be
_NOT_YET = re.compile(r"placeholder|\$\{|\{\{|%7b", re.IGNORECASE)  # a template that scripts would have filled
_SRCSET = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?[wx]))?\s*(?:,|$)")
_LONGEST_CAPTION = 500
_TINY = 60  # px; smaller ones are icons, trackers, portraits of authors
_EXACT_TABLE = 400  # rows kept of one table
_MAX_ITEMS = 500


def segment(root: Element, base: str | None) -> list[Piece]:
    """All pieces of the page, in document order.

    Images and embeds have their addresses made absolute against `base`; links keep theirs as written until
    `resolved`, since most of a page's pieces are thrown away.
    """
    return _with_captions(_Walk(base).pieces(root))


def resolved(piece: Piece, base: str | None) -> Piece:
    """`piece` with its links made absolute; those that lead nowhere on the web are left out."""
    links = [(link, absolute_url(base, link.url)) for link in piece.links]
    return replace(piece, links=tuple(Link(link.start, link.end, url) for link, url in links if url is not None))


def _with_captions(pieces: Iterable[Piece]) -> list[Piece]:
    """Captions that stand outside a `figure` joined to the image or table before them, else left out."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.kind is BlockKind.PARAGRAPH and _repeats_alt(piece.text, joined[-1]):
            joined[-1] = replace(joined[-1], caption=piece.text)
        elif piece.kind is not BlockKind.IMAGE or piece.url is not None:
            joined.append(piece)
        elif joined and joined[-1].kind in {BlockKind.IMAGE, BlockKind.TABLE} and not joined[-1].caption:
            joined[-1] = replace(joined[-1], caption=piece.caption)
    return joined


@lru_cache(maxsize=4096)
def _mark(classes: str) -> str:
    """What an element's classes say it is, where they say anything; pages repeat few classes many times."""
    if UNSEEN.search(classes):
        return "unseen"
    if _EMBED_CLASS.search(classes):
        return "embed"
    return "caption" if _CAPTION.search(classes) else ""


def _repeats_alt(text: str, image: Piece) -> bool:
    """Whether a paragraph right after an image says what its `alt` says, and perhaps who took it: its caption."""
    alt = image.alt
    return len(alt) > 15 and not image.caption and len(text) < len(alt) + 80 and text.startswith(alt.rstrip("."))


class _Walk:
    """One pass over the tree. A run of inline text grows until a block begins or ends."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._run = Run()
        self._quotes = 0
        self._link: str | None = None

    def pieces(self, root: Element) -> Iterator[Piece]:
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if not isinstance(tag, str):
                self._run.text(element.tail)
                continue
            if event == "end":
                yield from self._leave(element, tag)
                continue
            whole = self._whole(element, tag)
            if whole is None:
                yield from self._enter(element, tag)
                continue
            if tag in _BLOCKS or whole:
                yield from self._flush(element.getparent())
            yield from whole
            walk.skip_subtree()
        yield from self._flush(root)

    def _whole(self, element: Element, tag: str) -> list[Piece] | None:
        """The pieces of an element that is read as one; an empty list skips it; None walks into it."""
        if tag in _SKIPPED:
            return []  # but not what is `hidden`: streaming frameworks send whole articles so
        mark = _mark(element.get("class") or "")
        if mark == "unseen":
            return []
        if tag == "figcaption" or (mark == "caption" and tag in {"div", "p", "span"}):
            return _caption(element)
        if tag in _EMBEDS or mark == "embed":
            return _embed(element, self._base)
        if tag == "img" or tag == "amp-img":
            return _image(element, self._base)
        if tag == "figure":
            return _figure(element, self._base)
        if tag in {"ul", "ol"}:
            return _list(element)
        if tag == "table":
            return _table(element)
        if tag == "pre":
            text = "\n".join(line.rstrip() for line in "".join(element.itertext()).strip("\n").splitlines())
            return [Piece(BlockKind.PARAGRAPH, text, element=element)] if text.strip() else []
        return None

    def _enter(self, element: Element, tag: str) -> Iterator[Piece]:
        if tag in _BLOCKS:
            yield from self._flush(element.getparent())
            if tag == "blockquote":
                self._quotes += 1
        elif tag == "br":
            if self._run.break_line():
                yield from self._flush(element.getparent())
        else:
            if tag == "a":
                self._run.open_link(element.get("href"))
            self._run.seam(tag)
        self._run.text(element.text)

    def _leave(self, element: Element, tag: str) -> Iterator[Piece]:
        if tag in _BLOCKS:
            yield from self._flush(element, _HEADINGS.get(tag, 0))
            if tag == "blockquote" and self._quotes:
                self._quotes -= 1
        else:
            if tag == "a":
                self._run.close_link()
            self._run.seam(tag)
        self._run.text(element.tail)

    def _flush(self, element: Element | None, level: int = 0) -> Iterator[Piece]:
        text, links = self._run.take()
        if not text:
            return
        if len(text) < 250 and not level and _ENDS_IN_PHOTO_CREDIT.search(text):
            yield Piece(BlockKind.IMAGE, caption=text, element=element)
            return
        kind = BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH
        if level:
            kind = BlockKind.HEADING
        yield Piece(kind, text, links, level=level, element=element)


def _list(element: Element) -> list[Piece] | None:
    """A list whose items are plain text; None where items hold blocks of their own (a list used for layout)."""
    items: list[tuple[str, tuple[Link, ...]]] = []
    for item in element.iter("li"):
        inner = [child.tag for child in item.iterdescendants() if child.tag in _BLOCKS]
        if any(tag not in {"p", "div", "ul", "ol", "li"} for tag in inner) or inner.count("p") > 2:
            return None
        if any(child.tag in {"figure", "img", "table", "iframe"} for child in item.iterdescendants()):
            return None
        run = inline_run(item, skip=("ul", "ol"))
        if run[0]:
            items.append((run[0].replace("\n", " "), run[1]))
        if len(items) >= _MAX_ITEMS:
            break
    if not items:
        return [] if element.find(".//li") is not None else None
    parts: list[str] = []
    spans: list[Span] = []
    links: list[Link] = []
    offset = 0
    for text, own in items:
        parts.append(text)
        spans.append(Span(offset, offset + len(text)))
        links += [Link(offset + link.start, offset + link.end, link.url) for link in own]
        offset += len(text) + 1
    level = 1 if element.tag == "ol" else 0
    return [Piece(BlockKind.LIST, "\n".join(parts), tuple(links), tuple(spans), level, element=element)]


def _table(element: Element) -> list[Piece] | None:
    """A table of data; None where it only lays out the page (one column, nested tables, long paragraphs)."""
    if element.find(".//table") is not None or element.get("role") in {"presentation", "none"}:
        return None
    rows: list[tuple[str, ...]] = []
    for row in element.iter("tr"):
        cells = tuple(map(words_of, row.iterchildren("td", "th")))
        if any(cells):
            rows.append(cells)
        if any(len(cell) > 600 for cell in cells):
            return None
        if len(rows) >= _EXACT_TABLE:
            break
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return None
    caption = element.find("caption")
    words = words_of(caption) if caption is not None else ""
    return [Piece(BlockKind.TABLE, rows=tuple(rows), caption=words, element=element)]


def _figure(element: Element, base: str | None) -> list[Piece] | None:
    """An image or embed with its caption; None where the figure holds something else (a table, a quote, text)."""
    if any(element.find(f".//{tag}") is not None for tag in ("table", "blockquote", "ul", "p/p")):
        return None
    words = " ".join(map(words_of, element.iter("figcaption")))
    for tag in _EMBEDS:
        inner = element.find(f".//{tag}")
        if inner is not None:
            return [_with_caption(piece, words) for piece in _embed(inner, base)]
    images = [piece for img in element.iter("img", "amp-img") for piece in _image(img, base)]
    if images:
        return [_with_caption(images[0], words or _caption_beside(element))]
    return None if not words and text_of(element) else []


def _caption_beside(figure: Element) -> str:
    text = words_of(figure)
    return text if len(text) < 400 else ""


def _with_caption(piece: Piece, caption: str) -> Piece:
    words = _CAPTION_LABEL.sub("", one_line(caption))
    return Piece(piece.kind, url=piece.url, alt=piece.alt, caption=words or piece.caption, element=piece.element)


def _caption(element: Element) -> list[Piece] | None:
    """A caption alone: a piece without an address for `_with_captions` to join; None where it holds more than words."""
    text = _CAPTION_LABEL.sub("", words_of(element))
    if len(text) > _LONGEST_CAPTION or any(
        element.find(f".//{tag}") is not None for tag in ("img", "p/p", "h2", "iframe")
    ):
        return None
    return [Piece(BlockKind.IMAGE, caption=text, element=element)] if text else []


def _image(element: Element, base: str | None) -> list[Piece]:
    for side in ("width", "height"):
        size = element.get(side) or ""
        if size.isdigit() and int(size) < _TINY:
            return []
    url = image_address(element, base)
    if url is None or _ICON.search(url):
        return []
    return [Piece(BlockKind.IMAGE, url=url, alt=one_line(element.get("alt") or ""), element=element)]


def image_address(element: Element, base: str | None) -> str | None:
    """Where the picture of an `img` really is: lazy-loading pages keep it in other attributes, or in `noscript`."""
    for name in _IMAGE_SOURCES:
        value = (element.get(name) or "").strip()
        if not value or value.startswith("data:") or _NOT_YET.search(value):
            continue
        url = absolute_url(base, _largest(value) if name.endswith("srcset") else value)
        if url is not None:
            return url
    return None


def _largest(srcset: str) -> str:
    """The address of the largest picture of a `srcset`; addresses may hold commas (HTML, 4.8.4.2.1)."""
    sizes = [(float(size[:-1] or 0) if size else 0.0, url) for url, size in _SRCSET.findall(srcset[:8_000])]
    return max(sizes, default=(0.0, ""), key=lambda found: found[0])[1]


def _embed(element: Element, base: str | None) -> list[Piece]:
    """A player, post or widget as a link to what it shows."""
    candidates = [
        element.get(name) or "" for name in ("src", "data-src", "cite", "data-instgrm-permalink", "data-href")
    ]
    candidates += [source.get("src") or "" for source in element.iter("source")]
    if element.tag not in _EMBEDS:
        candidates += [link.get("href") or "" for link in reversed(list(element.iter("a")))]
    for candidate in candidates:
        url = absolute_url(base, candidate) if candidate else None
        if url is not None and not _PICTURE_FILE.search(url):
            label = one_line(element.get("title") or "") or ("" if element.tag in _EMBEDS else text_of(element)[:300])
            return [Piece(BlockKind.EMBED, url=url, caption=label, element=element)]
    return []
