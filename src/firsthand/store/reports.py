"""Finding the very reports that articles name: by their addresses, and by outlet among what belongs together.

Each question is bounded by what it is asked for (a page's articles and the outlets that they name), not by what is held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from firsthand.model.grouping import ArticleKey, CopyMatch
from firsthand.model.jsonform import article_from_json
from firsthand.model.records import Outlet
from firsthand.model.reports import Near, Report
from firsthand.model.when import When
from firsthand.store import copies
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.outlets import COLUMNS as OUTLET
from firsthand.store.outlets import folded, registrable, to_outlet

MOST = 400
"""Reports looked at for one page; a story that has more of the outlets named tells nothing of which one is meant."""
_A = s.articles.c
_REPORT = (_A.id, _A.outlet_id, _A.published, _A.sort_at, *OUTLET)


class Reports:
    """Looking for reports that are named."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def at(self, keys: Iterable[str]) -> dict[str, Report]:
        """The articles held under these keys of addresses (`model.urls.url_key`)."""
        by_key = {s.key_of(key): key for key in keys}
        k = s.article_keys.c
        query = _reports().add_columns(k.key).join(s.article_keys, k.article_id == _A.id).where(k.key.in_(by_key))
        with self._db.read() as connection:
            return {by_key[row.key]: _report(row) for row in connection.execute(query)} if by_key else {}

    def of(self, article_ids: Collection[int]) -> dict[int, Report]:
        """These articles."""
        with self._db.read() as connection:
            return _load(connection, article_ids)

    def outlets(self, names: Iterable[str], domains: Iterable[str]) -> list[Outlet]:
        """The outlets with one of these names, an article before it or not, or one of these domains."""
        o = s.outlets.c
        hosts = {host for domain in domains for host in (domain, registrable(domain))}
        # Few thousand rows, and no column of the name alone: looked through, in a millisecond.
        named = {
            form for name in names if (bare := folded(name).removeprefix("the ")) for form in (bare, f"the {bare}")
        }
        same = [o.folded.startswith(f"{name}\n", autoescape=True) for name in sorted(named)]
        query = select(o.id.label("outlet_id"), *OUTLET).where(or_(o.domain.in_(hosts), *same))
        with self._db.read() as connection:
            return [to_outlet(row) for row in connection.execute(query)] if hosts or named else []

    def near(self, article_ids: Collection[int], outlet_ids: Collection[int]) -> list[Near]:
        """What these outlets published of the same stories as these articles, and all with text in common with them."""
        if not article_ids:
            return []
        with self._db.read() as connection:
            found = list(_of_stories(connection, article_ids, outlet_ids)) if outlet_ids else []
            return found + list(_copies(connection, article_ids))

    def texts(self, article_ids: Collection[int]) -> dict[int, str]:
        """Headline and text of the newest versions of these articles, of those that were read whole."""
        newest = (s.versions.c.article_id == _A.id) & (s.versions.c.number == _A.version)
        query = select(_A.id, s.versions.c.article).join(s.versions, newest).where(_A.id.in_(article_ids))
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return {row.id: _text(row.article) for row in rows}


def _of_stories(connection: Connection, article_ids: Collection[int], outlet_ids: Collection[int]) -> Iterator[Near]:
    mine, other = s.story_articles.alias("mine"), s.story_articles.alias("other")
    query = (
        _reports()
        .add_columns(mine.c.article_id.label("of"))
        .join(other, other.c.article_id == _A.id)
        .join(mine, (mine.c.story_id == other.c.story_id) & (mine.c.article_id != other.c.article_id))
        .where(mine.c.article_id.in_(article_ids), _A.outlet_id.in_(outlet_ids))
        .order_by(_A.sort_at, _A.id)
        .limit(MOST)
    )
    for row in connection.execute(query):
        yield Near(of=row.of, report=_report(row), same_story=True)


def _text(form: Any) -> str:
    article = article_from_json(form)
    return f"{article.text}\n{article.headline or ''}"  # the headline last: spans index into the text


def _copies(connection: Connection, article_ids: Collection[int]) -> Iterator[Near]:
    matches = copies.beside(connection, article_ids, MOST)
    sides = [(int(one), int(other), match) for match in matches for one, other in _sides(match)]
    held = _load(connection, {other for one, other, _ in sides if one in article_ids})
    for one, other, match in sides:
        if one in article_ids and other in held:
            yield Near(of=one, report=held[other], copy=match)


def _sides(match: CopyMatch) -> tuple[tuple[ArticleKey, ArticleKey], ...]:
    return (match.article, match.of), (match.of, match.article)


def _load(connection: Connection, article_ids: Collection[int]) -> dict[int, Report]:
    query = _reports().where(_A.id.in_(article_ids))
    return {row.id: _report(row) for row in connection.execute(query)} if article_ids else {}


def _reports() -> Select[Any]:
    return select(*_REPORT).select_from(s.articles).join(s.outlets, s.outlets.c.id == _A.outlet_id)


def _report(row: Row[Any]) -> Report:
    published = When.fromisoformat(row.published) if row.published else None
    return Report(article_id=row.id, outlet=to_outlet(row), published=published, sort_at=row.sort_at)
