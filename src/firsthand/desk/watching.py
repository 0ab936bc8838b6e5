"""The watcher: follows the table of changes for all beats, and decides what belongs to which and what is worth an alert.

Deciding is pure (`is_hit`, `decide_alerts`); `Watcher.work` reads, decides and keeps some changes at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from firsthand.desk.query import parse_search
from firsthand.desk.rights import excerpt
from firsthand.model.beats import AlertKind, Beat, BeatKind, NewAlert
from firsthand.model.errors import StoreError, UsageError
from firsthand.model.people import name_key
from firsthand.model.records import Change, ChangeKind

if TYPE_CHECKING:
    from firsthand.store import Store
    from firsthand.store.watching import Facts, Outcome, Sought, Spoken, Touched

log = structlog.get_logger(__name__)

BATCH: Final = 200
"""Changes looked at in one go."""
IDLE: Final = 0.5
"""Seconds between looks while nothing changes."""
TROUBLE: Final = 10.0
"""Seconds to wait when the database does not answer."""
SAME_WORDS: Final = 12
"""Statements that begin with as many same words are one: outlets cut a quotation at its end."""
_ARTICLE = frozenset(
    (ChangeKind.ARTICLE_NEW, ChangeKind.ARTICLE_READ, ChangeKind.ARTICLE_VERSION, ChangeKind.ARTICLE_ANALYZED)
)
_STORY = frozenset((ChangeKind.STORY_NEW, ChangeKind.STORY_CHANGED))


class Watcher:
    """Fills beats and notes their alerts. One is enough; of several one does the work."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Watch for ever. Cancel the task to stop: what is not kept is looked at again."""
        while True:
            try:
                if not await asyncio.to_thread(self.work):
                    await asyncio.sleep(IDLE)
            except Exception as error:
                foreseen = isinstance(error, StoreError)
                log.error("beats wait", reason=str(error), exc_info=not foreseen)
                await asyncio.sleep(TROUBLE)

    def work_all(self) -> None:
        """Look at everything that has changed until now."""
        while self.work():
            pass

    def work(self) -> bool:
        """Look at some changes; whether there were any. Raises StoreError."""
        from firsthand.store.watching import Outcome

        watching = self._store.watching
        cursor = watching.cursor()
        changes = watching.changes(cursor, BATCH)
        if not changes:
            return False
        outcome = Outcome(cursor, changes[-1].seq)
        beats = watching.all()
        if not beats and len(changes) < BATCH:
            return False  # no write for every change that nobody watches; a batch at a time the cursor comes after
        touched = self._look(beats, changes, outcome) if beats else []
        watching.keep(outcome, touched)
        return True

    def _look(self, beats: Sequence[Beat], changes: Sequence[Change], outcome: Outcome) -> list[Touched]:
        """What these changes mean for the beats, noted in `outcome`; and the stories that they touch."""
        watching, kinds = self._store.watching, {beat.kind for beat in beats}
        corrected = [one for one in changes if one.kind is ChangeKind.ARTICLE_CORRECTED]
        about = [one.article_id for one in changes if one.article_id and (one.kind in _ARTICLE or one in corrected)]
        outcome.stories = {one.story_id for one in changes if one.kind in _STORY and one.story_id}
        for beat in beats:
            if beat.kind is BeatKind.STORY and int(beat.key) in outcome.stories:
                about += watching.new_members(beat)
        facts = watching.facts(about, words=BeatKind.SEARCH in kinds, places=BeatKind.PLACE in kinds)
        searches = self._searches(beats)
        hits = [(beat, one) for one in facts for beat in beats if is_hit(beat, one, searches)]
        outcome.hits = [(beat.id, one) for beat, one in hits]
        outcome.stories |= {one.story_id for _, one in hits if one.story_id}
        touched = watching.touched(beats, outcome)
        outcome.alerts = decide_alerts(hits, touched, corrected, self._clock())
        return touched

    def _searches(self, beats: Iterable[Beat]) -> dict[int, Sought]:
        """What the beats that are searches look for, by their ids."""
        found: dict[int, Sought] = {}
        for beat in beats:
            if beat.kind is BeatKind.SEARCH:
                try:
                    sought = self._store.watching.sought(parse_search(beat.key))
                except UsageError:
                    continue
                if sought is not None:
                    found[beat.id] = sought
        return found


def is_hit(beat: Beat, facts: Facts, searches: Mapping[int, Sought]) -> bool:
    """Whether an article belongs to a beat."""
    if not beat.spans(facts.sort_at):
        return False
    match beat.kind:
        case BeatKind.SEARCH:
            return beat.id in searches and searches[beat.id].holds(facts)
        case BeatKind.PERSON:
            return any(one.person_id == int(beat.key) for one in facts.said)
        case BeatKind.OUTLET:
            return facts.outlet_id == int(beat.key)
        case BeatKind.PLACE:
            return name_key(beat.key) in facts.places
        case BeatKind.STORY:
            return facts.story_id == int(beat.key)


def decide_alerts(
    hits: Iterable[tuple[Beat, Facts]], touched: Iterable[Touched], corrected: Iterable[Change], now: datetime
) -> list[NewAlert]:
    """What is worth an alert. What was there before a beat was made is not; what is told already is left out later."""
    alerts = [alert for one in touched if (alert := _of_story(one, now))]
    when = {one.article_id: one.at for one in corrected}
    for beat, facts in hits:
        if beat.kind is BeatKind.PERSON and facts.seen >= beat.created:
            alerts += [_of_statement(beat, facts, one, now) for one in facts.said if one.person_id == int(beat.key)]
        if facts.id in when and when[facts.id] >= beat.created:
            alerts.append(_of_correction(beat, facts, now))
    return [one for one in alerts if one.kind in one.beat.alerts and one.beat.spans(now)]


def _of_story(one: Touched, now: datetime) -> NewAlert | None:
    beat = one.beat
    if one.known is None:
        # Of an outlet, only what it has before all others; of a story, nothing is a first report.
        wanted = beat.kind is not BeatKind.STORY and (beat.kind is not BeatKind.OUTLET or one.leads)
        if not wanted or one.first_seen < beat.created:
            return None
        return NewAlert(
            beat=beat,
            kind=AlertKind.FIRST,
            key=f"story:{one.story_id}",
            at=now,
            title=one.title,
            text="The first report of this story on your beat.",
            article_id=one.first_id,
            story_id=one.story_id,
        )
    if one.origins <= max(1, one.known):
        return None
    return NewAlert(
        beat=beat,
        kind=AlertKind.ORIGIN,
        key=f"story:{one.story_id}:{one.origins}",
        at=now,
        title=one.title,
        text=f"One more independent origin: {one.mark}, {one.origins} origins.",
        article_id=one.head_id,
        story_id=one.story_id,
    )


def _of_statement(beat: Beat, facts: Facts, said: Spoken, now: datetime) -> NewAlert:
    words = " ".join(name_key(said.content).split()[:SAME_WORDS])
    return NewAlert(
        beat=beat,
        kind=AlertKind.STATEMENT,
        key=hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        at=now,
        title=f"{said.speaker}: “{excerpt(said.content)}”",
        text=facts.headline,
        article_id=facts.id,
        story_id=facts.story_id,
        person_id=said.person_id,
    )


def _of_correction(beat: Beat, facts: Facts, now: datetime) -> NewAlert:
    return NewAlert(
        beat=beat,
        kind=AlertKind.CORRECTION,
        key=f"article:{facts.id}:{facts.version}",
        at=now,
        title=facts.headline,
        text="The outlet has corrected this article.",
        article_id=facts.id,
        story_id=facts.story_id,
    )
