"""The tables of what belongs together: fingerprints, copies, stories, origins."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table

from firsthand.store.schema.columns import CleanJson, CleanText, Id, Instant, metadata

fingerprints = Table(
    "fingerprints",
    metadata,
    # The upper 32 bits of a fingerprint: what two share by chance is compared word by word anyway.
    Column("fingerprint", Integer, primary_key=True, autoincrement=False),
    # No foreign key: an article that is gone is passed over, and nothing is looked up for every row.
    Column("article_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# See `store.fingerprints`: what came earlier, a third of the size.
fingerprint_packs = Table(
    "fingerprint_packs",
    metadata,
    Column("pack", Integer, primary_key=True, autoincrement=False),
    Column("entries", LargeBinary, nullable=False),
)

copies = Table(
    "copies",
    metadata,
    # `article_id` came later; the match is told from its side.
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("of_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("kind", CleanText, nullable=False),
    Column("kept", Float, nullable=False),
    Column("reused", Float, nullable=False),
    Column("direction", CleanText, nullable=False),
    Column("evidence", CleanText, nullable=False),
    Column("says", CleanText, nullable=False),
    # The span that shows the direction, and in which article's text it stands.
    Column("span_start", Integer),
    Column("span_end", Integer),
    Column("span_in", Id),
    sqlite_with_rowid=False,
)

stories = Table(
    "stories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", CleanText, nullable=False, server_default=""),
    Column("lead", CleanText, nullable=False, server_default=""),
    # The article whose headline it bears.
    Column("article_id", Id),
    Column("section", CleanText),
    Column("section_slug", CleanText),
    Column("image", CleanText),
    Column("first_seen", Instant),
    Column("last_seen", Instant),
    Column("changed", Instant),
    # See `model.stories.rank`: an instant in microseconds, raised by what many know first hand.
    Column("rank", Id, nullable=False, server_default="0"),
    # Kept, not counted.
    Column("articles", Integer, nullable=False, server_default="0"),
    Column("outlets", Integer, nullable=False, server_default="0"),
    Column("at_least", Integer, nullable=False, server_default="0"),
    Column("at_most", Integer, nullable=False, server_default="0"),
    # `model.groupform`
    Column("origins", CleanJson, nullable=False),
    # Something about its articles changed: to be counted anew.
    Column("stale", Boolean, nullable=False, server_default="0"),
    # Merged into another; the old address goes on working.
    Column("into_id", Id),
    # The earlier event that it carries on, and the first of that line.
    Column("follows_id", Id),
    Column("line_id", Id),
    Index("ix_stories_rank", "rank", "id"),
    Index("ix_stories_section", "section_slug", "rank", "id"),
    Index("ix_stories_changed", "changed"),
    Index("ix_stories_line", "line_id"),
    sqlite_autoincrement=True,
)
Index("ix_stories_stale", stories.c.id, sqlite_where=stories.c.stale, postgresql_where=stories.c.stale)

story_articles = Table(
    "story_articles",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("stories.id"), nullable=False, index=True),
    # The article that stands for all that repeat it when stories are compared; itself where it repeats none.
    Column("speaker_id", Id, nullable=False),
    Column("score", Float, nullable=False),
    Column("reason", CleanText, nullable=False),
)

story_terms = Table(
    "story_terms",
    metadata,
    # See `model.storylines.Subject`. No foreign key: what is gone is passed over.
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("story_id", Id, primary_key=True, autoincrement=False, index=True),
    # A name, or a word of headlines.
    Column("name", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
