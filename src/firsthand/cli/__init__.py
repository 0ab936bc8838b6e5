"""The commands. The only place that builds the whole."""

from __future__ import annotations

import signal
import sys

__all__ = ["main"]

TERMINATED = 128 + signal.SIGTERM
"""Exit status of a command that SIGTERM ended before its time, as shells count it. `serve` and `fetch` end with 0."""


def main() -> None:
    """Run the command. Ctrl+C and SIGTERM end it without a word and in order, also while it is still being loaded."""
    # Left to itself SIGTERM leaves behind what `finally` clears away, and a container's first process never hears it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        from firsthand.cli.app import run

        run()
    except KeyboardInterrupt:
        sys.exit(130)
