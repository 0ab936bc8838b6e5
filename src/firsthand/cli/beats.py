"""`firsthand beat`: what is watched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Annotated, Any

import typer
from rich.text import Text

from firsthand.cli.house import clock, open_migrated
from firsthand.cli.read import write_json
from firsthand.cli.screen import out
from firsthand.config import Settings
from firsthand.desk.beats import BeatLine, Beats, first_day, last_day, state_of
from firsthand.model.beats import BeatKind
from firsthand.model.errors import NotFound
from firsthand.model.records import Reader

app = typer.Typer(help="What is watched: searches, people, outlets, places, stories.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Whose = Annotated[str, typer.Option("--user", help="Whose beats; the owner's by default.")]


class Kind(Enum):
    """What can be watched."""

    SEARCH = "search"
    PERSON = "person"
    OUTLET = "outlet"
    PLACE = "place"
    STORY = "story"


@app.command("list")
def list_beats(context: typer.Context, user: Whose = "", as_json: AsJson = False) -> None:
    """Print what is watched, and how many alerts have not been seen."""
    with _beats(context.obj, user) as (beats, reader):
        lines = beats.lines(reader)
    if as_json:
        write_json([_json(line) for line in lines])
        return
    if not lines:
        out().print("Nothing is watched yet. Begin with `firsthand beat add WORDS`.", markup=False)
    for line in lines:
        facts = [line.beat.kind.value, state_of(line.beat, clock())]
        if line.unseen:
            facts.append(f"{line.unseen} new alert{'s' if line.unseen != 1 else ''}")
        out().print(Text.assemble((line.beat.slug, "bold"), f"  {line.beat.name}  ", (" · ".join(facts), "dim")))


@app.command()
def add(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="Words of a search, a place's name, or the id of the others.")],
    kind: Annotated[Kind, typer.Option("--kind", help="What it is.")] = Kind.SEARCH,
    name: Annotated[str, typer.Option(help="Another name than what is watched.")] = "",
    starts: Annotated[str, typer.Option("--from", metavar="DAY", help="First day, as 2026-11-03.")] = "",
    ends: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day.")] = "",
    user: Whose = "",
) -> None:
    """Watch something. Days are counted in UTC."""
    with _beats(context.obj, user) as (beats, reader):
        beat = beats.add(reader, BeatKind(kind.value), what, name=name, starts=first_day(starts), ends=last_day(ends))
    typer.echo(f"{beat.name} is watched, at /beats/{beat.slug}.")


@app.command()
def remove(
    context: typer.Context,
    beat: Annotated[str, typer.Argument(help="Its address, as `list` prints it.")],
    user: Whose = "",
) -> None:
    """Stop watching. The articles stay."""
    with _beats(context.obj, user) as (beats, reader):
        name = beats.remove(reader, beat).name
    typer.echo(f"{name} is no longer watched.")


@contextmanager
def _beats(settings: Settings, user: str) -> Iterator[tuple[Beats, Reader]]:
    with open_migrated(settings) as store:
        reader = store.readers.by_name(user) if user else store.readers.owner()
        if reader is None:
            raise NotFound(f"There is no account named {user}.", "`firsthand user add NAME` makes one.")
        yield Beats(store, clock), reader


def _json(line: BeatLine) -> dict[str, Any]:
    beat = line.beat
    return {
        "slug": beat.slug,
        "name": beat.name,
        "kind": beat.kind.value,
        "key": beat.key,
        "starts": beat.starts.isoformat() if beat.starts else None,
        "ends": beat.ends.isoformat() if beat.ends else None,
        "state": state_of(beat, clock()),
        "unseen": line.unseen,
    }
