"""What editions that are due together say: each its own, and what they have in common is read once.

Ten thousand readers at seven o'clock follow different outlets, and are told the same stories. So what depends on the reader
is asked by reader (which stories, what was told), and the stories and statements themselves are held for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from firsthand.desk import editions as rules
from firsthand.desk.query import parse_search
from firsthand.model.editions import Content, Edition, Found, Quote, Rhythm, Scope
from firsthand.model.errors import NotFound
from firsthand.model.stories import StoryHead

if TYPE_CHECKING:
    from firsthand.store import Store
    from firsthand.store.editions import Known

OVERLAP: Final = timedelta(minutes=2)
"""A change is dated when its writing begins, and is seen when that ends. What was told is known, so nothing comes twice."""
CHANGED: Final = 400
"""Changed stories that are looked at for one edition."""
LOOKED_AT: Final = 50_000
"""Changed stories among which those of a reader are looked for: a week of a very large house. An edition that was put off for
a year is not told all of it."""
CHUNK: Final = 500
"""Changed stories whose feeds are read at once."""
CORRECTED: Final = timedelta(days=14)
"""How long corrections of what was told are told."""


class Composition:
    """Composes some editions at one time. For one thread, and for that time only."""

    def __init__(self, store: Store, editions: Sequence[Edition], now: datetime, *, everything: bool = False) -> None:
        self._store = store
        self._editions = editions
        self._now = now
        self._everything = everything
        self._heads: dict[int, StoryHead | None] = {}
        self._feeds: dict[int, set[int]] = {}
        self._said: dict[datetime, dict[int, Sequence[Quote]]] = {}

    def content(self, edition: Edition) -> Content:
        """What one of the editions says."""
        since, known = self._since(edition), self._known[edition.id]
        heads = [head for one in self._stories[edition.id] if (head := self._head(one)) is not None]
        said = self._said_since(since, [one.id for one in heads])
        found = Found(heads=heads, told=known.told, said=said, edited=known.edited)
        return rules.compose(edition.plan, found, since, self._now, everything=self._everything)

    def _since(self, edition: Edition) -> datetime:
        breaking = edition.plan.schedule.rhythm is Rhythm.BREAKING
        return self._now - rules.FRESH if breaking else edition.told_upto

    @cached_property
    def _known(self) -> dict[int, Known]:
        return self._store.editions.known(self._stories, corrected=self._now - CORRECTED)

    @cached_property
    def _stories(self) -> dict[int, list[int]]:
        """Stories within each edition's scope that changed since its last turn, the highest first."""
        return {one.id: self._changed(one, self._since(one) - OVERLAP) for one in self._editions}

    def _changed(self, edition: Edition, since: datetime) -> list[int]:
        store, reader_id, plan = self._store, edition.reader_id, edition.plan
        match plan.scope:
            case Scope.SEARCH:
                query = parse_search(plan.scope_key, rules.zone_of(plan.schedule.zone))
                hits = store.articles.search(reader_id, query, before=None, limit=CHANGED)
                return self._of_articles([one.id for one in hits], since)
            case Scope.OUTLET:
                hits = store.articles.by_outlet(reader_id, int(plan.scope_key), before=None, limit=CHANGED)
                return self._of_articles([one.id for one in hits], since)
            case Scope.BEAT:
                try:
                    beat = store.beats.by_slug(reader_id, plan.scope_key)
                except NotFound:  # removed since
                    return []
                hits = store.beats.articles(beat.id, reader_id, before=None, limit=CHANGED)
                return self._of_articles([one.id for one in hits], since)
        changed = self._followed_since(reader_id, since)
        self._load(changed)
        if plan.scope is Scope.SECTION:
            return [one for one in changed if (head := self._head(one)) and head.section_slug == plan.scope_key]
        return changed

    def _of_articles(self, article_ids: Sequence[int], since: datetime) -> list[int]:
        ids = list(dict.fromkeys(self._store.stories.of_articles(article_ids).values()))
        self._load(ids)
        heads = [head for one in ids if (head := self._head(one)) and head.changed > since]
        return [one.id for one in sorted(heads, key=lambda one: one.last_seen + one.lift, reverse=True)]

    # ── What editions have in common ─────────────────────────────────────────────────────────────────────────────────

    def _followed_since(self, reader_id: int, since: datetime) -> list[int]:
        """Stories that changed with an article of what the reader follows, the highest first.

        Which feeds brought a story is read once for all: asked for each reader it took as long as all else of composing.
        """
        follows, found = self._follows[reader_id], list[int]()
        for start in range(0, len(self._ranked), CHUNK):
            stretch = [one for one, changed in self._ranked[start : start + CHUNK] if changed > since]
            self._load_feeds(stretch)
            found += [one for one in stretch if not follows.isdisjoint(self._feeds[one])]
            if len(found) >= CHANGED:
                break
        return found[:CHANGED]

    @cached_property
    def _follows(self) -> dict[int, set[int]]:
        return self._store.readers.feeds_of(list({one.reader_id for one in self._editions}))

    @cached_property
    def _ranked(self) -> list[tuple[int, datetime]]:
        """All stories that changed since the earliest turn, each with when it did, the highest first."""
        return self._store.editions.changed(min(map(self._since, self._editions)) - OVERLAP, LOOKED_AT)

    def _load_feeds(self, story_ids: Sequence[int]) -> None:
        missing = [one for one in story_ids if one not in self._feeds]
        if missing:
            self._feeds |= self._store.editions.feeds_of(missing)

    def _load(self, story_ids: Sequence[int]) -> None:
        missing = [one for one in story_ids if one not in self._heads]
        if missing:
            self._heads |= dict.fromkeys(missing) | self._store.stories.heads(missing)

    def _head(self, story_id: int) -> StoryHead | None:
        """A story; None where it has become empty meanwhile."""
        return self._heads.get(story_id)

    def _said_since(self, since: datetime, story_ids: Sequence[int]) -> dict[int, Sequence[Quote]]:
        held = self._said.setdefault(since, {})
        missing = [one for one in story_ids if one not in held]
        if missing:
            held |= self._store.editions.said(missing, since)
        return held
