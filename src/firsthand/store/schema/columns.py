"""What the tables are made of: the types of their columns, their keys, and the one `metadata` that holds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, BindParameter, Dialect, Integer, MetaData, Text, TypeDecorator, bindparam

from firsthand.model.text import clean

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_number(at: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (at - EPOCH) // MICROSECOND


LONGEST_KEY = 1000
"""Characters of a text that an index holds; PostgreSQL takes 2,704 bytes a row of a B-tree."""


def key_of(text: str) -> str:
    """A key as it is held: a very long one by its beginning and a digest."""
    text = clean(text)
    if len(text) <= LONGEST_KEY:
        return text
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{text[: LONGEST_KEY - 40]}#{digest}"


class Instant(TypeDecorator[datetime]):
    """An aware datetime as whole microseconds since 1970 UTC: sorts and compares the same in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else to_number(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return _number  # the same, without three calls around it for every value of every row

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class CleanText(TypeDecorator[str]):
    """Text without what a database cannot hold (NUL, lone surrogates). Here, so that no way in is forgotten."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return clean(value) if value else value

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        return cleaned


def fixed(word: str) -> BindParameter[str]:
    """A word that stands in the statement itself, and not beside it. An index of some rows only is taken by SQLite where the
    statement says of its rows the very same that the index says ("Partial Indexes", §3), and else it looks at all of them."""
    return bindparam(None, word, type_=Text, literal_execute=True)


class CleanJson(TypeDecorator[Any]):
    """JSON whose texts are clean."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return _cleaned(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _clean_json


def _number(value: datetime | None) -> int | None:
    return None if value is None else (value - EPOCH) // MICROSECOND


def cleaned(value: str | None) -> str | None:
    """What `CleanText` makes of a value."""
    return value if value is None or value.isprintable() else clean(value)


def _clean_json(value: Any) -> str | None:
    """JSON in the letters of its language, not in escapes: a third of the size for most of the world."""
    if not value:
        return None if value is None else _to_json(value) if value != [] else "[]"  # most lists are empty
    text = _to_json(value)
    # What is escaped (\u00…) or cannot be printed may hide what is not clean; nearly nothing does.
    return text if text.isprintable() and "\\u00" not in text else _to_json(_cleaned(value))


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {clean(name): _cleaned(part) for name, part in value.items()}
    return value


# SQLite's own row numbers are INTEGER PRIMARY KEY only; PostgreSQL should count further than 2^31.
Id = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
