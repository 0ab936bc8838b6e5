"""Ingestion from end to end, over the demo's world: real HTTP, real pages, a real database."""

from __future__ import annotations

import pytest

from firsthand.model.records import HeldArticle, ReadState

pytestmark = pytest.mark.xdist_group("web")


def held(app) -> dict[str, HeldArticle]:
    return {one.article.headline or "": one for one in app.house.store.articles.export()}


def test_every_article_is_read_whole_or_says_why_not(filled) -> None:
    articles = held(filled)
    assert len(articles) >= 40
    whole = [one for one in articles.values() if one.state is ReadState.WHOLE]
    assert len(whole) >= 0.9 * len(articles)
    assert all(one.article.text and one.versions for one in whole)
    assert all(one.problem for one in articles.values() if one.state is ReadState.SUMMARY)
    assert not [one for one in articles.values() if one.state is ReadState.PENDING]


def test_asking_again_doubles_nothing(filled) -> None:
    before = {one.id: one.versions for one in filled.house.store.articles.export()}
    filled.poll()
    after = {one.id: one.versions for one in filled.house.store.articles.export()}
    assert after == before


def test_a_page_that_is_refused_stands_with_its_summary_and_the_reason(app) -> None:
    app.follow_all()
    app.world.publish_all()
    app.poll()
    problems = [one.problem or "" for one in held(app).values() if one.state is ReadState.SUMMARY]
    assert any("403" in problem for problem in problems)


def test_a_part_shown_by_a_paywall_is_called_a_part(filled) -> None:
    assert any(one.article.partial for one in held(filled).values())


def test_every_feed_is_well(filled) -> None:
    feeds = filled.house.store.feeds.all()
    assert len(feeds) == 8
    assert [feed.failure for feed in feeds if feed.failing_since] == []
