"""Quoted stretches of a text, in the marks of any language, closed or carried on from paragraph to paragraph.

Real copy is untidy: opened curly and closed straight, an opening mark at each paragraph of a long quote and a closing one
only at its end, apostrophes that look like closing marks. What never closes is no quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from firsthand.model.article import Span

_PARAGRAPH = re.compile(r"[^\n]+")
_MARK = re.compile(r'["“”„‟«»‹›「」『』‘’]')
_CLOSERS = {
    '"': '"”“',
    "“": '”"',
    "‟": '”"',
    "„": '“”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    "‘": "’",
}
"""What may close each opening mark. German closes „ with “, and opens » where French closes with it."""
_DOUBLED = re.compile(r"(?<!')''(?!')")
_DOUBLED_OPENS = re.compile(r"(?<![^\s(\[—–-])''(?=\w|[(\[$£€])")
_FEWEST = 3
"""Words in single quotes from which on they are a quote and no apostrophe, title or term."""


def quotes(text: str) -> tuple[Span, ...]:
    """The quoted stretches of `text`, marks included, in reading order, not overlapping; one for each paragraph."""
    text = straightened(text)
    found: list[Span] = []
    still_open: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        spans, rest = _in_paragraph(text, paragraph.start(), paragraph.end())
        first = spans[0] if spans else rest
        goes_on = bool(still_open) and first is not None and not text[paragraph.start() : first.start].strip()
        if goes_on and not spans and rest:
            still_open.append(rest)
            continue
        found += [*(still_open if goes_on else ()), *spans]
        still_open = [rest] if rest else []
    return tuple(found)


def straightened(text: str) -> str:
    """`text`, as long as it was, with one mark for two straight single ones (''yes''), as archives of newspapers have it."""
    return _DOUBLED.sub(lambda match: ' "' if _DOUBLED_OPENS.match(text, match.start()) else '" ', text)


def quoted_share(spans: Sequence[Span], text: str, within: Sequence[Span]) -> float:
    """The share of the words of `spans` that stand inside the quotes `within`; 0 where there are no words."""
    inside = total = 0
    for span in spans:
        for word in re.finditer(r"\w+", text[span.start : span.end]):
            at = span.start + word.start()
            total += 1
            inside += any(quote.start <= at < quote.end for quote in within)
    return inside / total if total else 0.0


def _in_paragraph(text: str, start: int, end: int) -> tuple[list[Span], Span | None]:
    """Closed quotes of one paragraph, and the one that is still open at its end."""
    found: list[Span] = []
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match.group()
        if opened is None:
            if mark in _CLOSERS and _opens(text, at, start, end):
                opened = at
        elif mark in _CLOSERS[text[opened]] and _closes(text, at, end):
            if text[opened] != "‘" or len(text[opened + 1 : at].split()) >= _FEWEST:
                found.append(Span(opened, at + 1))
            opened = None
    return found, None if opened is None else Span(opened, end)


def _opens(text: str, at: int, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if text[at] in '"“‘»':
        return not before.isalnum() and not after.isspace()
    return True


def _closes(text: str, at: int, end: int) -> bool:
    after = text[at + 1] if at + 1 < end else " "
    if text[at] == "’":
        return not after.isalnum()
    return not (text[at] == '"' and after.isalnum() and text[at - 1].isspace())
