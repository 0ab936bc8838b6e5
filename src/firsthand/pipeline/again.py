"""What reading a page again means: when it is due, what counts as gone, and when the text that is held is the better one.

Pure. An outlet's page changes, moves behind a paywall, gives way to a consent wall or goes. What was read stays readable
through all of that: only a text that is the article's own and says something else becomes a Version.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from firsthand.extract.corrections import find_corrections
from firsthand.model.article import Article
from firsthand.model.errors import BadStatus, FirsthandError
from firsthand.model.records import PageDue
from firsthand.model.urls import url_key

# Thai, Burmese, Khmer, Japanese, Chinese: as `extract` and the search tell them.
_WORD = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\\W_]+")
CONFIRM = timedelta(minutes=15)
"""Least time between the two answers that make a page removed, where no schedule sets another: one alone may be a slip
of a cache or of a release."""
GONE = frozenset({404, 410})
WHOLE_ENOUGH = 0.8
"""A feed's content may stand for a page that cannot be had again if it is at least this long, by the text held."""
TEASER = 0.6
"""A text that is only the beginning of the one held, and shorter than this share of it, is a teaser."""
SAME = 0.2
"""Least share of runs of three words in common between two texts of one article that has moved to another address."""
RUN = 3
TELLING = 4
"""Letters of a word of a headline that says something."""


def next_reading(first_read: datetime, now: datetime, rereads: Sequence[timedelta]) -> datetime | None:
    """When an article is to be read again: the first time of its schedule that is to come, or None after the last.

    What was missed while nothing ran is not caught up with: one reading now tells as much as three would.
    """
    return min((at for after in rereads if (at := first_read + after) > now), default=None)


def is_gone(error: FirsthandError) -> bool:
    """Whether the outlet says that there is no such page."""
    return isinstance(error, BadStatus) and error.status in GONE


def confirm_after(rereads: Sequence[timedelta]) -> timedelta:
    """How long after a page was missing it is looked for once more."""
    return min(rereads, default=CONFIRM)


def has_moved_away(page: PageDue, read: Article, held: Article) -> bool:
    """Whether the address now leads to something else: outlets send readers of what they removed to another article."""
    known = {url_key(url) for url in (page.url, held.url, held.canonical_url) if url}
    arrived = url_key(read.url) if read.url else None
    return arrived is not None and arrived not in known and shared_runs(read.text, held.text) < SAME


def keeps_held(read: Article, held: Article) -> bool:
    """Whether the text that is held stands, because what was read is the same, only a part of it, or not the article."""
    if (read.headline or "") == (held.headline or "") and read.text.split() == held.text.split():
        return True
    # Some pages say that they are not free and show all of their text none the less.
    if read.partial and not held.partial and len(read.text) < WHOLE_ENOUGH * len(held.text):
        return True
    return _is_beginning(read.text, held.text) or _is_another_page(read, held)


def replaces(content: Article, held: Article) -> bool:
    """Whether a feed's own content may stand for a page that could not be had again.

    Only where what is held is from the feed as well, as far as can be told: a feed and a page set the same text
    differently, which would be taken for a change of it at every failure.
    """
    if held.canonical_url or held.section:
        return False
    return len(content.text) >= WHOLE_ENOUGH * len(held.text) and not keeps_held(content, held)


def brings_correction(read: Article, held: Article) -> bool:
    """Whether the new text holds a note of correction that the one before does not."""
    before = {_said(held.text, note.span.start, note.span.end) for note in find_corrections(held.text)}
    return any(_said(read.text, note.span.start, note.span.end) not in before for note in find_corrections(read.text))


def shared_runs(one: str, other: str) -> float:
    """Share of the shorter text's runs of three words that stand in the other, 0 to 1."""
    runs, others = _runs(one), _runs(other)
    return len(runs & others) / max(1, min(len(runs), len(others)))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def _words(text: str) -> list[str]:
    """The words of a text; the letters, where a script writes its words without spaces."""
    return _WORD.findall(text.casefold())


def _is_beginning(short: str, long: str) -> bool:
    words, held = _words(short), _words(long)
    if not words or len(words) >= TEASER * len(held):
        return False
    # The last word of a teaser is often cut, or followed by dots.
    upto = max(1, len(words) - 2)
    return words[:upto] == held[:upto]


def _is_another_page(read: Article, held: Article) -> bool:
    """Whether neither headline nor text has anything of the article: a wall that was not recognized as one.

    Outlets rewrite a text, or its headline; one that takes an article back says so.
    """
    if shared_runs(read.text, held.text) or find_corrections(read.text):
        return False
    return not _telling_words(read.headline) & _telling_words(held.headline)


def _telling_words(headline: str | None) -> set[str]:
    return {word for word in re.findall(r"\w+", (headline or "").casefold()) if len(word) >= TELLING}


def _said(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].casefold().split())
