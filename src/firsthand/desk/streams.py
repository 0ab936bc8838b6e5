"""What apps ask for that keep their own copy: articles in the order they came, and many marks at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from firsthand.model.records import FollowedFeed, Reader
from firsthand.model.streams import StreamItem, StreamQuery, StreamRef

if TYPE_CHECKING:
    from firsthand.store import Store

COUNTED: Final = 10_000
"""Unread articles of a reader that are counted; more are shown as that many."""
MOST_IDS: Final = 10_000
"""Ids in one answer."""
EVERY: Final = 100_000
"""Ids in an answer that cannot be continued."""
MOST_ITEMS: Final = 1000
"""Whole articles in one answer."""


@dataclass(frozen=True, slots=True)
class StreamPage:
    """A part of a stream. `more`: the id after which it goes on; None at the end."""

    refs: tuple[StreamRef, ...]
    more: int | None


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """A part of a stream, whole articles."""

    items: tuple[StreamItem, ...]
    more: int | None


class Streams:
    """Streams of one reader at a time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def refs(self, reader: Reader, query: StreamQuery) -> StreamPage:
        """Articles by number."""
        ids, more = self._page(reader, replace(query, limit=max(1, min(query.limit, MOST_IDS))))
        return StreamPage(tuple(self._store.streams.refs(reader.id, ids)), more)

    def page(self, reader: Reader, query: StreamQuery) -> ItemsPage:
        """Articles, whole."""
        ids, more = self._page(reader, replace(query, limit=max(1, min(query.limit, MOST_ITEMS))))
        return ItemsPage(tuple(self._store.streams.items(reader.id, ids)), more)

    def items(self, reader: Reader, ids: Sequence[int]) -> list[StreamItem]:
        """These articles, whole, in the order that they were asked in; without those in no list of the reader's."""
        return self._store.streams.items(reader.id, ids[:MOST_ITEMS])

    def every_id(self, reader: Reader, query: StreamQuery, most: int = EVERY) -> list[int]:
        """Ids of the whole stream, up to `most`."""
        return self._store.streams.ids(reader.id, replace(query, limit=most))

    def unread(self, reader: Reader) -> tuple[StreamRef, ...]:
        """What is unread, the newest first, up to `COUNTED`: to be counted by feed and folder."""
        return self.refs(reader, StreamQuery(read=False, limit=COUNTED)).refs

    def followed(self, reader: Reader) -> list[FollowedFeed]:
        """What the reader follows, by folder and title."""
        return self._store.readers.followed(reader.id)

    def mark(self, reader: Reader, ids: Sequence[int], *, read: bool | None = None, saved: bool | None = None) -> None:
        """Set marks on many articles; ids that no article has are passed over."""
        self._store.streams.mark(reader.id, ids, read=read, saved=saved, now=self._clock())

    def mark_all(self, reader: Reader, query: StreamQuery) -> None:
        """Mark all read that came until `query.until`, in one feed, one folder or everywhere."""
        self._store.streams.mark_all(reader.id, query, self._clock())

    def move_folder(self, reader: Reader, folder: str, to: str) -> int:
        """Put all feeds of one folder in another ("": in none); how many there were."""
        moved = [one.feed.id for one in self.followed(reader) if one.follow.folder == folder]
        for feed_id in moved:
            self._store.readers.set_folder(reader.id, feed_id, to)
        return len(moved)

    def _page(self, reader: Reader, query: StreamQuery) -> tuple[list[int], int | None]:
        ids = self._store.streams.ids(reader.id, replace(query, limit=query.limit + 1))
        shown = ids[: query.limit]
        return shown, shown[-1] if len(ids) > query.limit else None
