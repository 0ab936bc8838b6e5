"""`firsthand token`: API tokens for apps and programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from firsthand.cli.house import clock, open_migrated
from firsthand.cli.read import write_json
from firsthand.cli.screen import out
from firsthand.config import Settings
from firsthand.desk.accounts import Accounts
from firsthand.desk.tokens import Tokens
from firsthand.model.errors import UsageError
from firsthand.model.records import Reader
from firsthand.model.text import one_line
from firsthand.model.tokens import Scope

app = typer.Typer(help="API tokens for apps and programs.", no_args_is_help=True)

Account = Annotated[str | None, typer.Option("--user", help="Whose account; the owner's if not given.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def make(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What uses it: the app, the device.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it may do beside reading; everything if not given.")
    ] = None,
    days: Annotated[float | None, typer.Option(help="How long it lasts; until revoked if not given.")] = None,
    user: Account = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it, this once."""
    if days is not None and not 0 < days <= 36_500:
        raise UsageError(f"A token cannot last {days:g} days.", "Give --days between 0 and 36500.")
    with _tokens(context.obj, user) as (tokens, reader):
        lasts = timedelta(days=days) if days is not None else None
        made = tokens.make(reader, name, scope or tuple(Scope), lasts)
    if as_json:
        write_json({"id": made.token.id, "name": made.token.name, "token": made.secret})
    else:
        typer.echo(made.secret)


@app.command("list")
def list_(context: typer.Context, user: Account = None, as_json: AsJson = False) -> None:
    """Print the tokens that there are; never the tokens themselves, which are not kept."""
    with _tokens(context.obj, user) as (tokens, reader):
        held = tokens.list(reader)
    if as_json:
        rows = [
            {
                "id": one.id,
                "name": one.name,
                "scopes": sorted(scope.value for scope in one.scopes),
                "created": _time(one.created),
                "last_used": _time(one.last_used),
                "expires": _time(one.expires),
            }
            for one in held
        ]
        write_json(rows)
        return
    if not held:
        typer.echo("There is no token yet. Make one with `firsthand token make NAME`.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "name", "may", "made", "last used", "ends"):
        table.add_column(heading, overflow="fold")
    for one in held:
        scopes = ", ".join(sorted(scope.value for scope in one.scopes))
        times = (_time(at) or "never" for at in (one.created, one.last_used, one.expires))
        table.add_row(str(one.id), escape(one.name), scopes, *times)
    out().print(table)


@app.command()
def revoke(context: typer.Context, token_id: Annotated[int, typer.Argument(min=1)], user: Account = None) -> None:
    """End a token at once."""
    with _tokens(context.obj, user) as (tokens, reader):
        tokens.revoke(reader, min(token_id, 2**63 - 1))
    typer.echo(f"The token {token_id} is revoked.")


@contextmanager
def _tokens(settings: Settings, user: str | None) -> Iterator[tuple[Tokens, Reader]]:
    with open_migrated(settings) as store:
        reader = store.readers.owner() if user is None else store.readers.by_name(one_line(user))
        if reader is None:
            raise UsageError(f"There is no account named {user}.", "Run `firsthand user add NAME` to make one.")
        yield Tokens(store, clock, Accounts(store, clock)), reader


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
