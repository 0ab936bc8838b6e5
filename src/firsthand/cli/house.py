"""Building the whole: settings, the store, the desk, ingestion."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from firsthand.analyze.isolated import IsolatedAnalyst
from firsthand.config import Settings
from firsthand.deliver.compose import LetterComposer
from firsthand.desk import Desk
from firsthand.extract.isolated import IsolatedReader
from firsthand.model.errors import ConfigError, FirsthandError, SchemaMismatch, StoreUnavailable
from firsthand.pipeline import Pipeline, mailboxes
from firsthand.sources.fetcher import Fetcher
from firsthand.sources.guard import AddressGuard
from firsthand.store import Store, open_store


def clock() -> datetime:
    """The time, aware UTC. Everything else is handed it."""
    return datetime.now(UTC)


@contextmanager
def open_migrated(settings: Settings) -> Iterator[Store]:
    """The store, its schema brought up to date.

    Raises:
        StoreUnavailable, SchemaMismatch: it cannot be opened, or is newer than this program.
    """
    if not settings.database:
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"The data folder {settings.data} cannot be made: {error.strerror}.",
                "Choose another with --data, or mend its permissions.",
            ) from error
    store = open_store(settings.database_url)
    try:
        try:
            store.check()
        except SchemaMismatch:
            store.migrate()
        yield store
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class House:
    """All parts, built and joined."""

    settings: Settings
    store: Store
    fetcher: Fetcher
    desk: Desk
    pipeline: Pipeline
    listening: mailboxes.Listening


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """The whole, for commands that go out to the network."""
    reader, analyst = IsolatedReader(), IsolatedAnalyst()
    with open_migrated(settings) as store:
        async with Fetcher(settings.fetch) as fetcher:
            try:
                access = mailboxes.Access(settings.mailbox, AddressGuard(settings.fetch.allow_networks))
                pipeline = Pipeline(
                    store,
                    fetcher,
                    reader,
                    clock,
                    settings.pipeline,
                    analyst if settings.pipeline.analyze else None,
                    access,
                )
                desk = Desk(store, fetcher, clock, composer=composer_of(settings))
                desk.websub.take = pipeline.take
                yield House(settings, store, fetcher, desk, pipeline, mailboxes.Listening(store, access, clock))
            finally:
                reader.close()
                analyst.close()


def composer_of(settings: Settings) -> LetterComposer:
    """What makes text of letters."""
    return LetterComposer(settings.mail, settings.web.address)


def listen(settings: Settings, store: Store) -> socket.socket:
    """The socket to serve on.

    Raises:
        ConfigError: the address is taken or not ours, or is open to others while there is no account to sign in to.
    """
    host, port = settings.web.host, settings.web.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # What was bound decides, not the name: a hosts file may give "localhost" any address.
        if not is_loopback(listener.getsockname()[0]) and store.readers.owner().password_hash is None:
            raise ConfigError(
                f"Serving on {host} would let anybody in, because there is no account yet.",
                "Add one with `firsthand user add NAME`, or serve on 127.0.0.1.",
            )
    except (OSError, OverflowError, UnicodeError) as error:  # a port out of range; a name that no resolver takes
        listener.close()
        raise _unservable(f"{host}:{port}", error) from error
    except FirsthandError:
        listener.close()
        raise
    return listener


def _unservable(address: str, error: Exception) -> ConfigError:
    remedies = {
        errno.EADDRINUSE: "Choose another with --port, or stop what uses it.",
        errno.EACCES: "Choose a port above 1023 with --port.",
        errno.EADDRNOTAVAIL: "Choose an address of this machine with --host.",
    }
    if isinstance(error, OSError):
        why, remedy = error.strerror or str(error), remedies.get(error.errno or 0, "")
    else:
        why, remedy = str(error), ""
    return ConfigError(
        f"The address {address} cannot be served on: {why.rstrip('.')}.", remedy or "Choose another with --host."
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
