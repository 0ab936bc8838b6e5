"""Data in and out: `import` takes OPML; `export` writes OPML, all articles, or a copy of the database."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from firsthand.cli.house import clock, open_migrated
from firsthand.cli.read import to_json, write_json
from firsthand.desk.following import export_opml, import_opml
from firsthand.model.errors import UsageError
from firsthand.model.records import HeldArticle
from firsthand.store import Store


class What(StrEnum):
    """What is exported."""

    OPML = "opml"
    ARTICLES = "articles"
    DATABASE = "database"


def add_to(app: typer.Typer) -> None:
    """Register these commands."""
    app.command("import")(import_)
    app.command()(export)


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML file, as every feed reader exports it.")],
) -> None:
    """Follow all feeds of an OPML file, with their folders."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Give an OPML file, or - for input.") from error
    with open_migrated(context.obj) as store:
        result = import_opml(store, store.readers.owner(), data, clock())
    typer.echo(
        f"{result.added} feeds are followed now; {result.known} were before; {result.refused} were no web addresses."
    )


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write; - for standard output.")] = Path("-"),
    what: Annotated[
        What, typer.Option(help="The feeds, every article as JSON lines, or the whole database.")
    ] = What.OPML,
) -> None:
    """Write out what is followed (OPML), all articles (JSON lines), or a consistent copy of the database."""
    with open_migrated(context.obj) as store:
        match what:
            case What.OPML:
                _write(file, export_opml(store, store.readers.owner(), clock()))
            case What.ARTICLES:
                _export_articles(store, file)
            case What.DATABASE:
                if str(file) == "-":
                    raise UsageError("A database cannot be written to standard output.", "Name a file.")
                store.backup(file)


def _write(file: Path, data: bytes) -> None:
    if str(file) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        beside = file.with_name(file.name + ".part")
        beside.write_bytes(data)
        beside.replace(file)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.", "Choose another place.") from error


def _export_articles(store: Store, file: Path) -> None:
    if str(file) == "-":
        for held in store.articles.export():
            write_json(_article_json(held), lines=True)
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed} articles"))
    beside = file.with_name(file.name + ".part")
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress, beside.open("wb") as out:
            task = progress.add_task("", total=None)
            for held in store.articles.export():
                write_json(_article_json(held), lines=True, to=out)
                progress.advance(task)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{file} cannot be written: {error.strerror}.", "Choose another place.") from error


def _article_json(held: HeldArticle) -> dict[str, Any]:
    return {
        "id": held.id,
        "state": held.state.value,
        "problem": held.problem,
        "seen": held.seen.isoformat(timespec="seconds"),
        "read": held.read,
        "saved": held.saved,
        **to_json(held.article),
    }
