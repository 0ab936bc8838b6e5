"""The set of dates: sentences with the mentions marked in braces, and how a reading of them is scored."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from firsthand.analyze.dates import find_dates

FOLDER = Path(__file__).parent / "dates"
_MARK = re.compile(r"\{([^|{}]*)\|(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?\}")

Mention = tuple[int, int, date, date]


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence, without its marks; `mentions` are what stands in it, `events` the clauses where they are told."""

    what: str
    text: str
    published: date | None
    language: str | None
    mentions: tuple[Mention, ...]
    events: tuple[str, ...] | None = None


def cases() -> Iterator[Case]:
    """All cases: the grid of weekdays, and the sentences of every set."""
    yield from _weekdays(_load("weekdays"))
    for group in _load("english")["set"]:
        for row in group["cases"]:
            yield _case(group["what"], row["text"], group.get("published"), "en", row.get("event"))
    for group in _load("languages")["set"]:
        language = group.get("language")
        for row in group["cases"]:
            yield _case(f"language {language}", row["text"], group.get("published"), language)
    plain = _load("not_dates")
    for text in plain["cases"]:
        yield _case("no dates", text, plain["published"], "en")


def read(case: Case) -> tuple[Mention, ...]:
    found = find_dates(case.text, case.published, case.language)
    return tuple((one.start, one.end, one.earliest, one.latest) for one in found)


def events(case: Case) -> tuple[str, ...]:
    found = find_dates(case.text, case.published, case.language)
    return tuple(case.text[one.event.start : one.event.end] if one.event else "" for one in found)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _weekdays(data: dict[str, Any]) -> Iterator[Case]:
    for report in data["report"]:
        for tense in ("past", "coming"):
            for at, (name, day) in enumerate(report[tense].items()):
                sentences = data["sentences"][tense]
                for shift in range(len(sentences)):
                    words = f"on {name}" if (at + shift) % 2 else name
                    text = sentences[shift].replace("{}", f"{{{words}|{day}}}")
                    yield _case(f"weekdays, {tense}", text, report["published"], "en")


def _case(what: str, marked: str, published: date | None, language: str | None, event: list[str] | None = None) -> Case:
    text, mentions, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        first = date.fromisoformat(match[2])
        mentions.append(
            (len(text), len(text) + len(match[1]), first, date.fromisoformat(match[3]) if match[3] else first)
        )
        text += match[1]
        last = match.end()
    return Case(what, text + marked[last:], published, language, tuple(mentions), tuple(event) if event else None)
