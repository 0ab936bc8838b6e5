"""Headings, in which capitals tell nothing: there only the names that stand in the text too are names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from firsthand.analyze.people.name import Name
from firsthand.analyze.people.tokens import Page, Token
from firsthand.analyze.people.words import first_name_gender, fold
from firsthand.model.findings import EntityKind

__all__ = ["headings", "repeated", "within"]


def headings(page: Page) -> list[tuple[int, int]]:
    """Lines in which every word but the small ones has a capital: there capitals tell nothing."""
    found, first = [], 0
    for index in range(len(page.tokens) + 1):
        inside = index < len(page.tokens) and page.tokens[index].text not in (".", "?", "!")
        if inside and "\n" not in page.tokens[index].text:
            continue
        if _is_heading(page.tokens[first:index]):
            found.append((first, index))
        first = index + 1
    return found


def _is_heading(line: Sequence[Token]) -> bool:
    words = [token for token in line if token.text[0].isalpha()]
    if len(words) > 1 and all(len(token.text) > 1 and token.text.isupper() for token in words):
        return True
    capitals = sum(token.is_capitalized for token in words)
    if capitals < 4 or not all(token.is_capitalized or token.lower in _SMALL for token in words):
        return False
    return capitals > 4 or any(token.is_capitalized and not _is_naming(token) for token in words[1:])


def _is_naming(token: Token) -> bool:
    """Whether a capitalized word may belong to a name, and is not capitalized only since all words are."""
    return token.pos in ("PROPN", "NOUN", "ADJ", "NUM", "X", "") and token.lower not in _VERBS


_SMALL = frozenset(
    "a an the if and but or nor for of to in on at by with from as over after into vs v up is it its de la than".split()
)
_VERBS = frozenset(
    "was is are were be been has have had will would could may can not won't isn't says said after with about his her he she they".split()
)


def within(ranges: Sequence[tuple[int, int]], index: int) -> bool:
    at = bisect_right(ranges, (index, len(ranges) + index + 1)) - 1
    return at >= 0 and ranges[at][0] <= index < ranges[at][1]


def repeated(page: Page, lines: Sequence[tuple[int, int]], names: Sequence[Name]) -> Iterator[Name]:
    """In headings only names that stand in the text too, the longest first, and given names before family names."""
    known = {tuple(fold(word) for word in name.words): name for name in names}
    longest = max((len(words) for words in known), default=0)
    for first, last in lines:
        index = first
        while index < last:
            size, like = _known_at(page, index, min(longest, last - index), known)
            if like is not None:
                yield _as_known(page, index, size, like)
            index += max(size, 1)


def _known_at(page: Page, index: int, longest: int, known: Mapping[tuple[str, ...], Name]) -> tuple[int, Name | None]:
    """How many words from `index` are a name of the text, and the name."""
    tokens = page.tokens
    if not tokens[index].is_capitalized:
        return 0, None
    folded = tuple(fold(token.text) for token in tokens[index : index + longest])
    for size in range(len(folded), 0, -1):
        if folded[:size] in known:
            return size, known[folded[:size]]
    family = known.get(folded[1:2])
    if (
        family is not None
        and family.kind is EntityKind.PERSON
        and first_name_gender(tokens[index].text) is not None
        and page.touching(index + 1)
    ):
        return 2, replace(family, kind=EntityKind.PERSON, sure=True)
    return 0, None


def _as_known(page: Page, index: int, size: int, like: Name) -> Name:
    tokens = page.tokens[index : index + size]
    words = tuple(token.text for token in tokens)
    gender = like.gender or ((first_name_gender(words[0]) or "") if size > 1 else "")
    return Name(index, index + size, index, words, tokens[0].start, tokens[-1].end, like.kind, like.sure, gender)
