"""Stretches of an English text in which names stand: capitalized words, and the small words between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firsthand.analyze.people.name import JOINS, PARTICLES, SUFFIXES
from firsthand.analyze.people.tokens import Page, Token
from firsthand.analyze.people.words import english

__all__ = ["runs"]


def runs(page: Page) -> Iterator[tuple[int, int]]:
    """Stretches of capitalized words, with the particles and, in organizations, the small words between them."""
    index, tokens = 0, page.tokens
    while index < len(tokens):
        if not _begins(tokens[index]):
            index += 1
            continue
        last = index + 1
        while (after := _extended(page, index, last)) > last:
            last = after
        yield index, last
        index = last


def _begins(token: Token) -> bool:
    return token.is_word and token.is_capitalized and not token.text.isdigit()


def _extended(page: Page, first: int, last: int) -> int:
    """Where the run that began at `first` ends after taking the word at `last`; `last` where it cannot."""
    tokens = page.tokens
    if last >= len(tokens) or not page.touching(last) or _ends_name(tokens[last - 1]):
        return last
    token = tokens[last]
    if _begins(token):
        return last if _is_new_sentence(tokens, last) else last + 1
    if token.lower in PARTICLES and last + 1 < len(tokens) and page.touching(last + 1):
        after = last + 1
        while after < len(tokens) and tokens[after].lower in PARTICLES and page.touching(after):
            after += 1
        if after < len(tokens) and _begins(tokens[after]) and page.touching(after):
            return after + 1
    if token.lower in JOINS and _is_organization(tokens[first:last]):
        after = last + 1
        while after < len(tokens) and tokens[after].lower in JOINS and page.touching(after):
            after += 1
        joined = after < len(tokens) and _begins(tokens[after]) and page.touching(after)
        if joined and (
            token.lower in ("of", "for")
            or (token.lower == "on" and tokens[last - 1].lower in _ON)
            or (token.lower in ("and", "&") and _one_body(tokens, first, last, after))
        ):
            return after + 1
    return last


_ON = frozenset("commission committee council conference convention institute panel board".split())


def _ends_name(token: Token) -> bool:
    return token.text.endswith(".") and token.lower in SUFFIXES


def _is_new_sentence(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index].first


def _is_organization(words: Sequence[Token]) -> bool:
    """Whether a run so far names a body that goes on with "of": "Ministry of Transport", not "Secretary of State"."""
    tables = english()
    last = words[-1].lower
    return any(word.lower in tables.organizations for word in words) and not tables.title(last)


def _one_body(tokens: Sequence[Token], first: int, last: int, after: int) -> bool:
    """Whether "and" joins two parts of one name ("Ministry of Health and Welfare"), and not two names."""
    inside = any(token.lower in ("of", "for") for token in tokens[first:last])
    return inside and tokens[after].label == tokens[last - 1].label and tokens[after].label in ("", "ORG")
