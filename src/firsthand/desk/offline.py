"""Reading offline: what a reader's device is to hold, and the marks that it made while it was away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from firsthand.model.errors import UsageError
from firsthand.model.offline import OfflineMark, OfflineState, ToHold
from firsthand.model.records import Reader

if TYPE_CHECKING:
    from firsthand.store import Store

SAVED: Final = 100
"""The newest saved articles that a device holds."""
FRONT: Final = 30
"""Articles of the front page that it holds."""
STORIES: Final = 15
"""Stories of the front page that it holds."""
COUNTED: Final = 99
"""Unread articles are counted up to here: an icon has room for two digits."""
MOST_MARKS: Final = 500
"""Marks in one request."""
LETTERS: Final = 5
"""Editions whose last letter it holds, the newest."""
PAGES: Final = ("/", "/saved")


class Offline:
    """What a device holds, and what it brings back."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def state(self, reader: Reader) -> OfflineState:
        """What a device of this reader is to hold: the last editions, what is saved, and the articles of the front page."""
        saved = [one.id for one in self._store.articles.saved(reader.id, before=None, limit=SAVED)]
        newest = self._store.articles.front(reader.id, before=None, limit=FRONT, unread_only=False)
        heads = self._store.stories.front(reader.id, before=None, limit=STORIES)
        wanted = list(dict.fromkeys([*saved, *(one.article_id for one in heads), *(one.id for one in newest)]))
        tags = self._store.offline.tags(wanted)
        kept = set(saved)
        articles = [ToHold(f"/articles/{one}", tags[one], one in kept) for one in wanted if one in tags]
        stories = [ToHold(f"/stories/{one.id}", one.changed.isoformat(), False) for one in heads]
        return OfflineState(
            articles=(*self._letters(reader), *articles, *stories),
            pages=PAGES,
            unread=self._store.offline.unread(reader.id, COUNTED),
        )

    def _letters(self, reader: Reader) -> list[ToHold]:
        """The last letter of each edition, which stays as it is."""
        editions = [one.id for one in self._store.editions.of(reader.id)]
        letters = [one for found in self._store.letters.of(editions, 1).values() for one in found]
        letters.sort(key=lambda one: one.made, reverse=True)
        return [ToHold(f"/settings/editions/letters/{one.id}", one.message_id, True) for one in letters[:LETTERS]]

    def apply(self, reader: Reader, marks: Sequence[OfflineMark]) -> int:
        """Set marks that were made offline, each once; gives how many were new.

        Raises:
            UsageError: there are more than `MOST_MARKS`.
        """
        if len(marks) > MOST_MARKS:
            raise UsageError(f"These are more than {MOST_MARKS} marks.", "Send fewer at a time.")
        return self._store.offline.apply(reader.id, marks, self._clock())
