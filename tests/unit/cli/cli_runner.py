"""The command as a user runs it: in this process, which is quick, or in one of its own, which is real."""

from __future__ import annotations

import contextlib
import ctypes
import io
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import structlog

COMMAND = [sys.executable, "-c", "from firsthand.cli import main; main()"]
_DROP_BOUND = 24  # prctl(2), PR_CAPBSET_DROP
_DAC = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: what lets root pass permissions


@dataclass(frozen=True)
class Done:
    """What a command left."""

    status: int
    out: bytes
    err: str

    @property
    def said(self) -> str:
        """Standard error in one line."""
        return " ".join(self.err.split())


def call(*arguments: str, data: Path, given: bytes = b"", terminal: bool = False) -> Done:
    """Run a command here. `terminal`: standard output and input say that they are one."""
    out, err = _Stream(terminal), _Stream(False)
    given_in = _Stream(terminal, given)
    environ = {**os.environ, "FIRSTHAND_DATA": str(data), "COLUMNS": "100"}
    with (
        _quiet_after(),
        mock.patch.multiple(sys, argv=["firsthand", *arguments], stdin=given_in, stdout=out, stderr=err),
        mock.patch.dict(os.environ, environ, clear=True),
    ):
        from firsthand.cli.app import run

        try:
            run()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    return Done(status, out.buffer.getvalue(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]


def spawn(*arguments: str, data: Path, given: bytes = b"", **how: object) -> Done:
    """Run a command in a process of its own."""
    environ = {**os.environ, "FIRSTHAND_DATA": str(data), "COLUMNS": "100"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "input": given, **how}
    done = subprocess.run([*COMMAND, *arguments], check=False, env=environ, timeout=90, **pipes)  # type: ignore[call-overload]
    return Done(done.returncode, done.stdout or b"", (done.stderr or b"").decode())


def without_root_s_rights() -> None:
    """For `preexec_fn`: whoever runs the tests, permissions hold for the command."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        for capability in _DAC:
            libc.prctl(_DROP_BOUND, capability, 0, 0, 0)


class _Stream(io.TextIOWrapper):
    def __init__(self, terminal: bool, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@contextlib.contextmanager
def _quiet_after() -> Iterator[None]:
    """Undo what a command sets for its whole process."""
    root, filters = logging.getLogger(), list(warnings.filters)
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)
        warnings.filters[:] = filters  # type: ignore[index]
