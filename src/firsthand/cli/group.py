"""`firsthand group`: copies and stories of articles that are given line by line, for archives and tests."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from firsthand.cli.read import write_json
from firsthand.extract.credits import agency_in
from firsthand.extract.dateline import read_dateline
from firsthand.extract.language import detect_language
from firsthand.group.direction import Named
from firsthand.group.engine import Grouped, Grouper, Incoming
from firsthand.model.errors import UsageError
from firsthand.model.grouping import CopyMatch
from firsthand.model.when import When

HEAD, TAIL = 3, 3
"""Paragraphs at either end of a text where a credit line or a dateline may stand."""


def add_to(app: typer.Typer) -> None:
    """Register this command."""
    app.command()(group)


def group(
    file: Annotated[Path, typer.Argument(help="JSON lines in order of arrival, or - for standard input.")],
    as_lines: Annotated[bool, typer.Option("--jsonl", help="Print a JSON object a line (the only form yet).")] = True,
) -> None:
    """Find copies and stories among articles.

    Each line in is {"id", "title", "text", "date", "source"}; each line out {"id", "story", "copies"}, with the story
    as it stands when all have come.
    """
    grouper = Grouper()
    grouped = [_add(grouper, article, number) for number, article in enumerate(_articles(file), 1)]
    stories = grouper.finish()
    for one in grouped:
        copies = [_copy(match) for match in one.copies]
        write_json({"id": one.article, "story": stories[one.article], "copies": copies}, lines=True)


def _add(grouper: Grouper, article: Incoming, number: int) -> Grouped:
    try:
        return grouper.add(article)
    except ValueError as error:
        raise UsageError(f"Line {number}: the id {article.id!r} was given before.", "Give each its own.") from error


def _copy(match: CopyMatch) -> dict[str, Any]:
    return {
        "of": match.of,
        "kind": match.kind.value,
        "kept": round(match.kept, 4),
        "reused": round(match.reused, 4),
        "direction": match.direction.value,
    }


def _articles(file: Path) -> Iterator[Incoming]:
    try:
        lines = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Give a file of JSON lines, or -.") from error
    with lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _article(line, number)


def _article(line: bytes, number: int) -> Incoming:
    try:
        found = json.loads(line.decode("utf-8", "replace"))
        key = found["id"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"Line {number} is no JSON object with an id.", "Write one object a line.") from error
    if not isinstance(key, str | int):
        raise UsageError(f"Line {number}: the id is neither text nor number.", "Write one object a line.")
    title, text, source = (_text(found.get(name)) for name in ("title", "text", "source"))
    date = _date(found.get("date"), number)
    language = (detect_language(f"{title}\n{text}") or "en").partition("-")[0]
    agency = _agency(text, date)
    return Incoming(
        id=key,
        title=title,
        text=text,
        date=date,
        source=source or None,
        language=language,
        agency=Named(agency) if agency else None,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _date(value: object, number: int) -> When | None:
    if value in (None, ""):
        return None
    try:
        return When.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(f"Line {number}: {value!r} is no ISO 8601 date.", "Write a date, a time, or null.") from None


def _agency(text: str, date: When | None) -> str | None:
    """The agency that a dateline or a credit line at either end of the text gives."""
    paragraphs = [paragraph.strip() for paragraph in text[:4_000].split("\n") if paragraph.strip()]
    ends = [paragraph.strip() for paragraph in text[-2_000:].split("\n") if paragraph.strip()]
    for paragraph in paragraphs[: HEAD + 2]:
        if found := read_dateline(paragraph, date).agency:
            return found
    for line in [*paragraphs[:HEAD], *ends[-TAIL:]]:
        if len(line) < 200 and (found := agency_in(line)):
            return found
    return None
