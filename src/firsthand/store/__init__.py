"""What is kept: one schema and one set of queries for SQLite and PostgreSQL.

`open_store` gives a `Store`; its parts are `feeds`, `ingest`, `articles`, `findings`, `copies`, `stories`, `storylines`,
`readers` and `changes`. All methods are synchronous and thread-safe; those that write are one transaction each.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from firsthand.model.errors import ConfigError, StoreUnavailable
from firsthand.store import schema as s
from firsthand.store.access import Access
from firsthand.store.addresses import Addresses
from firsthand.store.articles import Articles
from firsthand.store.beats import Beats
from firsthand.store.changes import Changes
from firsthand.store.copies import Copies
from firsthand.store.database import Database, backup, unavailable
from firsthand.store.editions import Editions
from firsthand.store.feeds import Feeds
from firsthand.store.findings import Findings
from firsthand.store.hubs import Hubs
from firsthand.store.ingest import Ingest
from firsthand.store.letters import Letters
from firsthand.store.offline import Offline
from firsthand.store.out import Out
from firsthand.store.push import Push
from firsthand.store.readers import Readers
from firsthand.store.reports import Reports
from firsthand.store.stories import Stories
from firsthand.store.storylines import Storylines
from firsthand.store.streams import Streams
from firsthand.store.tokens import Tokens
from firsthand.store.watching import Watching

__all__ = ["Store", "open_store"]


class Store:
    """All that is kept, by part."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.feeds = Feeds(database)
        self.ingest = Ingest(database)
        self.articles = Articles(database)
        self.readers = Readers(database)
        self.changes = Changes(database)
        self.offline = Offline(database)
        self.push = Push(database)
        self.findings = Findings(database)
        self.reports = Reports(database)
        self.copies = Copies(database)
        self.stories = Stories(database)
        self.storylines = Storylines(database)
        self.access = Access(database)
        self.addresses = Addresses(database)
        self.editions = Editions(database)
        self.letters = Letters(database)
        self.streams = Streams(database)
        self.tokens = Tokens(database)
        self.beats = Beats(database)
        self.watching = Watching(database)
        self.out = Out(database)
        self.hubs = Hubs(database)

    @property
    def engine(self) -> Engine:
        return self._db.engine

    def check(self) -> None:
        """Whether the database answers and has this program's schema.

        Raises:
            StoreUnavailable: it does not answer.
            SchemaMismatch: it is empty, older or newer.
        """
        if not self._db.is_at(s.REVISION):
            from firsthand.store.migrating import refuse

            refuse(self._db)

    def migrate(self) -> None:
        """Bring the database to this program's schema; nothing happens if it has it.

        Raises:
            StoreUnavailable: it does not answer.
            SchemaMismatch: it is newer than this program.
        """
        from firsthand.store.migrating import migrate

        migrate(self._db)

    def backup(self, path: Path) -> None:
        """A consistent copy of the embedded database, while it is in use. Raises StoreError."""
        backup(self._db, path)

    def secret(self, name: str) -> bytes:
        """32 random bytes that this installation keeps under a name, for signing; made when first asked for."""
        query = select(s.secrets.c.value).where(s.secrets.c.name == name)
        with self._db.read() as connection:
            value = connection.scalar(query)
        if value is None:
            with self._db.write() as connection:
                row = {"name": name, "value": secrets.token_bytes(32)}
                connection.execute(self._db.insert_or(s.secrets).values(row).on_conflict_do_nothing())
                value = connection.scalar(query)
        assert value is not None
        return bytes(value)

    def close(self) -> None:
        """Close all connections."""
        self._db.engine.dispose()


def open_store(database: str) -> Store:
    """Open a database by its address: `sqlite:////path/to/firsthand.db` or `postgresql+psycopg://…`.

    Raises:
        ConfigError: the address is none of these.
        StoreUnavailable: it cannot be opened.
    """
    try:
        if database.startswith("sqlite:"):
            from firsthand.store import sqlite as own
        elif database.startswith("postgresql"):
            from firsthand.store import postgres as own  # type: ignore[no-redef]
        else:
            raise ConfigError(
                f"{database.partition(':')[0]!r} is no database that is known here.", "Use SQLite or PostgreSQL."
            )
        engine = own.open_engine(database)
        with engine.connect():
            pass
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise ConfigError("The database address cannot be read.", "Correct FIRSTHAND_DATABASE.") from error
    except SQLAlchemyError as error:
        raise unavailable(error) from error
    except ImportError as error:
        raise StoreUnavailable(
            f"The database's driver is missing: {error.name}.", "Install again with `make install`."
        ) from error
    return Store(Database(engine, own))
