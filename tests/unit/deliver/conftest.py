"""A migrated store for each test of delivery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app_running import put_database
from firsthand.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    put_database(tmp_path / "data")
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'firsthand.db'}")
    store.readers.owner()
    yield store
    store.close()
