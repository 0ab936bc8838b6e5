"""`firsthand group`: copies and stories of articles that are given line by line, for archives and tests.

One bad line of a million must not cost the others: what cannot be used is told on standard error with its line, the rest
is grouped, and the exit status says that something was told.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from firsthand.cli.read import write_json
from firsthand.cli.trouble import EXIT_USAGE, tell
from firsthand.extract.credits import agency_in
from firsthand.extract.dateline import read_dateline
from firsthand.extract.language import detect_language
from firsthand.group.direction import Named
from firsthand.group.engine import Grouped, Grouper, Incoming
from firsthand.model.errors import UsageError
from firsthand.model.grouping import CopyMatch
from firsthand.model.text import one_line
from firsthand.model.when import When

HEAD, TAIL = 3, 3
"""Paragraphs at either end of a text where a credit line or a dateline may stand."""
TOLD: Final = 20
"""Lines that are complained of one by one; more are counted."""
YEARS: Final = range(1400, 9_000)
"""Before, nothing was printed; at either end of the calendar a time zone cannot be told."""


def add_to(app: typer.Typer) -> None:
    """Register this command."""
    app.command()(group)


def group(
    file: Annotated[Path, typer.Argument(help="JSON lines in order of arrival, or - for standard input.")],
    as_lines: Annotated[bool, typer.Option("--jsonl", help="Print a JSON object a line (the only form yet).")] = True,
) -> None:
    """Find copies and stories among articles.

    Each line in is {"id", "title", "text", "date", "source"}, all but the id may be missing; each line out {"id",
    "story", "copies"}, with the story as it stands when all have come. What cannot be read is told with its line, and
    the others are grouped all the same; the exit status is then 2.
    """
    grouper, complaints = Grouper(), _Complaints()
    grouped = list(_grouped(grouper, file, complaints))
    stories = grouper.finish()
    for one in grouped:
        copies = [_copy(match) for match in one.copies]
        write_json({"id": one.article, "story": stories[one.article], "copies": copies}, lines=True)
    complaints.end()


@dataclass
class _Complaints:
    """What is wrong with lines of the input."""

    count: int = 0

    def add(self, number: int, message: str, remedy: str) -> None:
        self.count += 1
        if self.count <= TOLD:
            tell(UsageError(f"Line {number}: {message}", remedy))

    def end(self) -> None:
        """Raises typer.Exit if there were any."""
        if self.count > TOLD:
            more = self.count - TOLD
            tell(UsageError(f"Of {self.count:,} complaints {more:,} more were not printed.", "Mend those above first."))
        if self.count:
            raise typer.Exit(EXIT_USAGE)


def _grouped(grouper: Grouper, file: Path, complaints: _Complaints) -> Iterator[Grouped]:
    reader = _Reader(complaints)
    for number, line in _lines(file):
        article = reader.article(line, number)
        if article is None:
            continue
        try:
            yield grouper.add(article)
        except ValueError:
            said = f"the id {article.id!r} was given before; this line is left out."
            complaints.add(number, said, "Give each article, and each version of one, an id of its own.")


def _copy(match: CopyMatch) -> dict[str, Any]:
    return {
        "of": match.of,
        "kind": match.kind.value,
        "kept": round(match.kept, 4),
        "reused": round(match.reused, 4),
        "direction": match.direction.value,
    }


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that hold anything, with their numbers."""
    try:
        lines = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Give a file of JSON lines, or -.") from error
    with lines:
        for number, line in enumerate(lines, 1):
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if text.strip():
                yield number, text


@dataclass
class _Reader:
    """Lines to articles."""

    complaints: _Complaints
    languages: dict[str, str] = field(default_factory=dict)
    """What each source wrote in last: a headline alone is too short to tell."""

    def article(self, line: bytes, number: int) -> Incoming | None:
        """The article in a line; None where there is none, which is then told."""
        try:
            found = json.loads(line.decode("utf-8", "replace"))
            key = found["id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            said = "this is no JSON object with an id; it is left out."
            self.complaints.add(
                number, said, 'Write {"id": …, "title": …, "text": …, "date": …, "source": …} on a line.'
            )
            return None
        if not isinstance(key, str | int) or isinstance(key, bool):
            said = "the id is neither text nor a whole number; the line is left out."
            self.complaints.add(number, said, "Give each article an id.")
            return None
        title, text, source = (self._text(found, name, number) for name in ("title", "text", "source"))
        date = self._date(found.get("date"), number)
        agency = _agency(text, date)
        return Incoming(
            id=key,
            title=title,
            text=text,
            date=date,
            source=source or None,
            language=self._language(f"{title}\n{text}", source),
            agency=Named(agency) if agency else None,
        )

    def _text(self, found: dict[str, Any], name: str, number: int) -> str:
        value = found.get(name)
        if value is None or isinstance(value, str):
            return value or ""
        said = f"the {name} is no text ({_short(value)}) and is taken as missing."
        self.complaints.add(number, said, f'Write "{name}" in quotation marks, or null.')
        return ""

    def _date(self, value: object, number: int) -> When | None:
        if value in (None, ""):
            return None
        try:
            date = When.fromisoformat(str(value).strip().replace("Z", "+00:00"))
            if date.at.year in YEARS:
                return date
        except ValueError:
            pass
        said = f"{_short(value)} is no ISO 8601 date; the article is taken as undated."
        self.complaints.add(number, said, "Write 2024-03-05, 2024-03-05T08:00:00Z, or null.")
        return None

    def _language(self, text: str, source: str) -> str:
        found = (detect_language(text) or self.languages.get(source, "en")).partition("-")[0]
        if source:
            self.languages[source] = found
        return found


def _short(value: object) -> str:
    return one_line(repr(value))[:60]


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
