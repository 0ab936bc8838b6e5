"""What was found in articles, from the command line: with `read`, and `trace` and `said`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from firsthand.analyze import Step, analyze
from firsthand.analyze.profiles import FULL
from firsthand.cli.house import open_migrated
from firsthand.cli.read import InputKind, read_input, to_json, write_json
from firsthand.cli.screen import out
from firsthand.config import Settings
from firsthand.desk.seen import Seen
from firsthand.model.article import Article
from firsthand.model.errors import NotFound
from firsthand.model.findings import Analysis, Chain
from firsthand.model.findingsform import analysis_to_json
from firsthand.model.people import Person, Said
from firsthand.store import Store
from firsthand.web import voices

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LONGEST_ID = 19
"""Digits; a database keeps no longer number."""
MOST = 200
"""Statements of one person that `said` prints."""


def add_to(app: typer.Typer) -> None:
    """Register these commands."""
    for command in (trace, said):
        app.command()(command)


def analyzed_json(article: Article, steps: Sequence[Step] = FULL) -> dict[str, Any]:
    """The contract's object for one article with what was found in it."""
    return {**to_json(article), **analysis_to_json(analyze(article, steps), article.text)}


def trace(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="ID|URL|FILE", help="An article held, an address, or a file.")],
    as_json: AsJson = False,
) -> None:
    """Print the way an article came here, from the origin on, hop by hop."""
    article, analysis = _article_and_findings(context.obj, source)
    if as_json:
        write_json({"chains": analysis_to_json(analysis, article.text)["chains"]})
        return
    out().print(Text(article.headline or source, style="bold"))
    if not analysis.chains:
        out().print("The article names nobody it has this from.")
    for chain in analysis.chains:
        out().print(chain_of(chain, article.text))


def said(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="PERSON", help="A name, or a part of one.")],
    as_json: AsJson = False,
) -> None:
    """Print what a person said, newest first."""
    with open_migrated(context.obj) as store:
        people = store.findings.named(name)
        if not people:
            raise NotFound(f"Nobody named {name!r} has been quoted.", "Give the full name, or follow more outlets.")
        statements = {person.id: store.findings.said_by(person.id, None, MOST) for person in people}
    if as_json:
        write_json([_person_json(person, statements[person.id]) for person in people])
        return
    for person in people:
        out().print(Text.assemble((person.name, "bold"), f", {person.role}" if person.role else ""))
        for one in statements[person.id]:
            out().print(Padding(_said(one), (0, 0, 1, 2)))


def findings_of(article: Article, analysis: Analysis) -> RenderableType:
    """The chains and the statements of an article, for people."""
    parts: list[RenderableType] = [chain_of(chain, article.text) for chain in analysis.chains]
    for card in voices.cards(article, analysis, {}):
        facts = "".join(f" · {fact}" for fact in (card.role, *card.facts) if fact)
        disputes = f" · disputes {card.disputes}" if card.disputes else ""
        parts.append(
            Text.assemble(
                f"{card.number}. ",
                (card.who, "bold"),
                (f" {card.cue}" if card.cue else "", "italic"),
                (facts + disputes, "dim"),
            )
        )
        parts.append(Padding(Text(card.words), (0, 0, 0, 3)))
    return Group(*parts)


def chain_of(chain: Chain, text: str) -> RenderableType:
    """A chain as lines, the origin first."""
    lines = []
    for link in voices.links(chain, text):
        mark = "●" if link.seen else "◌"
        named = f" (article {link.article})" if link.article else f" ({link.named})" if link.named else ""
        lines.append(Text.assemble(f"{mark} ", (link.name, "bold"), link.line, (named, "dim")))
        if link.evidence:
            lines.append(Text(f"│   “{link.evidence}”", style="italic dim"))
    return Padding(Group(*lines), (1, 0))


def _article_and_findings(settings: Settings, source: str) -> tuple[Article, Analysis]:
    if not (source.isascii() and source.isdigit()):
        article = read_input(source, InputKind.AUTO, settings, None, None)[0]
        return article, analyze(article)
    with open_migrated(settings) as store:
        return _held(store, int(source) if len(source) < LONGEST_ID else 0)


def _held(store: Store, article_id: int) -> tuple[Article, Analysis]:
    held = store.articles.get(store.readers.owner().id, article_id)
    analysis = store.findings.of(held.id) or analyze(held.article)
    return held.article, Seen(store).article(held.id, analysis) or analysis


def _said(one: Said) -> RenderableType:
    facts = [one.outlet, f"{one.published:%Y-%m-%d}", one.role or "", one.kind.value]
    if one.polarity.value != "asserts":
        facts.append(one.polarity.value)
    return Group(
        Text(one.content), Text(" · ".join(fact for fact in facts if fact) + f" · {one.headline}", style="dim")
    )


def _person_json(person: Person, statements: list[Said]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "statements": [
            {
                "article": one.article_id,
                "number": one.number,
                "headline": one.headline,
                "outlet": one.outlet,
                "content": one.content,
                "kind": one.kind.value,
                "polarity": one.polarity.value,
                "role": one.role,
                "date": one.day.isoformat() if one.day else None,
                "published": one.published.isoformat(),
            }
            for one in statements
        ],
    }
