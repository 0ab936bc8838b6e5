"""A migrated store for each test of delivery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firsthand.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "data").mkdir()
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'firsthand.db'}")
    store.migrate()
    store.readers.owner()
    yield store
    store.close()
