"""What has changed since a reader's page was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from firsthand.model.errors import NotFound
from firsthand.model.records import Change, Headline, Reader

if TYPE_CHECKING:
    from firsthand.store import Store

MOST: Final = 100
"""More new articles than this are shown as "100+"."""


@dataclass(frozen=True, slots=True)
class View:
    """The list of headlines that a page shows: "front", "outlet", "feed", "section", or "article" for one article."""

    kind: str = "front"
    key: str = ""
    """The outlet's, feed's or article's id, the section's slug; "" for the front page."""


class Live:
    """Follows the table of changes for the pages that are open."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def latest(self) -> int:
        """The newest change's number; 0 if there is none."""
        return self._store.changes.latest()

    def after(self, seq: int, limit: int = 1000) -> list[Change]:
        """Changes after `seq`, oldest first."""
        return self._store.changes.after(seq, limit)

    def count_stories(self, reader: Reader, after_seq: int) -> tuple[int, int]:
        """How many stories of what the reader follows are new since `after_seq`, and how many of the others changed."""
        return self._store.stories.changed_after(reader.id, after_seq, MOST)

    def count_new(self, reader: Reader, view: View, after_seq: int) -> int:
        """How many articles have come to this list since `after_seq`, up to `MOST`."""
        if view.kind == "front":
            return self._store.articles.count_new(reader.id, after_seq, MOST)
        rows = self._newest(reader, view)
        if not rows:
            return 0
        fresh = {change.article_id for change in self._new_articles(after_seq)}
        return sum(row.id in fresh for row in rows)

    def _new_articles(self, after_seq: int) -> list[Change]:
        return [one for one in self.after(after_seq) if one.kind.value == "article.new"]

    def _newest(self, reader: Reader, view: View) -> Sequence[Headline]:
        articles = self._store.articles
        match view.kind:
            case "outlet":
                return articles.by_outlet(reader.id, int(view.key), before=None, limit=MOST)
            case "feed":
                return articles.by_feed(reader.id, int(view.key), before=None, limit=MOST)
            case "section":
                return articles.by_section(reader.id, view.key, before=None, limit=MOST)
            case "beat":
                return self._of_beat(reader, view.key)
            case _:
                return ()

    def _of_beat(self, reader: Reader, slug: str) -> Sequence[Headline]:
        try:
            beat = self._store.beats.by_slug(reader.id, slug)
        except NotFound:  # removed meanwhile
            return ()
        return self._store.beats.articles(beat.id, reader.id, before=None, limit=MOST)
