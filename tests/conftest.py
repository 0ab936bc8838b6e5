"""The app over the demo's world of news, for the tests that use it as a reader does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from app_running import Running, run_app
from firsthand.desk import accounts

# A busy machine is no failure, and a change is judged by the same cases as the one before. To look for new ones:
# pytest --hypothesis-profile=explore
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gate", settings.get_profile("explore"), derandomize=True)
settings.load_profile("gate")
# A traceback with all variables of all frames takes seconds to put on paper.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """argon2id with parameters that take no time. `test_cli_users` holds those of the program itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Running]:
    """A fresh app that follows nothing yet."""
    yield from run_app(tmp_path / "data")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An app that has read what is out at the start. Shared: a test may set marks, and depend on none; one that
    adds articles or follows takes `app`."""
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
