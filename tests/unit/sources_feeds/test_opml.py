"""OPML in and out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.model.errors import ParseError
from firsthand.sources.opml import OpmlFeed, read_opml, write_opml

NOW = datetime(2024, 5, 4, 9, 15, tzinfo=UTC)

TYPICAL = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="News" title="News">
  <outline text="Local"><outline type="rss" text="Harbour" xmlUrl="https://paper.example/feed" htmlUrl="https://paper.example/"/></outline>
  <outline type="rss" title="Wire &amp; Co" xmlUrl="https://wire.example/rss"/>
</outline>
<outline type="rss" text="Alone" xmlUrl="https://alone.example/feed"/>
</body></opml>"""


def test_folders_are_paths() -> None:
    assert read_opml(TYPICAL.encode()) == [
        OpmlFeed("https://paper.example/feed", "Harbour", "https://paper.example/", "News/Local"),
        OpmlFeed("https://wire.example/rss", "Wire & Co", None, "News"),
        OpmlFeed("https://alone.example/feed", "Alone", None, ""),
    ]


@pytest.mark.parametrize(
    "outline",
    [
        '<outline XMLURL="https://a.example/f" TEXT="A"/>',
        '<outline xmlurl="https://a.example/f" title="A"/>',
        '<outline type="rss" url="https://a.example/f" text="A"/>',
        '<outline xmlUrl="feed:https://a.example/f" text="A"/>',
        '<outline xmlUrl=" https://a.example/f " text=" A\n"/>',
        '<OUTLINE xmlUrl="https://a.example/f" text="A"></OUTLINE>',
        '<outline xmlUrl="https://a.example/f" text="A">',
        '<outline xmlUrl="https://a.example/f" text="A"/><outline xmlUrl="https://a.example/f" text="Twice"/>',
        '<outline xmlUrl="https://a.example/f" text="A"/><outline xmlUrl="javascript:alert(1)" text="Evil"/>',
        '<outline xmlUrl="https://a.example/f" text="A"/><outline text="Empty folder"/>',
    ],
)
def test_what_readers_write(outline: str) -> None:
    assert read_opml(f"<opml><body>{outline}</body></opml>".encode()) == [OpmlFeed("https://a.example/f", "A")]


def test_addresses_with_stray_ampersands() -> None:
    (feed,) = read_opml(b'<opml><body><outline xmlUrl="https://a.example/f?a=1&b=2" text="Q&A"/></body></opml>')
    assert (feed.url, feed.title) == ("https://a.example/f?a=1&b=2", "Q&A")


def test_a_feed_without_a_name_has_its_address() -> None:
    assert (
        read_opml(b'<opml><body><outline xmlUrl="https://a.example/f"/></body></opml>')[0].title
        == "https://a.example/f"
    )


def test_a_slash_in_a_name_is_no_folder() -> None:
    (feed,) = read_opml(
        b'<opml><body><outline text="TV/Radio"><outline xmlUrl="https://a.example/f"/></outline></body></opml>'
    )
    assert "/" not in feed.folder


def test_entities_stay_what_they_are() -> None:
    entities = '<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    document = f'{entities}<opml><body><outline xmlUrl="https://a.example/" text="&b;"/></body></opml>'
    assert read_opml(document.encode())[0].title == "&b;"


def test_deep_nesting_is_no_trouble() -> None:
    deep = '<outline text="f">' * 200 + '<outline xmlUrl="https://a.example/f"/>'
    assert len(read_opml(f"<opml><body>{deep}</body></opml>".encode())) == 1


@pytest.mark.parametrize("body", [b"", b"hello", b"<html><body/></html>", b"<rss><channel/></rss>", b'{"a": 1}'])
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="no OPML") as caught:
        read_opml(body)
    assert caught.value.remedy


names = st.text(
    alphabet=st.characters(blacklist_categories=["C", "Z"], blacklist_characters="/⁄"), min_size=1, max_size=20
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            OpmlFeed,
            st.integers(0, 50).map(lambda n: f"https://a.example/{n}?x=1&y=2"),
            names,
            st.none() | st.just("https://a.example/"),
            st.lists(names, max_size=3).map("/".join),
        ),
        unique_by=lambda feed: (feed.url, feed.folder),
    ),
    st.text(),
)
def test_what_is_written_is_read_again(feeds: list[OpmlFeed], title: str) -> None:
    written = write_opml(feeds, title=title, now=NOW)
    assert b"Sat, 04 May 2024 09:15:00" in written
    assert sorted(map(repr, read_opml(written) if feeds else [])) == sorted(map(repr, feeds))


def test_an_empty_file_is_opml_still() -> None:
    assert read_opml(write_opml([], title="None", now=NOW)) == []
