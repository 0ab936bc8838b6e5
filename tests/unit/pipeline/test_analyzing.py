"""What was read is analyzed, in the place of what was found before; what fails says so and is not tried for ever."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from firsthand.model.article import Article, OutletName
from firsthand.model.feed import Item
from firsthand.model.findings import Analysis, Span, Speaker, SpeakerKind, Statement, StatementKind
from firsthand.model.records import NewItem, PollOutcome, Reading
from firsthand.pipeline import Pipeline, PipelineSettings
from firsthand.store import Store, open_store

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)


class Analyst:
    """Takes every article's first four letters for a statement of Ada Quist's."""

    def __init__(self, steps: str = "one", *, fails: bool = False) -> None:
        self.steps = steps
        self.fails = fails
        self.asked: list[str] = []

    def __call__(self, article: Article, /) -> Analysis:
        self.asked.append(article.text)
        if self.fails:
            return Analysis(failed=("The analysis took longer than 300 seconds.",))
        speaker = Speaker("Ada Quist", SpeakerKind.PERSON)
        content = (Span(0, 4),)
        return Analysis(
            statements=(Statement(source=None, cue=None, content=content, kind=StatementKind.DIRECT, speaker=speaker),)
        )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    store.migrate()
    owner = store.readers.owner()
    feed = store.feeds.add("https://herald.example/f", title="H", outlet=OutletName("H", "herald.example"), now=NOW)
    store.readers.follow(owner.id, feed.id, "", NOW)
    hour = timedelta(hours=1)
    item = NewItem(item=Item(id="a", url="https://herald.example/a", title="A"), key="a", fingerprint="", sort_at=NOW)
    polled = PollOutcome(feed_id=feed.id, polled=NOW, next_poll=NOW + hour, interval=hour, new=(item,))
    (article_id,) = store.ingest.save_poll(polled)
    store.ingest.save_reading(Reading(article_id=article_id, at=NOW, article=Article(text="Rain fell.")))
    return store


def analyze(store: Store, analyst: Analyst, seconds: float | None = None) -> None:
    nothing = cast(Any, SimpleNamespace())
    pipeline = Pipeline(store, nothing, nothing, lambda: NOW, PipelineSettings(read_pages=False), analyst)
    work = pipeline.run_once() if seconds is None else asyncio.wait_for(pipeline.run(), seconds)
    try:
        asyncio.run(work)
    except TimeoutError:
        assert seconds is not None


def test_what_was_read_is_analyzed_once(store: Store) -> None:
    analyst = Analyst()
    analyze(store, analyst)
    analyze(store, analyst)
    assert analyst.asked == ["Rain fell."]
    assert [person.name for person in store.findings.named("quist")] == ["Ada Quist"]


def test_other_steps_analyze_again(store: Store) -> None:
    analyze(store, Analyst("one"))
    newer = Analyst("two")
    analyze(store, newer, seconds=1.0)
    assert newer.asked == ["Rain fell."]


def test_a_failed_analysis_is_kept_as_failed(store: Store) -> None:
    analyst = Analyst(fails=True)
    analyze(store, analyst)
    analyze(store, analyst)
    assert len(analyst.asked) == 1
    found = store.findings.of(1)
    assert found is not None
    assert "300 seconds" in found.failed[0]
