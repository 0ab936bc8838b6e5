"""What stands after "before": the noun whose date is counted from ("two weeks before the deadline")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from firsthand.model.article import Span

__all__ = ["Noun", "noun_phrase"]

_STOP = (
    r"(?:on|in|at|of|for|to|by|with|from|that|which|who|was|were|is|are|had|has|have|and|or|but|as|when|after|before|he|she|it|they|we|I|said"
    r"|will|would|\w+ed|began|fell|came|took|left|won|lost)\b"
)
_PHRASE = re.compile(
    rf"\s(?:(?:the|a|an|his|her|its|their|that|this|our|my)\s)?(?P<words>(?:(?!{_STOP})[\w'’-]+)(?:\s(?!{_STOP})[\w'’-]+){{0,4}})"
)


@dataclass(frozen=True, slots=True)
class Noun:
    """The words after "before" that name what it was before: where they end, and their head ("deadline")."""

    end: int
    head: str
    span: Span | None = None


def noun_phrase(text: str, start: int) -> Noun:
    match = _PHRASE.match(text, start)
    if match is None:
        return Noun(start, "")
    words = match["words"].split()
    head = words[-1] if words and len(words[-1]) > 3 else ""
    return Noun(match.end(), head, Span(match.start() + 1, match.end()))
