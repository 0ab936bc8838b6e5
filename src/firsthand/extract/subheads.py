"""What a chosen piece is by its looks: bold lines that head what follows, standfirsts that are marked as headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from firsthand.extract.dom import Element, text_of
from firsthand.extract.piece import PROSE, TEXT_KINDS, Piece, ends_sentence, key_of
from firsthand.extract.place import marks
from firsthand.model.article import BlockKind

_LONGEST = 100
_LEVEL = 3
_STANDFIRST = 100  # characters; headings are shorter
_BOLD = ("strong", "b")
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:sub-?head(?:ing|line)?|sub-?title|inter-?(?:line|title|titre|tittel)|online-?interline|cross-?head(?:ing)?"
    r"|zwischen-?(?:titel|ueberschrift|zeile)|mezzotitolo|intertitulo|ladillo)(?:$|[\s_-])|interline(?:$|[\s_-])",
    re.IGNORECASE,
)


def with_headings(pieces: Sequence[Piece], summary: str | None) -> list[Piece]:
    """`pieces` where lines that only look like headings are headings, and a standfirst is a paragraph."""
    begun = False
    found: list[Piece] = []
    for index, piece in enumerate(pieces):
        if not begun and piece.kind is BlockKind.HEADING and _is_standfirst(piece.text, summary):
            piece = replace(piece, kind=BlockKind.PARAGRAPH, level=0)
        elif begun and _looks_like_heading(piece) and _has_text_after(pieces, index):
            piece = replace(piece, kind=BlockKind.HEADING, level=_LEVEL)
        begun = begun or (piece.kind is BlockKind.PARAGRAPH and len(piece.text) > 0)
        found.append(piece)
    return found


def _is_standfirst(text: str, summary: str | None) -> bool:
    """A sentence or two under the headline; many templates mark it as `h2`."""
    if len(text) >= _STANDFIRST or (len(text) >= 60 and ends_sentence(text)):
        return True
    return bool(summary) and len(text) > 40 and key_of(text) == key_of(summary or "")


def _looks_like_heading(piece: Piece) -> bool:
    """A short line all in bold or in capitals, or one that its template calls so; no question of an interview."""
    if piece.kind is not BlockKind.PARAGRAPH or len(piece.text) > _LONGEST or "\n" in piece.text:
        return False
    element: Element | None = piece.element
    if element is None or not piece.text[0].isalnum() or piece.text[-1] in ":,;–—-":
        return False
    if _NAMED.search(marks(element)):
        return True
    if piece.text.isupper() and len(piece.text.split()) > 1:
        return True
    return not ends_sentence(piece.text) and _is_bold(element, piece.text)


def _is_bold(element: Element, text: str) -> bool:
    bold = "".join(text_of(inner) for inner in element.iter(*_BOLD))
    return bool(bold) and key_of(bold) == key_of(text)


def _has_text_after(pieces: Sequence[Piece], index: int) -> bool:
    """Whether prose or a list comes next, pictures aside."""
    for piece in pieces[index + 1 :]:
        if piece.kind in TEXT_KINDS:
            return piece.kind in {BlockKind.LIST, BlockKind.QUOTE} or len(piece.text) >= PROSE
    return False
