"""Analysis in a process of its own: the language models stay out of the server, and a text that breaks one does no harm."""

from __future__ import annotations

from datetime import timedelta

from firsthand.apart import Apart, ApartError
from firsthand.model.article import Article
from firsthand.model.findings import Analysis

LIMIT = timedelta(minutes=5)
"""For one article; one of 40,000 words takes about two minutes on an old core."""
MEMORY = 6 * 1024**3
"""Bytes of address space; resident are about 400 MB."""


class IsolatedAnalyst:
    """`analyze` in a child process that starts on first use. Thread-safe: one article at a time."""

    def __init__(self, limit: timedelta = LIMIT, memory: int = MEMORY) -> None:
        self._apart = Apart("firsthand.analyze.isolated:analyze_article", "The analysis", limit=limit, memory=memory)

    @property
    def steps(self) -> str:
        """Names the steps in their versions."""
        from firsthand.analyze import fingerprint
        from firsthand.analyze.profiles import FULL

        return fingerprint(FULL)

    def __call__(self, article: Article) -> Analysis:
        """The analysis; one that failed as a whole says so, and holds nothing."""
        try:
            analysis: Analysis = self._apart(article)
        except ApartError as error:
            return Analysis(failed=(error.message,))
        return analysis

    def close(self) -> None:
        """Stop the process. The analyst may be used again; it then starts a new one."""
        self._apart.close()


def analyze_article(article: Article) -> Analysis:
    """What the child does."""
    from firsthand.analyze import analyze

    return analyze(article)
