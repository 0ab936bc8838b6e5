"""A text as words with code-point offsets, in paragraphs, packed into the windows that the encoder reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from firsthand.analyze.statements.wordpiece import WordPieces

WINDOW = 256
"""Pieces that the encoder reads at once, separators included (as trained)."""
_PARAGRAPH = re.compile(r"[^\n]+")
_WORD = re.compile(r"\w+|[^\w\s]")
_MARKS = {"“": 1, "”": 0, "„": 1, "«": 1, "»": 0}
_ENDS = frozenset(".!?")


@dataclass(slots=True)
class Paragraph:
    """One paragraph, or a part of one that is too long for a window. Lists run parallel, by word."""

    number: int
    """Which paragraph of the text; the parts of a long one share it."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    pieces: list[tuple[int, ...]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    """Letter case (0 lower, 1 capital first, 2 all capitals) + 3 when inside quotation marks."""
    ends: list[bool] = field(default_factory=list)
    """The word is a mark that ends a sentence."""

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))


@dataclass(slots=True)
class Window:
    """What the encoder reads at once: `[CLS] paragraph [SEP] paragraph [SEP] …`.

    By piece: `ids`, `kinds`. By word, separators counting as words: `firsts` (its first piece), `words` (its number
    in the text, -1 for a separator), `paragraphs` and `sentences` (numbers that rise within the window).
    """

    ids: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)


def paragraphs(text: str, pieces: WordPieces, most: int = WINDOW - 2) -> list[Paragraph]:
    """The paragraphs of a text that hold words; one of more than `most` pieces comes in parts, cut at a sentence."""
    found: list[Paragraph] = []
    for number, match in enumerate(_PARAGRAPH.finditer(text)):
        whole = _read(number, match.group(), match.start(), pieces)
        found.extend(_parts(whole, most))
    return found


def _read(number: int, text: str, offset: int, pieces: WordPieces) -> Paragraph:
    paragraph = Paragraph(number)
    quoted = 0
    for match in _WORD.finditer(text):
        word = match.group()
        if word in _MARKS:
            quoted = _MARKS[word]
        elif word == '"' or (word == "'" and text[match.end() : match.end() + 1] == "'"):  # '' stands for "
            quoted = 1 - quoted
        paragraph.spans.append((offset + match.start(), offset + match.end()))
        paragraph.pieces.append(pieces(word))
        paragraph.kinds.append(_case(word) + 3 * quoted)
        paragraph.ends.append(word in _ENDS)
    return paragraph


def _case(word: str) -> int:
    if len(word) > 1 and word.isupper():
        return 2
    return 1 if word[0].isupper() else 0


def _parts(whole: Paragraph, most: int) -> Iterator[Paragraph]:
    begin = size = 0
    last_end = -1
    for at, pieces in enumerate(whole.pieces):
        if size + len(pieces) > most:
            cut = last_end if last_end > begin else at
            yield _slice(whole, begin, cut)
            begin, last_end = cut, -1
            size = sum(map(len, whole.pieces[begin:at]))
        size += len(pieces)
        if whole.ends[at] and size > most // 2:
            last_end = at + 1
    if begin < len(whole.spans):
        yield _slice(whole, begin, len(whole.spans))


def _slice(whole: Paragraph, begin: int, end: int) -> Paragraph:
    return Paragraph(
        whole.number, whole.spans[begin:end], whole.pieces[begin:end], whole.kinds[begin:end], whole.ends[begin:end]
    )


def windows(parts: list[Paragraph], pieces: WordPieces, limits: Iterator[int] | None = None) -> Iterator[Window]:
    """Whole consecutive paragraphs, as many as a window takes. `limits` varies the sizes (in training)."""
    window, word = Window(), 0
    limit = next(limits) if limits else WINDOW
    for part in parts:
        if window.ids and len(window.ids) + part.size + 1 > limit:
            yield window
            window = Window()
            limit = next(limits) if limits else WINDOW
        if not window.ids:
            window.ids.append(pieces.opening)
            window.kinds.append(0)
        _append(window, part, word, pieces.separator)
        word += len(part.spans)
    if window.ids:
        yield window


def _append(window: Window, part: Paragraph, word: int, separator: int) -> None:
    paragraph = window.paragraphs[-1] + 1 if window.paragraphs else 0
    sentence = window.sentences[-1] + 1 if window.sentences else 0
    for at, ids in enumerate(part.pieces):
        window.firsts.append(len(window.ids))
        window.ids.extend(ids)
        window.kinds.extend([part.kinds[at]] * len(ids))
        window.words.append(word + at)
        window.paragraphs.append(paragraph)
        window.sentences.append(sentence)
        sentence += part.ends[at]
    window.firsts.append(len(window.ids))
    window.ids.append(separator)
    window.kinds.append(0)
    window.words.append(-1)
    window.paragraphs.append(paragraph)
    window.sentences.append(sentence)
