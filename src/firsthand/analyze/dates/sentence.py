"""Sentences, quotation marks and clauses, by the marks and words that part them: as much as dating an event needs."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from firsthand.analyze.quotes import straightened

__all__ = ["Sentences", "inside", "quoted", "sentences"]

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[—–-]*[^\W\d_a-zß-öø-ÿ]|\s+\d|\s*$)|\n+|[。！？]")
_SHORT = re.compile(
    r"(?:^|[\s(\"“'‘])(?:Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Reps|Sens|Gen|Lt|Col|Capt|Sgt|Maj|Adm|Cmdr|Rev|Hon|St|Sr|Jr|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|Mon|Tues?|Wed|Thurs?|Fri|Sat|No|Nos|vs|Inc|Ltd|Co|Corp|[Aa]pprox|[Cc]a|Mass|Calif|Fla|Tex|Pa|Va|Ga|Ill|Conn|Ore|Wash|Sra?|Sta|Dra|Mme|Mlle|[A-Z]|(?:[A-Z]\.)+[A-Z]|[ap]\.m|bzw|z\.B|Nr|\d{1,2})\.$"
)
_AFTER_CLOCK = re.compile(
    r"\s+(?:[A-Z][a-z]+day\b|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|[A-Z]{2,4}\b|Eastern|Pacific|Central|Mountain)"
)
_GERMAN_MONTH = re.compile(
    r"\s+(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Quartal)\b"
)
_REACH = 450
"""A date governs no word farther off than this, however long the sentence."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Where the sentences of a text end, in order."""

    text: str
    ends: tuple[int, ...]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The sentence of `text[start:end]`, cut to what a date can govern."""
        index = bisect_right(self.ends, start)
        first = self.ends[index - 1] if index else 0
        last = next((stop for stop in self.ends[index : index + 3] if stop >= end), len(self.text))
        first, last = max(first, start - _REACH), min(last, end + _REACH)
        while first < start and self.text[first].isspace():
            first += 1
        return first, last

    def number(self, position: int) -> int:
        """Which sentence `position` lies in."""
        return bisect_right(self.ends, position)


def sentences(text: str) -> Sentences:
    return Sentences(text, tuple(match.end() for match in _END.finditer(text) if _ends(text, match)))


def _ends(text: str, match: re.Match[str]) -> bool:
    if not match[0].startswith("."):
        return True
    head = text[max(0, match.start() - 12) : match.start() + 1]
    short = _SHORT.search(head)
    if short is None:
        return True
    if short[0].endswith(".m."):
        return _AFTER_CLOCK.match(text, match.end()) is None
    if re.fullmatch(r"\W?\d{1,2}\.", short[0]):
        return _GERMAN_MONTH.match(text, match.end()) is None
    return text[match.end() : match.end() + 2].startswith("\n")


_OPENING = {"“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", '"': '"'}


def quoted(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches inside double quotation marks, in order, marks included; each ends within its paragraph."""
    found, opened, closing = [], -1, ""
    for match in _MARK.finditer(straightened(text)):
        mark = match[0]
        if mark[0] == "\n":
            if opened >= 0:
                found.append((opened, match.start()))
                opened = -1
        elif opened >= 0 and mark in closing:
            found.append((opened, match.end()))
            opened = -1
        elif opened < 0 and mark in _OPENING:
            opened, closing = match.start(), _OPENING[mark] + '"'
    if opened >= 0:
        found.append((opened, len(text)))
    return tuple(found)


_MARK = re.compile(r"[“”„«»‹›\"]|\n+")


def inside(ranges: Sequence[tuple[int, int]], position: int) -> tuple[int, int] | None:
    """The range that holds `position`, None where none does."""
    index = bisect_right(ranges, (position, sys.maxsize)) - 1
    if index >= 0 and ranges[index][0] <= position < ranges[index][1]:
        return ranges[index]
    return None
