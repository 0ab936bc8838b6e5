"""Sections: their addresses, and how many articles each has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import Connection, update

from firsthand.model.text import clean
from firsthand.store import schema as s
from firsthand.store.database import Database


def slug_of(section: Sequence[str]) -> str | None:
    """The outermost section as an address part: "Science & Climate" → "science-climate"; None if there is none."""
    if not section:
        return None
    plain = unicodedata.normalize("NFKC", section[0]).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:80] or None


def count(db: Database, connection: Connection, old: str | None, new: str | None, section: Sequence[str]) -> None:
    """Keep the counters when an article goes from one section to another: counted as articles come, never when a page is
    made.

    Args:
        old, new: slugs; None for no section.
        section: what the new one is called.
    """
    if old == new:
        return
    if old:
        counted = update(s.sections).where(s.sections.c.slug == old)
        connection.execute(counted.values(articles=s.sections.c.articles - 1))
    if new:
        insert = db.insert_or(s.sections).values(slug=new, label=clean(section[0]), articles=1)
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=[s.sections.c.slug], set_={"articles": s.sections.c.articles + 1}
            )
        )
