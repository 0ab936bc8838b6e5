"""Feeds out: every list of headlines as a feed, with what may leave (see `rights`), and the secret addresses.

A feed is its reader's own, and opened by a secret in its address, since feed readers sign in nowhere. The secret is kept
as SHA-256: who reads the database cannot read the feeds. It opens one feed, or all of the reader's, and can be revoked.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final

from firsthand.desk.accounts import token_hash
from firsthand.desk.beats import Beats
from firsthand.desk.browse import section_slug
from firsthand.desk.cues import Cues, cues_of, in_words
from firsthand.desk.query import parse_search
from firsthand.desk.rights import excerpt, leaving
from firsthand.desk.stories import Stories
from firsthand.model.article import Article
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.out import FeedKey, FeedName, OutEntry, OutFeed, feed_name
from firsthand.model.people import Said
from firsthand.model.records import Change, Headline, Reader
from firsthand.model.stories import StoryHead
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.store import Store
    from firsthand.store.out import Text

ENTRIES: Final = 40
"""Entries of a feed: a day of a busy list between two polls of a lazy reader."""
MAX_KEYS: Final = 500
"""Secret addresses of one reader."""


class Out:
    """What goes out as feeds."""

    def __init__(self, store: Store, clock: Callable[[], datetime], stories: Stories, beats: Beats) -> None:
        self._store = store
        self._clock = clock
        self._stories = stories
        self._beats = beats
        self._secret = b""

    # ── Secret addresses ─────────────────────────────────────────────────────────────────────────────────────────────

    def make_key(self, reader: Reader, feed: str) -> str:
        """A new secret for the address of one feed, shown this once.

        Args:
            feed: `FeedName.whole`; "" for all feeds of the reader.

        Raises:
            NotFound: there is no such feed.
            UsageError: the reader has too many.
        """
        if feed:
            path, _, words = feed.partition("?")
            feed = feed_name(path, words).whole
        if len(self._store.out.keys(reader.id)) >= MAX_KEYS:
            raise UsageError(f"There are {MAX_KEYS} secret addresses already.", "Revoke those that are not used.")
        secret = secrets.token_urlsafe(32)
        self._store.out.add_key(reader.id, feed, token_hash(secret), self._clock())
        return secret

    def keys(self, reader: Reader) -> list[FeedKey]:
        """A reader's secret addresses, the newest first."""
        return self._store.out.keys(reader.id)

    def revoke(self, reader: Reader, key_id: int) -> None:
        """End a secret address at once. Raises NotFound where the reader has no such one."""
        if not self._store.out.remove_key(reader.id, key_id):
            raise NotFound("There is no such secret address.", "The page “Feeds out” lists those that there are.")

    def reader_of(self, secret: str, name: FeedName) -> Reader | None:
        """Whose secret this is, if it opens this feed."""
        return self._store.out.reader_of(token_hash(secret), name.whole, self._clock()) if secret else None

    def public_reader(self) -> Reader:
        """As whom those read who have no secret, where feeds are public: the owner."""
        return self._store.readers.owner()

    # ── Feeds ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def feed(self, reader: Reader, name: FeedName, zone: tzinfo = UTC) -> OutFeed:
        """One feed, for one reader. Raises NotFound, and UsageError for a search that cannot be understood."""
        return {
            "front": self._front,
            "saved": self._saved,
            "search": self._search,
            "sections": self._section,
            "outlets": self._outlet,
            "people": self._person,
            "stories": self._story,
            "beats": self._beat,
        }[name.kind](reader, name, zone)

    def changed(self, changes: Iterable[Change]) -> list[str]:
        """The paths of the public feeds, without their ends (`.atom`), that these changes are in."""
        seen = [one for one in changes if one.article_id or one.story_id]
        owner = self.public_reader()
        rows = self._store.articles.listed(owner.id, list({one.article_id for one in seen if one.article_id}))
        names = {f"outlets/{one.outlet.id}" for one in rows}
        names |= {f"sections/{slug}" for one in rows if (slug := section_slug(one.section))}
        stories = {f"stories/{one.story_id}" for one in seen if one.story_id}
        if stories:
            names |= stories | {"front"}
        return sorted(names)

    def _front(self, reader: Reader, name: FeedName, _zone: tzinfo) -> OutFeed:
        heads = self._store.stories.front(reader.id, before=None, limit=ENTRIES)
        items = self._stories.items(reader, sorted(heads, key=lambda one: (one.changed, one.id), reverse=True))
        texts = self._store.out.texts([one.headline.id for one in items])
        entries = [self._of_story(one.head, one.headline, texts.get(one.headline.id)) for one in items]
        return self._made(name, "Front page", "Stories, each with its origins.", "/", entries, reader)

    def _saved(self, reader: Reader, name: FeedName, _zone: tzinfo) -> OutFeed:
        rows = self._store.articles.saved(reader.id, before=None, limit=ENTRIES)
        return self._made(
            name, "Saved", "What was saved to read.", "/saved", self._of_articles(rows), reader, slides=True
        )

    def _search(self, reader: Reader, name: FeedName, zone: tzinfo) -> OutFeed:
        query = parse_search(name.words, zone)
        rows = self._store.articles.search(reader.id, query, before=None, limit=ENTRIES)
        said = f"All that is found for {name.words}."
        return self._made(name, name.words, said, "/search", self._of_articles(rows), reader, slides=True)

    def _section(self, reader: Reader, name: FeedName, _zone: tzinfo) -> OutFeed:
        rows = self._store.articles.by_section(reader.id, name.key, before=None, limit=ENTRIES)
        if not rows:
            raise NotFound(f"There is no section “{name.key}”.", "Choose one from the front page.")
        label = next((one.section[0] for one in rows if one.section), name.key)
        said = "One section of all outlets, as they themselves sort it."
        return self._made(name, label, said, f"/{name.path}", self._of_articles(rows), reader)

    def _outlet(self, reader: Reader, name: FeedName, _zone: tzinfo) -> OutFeed:
        outlet = self._store.articles.outlet(int(name.key))
        rows = self._store.articles.by_outlet(reader.id, outlet.id, before=None, limit=ENTRIES)
        said = f"What {outlet.name} publishes."
        return self._made(name, outlet.name, said, f"/{name.path}", self._of_articles(rows), reader)

    def _person(self, reader: Reader, name: FeedName, _zone: tzinfo) -> OutFeed:
        person = self._store.findings.person(int(name.key))
        said = self._store.findings.said_by(person.id, None, 4 * ENTRIES)
        by_article: dict[int, list[Said]] = {}
        for one in said:
            by_article.setdefault(one.article_id, []).append(one)
        ids = list(by_article)[:ENTRIES]
        listed = self._store.articles.listed(reader.id, ids)
        texts = self._store.out.texts(ids)
        cues = cues_of(self._store, [one for statements in by_article.values() for one in statements])
        entries = [self._of_person(one, by_article[one.id], texts.get(one.id), cues) for one in listed]
        return self._made(name, person.name, f"What {person.name} said.", f"/{name.path}", entries, reader)

    def _story(self, reader: Reader, name: FeedName, _zone: tzinfo) -> OutFeed:
        head = self._store.stories.get(int(name.key))
        ids = list(self._store.stories.reasons(head.id))
        rows = self._store.articles.listed(reader.id, ids)[:ENTRIES]
        return self._made(name, _titled(head), head.mark.words, f"/stories/{head.id}", self._of_articles(rows), reader)

    def _beat(self, reader: Reader, name: FeedName, _zone: tzinfo) -> OutFeed:
        beat = self._beats.get(reader, name.key)
        rows = self._store.beats.articles(beat.id, reader.id, before=None, limit=ENTRIES)
        said = f"What is watched as {beat.name}."
        return self._made(name, beat.name, said, f"/{name.path}", self._of_articles(rows), reader, slides=True)

    # ── Entries ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _made(
        self,
        name: FeedName,
        title: str,
        subtitle: str,
        page: str,
        entries: Iterable[OutEntry],
        reader: Reader,
        *,
        slides: bool = False,
    ) -> OutFeed:
        whose = f"{reader.id}:" if name.is_private or name.kind == "front" else ""
        return OutFeed(
            id=self._urn(f"feed:{whose}{name.whole}"),
            name=name,
            title=f"{one_line(title)} · Firsthand",
            subtitle=subtitle,
            page=page,
            entries=tuple(entries),
            slides=slides,
        )

    def _of_articles(self, rows: Sequence[Headline]) -> list[OutEntry]:
        texts = self._store.out.texts([one.id for one in rows])
        return [self._of_article(one, texts.get(one.id)) for one in rows]

    def _of_article(self, one: Headline, text: Text | None) -> OutEntry:
        article = text.article if text else Article(headline=one.headline, summary=one.summary or None)
        out = leaving(article, one.summary)
        return OutEntry(
            id=self._urn(f"article:{one.id}"),
            title=one.headline,
            summary=out.excerpt,
            url=one.url or None,
            page=f"/articles/{one.id}",
            published=min(one.sort_at, one.seen),
            updated=_changed(one, text),
            outlet=one.outlet.name,
            authors=one.byline,
            categories=one.section,
            language=article.language,
            rights=out.rights,
            text=article if out.whole and article.text else None,
        )

    def _of_story(self, head: StoryHead, one: Headline, text: Text | None) -> OutEntry:
        """A story with its origin mark: in dots in the title, in words at the head of the summary."""
        entry = self._of_article(one, text)
        lead = excerpt(head.lead) or entry.summary
        return OutEntry(
            id=self._urn(f"story:{head.id}"),
            title=_titled(head),
            summary=f"{head.mark.words}. {lead}".strip(),
            url=entry.url,
            page=f"/stories/{head.id}",
            published=min(head.first_seen, head.changed),
            updated=max(head.changed, head.first_seen),
            outlet=head.outlet,
            authors=entry.authors,
            categories=(head.section,) if head.section else (),
            language=entry.language,
            rights=entry.rights,
        )

    def _of_person(self, one: Headline, said: Sequence[Said], text: Text | None, cues: Cues) -> OutEntry:
        """What a person said in one article; of a text that may not leave, an excerpt."""
        entry = self._of_article(one, text)
        words = " — ".join(in_words(each, cues.get((each.article_id, each.number))) for each in said)
        return OutEntry(
            id=self._urn(f"said:{said[0].person_id}:{one.id}"),
            title=f"{said[0].speaker}, in {one.outlet.name}: {one.headline}",
            summary=words if entry.text else excerpt(words),
            url=entry.url,
            page=entry.page,
            published=entry.published,
            updated=entry.updated,
            outlet=entry.outlet,
            authors=entry.authors,
            categories=entry.categories,
            language=entry.language,
            rights=entry.rights,
        )

    def _urn(self, what: str) -> str:
        """A name for ever (RFC 4287 §4.2.6), whatever address this house moves to: a UUID out of its own secret."""
        self._secret = self._secret or self._store.secret("out")
        digest = hmac.new(self._secret, what.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        return f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=5)}"


def _changed(one: Headline, text: Text | None) -> datetime:
    """When an article last changed: a first version is how it came, a later one an edit."""
    moments = [one.seen, one.sort_at, one.corrected, one.removed]
    if text is not None and text.number > 1:
        moments.append(text.seen)
    return max(moment for moment in moments if moment is not None)


def _titled(head: StoryHead) -> str:
    return f"{head.title} {head.mark.dots}".strip() if head.articles > 1 else head.title
