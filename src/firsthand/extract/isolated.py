"""Reading a hostile page in a process of its own: 100,000 links, a table inside a table a thousand times."""

from __future__ import annotations

from datetime import timedelta

from firsthand.apart import Apart, ApartError
from firsthand.model.article import Article
from firsthand.model.errors import NotAnArticle
from firsthand.model.feed import Fetched, Item

LIMIT = timedelta(seconds=30)
MEMORY = 2 * 1024**3
"""Bytes of address space for the reading process; a page that needs more is not a page."""


class IsolatedReader:
    """`extract_article` in a child process that starts on first use. Thread-safe: one page at a time.

    Args:
        limit: wall-clock time for one page; a slower one is given up and the process replaced.
        memory: bytes of address space of the child.
    """

    def __init__(self, limit: timedelta = LIMIT, memory: int = MEMORY) -> None:
        self._apart = Apart("firsthand.extract.isolated:read_page", "Reading the page", limit=limit, memory=memory)

    def read(self, page: Fetched, item: Item | None) -> Article:
        """The article on a fetched page.

        Raises:
            NotAnArticle: there is none, or reading it took more time or memory than the limits allow.
        """
        try:
            article: Article = self._apart((page.body, page.url, item, page.content_type))
        except ApartError as error:
            raise NotAnArticle(error.message, error.remedy) from error
        return article

    def close(self) -> None:
        """Stop the process. The reader may be used again; it then starts a new one."""
        self._apart.close()


def read_page(request: tuple[bytes, str, Item | None, str]) -> Article:
    """What the child does."""
    from firsthand.extract import extract_article

    body, url, item, content_type = request
    return extract_article(body, url, item=item, content_type=content_type)
