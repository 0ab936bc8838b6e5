"""A text as normalized words, each with its place in the text.

Words are what two printings of one report share when case, quotation marks, dashes and spacing differ. Scripts that
are written without spaces count by character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from firsthand.model.article import Span

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

# Han, kana, Thai, Lao, Tibetan, Myanmar, Khmer: no spaces between words.
_UNSPACED = (
    "\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Python's \w leaves out the vowel signs of the Indic scripts, the points of Hebrew and Arabic, and combining accents.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0963\u0966-\u0dff\u00ad\u200b-\u200d\u2060"
)
_SPECIAL = re.compile(f"[{_UNSPACED}{_MARKS}]")
_LETTER = rf"(?:[^\W\d_{_UNSPACED}]|[{_MARKS}])"
_NUMBER = r"\d+(?:[.,:]\d+)*"
_ANY_WORD = re.compile(rf"[{_UNSPACED}]|{_NUMBER}|{_LETTER}+(?:['’ʼ]{_LETTER}+)*")
_PLAIN_WORD = re.compile(rf"[a-zA-Z]++(?![^\W\d_])(?:['’ʼ][^\W\d_]+)*|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|{_NUMBER}")
"""For texts without those scripts and marks: six times as fast."""
_IGNORED = str.maketrans({"’": "'", "ʼ": "'", **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060")})


class _Remembered(dict[str, int]):
    """Word to hash; a language has fewer than `LIMIT` words that are common. About 25 MB when full."""

    LIMIT = 200_000

    def __missing__(self, word: str) -> int:
        if len(self) >= self.LIMIT:
            self.clear()
        found = self[word] = xxh3_64_intdigest(normalize(word).encode("utf-8", "surrogatepass"))
        return found


_hashes = _Remembered()


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of one text: `hashes[i]` is the word at `text[starts[i]:ends[i]]`, normalized."""

    hashes: Hashes
    starts: Places
    ends: Places

    def __len__(self) -> int:
        return len(self.hashes)

    def span(self, first: int, last: int) -> Span:
        """The stretch of text from word `first` up to and without word `last`; empty where they are equal."""
        if first >= last:
            at = int(self.starts[first]) if first < len(self) else (int(self.ends[-1]) if len(self) else 0)
            return Span(at, at)
        return Span(int(self.starts[first]), int(self.ends[last - 1]))


def word_hashes(text: str) -> Hashes:
    """The hashes of `split_words(text)`, without the places: three times as fast."""
    found = _pattern(text).findall(text)
    return np.fromiter(map(_hashes.__getitem__, found), np.uint64, len(found))


def split_words(text: str) -> Words:
    """The words of `text`, in reading order. Any string is a text, with any code points in it."""
    found = [(match[0], *match.span()) for match in _pattern(text).finditer(text)]
    hashes = np.fromiter((_hashes[word] for word, _, _ in found), np.uint64, len(found))
    places = np.array([(start, end) for _, start, end in found], np.int64).reshape(-1, 2)
    return Words(hashes, places[:, 0], places[:, 1])


def normalize(word: str) -> str:
    """The form in which two printings of one word are equal: case and kinds of apostrophe fall away, digits stay."""
    return word.casefold().translate(_IGNORED)


def _pattern(text: str) -> re.Pattern[str]:
    return _ANY_WORD if not text.isascii() and _SPECIAL.search(text) else _PLAIN_WORD
