"""Copies and stories of articles as they come: the live counterpart of `group.engine`, with the store's indexes.

Nothing here outlives a restart and nothing needs to: what is in memory (the stories of the last days, an outlet's
furniture, the facts of articles that were counted) is made again from the store. One process groups at a time.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import structlog

from firsthand.group.boilerplate import PAGES, furniture, sentences
from firsthand.group.copies import Printed, match_copies, reversed_match
from firsthand.group.engine import CANDIDATES, LEAST_SHARED, Incoming
from firsthand.group.fingerprint import fingerprints
from firsthand.group.stories import WINDOW
from firsthand.group.story_line import LIVE, StoryLine
from firsthand.group.wording import wording
from firsthand.model.grouping import CopyMatch
from firsthand.model.stories import GroupDue, Placed
from firsthand.model.when import When
from firsthand.pipeline.count import Known, count_story, decided, known_of
from firsthand.pipeline.facts import provenance

if TYPE_CHECKING:
    from firsthand.store import Store

log = structlog.get_logger()

AT_ONCE: Final = 20
"""Articles looked at before stories are counted: few, so that a mark on the page never waits for long."""
OUTLETS: Final = 200
"""Outlets whose furniture is held in memory, some 20 KB each."""
COUNTED: Final = 4_000
"""Articles whose facts are held in memory, some 2 KB each."""
LEAST_NEW: Final = 20
"""New articles before stories are looked at again; a tenth of those held where that is more."""

Value = TypeVar("Value")


class Grouping:
    """Groups what is due. Its methods are synchronous, and are called by one thread at a time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._line: StoryLine | None = None
        self._saved: dict[int, tuple[int, int]] = {}
        self._since_repair = 0
        self._scored = 0
        self._pages: _Latest[deque[frozenset[int]]] = _Latest(OUTLETS)
        self._known: _Latest[Known] = _Latest(COUNTED)

    def work(self) -> bool:
        """Group some of what is due and count the stories that changed; whether there was anything to do."""
        due = self._store.stories.due(AT_ONCE)
        for one in due:
            self._group(one)
        stale = self._store.stories.stale(AT_ONCE)
        for story_id in stale:
            self._count(story_id)
        if not due and not stale:
            return self._tidy()
        return True

    def _group(self, due: GroupDue) -> None:
        line = self._live()
        marks, matches = self._copies(due)
        score, reason = 0.0, "It was in this story before its text changed."
        if not line.knows(due.article_id):
            assignment = line.add(_incoming(due), matches)
            score = assignment.score
            reason = assignment.reason if assignment.story is not None else "It began this story."
            self._since_repair += 1
        story, speaker = line.place(due.article_id)
        placed = Placed(article_id=due.article_id, story_id=story, speaker_id=int(speaker), score=score, reason=reason)
        # Of two the later one has the match, whichever was grouped first.
        turned = [match if int(match.article) > int(match.of) else reversed_match(match) for match in matches]
        self._store.stories.save(due, marks, turned, placed, self._clock())
        self._saved[due.article_id] = story, int(speaker)
        _turn(self._pages_of(due.outlet.id), due)

    def _copies(self, due: GroupDue) -> tuple[list[int], tuple[CopyMatch, ...]]:
        """The fingerprints of an article, and the held articles that it repeats or that repeat it."""
        printed = self._printed(due)
        marks = [int(one) for one in fingerprints(printed.wording.words)]
        near = self._store.copies.candidates(marks, CANDIDATES + 1)
        ids = [key for key, shared in near if shared >= LEAST_SHARED and key != due.article_id]
        others = [self._printed(one) for one in self._store.stories.load(ids)]
        return marks, match_copies(printed, others)

    def _printed(self, due: GroupDue) -> Printed:
        text = due.article.text or due.article.summary or ""
        return Printed(provenance(due), text, wording(text, furniture(self._pages_of(due.outlet.id))))

    def _pages_of(self, outlet_id: int) -> deque[frozenset[int]]:
        """The sentences of an outlet's latest pages that do not repeat each other, by page."""
        held = self._pages.get(outlet_id)
        if held is None:
            held = deque(maxlen=PAGES)
            for one in reversed(self._store.stories.recent(outlet_id, PAGES)):
                _turn(held, one)
            self._pages.put(outlet_id, held)
        return held

    def _count(self, story_id: int) -> None:
        states = self._store.stories.member_states(story_id)
        unknown = [key for key, state in states.items() if self._known.get((key, *state)) is None]
        for one in self._store.stories.load(unknown, findings=True):
            self._known.put((one.article_id, *states[one.article_id]), known_of(one))
        members = [known for key, state in states.items() if (known := self._known.get((key, *state)))]
        by_id = {one.due.article_id: one for one in members}
        matches = decided(self._store.copies.among(by_id), by_id)
        self._store.copies.decide(matches)
        self._store.stories.save_count(story_id, count_story(story_id, members, matches), self._clock())

    def _tidy(self) -> bool:
        """While nothing comes: look at the live stories again, and let go of what is old."""
        line = self._line
        if line is None or self._since_repair < max(LEAST_NEW, len(line) // 10):
            return False
        self._since_repair = 0
        rescore = len(line) >= 2 * self._scored
        self._scored = len(line) if rescore else self._scored
        line.repair(rescore=rescore)
        line.forget(_hours(self._clock()) - 2 * WINDOW)
        self._keep_moves(line)
        return True

    def _keep_moves(self, line: StoryLine) -> None:
        places = {int(key): (story, int(speaker)) for key, (story, speaker) in line.places().items()}
        moved = [
            Placed(
                article_id=key, story_id=place[0], speaker_id=place[1], score=0.0, reason="Later articles showed it."
            )
            for key, place in places.items()
            if self._saved.get(key, place)[0] != place[0]
        ]
        redirects = dict(line.redirects)
        line.redirects.clear()
        self._store.stories.move(moved, redirects, self._clock())
        self._saved = places

    def _live(self) -> StoryLine:
        """The live stories; after a start, as the store has them."""
        if self._line is None:
            # Repaired by `_tidy`, where what it moves is kept as well.
            line = StoryLine(begun=self._store.stories.latest_id(), every=1 << 60)
            since = self._clock() - timedelta(hours=2 * WINDOW)
            for due, placed in self._store.stories.live(since, LIVE):
                line.restore(_incoming(due), placed.story_id, placed.speaker_id)
                self._saved[due.article_id] = line.place(due.article_id)[0], placed.speaker_id
            self._line = line
        return self._line


class _Latest(Generic[Value]):
    """The values asked for last, at most `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[object, Value] = OrderedDict()

    def get(self, key: object) -> Value | None:
        """The value, if it is still held."""
        if key in self._values:
            self._values.move_to_end(key)
        return self._values.get(key)

    def put(self, key: object, value: Value) -> None:
        """Hold a value, and let go of the one not asked for longest."""
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)


def _turn(pages: deque[frozenset[int]], due: GroupDue) -> None:
    """Add a page to an outlet's latest, unless half of it stands there: that is a report once more, no furniture."""
    page = frozenset(sentence.mark for sentence in sentences(due.article.text))
    if page and not any(2 * len(page & other) > len(page) for other in pages):
        pages.append(page)


def _incoming(due: GroupDue) -> Incoming:
    article = due.article
    return Incoming(
        id=due.article_id,
        title=article.headline or "",
        text=article.text or article.summary or "",
        # When it came or was published, whichever is earlier: a clock that is wrong by a day is not believed.
        date=When.of(due.sort_at),
        source=due.outlet.domain,
        language=(article.language or "en").partition("-")[0].lower(),
    )


def _hours(at: datetime) -> float:
    return at.timestamp() / 3600
