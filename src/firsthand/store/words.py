"""Words as search knows them: one way to fold and split, for what is kept and for what is asked, on every database.

A word is a run of letters and digits, without case and diacritics. Scripts that put no space between words (Chinese,
Japanese, Thai, Khmer, …) and Korean, which joins particles to them, are kept as overlapping pairs of letters, so that
any part of a run is found: 東京都 is kept as 東京 京都, and as each of its letters for searches of one letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

LONGEST = 255
"""Characters of a word that count; a lexeme of PostgreSQL holds at most 2,046 bytes."""
SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u1100-\u11ff\uac00-\ud7a3"  # Hangul
    "\u3005-\u3007\u3021-\u3029\u3041-\u312f\u31a0-\u31bf\u31f0-\u31ff"  # 々〆〇, kana, bopomofo
    "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
)
"""Letters of scripts without spaces, as ranges for a character class."""
_PIECE = re.compile(f"[{SPACELESS}]+|[^{SPACELESS}]+")
_SPACELESS = re.compile(f"[{SPACELESS}]")
# What NFKD leaves whole, and people type without: Łódź is asked for as "lodz", Iğdır as "igdir".
_STROKED = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
# Soft hyphen, joiners, marks of direction, Arabic's stretching line, selectors of a letter's variant: no part of a word
# and no end of one.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u0640\u180b-\u180e\u200d-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_KNOWN = 100_000
"""Letters whose folding is remembered: more than any library of news uses, few enough for memory."""


class _Folding(dict[int, str]):
    """What each letter becomes, for `str.translate`: a few letters, a space where a word ends, or nothing."""

    def __missing__(self, code: int) -> str:
        folded = _fold_letter(chr(code))
        if len(self) < _KNOWN:
            self[code] = folded
        return folded


def fold(text: str) -> str:
    """Text as words with spaces between. Each letter of `text`, in its composed form (NFC), is folded by itself."""
    return unicodedata.normalize("NFC", text).translate(FOLDING)


def pieces(text: str) -> Iterator[str]:
    """The words of a text, in order, a run of letters of spaceless scripts as one."""
    for word in fold(text).split():
        if word.isascii():
            yield word
        else:
            yield from _PIECE.findall(word)


def is_spaceless(piece: str) -> bool:
    """Whether a piece is a run of letters of spaceless scripts."""
    return _SPACELESS.match(piece) is not None


def split(text: str) -> list[str]:
    """A text as the words that are kept, in order."""
    folded = fold(text)
    if folded.isascii():  # nearly all of what most outlets write, at a third of the time
        found = folded.split()
        return found if max(map(len, found), default=0) <= LONGEST else [word[:LONGEST] for word in found]
    words: list[str] = []
    for piece in pieces(text):
        words += _pairs(piece) if is_spaceless(piece) else [piece[:LONGEST]]
    return words


def single_letters(texts: Iterable[str]) -> list[str]:
    """The letters of spaceless scripts in some texts, each once: what a search for one letter looks through."""
    whole = " ".join(texts)
    return [] if whole.isascii() else list(dict.fromkeys(_SPACELESS.findall(fold(whole))))


def phrases(term: str) -> list[tuple[str, ...]]:
    """What of a term must stand together, each as words in order; none where nothing of it is a word.

    A letter of a spaceless script that stands alone is looked for by itself: inside a run it is kept apart.
    """
    found: list[list[str]] = [[]]
    for piece in pieces(term):
        if is_spaceless(piece) and len(piece) == 1:
            found += [[piece], []]
        else:
            found[-1] += split(piece)
    return [tuple(phrase) for phrase in found if phrase]


def _pairs(run: str) -> list[str]:
    return [a + b for a, b in pairwise(run)] or [run]


def _fold_letter(letter: str) -> str:
    if _UNSEEN.match(letter):
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    kept = "".join(_STROKED.get(part, part) for part in plain if not _is_diacritic(part))
    return "".join(part if _is_of_words(part) else " " for part in unicodedata.normalize("NFC", kept))


def _is_diacritic(part: str) -> bool:
    """Whether a word is also written without this mark: accents, Hebrew and Arabic points, nukta.

    By canonical combining class (Unicode §4.3). Not the virama (9), the voicing of kana (8), Thai vowels and tones
    (103, 107): without them it is another word.
    """
    kind = unicodedata.combining(part)
    return kind in (1, 7) or 10 <= kind <= 36 or kind >= 200


def _is_of_words(part: str) -> bool:
    # Vowel signs of Indic and South-East Asian scripts are marks, and inside words.
    return part.isalnum() or unicodedata.category(part) in ("Mn", "Mc")


FOLDING = _Folding()
