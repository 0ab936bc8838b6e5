"""`firsthand user`: the account."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from firsthand.cli.house import clock, open_migrated
from firsthand.desk.accounts import Accounts
from firsthand.model.errors import UsageError

app = typer.Typer(help="The account that signs in.", no_args_is_help=True)

FromInput = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command()
def add(context: typer.Context, name: str, password_stdin: FromInput = False) -> None:
    """Make the owner's account. What the local owner followed, read and saved stays theirs."""
    secret = _ask_password(from_input=password_stdin)
    with open_migrated(context.obj) as store:
        accounts = Accounts(store, clock)
        if accounts.needs_sign_in():
            raise UsageError(
                "There is an account already; this version has one.", "Change it with `firsthand user password`."
            )
        reader = accounts.create(name, secret)
    typer.echo(f"The account {reader.name} exists. Sign in with it.")


@app.command()
def password(context: typer.Context, name: str, password_stdin: FromInput = False) -> None:
    """Set a new password, without the old one. All sessions of the account end."""
    secret = _ask_password(from_input=password_stdin)
    with open_migrated(context.obj) as store:
        Accounts(store, clock).reset_password(name, secret)
    typer.echo(f"The password of {name} is set; its sessions have ended.")


def _ask_password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for a password.", "Add --password-stdin and give it on input.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
