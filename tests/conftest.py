"""The app over the demo's world of news, for the tests that use it as a reader does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app_running import Running, run_app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Running]:
    """A fresh app that follows nothing yet."""
    yield from run_app(tmp_path / "data")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An app that has read what is out at the start. Shared: tests must not depend on each other's marks."""
    for running in run_app(tmp_path_factory.mktemp("filled")):
        running.follow_all()
        running.poll()
        yield running


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """As `filled`, with the models on: who said what, and how it came here."""
    for running in run_app(tmp_path_factory.mktemp("analyzed"), analyze=True):
        running.follow_all()
        running.poll()
        yield running
