"""The demo world as it is served: hosts, pages, feeds, steps, validators."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest

from firsthand.demo.markup import without_marks
from firsthand.demo.outlets import OUTLETS, FeedKind
from firsthand.demo.server import DemoWorld
from firsthand.model.errors import ConfigError

START = datetime(2025, 3, 8, 14, 0, tzinfo=UTC)


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self) -> str:
        """The body in the charset that its type names."""
        return self.body.decode(self.headers.get_content_charset() or "utf-8", "replace")


def get(url: str, **headers: str) -> Answer:
    """GET by connecting to loopback, with the address's host in the Host header."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"Host": parts.netloc, **headers})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def frozen() -> datetime:
    return START


@pytest.fixture(scope="module")
def finished() -> Iterator[DemoWorld]:
    """A world in which all has happened."""
    with DemoWorld(START, clock=frozen) as world:
        world.publish_all()
        yield world


@pytest.fixture
def fresh() -> Iterator[DemoWorld]:
    """A world at its start, stepped by hand."""
    with DemoWorld(START, clock=frozen) as world:
        yield world


def test_every_article_renders_whole(finished: DemoWorld) -> None:
    for article in finished.world.articles:
        page = get(finished.url(article))
        if article.withdrawn:
            assert page.status == 410, article.id
            continue
        assert page.status == article.status, article.id
        if article.status != 200:
            continue
        edition = article.editions[-1]
        assert page.headers["Content-Type"] == f"text/html; charset={article.outlet.charset}"
        assert "{" not in page.text.split("</head>")[1], article.id
        shown = page.text.replace("&#39;", "'").replace("&amp;", "&")
        assert edition.headline in shown, article.id
        for block in edition.blocks[: article.free_blocks]:
            for text in (block.text, *block.items):
                assert without_marks(text).partition("|")[0].strip()[-40:] in _without_links(shown), article.id


def _without_links(html: str) -> str:
    return re.sub(r"</?a\b[^>]*>", "", html)


def test_a_paywalled_page_shows_the_teaser_and_says_so(finished: DemoWorld) -> None:
    article = finished.world.article("daily-ledger/bridge-tender")
    page = get(finished.url(article)).text
    data = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert data["@type"] == "NewsArticle"
    assert data["isAccessibleForFree"] is False
    assert "forbidden by law" in page
    assert "1,900 pages" not in page


def test_pictures_on_pages_exist(finished: DemoWorld) -> None:
    for article_id in ("daily-ledger/last-keepers", "tide/harborview-wall-cracks"):
        article = finished.world.article(article_id)
        picture = get(finished.site.image(article))
        assert picture.status == 200
        assert picture.headers["Content-Type"] == "image/png"
        assert picture.body.startswith(b"\x89PNG")
    page = get(finished.url("daily-ledger/last-keepers")).text
    inside = re.findall(r'<img src="([^"]+/img/last-keepers-[1-9]\d*\.png)"', page)
    assert len(inside) == 1
    assert get(inside[0]).body.startswith(b"\x89PNG")


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_every_feed_lists_what_is_out_newest_first(finished: DemoWorld, outlet: object) -> None:
    chosen = next(one for one in OUTLETS if one is outlet)
    articles = finished.site.standing(chosen, finished.now())
    answer = get(finished.site.feed(chosen))
    if chosen.feed is FeedKind.JSON:
        items = json.loads(answer.body)["items"]
        titles, links = [item["title"] for item in items], [item["url"] for item in items]
        assert len({item["id"] for item in items}) == len(items)
    elif chosen.feed is FeedKind.NEWS_SITEMAP:
        space = {
            "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
            "n": "http://www.google.com/schemas/sitemap-news/0.9",
        }
        root = ET.fromstring(answer.body)
        titles = [one.text for one in root.iterfind("s:url/n:news/n:title", space)]
        links = [one.text for one in root.iterfind("s:url/s:loc", space)]
    else:
        feed = feedparser.parse(answer.body)
        # The Gazette's server calls its feed text/html, as small papers' servers do; the document itself is sound.
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.feed.title == chosen.name
        titles, links = [entry.title for entry in feed.entries], [entry.link for entry in feed.entries]
        assert all(entry.get("published_parsed") or entry.get("updated_parsed") for entry in feed.entries)
    assert titles == [article.edition(finished.now()).headline for article in articles]
    assert [str(link).partition("?")[0] for link in links] == [finished.url(article) for article in articles]


def test_feed_formats_are_what_they_are_said_to_be(finished: DemoWorld) -> None:
    versions = {
        outlet.feed: feedparser.parse(get(finished.site.feed(outlet)).body).version
        for outlet in OUTLETS
        if outlet.feed not in {FeedKind.JSON, FeedKind.NEWS_SITEMAP}
    }
    assert versions == {
        FeedKind.RSS: "rss20",
        FeedKind.RSS_FULL: "rss20",
        FeedKind.RSS_092: "rss092",
        FeedKind.RDF: "rss10",
        FeedKind.ATOM: "atom10",
        FeedKind.ATOM_FULL: "atom10",
    }
    gazette = next(outlet for outlet in OUTLETS if outlet.feed is FeedKind.RSS_092)
    assert b"<guid" not in get(finished.site.feed(gazette)).body


def test_fronts_list_headlines_and_lead_to_the_feed(finished: DemoWorld) -> None:
    for outlet in OUTLETS:
        page = get(finished.home(outlet))
        newest = finished.site.standing(outlet, finished.now())[0]
        assert page.status == 200
        assert newest.edition(finished.now()).headline in page.text.replace("&#39;", "'")
        assert finished.site.feed(outlet) in page.text
        robots = get(finished.home(outlet) + "robots.txt").text
        assert "User-agent: *" in robots
        assert (finished.site.feed(outlet) in robots) == (outlet.feed is FeedKind.NEWS_SITEMAP)
        assert get(finished.home(outlet) + "assets/site.css").headers["Content-Type"].startswith("text/css")


def test_hosts_are_separate(finished: DemoWorld) -> None:
    article = finished.world.article("tide/harborview-wall-cracks")
    elsewhere = finished.home("daily-ledger").rstrip("/") + article.path
    assert get(elsewhere).status == 404
    assert get(f"http://127.0.0.1:{finished.port}/").status == 404
    assert get(f"http://tide.example:{finished.port}/").status == 404


def test_the_spanish_paper_is_sent_in_its_old_charset(finished: DemoWorld) -> None:
    page = get(finished.url("el-correo/incendio-cumbre"))
    assert "pabellón".encode("windows-1252") in page.body
    assert "“Salimos con lo puesto" in page.text


def test_pages_appear_when_they_are_out(fresh: DemoWorld) -> None:
    first = next(article for article in fresh.world.articles if article.out > START)
    assert get(fresh.url(first)).status == 404
    assert first.editions[0].headline not in get(fresh.site.feed(first.outlet)).text
    happenings = fresh.publish_next()
    assert [(one.what, one.article) for one in happenings] == [("published", first)]
    assert get(fresh.url(first)).status == 200
    assert first.editions[0].headline in get(fresh.site.feed(first.outlet)).text


def test_steps_come_in_order_and_end() -> None:
    world = DemoWorld(START, clock=frozen)
    try:
        seen = []
        while happenings := world.publish_next():
            seen.extend(happenings)
        assert [one.at for one in seen] == sorted(one.at for one in seen)
        live = [article for article in world.world.articles if article.out > START]
        assert {one.article.id for one in seen if one.what == "published"} == {article.id for article in live}
        assert [one.article.id for one in seen if one.what == "withdrawn"] == ["tide/rail-passwords"]
        assert "daily-ledger/sea-wall-memos" in {one.article.id for one in seen if one.what == "revised"}
    finally:
        world.stop()


def test_time_publishes_by_itself() -> None:
    moments = [START]
    with DemoWorld(START, clock=lambda: moments[0]) as world:
        last = world.world.articles[-1]
        assert get(world.url(last)).status == 404
        moments[0] = START + timedelta(minutes=10)
        assert get(world.url(last)).status == 200


def test_a_correction_changes_the_page_and_its_validators(fresh: DemoWorld) -> None:
    memos = fresh.world.article("daily-ledger/sea-wall-memos")
    before = get(fresh.url(memos))
    fresh.publish_all()
    after = get(fresh.url(memos))
    assert "170 homes under water" in before.text
    assert "183 homes under water" in after.text
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.headers["Last-Modified"] != after.headers["Last-Modified"]


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_feeds_answer_304_until_something_happens(fresh: DemoWorld, outlet: object) -> None:
    url = fresh.site.feed(next(one for one in OUTLETS if one is outlet))
    answer = get(url)
    by_tag = get(url, **{"If-None-Match": answer.headers["ETag"]})
    by_date = get(url, **{"If-Modified-Since": answer.headers["Last-Modified"]})
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert (by_date.status, by_date.body) == (304, b"")
    assert get(url, **{"If-Modified-Since": "yesterday"}).status == 200
    fresh.publish_all()
    assert get(url, **{"If-None-Match": answer.headers["ETag"]}).status == 200
    assert get(url, **{"If-Modified-Since": answer.headers["Last-Modified"]}).status == 200


def test_a_taken_port_is_refused_with_a_remedy(finished: DemoWorld) -> None:
    with pytest.raises(ConfigError, match="Choose another"):
        DemoWorld(START, port=finished.port)


def test_opml_lists_every_feed(finished: DemoWorld) -> None:
    root = ET.fromstring(finished.opml)
    listed = {one.get("xmlUrl") for one in root.iter("outline") if one.get("xmlUrl")}
    assert listed == {feed.url for feed in finished.feeds()}
    assert [one.get("text") for one in root.iterfind("body/outline")] == [
        "Newspaper",
        "Agency",
        "Portal",
        "Broadcaster",
    ]
