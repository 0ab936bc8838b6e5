"""Bringing a database to this program's schema, with Alembic. Imported only when it is needed: Alembic is large."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from firsthand.model.errors import SchemaMismatch
from firsthand.store import schema as s
from firsthand.store.database import Database

FOLDER = Path(__file__).parent / "migrations"


def scripts() -> ScriptDirectory:
    """The migrations that the package brings."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)


def refuse(database: Database) -> NoReturn:
    """Raises SchemaMismatch: says in what way the schema is not this program's."""
    with database.read() as connection:
        held = _revision(connection)
    if held is None:
        raise SchemaMismatch("The database is empty.", "Run `firsthand migrate`.")
    _refuse_newer(scripts(), held)
    raise SchemaMismatch("The database is of an older version.", "Run `firsthand migrate`.")


def migrate(database: Database) -> None:
    """Run the missing migrations, all in one transaction."""
    known = scripts()
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.write() as connection:
        held = _revision(connection)
        if held is not None:
            _refuse_newer(known, held)
        with EnvironmentContext(config, known, fn=lambda rev, _: known._upgrade_revs("head", rev)) as environment:
            environment.configure(connection=connection, target_metadata=s.metadata, transactional_ddl=False)
            environment.run_migrations(search_ddl=database.own.SEARCH_DDL)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(known: ScriptDirectory, held: str) -> None:
    if held not in {script.revision for script in known.walk_revisions()}:
        raise SchemaMismatch(
            "The database is of a newer version than this program.", "Upgrade the program, or restore an older backup."
        )
