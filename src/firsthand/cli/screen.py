"""Where output goes: results on standard output, progress on standard error, each fit for a person or for a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, TextColumn


def out() -> Console:
    """Standard output. In a pipe lines stay whole: `grep` and `cut` count on it."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def progress(*columns: ProgressColumn, shown: bool = True) -> Progress:
    """A bar that is drawn on a terminal only, and goes when its work is done."""
    console = Console(stderr=True)
    drawn = shown and console.is_terminal
    return Progress(SpinnerColumn(), *columns, console=console, transient=True, disable=not drawn)


@contextmanager
def working(what: str) -> Iterator[None]:
    """A spinner beside `what`, for work that takes a moment and has no count."""
    with progress(TextColumn("{task.description}")) as bar:
        bar.add_task(what, total=None)
        yield


def counted(number: int, noun: str) -> str:
    """`1 feed`, `2 feeds`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
