"""What is kept for search and how it is asked, whichever database keeps it.

Of each article one row of words is kept: what it says, and beside that marked words for the filters (`outlet=17`,
`section=world`, `by=quist`; for what was found in it see `foundwords`). So every filter but time is a part of the one
question that the index answers, and no list of hits is ever looked through for what a filter leaves. Hits come newest
first, in the order of every other list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, literal, select, tuple_, type_coerce

from firsthand.model.article import Article, BlockKind
from firsthand.model.errors import UsageError
from firsthand.model.records import Cursor, SearchQuery
from firsthand.store import foundwords
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.front import EVER
from firsthand.store.outlets import folded
from firsthand.store.sections import slug_of
from firsthand.store.words import phrases, single_letters, split

BREAK = "="
"""Stands between headline, byline, text and what is kept beside them, so that no phrase is found across."""
MOST = 64
"""Words of a search: longer than any headline that somebody looks for, and answered in a moment."""
Phrase = tuple[str, ...]
"""Words that stand together in this order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of one article. `sort_at` must be the article's: it is the order of the hits."""

    article_id: int
    sort_at: datetime
    words: list[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an article must hold."""

    all_of: tuple[Phrase, ...]
    outlets: tuple[int, ...]
    """Ids; one of them is the article's, unless none are named."""
    none_of: tuple[tuple[Phrase, ...], ...]
    """Of each of these terms, not all phrases."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a list: from `below` (sort_at, article id; exclusive) down to `since` (inclusive), microseconds."""

    below: tuple[int, int]
    since: int


def entry(row: Mapping[str, Any], body: str) -> Entry:
    """What is kept of a row of `articles` and of what it says beside its headline and byline."""
    headline, names = row["headline"], row["byline"]
    words = [outlet_word(row["outlet_id"])]
    if row.get("section_slug"):
        words.append(f"section={row['section_slug']}")
    for name in names:
        words += [BREAK, *(f"by={word}" for word in split(name))]
    words += [f"by={letter}" for letter in single_letters(names)]
    for part in (headline, *names, body):
        words += [BREAK, *split(part)]
    words += [BREAK, *single_letters((headline, *names, body))]
    return Entry(row["id"], row["sort_at"], words)


def outlet_word(outlet_id: int) -> str:
    """The marked word that every article of an outlet holds."""
    return f"outlet={outlet_id}"


def said(article: Article) -> str:
    """All words of an article but its headline and byline: its text, and what stands beside it."""
    beside = [part for block in article.blocks for part in (block.caption, block.alt) if part]
    cells = [
        cell for block in article.blocks if block.kind is BlockKind.TABLE for row in block.rows for cell in row if cell
    ]
    return "\n\n".join([article.text, *beside, *cells])


def add(db: Database, connection: Connection, entries: Iterable[Entry]) -> None:
    """Make articles findable that were not."""
    db.own.add_entries(connection, list(entries))


def replace(db: Database, connection: Connection, new: Entry, was: datetime) -> None:
    """Make an article findable by what it says now. `was`: where it stood before, see `Entry.sort_at`.

    What was found in it stays findable with it, until it is analyzed anew.
    """
    remove(db, connection, new.article_id, was)
    found = foundwords.kept(connection, new.article_id)
    # In front: PostgreSQL finds no phrase beyond a text's first 16,383 words.
    add(db, connection, [Entry(new.article_id, new.sort_at, [*found, *new.words])])


def remove(db: Database, connection: Connection, article_id: int, was: datetime) -> None:
    """Make an article no longer findable. `was`: where it stood, see `Entry.sort_at`."""
    db.own.remove_entry(connection, article_id, was)


def find(db: Database, connection: Connection, query: SearchQuery, before: Cursor | None, limit: int) -> list[int]:
    """Ids of the articles that match all parts of a query, newest first. Raises UsageError where it has too many words."""
    stretch = _stretch(query, before)
    try:
        sought = wanted(connection, query)
    except LookupError:
        return []
    if not (sought.all_of or sought.outlets or sought.none_of):
        return _newest(connection, stretch, limit)
    found: list[int] = db.own.find(connection, sought, stretch, limit)
    return found


def wanted(connection: Connection, query: SearchQuery) -> Wanted:
    """What an article must hold, whenever it came.

    Raises:
        LookupError: nothing can match.
        UsageError: too much is asked.
    """
    all_of = [phrase for term in (*query.words, *query.phrases) for phrase in phrases(term)]
    all_of += [tuple(f"by={word}" for word in phrase) for phrase in phrases(query.by or "")]
    all_of += foundwords.wanted(query)
    none_of = tuple(tuple(parts) for term in query.excluded if (parts := phrases(term)))
    if sum(map(len, [*all_of, *(phrase for parts in none_of for phrase in parts)])) > MOST:
        raise UsageError(f"The search has more than {MOST} words.", "Leave some of them out.")
    if query.section:
        slug = slug_of((query.section,))
        if slug is None:
            raise LookupError(query.section)
        all_of.append((f"section={slug}",))
    return Wanted(
        all_of=tuple(dict.fromkeys(all_of)),
        outlets=_outlets(connection, query.outlet) if query.outlet else (),
        none_of=none_of,
    )


def _outlets(connection: Connection, name: str) -> tuple[int, ...]:
    part = folded(name)
    if not part:
        raise LookupError(name)
    query = select(s.outlets.c.id).where(s.outlets.c.folded.contains(part, autoescape=True))
    found = tuple(connection.scalars(query))
    if not found:
        raise LookupError(name)
    return found


def _stretch(query: SearchQuery, before: Cursor | None) -> Stretch:
    below = (EVER, 0)
    if before:
        below = (s.to_number(before.sort_at), before.article_id)
    if query.before:
        below = min(below, (s.to_number(query.before), 0))
    return Stretch(below, s.to_number(query.after) if query.after else -EVER)


def _newest(connection: Connection, stretch: Stretch, limit: int) -> list[int]:
    """What a query finds that sets times only."""
    a = s.articles.c
    at = type_coerce(a.sort_at, BigInteger)
    query = (
        select(a.id)
        .where(tuple_(at, a.id) < tuple_(literal(stretch.below[0]), literal(stretch.below[1])), at >= stretch.since)
        .order_by(a.sort_at.desc(), a.id.desc())
        .limit(limit)
    )
    return list(connection.scalars(query))
