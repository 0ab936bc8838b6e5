"""The open database: transactions for reading and writing, and the database's errors in our words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError

from firsthand.model.errors import StoreError, StoreUnavailable


class Database:
    """One database. Thread-safe; writers take turns, readers never wait for them.

    `own` is the module with what only this kind of database needs: `sqlite` or `postgres`.
    """

    def __init__(self, engine: Engine, own: ModuleType) -> None:
        self.engine = engine
        self.own = own
        # Within a process, waiting in line is cheaper and fairer than SQLite's busy loop.
        self._turn = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent view."""
        with _translated(), self.engine.connect() as plain:
            connection = plain.execution_options(**self.own.READING)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that writes: all of it is kept, or none.

        Args:
            durable: kept also when the power fails the moment after; SQLite is then slower by a sync of the disk.
        """
        with _translated(), self._turn, self.engine.connect() as plain:
            # Else an INSERT … ON CONFLICT DO NOTHING tells on PostgreSQL -1, which is true, whether it inserted or not.
            counting = {"preserve_rowcount": True}
            connection = plain.execution_options(firsthand_write=True, firsthand_durable=durable, **counting)
            with connection.begin():
                self.own.lock_writes(connection)
                yield connection

    def is_at(self, revision: str) -> bool:
        """Whether its schema is of this revision, see `migrations`. Cheap: asks for one row."""
        with self.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            return list(connection.scalars(text("SELECT version_num FROM alembic_version"))) == [revision]

    def insert_or(self, table: Any) -> Any:
        """An INSERT that can say ON CONFLICT."""
        return self.own.upsert(table)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise unavailable(error) from error
    except DBAPIError as error:
        raise StoreError(f"The database refused a request: {_first_line(error)}.") from error
    except TimeoutError as error:
        raise StoreUnavailable("The database has no connection free.", "Ask again in a moment.") from error


def unavailable(error: SQLAlchemyError | Exception) -> StoreUnavailable:
    """What an operational error means, and what to do about it."""
    said = _first_line(error)
    remedies = {
        "unable to open": "Check that the data folder exists and can be written to.",
        "readonly": "Check the permissions of the data folder.",
        "not a database": "Another file stands in the database's place; move it away.",
        "malformed": "The file is damaged; restore a backup.",
        "disk is full": "Make room on the disk; nothing was lost.",
        "no space left": "Make room on the disk; nothing was lost.",
        # What SQLite says where the disk is full too, and it is the file beside the database that cannot grow.
        "disk i/o error": "Make room on the disk, or look whether it fails; nothing was lost.",
        "locked": "Another program holds it; end that one, or wait.",
        "no such table": "Run `firsthand migrate`.",
        "does not exist": "Create the database, or run `firsthand migrate`.",
        "connection": "Check that the database server runs and that FIRSTHAND_DATABASE is right.",
        "password": "Check user and password in FIRSTHAND_DATABASE.",
    }
    remedy = next((remedy for sign, remedy in remedies.items() if sign in said.lower()), "")
    return StoreUnavailable(f"The database cannot be used: {said}.", remedy)


def is_sqlite(engine: Engine) -> bool:
    """Whether this is the embedded database."""
    return engine.dialect.name == "sqlite"


def backup(database: Database, path: Path) -> None:
    """A consistent copy of the embedded database.

    Raises:
        StoreError: it is no SQLite database, or the copy cannot be written.
    """
    if not is_sqlite(database.engine):
        raise StoreError("Only the embedded database is copied so.", "Use pg_dump for PostgreSQL.")
    beside = path.with_name(path.name + ".part")
    try:
        beside.unlink(missing_ok=True)
        database.own.backup(database.engine, beside)
        beside.replace(path)
    except Exception as error:
        beside.unlink(missing_ok=True)
        raise StoreError(
            f"The copy {path} could not be written: {_first_line(error)}.", "Choose another place."
        ) from error


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
