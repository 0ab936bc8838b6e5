"""The demo's pages, each in its outlet's own template, read as any page is: nothing lost, nothing of the page's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from firsthand.demo.content import RUN, DemoArticle, World, load_world
from firsthand.demo.outlets import OUTLETS
from firsthand.demo.pages import ArticleView, BlockView, Pages
from firsthand.demo.site import Site
from firsthand.extract import extract_article
from firsthand.extract.piece import key_of
from firsthand.model.article import Article, BlockKind
from firsthand.model.when import Precision

START = datetime(2025, 3, 8, 14, 0, tzinfo=UTC)
NOW = START + RUN
_FRONT = "Portada"  # the front page: where an article stands, but no section


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(START)


@pytest.fixture(scope="module")
def read(world: World) -> list[tuple[DemoArticle, ArticleView, Article]]:
    site = Site(world, 8123)
    pages = Pages(site)
    return [
        (one, pages.view(one, NOW), extract_article(pages.article(one, NOW), site.url(one))) for one in world.articles
    ]


Read = list[tuple[DemoArticle, ArticleView, Article]]


def _texts(article: Article) -> list[str]:
    found: list[str] = []
    for block in article.blocks:
        spans = block.items or ((block,) if block.end > block.start else ())
        found += [article.text[span.start : span.end] for span in spans]
    return found


def _written(block: BlockView) -> list[str]:
    if block.kind == "list":
        return [str(item.striptags()) for item in block.items]
    return [] if block.kind in {"image", "table"} else [str(block.text.striptags())]


def test_every_outlet_s_template_is_read(read: Read) -> None:
    assert {one.outlet.id for one, _, _ in read} == {outlet.id for outlet in OUTLETS}


def test_bodies_are_whole_and_hold_nothing_else(read: Read) -> None:
    for one, view, article in read:
        wanted = [key_of(text) for block in view.blocks for text in _written(block)]
        found = [key_of(text) for text in _texts(article)]
        assert [key for key in found if key != key_of(view.standfirst)] == wanted, one.id


def test_lists_tables_quotes_and_headings_keep_their_kind(read: Read) -> None:
    kinds = (BlockKind.HEADING, BlockKind.QUOTE, BlockKind.LIST, BlockKind.TABLE)
    for one, view, article in read:
        for kind in kinds:
            wanted = sum(block.kind == kind.value for block in view.blocks)
            assert sum(block.kind is kind for block in article.blocks) == wanted, (one.id, kind)


def test_names_are_those_of_the_gold(read: Read) -> None:
    for one, view, article in read:
        assert article.headline == view.headline, one.id
        assert article.byline == view.byline, one.id
        assert article.section == tuple(step for step in view.section if step != _FRONT), one.id
        assert article.language == view.language, one.id
        assert article.partial is not view.free, one.id


def test_times_are_right_as_far_as_the_page_says_them(read: Read) -> None:
    for one, view, article in read:
        assert article.published is not None, one.id
        shown = view.published.replace(second=0, microsecond=0)
        if article.published.precision is Precision.LOCAL:  # one outlet prints no zone
            assert article.published.at.replace(second=0) == shown.replace(tzinfo=None), one.id
        else:
            assert abs((article.published.at - view.published).total_seconds()) < 60, one.id


def test_agencies_are_credited_where_the_page_credits_one(read: Read) -> None:
    for one, view, article in read:
        if view.credit:
            assert article.agency in {"CNA", "Coast News Agency"}, one.id
            assert article.agency in view.credit, one.id
        else:
            assert article.agency is None, one.id


def test_rights_lines_hold_nothing_else(read: Read) -> None:
    for one, view, article in read:
        assert article.rights is not None, one.id
        assert article.rights.line == view.rights, one.id


def test_datelines_are_read_in_each_outlet_s_manner(read: Read) -> None:
    filed = [(one, article) for one, _, article in read if one.outlet.dateline and "CNA" in one.outlet.dateline]
    assert filed
    for one, article in filed:
        opening = one.edition(NOW).blocks[0].plain
        place = opening.split(" (CNA)")[0].title() if " (CNA) – " in opening else None
        assert (article.dateline.place if article.dateline else None) == place, one.id
