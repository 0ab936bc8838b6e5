"""Copies and stories of articles as they come: the live counterpart of `group.engine`, with the store's indexes.

Nothing here outlives a restart and nothing needs to: what is in memory (the stories of the last days, an outlet's
furniture, the facts of articles that were counted) is made again from the store. One process groups at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import structlog

from firsthand.group.boilerplate import PAGES, Pages
from firsthand.group.copies import Printed, match_copies, reversed_match
from firsthand.group.engine import CANDIDATES, LEAST_SHARED, Incoming
from firsthand.group.fingerprint import fingerprints
from firsthand.group.stories import WINDOW
from firsthand.group.story_line import LIVE, StoryLine
from firsthand.group.storylines import carries_on
from firsthand.group.wording import wording
from firsthand.model.grouping import CopyMatch
from firsthand.model.stories import Found, GroupDue, Placed, StoryCount
from firsthand.model.storylines import NOTHING, Subject
from firsthand.model.when import When
from firsthand.pipeline.count import Known, count_story, decided, known_of
from firsthand.pipeline.facts import house_names, provenance, told_by

if TYPE_CHECKING:
    from firsthand.store import Store
    from firsthand.store.fingerprints import Postings

log = structlog.get_logger()

AT_ONCE: Final = 20
"""Articles looked at before stories are counted: few, so that a mark on the page never waits for long."""
OUTLETS: Final = 1_000
"""Outlets whose furniture is held in memory, some 20 KB each."""
COMPARED: Final = 1_000
"""Articles held in memory as they are compared, some 30 KB each: what is copied was nearly always printed just now."""
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
        self._pages: _Latest[Pages] = _Latest(OUTLETS)
        self._compared: _Latest[tuple[Printed, int, frozenset[int]]] = _Latest(COMPARED)
        self._known: _Latest[Known] = _Latest(COUNTED)
        self._subjects: _Latest[Subject] = _Latest(COUNTED)

    def work(self) -> bool:
        """Group some of what is due and count the stories that changed; whether there was anything to do."""
        due = self._store.stories.due(AT_ONCE)
        if due:
            self._group(due)
        stale = self._store.stories.stale(AT_ONCE)
        if stale:
            self._count(stale)
        if not due and not stale:
            return self._tidy()
        return True

    def _group(self, due: Sequence[GroupDue]) -> None:
        """Find copies and story of each, in the order they came, and keep it all at once."""
        arrived = [(one, *self._read(one)) for one in due]
        postings = self._store.copies.postings(mark for _, _, marks in arrived for mark in marks)
        self._store.stories.save_all([self._found(*one, postings) for one in arrived], self._clock())

    def _read(self, due: GroupDue) -> tuple[Printed, list[int]]:
        """An article as it is compared, and its fingerprints; from then on it is one of its outlet's pages."""
        printed = self._printed(due)
        self._pages_of(due.outlet.id).turn(due.article.text)
        return printed, fingerprints(printed.wording.words).tolist()

    def _found(self, due: GroupDue, printed: Printed, marks: list[int], postings: Postings) -> Found:
        near = postings.candidates(marks, CANDIDATES + 1)
        ids = [key for key, shared in near if shared >= LEAST_SHARED and key != due.article_id]
        matches = match_copies(printed, self._held(ids))
        # Of two the later one has the match, whichever was grouped first.
        turned = [match if int(match.article) > int(match.of) else reversed_match(match) for match in matches]
        return Found(
            due=due,
            marks=tuple(postings.add(due.article_id, marks)),
            matches=tuple(turned),
            placed=self._place(due, matches),
        )

    def _place(self, due: GroupDue, matches: tuple[CopyMatch, ...]) -> Placed:
        line = self._live()
        score, reason = 0.0, ""  # its text changed: why it is in its story is known
        if not line.knows(due.article_id):
            assignment = line.add(_incoming(due), matches)
            score = assignment.score
            reason = assignment.reason if assignment.story is not None else "It began this story."
            self._since_repair += 1
        story, speaker = line.place(due.article_id)
        self._saved[due.article_id] = story, int(speaker)
        return Placed(article_id=due.article_id, story_id=story, speaker_id=int(speaker), score=score, reason=reason)

    def _held(self, ids: Sequence[int]) -> list[Printed]:
        """Held articles as they are compared."""
        found = {key: self._as_now(*held) for key in ids if (held := self._compared.get(key))}
        for one in self._store.stories.load([key for key in ids if key not in found]):
            found[one.article_id] = self._printed(one)
        return [found[key] for key in ids if key in found]

    def _printed(self, due: GroupDue) -> Printed:
        text, unwanted = due.article.text or due.article.summary or "", self._pages_of(due.outlet.id).furniture
        printed = Printed(provenance(due), text, wording(text, unwanted))
        self._compared.put(due.article_id, (printed, due.outlet.id, unwanted))
        return printed

    def _as_now(self, printed: Printed, outlet_id: int, unwanted: frozenset[int]) -> Printed:
        """What is held of an article, without what has become its outlet's furniture meanwhile."""
        now = self._pages_of(outlet_id).furniture
        if now == unwanted:
            return printed
        printed = Printed(printed.source, printed.text, wording(printed.text, now))
        self._compared.put(int(printed.source.article), (printed, outlet_id, now))
        return printed

    def _pages_of(self, outlet_id: int) -> Pages:
        """The latest pages of an outlet."""
        held = self._pages.get(outlet_id)
        if held is None:
            held = Pages()
            for one in reversed(self._store.stories.recent(outlet_id, PAGES)):
                held.turn(one.article.text)
            self._pages.put(outlet_id, held)
        return held

    def _count(self, story_ids: Sequence[int]) -> None:
        """Count stories anew from what is known of their articles."""
        members = self._store.stories.member_states(story_ids)
        states = {key: state for story in members.values() for key, state in story.items()}
        known = {key: one for key, state in states.items() if (one := self._known.get((key, *state)))}
        for due in self._store.stories.load([key for key in states if key not in known], findings=True):
            known[due.article_id] = known_of(due)
            self._known.put((due.article_id, *states[due.article_id]), known[due.article_id])
        counts = {
            story_id: self._counted(story_id, {key: known[key] for key in story if key in known})
            for story_id, story in members.items()
        }
        self._store.stories.save_counts(counts, self._clock())
        self._carry_on({story_id: count.subject if count else NOTHING for story_id, count in counts.items()})

    def _carry_on(self, subjects: dict[int, Subject]) -> None:
        """Find the earlier events that stories carry on, where what they are about has changed."""
        changed = {story: subject for story, subject in subjects.items() if self._subjects.get(story) != subject}
        if not changed:
            return
        self._store.storylines.keep(changed)
        near = {story: self._store.storylines.near(story, subject) for story, subject in changed.items()}
        found = {story: carries_on(changed[story], one) for story, one in near.items() if one}
        if follows := {story: earlier for story, earlier in found.items() if earlier}:
            self._store.storylines.follow(follows)
        for story, subject in changed.items():
            self._subjects.put(story, subject)

    def _counted(self, story_id: int, members: dict[int, Known]) -> StoryCount | None:
        if len(members) < 2:
            return count_story(story_id, list(members.values()), ())
        before = self._store.copies.among(members)
        matches = decided(before, members)
        held = {(match.article, match.of): match for match in before}
        self._store.copies.decide([match for match in matches if held[match.article, match.of] != match])
        return count_story(story_id, list(members.values()), matches)

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


def _incoming(due: GroupDue) -> Incoming:
    title, text, language = told_by(due)
    return Incoming(
        id=due.article_id,
        title=title,
        text=text,
        # When it came or was published, whichever is earlier: a clock that is wrong by a day is not believed.
        date=When.of(due.sort_at),
        source=due.outlet.domain,
        names=house_names(due),
        language=language,
    )


def _hours(at: datetime) -> float:
    return at.timestamp() / 3600
