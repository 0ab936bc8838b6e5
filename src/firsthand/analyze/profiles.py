"""The steps, in order. `FULL` reads with the language models; what a language has no rules or model for is left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from firsthand.analyze.steps import Found, Step, in_order
from firsthand.model.article import Article, Span
from firsthand.model.findings import Chain, DateMention, Dispute, Entity, Speaker, Statement

if TYPE_CHECKING:
    from firsthand.analyze.statements.relation import Relation


def _dates(article: Article, _: Found) -> Iterable[DateMention]:
    from firsthand.analyze.dates import find_dates

    published = article.published.at.date() if article.published else None
    return find_dates(article.text, published, article.language)


def _relations(article: Article, _: Found) -> Iterable[Relation]:
    from firsthand.analyze.parse import is_english
    from firsthand.analyze.statements.detect import find_relations

    return find_relations(article.text) if is_english(article.language) else ()


def _chains(article: Article, found: Found) -> Iterable[Chain]:
    from firsthand.analyze.chains import find_chains
    from firsthand.analyze.gazetteer import load

    days = {Span(one.start, one.end): one.earliest for one in found.get(DateMention) if one.earliest == one.latest}
    return find_chains(article, load(), resolve=days.get)
