"""The schema, and what is said when a database cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import make_url, text
from store_world import NOW, OWNER, brought, front

from firsthand.model.errors import ConfigError, SchemaMismatch, StoreError, StoreUnavailable
from firsthand.store import Store, open_store
from firsthand.store import schema as s
from firsthand.store.database import unavailable
from firsthand.store.migrating import scripts


def test_the_migrated_schema_is_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or not name.startswith("article_search")},
        )
        assert compare_metadata(context, s.metadata) == []


def test_an_empty_database_is_named_and_migrated(empty_database: str) -> None:
    store = open_store(empty_database)
    with pytest.raises(SchemaMismatch, match="firsthand migrate"):
        store.check()
    store.migrate()
    store.migrate()
    store.check()
    store.close()


def test_the_revision_that_is_checked_for_is_the_newest_migration() -> None:
    assert scripts().get_current_head() == s.REVISION


def test_a_database_is_checked_without_loading_alembic(store: Store) -> None:
    program = (
        "import sys; from firsthand.store import open_store; open_store(sys.argv[1]).check();"
        " sys.exit('alembic' in sys.modules)"
    )
    address = store.engine.url.render_as_string(hide_password=False)
    assert subprocess.run([sys.executable, "-c", program, address], check=False).returncode == 0


def test_an_older_database_is_told_to_migrate(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s, "REVISION", "9999")
    with pytest.raises(SchemaMismatch, match="older"):
        store.check()


def test_a_newer_database_is_refused(store: Store) -> None:
    with store.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for ask in (store.check, store.migrate):
        with pytest.raises(SchemaMismatch, match="newer"):
            ask()


def test_migrating_keeps_what_is_held(store: Store) -> None:
    ids = brought(store, "a")
    store.migrate()
    assert front(store) == ids


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable) as caught:
        open_store(f"sqlite:///{tmp_path / 'file' / 'a.db'}").check()
    assert "data folder" in caught.value.remedy


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"This is a letter, not a database. " * 100)
    with pytest.raises(StoreUnavailable) as caught:
        open_store(f"sqlite:///{path}").check()
    assert "move it away" in caught.value.remedy


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store("postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    assert "server runs" in caught.value.remedy


@pytest.mark.parametrize("address", ["mysql://host/name", "nonsense", "postgresql+psycopg://host:port/x"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ConfigError):
        open_store(address)


def test_a_copy_is_whole_and_made_while_in_use(store: Store, tmp_path: Path) -> None:
    ids = brought(store, "a", "b")
    target = tmp_path / "odd #name 100%.db"
    if make_url(str(store.engine.url)).get_backend_name() != "sqlite":
        with pytest.raises(StoreError, match="pg_dump"):
            store.backup(target)
        return
    store.backup(target)
    copy = open_store(f"sqlite:///{target}")
    copy.check()
    assert [one.id for one in copy.articles.front(OWNER, before=None, limit=5)] == sorted(ids, reverse=True)
    copy.close()
    with pytest.raises(StoreError):
        store.backup(tmp_path / "no such folder" / "a.db")
    assert NOW in {one.seen for one in store.articles.front(OWNER, before=None, limit=5)}


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("disk I/O error", "Make room on the disk"),
        ("database or disk is full", "Make room on the disk"),
        ("attempt to write a readonly database", "permissions"),
        ("database disk image is malformed", "restore a backup"),
    ],
)
def test_what_a_database_says_comes_with_a_remedy(said: str, remedy: str) -> None:
    assert remedy in unavailable(sqlite3.OperationalError(said)).remedy
