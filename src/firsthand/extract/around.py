"""The lines around an article on its page: what names it before, what credits it and claims its rights after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from firsthand.extract.furniture import is_credit_line
from firsthand.extract.piece import TEXT_KINDS, Piece
from firsthand.extract.place import ancestors, marks
from firsthand.extract.rights import is_rights_line, says
from firsthand.model.article import BlockKind

_LONGEST_LINE = 900
_BEFORE = 30
_HEAD = 12  # pieces after the article's first that may still be its head: standfirst, byline, time
_DECK = 4
_BESIDE = 8  # pieces before and after the article that may credit it
_CREDIT = 60
_CREDITED = re.compile(r"\(([^()]{2,40})\)\s*$|\s[-–—/]\s?([\w/ .-]{2,30})$")
_NAMES_SOMEBODY = re.compile(
    r"author|autor|auteur|byline|by-line|source|quelle|agency|agence|agencia|person|profile|staff|reporter|writer|/by/"
    r"|credit|contributor|ressource",
    re.IGNORECASE,
)
_LINKED = 0.9


@dataclass(frozen=True, slots=True)
class Around:
    """A page's pieces, and where among them its article begins and ends."""

    pieces: Sequence[Piece]
    first: int
    last: int

    @classmethod
    def of(cls, pieces: Sequence[Piece], chosen: Sequence[Piece]) -> Around:
        """`chosen` as `body.choose` gave them. Where they are not of the page (told for machines), all is around."""
        keys = {(id(piece.element), piece.text[:40]) for piece in chosen if piece.text and piece.element is not None}
        places = [index for index, piece in enumerate(pieces) if (id(piece.element), piece.text[:40]) in keys]
        return cls(pieces, places[0], places[-1]) if places else cls(pieces, 0, -1)

    def before(self) -> list[str]:
        """Short lines before the article, in order."""
        head = self.pieces[max(0, self.first - _BEFORE) : self.first]
        return [piece.text for piece in head if 0 < len(piece.text) < 300]

    def bylines(self) -> list[str]:
        """Lines that may name who wrote it: before the article, in its head, and right after it."""
        if self.last < 0:
            return [piece.text for piece in self.pieces]
        head = self.pieces[max(0, self.first - _BEFORE) : min(self.first + _HEAD, self.last + 1)]
        after = self.pieces[self.last + 1 : self.last + 1 + _BESIDE]
        return [piece.text for piece in (*head, *after) if 0 < len(piece.text) < 400]

    def credits(self, ending: str) -> list[str]:
        """Short lines that may credit an agency: at the article's end, right after it, around its head, within it.

        `ending` is the article's last paragraph, which may close with a credit ("(Reuters)").
        """
        if self.last < 0:
            return []
        tail = _CREDITED.search(ending[-60:])
        after = self.pieces[self.last + 1 : self.last + 1 + _BESIDE]
        head = [
            self.pieces[index]
            for index in range(max(0, self.first - _BESIDE), min(self.first + _DECK, self.last + 1))
            if index < self.first or self.pieces[index - 1].kind is not BlockKind.IMAGE  # whose picture it is
        ]
        around = [line for piece in (*after, *head) if _may_credit(piece) for line in piece.text.splitlines()]
        inside = [piece.text for piece in self.pieces[self.first : self.last + 1] if is_credit_line(piece.text)]
        short = [line for line in around if 0 < len(line) < _CREDIT or is_credit_line(line) or is_rights_line(line)]
        return [*((f"({tail[1] or tail[2]})",) if tail else ()), *short, *inside]

    def rights(self) -> list[Piece]:
        """Pieces after the article, where a page states its rights; then those before it that say what is forbidden.

        Other lines with the mark before the text are those of pictures.
        """
        after = self.pieces[self.last + 1 :]
        before = [piece for piece in self.pieces[: self.first] if says(piece.text[:_LONGEST_LINE]) is not None]
        return [piece for piece in (*after, *before) if 0 < len(piece.text) < _LONGEST_LINE]


def _may_credit(piece: Piece) -> bool:
    """Whether a line can be a credit: no menu, and no tag that is a link to more about its subject."""
    if piece.kind not in TEXT_KINDS:
        return False
    if piece.kind is BlockKind.LIST and piece.link_share > 0.5:
        return False
    if piece.link_share < _LINKED:
        return not _is_in_menu(piece)
    named = any(_NAMES_SOMEBODY.search(link.url) for link in piece.links)
    return named or any(_NAMES_SOMEBODY.search(marks(element)) for element in list(ancestors(piece.element))[:3])


def _is_in_menu(piece: Piece) -> bool:
    return any(element.tag in {"nav", "li"} for element in list(ancestors(piece.element))[:4]) and not any(
        _NAMES_SOMEBODY.search(marks(element)) for element in list(ancestors(piece.element))[:4]
    )
