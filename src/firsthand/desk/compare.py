"""What a copy cut and what an outlet changed: two articles, or two versions of one, beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from firsthand.desk.compared import Comparison, Told, compare_texts, said, still_says
from firsthand.desk.pages import Shell
from firsthand.extract.corrections import find_corrections
from firsthand.model.article import Article
from firsthand.model.errors import NotFound
from firsthand.model.grouping import CopyKind
from firsthand.model.records import Headline, HeldArticle, Reader, Version
from firsthand.model.when import When

if TYPE_CHECKING:
    from firsthand.store import Store

VERSIONS: Final = 20
"""Versions on one page, each compared with the one before it."""
CARRIERS: Final = 40
"""Copies that are looked at for the old words."""
LARGEST: Final = 600_000
"""Characters of all texts that one page compares; beyond, what changed is not told in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two texts."""

    article_id: int
    outlet: str
    article: Article
    seen: datetime
    number: int | None = None
    """The version's number where two versions are compared."""

    @property
    def published(self) -> When | None:
        return self.article.published


@dataclass(frozen=True, slots=True)
class Carrier:
    """A copy that still has words that were changed since."""

    headline: Headline
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    shell: Shell
    before: Side
    after: Side
    comparison: Comparison
    newest: int = 0
    """Number of the newest version."""
    carriers: tuple[Carrier, ...] = ()
    """Copies of what was changed that still have the old words."""

    @property
    def versions(self) -> bool:
        """Whether these are two versions of one article."""
        return self.before.number is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEntry:
    """One version in the list, with what it changed."""

    number: int
    seen: datetime
    words: str
    """What changed since the version before, in words; "" for the first, and where nothing that is compared did."""
    told: tuple[Told, ...] = ()
    notes: tuple[str, ...] = ()
    """Notes of correction that it brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    shell: Shell
    held: HeldArticle
    entries: tuple[VersionEntry, ...]
    """The newest first."""
    older: int | None
    """The number below which the next page starts; None at the end."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """An article that its outlet corrected, with the note in the outlet's words; "" where it is no longer there."""

    headline: Headline
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An article of a story that its outlet changed, as the story tells of it."""

    headline: Headline
    at: datetime
    number: int
    """The version that brought the change."""
    words: str
    told: tuple[Told, ...]
    notes: tuple[str, ...]
    carriers: tuple[Carrier, ...]
    """Copies that still have the old words."""


class Compare:
    """Comparing what is held."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def articles(self, reader: Reader, first: int, second: int, shell: Shell) -> ComparePage:
        """Two articles as they stand now. Raises NotFound."""
        before, after = self._newest(reader, first), self._newest(reader, second)
        comparison = compare_texts(_text(before.article), _text(after.article))
        return ComparePage(shell=shell, before=before, after=after, comparison=comparison)

    def changes(
        self, reader: Reader, article_id: int, shell: Shell, *, since: int | None = None, until: int | None = None
    ) -> ComparePage:
        """Two versions of one article; the two newest unless told otherwise.

        Raises:
            NotFound: no such article or version, or it has only one.
        """
        held = self._store.articles.get(reader.id, article_id)
        numbers = [number for number, _ in held.versions]
        if len(numbers) < 2:
            raise NotFound("This article has not changed since it was first read.", "Read it as it stands.")
        last = until if until is not None else numbers[-1]
        first = since if since is not None else max(1, last - 1)
        before, after = (self._version(held, number) for number in sorted((first, last)))
        comparison = compare_texts(said(before.article), said(after.article))
        carriers = self._carriers(reader, held.id, comparison.told) if last == numbers[-1] else ()
        return ComparePage(
            shell=shell, before=before, after=after, comparison=comparison, carriers=carriers, newest=numbers[-1]
        )

    def versions(self, reader: Reader, article_id: int, shell: Shell, *, before: int | None = None) -> VersionsPage:
        """The versions of one article, the newest first, with what each changed. Raises NotFound."""
        held = self._store.articles.get(reader.id, article_id)
        numbers = [number for number, _ in held.versions if before is None or number < before]
        texts = [self._store.articles.version(held.id, number) for number in numbers[-VERSIONS - 1 :]]
        small = sum(len(one.article.text) for one in texts) <= LARGEST
        entries = [_entry(new, old, small) for old, new in zip([None, *texts], texts, strict=False)]
        older = entries[1].number if len(entries) > VERSIONS else None
        return VersionsPage(shell=shell, held=held, entries=tuple(reversed(entries[-VERSIONS:])), older=older)

    def changed(self, reader: Reader, article_ids: Sequence[int], limit: int = 5) -> tuple[Changed, ...]:
        """Of these articles, say those of a story, what changed last: at what time, how, and who has not followed."""
        rows = self._store.articles.changed(article_ids, limit)
        heads = {one.id: one for one in self._store.articles.listed(reader.id, [key for key, _, _ in rows])}
        found = []
        for key, number, seen in rows:
            new, old = (self._store.articles.version(key, one) for one in (number, number - 1))
            entry = _entry(new, old, len(new.article.text) + len(old.article.text) <= LARGEST)
            found.append(
                Changed(
                    headline=heads[key],
                    at=seen,
                    number=number,
                    words=entry.words,
                    told=entry.told,
                    notes=entry.notes,
                    carriers=self._carriers(reader, key, entry.told),
                )
            )
        return tuple(found)

    def corrections_since(
        self, reader: Reader, since: datetime, limit: int = 30, *, followed: bool = True
    ) -> list[Corrected]:
        """What outlets corrected since an instant, the latest first.

        Args:
            followed: only what the reader's feeds brought.
        """
        rows = self._store.articles.corrected(reader.id, since, limit, followed=followed)
        return [Corrected(row, row.corrected, self._note(row.id)) for row in rows if row.corrected]

    def _note(self, article_id: int) -> str:
        article = self._store.articles.newest(article_id)
        notes = correction_notes(article) if article else ()
        return notes[-1] if notes else ""

    def _carriers(self, reader: Reader, article_id: int, told: tuple[Told, ...]) -> tuple[Carrier, ...]:
        """Copies of an article that still have the words that it changed."""
        if not told:
            return ()
        matches = [one for one in self._store.copies.of(article_id) if one.kind is not CopyKind.QUOTES]
        ids = sorted({int(key) for one in matches for key in (one.article, one.of)} - {article_id})[-CARRIERS:]
        old: dict[int, tuple[Told, ...]] = {}
        for key in ids:
            article = self._store.articles.newest(key)
            if article and (kept := tuple(one for one in told if still_says(said(article), one))):
                old[key] = kept
        heads = self._store.articles.listed(reader.id, list(old)) if old else []
        return tuple(Carrier(head, old[head.id]) for head in heads)

    def _newest(self, reader: Reader, article_id: int) -> Side:
        held = self._store.articles.get(reader.id, article_id)
        return Side(article_id=held.id, outlet=held.outlet.name, article=held.article, seen=held.seen)

    def _version(self, held: HeldArticle, number: int) -> Side:
        version = self._store.articles.version(held.id, number)
        return Side(
            article_id=held.id,
            outlet=held.outlet.name,
            article=version.article,
            seen=version.seen,
            number=version.number,
        )


def correction_notes(article: Article) -> tuple[str, ...]:
    """The notes by which an outlet corrects an article, in its own words."""
    spans = [note.span for note in find_corrections(article.text)]
    return tuple(" ".join(article.text[span.start : span.end].split()) for span in spans)


def _text(article: Article) -> str:
    """What an article says, as far as it was read; every outlet writes a headline of its own."""
    return article.text or article.summary or ""


def _entry(version: Version, before: Version | None, compare: bool) -> VersionEntry:
    if before is None or not compare:
        return VersionEntry(number=version.number, seen=version.seen, words="")
    comparison = compare_texts(said(before.article), said(version.article))
    known = set(correction_notes(before.article))
    return VersionEntry(
        number=version.number,
        seen=version.seen,
        words=comparison.words,
        told=comparison.told[:3],
        notes=tuple(note for note in correction_notes(version.article) if note not in known),
    )
