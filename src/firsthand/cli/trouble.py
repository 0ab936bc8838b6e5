"""How trouble reaches who typed the command: one sentence and its remedy on standard error, and an exit status.

0    done
1    it could not be done
2    wrong usage: the command, its options or what they name
3    the input holds no article (`firsthand read`)
130  interrupted with Ctrl+C
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import Final

from rich.console import Console
from rich.markup import escape

from firsthand.model.errors import FirsthandError, NotAnArticle, UsageError
from firsthand.model.text import one_line

EXIT_ERROR: Final = 1
EXIT_USAGE: Final = 2
EXIT_NO_ARTICLE: Final = 3

_REMEDIES: Final = {
    errno.ENOSPC: "Make room on the disk, then run it again.",
    errno.EDQUOT: "Make room on the disk, then run it again.",
    errno.EROFS: "Choose another place.",
    errno.EACCES: "Mend its permissions, or choose another place.",
    errno.EMFILE: "Raise the limit of open files (`ulimit -n`), then run it again.",
    errno.ENFILE: "Close other programs, then run it again.",
}


def exit_status(error: FirsthandError) -> int:
    """The status to exit with for an error."""
    if isinstance(error, NotAnArticle):
        return EXIT_NO_ARTICLE
    return EXIT_USAGE if isinstance(error, UsageError) else EXIT_ERROR


def tell(error: FirsthandError, about: str = "") -> None:
    """The error on standard error. `about` names which of several inputs it is, on the same line."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    subject = "" if error.message.startswith(about) else f" {escape(one_line(about))}:"
    lead = f"[red]✗[/]{subject}" if about else "[bold red]Error:[/]"
    between = " " if about else "\n"
    remedy = f"{between}{escape(error.remedy)}" if error.remedy else ""
    with contextlib.suppress(OSError, ValueError):  # nobody can be told any more
        console.print(f"{lead} {escape(error.message)}{remedy}")


def as_ours(error: Exception) -> FirsthandError:
    """A foreign error that was translated nowhere, in words: the system's, or a mistake of this program."""
    if isinstance(error, MemoryError):
        return FirsthandError("There is not enough memory.", "End other programs, then run it again.")
    if isinstance(error, OSError) and error.strerror:
        where = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
        return FirsthandError(f"The system refused: {error.strerror}{where}.", _REMEDIES.get(error.errno or 0, ""))
    said = one_line(str(error))[:200].rstrip(".")
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return FirsthandError(
        f"Firsthand met an error of its own ({what}).", "Run it again with FIRSTHAND_LOG=debug and report what it says."
    )


def mend_streams() -> None:
    """Give a process that was started without standard streams (`>&-`, some schedulers) empty ones."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 (open as long as the process is)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def silence_stdout() -> None:
    """Nobody reads our output any more (`| head`): what is still buffered goes nowhere, so that the exit is silent."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
