"""`column IN (…)` with one parameter for all numbers. A parameter each costs as much as the look-up (measured)."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, cast, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


def among(column: ColumnElement[int], numbers: Collection[int]) -> ColumnElement[bool]:
    """Whether a column holds one of these, however many they are."""
    each = _Each(json.dumps(list(numbers))).table_valued("value")
    return column.in_(select(cast(each.c.value, column.type)))


class _Each(GenericFunction[Any]):
    """The numbers of a JSON array, a row each, in a column named value."""

    name = "json_each"
    inherit_cache = True


@compiles(_Each, "postgresql")
def _each_of_postgres(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    (given,) = element.clauses
    return f"json_array_elements_text(CAST({compiler.process(given, **options)} AS JSON))"
