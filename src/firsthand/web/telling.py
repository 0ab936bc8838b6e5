"""The words of stories: the mark's dots, how a copy repeats, what was said, the timeline."""

from __future__ import annotations

import re
from typing import Final

from firsthand.desk.story_page import CopyLine, Voice
from firsthand.model.article import Article
from firsthand.model.findings import Analysis
from firsthand.model.grouping import CopyKind
from firsthand.model.stories import OriginMark
from firsthand.web import voices

_MOMENTS: Final = 14
_TELLING: Final = re.compile(r"[^\W\d_]{4,}|\d+")
_ALIKE: Final = 0.7
_BARE: Final = re.compile(r"(?:he|her|his|it|its|she|that|their|they|this|we|who|which)\b", re.IGNORECASE)
"""In front of an event that was cut from its article: nobody knows any more who is meant."""
_KINDS: Final = {
    CopyKind.IDENTICAL: "word for word",
    CopyKind.COPY: "a copy",
    CopyKind.EXCERPT: "a part of it",
    CopyKind.EMBEDS: "all of it, inside a longer text",
    CopyKind.QUOTES: "quotes it",
}


def dots(mark: OriginMark) -> list[str]:
    """The classes of the mark's dots."""
    return [{"●": "own", "◌": "perhaps", "○": "copy"}[dot] for dot in mark.dots]


def copied(line: CopyLine) -> str:
    """How a copy repeats what it stands beneath: "a copy, 62 % of the original, 95 % of its own text"."""
    if line.kind is CopyKind.IDENTICAL:
        return _KINDS[line.kind]
    return f"{_KINDS[line.kind]}: prints {line.kept} % of the text, which makes {line.reused} % of its own"


def card(voice: Voice) -> voices.Card:
    """A statement of the story in the words of an article's page."""
    alone = Analysis(statements=(voice.statement,))
    people = {0: voice.person} if voice.person is not None else {}
    return voices.cards(voice.article, alone, people)[0]


def _is_told(tells: frozenset[str], known: frozenset[str]) -> bool:
    """Whether two events of a day are one, by most of the words of the shorter."""
    return len(tells & known) >= _ALIKE * min(len(tells), len(known))


def timeline(dated: tuple[tuple[Article, Analysis], ...]) -> tuple[voices.Moment, ...]:
    """What the story's articles date, in the order of the calendar; a day's event once, where it says of what it speaks."""
    moments = [moment for article, analysis in dated for moment in voices.timeline(article, analysis)]
    kept: list[tuple[voices.Moment, frozenset[str]]] = []
    for moment in moments:
        tells = frozenset(_TELLING.findall(moment.event.casefold()))
        told = any(
            tells == known or (moment.machine == other.machine and _is_told(tells, known)) for other, known in kept
        )
        if tells and not told and not _BARE.match(moment.event):
            kept.append((moment, tells))
    return tuple(sorted((moment for moment, _ in kept), key=lambda moment: moment.machine))[-_MOMENTS:]
