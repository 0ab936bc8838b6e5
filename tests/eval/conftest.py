"""Where the evaluation data lies: outside the project, since it is other people's text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DEFAULT = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of evaluation data (`FIRSTHAND_EVAL_DATA`, else `../shared/data` beside the checkout)."""
    path = Path(os.environ.get("FIRSTHAND_EVAL_DATA", DEFAULT))
    if not path.is_dir():
        pytest.skip(f"EVAL SKIPPED: no evaluation data at {path}; set FIRSTHAND_EVAL_DATA to score")
    return path
