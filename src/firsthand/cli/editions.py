"""`firsthand edition`: editions by mail from the command line."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from firsthand.cli.house import House, clock, composer_of, open_house, open_migrated
from firsthand.cli.read import write_json
from firsthand.cli.screen import counted, out, working
from firsthand.config import Settings
from firsthand.deliver.loop import Delivery
from firsthand.deliver.mail import check
from firsthand.desk.addresses import MailAddresses
from firsthand.desk.mailing import Mailing
from firsthand.model.editions import Edition, Fate
from firsthand.model.errors import ConfigError, UsageError
from firsthand.store import Store

app = typer.Typer(help="Editions by mail.", no_args_is_help=True)

_RHYTHMS = {"daily": "every day", "weekly": "every week", "breaking": "when news breaks"}
_FATES = {
    Fate.TAKEN: "{} sent",
    Fate.AGAIN: "{} put off by the server",
    Fate.REFUSED: "{} refused",
    Fate.NO_SUCH_ADDRESS: "{} to addresses that do not exist",
    Fate.UNKNOWN: "{} may or may not have been taken",
}


@app.command("list")
def list_(context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the editions of all readers: when they come, and where they go."""
    with open_migrated(context.obj) as store:
        editions = store.editions.all()
        names = {one: store.readers.get(one).name for one in {edition.reader_id for edition in editions}}
    if as_json:
        write_json([_to_json(one, names[one.reader_id]) for one in editions])
        return
    if not editions:
        typer.echo("There is no edition yet. Set one up on the page of editions, under Settings.")
        return
    table = Table("Id", "Reader", "Title", "Comes", "Next", "To", box=None, pad_edge=False)
    for one in editions:
        comes = _RHYTHMS[one.plan.schedule.rhythm.value]
        row = (
            str(one.id),
            names[one.reader_id],
            one.plan.title,
            comes,
            _when(one.next_due),
            one.address or "nowhere yet",
        )
        table.add_row(*row)
    out().print(table)


@app.command()
def preview(
    context: typer.Context,
    edition: int,
    html: Annotated[Path | None, typer.Option(readable=False, help="Write the HTML part to this file.")] = None,
) -> None:
    """Print what an edition would send now, and send nothing."""
    settings: Settings = context.obj
    with open_migrated(settings) as store:
        mailing = _mailing(store, settings)
        mail = mailing.look(mailing.preview(store.editions.get(edition)))
    typer.echo(f"Subject: {mail.subject}\n\n{mail.text}")
    if html is not None:
        try:
            html.write_text(mail.html, "utf-8")
        except OSError as error:
            raise UsageError(f"{html} cannot be written: {error.strerror}.", "Choose another place.") from error


@app.command()
def send(
    context: typer.Context,
    edition: Annotated[int | None, typer.Argument(help="Send this one now, out of turn.")] = None,
) -> None:
    """Send what is due now, or one edition out of turn. `serve` does the former by itself."""
    settings: Settings = context.obj
    if not composer_of(settings).ready:
        raise ConfigError("Mail is not set up.", "Set mail.host, mail.sender and web.address.")
    check(settings.mail)
    with working("Sending"):
        said = asyncio.run(_send(settings, edition))
    typer.echo(said)


@app.command()
def bounce(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(readable=False, help="Mails that came back; - for standard input.")],
) -> None:
    """Read mails that came back (RFC 3464); addresses that bounce for good three times get no more letters.

    To be called by the mail server for what comes to `mail.sender`.
    """
    with open_migrated(context.obj) as store:
        addresses = MailAddresses(store, clock)
        for file in files:
            try:
                data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
            except OSError as error:
                raise UsageError(f"{file} cannot be read: {error.strerror}.", "Name a mail in a file.") from error
            for one, held in addresses.reported(data):
                typer.echo(f"{held.address}: {one.reason}" if held else f"{one.message_id} is no letter of ours.")


async def _send(settings: Settings, edition: int | None) -> str:
    async with open_house(settings) as house:
        delivery = Delivery(house.desk, composer_of(settings), settings.mail, clock)
        if edition is not None and not await asyncio.to_thread(_out_of_turn, house, edition):
            return "There is nothing new to send."
        if edition is None:
            await delivery.ask_once()
            while await asyncio.to_thread(house.desk.mailing.prepare, 50):
                pass
        fates = await delivery.run_once(edition)
    parts = [_FATES[fate].format(counted(number, "letter")) for fate, number in fates.items()]
    return f"{', '.join(parts) or 'Nothing is due'}."


def _out_of_turn(house: House, edition: int) -> bool:
    return house.desk.mailing.send_now(house.store.editions.get(edition))


def _mailing(store: Store, settings: Settings) -> Mailing:
    return Mailing(store, clock, MailAddresses(store, clock), composer_of(settings))


def _when(due: datetime | None) -> str:
    return due.astimezone().strftime("%a %d %b %H:%M") if due else "put off"


def _to_json(one: Edition, reader: str) -> dict[str, Any]:
    schedule = one.plan.schedule
    return {
        "id": one.id,
        "reader": reader,
        "title": one.plan.title,
        "rhythm": schedule.rhythm.value,
        "time": f"{schedule.minute // 60:02}:{schedule.minute % 60:02}",
        "zone": schedule.zone,
        "next": one.next_due.isoformat() if one.next_due else None,
        "address": one.address,
    }
