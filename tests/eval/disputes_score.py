"""The set of disputes: passages with their statements, and which of them dispute which."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from firsthand.model.article import Span
from firsthand.model.findings import Speaker, SpeakerKind, Statement, StatementKind

FILE = Path(__file__).parent / "disputes" / "cases.toml"


@dataclass(frozen=True, slots=True)
class Case:
    text: str
    statements: tuple[Statement, ...]
    disputes: tuple[tuple[int, int, str], ...]


def cases() -> Iterator[Case]:
    for row in tomllib.loads(FILE.read_text("utf-8"))["case"]:
        text, statements = row["text"], []
        for source, cue, content, *speaker in row["s"]:
            at = next(at for at in range(len(text)) if text.startswith(content, at) and not _within(statements, at))
            statements.append(_statement(text, source, cue, content, at, speaker[0] if speaker else source))
        yield Case(text, tuple(statements), tuple((a, b, words) for a, b, words in row.get("disputes", ())))


def _within(statements: list[Statement], at: int) -> bool:
    return any(one.content[0].start <= at < one.content[0].end for one in statements)


def _statement(text: str, source: str, cue: str, content: str, at: int, speaker: str) -> Statement:
    """A statement by its words; source and cue are those nearest to the content."""
    return Statement(
        source=_nearest(text, source, at),
        cue=_nearest(text, cue, at),
        content=(Span(at, at + len(content)),),
        kind=StatementKind.INDIRECT,
        speaker=Speaker(speaker, SpeakerKind.PERSON),
    )


def _nearest(text: str, words: str, at: int) -> Span | None:
    places = [start for start in range(len(text)) if words and text.startswith(words, start)]
    start = min(places, key=lambda place: abs(place - at), default=None)
    return None if start is None else Span(start, start + len(words))
