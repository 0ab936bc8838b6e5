"""Transcripts: `WALLACE: Let's start with …`, a line for each turn. Whoever is named before the colon says the line.

The network reads them as prose and misses four of five (dev split, one transcript of ten turns); as lines they are plain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from firsthand.analyze.statements.relation import Relation
from firsthand.model.article import Span

__all__ = ["find_turns", "with_turns"]

FEWEST = 2
"""Turns from which on a text holds a transcript; a single name in capitals with a colon heads a list or a section."""
# Capitals only, a name of one to four words, a remark in brackets after it: "JAKE TAPPER, CNN (voice-over): …".
_TURN = re.compile(
    r"^[\"“]?(?P<name>(?:Q|[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]*){0,3}))(?:, [A-Z][\w .]{1,40})?(?: \([^)\n]{1,40}\))?(?P<cue>:)"
    r"[ \t]+(?P<said>\S[^\n]*)",
    re.MULTILINE,
)
_NOBODY = frozenset(
    "VIDEO AUDIO PHOTO PHOTOS WATCH READ MORE UPDATE BREAKING NOTE EXCLUSIVE POLL RELATED LIVE SOURCE FACT".split()
)
_CLOSING = ' \t\r"”'


def find_turns(text: str) -> tuple[Relation, ...]:
    """The turns of a transcript in `text`, in reading order; none where there is no transcript."""
    turns = [turn for match in _TURN.finditer(text) if (turn := _turn(match))]
    return tuple(turns) if len(turns) >= FEWEST else ()


def with_turns(text: str, relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """These relations and the turns of a transcript, which stand for all that takes a turn as it is for something else."""
    turns = find_turns(text)
    kept = [one for one in relations if not any(_crosses(one, turn) for turn in turns)]
    return tuple(sorted((*kept, *turns), key=lambda one: one.cue[0].start)) if turns else tuple(relations)


def _turn(match: re.Match[str]) -> Relation | None:
    if match["name"] in _NOBODY:
        return None
    end = match.start("said") + len(match["said"].rstrip(_CLOSING))
    if end <= match.start("said"):
        return None
    return Relation(
        source=(Span(*match.span("name")),),
        cue=(Span(*match.span("cue")),),
        content=(Span(match.start("said"), end),),
        score=1.0,
    )


def _crosses(one: Relation, turn: Relation) -> bool:
    """Whether a relation has a turn's name in what it takes for said, or is the turn itself once more."""
    name, said = turn.source[0], turn.content[0]
    within = any(span.start <= name.start and name.end <= span.end for span in one.content)
    same = one.source == turn.source and any(span.start < said.end and said.start < span.end for span in one.content)
    return within or same
