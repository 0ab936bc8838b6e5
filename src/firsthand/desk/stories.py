"""Stories: the front page by story, and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from firsthand.desk import story_page as page
from firsthand.desk.pages import Shell
from firsthand.desk.seen import Seen
from firsthand.desk.story_page import StoryPage
from firsthand.model.article import Article
from firsthand.model.errors import NotFound
from firsthand.model.findings import Analysis, Chain
from firsthand.model.records import Headline, Reader
from firsthand.model.stories import GroupDue, StoryCursor, StoryHead, rank

if TYPE_CHECKING:
    from firsthand.store import Store

PAGE: Final = 30
READ_AT_ONCE: Final = 60
"""Articles of a story of which the page tells who said what; the earliest."""


@dataclass(frozen=True, slots=True)
class StoryItem:
    """A story in a list, with the article whose headline it bears and the reader's marks on that."""

    head: StoryHead
    headline: Headline


@dataclass(frozen=True, slots=True)
class StoryListing:
    """A run of stories, the highest first."""

    items: tuple[StoryItem, ...]
    older: StoryCursor | None
    """Where the next page starts; None at the end."""


class Stories:
    """What a reader sees of stories."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = Seen(store)

    def front(self, reader: Reader, *, before: StoryCursor | None = None, section: str | None = None) -> StoryListing:
        """The stories of what the reader follows, ranked by `model.stories.rank`."""
        heads = self._store.stories.front(reader.id, before=before, limit=PAGE + 1, section=section)
        shown = heads[:PAGE]
        older = StoryCursor(rank(shown[-1].last_seen, shown[-1].mark), shown[-1].id) if len(heads) > PAGE else None
        return StoryListing(self.items(reader, shown), older)

    def items(self, reader: Reader, heads: Sequence[StoryHead]) -> tuple[StoryItem, ...]:
        """These stories with their headlines."""
        held = {one.id: one for one in self._store.articles.listed(reader.id, [head.article_id for head in heads])}
        return tuple(StoryItem(head, held[head.article_id]) for head in heads if head.article_id in held)

    def since(self, reader: Reader, after: datetime, limit: int = 50) -> list[StoryHead]:
        """Stories of what the reader follows that changed after an instant, the highest first."""
        return self._store.stories.since(reader.id, after, limit)

    def of(self, article_id: int) -> StoryHead | None:
        """The story that an article belongs to; None until it was looked for."""
        story = self._store.stories.of_articles([article_id]).get(article_id)
        return self._store.stories.heads([story]).get(story) if story else None

    def story(self, reader: Reader, story_id: int, shell: Shell | None = None) -> StoryPage:
        """The page of one story. Raises NotFound."""
        store = self._store
        head = store.stories.get(story_id)
        whys = store.stories.reasons(head.id)
        listed = {one.id: one for one in store.articles.listed(reader.id, list(whys))}
        headlines = [listed[one] for one in whys if one in listed]
        if not headlines:
            raise NotFound(f"There is no story {story_id}.", "Choose one from the front page.")
        dues = store.stories.load([one.id for one in headlines[:READ_AT_ONCE]], findings=True)
        by_id = {due.article_id: due for due in dues}
        people = {due.article_id: store.findings.people_of(due.article_id) for due in dues if due.analysis}
        voices = page.voices(dues, listed, people)
        origins = store.stories.origins(head.id)
        first = min(headlines, key=lambda one: (one.seen, one.id))
        return StoryPage(
            shell=shell,
            head=head,
            weight=page.weighed(head),
            chain=self._chain(dues),
            first=first,
            published_first=_published_first(headlines, first),
            origins=page.origin_groups(origins, listed, by_id, {}),
            carriers=page.carriers(headlines, store.copies.among(listed), whys, by_id),
            voices=voices,
            people=page.people(voices),
            places=page.places(dues),
            timeline=tuple((due.article, due.analysis) for due in _dated(dues) if due.analysis),
            named=page.named(dues, listed, self._followed(reader), [one.outlet.name for one in headlines]),
            line=tuple(store.storylines.events(head.id)),
            hidden=max(0, head.articles - len(headlines)),
        )

    def _chain(self, dues: Sequence[GroupDue]) -> tuple[Article, Chain] | None:
        """The longest way back to an origin that the story tells, its hops links to the articles held that they are."""
        found = page.longest_chain(dues)
        if found is None:
            return None
        article, chain = found
        article_id = next(due.article_id for due in dues if due.article is article)
        (here, *rest) = self._seen.articles({article_id: Analysis(chains=(chain,))})[article_id].chains[0].hops
        return article, Chain((replace(here, article=article_id), *rest))

    def _followed(self, reader: Reader) -> list[str]:
        outlets = [one.outlet for one in self._store.readers.followed(reader.id)]
        return [name for outlet in outlets for name in (outlet.name, outlet.domain)]


def _published_first(headlines: Sequence[Headline], first: Headline) -> Headline | None:
    """The earliest by the outlets' own word, where it is not the one that we saw first."""
    dated = [(one.published.instant(), one.id, one) for one in headlines if one.published is not None]
    earliest = min(dated, key=lambda place: place[:2])[2] if dated else first
    return earliest if earliest.id != first.id else None


def _dated(dues: Sequence[GroupDue]) -> list[GroupDue]:
    """The articles that date something."""
    return [due for due in dues if due.analysis and any(one.event for one in due.analysis.dates)][:8]
