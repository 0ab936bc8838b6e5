"""The commands. The only place that builds the whole."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command. Ctrl+C ends it without a word, also while the program is still being loaded."""
    try:
        from firsthand.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
