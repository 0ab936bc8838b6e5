"""The tables of outlets, feeds, articles and readers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, and_, or_

from firsthand.store.schema.columns import CleanJson, CleanText, Id, Instant, metadata

outlets = Table(
    "outlets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("domain", CleanText, nullable=False, unique=True),
    Column("name", CleanText, nullable=False),
    # Name and domain as the search's filter looks for them, see `outlets.folded`.
    Column("folded", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False, server_default=""),
    Column("country", CleanText, nullable=False, server_default=""),
    Column("home", CleanText),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", CleanText, nullable=False, unique=True),
    Column("title", CleanText, nullable=False),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False, index=True),
    Column("site_url", CleanText),
    # The domain that most of its links lead to: they are the outlet's own. "" where there is none (an aggregator).
    Column("own_domain", CleanText),
    Column("format", CleanText),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    # Of the last answer's body: the same body brings nothing new.
    Column("body_digest", CleanText),
    Column("hints", CleanJson, nullable=False),
    Column("interval_seconds", Integer, nullable=False),
    Column("next_poll", Instant, nullable=False, index=True),
    Column("added", Instant, nullable=False),
    Column("last_poll", Instant),
    Column("last_success", Instant),
    Column("last_new", Instant),
    Column("failing_since", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failure", CleanText),
    Column("note", CleanText),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", ForeignKey("outlets.id"), nullable=False),
    Column("url", CleanText, nullable=False),
    Column("headline", CleanText, nullable=False),
    Column("summary", CleanText, nullable=False),
    Column("byline", CleanJson, nullable=False),
    Column("agency", CleanText),
    Column("section", CleanJson, nullable=False),
    Column("section_slug", CleanText),
    # ISO 8601 with just the parts that are known, see `model.when`.
    Column("published", CleanText),
    Column("seen", Instant, nullable=False),
    Column("sort_at", Instant, nullable=False),
    Column("image", CleanText),
    Column("state", CleanText, nullable=False),
    Column("problem", CleanText),
    # What the feed claims, until it is told otherwise.
    Column("item", CleanJson, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # When its page is to be read; NULL: not at all.
    Column("page_due", Instant),
    # A reader waits for it.
    Column("hurried", Boolean, nullable=False, server_default="0"),
    # Number of the newest version; 0: none yet.
    Column("version", Integer, nullable=False, server_default="0"),
    # Number of the version that was analyzed; 0: none yet.
    Column("analyzed", Integer, nullable=False, server_default="0"),
    # Number of the version whose copies and story were looked for; 0: of the summary alone; -1: not yet.
    Column("grouped", Integer, nullable=False, server_default="-1"),
    # The validators of the page as it was last read: it is asked for on condition that it has changed (RFC 9110 §13).
    Column("page_etag", CleanText),
    Column("page_last_modified", CleanText),
    # When what was read is to be read again; NULL: never again.
    Column("reread_due", Instant),
    # Since when the outlet answers that there is no such page; it counts as removed when it has said so twice.
    Column("missing", Instant),
    Column("removed", Instant),
    # When a version last brought a note that corrects the article.
    Column("corrected", Instant),
    Index("ix_articles_outlet", "outlet_id", "sort_at", "id"),
    Index("ix_articles_section", "section_slug", "sort_at", "id"),
    Index("ix_articles_newest", "sort_at", "id"),
    sqlite_autoincrement=True,
)
# The queue of pages: only what is due stands in it, so it stays small however large the store grows.
Index(
    "ix_articles_due",
    articles.c.hurried,
    articles.c.sort_at,
    articles.c.id,
    sqlite_where=articles.c.page_due.is_not(None),
    postgresql_where=articles.c.page_due.is_not(None),
)

Index(
    "ix_articles_unanalyzed",
    articles.c.id,
    sqlite_where=articles.c.version > articles.c.analyzed,
    postgresql_where=articles.c.version > articles.c.analyzed,
)

# All that was read in the last week stands in this queue, so it goes by time, and only its due end is looked at.
Index(
    "ix_articles_reread",
    articles.c.reread_due,
    sqlite_where=articles.c.reread_due.is_not(None),
    postgresql_where=articles.c.reread_due.is_not(None),
)

Index(
    "ix_articles_corrected",
    articles.c.corrected,
    articles.c.id,
    sqlite_where=articles.c.corrected.is_not(None),
    postgresql_where=articles.c.corrected.is_not(None),
)

_UNGROUPED = and_(articles.c.version > articles.c.grouped, or_(articles.c.version > 0, articles.c.page_due.is_(None)))
Index("ix_articles_ungrouped", articles.c.id, sqlite_where=_UNGROUPED, postgresql_where=_UNGROUPED)

article_keys = Table(
    "article_keys",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

redirects = Table(
    "redirects",
    metadata,
    # An article that was found to be another one; its old address goes on working.
    Column("old_id", Id, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
)

items = Table(
    "items",
    metadata,
    Column("feed_id", ForeignKey("feeds.id"), primary_key=True),
    # A digest: feeds give ids of any length.
    Column("item", CleanText, primary_key=True),
    Column("fingerprint", CleanText, nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

placements = Table(
    "placements",
    metadata,
    Column("feed_id", ForeignKey("feeds.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True, index=True),
    Column("sort_at", Instant, nullable=False),
    Index("ix_placements_newest", "feed_id", "sort_at", "article_id"),
    sqlite_with_rowid=False,
)

versions = Table(
    "versions",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("seen", Instant, nullable=False),
    Column("digest", CleanText, nullable=False),
    # `model.jsonform`
    Column("article", CleanJson, nullable=False),
)

sections = Table(
    "sections",
    metadata,
    Column("slug", CleanText, primary_key=True),
    Column("label", CleanText, nullable=False),
    Column("articles", Integer, nullable=False),
)

readers = Table(
    "readers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", CleanText, nullable=False, unique=True),
    Column("password_hash", CleanText),
    Column("zone", CleanText, nullable=False, server_default=""),
    Column("created", Instant),
    # Everything that came up to this article and stands no higher than this time is read, unless marked otherwise.
    Column("read_upto_id", Id, nullable=False, server_default="0"),
    Column("read_upto", Instant),
    # Of what is followed, everything up to this article and this time is read or marked unread. Known, not decreed.
    Column("clear_upto_id", Id, nullable=False, server_default="0"),
    Column("clear_upto", Instant),
    Column("role", CleanText, nullable=False, server_default="reader"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", CleanText, primary_key=True),
    Column("reader_id", ForeignKey("readers.id"), nullable=False, index=True),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    # The browser in words; and when it last asked for something, to ten minutes.
    Column("device", CleanText, nullable=False, server_default=""),
    Column("last_used", Instant),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_login_failures_key_at", "key", "at"),
)

follows = Table(
    "follows",
    metadata,
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("feed_id", ForeignKey("feeds.id"), primary_key=True, index=True),
    Column("folder", CleanText, nullable=False, server_default=""),
    # The reader's own name for it; "" where it keeps the feed's.
    Column("title", CleanText, nullable=False, server_default=""),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)

marks = Table(
    "marks",
    metadata,
    Column("reader_id", ForeignKey("readers.id"), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), primary_key=True, index=True),
    # NULL: as the reader's watermark says.
    Column("read", Boolean),
    Column("read_at", Instant),
    Column("saved_at", Instant),
    Index("ix_marks_saved", "reader_id", "saved_at"),
    Index("ix_marks_read", "reader_id", "read"),
    sqlite_with_rowid=False,
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", CleanText, nullable=False),
    # No foreign keys: a change tells what happened, also to what is no longer there.
    Column("article_id", Id),
    Column("feed_id", Id),
    Column("story_id", Id),
    sqlite_autoincrement=True,
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
