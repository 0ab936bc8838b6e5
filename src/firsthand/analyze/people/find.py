"""The entities of a text, and who a source is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from firsthand.analyze.people.cast import Cast
from firsthand.analyze.people.clusters import cluster, entity_of
from firsthand.analyze.people.names import find_names
from firsthand.analyze.people.tokens import read_page
from firsthand.model.article import Span
from firsthand.model.findings import Entity, Speaker

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["find_entities", "resolve_speaker"]


def _no_outlet(_name: str) -> bool:
    return False


def find_entities(
    text: str, doc: Doc | None, language: str | None, *, outlets: Callable[[str], bool] = _no_outlet
) -> tuple[Entity, ...]:
    """The persons, organizations, outlets and places of a text, in the order of their first mention."""
    page = read_page(text, doc)
    return tuple(entity_of(one) for one in cluster(page, find_names(page, outlets)))


def resolve_speaker(text: str, source: Span | None, entities: Sequence[Entity], doc: Doc | None) -> Speaker | None:
    """Who `source` stands for, by the fullest name; see `Cast` for asking more than once."""
    if source is None or doc is None:
        return None
    return Cast(text, entities, doc).speaker(source)
