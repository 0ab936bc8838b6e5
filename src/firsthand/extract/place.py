"""Where pieces stand in a page's tree: what holds them, what they share, and which place is the article's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from firsthand.extract.dom import Element
from firsthand.extract.piece import PROSE, Piece
from firsthand.model.article import BlockKind

_ENOUGH = 0.9
_BODY = 3


def ancestors(element: Element | None) -> Iterator[Element]:
    """`element` and all that hold it, innermost first."""
    while element is not None:
        yield element
        element = element.getparent()


def home(piece: Piece) -> Element | None:
    """What holds a piece's element: siblings share it."""
    element: Element | None = piece.element
    parent = element.getparent() if element is not None else None
    return parent if parent is not None else element


def place(piece: Piece) -> tuple[str, ...]:
    """Tags and classes of a piece's element and all that hold it: equal for pieces that one template line made."""
    return tuple(f"{element.tag}.{_plain(element.get('class') or '')}" for element in ancestors(piece.element))


@lru_cache(maxsize=4096)
def _plain(classes: str) -> str:
    """Classes without modifiers: "body -bottom-space" and "body body--last" are the same block (BEM)."""
    return " ".join(name for name in classes.split() if not name.startswith("-") and "--" not in name)


def marks(element: Element) -> str:
    """Class and id of an element, by which templates say what it is."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def main_place(pieces: Sequence[Piece], chosen: Iterable[int]) -> tuple[str, ...] | None:
    """The place of at least half of the chosen prose; None where it is scattered."""
    weight: dict[tuple[str, ...], int] = {}
    for index in chosen:
        if pieces[index].kind is BlockKind.PARAGRAPH:
            where = place(pieces[index])
            weight[where] = weight.get(where, 0) + len(pieces[index].text)
    main = max(weight, key=lambda where: weight[where], default=None)
    return main if main is not None and weight[main] >= 0.5 * sum(weight.values()) else None


def main_holders(pieces: Sequence[Piece], chosen: Iterable[int]) -> frozenset[Element]:
    """Every element that holds prose of the main place: what is in none of them stands in a box of its own.

    Empty where there are too few paragraphs of one place to tell a body from boxes.
    """
    indices = list(chosen)
    main = main_place(pieces, indices)
    if main is None:
        return frozenset()
    prose = [piece for piece in (pieces[index] for index in indices) if piece.element is not None]
    body = [piece for piece in prose if len(piece.text) >= PROSE and place(piece) == main]
    if len(body) < _BODY:
        return frozenset()
    return frozenset(holder for piece in body for holder in ancestors(piece.element.getparent()))


def container(pieces: Iterable[Piece]) -> Element | None:
    """The smallest element that holds nine tenths of the text."""
    held: dict[Element, int] = {}
    total = 0
    for piece in pieces:
        total += len(piece.text)
        for element in ancestors(piece.element):
            held[element] = held.get(element, 0) + len(piece.text)
    enough = [element for element, size in held.items() if size >= _ENOUGH * total]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def is_within(piece: Piece, holder: Element | None) -> bool:
    return any(element is holder for element in ancestors(piece.element))


def box_of(piece: Piece, holders: frozenset[Element]) -> Element | None:
    """The outermost element that holds `piece` and none of the main prose; None where it stands among that prose."""
    box = None
    for element in ancestors(piece.element):
        if element in holders:
            return box if box is not piece.element else None
        box = element
    return None
