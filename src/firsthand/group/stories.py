"""Which story an arriving article belongs to: one pass, by the mean score against a story's articles.

Of articles that copy one another only one speaks for the group, or a report that forty outlets print would outvote
all others. A story is open to new articles for three days after its last; after that only an article that is very
like it (a verdict, a report a year on that says so) starts it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from firsthand.group.calendar_terms import undated
from firsthand.group.story_model import StoryModel
from firsthand.group.story_pairs import Vectors, alike
from firsthand.group.story_terms import OPENING_TERMS
from firsthand.model.grouping import StoryAssignment

WINDOW = 72.0
"""Hours after its last article in which a story is live."""
RECURRING = 18.0
"""Hours; the same outlet prints like text this long apart where it is a column or a table, and not a report again."""
COLUMN = 0.5
"""Likeness of two texts with the same opening, from which on the later is the earlier brought up to date."""
SPEAKERS = 12
"""Articles of a story that an arriving one is compared with: the first two and the latest."""

_SAYS = {
    "text": "the same words",
    "title": "like headlines",
    "lede": "like openings",
    "names": "the same names",
    "names_found": "the same names",
    "names_mass": "the same rare names",
    "figures": "the same figures",
    "pairs": "the same phrases",
    "title_found": "each headline in the other's text",
    "title_found_most": "one headline in the other's text",
    "text_mass": "the same rare words",
    "lead_names_least": "about the same people or places",
    "lead_names_most": "about the same people or places",
    "years_shared": "the same year",
    "days_shared": "the same day named",
    "weekdays_shared": "the same weekday named",
}


@dataclass(frozen=True, slots=True)
class LiveStory:
    """A story to which articles may still come. `articles` holds one of each copy group, earliest first."""

    story: str | int
    articles: tuple[Vectors, ...]


Score = Callable[[Vectors, Vectors], float]
"""`StoryModel.score`, or what remembers it."""


def assign_story(
    article: Vectors, stories: Iterable[LiveStory], model: StoryModel, score_of: Score | None = None
) -> StoryAssignment:
    """The story that `article` joins, or a new one where none is like enough."""
    score_of = score_of or model.score
    best: tuple[float, LiveStory] | None = None
    for story in stories:
        open_to = within_window(article, story.articles)
        if open_to:
            score = sum(score_of(article, other) for other in open_to) / len(open_to)
            if best is None or score > best[0]:
                best = (score, story)
    if best is None:
        return StoryAssignment(None, 0.0, "No live story shares its terms.")
    score, story = best
    if score < 0:
        return StoryAssignment(None, score, "No live story is like enough.")
    return StoryAssignment(story.story, score, why(article, story.articles, model, score_of))


def within_window(article: Vectors, others: Sequence[Vectors]) -> list[Vectors]:
    """The first two and the latest of `others`; none where the last of them is out of the window."""
    hours = [other.features.hours for other in others if other.features.hours is not None]
    mine = article.features.hours
    if mine is not None and hours and min(abs(mine - hour) for hour in hours) > WINDOW:
        return []
    return [*others[:2], *others[2:][-(SPEAKERS - 2) :]]


def recurs(one: Vectors, other: Vectors) -> bool:
    """Whether two texts of one outlet are two days' pieces of a column or a table, and not one event's.

    They lie most of a day apart, and bear the same headline but for its date, or begin with the same words and go on with
    others.
    """
    a, b = one.features, other.features
    if a.hours is None or b.hours is None or abs(a.hours - b.hours) <= RECURRING:
        return False
    if (title := undated(a)) and title == undated(b):
        return True
    return len(a.opening) == OPENING_TERMS and a.opening == b.opening and alike(one.text, other.text) < COLUMN


def why(article: Vectors, others: Sequence[Vectors], model: StoryModel, score_of: Score | None = None) -> str:
    """In words, the strongest signs that an article has in common with the likest of a story."""
    score_of = score_of or model.score
    likest = max(others, key=lambda other: score_of(article, other))
    said: list[str] = []
    for sign, added in model.strongest(article, likest):
        says = _SAYS.get(sign)
        if says and added > 0 and says not in said:
            said.append(says)
    names = [name for name in article.lead_names if name in likest.name_weights]
    reason = "Joined for " + (", ".join(said[:3]) or "what is alike in it")
    return reason + (f": {', '.join(names[:3])}." if names else ".")
