"""The search language: what a reader types, as a `SearchQuery`, and back.

    sea wall "progressive failure" -flood outlet:ledger by:quist section:region after:2025-03 before:2025-04-15
    said-by:lindqvist source:memos credits:reuters kind:direct

All parts must hold. A value with spaces is quoted: `outlet:"Daily Ledger"`. Dates are a year, a month or a day, read in
the reader's zone: `after:` means from its start on, `before:` until its start. An unknown `name:` is a plain word,
because headlines hold colons too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from firsthand.model.errors import UsageError
from firsthand.model.findings import StatementKind
from firsthand.model.records import SearchQuery
from firsthand.model.text import one_line

MAX_LENGTH = 500
"""Longest search in characters: far beyond what anyone types, far below what would burden the database."""
_NAMES = ("outlet", "by", "section", "said-by", "source", "credits")
_FIELDS = (*_NAMES, "kind", "before", "after")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PART = re.compile(r'(?P<minus>-)?(?:(?P<name>[a-zA-Z]+(?:-[a-zA-Z]+)?):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parse_search(text: str, zone: tzinfo = UTC) -> SearchQuery:
    """Read a search.

    Raises:
        UsageError: a date or kind that is none, a field without a value, an empty or too long search.
    """
    line = one_line(text).translate(_QUOTES)
    if len(line) > MAX_LENGTH:
        raise UsageError(f"The search is longer than {MAX_LENGTH} characters.", "Shorten it.")
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    fields: dict[str, str] = {}
    for minus, name, value, quoted in _parts(line):
        if name:
            fields[name] = value
        elif minus:
            excluded.append(value)
        elif quoted:
            phrases.append(value)
        else:
            words.append(value)
    query = SearchQuery(
        words=tuple(words),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        outlet=fields.get("outlet"),
        by=fields.get("by"),
        section=fields.get("section"),
        said_by=fields.get("said-by"),
        source=fields.get("source"),
        credits=_house(fields["credits"]) if "credits" in fields else None,
        kind=_kind(fields["kind"]) if "kind" in fields else None,
        before=_start_of(fields["before"], zone) if "before" in fields else None,
        after=_start_of(fields["after"], zone) if "after" in fields else None,
    )
    if query == SearchQuery():
        raise UsageError("There is nothing to search for.", "Type a word, or a filter such as outlet:name.")
    if not (words or phrases or fields):
        raise UsageError("A search cannot consist of excluded words only.", "Add a word that should be found.")
    return query


def format_search(query: SearchQuery, zone: tzinfo = UTC) -> str:
    """A text that `parse_search` reads as `query` (dates to the day)."""
    parts = [*query.words, *(f'"{phrase}"' for phrase in query.phrases)]
    parts += [f'-"{word}"' if " " in word else f"-{word}" for word in query.excluded]
    for name in _NAMES:
        value = getattr(query, name.replace("-", "_"))
        if value:
            parts.append(f'{name}:"{value}"' if " " in value else f"{name}:{value}")
    if query.kind:
        parts.append(f"kind:{query.kind.value}")
    for name in ("after", "before"):
        when = getattr(query, name)
        if when:
            parts.append(f"{name}:{when.astimezone(zone).date().isoformat()}")
    return " ".join(parts)


def _parts(line: str) -> Iterator[tuple[bool, str | None, str, bool]]:
    """Each part as (excluded, field, value, quoted); parts without a letter or digit say nothing and are left out."""
    for match in _PART.finditer(line):
        name = (match["name"] or "").lower()
        quoted = match["phrase"] is not None
        value = one_line(match["phrase"] if quoted else match["word"])
        if name and name not in _FIELDS:
            value, name = f"{match['name']}:{value}", ""
        if not quoted and value.endswith(":") and value[:-1].lower() in _FIELDS:
            name, value = value[:-1].lower(), ""
        if name and not value:
            raise UsageError(f"The filter {name}: has no value.", f"Write it as {name}:something, without a space.")
        if name and match["minus"]:
            raise UsageError(f"The filter {name}: cannot be excluded.", "Exclude words only: -word.")
        if any(letter.isalnum() for letter in value):
            yield bool(match["minus"]), name or None, value, quoted


def _house(name: str) -> str:
    """The name under which credits are kept: "AP" is the Associated Press. Unknown names stand as they are."""
    from firsthand.analyze import gazetteer

    known = gazetteer.load().named(name)
    return known[0].name if known else name


def _kind(text: str) -> StatementKind:
    try:
        return StatementKind(text.lower())
    except ValueError:
        kinds = ", ".join(kind.value for kind in StatementKind)
        raise UsageError(f"“{text}” is no kind of statement.", f"Write kind: with one of {kinds}.") from None


def _start_of(text: str, zone: tzinfo) -> datetime:
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else 1 for part in match.groups())
        return datetime(year, month, day, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"“{text}” is not a date.", "Write a year, a month or a day: 2025, 2025-03, 2025-03-08."
        ) from None
