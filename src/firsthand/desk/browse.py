"""Reading: every page with headlines, search, and a reader's marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final

from firsthand import __version__
from firsthand.desk.beats import boxes_of
from firsthand.desk.compare import correction_notes
from firsthand.desk.cues import Cues, cues_of
from firsthand.desk.pages import (
    ArticlePage,
    FeedPage,
    Folder,
    FrontPage,
    Health,
    HealthPage,
    Listing,
    OutletPage,
    PeoplePage,
    PersonPage,
    SavedPage,
    SearchPage,
    Section,
    SectionPage,
    SettingsPage,
    Shell,
)
from firsthand.desk.query import parse_search
from firsthand.desk.quotes import LOOKED_AT, quotes
from firsthand.desk.seen import Seen
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.findings import Analysis, Chain
from firsthand.model.people import Said, name_key
from firsthand.model.records import Cursor, FollowedFeed, Headline, Reader, ReadState, SearchQuery
from firsthand.model.stories import StoryHead

if TYPE_CHECKING:
    from firsthand.store import Store

PAGE: Final = 30
"""Headlines on one page."""
RAIL_SAVED: Final = 5
SECTIONS: Final = 24
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


class Browse:
    """What a reader reads. Every method is one page, or one mark."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._seen = Seen(store)

    def shell(self, reader: Reader) -> Shell:
        """What stands around a page. Asked before the page's own content, so that no change falls between."""
        seq = self._store.changes.latest()
        found = self._store.articles.sections(reader.id, SECTIONS)
        alerts = sum(self._store.beats.unseen(reader.id).values())
        return Shell(sections=tuple(Section(slug, label) for slug, label in found), seq=seq, alerts=alerts)

    def front(self, reader: Reader, *, before: Cursor | None = None, unread_only: bool = False) -> FrontPage:
        """The front page: the newest of all that the reader follows."""
        shell = self.shell(reader)
        rows = self._store.articles.front(reader.id, before=before, limit=PAGE + 1, unread_only=unread_only)
        saved = self._store.articles.saved(reader.id, before=None, limit=RAIL_SAVED)
        followed = self._store.readers.followed(reader.id)
        return FrontPage(
            shell=shell,
            listing=_listing(rows),
            unread_only=unread_only,
            first=before is None,
            health=health_of(followed),
            folders=folders_of(followed),
            saved=tuple(saved),
            boxes=boxes_of(self._store, reader, self._clock()),
        )

    def outlet(self, reader: Reader, outlet_id: int, *, before: Cursor | None = None) -> OutletPage:
        """One outlet's articles. Raises NotFound."""
        outlet = self._store.articles.outlet(outlet_id)
        shell = self.shell(reader)
        rows = self._store.articles.by_outlet(reader.id, outlet_id, before=before, limit=PAGE + 1)
        feeds = [one for one in self._store.readers.followed(reader.id) if one.outlet.id == outlet_id]
        found = self._store.findings
        return OutletPage(
            shell=shell,
            outlet=outlet,
            feeds=tuple(feeds),
            listing=_listing(rows),
            credits=tuple(found.credited_by(outlet_id)),
            credited=tuple(
                found.crediting(outlet.domain, name_key(outlet.name), name_key(outlet.name.removeprefix("The ")))
            ),
        )

    def feed(self, reader: Reader, feed_id: int, *, before: Cursor | None = None) -> FeedPage:
        """One feed's articles. Raises NotFound."""
        feed = self._store.feeds.get(feed_id)
        shell = self.shell(reader)
        rows = self._store.articles.by_feed(reader.id, feed_id, before=before, limit=PAGE + 1)
        followed = next((one for one in self._store.readers.followed(reader.id) if one.feed.id == feed_id), None)
        feed = followed.feed if followed else feed  # under the name that the reader gave it
        outlet = followed.outlet if followed else self._store.articles.outlet(feed.outlet_id)
        hub = self._store.hubs.get(feed_id)
        return FeedPage(shell=shell, feed=feed, outlet=outlet, followed=followed, listing=_listing(rows), hub=hub)

    def section(self, reader: Reader, slug: str, *, before: Cursor | None = None) -> SectionPage:
        """One section's articles, of all outlets. Raises NotFound."""
        shell = self.shell(reader)
        rows = self._store.articles.by_section(reader.id, slug, before=before, limit=PAGE + 1)
        section = next((one for one in shell.sections if one.slug == slug), None)
        if section is None and not rows and before is None:
            raise NotFound(f"There is no section “{slug}”.", "Choose one from the front page.")
        label = section.label if section else slug.replace("-", " ").capitalize()
        return SectionPage(shell=shell, section=Section(slug, label), listing=_listing(rows))

    def saved(self, reader: Reader, *, before: Cursor | None = None) -> SavedPage:
        """What the reader saved."""
        rows = self._store.articles.saved(reader.id, before=before, limit=PAGE + 1)
        return SavedPage(shell=self.shell(reader), listing=_listing(rows))

    def search(self, reader: Reader, text: str, *, zone: tzinfo = UTC, before: Cursor | None = None) -> SearchPage:
        """Search everything held. What cannot be understood comes back as the page's `problem`."""
        shell = self.shell(reader)
        query: SearchQuery | None = None
        problem: str | None = None
        rows: list[Headline] = []
        said: Mapping[int, Said] = {}
        cues: Cues = {}
        if text.strip():
            try:
                query = parse_search(text, zone)
                rows = self._store.articles.search(reader.id, query, before=before, limit=PAGE + 1)
                said = self._store.findings.said_in([one.id for one in rows], query)
                cues = cues_of(self._store, said.values()) if said else {}
            except UsageError as error:
                problem = str(error)
        return SearchPage(
            shell=shell, text=text, query=query, problem=problem, listing=_listing(rows), said=said, cues=cues
        )

    def article(
        self, reader: Reader, article_id: int, *, version: int | None = None, opened: bool = True
    ) -> ArticlePage:
        """One article, whole; opening it marks it read, and hurries its page where that is still to be read.

        Args:
            version: an old version's number; None for the newest.
            opened: False where a program looks ahead, which is not reading.

        Raises:
            NotFound: no such article, or no such version of it.
        """
        shell = self.shell(reader)
        held = self._store.articles.get(reader.id, article_id)
        old = None
        if version is not None and held.versions and version != held.versions[-1][0]:
            old = self._store.articles.version(article_id, version)
        if opened and not held.read:
            self._store.readers.mark(reader.id, article_id, read=True, now=self._clock())
        if opened and held.state is ReadState.PENDING:
            self._store.ingest.hurry(article_id, self._clock())
        notes = correction_notes(old.article if old else held.article)
        if old is not None or held.state is not ReadState.WHOLE:
            return ArticlePage(shell=shell, held=held, old=old, corrections=notes, story=self._story(held.id))
        found = self._store.findings
        return ArticlePage(
            shell=shell,
            held=held,
            old=old,
            story=self._story(held.id),
            analysis=self._seen.article(held.id, found.of(held.id)),
            people=found.people_of(held.id),
            corrections=notes,
        )

    def _story(self, article_id: int) -> StoryHead | None:
        story = self._store.stories.of_articles([article_id]).get(article_id)
        return self._store.stories.heads([story]).get(story) if story else None

    def person(self, reader: Reader, person_id: int, *, before: Cursor | None = None) -> PersonPage:
        """What one person said, across outlets. Raises NotFound."""
        shell = self.shell(reader)
        found = self._store.findings
        person = found.person(person_id)
        rows = found.said_by(person.id, before, PAGE + 1)
        # A page ends with an article: one that goes over the edge is shown whole on the next page.
        shown = rows if len(rows) <= PAGE else [row for row in rows[:PAGE] if row.article_id != rows[PAGE].article_id]
        shown = shown or rows[:PAGE]
        older = Cursor(shown[-1].published, shown[-1].article_id) if len(rows) > len(shown) else None
        namesakes = [one for one in found.named(person.name) if one.id != person.id]
        analyses = self._seen.articles(found.found_in(sorted({one.article_id for one in shown})))
        told = quotes(found.said_by(person.id, None, LOOKED_AT)) if before is None else ()
        firsts = [wording.first for quote in told for wording in quote.wordings]
        return PersonPage(
            shell=shell,
            person=person,
            said=tuple(shown),
            older=older,
            namesakes=tuple(namesakes),
            quotes=told,
            ways=_ways(shown, analyses),
            cues={**cues_of(self._store, shown, analyses), **cues_of(self._store, firsts)},
        )

    def people(self, reader: Reader, name: str) -> PeoplePage:
        """People of whose names `name` is a part; those who said most where it is empty."""
        found = self._store.findings
        people = found.named(name) if name.strip() else found.most_quoted()
        return PeoplePage(shell=self.shell(reader), text=name, people=tuple(people))

    def merge_people(self, person_id: int, into_id: int) -> None:
        """Two are one person, a reader says. Raises NotFound, UsageError."""
        self._store.findings.merge(person_id, into_id)

    def split_person(self, person_id: int, article_id: int) -> int:
        """What an article ascribes to a person was said by a namesake; the namesake's id. Raises NotFound, UsageError."""
        return self._store.findings.split(person_id, article_id)

    def mark(self, reader: Reader, article_id: int, *, read: bool | None = None, saved: bool | None = None) -> None:
        """Set marks on one article. Raises NotFound."""
        self._store.articles.get(reader.id, article_id)
        self._store.readers.mark(reader.id, article_id, read=read, saved=saved, now=self._clock())

    def mark_all_read(
        self,
        reader: Reader,
        *,
        upto: Cursor,
        outlet_id: int | None = None,
        feed_id: int | None = None,
        section: str | None = None,
    ) -> None:
        """Mark all read down from `upto`, which the reader has seen; what came after stays unread."""
        self._store.readers.mark_all_read(
            reader.id, upto=upto, outlet_id=outlet_id, feed_id=feed_id, section=section, now=self._clock()
        )

    def health(self, reader: Reader) -> HealthPage:
        """Every feed and how it is."""
        followed = self._store.readers.followed(reader.id)
        return HealthPage(
            shell=self.shell(reader),
            health=health_of(followed),
            folders=folders_of(followed),
            now=self._clock(),
        )

    def settings(self, reader: Reader) -> SettingsPage:
        """What a reader can set."""
        feeds = len(self._store.readers.followed(reader.id))
        return SettingsPage(shell=self.shell(reader), feeds=feeds, version=__version__)


def _ways(said: Sequence[Said], analyses: Mapping[int, Analysis]) -> dict[int, tuple[Chain, ...]]:
    """How what was said came to each article, where its text tells."""
    ways: dict[int, dict[int, Chain]] = {}
    for one in said:
        found = analyses.get(one.article_id)
        number = found.statements[one.number].chain if found and one.number < len(found.statements) else None
        if found and number is not None and len(found.chains[number].hops) > 1:
            ways.setdefault(one.article_id, {})[number] = found.chains[number]
    return {article_id: tuple(chains.values()) for article_id, chains in ways.items()}


def health_of(followed: Iterable[FollowedFeed]) -> Health:
    """How these feeds are, in one line."""
    feeds = list(followed)
    failing = [one for one in feeds if one.feed.failing_since is not None]
    failing.sort(key=lambda one: one.feed.failing_since or _LONG_AGO)
    waiting = sum(one.feed.last_poll is None and one.feed.failing_since is None for one in feeds)
    return Health(well=len(feeds) - len(failing) - waiting, failing=tuple(failing), waiting=waiting)


def section_slug(section: Sequence[str]) -> str | None:
    """The address of the section page for an article's section path, or None where it has none."""
    from firsthand.store.sections import slug_of

    return slug_of(section)


def _listing(rows: list[Headline]) -> Listing:
    shown = rows[:PAGE]
    return Listing(tuple(shown), older=shown[-1].cursor if len(rows) > PAGE else None)


def folders_of(followed: Iterable[FollowedFeed]) -> tuple[Folder, ...]:
    """What is followed, by folder: first what is in none, then the folders by name."""
    folders: dict[str, list[FollowedFeed]] = {}
    for one in sorted(followed, key=lambda one: (one.follow.folder.casefold(), one.feed.title.casefold())):
        folders.setdefault(one.follow.folder, []).append(one)
    return tuple(Folder(name, tuple(feeds)) for name, feeds in folders.items())
