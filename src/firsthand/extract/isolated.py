"""Reading a hostile page in a process of its own, with limits.

A page can make any parser slow or hungry: 100,000 links, a table inside a table a thousand times. In a process apart
it can be stopped, its memory is bounded, and the web pages of the app stay quick while it works.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from datetime import timedelta
from multiprocessing.connection import Connection

from firsthand.model.article import Article
from firsthand.model.errors import NotAnArticle
from firsthand.model.feed import Fetched, Item

LIMIT = timedelta(seconds=30)
MEMORY = 2 * 1024**3
"""Bytes of address space for the reading process; a page that needs more is not a page."""
PAGES_PER_PROCESS = 2_000
"""A fresh process now and then returns what libraries leak and the allocator keeps."""


class IsolatedReader:
    """`extract_article` in a child process that starts on first use. Thread-safe: one page at a time.

    Args:
        limit: wall-clock time for one page; a slower one is given up and the process replaced.
    """

    def __init__(self, limit: timedelta = LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._served = 0

    def read(self, page: Fetched, item: Item | None) -> Article:
        """The article on a fetched page.

        Raises:
            NotAnArticle: there is none, or reading it took more time or memory than the limits allow.
        """
        with self._lock:
            pipe = self._ready()
            self._served += 1
            try:
                pipe.send((page.body, page.url, item, page.content_type))
                if not pipe.poll(self._limit.total_seconds()):
                    self._stop()
                    raise NotAnArticle(f"Reading the page took longer than {self._limit.total_seconds():.0f} seconds.")
                answer = pipe.recv()
            except (EOFError, OSError) as error:
                self._stop()
                raise NotAnArticle("Reading the page broke the reader, which was started anew.") from error
        if isinstance(answer, Article):
            return answer
        raise NotAnArticle(*answer)

    def close(self) -> None:
        """Stop the process. The reader may be used again; it then starts a new one."""
        with self._lock:
            self._stop()

    def _ready(self) -> Connection:
        if self._served >= PAGES_PER_PROCESS:
            self._stop()
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._stop()
            # spawn: a fork of a process with threads and an event loop may inherit a held lock.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), name="firsthand-reader", daemon=True)
            self._process.start()
            theirs.close()
            self._served = 0
        return self._pipe

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None
        self._served = 0


def _serve(pipe: Connection) -> None:
    """The child: pages in, articles (or the arguments of a NotAnArticle) out, until the parent goes."""
    _limit_memory()
    from firsthand.extract import extract_article

    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            body, url, item, content_type = pipe.recv()
            answer: Article | tuple[str, str]
            try:
                answer = extract_article(body, url, item=item, content_type=content_type)
            except NotAnArticle as error:
                answer = (error.message, error.remedy)
            except MemoryError:
                answer = ("Reading the page took more memory than is allowed.", "")
            except Exception as error:
                answer = (f"Reading the page failed ({type(error).__name__}).", "Please report the address.")
            pipe.send(answer)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not a Unix: the time limit alone protects
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
