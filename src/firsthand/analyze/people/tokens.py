"""The words of a text with their offsets; with a parse, each has its part of speech and the label of the name it is in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from firsthand.analyze.people.words import first_name_gender

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Page", "Token", "read_page"]

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?!\w)"  # U.S.
    r"|[^\W_]+(?:[-‑&][^\W_]+|['’](?!s\b|S\b)[^\W\d_]+)*"  # words, Muñoz-Ruiz, O'Brien
    r"|['’]s\b"
    r"|\n\s*\n|[^\w\s]"
)
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gov sen rep reps sens gen lt col maj capt cmdr adm sgt det insp rev hon st jr sr amb supt pres atty asst fr"
    " del cllr brig cpl pvt messrs mme mlle sra srta".split()
)
_STOPS = frozenset(".!?…。！？")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark. `pos` and `tag` are spaCy's, "" without a parse; `label` is of the named entity it lies in."""

    start: int
    end: int
    text: str
    pos: str = ""
    tag: str = ""
    label: str = ""
    first: bool = False
    """It begins a sentence."""

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capitalized(self) -> bool:
        return self.text[0].isupper()

    @property
    def lower(self) -> str:
        return self.text.lower().rstrip(".")


@dataclass(frozen=True)
class Page:
    """A text as tokens."""

    text: str
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]
    small: frozenset[str] = frozenset()
    """The words that stand in small letters somewhere."""

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Words that end a name behind a given name: "Dean", where the text has "Howard Dean"."""
        known = [token.is_capitalized and first_name_gender(token.text) is not None for token in self.tokens]
        ends = [*(not token.is_capitalized for token in self.tokens[2:]), True]
        pairs = zip(known, self.tokens[1:], ends, strict=False)
        return frozenset(token.text for given, token, end in pairs if given and end and token.is_capitalized)

    def at(self, position: int) -> int:
        """The index of the token that holds `position`, or of the next one."""
        index = bisect_right(self.starts, position) - 1
        if index >= 0 and self.tokens[index].end > position:
            return index
        return index + 1

    def touching(self, index: int) -> bool:
        """Whether nothing but one space or less stands between the token at `index` and the one before it."""
        if index <= 0:
            return False
        between = self.text[self.tokens[index - 1].end : self.tokens[index].start]
        return between in ("", " ", "\u00a0", "\n")


def read_page(text: str, doc: Doc | None = None) -> Page:
    """The tokens of `text`; `doc` is its parse, where there is one."""
    parts = _Parts(doc) if doc is not None else None
    found: list[Token] = []
    first = True
    for match in _TOKEN.finditer(text):
        start, end, word = match.start(), match.end(), match[0]
        if word == "." and found and found[-1].end == start and _is_short(found[-1].text):
            last = found.pop()
            found.append(Token(last.start, end, last.text + ".", last.pos, last.tag, last.label, last.first))
            continue
        pos, tag, label = parts.of(start) if parts else ("", "", "")
        found.append(Token(start, end, word, pos, tag, label, first))
        if word[0].isalnum():
            first = False
        elif word in _STOPS or word[0] == "\n" or word in ":“":
            first = True
    small = frozenset(token.text for token in found if token.text.islower())
    return Page(text, tuple(found), tuple(token.start for token in found), small)


def _is_short(word: str) -> bool:
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


class _Parts:
    """What the parse says of the token at a position."""

    def __init__(self, doc: Doc) -> None:
        from spacy import attrs

        columns = doc.to_array([attrs.IDX, attrs.POS, attrs.TAG, attrs.ENT_TYPE]).T.tolist()
        self._starts: Sequence[int] = columns[0]
        self._numbers = list(zip(*columns[1:], strict=True))
        self._strings = doc.vocab.strings
        self._known: dict[tuple[int, int, int], tuple[str, str, str]] = {}

    def of(self, position: int) -> tuple[str, str, str]:
        """Part of speech, tag and label; a text has a few dozen different ones."""
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return "", "", ""
        numbers = self._numbers[index]
        found = self._known.get(numbers)
        if found is None:
            pos, tag, label = (self._strings[number] for number in numbers)
            found = self._known[numbers] = (pos, tag, label)
        return found
