"""Building the whole: settings, logs, the store, the desk, ingestion."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from firsthand.config import Settings
from firsthand.desk import Desk
from firsthand.extract.isolated import IsolatedReader
from firsthand.model.errors import ConfigError, SchemaMismatch, StoreUnavailable
from firsthand.pipeline import Pipeline
from firsthand.sources.fetcher import Fetcher
from firsthand.store import Store, open_store


def clock() -> datetime:
    """The time, aware UTC. Everything else is handed it."""
    return datetime.now(UTC)


def start_logging(level: str, form: str) -> None:
    """Structured logs on standard error: lines for people, or JSON for machines.

    Raises:
        ConfigError: no such level or form.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ConfigError(f"There is no log level {level!r}.", "Use debug, info, warning or error.")
    if form not in {"text", "json"}:
        raise ConfigError(f"There is no log format {form!r}.", "Use text or json.")
    last = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso" if form == "json" else "%H:%M:%S", utc=form == "json"),
            *([structlog.processors.format_exc_info] if form == "json" else []),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", force=True
    )
    # These report every broken page of the web as their own trouble; the page's own problem says it better.
    for noisy in ("trafilatura", "htmldate", "courlan", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)


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


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """The whole, for commands that go out to the network."""
    reader = IsolatedReader()
    with open_migrated(settings) as store:
        async with Fetcher(settings.fetch) as fetcher:
            try:
                pipeline = Pipeline(store, fetcher, reader, clock, settings.pipeline)
                yield House(settings, store, fetcher, Desk(store, fetcher, clock), pipeline)
            finally:
                reader.close()


def listen(settings: Settings, store: Store) -> socket.socket:
    """The socket to serve on.

    Raises:
        ConfigError: the address is taken or not ours, or is open to others while there is no account to sign in to.
    """
    host, port = settings.web.host, settings.web.port
    if not is_loopback(host) and store.readers.owner().password_hash is None:
        raise ConfigError(
            f"Serving on {host} would let anybody in, because there is no account yet.",
            "Add one with `firsthand user add NAME`, or serve on 127.0.0.1.",
        )
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        raise ConfigError(
            f"The address {host}:{port} cannot be served on: {error.strerror}.",
            "Choose another with --port, or stop what uses it.",
        ) from error
    return listener


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
