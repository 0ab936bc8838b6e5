"""`firsthand doctor`: what works, what does not, and what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from firsthand.cli.house import composer_of, is_loopback, open_migrated
from firsthand.cli.screen import counted
from firsthand.cli.trouble import as_ours
from firsthand.config import Settings
from firsthand.deliver.mail import Mailer
from firsthand.deliver.mail import check as check_mail
from firsthand.model.article import Article
from firsthand.model.errors import BadStatus, ConfigError, FirsthandError
from firsthand.model.findings import Analysis
from firsthand.sources.fetcher import Fetcher
from firsthand.sources.starters import load_starters
from firsthand.store import Store

LOW_DISK = 500 * 1024**2
"""Bytes; below this a busy day of news may fill the disk."""

SAMPLE = "“The wall was checked every day,” the director of the port, Mara Lindqvist, said on Friday."
_INSTALL = "Install again with `make install`."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is given where `state` is not "well"."""

    about: str
    state: str
    """well, warning, or broken."""
    says: str
    remedy: str = ""

    @property
    def broken(self) -> bool:
        return self.state == "broken"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


_NO_MODELS = Finding("models", "well", "Not used: pipeline.analyze is off.")


def examine(settings: Settings, *, ask: Sequence[str] = ()) -> list[Finding]:
    """Look at everything the app needs. Changes nothing but the schema of an older database.

    Args:
        ask: addresses to try the network with; a few starter outlets' feeds if there are none.
    """
    findings: list[Finding] = []
    try:
        with open_migrated(settings) as store:
            findings = [_database(settings, store), *_feeds(store), *_door(settings, store), *letters_finding(store)]
    except FirsthandError as error:
        findings.append(Finding("database", "broken", error.message, error.remedy or "Restore a backup."))
    if not settings.database:
        folder = _existing(settings.data.absolute())
        findings.append(disk_finding(folder, shutil.disk_usage(folder).free, writable=os.access(folder, os.W_OK)))
    findings.append(_network(settings, ask or [one.feed_url for one in load_starters()[:3]]))
    findings.append(package_finding(files("firsthand")))
    findings.append(model_finding(_analyze) if settings.pipeline.analyze else _NO_MODELS)
    findings.append(mail_finding(settings))
    return findings


def print_report(report: list[Finding], console: Console) -> None:
    """The findings, one line each, with remedies beneath."""
    marks = {"well": "[green]✓[/]", "warning": "[yellow]![/]", "broken": "[red]✗[/]"}
    for finding in report:
        console.print(f"{marks[finding.state]} [bold]{finding.about}[/]: {escape(finding.says)}", highlight=False)
        if finding.remedy:
            console.print(f"  {escape(finding.remedy)}", highlight=False)


def _shown(settings: Settings) -> str:
    """The database's name without a password."""
    url = settings.database_url
    return url.rpartition("@")[2] if "@" in url else url.removeprefix("sqlite:///")


def _feeds(store: Store) -> Iterator[Finding]:
    feeds = store.feeds.all()
    failing = [feed for feed in feeds if feed.failing_since]
    if not feeds:
        yield Finding(
            "feeds", "warning", "None is followed.", "Open the app and choose, or run `firsthand follow ADDRESS`."
        )
    elif failing:
        names = ", ".join(feed.title for feed in failing[:3])
        says = f"{len(failing)} of {len(feeds)} fail: {names}{' and others' if len(failing) > 3 else ''}."
        yield Finding("feeds", "warning", says, "`firsthand feeds` says why.")
    else:
        yield Finding("feeds", "well", f"{counted(len(feeds), 'feed')}, and nothing wrong.")


def _door(settings: Settings, store: Store) -> Iterator[Finding]:
    locked = store.readers.owner().password_hash is not None
    host = settings.web.host
    if not locked and not is_loopback(host):
        yield Finding(
            "door", "broken", f"web.host is {host}, and there is no account.", "Run `firsthand user add NAME`."
        )
    elif locked and not is_loopback(host) and not settings.web.secure_cookies:
        remedy = "Put a proxy with https before it, and set web.secure_cookies."
        yield Finding("door", "warning", f"Passwords travel in the clear to {host}.", remedy)
    else:
        yield Finding(
            "door", "well", "Readers sign in." if locked else "Only this machine can open it; no sign-in is needed."
        )


def _database(settings: Settings, store: Store) -> Finding:
    """Opened it is already; where it is a file, its pages are looked at as well."""
    shown = _shown(settings)
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if said != "ok":
            return Finding("database", "broken", f"{shown} is damaged: {said}.", "Restore a backup.")
    return Finding("database", "well", f"{shown} is open and of this version.")


def disk_finding(folder: Path, free: int, *, writable: bool) -> Finding:
    """What `free` bytes in the data's folder mean."""
    if not writable:
        remedy = "Mend its permissions, or choose another --data."
        return Finding("disk", "broken", f"{folder} cannot be written to.", remedy)
    if free < LOW_DISK:
        return Finding("disk", "warning", f"Only {free // 1024**2} MB are free in {folder}.", "Make room.")
    return Finding("disk", "well", f"{free / 1024**3:.0f} GB are free.")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists: where it would be made."""
    return next(one for one in (folder, *folder.parents) if os.path.isdir(one))


def _network(settings: Settings, addresses: Sequence[str]) -> Finding:
    """Ask a few outlets; one that answers, in whatever way, shows that there is a way out."""

    async def ask() -> list[BaseException | object]:
        async with Fetcher(settings.fetch) as fetcher:
            return await asyncio.gather(*(fetcher.get(one) for one in addresses), return_exceptions=True)

    answers = asyncio.run(ask())
    failures = [str(one) for one in answers if isinstance(one, BaseException) and not isinstance(one, BadStatus)]
    if len(failures) == len(addresses):
        return Finding("network", "broken", failures[0], "Check the connection and the name server of this machine.")
    answered = len(addresses) - len(failures)
    return Finding("network", "well", f"{answered} of {len(addresses)} outlets that were asked answered.")


def package_finding(package: Traversable) -> Finding:
    """The files that the package brings: templates, scripts, starter outlets, migrations."""
    needed = ("web/templates", "web/static", "sources/starters.toml", "store/migrations")
    missing = [name for name in needed if not _there(package.joinpath(name))]
    if missing:
        return Finding("package files", "broken", f"Missing: {', '.join(missing)}.", _INSTALL)
    return Finding("package files", "well", "All there.")


def model_finding(analyze: Callable[[Article], Analysis]) -> Finding:
    """Whether the language models that the package brings load, and find what a child would."""
    try:
        analysis = analyze(Article(text=SAMPLE, language="en"))
    except Exception as error:  # whatever a broken installation raises: missing files, foreign libraries
        return Finding("models", "broken", f"They cannot be loaded: {as_ours(error).message}", _INSTALL)
    if analysis.failed:
        return Finding("models", "broken", " ".join(analysis.failed), _INSTALL)
    if not analysis.statements:
        return Finding("models", "broken", "They find nothing in a sentence that quotes somebody.", _INSTALL)
    return Finding("models", "well", "They load, and find who said what.")


def mail_finding(settings: Settings) -> Finding:
    """Whether letters can be handed over: the settings are whole, and the server lets us in."""
    mail = settings.mail
    if not mail.host:
        return Finding("mail", "well", "Not set up: no edition is sent.")

    async def connect() -> None:
        mailer = Mailer(replace(mail, timeout=min(mail.timeout, timedelta(seconds=15))))
        await mailer.connect()
        await mailer.quit()

    try:
        check_mail(mail)
        if not composer_of(settings).ready:
            raise ConfigError("Letters hold links, and nothing says where to.", "Set web.address.")
        asyncio.run(connect())
    except FirsthandError as error:
        return Finding("mail", "broken", error.message, error.remedy)
    return Finding("mail", "well", f"{mail.host}:{mail.port} takes letters.")


def letters_finding(store: Store) -> Iterator[Finding]:
    """Letters that wait for a word of their readers, and addresses that get none."""
    counts, (_, stopped) = store.letters.counts(), store.addresses.counts()
    for state, words in (("doubtful", "may or may not have been taken"), ("failed", "could not be sent")):
        if number := counts.get(state, 0):
            remedy = "Readers decide on their page of editions."
            yield Finding("letters", "warning", f"{counted(number, 'letter')} {words}.", remedy)
    if stopped:
        says = f"{stopped} {'address is' if stopped == 1 else 'addresses are'} stopped, because letters came back."
        yield Finding("letters", "warning", says, "Readers can confirm them anew on their page of editions.")


def _analyze(article: Article) -> Analysis:
    from firsthand.analyze import analyze  # loads the models

    return analyze(article)


def _there(entry: Traversable) -> bool:
    return entry.is_file() or entry.is_dir()
