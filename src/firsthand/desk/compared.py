"""Two texts beside each other, ready to show: rows of sentences, words marked, what tells called out. Pure.

`group.diff` says which sentences stand for each other; here each pair becomes pieces of text that were kept, cut or
added, so that a page and a terminal only have to write them down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Final

from rapidfuzz.distance import Indel

from firsthand.group.diff import diff
from firsthand.model.article import Article, Span
from firsthand.model.grouping import Diff, Line, PartKind, Telling, TellingKind, percent

CONTEXT: Final = 1
"""Unchanged sentences that are shown on either side of a change; those between are folded."""
FOLD: Final = 3
"""So many unchanged sentences and more are folded."""
MOST_TOLD: Final = 12
"""Figures and quotes that are called out."""
RELATED: Final = 0.2
"""Below this share in common two texts are not versions of each other, and their figures do not stand for each other."""
HARDLY: Final = 0.05
"""Below this share two texts have nothing to do with each other."""
LONGEST_TOLD: Final = 240
"""Characters of a quote that is called out."""
LONGEST_WORD: Final = 40
"""Characters before a figure in which the word before it is looked for."""
ALIKE: Final = 0.25
"""Share of equal words below which a sentence was written anew: marking word by word would only confuse."""

_TOKEN = re.compile(r"(?:[^\W_]+(?:[.,:'’-][^\W_]+)*|[^\w\s]|_)\s*")
_UNIT = re.compile(r"\s?(?:%|[^\W\d_]+)")
_BEFORE = re.compile(r"[^\W_]+\s$")
_PLAIN = re.compile(r"[^\W_]+(?:[.,:][0-9]+)*")
_SIGN = frozenset("$€£¥₹")


class Mark(Enum):
    """What became of a piece of text."""

    SAME = "same"
    CUT = "cut"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    mark: Mark = Mark.SAME


_GAP = Piece(" ")
"""Between what was cut and what was added where both stand in one line; neither text has it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence, or two that stand for each other. `before` or `after` is empty where it was added or cut."""

    number: int
    kind: PartKind
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    inline: tuple[Piece, ...]
    """Both in one, each word once."""
    moved: str = ""
    """Where a sentence that moved stood: "moved up, was sentence 12"."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand together; `folded`: unchanged, shown when asked for."""

    rows: tuple[Row, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A figure or a quote that changed, with the words around it that say of what."""

    kind: TellingKind
    before: str
    after: str
    row: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one text became another."""

    blocks: tuple[Block, ...]
    told: tuple[Told, ...]
    kept: float
    """Share of the words before that stand after, 0 to 1."""
    reused: float
    """Share of the words after that stood before, 0 to 1."""

    @property
    def rows(self) -> Iterator[Row]:
        return (row for block in self.blocks for row in block.rows)

    @property
    def percents(self) -> tuple[int, int]:
        """`kept` and `reused` as they are said."""
        return percent(self.kept), percent(self.reused)

    @property
    def related(self) -> bool:
        """Whether one text has a noticeable part of the other's words, or both are empty."""
        return max(self.kept, self.reused) >= HARDLY or not self.blocks

    @property
    def words(self) -> str:
        """What changed: `2 sentences changed, 1 added, 1 moved`; "" where nothing did."""
        counts = {kind: sum(row.kind is kind for row in self.rows) for kind in PartKind}
        names = {
            PartKind.CHANGED: "changed",
            PartKind.ADDED: "added",
            PartKind.CUT: "cut",
            PartKind.MOVED: "moved",
        }
        found = [(counts[kind], name) for kind, name in names.items() if counts[kind]]
        if not found:
            return ""
        (first, name), *rest = found
        noun = "sentence" if first == 1 else "sentences"
        return ", ".join([f"{first} {noun} {name}", *(f"{count} {name}" for count, name in rest)])


def said(article: Article) -> str:
    """An article's text with its headline on top: outlets change that most of all."""
    return f"{article.headline}\n\n{article.text}" if article.headline else article.text


def compare_texts(before: str, after: str) -> Comparison:
    """How `before` became `after`."""
    return compared(diff(after, before), before, after)


def compared(found: Diff, before: str, after: str) -> Comparison:
    """A difference that is known, ready to show. `found` is that of `after` from `before`."""
    moves = _moves(found.lines)
    rows = [_row(number, line, before, after, moves.get(number, "")) for number, line in enumerate(found.lines, 1)]
    told = _told(found, before, after) if max(found.kept, found.reused) >= RELATED else ()
    return Comparison(tuple(_blocks(rows)), told, found.kept, found.reused)


def still_says(text: str, told: Told) -> bool:
    """Whether another text still has the words from before the change, and not those from after it."""
    words = _plain(text)
    return f" {_plain(told.before).strip()} " in words and f" {_plain(told.after).strip()} " not in words


def _plain(text: str) -> str:
    """Words alone, folded, a space around each."""
    return f" {' '.join(_PLAIN.findall(text.casefold()))} "


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(number: int, line: Line, before: str, after: str, moved: str) -> Row:
    old, new = before[line.there.start : line.there.end], after[line.here.start : line.here.end]
    if not new:
        pieces = (Piece(old, Mark.CUT),)
        return Row(number, line.kind, pieces, (), pieces)
    if not old:
        pieces = (Piece(new, Mark.ADDED),)
        return Row(number, line.kind, (), pieces, pieces)
    inline = word_pieces(old, new)
    left = tuple(piece for piece in inline if piece.mark is not Mark.ADDED and piece is not _GAP)
    right = tuple(piece for piece in inline if piece.mark is not Mark.CUT and piece is not _GAP)
    kind = line.kind
    if kind is not PartKind.MOVED:
        kind = PartKind.KEPT if all(piece.mark is Mark.SAME for piece in inline) else PartKind.CHANGED
    return Row(number, kind, left, right, inline, moved)


def word_pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Two sentences in one, word by word: what both have once, what was cut before what was added in its place."""
    if old == new:
        return (Piece(new),)
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    edits = Indel.opcodes([_key(word) for word in was], [_key(word) for word in now])
    same = sum(edit.src_end - edit.src_start for edit in edits if edit.tag == "equal")
    if same < ALIKE * min(len(was), len(now)):
        return (Piece(old, Mark.CUT), _GAP, Piece(new, Mark.ADDED))
    pieces: list[Piece] = []
    cut: list[str] = []
    added: list[str] = []
    for edit in edits:
        words, others = was[edit.src_start : edit.src_end], now[edit.dest_start : edit.dest_end]
        if edit.tag != "equal":
            cut += words
            added += others
        elif cut and added and edit.src_end < len(was) and len(others) == 1 and len(others[0].strip()) < 4:
            # One short word between two changes is an accident: "in May" and "on June 3" have little in common.
            cut += words
            added += others
        else:
            pieces += _changed(cut, added)
            cut, added = [], []
            pieces.append(Piece("".join(others)))
    pieces += _changed(cut, added)
    return tuple(pieces)


def _changed(cut: Sequence[str], added: Sequence[str]) -> Iterator[Piece]:
    """What was cut and what was added in its place."""
    if cut:
        yield Piece("".join(cut), Mark.CUT)
    if cut and added and not cut[-1][-1].isspace():
        yield _GAP
    if added:
        yield Piece("".join(added), Mark.ADDED)


def _key(word: str) -> str:
    """A word as it is compared: quotation marks and dashes are the typesetter's."""
    return word.strip().translate(_TYPE)


_TYPE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-"})


def _moves(lines: Sequence[Line]) -> dict[int, str]:
    """For each sentence that moved, by its row, where it stood."""
    paired = [line for line in lines if line.here.end and line.there.end]
    places = {span: place for place, span in enumerate(sorted((one.there for one in paired), key=_start), 1)}
    sentences = sorted((line.there for line in lines if line.there.end), key=_start)
    numbers = {span: number for number, span in enumerate(sentences, 1)}
    heres = {line.here: place for place, line in enumerate(paired, 1)}
    found = {}
    for number, line in enumerate(lines, 1):
        if line.kind is PartKind.MOVED:
            way = "up" if places[line.there] > heres[line.here] else "down"
            found[number] = f"moved {way}, was sentence {numbers[line.there]}"
    return found


def _start(span: Span) -> int:
    return span.start


def _blocks(rows: Sequence[Row]) -> Iterator[Block]:
    """Changes with a sentence around them, and what lies between them folded."""
    shown = [False] * len(rows)
    for place, row in enumerate(rows):
        if row.kind is not PartKind.KEPT:
            for near in range(max(0, place - CONTEXT), min(len(rows), place + CONTEXT + 1)):
                shown[near] = True
    runs = [list(run) for _, run in groupby(range(len(rows)), key=shown.__getitem__)]
    for run in runs:
        if len(run) < FOLD:
            for place in run:
                shown[place] = True
    for visible, places in groupby(range(len(rows)), key=shown.__getitem__):
        yield Block(tuple(rows[place] for place in places), folded=not visible)


# ── What tells ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _told(found: Diff, before: str, after: str) -> tuple[Told, ...]:
    unique: dict[tuple[str, str], Told] = {}
    for one in found.telling:
        was, now = _in_words(one, before, after)
        row = next((n for n, line in enumerate(found.lines, 1) if _holds(line.here, one.here)), 0)
        if was != now:
            unique.setdefault((was, now), Told(one.kind, was, now, row))
    return tuple(list(unique.values())[:MOST_TOLD])


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _in_words(one: Telling, before: str, after: str) -> tuple[str, str]:
    """The words before and after; a figure with its sign, and with the word that says of what, where that stayed."""
    if one.kind is TellingKind.QUOTE:
        return _short(one.before), _short(one.after)
    was, now = _signed(before, one.there), _signed(after, one.here)
    units = _UNIT.match(before, one.there.end), _UNIT.match(after, one.here.end)
    if units[0] and units[1] and units[0][0].casefold() == units[1][0].casefold():
        return was + units[0][0], now + units[1][0]
    leads = [
        _BEFORE.search(text[max(0, span.start - LONGEST_WORD) : span.start])
        for text, span in ((before, one.there), (after, one.here))
    ]
    if leads[0] and leads[1] and leads[0][0].casefold() == leads[1][0].casefold():
        return leads[0][0] + was, leads[1][0] + now
    return was, now


def _signed(text: str, span: Span) -> str:
    start = span.start - (span.start > 0 and text[span.start - 1] in _SIGN)
    return text[start : span.end]


def _short(quote: str) -> str:
    quote = " ".join(quote.split()).rstrip(",")
    return quote if len(quote) <= LONGEST_TOLD else quote[:LONGEST_TOLD].rsplit(" ", 1)[0] + " …"
