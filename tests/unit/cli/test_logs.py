"""What is logged, and what is not."""

from __future__ import annotations

import subprocess
import sys


def test_libraries_that_complain_of_every_broken_page_are_not_heard() -> None:
    """In a process of its own: logging is the whole process's, and trafilatura sets levels when it is loaded."""
    code = (
        "import logging; from firsthand.cli.logs import start_logging; start_logging('debug', 'text'); "
        "import trafilatura; logging.getLogger('htmldate.utils').error('parsed tree length: 1'); "
        "logging.getLogger('sqlalchemy').error('this is heard')"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert "parsed tree" not in done.stderr
    assert "this is heard" in done.stderr
