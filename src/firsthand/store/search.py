"""The search index, whichever database keeps it, and the snippets that show why an article was found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace as replace_fields
from typing import Any

from sqlalchemy import Connection, select

from firsthand.model.records import SearchQuery
from firsthand.model.text import clean
from firsthand.store import schema as s
from firsthand.store.database import Database

HIT_START, HIT_END = "\ue000", "\ue001"
"""Marks around hits in a snippet: private-use characters, which no stored text holds."""
SNIPPET = 220
"""Characters of a snippet, about three lines."""
_MARKS = str.maketrans("", "", HIT_START + HIT_END)


def text_row(article_id: int, headline: str, byline: Iterable[str], body: str) -> dict[str, Any]:
    """A row of `texts`."""
    parts = {"headline": headline, "byline": ", ".join(byline), "body": body}
    return {"article_id": article_id, **{name: clean(part).translate(_MARKS) for name, part in parts.items()}}


def add(db: Database, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Make articles findable that were not."""
    connection.execute(s.texts.insert(), rows)
    db.own.add_texts(connection, rows)


def replace(db: Database, connection: Connection, row: dict[str, Any]) -> None:
    """Make an article findable by what it says now, not by what it said before."""
    held = connection.execute(select(s.texts).where(s.texts.c.article_id == row["article_id"])).one_or_none()
    if held is not None:
        if held._asdict() == row:
            return
        remove(db, connection, row["article_id"])
    add(db, connection, [row])


def remove(db: Database, connection: Connection, article_id: int) -> None:
    """Make an article no longer findable."""
    held = connection.execute(select(s.texts).where(s.texts.c.article_id == article_id)).one_or_none()
    if held is not None:
        db.own.remove_texts(connection, [held._asdict()])
        connection.execute(s.texts.delete().where(s.texts.c.article_id == article_id))


def cleaned(query: SearchQuery) -> SearchQuery:
    """A query without what no stored text holds, and no database takes."""
    return replace_fields(
        query,
        words=tuple(map(clean, query.words)),
        phrases=tuple(map(clean, query.phrases)),
        excluded=tuple(map(clean, query.excluded)),
        outlet=clean(query.outlet) if query.outlet else None,
        by=clean(query.by) if query.by else None,
        section=clean(query.section) if query.section else None,
    )


def snippet(query: SearchQuery, body: str) -> str:
    """Words of the body around the first hit, hits marked; the beginning where only the headline was hit.

    The same folding as the index, so that what found the article is what is marked.
    """
    terms = [re.findall(r"[^\W_]+", _fold(term)) for term in (*query.phrases, *query.words)]
    pattern = "|".join(r"[\W_]+".join(map(re.escape, words)) for words in terms if words)
    folded, places = _folded_with_places(body)
    hits = list(re.finditer(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", folded)) if pattern else []
    spans = [(places[hit.start()], places[hit.end() - 1] + 1) for hit in hits]
    start = _word_start(body, max(0, spans[0][0] - SNIPPET // 3)) if spans else 0
    end = _word_end(body, start + SNIPPET)
    out, at = ["…" if start else ""], start
    for begin, stop in spans:
        if at <= begin and stop <= end:
            out += [body[at:begin], HIT_START, body[begin:stop], HIT_END]
            at = stop
    out += [body[at:end], "…" if end < len(body) else ""]
    return re.sub(r"\s+", " ", "".join(out)).strip()


def _fold(text: str) -> str:
    return _folded_with_places(text)[0]


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """Text in lower case without diacritics, and for each of its characters the place in `text` it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = letter if letter.isascii() else unicodedata.normalize("NFKD", letter)
        for part in plain.casefold():
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    return "".join(letters), places


def _word_start(text: str, at: int) -> int:
    """The start of the next word from `at` on, if one is near."""
    space = text.find(" ", at, at + 30) if at else -1
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    """The end of the word before `at`, if one is near."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - 30, at)
    return space if space >= 0 else at
