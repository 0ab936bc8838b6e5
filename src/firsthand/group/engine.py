"""All of it over a stream: copies and stories of articles in order of arrival, held in memory.

The command `firsthand group` and the tests run this; the live pipeline calls the same functions with the store's
indexes in place of the ones here. One setting for every input.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from firsthand.group.boilerplate import PAGES, furniture, sentences
from firsthand.group.copies import Printed, match_copies
from firsthand.group.direction import Named, Provenance
from firsthand.group.fingerprint import fingerprints
from firsthand.group.index import MemoryIndex
from firsthand.group.story_line import StoryLine
from firsthand.group.wording import wording
from firsthand.model.grouping import ArticleKey, CopyMatch, StoryAssignment
from firsthand.model.when import When

CANDIDATES = 64
"""Articles with most fingerprints in common that are compared exactly."""
LEAST_SHARED = 2
"""Fingerprints; one in common is a formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An article as it arrives; whatever is not known stays empty."""

    id: ArticleKey
    title: str = ""
    text: str = ""
    date: When | None = None
    source: str | None = None
    names: tuple[str, ...] = ()
    """What the outlet is called, besides `source`."""
    language: str = "en"
    agency: Named | None = None
    reported: tuple[Named, ...] = ()

    @property
    def houses(self) -> tuple[str, ...]:
        """Names of outlets and agencies that have it, as far as they are known: those that a reader would say."""
        named = [one.name for one in (self.agency, *self.reported) if one]
        return (self.source or "", *self.names, *named)


@dataclass(frozen=True, slots=True)
class Grouped:
    """What is known of an article when it has arrived."""

    article: ArticleKey
    copies: tuple[CopyMatch, ...]
    assignment: StoryAssignment


class CopyFinder:
    """Near-copies among all that has arrived."""

    def __init__(self) -> None:
        self._index: MemoryIndex[ArticleKey] = MemoryIndex()
        self._printed: dict[ArticleKey, Printed] = {}
        self._pages: defaultdict[str, deque[frozenset[int]]] = defaultdict(lambda: deque(maxlen=PAGES))

    def add(self, article: Incoming) -> tuple[CopyMatch, ...]:
        """The held articles that `article` repeats, or that repeat it, most shared first; then holds it."""
        outlet = article.source or ""
        unwanted = furniture(self._pages[outlet]) if outlet else frozenset()
        printed = Printed(_provenance(article), article.text, wording(article.text, unwanted))
        marks = fingerprints(printed.wording.words)
        near = [key for key, shared in self._index.candidates(marks, CANDIDATES) if shared >= LEAST_SHARED]
        matches = match_copies(printed, (self._printed[key] for key in near))
        self._index.add(article.id, marks)
        self._printed[article.id] = printed
        if outlet and not any(self._printed[match.of].source.outlet == outlet for match in matches):
            self._pages[outlet].append(frozenset(sentence.mark for sentence in sentences(article.text)))
        return matches


def _provenance(article: Incoming) -> Provenance:
    return Provenance(
        article=article.id,
        outlet=article.source,
        agency=article.agency,
        reported=article.reported,
        published=article.date,
    )


class Grouper:
    """Copies and stories of a stream of articles."""

    def __init__(self, stories: StoryLine | None = None) -> None:
        self.stories = StoryLine() if stories is None else stories
        self._copies = CopyFinder()

    def add(self, article: Incoming) -> Grouped:
        """Take in the next article. An id that has come before replaces nothing: give every version its own.

        Raises:
            ValueError: the id was given before.
        """
        if self.stories.knows(article.id):  # before its text takes the place of the one that is held
            raise ValueError(f"article {article.id!r} was given before")
        copies = self._copies.add(article)
        return Grouped(article.id, copies, self.stories.add(article, copies))

    def finish(self) -> dict[ArticleKey, str]:
        """Every article's story as it stands now that no more will come."""
        self.stories.repair()
        return self.stories.all()
