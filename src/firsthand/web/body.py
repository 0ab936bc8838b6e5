"""An article's blocks as HTML.

Everything is escaped where it is written, and the sanitizer runs last over what comes out: the text is from outside, and
a mistake here must not be enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from firsthand.extract.sanitize import safe_html
from firsthand.model.article import Article, Block, BlockKind, Link, Span
from firsthand.model.findings import Statement
from firsthand.model.urls import absolute_url


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A run of blocks. `wide`: it may be wider than the column (a table) and scrolls by itself."""

    html: Markup
    wide: bool = False
    label: str = ""


def body_parts(
    article: Article, image_link: Callable[[str], str], statements: Sequence[Statement] = ()
) -> list[BodyPart]:
    """The article's body, ready to show.

    Args:
        image_link: gives the proxy's address for a picture's address.
        statements: marked in the text, each with a link to its card.
    """
    ink = Ink(article, statements)
    parts: list[BodyPart] = []
    run: list[str] = []
    for block in article.blocks:
        if block.kind is BlockKind.TABLE:
            _flush(run, parts)
            html = _table(block)
            if html:
                parts.append(BodyPart(Markup(safe_html(html)), wide=True, label=block.caption or "Table"))  # noqa: S704
        else:
            run.append(_block(article, block, image_link, ink))
    _flush(run, parts)
    return parts


def plain_parts(text: str) -> list[BodyPart]:
    """Plain text as paragraphs: a summary, or a text that came without blocks."""
    html = "".join(f"<p>{escape(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
    return [BodyPart(Markup(safe_html(html)))] if html else []  # noqa: S704


def _flush(run: list[str], parts: list[BodyPart]) -> None:
    html = "".join(run)
    run.clear()
    if html:
        parts.append(BodyPart(Markup(safe_html(html))))  # noqa: S704 (sanitized here, last)


def _block(article: Article, block: Block, image_link: Callable[[str], str], ink: Ink) -> str:
    match block.kind:
        case BlockKind.PARAGRAPH:
            return f"<p>{ink.text(block.start, block.end)}</p>"
        case BlockKind.HEADING:
            # The page's own headline is the h1, so headings inside begin at h2, whatever level their page gave them.
            level = min(max(block.level, 2), 6)
            return f"<h{level}>{ink.text(block.start, block.end)}</h{level}>"
        case BlockKind.QUOTE:
            return f"<blockquote>{_paragraphs(article, block, ink)}</blockquote>"
        case BlockKind.LIST:
            tag = "ol" if block.level == 1 else "ul"
            items = "".join(f"<li>{ink.text(item.start, item.end)}</li>" for item in block.items)
            return f"<{tag}>{items}</{tag}>" if items else f"<p>{ink.text(block.start, block.end)}</p>"
        case BlockKind.IMAGE:
            return _image(block, image_link)
        case BlockKind.EMBED:
            return _embed(block)
        case BlockKind.TABLE:
            return _table(block)


def _image(block: Block, image_link: Callable[[str], str]) -> str:
    url = absolute_url(None, block.url) if block.url else None
    caption = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
    if url is None:
        return f"<figure>{caption}</figure>" if caption else ""
    # A caption that says the same is not read out twice.
    alt = "" if block.alt and block.alt == block.caption else block.alt
    picture = f'<img src="{escape(image_link(url))}" alt="{escape(alt)}" loading="lazy" decoding="async">'
    return f"<figure>{picture}{caption}</figure>"


def _embed(block: Block) -> str:
    url = absolute_url(None, block.url) if block.url else None
    if url is None:
        return ""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    label = f"{block.caption} ({host})" if block.caption else f"Embedded from {host}"
    return f'<figure><a href="{escape(url)}">{escape(label)}</a></figure>'


def _table(block: Block) -> str:
    if not block.rows:
        return ""
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    head, *rest = block.rows
    if not rest:
        return f"<table>{caption}<tbody>{_row(head, 'td')}</tbody></table>"
    rows = "".join(_row(row, "td") for row in rest)
    return f"<table>{caption}<thead>{_row(head, 'th')}</thead><tbody>{rows}</tbody></table>"


def _row(cells: Sequence[str], tag: str) -> str:
    # A header cell without text is an empty corner, not a header.
    return "<tr>" + "".join(_cell(cell, tag) for cell in cells) + "</tr>"


def _cell(cell: str, tag: str) -> str:
    if tag == "th" and cell.strip():
        return f'<th scope="col">{escape(cell)}</th>'
    return f"<td>{escape(cell)}</td>"


def _paragraphs(article: Article, block: Block, ink: Ink) -> str:
    html, at = "", block.start
    for part in article.text[block.start : block.end].split("\n\n"):
        if part.strip():
            html += f"<p>{ink.text(at, at + len(part))}</p>"
        at += len(part) + 2
    return html


class Ink:
    """The article's text with its links and the marks of its statements, which may overlap in any way.

    The text is cut wherever a link or a mark begins or ends, and each piece stands in what covers it.
    """

    def __init__(self, article: Article, statements: Sequence[Statement]) -> None:
        self._text = article.text
        self._links = _apart(article.links)
        self._numbers = {span: number for number, one in enumerate(statements, 1) for span in one.content}
        self._marked = sorted(self._numbers, key=lambda span: span.start)
        self._ends: dict[int, list[int]] = {}
        for number, one in enumerate(statements, 1):
            for part, after in pairwise((*one.content, None)):
                # What goes on in another paragraph has its number in both.
                if part and (after is None or "\n" in self._text[part.end : after.start]):
                    self._ends.setdefault(part.end, []).append(number)

    def text(self, start: int, end: int) -> str:
        """`text[start:end]`, escaped, as HTML."""
        links = [link for link in self._links if start <= link.start and link.end <= end]
        marks = [span for span in self._marked if span.start < end and start < span.end]
        cuts = [*(link.start for link in links), *(link.end for link in links)]
        cuts += [*(span.start for span in marks), *(span.end for span in marks)]
        edges = {start, end, *(at for at in cuts if start < at < end)}
        pieces = [self._piece(first, last, links, marks) for first, last in pairwise(sorted(edges))]
        return "".join(pieces)

    def _piece(self, start: int, end: int, links: Sequence[Link], marks: Sequence[Span]) -> str:
        html = str(escape(self._text[start:end])).replace("\n", "<br>")
        url = next((absolute_url(None, link.url) for link in links if link.start <= start < link.end), None)
        if url:
            html = f'<a href="{escape(url)}">{html}</a>'
        over = [mark for mark in marks if mark.start <= start < mark.end]
        if over:
            # The innermost is the one that a reader points at.
            number = self._numbers[min(over, key=lambda mark: mark.end - mark.start)]
            html = f'<mark class="stated s{number}">{html}</mark>'
        return html + "".join(f'<sup><a href="#said-{number}">{number}</a></sup>' for number in self._ends.get(end, ()))


def _apart(links: Sequence[Link]) -> list[Link]:
    """Links in reading order, without those that overlap one before them."""
    kept: list[Link] = []
    for link in sorted(links, key=lambda link: link.start):
        if link.start < link.end and (not kept or link.start >= kept[-1].end):
            kept.append(link)
    return kept
