"""Attributions in languages without a model: quotation marks beside a verb of saying and whoever does the saying.

Only what stands plainly beside the quote is taken, on either side and within its sentence; everything else is left alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from firsthand.analyze.quotes import quotes
from firsthand.analyze.statements.relation import Relation
from firsthand.model.article import Span

__all__ = ["find_quoted", "languages"]

_FEWEST = 3
"""Words from which on something in quotation marks is said, and not a title or a term."""
_REACH = 160
"""Characters on either side of a quote in which its speaker must stand."""
_SENTENCE = re.compile(r"[.!?…]\s|\n")


@dataclass(frozen=True, slots=True)
class _Language:
    after: re.Pattern[str]
    """`", dijo Ana López` right after a quote."""
    named_after: re.Pattern[str]
    """`", Ana López dijo`."""
    before: re.Pattern[str]
    """`Ana López dijo que ` up to a quote."""


def languages() -> frozenset[str]:
    """Primary subtags of the languages that are read."""
    return frozenset(_tables())


def find_quoted(text: str, language: str) -> tuple[Relation, ...]:
    """The attributions of the quotes of a text in one of `languages`; none in others."""
    primary = language.lower().split("-")[0]
    if primary not in _tables():
        return ()
    rules = _language(primary)
    spoken = [span for span in quotes(text) if len(text[span.start : span.end].split()) >= _FEWEST]
    found = (_relation(text, span, rules) for span in spoken)
    return tuple(one for one in found if one.cue or _is_sentence(text, one.content[0]))


def _is_sentence(text: str, quote: Span) -> bool:
    """Whether a quote that nobody beside it speaks is speech all the same: a sentence of its own, with its end inside."""
    inside = text[quote.start + 1 : quote.end - 1].strip()
    return inside.endswith((".", "!", "?", "…")) and inside[:1].isupper() and len(inside.split()) > 2 * _FEWEST


def _relation(text: str, quote: Span, rules: _Language) -> Relation:
    ahead = text[quote.end : quote.end + _REACH]
    for pattern in (rules.after, rules.named_after):
        if match := pattern.match(ahead):
            return _found(quote, match, quote.end)
    start = max(0, quote.start - _REACH)
    behind = text[start : quote.start]
    cut = max((match.end() for match in _SENTENCE.finditer(behind)), default=0)
    if match := rules.before.search(behind, cut):
        return _found(quote, match, start)
    return Relation(source=(), cue=(), content=(quote,), score=0.5)


def _found(quote: Span, match: re.Match[str], offset: int) -> Relation:
    source, cue = (Span(offset + match.start(name), offset + match.end(name)) for name in ("source", "cue"))
    return Relation(source=(source,), cue=(cue,), content=(quote,), score=0.9)


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    data = files("firsthand.analyze.statements").joinpath("cues.toml")
    return tomllib.loads(data.read_text(encoding="utf-8"))


@cache
def _language(primary: str) -> _Language:
    table = _tables()[primary]
    cue = rf"(?P<cue>\b(?:{_any((*table['cues'], *table['denies']))})\b)"
    word = r"[^\W\d_][\w'’.-]*"
    capital = r"[A-ZÀ-ÖØ-ÞŁŚŻ][\w'’.-]*"
    name = rf"{capital}(?:\s+(?:de|del|la|von|van|der|du|d['’])?\s*{capital}){{0,4}}"
    articles = [form for one in table["articles"] for form in (one, one.capitalize())]
    noun = rf"(?:{_any(articles)})\s*{word}(?:\s+{word}){{0,5}}?(?:\s+{name})?"
    source = rf"(?P<source>{noun}|{name})"
    fill = r"(?:\s+[^\W\d_]+){0,3}?"
    that = rf"(?:{fill}\s+(?:{_any(table['that'])}))?"
    end = r"(?=\s*[,.;:)\n]|\s+(?:en|à|au|dans|in|im|am|bei|gegenüber|durante|tras|ante|après|lors|a)\b|\s*$)"
    return _Language(
        after=re.compile(rf"\s*[,.–—-]?\s*{cue}\s+{source}{end}"),
        named_after=re.compile(rf"\s*[,.–—-]?\s*{source}\s+{cue}{end}"),
        before=re.compile(rf"{source}{fill}\s+{cue}{fill}{that}\s*[:,]?\s*$"),
    )


def _any(words: Iterable[str]) -> str:
    ordered: Sequence[str] = sorted(words, key=len, reverse=True)
    return "|".join(map(re.escape, ordered))
