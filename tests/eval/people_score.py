"""The set of people: passages with their sources marked, and how a reading of them is scored."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firsthand.analyze.parse import parse
from firsthand.analyze.people import find_entities, resolve_speaker
from firsthand.model.article import Span
from firsthand.model.findings import Entity

FOLDER = Path(__file__).parent / "people"
_MARK = re.compile(r"\[([^|\[\]]*)\|([^|\[\]]*)(?:\|([a-z]*))?\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A source in a passage, and who it is; name None where the passage does not tell."""

    span: Span
    name: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Case:
    what: str
    text: str
    language: str
    asked: tuple[Asked, ...]
    roles: dict[str, list[str]]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    outlets: frozenset[str]


def cases() -> Iterator[Case]:
    for name in ("english", "languages"):
        for row in tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["case"]:
            yield _case(row)


def faults(case: Case) -> Iterator[tuple[str, str]]:
    """What a reading gets wrong: the kind of fault, and a line about it."""
    doc = parse(case.text) if case.language == "en" else None
    found = find_entities(case.text, doc, case.language, outlets=lambda name: name in case.outlets)
    for asked in case.asked:
        got = resolve_speaker(case.text, asked.span, found, doc)
        words = case.text[asked.span.start : asked.span.end]
        if (got.name if got else None) != asked.name:
            yield "speaker", f"{words!r} is {got.name if got else None!r}, not {asked.name!r}"
        elif got is not None and got.kind.value != asked.kind:
            yield "kind", f"{words!r} is {got.kind.value}, not {asked.kind}"
    told = {f"{one.kind.value}: {one.name}" for one in found}
    yield from (("missed", one) for one in case.wanted if one not in told)
    yield from (("invented", one) for one in case.unwanted if one in told)
    for name, roles in case.roles.items():
        yield from _role_faults(name, roles, found)


def _role_faults(name: str, roles: list[str], found: tuple[Entity, ...]) -> Iterator[tuple[str, str]]:
    entity = next((one for one in found if one.name == name), None)
    got = sorted(role.text for role in entity.roles) if entity else []
    if got != sorted(roles):
        yield "role", f"{name}: {got}, not {sorted(roles)}"


def _case(row: dict[str, Any]) -> Case:
    text, asked, last = "", [], 0
    for match in _MARK.finditer(row["text"]):
        text += row["text"][last : match.start()]
        name = None if match[2] == "?" else match[2]
        asked.append(Asked(Span(len(text), len(text) + len(match[1])), name, match[3]))
        text += match[1]
        last = match.end()
    return Case(
        row["what"], text + row["text"][last:], row.get("language", "en"), tuple(asked), row.get("roles", {}),
        tuple(row.get("entities", ())), tuple(row.get("not", ())), frozenset(row.get("outlets", ())),
    )  # fmt: skip
