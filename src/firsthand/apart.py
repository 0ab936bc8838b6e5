"""Work in a process of its own, with limits on time and memory.

What comes from outside can make any parser slow or hungry. In a process apart it can be stopped, its memory is bounded,
and the pages of the app stay quick while it works.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from firsthand.model.errors import FirsthandError

START = timedelta(seconds=60)
"""For a process to start and import what it works with; a busy machine takes many seconds, which no request must pay."""
REQUESTS_PER_PROCESS = 2_000
"""A fresh process now and then returns what libraries leak and the allocator keeps."""


class ApartError(FirsthandError):
    """The work took more time or memory than its limits allow, or broke its process. Another request can be made."""


class Apart:
    """A function of one argument, run in a child process that starts on first use. Thread-safe: one request at a time.

    Args:
        work: where the function is, as `package.module:function`. Argument and result must be picklable; a
            FirsthandError that it raises is raised here.
        name: what is done, for error messages ("Reading the page").
        limit: wall-clock time for one request; a slower one is given up and the process replaced.
        memory: bytes of address space of the child.
    """

    def __init__(self, work: str, name: str, *, limit: timedelta, memory: int) -> None:
        self._work = work
        self._name = name
        self._limit = limit
        self._memory = memory
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._served = 0
        self._closing = False

    def __call__(self, request: Any) -> Any:
        """The function's result. Raises ApartError, or what FirsthandError the function raised."""
        with self._lock:
            answer = self._ask(request)
        if isinstance(answer, _Raised):
            raise answer.error
        return answer

    def _ask(self, request: Any, *, again: bool = True) -> Any:
        try:
            pipe = self._ready()
            self._served += 1
            pipe.send(request)
            if not pipe.poll(self._limit.total_seconds()):
                self._stop()
                raise ApartError(f"{self._name} took longer than {self._limit.total_seconds():.0f} seconds.")
            return pipe.recv()
        except (EOFError, OSError) as error:
            # A service manager that ends us tells our children as well: what they were at is not to blame.
            if self._process is not None:
                self._process.join(1)  # its pipe closes a moment before it has ended
            if self._stop() == -signal.SIGTERM and again and not self._closing:
                return self._ask(request, again=False)
            raise ApartError(f"{self._name} broke its process, which is started anew.") from error

    def close(self) -> None:
        """Stop the process, and with it the request that it is at. A later request starts a new one."""
        self._closing = True
        try:
            if self._process is not None and self._process.pid is not None:
                self._process.kill()
            with self._lock:
                self._stop()
        finally:
            self._closing = False

    def _ready(self) -> Connection:
        if self._served >= REQUESTS_PER_PROCESS:
            self._stop()
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            # spawn: a fork of a process with threads and an event loop may inherit a held lock.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            arguments = (theirs, self._work, self._name, self._memory)
            process = context.Process(target=_serve, args=arguments, name="firsthand-apart", daemon=True)
            process.start()
            self._process = process  # only now: one that could not be started can be neither asked nor ended
            theirs.close()
            if not self._pipe.poll(START.total_seconds()):
                self._stop()
                raise ApartError(f"{self._name} has not begun: its process did not start in time.")
            self._pipe.recv()
        return self._pipe

    def _stop(self) -> int | None:
        """Be without a process. The exit status of the one that there was: negative, by which signal it ended."""
        status = None
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            status = self._process.exitcode
        self._pipe = self._process = None
        self._served = 0
        return status


class _Raised:
    """An error on its way back, told from a result that happens to be an error."""

    def __init__(self, error: FirsthandError) -> None:
        self.error = error


def _serve(pipe: Connection, work: str, name: str, memory: int) -> None:
    """The child: requests in, results out, until the parent goes. Ctrl+C, which a terminal sends to both, is not its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory)
    module, _, function = work.partition(":")
    do = getattr(import_module(module), function)
    with contextlib.suppress(EOFError, OSError):
        pipe.send("ready")
        while True:
            pipe.send(_answer(do, pipe, name))


def _answer(do: Callable[[Any], Any], pipe: Connection, name: str) -> Any:
    """One request's result. What it takes to receive the request counts as well."""
    try:
        request = pipe.recv()
    except MemoryError:
        return _Raised(ApartError(f"{name} took more memory than is allowed."))
    try:
        return do(request)
    except FirsthandError as error:
        return _Raised(error)
    except MemoryError:
        return _Raised(ApartError(f"{name} took more memory than is allowed."))
    except Exception as error:
        return _Raised(ApartError(f"{name} failed ({type(error).__name__}).", "Please report the address."))


def _limit_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix: the time limit alone protects
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
