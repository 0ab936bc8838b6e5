"""How articles belong together: copies, stories, origins, and what changed between two texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from firsthand.model.article import Span

ArticleKey = int | str
"""The store's number of an article, or the id that an archive gives it."""


def percent(share: float) -> int:
    """A share of 0 to 1 in whole percent; 0 and 100 are said of nothing and of all, and of nothing else."""
    return round(100 * share) if share in (0, 1) else min(99, max(1, round(100 * share)))


class CopyKind(Enum):
    """How this text repeats the other's."""

    IDENTICAL = "identical"
    """Word for word, but for a handful."""
    COPY = "copy"
    """Most of each text is the other's."""
    EXCERPT = "excerpt"
    """Most of this text is the other's, of which much is left out."""
    EMBEDS = "embeds"
    """Most of the other's text stands in this one, among much that is not the other's."""
    QUOTES = "quotes"
    """Only a passage or two of the other's."""


class Direction(Enum):
    """Who has it from whom."""

    FROM = "from"
    """This article has it from the other."""
    TO = "to"
    """The other has it from this article."""
    SHARED = "shared"
    """Both have it from a third, which they name."""
    UNKNOWN = "unknown"

    @property
    def turned(self) -> Direction:
        """The same from the other article's side."""
        return {Direction.FROM: Direction.TO, Direction.TO: Direction.FROM}.get(self, self)


class Evidence(Enum):
    """What a direction rests on, strongest first."""

    CREDIT = "credit"
    REPORTED = "reported"
    LINK = "link"
    PUBLISHED = "published"
    SEEN = "seen"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two articles are joined, or a direction decided: one sentence, and the span that shows it where one does."""

    evidence: Evidence
    says: str
    span: Span | None = None
    """In the text of `article`."""
    article: ArticleKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMatch:
    """`article` repeats the text of `of`, wholly or in part."""

    article: ArticleKey
    of: ArticleKey
    kind: CopyKind
    kept: float
    """Share of the other's words that are found here, 0 to 1."""
    reused: float
    """Share of this text's words that are the other's, 0 to 1."""
    direction: Direction = Direction.UNKNOWN
    reason: Reason = Reason(Evidence.NONE, "Nothing shows who had it first.")


class PartKind(Enum):
    """What became of a stretch of text from one text to the other."""

    KEPT = "kept"
    MOVED = "moved"
    """The same words at another place in the order."""
    CHANGED = "changed"
    CUT = "cut"
    """Stands only in the other text."""
    ADDED = "added"
    """Stands only in this text."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch: `here` in this text, `there` in the other. A cut has an empty `here` where it would stand."""

    kind: PartKind
    here: Span
    there: Span


@dataclass(frozen=True, slots=True)
class Alignment:
    """How this text and another match, in this text's reading order."""

    parts: tuple[Part, ...]
    kept: float
    """Share of the other's words that stand here too, in any order."""
    reused: float
    """Share of this text's words that stand in the other."""


@dataclass(frozen=True, slots=True)
class StoryAssignment:
    """The story that an article joins; `story` is None where it begins a new one."""

    story: ArticleKey | None
    score: float
    """Log odds above the threshold, of the best story that was looked at."""
    reason: str


class TellingKind(Enum):
    """A change that a reader should not overlook."""

    FIGURE = "figure"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Telling:
    """A figure or a quote that changed: the words before and after, with the spans that show them."""

    kind: TellingKind
    before: str
    after: str
    there: Span
    here: Span


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a readable diff: a sentence, or two that stand for each other, with the words that changed.

    `here` or `there` is empty where the sentence was cut or added. `words_here` and `words_there` are spans of the
    words that differ, inside the sentence.
    """

    kind: PartKind
    here: Span
    there: Span
    words_here: tuple[Span, ...] = ()
    words_there: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """What became of the other text in this one, in this text's reading order."""

    lines: tuple[Line, ...]
    telling: tuple[Telling, ...]
    kept: float
    reused: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Articles that know of the event in one and the same way, and why they are held together."""

    articles: tuple[ArticleKey, ...]
    reasons: tuple[Reason, ...]
    own: bool = False
    """Some article of it shows reporting of its own."""


@dataclass(frozen=True, slots=True)
class Origins:
    """How many independent origins a story has: at least those with reporting of their own, at most all groups."""

    origins: tuple[Origin, ...]
    at_least: int
    at_most: int
