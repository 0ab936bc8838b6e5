"""An article survives the way to JSON and back, whatever it holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.article import (
    Article,
    Block,
    BlockKind,
    Dateline,
    Link,
    OutletName,
    Redistribution,
    Rights,
    Span,
)
from firsthand.model.jsonform import article_from_json, article_to_json
from firsthand.model.when import Precision, When

texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)
some_text = st.none() | texts
names = st.lists(texts, max_size=3).map(tuple)
offsets = st.integers(0, 400)
spans = st.builds(Span, offsets, offsets)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
clocks = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0))
whens = st.one_of(
    st.none(),
    clocks.map(lambda at: When(at.replace(hour=0, minute=0, second=0), Precision.DAY)),
    clocks.map(When.of),
    st.builds(lambda at, zone: When.of(at.replace(tzinfo=zone)), clocks, zones),
)
blocks = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    start=offsets,
    end=offsets,
    level=st.integers(0, 6),
    items=st.lists(spans, max_size=2).map(tuple),
    url=some_text,
    caption=texts,
    alt=texts,
    rows=st.lists(names, max_size=2).map(tuple),
)
articles = st.builds(
    Article,
    url=some_text,
    canonical_url=some_text,
    outlet=st.builds(OutletName, some_text, some_text),
    headline=some_text,
    summary=some_text,
    byline=names,
    agency=some_text,
    section=names,
    dateline=st.none() | st.builds(Dateline, texts, st.none() | st.dates()),
    published=whens,
    modified=whens,
    language=some_text,
    rights=st.none() | st.builds(Rights, texts, st.none() | st.sampled_from(Redistribution)),
    text=texts,
    blocks=st.lists(blocks, max_size=3).map(tuple),
    links=st.lists(st.builds(Link, offsets, offsets, texts), max_size=2).map(tuple),
    image=some_text,
    partial=st.booleans(),
)


@given(articles)
def test_json_gives_back_the_same_article(article: Article) -> None:
    assert article_from_json(json.loads(json.dumps(article_to_json(article)))) == article


def test_the_contract_names_its_fields() -> None:
    article = Article(
        outlet=OutletName("The Harbor Gazette", "harborgazette.example"),
        headline="Port authority knew of cracks, memos show",
        byline=("Ada Quist",),
        dateline=Dateline("Harborview", datetime(2025, 3, 8).date()),
        published=When.of(datetime(2025, 3, 8, 14, 19, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
        modified=When.day(2025, 3, 9),
        rights=Rights("© 2025 CNA. Redistribution is prohibited.", Redistribution.FORBIDDEN),
        text="The harbor.",
        blocks=(Block(BlockKind.PARAGRAPH, 0, 11),),
    )
    form = article_to_json(article)
    assert form["outlet"] == {"name": "The Harbor Gazette", "domain": "harborgazette.example"}
    assert form["dateline"] == {"place": "Harborview", "date": "2025-03-08"}
    assert form["published"] == "2025-03-08T14:19:00+05:30"
    assert form["modified"] == "2025-03-09"
    assert form["rights"] == {"line": "© 2025 CNA. Redistribution is prohibited.", "redistribution": "forbidden"}
    assert form["blocks"] == [{"kind": "paragraph", "start": 0, "end": 11}]
    assert form["agency"] is None


def test_missing_fields_are_unknown() -> None:
    assert article_from_json({"headline": "Alone"}) == Article(headline="Alone")


def test_an_instant_keeps_its_offset() -> None:
    form = article_to_json(Article(published=When.of(datetime(2025, 1, 1, tzinfo=UTC))))
    assert form["published"] == "2025-01-01T00:00:00+00:00"
