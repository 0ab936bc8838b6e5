"""The live stories of a stream, in memory: assignment as articles come, repair as more is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from xxhash import xxh3_64_intdigest

from firsthand.group.frequencies import Frequencies
from firsthand.group.houses import Houses
from firsthand.group.index import MemoryIndex
from firsthand.group.notices import corrects
from firsthand.group.repair import UNLIKE, average_link, keep_ids
from firsthand.group.reprints import says_reprint
from firsthand.group.stories import RECURRING, WINDOW, LiveStory, Score, assign_story, recurs, within_window
from firsthand.group.story_model import StoryModel, load_model
from firsthand.group.story_pairs import Vectors, vectors
from firsthand.group.story_terms import StoryFeatures, story_features
from firsthand.group.words import Hashes
from firsthand.model.grouping import ArticleKey, CopyKind, CopyMatch, StoryAssignment
from firsthand.model.when import When

TERMS = 24
"""Telling terms of an article in the index; of two reports of one event nearly all share three and more."""
NEIGHBORS = 60
"""Articles with most telling terms in common that are scored."""
EVERY = 400
"""Articles between two repairs of what is live."""
LIVE = 4_000
"""Speakers held in memory, at some 60 KB each; beyond, the oldest are let go of before their window ends."""
SAME_TEXT = 0.5
"""Share of this text that is another's, from which on it is of the other's story without further question."""
CORRECTED = -1.5
"""Score from which on a house's report is what its notice of correction corrects: a notice has few words in common with it,
and nothing else is asked than which of the house's reports it is."""
WHOLE = 0.9
"""Share of both texts that is the other's, from which on an earlier date than the original's is not believed."""


class Arriving(Protocol):
    """What of an arriving article is looked at."""

    @property
    def id(self) -> ArticleKey: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def date(self) -> When | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def houses(self) -> Sequence[str]: ...


class StoryLine:
    """Stories of a stream. Speakers are the articles that stand for their copy groups; copies follow theirs.

    Args:
        begun: number of the last story that was begun elsewhere; new ones count on from there.
        every: articles between two repairs.
    """

    def __init__(self, model: StoryModel | None = None, begun: int = 0, every: int = EVERY) -> None:
        self._every = every
        self._model = model or load_model()
        self._frequencies = Frequencies()
        self._houses = Houses()
        self._index: MemoryIndex[ArticleKey] = MemoryIndex(latest=True)
        self._features: dict[ArticleKey, StoryFeatures] = {}
        self._sources: dict[ArticleKey, str | None] = {}
        self._vectors: dict[ArticleKey, Vectors] = {}
        self._speaker: dict[ArticleKey, ArticleKey] = {}
        self._marks: dict[ArticleKey, Hashes] = {}
        self._reprints: set[ArticleKey] = set()
        self._near: dict[ArticleKey, list[ArticleKey]] = {}
        self._story: dict[ArticleKey, int] = {}
        self._members: dict[int, list[ArticleKey]] = {}
        self.redirects: dict[int, int] = {}
        self._begun = begun
        self._scores: dict[tuple[ArticleKey, ArticleKey], float] = {}

    def add(self, article: Arriving, copies: Sequence[CopyMatch] = ()) -> StoryAssignment:
        """The story of the next article, which may be new.

        Raises:
            ValueError: the id was given before.
        """
        self._take_in(article)
        original = self._copied(article.id, copies)
        if original is not None:
            self._speaker[article.id] = original
            return StoryAssignment(self._name(self._story[original]), 9.9, "It repeats an article of this story.")
        original = self._corrected(article)
        if original is not None:
            self._speaker[article.id] = original
            return StoryAssignment(self._name(self._story[original]), 0.0, "It corrects an article of this story.")
        assignment = self._assign(article.id)
        if len(self._speaker) % self._every == 0:
            self.repair()
        return assignment

    def restore(self, article: Arriving, story: int, speaker: ArticleKey) -> None:
        """Take in an article whose story was found before: what a restart must not forget, in the order they came.

        Raises:
            ValueError: the id was given before.
        """
        self._take_in(article)
        if speaker in self._speaker:
            self._speaker[article.id] = self._speaker[speaker]
            return
        mine = self._weighed(article.id)
        self._hold(article.id, mine)
        self._story[article.id] = story
        self._members.setdefault(story, []).append(article.id)

    def __len__(self) -> int:
        """Articles held."""
        return len(self._speaker)

    def knows(self, article: ArticleKey) -> bool:
        """Whether an article was taken in and is not forgotten."""
        return article in self._speaker

    def place(self, article: ArticleKey) -> tuple[int, ArticleKey]:
        """The story of an article that was taken in, and its speaker."""
        speaker = self._speaker[article]
        return self._story[speaker], speaker

    def places(self) -> dict[ArticleKey, tuple[int, ArticleKey]]:
        """`place` of every article held."""
        return {article: self.place(article) for article in self._speaker}

    def forget(self, before: float) -> None:
        """Let go of what is older than an instant, in hours since 1970, and of the oldest beyond `LIVE`."""
        held = [(self._features[key].hours or 0.0, place, key) for place, key in enumerate(self._vectors)]
        held.sort()
        old = {key for hours, _, key in held if hours < before} | {
            key for _, _, key in held[: max(0, len(held) - LIVE)]
        }
        if not old:
            return
        for key in old:
            self._index.forget(key, self._marks.pop(key))
            story = self._story.pop(key)
            self._members[story].remove(key)
            if not self._members[story]:
                del self._members[story]
            del self._vectors[key], self._near[key]
        for article, speaker in list(self._speaker.items()):
            if speaker in old:
                del self._speaker[article], self._features[article], self._sources[article]
                self._reprints.discard(article)
        self._near = {key: [one for one in near if one not in old] for key, near in self._near.items()}
        self._scores = {pair: score for pair, score in self._scores.items() if not old & set(pair)}

    def all(self) -> dict[ArticleKey, str]:
        """Every article's story, by its name."""
        return {article: self._name(self._story[speaker]) for article, speaker in self._speaker.items()}

    def _take_in(self, article: Arriving) -> None:
        if article.id in self._speaker:
            raise ValueError(f"article {article.id!r} was given before")
        hours = article.date.instant().timestamp() / 3600 if article.date else None
        features = story_features(article.id, article.title, article.text, language=article.language, hours=hours)
        self._features[article.id], self._sources[article.id] = features, article.source
        if says_reprint(article.title, article.text):
            self._reprints.add(article.id)
        self._houses.add(article.houses)
        self._frequencies.add(features.language, {*features.text, *features.names, *features.figures})

    def _hold(self, article: ArticleKey, mine: Vectors) -> list[ArticleKey]:
        """Make an article a speaker; those that are near it."""
        marks = _marks(mine)
        near = [key for key, shared in self._index.candidates(marks, NEIGHBORS)]
        self._index.add(article, marks)
        self._marks[article], self._vectors[article], self._near[article] = marks, mine, near
        self._speaker[article] = article
        return near

    def _copied(self, article: ArticleKey, copies: Sequence[CopyMatch]) -> ArticleKey | None:
        """The speaker of the first live article that this one is mostly a copy of."""
        for match in copies:
            if match.of not in self._speaker:  # forgotten: an anniversary, not this event
                continue
            if match.kind is not CopyKind.QUOTES and match.reused >= SAME_TEXT and self._same_event(article, match):
                return self._speaker[match.of]
        return None

    def _corrected(self, article: Arriving) -> ArticleKey | None:
        """The speaker of what a notice of correction corrects: its own house's likest live report."""
        if not article.source or not corrects(article.title, self._features[article.id].words):
            return None
        mine = self._weighed(article.id)
        printed = {speaker for key, speaker in self._speaker.items() if self._sources[key] == article.source}
        near = [key for key, _ in self._index.candidates(_marks(mine), NEIGHBORS) if key in printed]
        scores = {
            key: self._score(mine, self._vectors[key]) for key in near if within_window(mine, [self._vectors[key]])
        }
        likest = max(scores, key=scores.__getitem__, default=None)
        return likest if likest is not None and scores[likest] >= CORRECTED else None

    def _same_event(self, article: ArticleKey, match: CopyMatch) -> bool:
        here, there = self._features[article].hours, self._features[match.of].hours
        if here is None or there is None:
            return True
        if here < there and min(match.kept, match.reused) >= WHOLE and match.of not in self._reprints:
            return True  # it came after what it repeats, whatever date it bears
        recurring = self._sources[article] == self._sources[match.of] and match.kind is not CopyKind.IDENTICAL
        return abs(here - there) <= (RECURRING if recurring else WINDOW)

    def _assign(self, article: ArticleKey) -> StoryAssignment:
        mine = self._weighed(article)
        near = self._hold(article, mine)
        found = dict.fromkeys(self._story[key] for key in near)
        live = [LiveStory(story, tuple(self._vectors[key] for key in self._members[story])) for story in found]
        assignment = assign_story(mine, live, self._model, self._remembering(article, near))
        story = assignment.story if isinstance(assignment.story, int) else self._new()
        self._story[article] = story
        self._members[story].append(article)
        return StoryAssignment(
            self._name(story) if assignment.story is not None else None, assignment.score, assignment.reason
        )

    def _remembering(self, article: ArticleKey, near: Sequence[ArticleKey]) -> Score:
        """Scores of one article; those that the next repair will ask for are kept for it."""
        scored: dict[ArticleKey, float] = {}
        wanted = set(near)

        def score(mine: Vectors, other: Vectors) -> float:
            key = other.features.article
            if key not in scored:
                scored[key] = self._score(mine, other)
                if key in wanted and within_window(mine, [other]):
                    self._scores[article, key] = scored[key]
            return scored[key]

        return score

    def _new(self) -> int:
        self._begun += 1
        self._members[self._begun] = []
        return self._begun

    def repair(self, *, rescore: bool = True) -> None:
        """Look at all speakers again.

        Args:
            rescore: with the weights of terms as they are now; else by the scores that are known, and those of what is new.
        """
        if rescore:
            self._scores.clear()
            self._vectors = {key: self._weighed(key) for key in self._vectors}
        scores = self._scores
        for one, near in self._near.items():
            for other in near:
                if (one, other) not in scores and within_window(self._vectors[one], [self._vectors[other]]):
                    scores[one, other] = self._score(self._vectors[one], self._vectors[other])
        clusters = average_link(list(self._vectors), scores)
        repaired = keep_ids(clusters, self._story, lambda _: self._new())
        self._story = dict(repaired.stories)
        self.redirects.update(repaired.redirects)
        self._members = {}
        for article, story in self._story.items():
            self._members.setdefault(story, []).append(article)

    def _score(self, one: Vectors, other: Vectors) -> float:
        source = self._sources[one.features.article]
        if source and source == self._sources[other.features.article] and recurs(one, other):
            return UNLIKE
        return self._model.score(one, other)

    def _weighed(self, article: ArticleKey) -> Vectors:
        features = self._features[article]
        return vectors(features, self._frequencies.weights(features.language), self._houses.without(features))

    @staticmethod
    def _name(story: int) -> str:
        return f"s{story}"


def _marks(article: Vectors) -> Hashes:
    language = article.features.language
    terms: Iterable[str] = article.top_terms(TERMS)
    hashes = {xxh3_64_intdigest(f"{language} {term}".encode("utf-8", "surrogatepass")) for term in terms}
    return np.array(sorted(hashes), np.uint64)
