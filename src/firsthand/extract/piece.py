"""Pieces of a page, and how they become an article's text, blocks and links.

A piece is one block with its own text, before it is known where in the article it will stand; `compose` sets pieces
one after another and turns their offsets into spans of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from firsthand.model.article import Block, BlockKind, Link, Span

TEXT_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.QUOTE, BlockKind.LIST})
PROSE = 80  # characters; a paragraph as long as this is no label
_SEPARATOR = "\n\n"
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a page; offsets of `links` and `items` count from the start of `text`."""

    kind: BlockKind
    text: str = ""
    links: tuple[Link, ...] = ()
    items: tuple[Span, ...] = ()
    level: int = 0
    url: str | None = None
    caption: str = ""
    alt: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    element: Any = field(default=None, compare=False, repr=False)
    """The element of the page's tree that holds the piece; None outside HTML."""

    @property
    def link_share(self) -> float:
        """The part of the text that is link anchors, 0 to 1."""
        if not self.text:
            return 0.0
        return min(1.0, sum(link.end - link.start for link in self.links) / len(self.text))


def key_of(text: str) -> str:
    """`text` without all that is not letter or digit: equal for texts that read the same."""
    return _NOT_WORD.sub("", text).lower()


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does, quotation marks and brackets aside."""
    return text.rstrip("'\"”’»“)]）」』 ")[-1:] in set(".!?…。！？۔।؟") and bool(text)


@dataclass(frozen=True, slots=True)
class Composed:
    """An article's body: what `Article` takes."""

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]


def compose(pieces: Iterable[Piece]) -> Composed:
    """The body made of `pieces` in their order; pieces of text kinds that hold no text are left out."""
    parts: list[str] = []
    blocks: list[Block] = []
    links: list[Link] = []
    length = 0
    for piece in pieces:
        if piece.kind not in TEXT_KINDS:
            blocks.append(
                Block(piece.kind, length, length, url=piece.url, caption=piece.caption, alt=piece.alt, rows=piece.rows)
            )
            continue
        if not piece.text:
            continue
        if parts:
            parts.append(_SEPARATOR)
            length += len(_SEPARATOR)
        start = length
        parts.append(piece.text)
        length += len(piece.text)
        items = tuple(Span(start + item.start, start + item.end) for item in piece.items)
        blocks.append(Block(piece.kind, start, length, level=piece.level, items=items))
        links += [Link(start + link.start, start + link.end, link.url) for link in piece.links]
    return Composed("".join(parts), tuple(blocks), tuple(links))
