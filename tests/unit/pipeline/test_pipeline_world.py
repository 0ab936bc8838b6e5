"""Ingestion from end to end, over the demo's world: real HTTP, real pages, a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from firsthand.model.records import Change, ChangeKind, HeldArticle, ReadState


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


def read_again(app, after: timedelta) -> None:
    """Ingestion as it goes on when so much time has passed."""
    at = datetime.now(UTC) + after
    app.house.pipeline._clock = lambda: at
    app.call(app.house.pipeline.run_once())


def test_what_changes_becomes_a_version_and_what_is_withdrawn_stays_readable(app) -> None:
    app.follow_all()
    while all(one.article.withdrawn is None for one in app.world.publish_next()):
        pass
    app.poll()
    store = app.house.store
    withdrawn = {app.world.url(one) for one in app.world.world.articles if one.withdrawn}
    before = {one.id: one for one in store.articles.export() if one.versions}
    began = store.changes.latest()
    app.world.publish_all()
    read_again(app, timedelta(minutes=16))
    read_again(app, timedelta(minutes=61))

    removed = [store.articles.get(1, key) for key, one in before.items() if one.article.canonical_url in withdrawn]
    assert removed
    assert all(one.removed and one.article == before[one.id].article for one in removed)
    wall = next(one for one in before.values() if "knew of cracks" in (one.article.headline or ""))
    texts = [store.articles.version(wall.id, number).article.text for number in (1, 2)]
    assert ["170 homes under water" in text for text in texts] == [True, False]
    assert wall.id in {one.id for one in store.articles.corrected(1, app.world.begins, 20)}
    changed = [change for change in store.changes.after(began) if change.article_id in before]
    kinds = [(change.kind.value, change.article_id) for change in changes_of_versions(changed)]
    assert ("article.corrected", wall.id) in kinds
    assert len(kinds) == len(set(kinds))
    others = set(before) - {key for _, key in kinds}
    assert all(store.articles.get(1, key).versions == before[key].versions for key in others)


def changes_of_versions(changes: list[Change]) -> list[Change]:
    """Those that tell of new versions, corrections and removals."""
    told = {ChangeKind.ARTICLE_VERSION, ChangeKind.ARTICLE_CORRECTED, ChangeKind.ARTICLE_REMOVED}
    return [one for one in changes if one.kind in told]
