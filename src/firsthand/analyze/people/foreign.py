"""Persons and outlets in Spanish, French and German, as far as an honorific, a role, a given name or the gazetteer shows
them. No English rule is applied here, and nothing is read in a language without a table.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from firsthand.analyze.people.name import Name
from firsthand.analyze.people.tokens import Page, Token
from firsthand.analyze.people.words import Gender, bare, first_name_gender
from firsthand.model.article import Span
from firsthand.model.findings import EntityKind, Role

__all__ = ["LANGUAGES", "Tongue", "find_names", "roles_of", "tongue"]

LANGUAGES = frozenset({"es", "fr", "de"})
_LONGEST = 130


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language's table."""

    women: frozenset[str]
    men: frozenset[str]
    either: frozenset[str]
    particles: frozenset[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    endings: tuple[str, ...]
    roles: frozenset[str]
    no_name: frozenset[str]
    nouns: bool = False
    """All nouns are written with a capital."""

    def honorific(self, word: str) -> bool:
        return word in self.women or word in self.men or word in self.either

    def role(self, word: str) -> bool:
        return word in self.roles or (bool(self.endings) and len(word) > 6 and word.endswith(self.endings))


@cache
def tongue(language: str) -> Tongue:
    """The table of one of `LANGUAGES`."""
    text = files("firsthand.analyze.people").joinpath(f"data/{language}.toml").read_text("utf-8")
    words = {name: frozenset(str(found).split()) for name, found in tomllib.loads(text).items()}
    endings = tuple(sorted(words.pop("endings")))
    return Tongue(endings=endings, nouns=language == "de", **words)


def find_names(page: Page, words: Tongue, outlets: Callable[[str], bool]) -> list[Name]:
    """The names of a page in reading order; kind is None where nothing but the capital shows a name."""
    found: list[Name] = []
    index = 0
    while index < len(page.tokens):
        if not page.tokens[index].is_capitalized:
            index += 1
            continue
        last = _run_end(page, words, index)
        found.extend(_name(page, words, index, last, outlets))
        index = last
    return found


def _run_end(page: Page, words: Tongue, first: int) -> int:
    tokens, last = page.tokens, first + 1
    while last < len(tokens) and page.touching(last) and not tokens[last].first:
        if tokens[last].is_capitalized:
            last += 1
            continue
        after = last
        while after < len(tokens) and tokens[after].lower in words.particles and page.touching(after):
            after += 1
        if after > last and not all(_may_lead(token, words) for token in tokens[first:last]):
            break  # "Benjamin Jendro von der Gewerkschaft": the name is whole before the small words
        if after == last or after >= len(tokens) or not (tokens[after].is_capitalized and page.touching(after)):
            break
        last = after + 1
    return last


def _name(page: Page, words: Tongue, first: int, last: int, outlets: Callable[[str], bool]) -> Iterator[Name]:
    tokens = page.tokens
    named = tuple(token.text for token in tokens[first:last])
    if outlets(" ".join(named)) and (len(named) > 1 or _is_outlet(page, words, first)):
        yield _made(page, first, first, last, EntityKind.OUTLET, "")
        return
    start = _after_titles(tokens, words, first, last)
    start = _at_given_name(tokens, words, start, last)
    if (
        start >= last
        or not tokens[start].is_capitalized
        or tokens[start].lower in words.no_name
        or (start > first and _of_something(tokens, words, start))
    ):
        return
    if last - start == 1 and _is_common(page, words, start):
        return
    gender = _gender(tokens, words, first, start, last)
    titled = start > first and any(
        words.honorific(bare(token.text)) or words.role(bare(token.text)) for token in tokens[first:start]
    )
    titled = titled or _titled_before(tokens, words, first)
    if (
        words.nouns
        and last - start == 1
        and not any(words.honorific(bare(token.text)) for token in tokens[max(0, first - 1) : start])
    ):
        titled = False
    given = last - start > 1 and _is_given(tokens[start], words)
    yield _made(page, first, start, last, EntityKind.PERSON if titled or given else None, gender)


def _of_something(tokens: Sequence[Token], words: Tongue, start: int) -> bool:
    """Whether a preposition stands between a role and what follows ("Sprecher des Ministeriums")."""
    return tokens[start - 1].lower in words.prepositions | words.articles and not words.honorific(
        bare(tokens[start - 1].text)
    )


def _is_outlet(page: Page, words: Tongue, index: int) -> bool:
    """Whether a single word is meant as an outlet: capitals, or no common word and not the first of its sentence."""
    token = page.tokens[index]
    if token.text.isupper() and len(token.text) > 1:
        return True
    marked = index > 0 and page.tokens[index - 1].text in '„“«»"'
    return marked or not (words.nouns or token.first or token.lower in page.small)


def _made(page: Page, lead: int, first: int, last: int, kind: EntityKind | None, gender: Gender) -> Name:
    tokens = page.tokens[first:last]
    named = tuple(token.text for token in tokens)
    return Name(first, last, lead, named, tokens[0].start, tokens[-1].end, kind, kind is not None, gender)


def _after_titles(tokens: Sequence[Token], words: Tongue, first: int, last: int) -> int:
    """Past honorifics, roles and the articles before them."""
    start = first
    for index in range(first, last):
        word = bare(tokens[index].text)
        if (
            words.honorific(word)
            or words.role(word)
            or (index == first and word in words.articles and index + 1 < last)
        ):
            start = index + 1
        elif word not in words.particles:
            break
    return start


def _at_given_name(tokens: Sequence[Token], words: Tongue, first: int, last: int) -> int:
    """ "ministre de la Défense Paul Kervadec": where a given name begins the name that ends the run."""
    if first >= last or first_name_gender(tokens[first].text) is not None:
        return first
    led = first > 0 and tokens[first - 1].lower in words.prepositions | words.particles
    for index in range(first + 1, last - 1):
        if led and first_name_gender(tokens[index].text) is not None:
            return index
    return first


def _titled_before(tokens: Sequence[Token], words: Tongue, first: int) -> bool:
    """Whether a small word before the name is a role or an honorific ("el presidente Julián Moreda")."""
    if first == 0:
        return False
    word = bare(tokens[first - 1].text)
    return words.role(word) or words.honorific(word)


def _is_common(page: Page, words: Tongue, index: int) -> bool:
    """Whether a lone capitalized word only begins its sentence, or is a common word anywhere in the text."""
    token = page.tokens[index]
    return token.lower in page.small or token.lower in words.articles or words.honorific(bare(token.text))


def _gender(tokens: Sequence[Token], words: Tongue, lead: int, first: int, last: int) -> Gender:
    for token in (*tokens[lead:first], *tokens[max(0, lead - 1) : lead]):
        word = bare(token.text)
        if word in words.women:
            return "f"
        if word in words.men:
            return "m"
    given = last - first > 1 and _is_given(tokens[first], words)
    return (first_name_gender(tokens[first].text) or "") if given else ""


def _may_lead(token: Token, words: Tongue) -> bool:
    """Whether the family name is still to come after a word."""
    word = bare(token.text)
    return (
        _is_given(token, words) or words.honorific(word) or words.role(word) or word in words.particles | words.articles
    )


def _is_given(token: Token, words: Tongue) -> bool:
    return token.lower not in words.particles and first_name_gender(token.text) is not None


def roles_of(page: Page, name: Name, words: Tongue) -> tuple[Role, ...]:
    """The role before a name, with or without a comma between: "La ministra de Hacienda, Carmen Ibáñez,"."""
    tokens, stop = page.tokens, name.first
    comma = stop > 0 and tokens[stop - 1].text == ","
    end = stop - 1 if comma else stop
    if end > 0 and (tokens[end - 1].lower in words.prepositions or tokens[end - 1].lower in words.articles):
        return ()  # "portavoz de la Asociación": what follows is no person
    for index in range(end - 1, max(-1, end - 9), -1):
        if not page.touching(index + 1) and index + 1 < end:
            break
        token = tokens[index]
        if not token.is_word:
            break
        if words.role(bare(token.text)):
            led = index == 0 or tokens[index].first or tokens[index - 1].lower in words.articles or not comma
            between = tokens[index + 1 : end]
            if led and (not between or between[0].lower in words.prepositions):
                span = Span(token.start, tokens[end - 1].end)
                return (
                    (Role(" ".join(page.text[span.start : span.end].split()), span),)
                    if span.end - span.start <= _LONGEST
                    else ()
                )
            break
    return ()
