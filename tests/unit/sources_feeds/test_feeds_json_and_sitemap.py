"""JSON Feed and Google News sitemaps."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from firsthand.model.errors import NotAFeed
from firsthand.model.feed import Enclosure, FeedFormat, ParsedFeed
from firsthand.sources.feeds import parse_feed

URL = "https://paper.example/feed.json"


def parse_json(**document: Any) -> ParsedFeed:
    body = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": [], **document}
    return parse_feed(json.dumps(body).encode(), url=URL, content_type="application/feed+json")


def test_a_json_feed_with_everything() -> None:
    feed = parse_json(
        home_page_url="/",
        feed_url=URL,
        description="News",
        icon="/icon.png",
        language="en-us",
        authors=[{"name": "Desk"}],
        hubs=[{"type": "WebSub", "url": "https://hub.example/"}],
        items=[
            {
                "id": "1",
                "url": "/one",
                "title": "One & <two>",
                "content_html": "<p>Hello</p>",
                "summary": "Hi <there>",
                "image": "/p.jpg",
                "date_published": "2024-05-04T09:15:00+05:30",
                "date_modified": "2024-05-04T10:15:00+05:30",
                "authors": [{"name": "Ada Moor"}, {"name": ""}],
                "tags": ["sea", "town", 7],
                "language": "fr",
                "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}, {"url": "data:x"}],
            }
        ],
    )
    assert feed.format is FeedFormat.JSON
    assert (feed.title, feed.site_url, feed.self_url) == ("Paper", "https://paper.example/", URL)
    assert (feed.hub_url, feed.image, feed.language) == (
        "https://hub.example/",
        "https://paper.example/icon.png",
        "en-us",
    )
    (item,) = feed.items
    assert (item.id, item.url, item.title) == ("1", "https://paper.example/one", "One & <two>")
    assert (item.summary, item.content_html) == ("Hi <there>", "<p>Hello</p>")
    assert item.published is not None
    assert item.published.isoformat() == "2024-05-04T09:15:00+05:30"
    assert (item.authors, item.categories, item.language) == (("Ada Moor",), ("sea", "town"), "fr")
    assert item.image == "https://paper.example/p.jpg"
    assert item.enclosures == (Enclosure("https://paper.example/a.mp3", "audio/mpeg", 12),)


def test_json_feed_1_0_has_one_author_and_numbers_may_be_ids() -> None:
    feed = parse_json(version="https://jsonfeed.org/version/1", author={"name": "Desk"}, items=[{"id": 7}])
    assert (feed.items[0].id, feed.items[0].authors) == ("7", ("Desk",))


def test_text_content_keeps_its_paragraphs_as_html() -> None:
    (item,) = parse_json(items=[{"content_text": "One < two.\n\nThree."}]).items
    assert item.content_html == "<p>One &lt; two.</p><p>Three.</p>"
    assert item.summary == "One < two. Three."


def test_json_of_wrong_types_is_no_trouble() -> None:
    feed = parse_json(
        title=1, authors="x", hubs=3, items=["x", None, {"id": {}, "title": [], "tags": "a", "attachments": {}}]
    )
    assert len(feed.items) == 1
    assert feed.items[0].id


def test_hostile_json_text_comes_out_clean() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1","title":"a\x00\x07b\\ud800c","items":[{"url":"javascript:x"}]}'
    feed = parse_feed(body, url=URL)
    assert feed.title == "abc"
    assert feed.items[0].url is None


def test_json_entries_beyond_the_limit_are_counted() -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": n} for n in range(9)]}).encode()
    feed = parse_feed(body, url=URL, limit=2)
    assert (len(feed.items), feed.dropped) == (2, 7)


NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://paper.example/about</loc></url>
<url><loc>https://paper.example/1</loc><lastmod>2024-05-05</lastmod>
  <news:news><news:publication><news:name>The Harbour Paper</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2024-05-04T09:15:00-04:00</news:publication_date>
  <news:title>Ferry &amp; fish</news:title><news:keywords>ferry, fish</news:keywords></news:news>
  <image:image><image:loc>https://paper.example/1.jpg</image:loc></image:image></url>
</urlset>"""


@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode())])
def test_a_news_sitemap_is_a_feed(body: bytes) -> None:
    feed = parse_feed(body, url="https://paper.example/news.xml")
    assert (feed.format, feed.title, feed.language) == (FeedFormat.SITEMAP, "The Harbour Paper", "en")
    (item,) = feed.items
    assert (item.url, item.title, item.id) == ("https://paper.example/1", "Ferry & fish", "https://paper.example/1")
    assert item.published is not None
    assert item.published.isoformat() == "2024-05-04T09:15:00-04:00"
    assert item.updated is not None
    assert item.updated.isoformat() == "2024-05-05"
    assert (item.categories, item.image) == (("ferry", "fish"), "https://paper.example/1.jpg")


def test_a_news_sitemap_on_a_quiet_day_is_an_empty_feed() -> None:
    body = b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>"
    assert parse_feed(body, url=URL).items == ()


def test_other_sitemaps_are_refused_in_words() -> None:
    pages = (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/</loc></url></urlset>"
    )
    with pytest.raises(NotAFeed, match="no news"):
        parse_feed(pages, url=URL)
    index = b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap/></sitemapindex>"
    with pytest.raises(NotAFeed, match="index of sitemaps"):
        parse_feed(index, url=URL)
