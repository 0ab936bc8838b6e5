"""The entities of a text, and who a source is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from firsthand.analyze.people import foreign
from firsthand.analyze.people.cast import Cast
from firsthand.analyze.people.clusters import cluster, entity_of
from firsthand.analyze.people.names import find_names
from firsthand.analyze.people.tokens import read_page
from firsthand.model.article import Span
from firsthand.model.findings import Entity, EntityKind, Speaker, SpeakerKind

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["find_entities", "resolve_speaker"]


def _no_outlet(_name: str) -> bool:
    return False


def find_entities(
    text: str, doc: Doc | None, language: str | None, *, outlets: Callable[[str], bool] = _no_outlet
) -> tuple[Entity, ...]:
    """The persons, organizations, outlets and places of a text, in the order of their first mention.

    Args:
        doc: the parse of an English text; without it English is read by its capitals and tables alone.
        outlets: whether a name is an outlet's, as the gazetteer knows it.
    """
    tongue = (language or "").lower().split("-")[0]
    if tongue == "en":
        page = read_page(text, doc)
        return tuple(entity_of(one) for one in cluster(page, find_names(page, outlets)))
    if tongue not in foreign.LANGUAGES:
        return ()
    page, words = read_page(text), foreign.tongue(tongue)
    names = foreign.find_names(page, words, outlets)
    return tuple(entity_of(one) for one in cluster(page, names, lambda page, name: foreign.roles_of(page, name, words)))


def resolve_speaker(text: str, source: Span | None, entities: Sequence[Entity], doc: Doc | None) -> Speaker | None:
    """Who `source` stands for, by the fullest name; see `Cast` for asking more than once.

    Without a parse only the name that stands in the source itself tells.
    """
    if source is None:
        return None
    return Cast(text, entities, doc).speaker(source) if doc is not None else _named_in(source, entities)


def _named_in(source: Span, entities: Sequence[Entity]) -> Speaker | None:
    for index, one in enumerate(entities):
        if one.kind is not EntityKind.PLACE and any(
            source.start <= at.start and at.end <= source.end for at in one.mentions
        ):
            role = max((role.text for role in one.roles), key=len, default=None)
            return Speaker(one.name, SpeakerKind(one.kind.value), role, index)
    return None
