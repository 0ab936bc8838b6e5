"""What of an article says which event it reports: its terms, names, figures and dates, by plain rules.

No language model: an article costs about a millisecond. Stems are made by a few endings for English and by length for
other alphabets; names are words in capitals inside a sentence, so a script without capitals simply has none.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from firsthand.model.grouping import ArticleKey

TEXT_WORDS = 400
"""The event stands in the first paragraphs; what follows is background that other events share."""
NAME_CHARACTERS = 3_000
LOOKED_AT = 40 * TEXT_WORDS
"""Characters in which those words are looked for."""
LEDE_TERMS = 40
OPENING_TERMS = 6
STEM = 7
"""Letters that a word outside English is cut to: the cheapest stem that works in most alphabets."""

Terms = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFeatures:
    """What is compared of one article."""

    article: ArticleKey
    language: str = "en"
    hours: float | None = None
    """When it came out, in hours since 1970; None where nobody knows."""
    words: int = 0
    title: Terms
    text: Terms
    """Title and body; the title counts double."""
    lede: Terms
    opening: tuple[str, ...]
    """The body's first terms, in order."""
    names: Terms
    figures: Terms
    pairs: Mapping[tuple[str, str], int]
    years: frozenset[str]
    days: frozenset[str]
    """Month and day, as in "apr 15"."""
    months: frozenset[str]
    weekdays: frozenset[str]


# A run of letters with inner apostrophes, or a figure; then one Han or kana character, of which two make a term.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_UNSPACED = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"(?<=[.!?:”\"'。！？])\s+|\n+")
_NAME_TOKEN = re.compile(r"[^\W\d_][\w’'-]*|\d+|[^\w\s]")
_OPENERS = frozenset('"“`‘«„–—')
"""Marks after which a sentence may begin, with any word in a capital; so after the dash of a dateline."""
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_MONTH_DAY = re.compile(rf"\b({_MONTH})[a-z]{{0,6}}\.?\s+(\d{{1,2}})\b|\b(\d{{1,2}})\s+({_MONTH})")
_LONG_MONTH = re.compile(r"\b(jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]{3,6}")
_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day")
_YEAR = re.compile(r"(?:19|20)\d\d")


def story_features(
    article: ArticleKey, title: str, text: str, *, language: str = "en", hours: float | None = None
) -> StoryFeatures:
    """The features of an article; any string may be its title or text, both may be empty."""
    return replace(_features(title or "", text or "", language), article=article, hours=hours)


@lru_cache(64)  # An article is asked about for its story, and again right after for what the story is about.
def _features(title: str, text: str, language: str) -> StoryFeatures:
    stems = _stems(language.partition("-")[0].casefold())
    tokens = _TOKEN.findall(text[:LOOKED_AT])
    title_run = stems.of(_TOKEN.findall(title))
    title_terms = Counter(title_run)
    body = stems.of(tokens[:TEXT_WORDS])
    run = title_run + body
    opening = f"{title}\n{text[:NAME_CHARACTERS]}"
    lowered = opening.casefold()
    figures = Counter(token for token in _TOKEN.findall(opening) if token[0].isdigit() and len(token) > 1)
    return StoryFeatures(
        article=0,
        language=language,
        words=_words(text, tokens),
        title=title_terms,
        text=Counter(body) + Counter({term: 2 * count for term, count in title_terms.items()}),
        lede=Counter(body[:LEDE_TERMS]),
        opening=tuple(body[:OPENING_TERMS]),
        names=_names(title, text[:NAME_CHARACTERS], stems),
        figures=figures,
        pairs=Counter(itertools.pairwise(run)),
        years=frozenset(figure for figure in figures if _YEAR.fullmatch(figure)),
        days=frozenset(f"{a or d} {int(b or c)}" for a, b, c, d in _MONTH_DAY.findall(lowered)),
        months=frozenset(_LONG_MONTH.findall(lowered)),
        weekdays=frozenset(_WEEKDAY.findall(lowered[:1_500])),
    )


def terms_of(language: str, name: str) -> tuple[str, ...]:
    """The terms that a name is made of, in order, as they stand in a text of this language."""
    return tuple(_stems(language.partition("-")[0].casefold()).of(_TOKEN.findall(name)))


def _words(text: str, tokens: list[str]) -> int:
    """How many words `text` has, of which `tokens` are the first; a very long text is judged by its letters."""
    if len(text) <= LOOKED_AT:
        return len(tokens)
    return len(_TOKEN.findall(text)) if len(text) < 100_000 else len(text) // 6


class _Stems(dict[str, tuple[str, ...]]):
    """Tokens to terms in one language. What a token makes is remembered, some 10 MB when full."""

    LIMIT, LONGEST = 50_000, 40

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._common = common_words(language)

    def of(self, tokens: list[str]) -> list[str]:
        """The stems of `tokens` that are not common words of the language."""
        return list(itertools.chain.from_iterable(map(self.__getitem__, tokens)))

    def __missing__(self, token: str) -> tuple[str, ...]:
        if len(self) >= self.LIMIT:
            self.clear()
        found = self._made(token)
        if len(token) <= self.LONGEST:
            self[token] = found
        return found

    def _made(self, token: str) -> tuple[str, ...]:
        if _UNSPACED.match(token):
            return tuple(token[at : at + 2] for at in range(max(1, len(token) - 1)))
        word = token.casefold().replace("’", "'")
        return () if word in self._common else (self.one(word),)

    def one(self, word: str) -> str:
        return _english(word) if self._language == "en" else word.removesuffix("'s")[:STEM]


def _english(word: str) -> str:
    """A rough stem: plural, possessive, -ing and -ed go. Wrong stems do no harm as long as they are always the same."""
    word = word.removesuffix("'s")
    length = len(word)
    if length > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if length > 4 and word.endswith("es") and word[-3] in "sxzh":
        return word[:-2]
    if length > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    if length > 6 and word.endswith("ing"):
        return word[:-3]
    return word[:-2] if length > 5 and word.endswith("ed") else word


@lru_cache(8)
def _stems(language: str) -> _Stems:
    return _Stems(language)


@cache
def common_words(language: str) -> frozenset[str]:
    """Words that say nothing of an event, in the language with this two-letter code; empty where none are listed."""
    text = files("firsthand.group").joinpath("data/common_words.txt").read_text("utf-8")
    lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith("#"))
    return frozenset(lines.get(language, "").split())


def _names(title: str, text: str, stems: _Stems) -> Counter[str]:
    """Words in capitals inside sentences; of a title in title case only those that the text never has in small."""
    found = _capitals(text, stems)
    if not in_title_case(title):
        return found + _capitals(title, stems)
    small = {token for token in _TOKEN.findall(text) if token[0].islower()}
    for token in _TOKEN.findall(title):
        if token[0].isupper() and token.casefold() not in small:
            stem = stems.one(token.casefold().replace("’", "'"))
            if stem in found:
                found[stem] += 1
    return found


def _capitals(text: str, stems: _Stems) -> Counter[str]:
    found: Counter[str] = Counter()
    for sentence in _SENTENCE_END.split(text):
        tokens = _NAME_TOKEN.findall(sentence)
        for before, token in itertools.pairwise(tokens):
            if token[0].isupper() and len(token) > 1 and before not in _OPENERS:
                found[stems.one(token.casefold().replace("’", "'"))] += 1
    return found


def in_title_case(title: str) -> bool:
    """Whether most longer words of a headline begin with a capital: then capitals show no names."""
    long = [token for token in _TOKEN.findall(title) if len(token) > 3]
    return sum(token[0].isupper() for token in long) > 0.6 * len(long) if long else False
