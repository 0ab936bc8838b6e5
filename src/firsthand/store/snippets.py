"""Snippets: the piece of a text that shows why it was found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from firsthand.model.records import SearchQuery
from firsthand.store.words import FOLDING, SPACELESS, fold, is_spaceless, pieces

HIT_START, HIT_END = "\ue000", "\ue001"
"""Marks around hits in a snippet: private-use characters, which are taken out of the text itself."""
SNIPPET = 220
"""Characters of a snippet, about three lines."""
ROOM = 200_000
"""Characters of a text that are looked through for the first hit; longer than any article in print."""
_MARKS = str.maketrans("", "", HIT_START + HIT_END)


def snippet(query: SearchQuery, text: str) -> str:
    """Words around the first hit, hits marked; the beginning where only the headline was hit.

    Folded as the index is, so that what found the article is what is marked.
    """
    # Composed, as it is folded: then each letter is folded by itself, and places can be counted.
    text = unicodedata.normalize("NFC", text[:ROOM].translate(_MARKS))
    spans = _hits(query, text)
    start = _word_start(text, max(0, spans[0][0] - SNIPPET // 3)) if spans else 0
    end = _word_end(text, start + SNIPPET)
    out, at = ["…" if start else ""], start
    for begin, stop in spans:
        if at <= begin and stop <= end:
            out += [text[at:begin], HIT_START, text[begin:stop], HIT_END]
            at = stop
    out += [text[at:end], "…" if end < len(text) else ""]
    return re.sub(r"\s+", " ", "".join(out)).strip()


def _hits(query: SearchQuery, text: str) -> list[tuple[int, int]]:
    """Where hits stand in a text, as far as one snippet reaches from the first."""
    pattern = _pattern((*query.phrases, *query.words))
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for hit in pattern.finditer(folded) if pattern else ():
        if found and hit.start() > found[0][0] + 4 * SNIPPET:
            break
        found.append(hit.span())
    return list(_in_original(text, found)) if found else []


def _in_original(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of the folded text as spans of the text; folding makes one letter none, one or several."""
    if text.isascii():
        yield from spans
        return
    places: list[int] = []
    for place, letter in enumerate(text):
        places += [place] * len(FOLDING[ord(letter)])
        if len(places) >= spans[-1][1]:
            break
    for begin, end in spans:
        yield places[begin], places[end - 1] + 1


@lru_cache(maxsize=64)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds any of these terms in folded text; whole words, but any part of a run of spaceless letters."""
    found = [_term_pattern(parts) for term in terms if (parts := list(pieces(term)))]
    return re.compile("|".join(found)) if found else None


def _term_pattern(parts: list[str]) -> str:
    pattern = re.escape(parts[0])
    for before, after in pairwise(parts):
        gap = " *" if is_spaceless(before) or is_spaceless(after) else " +"
        pattern += gap + re.escape(after)
    if not is_spaceless(parts[0]):
        pattern = f"(?<![^ {SPACELESS}]){pattern}"
    return pattern if is_spaceless(parts[-1]) else f"{pattern}(?![^ {SPACELESS}])"


def _word_start(text: str, at: int) -> int:
    """The start of the next word from `at` on, if one is near."""
    space = text.find(" ", at, at + 30) if at else -1
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    """The end of the word before `at`, if one is near."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - 30, at)
    return space if space >= 0 else at
