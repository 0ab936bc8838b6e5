"""Stretches of text that date rules match: scanned near their triggers, the longest kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firsthand.analyze.dates.calendar import Days
from firsthand.analyze.dates.scene import Anchored, Rule
from firsthand.analyze.dates.tense import Tense
from firsthand.model.article import Span

__all__ = ["NOUN", "Found", "longest", "near", "read_before", "scan"]

_REACH = 60
"""Characters to either side of a trigger in which the rules look; no mention is longer."""
_ARTICLE_FIRST = re.compile(
    r"(?:(?i:on|in|since|by|until|till|from|during|at|over|through|throughout|for)\s)?(?:[Tt]he|[Aa]n?)\s(?=[\d'’A-Z])"
)
_PREPOSITION_FIRST = re.compile(
    r"(?i:on|in|since|by|until|till|from|during|at|over|through|throughout|for)\s(?:the\s)?"
)
_ANY_NOUN = re.compile(r"\s[A-Za-z]")
NOUN = re.compile(
    r"\s(?!(?:on|in|at|for|to|by|with|from|and|or|but|as|when|after|before|he|she|it|they|said|will|would|was|were|is|has|had)\b)[a-z]"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text that a rule matched; `days` once it is read."""

    match: re.Match[str]
    rule: Rule | Anchored | None
    """None for `BEFORE_NOUN`, and for "the day" in apposition."""
    start: int
    end: int
    days: Days | None = None
    tense: Tense = Tense.NONE
    apposed: bool = False
    """It is the same day as the mention before it ("on August 15, two weeks before …")."""
    noun: Span | None = None
    """What it stands before or after ("two weeks before *the deadline*")."""


def scan(text: str, rules: Sequence[Rule | Anchored], windows: Sequence[tuple[int, int]]) -> Iterator[Found]:
    """All matches of all rules near the triggers."""
    for rule in rules:
        for first, last in windows:
            for match in rule.pattern.finditer(text, first, last):
                if match.end() > match.start() and not (isinstance(rule, Rule) and rule.unless and rule.unless(match)):
                    yield Found(match, rule, _after_article(match), match.end())


def _after_article(match: re.Match[str]) -> int:
    """Where a mention begins: without what belongs to the noun after it ("during *the* 2016 election")."""
    words = match[0]
    if words.endswith(("'s", "’s")):
        led = _PREPOSITION_FIRST.match(words)
    else:
        led = _ARTICLE_FIRST.match(words)
        pattern = _ANY_NOUN if words[-4:].isdigit() or words.endswith("day") else NOUN
        led = led if led and pattern.match(match.string, match.end()) else None
    return match.start() + (led.end() if led else 0)


def near(text: str, trigger: re.Pattern[str]) -> list[tuple[int, int]]:
    """Stretches of text around triggers, joined where they touch."""
    found: list[tuple[int, int]] = []
    for match in trigger.finditer(text):
        first, last = max(0, match.start() - _REACH), min(len(text), match.end() + _REACH)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def longest(found: Iterator[Found], length: int) -> list[Found]:
    """The longest matches that do not overlap, in reading order, of a text of `length`."""
    kept: list[Found] = []
    taken = bytearray(length)
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def read_before(found: Sequence[Found], index: int, reach: int) -> Iterator[Found]:
    """The read mentions that end at most `reach` characters before the one at `index`, the nearest first."""
    for at in range(index - 1, -1, -1):
        if found[index].start - found[at].end > reach:
            return
        if found[at].days is not None:
            yield found[at]
