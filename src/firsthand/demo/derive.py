"""Derived texts: a copy made from the agency's text, and a text that its outlet edits later.

All functions are pure, on blocks. A declared edit that finds nothing to change is an error, so that the gold facts of
the content files cannot drift from the texts.
"""

from __future__ import annotations

from dataclasses import replace

from firsthand.demo.markup import ContentError, Placed, TextBlock
from firsthand.model.article import BlockKind

Swap = tuple[str, str]


def derive(
    original: tuple[Placed, ...],
    inserted: tuple[Placed, ...],
    dropped: frozenset[int],
    swaps: tuple[Swap, ...],
    where: str,
) -> tuple[TextBlock, ...]:
    """The original's blocks without the `dropped` ones (counted from 1), words swapped, own blocks put in.

    Raises:
        ContentError: a swap's old words are not in what is left of the original.
    """
    numbers = [number for number in range(1, len(original) + 1) if number not in dropped]
    kept = swap(tuple(original[number - 1].block for number in numbers), swaps, where)
    # Sorted by (place, own after the original's); stable, so own blocks of one place keep the order as written.
    order = [((number, 0), block) for number, block in zip(numbers, kept, strict=True)]
    order += [((placed.after or 0, 1), placed.block) for placed in inserted]
    return tuple(block for _, block in sorted(order, key=lambda pair: pair[0]))


def swap(blocks: tuple[TextBlock, ...], swaps: tuple[Swap, ...], where: str) -> tuple[TextBlock, ...]:
    """The blocks with every `old` replaced by its `new`.

    Raises:
        ContentError: an `old` stands in no block.
    """
    for old, new in swaps:
        changed = tuple(_replaced(block, old, new) for block in blocks)
        if changed == blocks:
            raise ContentError(f"{where}: “{old}” is not in the text")
        blocks = changed
    return blocks


def with_dateline(blocks: tuple[TextBlock, ...], line: str) -> tuple[TextBlock, ...]:
    """The blocks with `line` before the words of the first paragraph."""
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.PARAGRAPH:
            return (*blocks[:index], replace(block, text=line + block.text), *blocks[index + 1 :])
    return blocks


def numbers(text: str) -> tuple[int, ...]:
    """Block numbers as headers give them: `2 4-6`."""
    found: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return tuple(found)


def arrow(text: str, where: str) -> Swap:
    """The two sides of `old => new`; an empty `new` cuts the old words."""
    old, mark, new = text.partition(" =>")
    if not mark:
        raise ContentError(f"{where}: “{text}” is no “old => new”")
    return old, new.strip()


def _replaced(block: TextBlock, old: str, new: str) -> TextBlock:
    return block.map(lambda text: text.replace(old, new))
