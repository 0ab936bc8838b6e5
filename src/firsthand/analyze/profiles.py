"""The steps, in order. What a language has no rules or model for is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firsthand.analyze.statements.relation import Relation
from firsthand.analyze.steps import Found, Step, in_order
from firsthand.model.article import Article, Span
from firsthand.model.findings import Chain, DateMention, Dispute, Entity, Speaker, SpeakerKind, Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc

LONGEST_NAME = 80
"""Characters of a source that stands for its speaker where no name does."""


@dataclass(frozen=True, slots=True)
class Parse:
    """An English text, parsed."""

    doc: Doc


def _parse(article: Article, _: Found) -> Iterable[Parse]:
    from firsthand.analyze.parse import is_english, parse

    return (Parse(parse(article.text)),) if is_english(article.language) else ()


def _parse_fast(article: Article, _: Found) -> Iterable[Parse]:
    from firsthand.analyze.parse import is_english, parse

    return (Parse(parse(article.text, names=False)),) if is_english(article.language) else ()


def _dates(article: Article, _: Found) -> Iterable[DateMention]:
    from firsthand.analyze.dates import find_dates

    published = article.published.at.date() if article.published else None
    return find_dates(article.text, published, article.language)


def _entities(article: Article, found: Found) -> Iterable[Entity]:
    from firsthand.analyze.gazetteer import load
    from firsthand.analyze.people import find_entities

    return find_entities(article.text, _doc(found), article.language, outlets=lambda name: bool(load().named(name)))


def _relations(article: Article, found: Found) -> Iterable[Relation]:
    from firsthand.analyze.statements.detect import find_relations

    return _read(article, found, find_relations)


def _relations_fast(article: Article, found: Found) -> Iterable[Relation]:
    from firsthand.analyze.statements.light import find_light

    return _read(article, found, find_light)


def _read(article: Article, found: Found, network: Callable[[Doc], Sequence[Relation]]) -> Iterable[Relation]:
    """English by a network, and what it overlooks by rule; other languages by rule alone."""
    from firsthand.analyze.statements.overlooked import with_overlooked
    from firsthand.analyze.statements.quoted import find_quoted
    from firsthand.analyze.statements.turns import with_turns

    doc = _doc(found)
    if doc is None:
        return find_quoted(article.text, article.language or "")
    return with_turns(article.text, with_overlooked(doc, network(doc)))


def _statements(article: Article, found: Found) -> Iterable[Statement]:
    from firsthand.analyze.people import Cast, resolve_speaker
    from firsthand.analyze.statements.read import to_statements

    doc, text = _doc(found), article.text
    cast = Cast(text, found.get(Entity), doc) if doc is not None else None

    def speaker_of(source: Span) -> Speaker | None:
        if cast:
            return cast.speaker(source)
        return resolve_speaker(text, source, found.get(Entity), None) or _as_written(text, source)

    return to_statements(text, found.get(Relation), speaker_of, found.get(DateMention))


def _chains(article: Article, found: Found) -> Iterable[Chain]:
    from firsthand.analyze.chains import find_chains
    from firsthand.analyze.gazetteer import load

    return find_chains(article, load(), found.get(Statement))


def _assigned(article: Article, found: Found) -> Iterable[Statement]:
    from firsthand.analyze.chains import assign_chains

    return assign_chains(found.get(Statement), found.get(Chain), article.text)


def _disputes(article: Article, found: Found) -> Iterable[Dispute]:
    from firsthand.analyze.disputes import find_disputes
    from firsthand.analyze.parse import is_english

    return find_disputes(article.text, found.get(Statement)) if is_english(article.language) else ()


def _doc(found: Found) -> Doc | None:
    parse = found.one(Parse)
    return parse.doc if parse else None


def _as_written(text: str, source: Span) -> Speaker | None:
    """Where no name and no parser tells: the source's own words."""
    words = " ".join(text[source.start : source.end].split())
    return Speaker(words[:LONGEST_NAME], SpeakerKind.UNNAMED) if words else None


FULL = in_order(
    Step("parse", 1, _parse, Parse),
    Step("dates", 3, _dates, DateMention),
    Step("entities", 2, _entities, Entity, (Parse,)),
    Step("relations", 5, _relations, Relation, (Parse,)),
    Step("statements", 4, _statements, Statement, (Parse, Relation, Entity, DateMention)),
    Step("chains", 1, _chains, Chain, (Statement,)),
    Step("assigned", 2, _assigned, Statement, (Statement, Chain)),
    Step("disputes", 1, _disputes, Dispute, (Statement,)),
)
"""Everything that is found."""

FAST = in_order(
    Step("parse-fast", 1, _parse_fast, Parse),
    Step("dates", 3, _dates, DateMention),
    Step("entities", 2, _entities, Entity, (Parse,)),
    Step("relations-fast", 4, _relations_fast, Relation, (Parse,)),
    *FULL[4:],
)
"""For archives: a light network over the parse, and no model of names. See docs/quality.md for what that costs."""

PROFILES = {"full": FULL, "fast": FAST}
"""By the names under which the command line and the settings know them."""
