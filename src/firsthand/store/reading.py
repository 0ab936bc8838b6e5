"""What reading a page brings: a version of the article, and sometimes the news that two articles are one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from firsthand.model.article import Article, OutletName
from firsthand.model.errors import NotFound
from firsthand.model.jsonform import article_from_json, article_to_json
from firsthand.model.records import ChangeKind, Reading, ReadState
from firsthand.model.text import clean
from firsthand.model.when import Precision
from firsthand.store import changes, search, sections
from firsthand.store import schema as s
from firsthand.store.database import Database
from firsthand.store.outlets import learn_name, outlet_of_page


def outlet_name(name: str | None, domain: str) -> OutletName:
    """An outlet as far as an address tells."""
    return OutletName(name, domain)


def resolve(connection: Connection, article_id: int) -> int:
    """The id under which an article stands now, after it was folded into another."""
    return connection.scalar(select(s.redirects.c.article_id).where(s.redirects.c.old_id == article_id)) or article_id


def save(db: Database, connection: Connection, result: Reading) -> int:
    """Keep a reading, in the caller's transaction. Raises NotFound."""
    article_id = resolve(connection, result.article_id)
    if result.keys:
        article_id = _claim_keys(db, connection, article_id, result.keys, result.at)
    row = connection.execute(select(s.articles).where(s.articles.c.id == article_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no article {result.article_id}.")
    if result.article is not None:
        _save_whole(db, connection, row, result, result.article)
    elif result.stands:
        _save_standing(connection, row, result)
    elif result.retry_at is not None:
        values = {"attempts": row.attempts + 1, "page_due": result.retry_at, "problem": _problem(row, result)}
        connection.execute(_this(row.id).values(values | {"hurried": False}))
    else:
        state = row.state if row.version else ReadState.SUMMARY.value
        connection.execute(
            _this(row.id).values(state=state, problem=_problem(row, result), page_due=None, hurried=False)
        )
        if state != row.state:
            changes.append(connection, result.at, ChangeKind.ARTICLE_READ, article_ids=[row.id])
    return article_id


def _problem(row: Row[Any], result: Reading) -> str | None:
    """A failure to read an article again is no problem of the article that we hold."""
    return None if row.version else result.problem


def _save_standing(connection: Connection, row: Row[Any], result: Reading) -> None:
    """Read again, to no avail or to find nothing new: all that changes is when to come again, and what is known gone."""
    connection.execute(_this(row.id).values(_of_page(result) | {"attempts": result.attempts}))
    if result.removed and not row.removed:
        changes.append(connection, result.at, ChangeKind.ARTICLE_REMOVED, article_ids=[row.id])


def _of_page(result: Reading) -> dict[str, Any]:
    """What every reading of a page that is held leaves: when it is due again, and how the page stands."""
    return {
        "page_due": None,
        "hurried": False,
        "page_etag": result.etag,
        "page_last_modified": result.last_modified,
        "reread_due": result.reread_at,
        "missing": result.missing,
        "removed": result.removed,
    }


def _save_whole(db: Database, connection: Connection, row: Row[Any], result: Reading, article: Article) -> None:
    digest, at = _digest(article), result.at
    held = connection.scalar(
        select(s.versions.c.digest).where(s.versions.c.article_id == row.id, s.versions.c.number == row.version)
    )
    number = row.version if held == digest else row.version + 1
    if held != digest:
        connection.execute(
            s.versions.insert().values(
                article_id=row.id, number=number, seen=at, digest=digest, article=article_to_json(article)
            )
        )
    values = _whole_values(row, article) | _of_page(result) | {"version": number}
    corrected = result.corrected and row.version > 0 and held != digest
    if corrected:
        values["corrected"] = at
    outlet_id = outlet_of_page(connection, row.outlet_id, row.url, article.outlet)
    if outlet_id != row.outlet_id:
        values |= {"outlet_id": outlet_id, "url": article.url}
    learn_name(connection, outlet_id, article.outlet)
    connection.execute(_this(row.id).values(values))
    if values["sort_at"] != row.sort_at:
        connection.execute(
            update(s.placements).where(s.placements.c.article_id == row.id).values(sort_at=values["sort_at"])
        )
    sections.count(db, connection, row.section_slug, values["section_slug"], article.section)
    search.replace(db, connection, search.entry({**row._mapping, **values}, search.said(article)), row.sort_at)
    if row.state != ReadState.WHOLE.value:
        changes.append(connection, at, ChangeKind.ARTICLE_READ, article_ids=[row.id])
    elif held != digest:
        changes.append(connection, at, ChangeKind.ARTICLE_VERSION, article_ids=[row.id])
        if corrected:
            changes.append(connection, at, ChangeKind.ARTICLE_CORRECTED, article_ids=[row.id])


def _whole_values(row: Row[Any], article: Article) -> dict[str, Any]:
    sort_at, published = row.sort_at, row.published
    # Read again, it stays where it stood: outlets set the time of publication anew with every edit.
    if article.published is not None and not (row.version and published):
        published = article.published.isoformat()
        # A bare day that agrees with the feed is no better than the time that the feed gave.
        agrees = abs((article.published.instant() - row.sort_at).days) <= 1
        if article.published.precision is not Precision.DAY or not agrees:
            sort_at = min(article.published.instant(), row.seen)
    return {
        "url": row.url or article.canonical_url or "",
        "headline": clean(article.headline or "") or row.headline,
        "summary": clean(article.summary or "") or row.summary,
        "byline": list(article.byline) or row.byline,
        "agency": article.agency,
        "section": list(article.section),
        "section_slug": sections.slug_of(article.section),
        "published": published,
        "sort_at": sort_at,
        "image": article.image or row.image,
        "state": ReadState.WHOLE.value,
        "problem": None,
        "attempts": 0,
    }


def _digest(article: Article) -> str:
    """Changes when the outlet edits headline or text; a changed picture or menu makes no new version."""
    said = f"{article.headline or ''}\x00{article.text}"
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# ── Two articles that turn out to be one ─────────────────────────────────────────────────────────────────────────────


def _claim_keys(db: Database, connection: Connection, article_id: int, keys: Iterable[str], at: datetime) -> int:
    """Make these keys the article's own. Where another article holds one, both become the older of them."""
    wanted = list(dict.fromkeys(s.key_of(key) for key in keys))
    held = {
        row.key: row.article_id
        for row in connection.execute(select(s.article_keys).where(s.article_keys.c.key.in_(wanted)))
    }
    survivor: int = min([article_id, *held.values()])
    for loser in sorted({article_id, *held.values()} - {survivor}):
        _fold(db, connection, loser, survivor, at)
    missing = [{"key": key, "article_id": survivor} for key in wanted if key not in held]
    if missing:
        connection.execute(s.article_keys.insert(), missing)
    return survivor


def _fold(db: Database, connection: Connection, loser: int, survivor: int, at: datetime) -> None:
    """Everything of one article becomes the other's; nothing that a reader marked is lost."""
    old = connection.execute(select(s.articles).where(s.articles.c.id == loser)).one()
    kept = connection.execute(select(s.articles).where(s.articles.c.id == survivor)).one()
    for table in (s.article_keys, s.items, s.redirects):
        connection.execute(update(table).where(table.c.article_id == loser).values(article_id=survivor))
    placed = select(s.placements.c.feed_id).where(s.placements.c.article_id == survivor)
    connection.execute(
        update(s.placements)
        .where(s.placements.c.article_id == loser, s.placements.c.feed_id.not_in(placed))
        .values(article_id=survivor, sort_at=kept.sort_at)
    )
    connection.execute(delete(s.placements).where(s.placements.c.article_id == loser))
    _fold_marks(db, connection, loser, survivor)
    search.remove(db, connection, loser, old.sort_at)
    if old.version:
        _merge_versions(db, connection, old, kept, at)
    else:
        sections.count(db, connection, old.section_slug, None, ())
    of = select(s.story_articles.c.story_id).where(s.story_articles.c.article_id == loser).scalar_subquery()
    connection.execute(update(s.stories).where(s.stories.c.id == of).values(stale=True))
    connection.execute(delete(s.articles).where(s.articles.c.id == loser))
    connection.execute(s.redirects.insert().values(old_id=loser, article_id=survivor))


def _merge_versions(db: Database, connection: Connection, old: Row[Any], kept: Row[Any], at: datetime) -> None:
    """The versions of both in the order they were seen; what the newest of them says is what the article says."""
    v = s.versions.c
    both = v.article_id.in_((old.id, kept.id))
    query = select(s.versions).where(both).order_by(v.seen, v.article_id == kept.id, v.number)
    rows = [row._mapping for row in connection.execute(query)]
    different = [
        row for before, row in zip([None, *rows], rows, strict=False) if not before or before["digest"] != row["digest"]
    ]
    connection.execute(delete(s.versions).where(both))
    merged = [{**row, "article_id": kept.id, "number": number} for number, row in enumerate(different, 1)]
    connection.execute(s.versions.insert(), merged)
    if different[-1]["article_id"] == old.id:
        _take_over(db, connection, old, kept, article_from_json(merged[-1]["article"]))
    else:
        sections.count(db, connection, old.section_slug, None, ())
    corrected = max((one for one in (old.corrected, kept.corrected) if one), default=None)
    connection.execute(_this(kept.id).values(version=len(merged), corrected=corrected))
    if len(merged) != kept.version:
        kind = ChangeKind.ARTICLE_VERSION if kept.version else ChangeKind.ARTICLE_READ
        changes.append(connection, at, kind, article_ids=[kept.id])


def _take_over(db: Database, connection: Connection, old: Row[Any], kept: Row[Any], article: Article) -> None:
    """What was read of the article that goes becomes what was read of the one that stays."""
    content = (
        "outlet_id",
        "url",
        "headline",
        "summary",
        "byline",
        "agency",
        "section",
        "section_slug",
        "published",
        "image",
    )
    progress = ("state", "problem", "page_due", "hurried", "attempts")
    page = ("page_etag", "page_last_modified", "reread_due", "missing", "removed")
    values = {name: getattr(old, name) for name in (*content, *progress, *page)} | {
        "sort_at": min(old.sort_at, kept.seen)
    }
    connection.execute(_this(kept.id).values(values))
    connection.execute(
        update(s.placements).where(s.placements.c.article_id == kept.id).values(sort_at=values["sort_at"])
    )
    sections.count(db, connection, kept.section_slug, None, ())
    search.replace(db, connection, search.entry({**kept._mapping, **values}, search.said(article)), kept.sort_at)


def _fold_marks(db: Database, connection: Connection, loser: int, survivor: int) -> None:
    """Read or saved under either, read or saved under the one that stays."""
    for mark in connection.execute(select(s.marks).where(s.marks.c.article_id == loser)).all():
        insert = db.insert_or(s.marks).values(
            reader_id=mark.reader_id,
            article_id=survivor,
            read=mark.read,
            read_at=mark.read_at,
            saved_at=mark.saved_at,
        )
        both_read = or_(s.marks.c.read, mark.read) if mark.read is not None else s.marks.c.read
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=[s.marks.c.reader_id, s.marks.c.article_id],
                set_={
                    "read": func.coalesce(both_read, mark.read),
                    "read_at": func.coalesce(s.marks.c.read_at, insert.excluded.read_at),
                    "saved_at": func.coalesce(s.marks.c.saved_at, insert.excluded.saved_at),
                },
            )
        )
    connection.execute(delete(s.marks).where(s.marks.c.article_id == loser))


def _this(article_id: int) -> Any:
    return update(s.articles).where(s.articles.c.id == article_id)
