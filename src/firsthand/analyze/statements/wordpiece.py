"""Words into the pieces of BERT's uncased vocabulary, without a library: each word is looked up once."""

from __future__ import annotations

import unicodedata
from pathlib import Path

PIECES_A_WORD = 8
"""Pieces beyond are dropped: they would crowd out other words, and names are known by their start."""
LONGEST = 100
"""Longer words are unknown (as in BERT's own tokenizer)."""


class WordPieces:
    """Greedy longest-match pieces of a word (Wu et al. 2016), lower-cased and without accents."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").split("\n")
        self._ids = {piece: number for number, piece in enumerate(lines) if piece}
        self._known: dict[str, tuple[int, ...]] = {}
        self.opening, self.separator = self._ids["[CLS]"], self._ids["[SEP]"]
        self.unknown, self.mask = self._ids["[UNK]"], self._ids["[MASK]"]

    def __call__(self, word: str) -> tuple[int, ...]:
        """The numbers of the pieces of one word: at least one, at most `PIECES_A_WORD`."""
        pieces = self._known.get(word)
        if pieces is None:
            pieces = self._split(word)
            if len(self._known) < 200_000:  # a bound: a reader that lives for months meets endless new words
                self._known[word] = pieces
        return pieces

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST:
            return (self.unknown,)
        pieces = [piece for part in _parts(_plain(word)) for piece in self._greedy(part)]
        return tuple(pieces[:PIECES_A_WORD]) or (self.unknown,)

    def _greedy(self, word: str) -> list[int]:
        pieces: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._ids.get(("##" if start else "") + word[start:end])
                if number is not None:
                    break
            else:
                return [self.unknown]
            pieces.append(number)
            start = end
        return pieces


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in decomposed if unicodedata.category(char) not in {"Mn", "Cc", "Cf"})


def _parts(word: str) -> list[str]:
    """Parts that BERT's own tokenizer splits as well: ideographs one by one, and the underscore."""
    spaced = "".join(f" {char} " if char == "_" or "\u4e00" <= char <= "\u9fff" else char for char in word)
    return spaced.split()
