"""Which chain a statement came by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from firsthand.model.article import Span
from firsthand.model.findings import ActorKind, Chain, Deed, Hop, Statement

__all__ = ["assign_chains"]

_PRESS = {ActorKind.OUTLET, ActorKind.AGENCY}
_WORD = re.compile(r"[^\W\d_]{3,}")
_REPORT = re.compile(r"\b(?:report|story|article|newspaper|paper|daily|agency|investigation)\b", re.IGNORECASE)
_PAPERS = (
    r"(?:cables|documents|e-?mails|exchanges|files|letters|logs|materials?|memos?|messages|minutes|notes|pages|papers|portions"
    r"|records|transcripts?)\b(?! (?:of|from)\b)"
)
_THE_PAPERS = re.compile(rf"(?:the|these|those)(?: [\w-]+){{0,3}}? {_PAPERS}", re.IGNORECASE)
_ANY_PAPERS = re.compile(_PAPERS.split("(?!")[0])


def assign_chains(statements: Sequence[Statement], chains: Sequence[Chain], text: str) -> tuple[Statement, ...]:
    """`statements`, each with the index of its chain in `chains`, where the text shows one.

    In this order: the chain whose evidence holds the statement's source or cue; the one whose outlet, person or document the
    source names; for "the report", the one shown last before it; for "the papers", the only one that began with a document; the
    parent's; and where the only chain is a credit, that.
    """
    told: list[Statement] = []
    for statement in statements:
        parent = statement.parent
        above = told[parent].chain if parent is not None and parent < len(told) else None
        chain = _chain_of(statement, chains, text)
        told.append(replace(statement, chain=chain if chain is not None else above))
    if len(chains) == 1 and all(hop.does in {Deed.PUBLISHED, Deed.CREDITED} for hop in chains[0].hops):
        return tuple(replace(statement, chain=0) for statement in told)
    return tuple(told)


def _chain_of(statement: Statement, chains: Sequence[Chain], text: str) -> int | None:
    spans = [span for span in (statement.source, statement.cue) if span]
    for number, chain in enumerate(chains):
        if any(hop.evidence and _overlap(hop.evidence, span) for hop in chain.hops for span in spans):
            return number
    if statement.source is None:
        return None
    source = text[statement.source.start : statement.source.end]
    named = statement.speaker.name if statement.speaker else source
    for number, chain in enumerate(chains):
        if any(_names(hop, source, named) for hop in chain.hops[1:] if hop.does is not Deed.CREDITED):
            return number
    if _REPORT.search(source):
        return _last_before(chains, statement.source.start)
    return _of_the_papers(chains, statement.source, text)


def _of_the_papers(chains: Sequence[Chain], source: Span, text: str) -> int | None:
    """ "The meeting notes", or letters that "the leaked files include": what the article had from a document before."""
    began = [
        number
        for number, chain in enumerate(chains)
        if any(
            hop.actor.kind is ActorKind.DOCUMENT and hop.evidence and hop.evidence.start < source.start
            for hop in chain.hops
        )
    ]
    if len(began) != 1:
        return None
    if _THE_PAPERS.match(text, source.start, source.end):
        return began[0]
    sentence = max(text.rfind(mark, 0, source.start) for mark in ("\n", ". ", "? ", "! ")) + 1
    held = _ANY_PAPERS.search(text, source.start, source.end) and _THE_PAPERS.search(text, sentence, source.start)
    return began[0] if held else None


def _names(hop: Hop, source: str, speaker: str) -> bool:
    """Whether a source is the hop's actor: by its whole name, or by the noun of its documents."""
    if hop.actor.name == "unknown":
        return False
    if hop.actor.kind is ActorKind.DOCUMENT:
        return bool(_nouns(hop.actor.name) & _nouns(source))
    if hop.actor.kind in _PRESS:
        return hop.actor.name.removeprefix("The ") in source
    return hop.actor.name == speaker


def _nouns(name: str) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall(name.casefold())} - {
        "the",
        "and",
        "other",
        "from",
        "leaked",
    }


def _last_before(chains: Sequence[Chain], place: int) -> int | None:
    """The chain whose outlet was shown last before a place."""
    shown = [
        (hop.evidence.start, number)
        for number, chain in enumerate(chains)
        for hop in chain.hops
        if hop.evidence and hop.actor.kind in _PRESS and hop.evidence.start < place
    ]
    return max(shown)[1] if shown else None


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
