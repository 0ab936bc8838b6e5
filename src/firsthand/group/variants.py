"""The same quote as several outlets give it: which wordings are of one utterance, and what is changed in each. Pure.

Outlets shorten, translate and mend what somebody said. Wordings belong together where their words, in order, are mostly
the same, or where the shorter is a part of the longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from rapidfuzz.distance import Indel, LCSseq

__all__ = ["ALIKE", "Piece", "PieceKind", "marked", "same_quotes"]

ALIKE = 0.6
"""Share of both wordings' words that stand in both, in the same order."""
WITHIN = 0.8
"""Share of the shorter one's words that must stand in the longer, in order and close, for it to be a part of it."""
FEWEST = 6
"""Words of a wording; shorter ones are alike by chance ("I have no comment")."""
TELLING = 4
"""Letters of a word that tells what is spoken of; small words are the same in all that is said."""
ROOM = 1.5
"""How far a part may be spread in the longer wording, as a multiple of its own length."""
_WORD = re.compile(r"\S+\s*")
_LETTERS = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("’ʼ`", "'''")


class PieceKind(Enum):
    """What became of a run of words from the first wording to another."""

    KEPT = "kept"
    CUT = "cut"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, in the letters of the wording that it is from."""

    kind: PieceKind
    text: str


def same_quotes(contents: Sequence[str]) -> list[list[int]]:
    """The wordings of one utterance together, by their places; only groups of two and more.

    Each joins the group whose first member it is most like, so a chain of small changes never leads far from it.
    """
    words = [_keys(content) for content in contents]
    groups: list[list[int]] = []
    for place, mine in enumerate(words):
        # -number: of equals the earliest group.
        best = max(((_alike(mine, words[group[0]]), -number) for number, group in enumerate(groups)), default=(0.0, 0))
        if len(mine) >= FEWEST and best[0] >= ALIKE:
            groups[-best[1]].append(place)
        else:
            groups.append([place])
    return [group for group in groups if len(group) > 1]


def marked(first: str, other: str) -> tuple[Piece, ...]:
    """`other` beside `first`: what it keeps, what of `first` it leaves out, what it adds. Marks and case change nothing."""
    old, new = _WORD.findall(first.strip()), _WORD.findall(other.strip())
    pieces: list[Piece] = []
    for step in LCSseq.opcodes([_key(word) for word in old], [_key(word) for word in new]):
        if step.tag == "equal":
            pieces.append(Piece(PieceKind.KEPT, "".join(new[step.dest_start : step.dest_end])))
        else:
            pieces += _changed(
                "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
            )
    return tuple(_cut_first(pieces))


def _cut_first(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Between what is kept, what was left out and then what was put in: "was" became "had been"."""
    for kept, run in groupby(pieces, key=lambda piece: piece.kind is PieceKind.KEPT):
        found = list(run)
        if kept:
            yield from found
            continue
        for kind in (PieceKind.CUT, PieceKind.ADDED):
            if text := "".join(piece.text for piece in found if piece.kind is kind):
                yield Piece(kind, text)


def is_same_wording(first: str, other: str) -> bool:
    """Whether two wordings differ in marks and case only."""
    return _keys(first) == _keys(other)


def _changed(old: str, new: str) -> list[Piece]:
    return [Piece(kind, text) for kind, text in ((PieceKind.CUT, old), (PieceKind.ADDED, new)) if text]


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two wordings are, 0 to 1; a part of the other is just alike enough."""
    shorter, longer = sorted((one, other), key=len)
    # What they tell of first, in any order: it costs a tenth, and nearly no two statements have enough of it in common.
    telling = {word for word in shorter if len(word) >= TELLING}
    if len(shorter) < FEWEST or len(telling & {*longer}) < max(2, ALIKE * len(telling)):
        return 0.0
    alike = float(Indel.normalized_similarity(one, other))
    return ALIKE if alike < ALIKE and _is_within(shorter, longer) else alike


def _is_within(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Whether most of the shorter stands in the longer, not scattered: small words in order are in any long text."""
    blocks = [block for block in LCSseq.editops(shorter, longer).as_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < WITHIN * len(shorter):
        return False
    return blocks[-1].b + blocks[-1].size - blocks[0].b <= ROOM * len(shorter)


def _keys(text: str) -> list[str]:
    return [key for word in text.split() if (key := _key(word))]


def _key(word: str) -> str:
    return "".join(_LETTERS.findall(word.translate(_APOSTROPHES).casefold()))
