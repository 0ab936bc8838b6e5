"""`firsthand doctor`: what works, what does not, and what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any

from rich.console import Console
from rich.markup import escape

from firsthand.cli.house import is_loopback, open_migrated
from firsthand.config import Settings
from firsthand.model.errors import FirsthandError
from firsthand.sources.fetcher import Fetcher
from firsthand.sources.starters import load_starters
from firsthand.store import Store

LOW_DISK = 500 * 1024**2
"""Bytes; below this a busy day of news may fill the disk."""


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


def examine(settings: Settings) -> list[Finding]:
    """Look at everything the app needs. Changes nothing but the schema of an older database."""
    findings: list[Finding] = []
    try:
        with open_migrated(settings) as store:
            findings.append(Finding("database", "well", f"{_shown(settings)} is open and of this version."))
            findings += _feeds(store)
            findings += _door(settings, store)
    except FirsthandError as error:
        findings.append(Finding("database", "broken", error.message, error.remedy))
    findings += _disk(settings)
    findings.append(_network(settings))
    findings.append(_package_files())
    findings.append(Finding("mail", "well", "Not set up; this version sends none."))
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
        says = f"{len(failing)} of {len(feeds)} fail: {names}{'…' if len(failing) > 3 else ''}."
        yield Finding("feeds", "warning", says, "`firsthand feeds` says why.")
    else:
        yield Finding("feeds", "well", f"All {len(feeds)} are well.")


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


def _disk(settings: Settings) -> Iterator[Finding]:
    if settings.database:
        return
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        yield Finding(
            "disk", "broken", f"{folder} cannot be written to.", "Mend its permissions, or choose another --data."
        )
    elif free < LOW_DISK:
        yield Finding("disk", "warning", f"Only {free // 1024**2} MB are free in {folder}.", "Make room.")
    else:
        yield Finding("disk", "well", f"{free / 1024**3:.0f} GB are free.")


def _network(settings: Settings) -> Finding:
    """Ask three starter outlets for their feeds; one that answers, in whatever way, shows that there is a way out."""
    chosen = load_starters()[:3]

    async def ask() -> list[str]:
        async with Fetcher(settings.fetch) as fetcher:
            answers = await asyncio.gather(*(fetcher.get(one.feed_url) for one in chosen), return_exceptions=True)
        return [str(answer) for answer in answers if isinstance(answer, BaseException)]

    failures = asyncio.run(ask())
    if len(failures) == len(chosen):
        return Finding("network", "broken", failures[0], "Check the connection and the name server of this machine.")
    return Finding(
        "network", "well", f"{len(chosen) - len(failures)} of {len(chosen)} outlets that were asked answered."
    )


def _package_files() -> Finding:
    """The files that the package brings: templates, scripts, the agencies' names. There is no language model yet."""
    needed = ("web/templates", "web/static", "sources/starters.toml", "store/migrations")
    missing = [name for name in needed if not _there(name)]
    if missing:
        return Finding(
            "package files", "broken", f"Missing: {', '.join(missing)}.", "Install again with `make install`."
        )
    return Finding("package files", "well", "All there; this version uses no language model.")


def _there(name: str) -> bool:
    entry = files("firsthand").joinpath(name)
    return entry.is_file() or entry.is_dir()
