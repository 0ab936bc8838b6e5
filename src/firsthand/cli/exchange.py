"""Data in and out: `import` takes OPML; `export` writes OPML, all articles, or a copy of the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.progress import TextColumn

from firsthand.cli.house import clock, open_migrated
from firsthand.cli.read import to_json, write_json
from firsthand.cli.screen import counted, progress, working
from firsthand.desk.following import export_opml, import_opml
from firsthand.desk.newsletters import looks_like_mail, split_mbox, take_mails
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
    file: Annotated[
        Path, typer.Argument(readable=False, help="OPML, as feed readers export it, or newsletters (mbox, eml).")
    ],
) -> None:
    """Follow all feeds of an OPML file, with their folders, or take in the newsletters of an mbox or eml file."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Give an OPML file, or - for input.") from error
    if looks_like_mail(data):
        with open_migrated(context.obj) as store, working("Reading newsletters"):
            taken = take_mails(store, [store.readers.owner().id], split_mbox(data), clock())
        held = f"; {taken.known} held before" if taken.known else ""
        none = f"; {taken.refused} without any text" if taken.refused else ""
        none += f"; {counted(taken.reports, 'report')} of mails that came back" if taken.reports else ""
        typer.echo(f"{counted(taken.new, 'newsletter')} taken in{held}{none}.")
        return
    with open_migrated(context.obj) as store, working("Following what the file names"):
        result = import_opml(store, store.readers.owner(), data, clock())
    added = f"{counted(result.added, 'feed')} {'is' if result.added == 1 else 'are'} followed now"
    known = f"; {result.known} followed before" if result.known else ""
    refused = f"; {result.refused} without a web address" if result.refused else ""
    typer.echo(f"{added}{known}{refused}.")


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(readable=False, help="Where to write; - for standard output.")] = Path("-"),
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
                if file.is_dir():
                    raise UsageError(f"{file} is a folder.", "Name a file in it.")
                store.backup(file)
    if str(file) != "-":
        typer.echo(f"Written to {file}.")


def _write(file: Path, data: bytes) -> None:
    if str(file) == "-":
        sys.stdout.buffer.write(data)
        return
    with _replacing(file) as target:
        target.write(data)


def _export_articles(store: Store, file: Path) -> None:
    if str(file) == "-":
        for held in store.articles.export():
            write_json(_article_json(held), lines=True)
        return
    with progress(TextColumn("{task.completed} articles")) as bar, _replacing(file) as target:
        task = bar.add_task("", total=None)
        for held in store.articles.export():
            write_json(_article_json(held), lines=True, to=target)
            bar.advance(task)


@contextmanager
def _replacing(file: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `file` only when it is complete.

    Raises:
        UsageError: it cannot be written; nothing is left behind.
    """
    if file.is_dir():
        raise UsageError(f"{file} is a folder.", "Name a file in it.")
    beside = file.with_name(f"{file.name}.part")
    try:
        with beside.open("wb") as target:
            yield target
        beside.replace(file)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.", "Choose another place.") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


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
