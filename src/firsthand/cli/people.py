"""`firsthand user`: the accounts, for who has the machine itself."""

from __future__ import annotations

import sys
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
from firsthand.desk.access import Access
from firsthand.desk.accounts import Accounts
from firsthand.model.access import Role
from firsthand.model.errors import UsageError
from firsthand.model.text import one_line

app = typer.Typer(help="The accounts that sign in.", no_args_is_help=True)

FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RoleOption = Annotated[Role, typer.Option("--role", help="An owner also invites and removes readers.")]


@app.command()
def add(context: typer.Context, name: str, password_stdin: FromInput = False, role: RoleOption = Role.READER) -> None:
    """Make an account. The first is an owner's, and takes over what the local owner followed, read and saved."""
    secret = _ask_password(from_input=password_stdin)
    with _opened(context.obj) as (accounts, _):
        reader = accounts.create(name, secret, role)
    typer.echo(f"The account {reader.name} exists. Sign in with it.")


@app.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """Print the accounts that there are."""
    with _opened(context.obj) as (_, access):
        held = access.everybody()
    if as_json:
        rows = [
            {"name": one.name, "role": one.role.value, "created": _time(one.created), "last_used": _time(one.last_used)}
            for one in held
        ]
        write_json(rows)
        return
    if not held:
        typer.echo("There is no account yet. Make one with `firsthand user add NAME`.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "role", "made", "last here"):
        table.add_column(heading, overflow="fold")
    for one in held:
        times = (_time(one.created) or "unknown", _time(one.last_used) or "not signed in")
        table.add_row(escape(one.name), one.role.value, *times)
    out().print(table)


@app.command()
def invite(
    context: typer.Context,
    note: Annotated[str, typer.Argument(help="Whom it is for; only owners see it.")] = "",
    days: Annotated[float, typer.Option(help="How long the link works.")] = 7.0,
    role: RoleOption = Role.READER,
) -> None:
    """Make a link with which one person makes an account, and print it, this once."""
    if not 0 < days <= 365:
        raise UsageError(f"An invite cannot last {days:g} days.", "Give --days between 0 and 365.")
    settings: Settings = context.obj
    with _opened(settings) as (_, access):
        made = access.invite(note, lasts=timedelta(days=days), role=role)
    host = f"[{settings.web.host}]" if ":" in settings.web.host else settings.web.host
    base = settings.web.address.rstrip("/") or f"http://{host}:{settings.web.port}"
    typer.echo(f"{base}/join/{made.token}")


@app.command("role")
def role_(context: typer.Context, name: str, role: Role) -> None:
    """Make an account an owner's, or a reader's again. There is always one owner."""
    with _opened(context.obj) as (_, access):
        reader = access.set_role(name, role)
    typer.echo(f"{reader.name} is {'an owner' if role is Role.OWNER else 'a reader'} now.")


@app.command()
def remove(
    context: typer.Context, name: str, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Delete an account with its follows, marks, beats and editions. The articles stay."""
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("There is no terminal to ask whether you mean it.", "Add --yes.")
        typer.confirm(f"Delete the account {one_line(name)} and all that is its own?", abort=True)
    with _opened(context.obj) as (_, access):
        reader = access.remove(name)
    typer.echo(f"The account {reader.name} is deleted.")


@app.command()
def password(context: typer.Context, name: str, password_stdin: FromInput = False) -> None:
    """Set a new password, without the old one. All sessions of the account end."""
    secret = _ask_password(from_input=password_stdin)
    with _opened(context.obj) as (accounts, _):
        accounts.reset_password(name, secret)
    typer.echo(f"The password of {name} is set; its sessions have ended.")


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Accounts, Access]]:
    with open_migrated(settings) as store:
        accounts = Accounts(store, clock)
        yield accounts, Access(store, clock, accounts)


def _ask_password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for a password.", "Add --password-stdin and give it on input.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
