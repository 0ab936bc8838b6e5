"""Each format by its own rules (RFC 4287, RSS 2.0 as the W3C validator reads it, JSON Feed 1.1), read back by others."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest
from feed_rules import complaints

from firsthand.model.article import Article, Block, BlockKind
from firsthand.model.feed import FeedFormat
from firsthand.model.out import FeedName, OutEntry, OutFeed
from firsthand.sources.feeds import parse_feed
from firsthand.web.out.atom import write_atom
from firsthand.web.out.jsonfeed import write_json
from firsthand.web.out.place import Form, Place
from firsthand.web.out.rss import write_rss

NOW = datetime(2026, 11, 24, 12, 0, 0, 250_000, tzinfo=UTC)
WRITERS = {Form.ATOM: write_atom, Form.RSS: write_rss, Form.JSON: write_json}
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '<script>alert("1")</script> & \x0b\ud800 ]]> “x”'


def entry(number: int = 1, **more: object) -> OutEntry:
    said = {
        "id": f"urn:uuid:{uuid.UUID(int=number)}",
        "title": f"Title {number}",
        "summary": f"Summary {number}.",
        "url": f"https://herald.example/{number}?a=1&b=2",
        "page": f"/articles/{number}",
        "published": NOW - timedelta(hours=number),
        "updated": NOW,
        "outlet": "Herald",
        "authors": ("Ada Quist", "Ben Vane"),
        "categories": ("World", "World", "Europe"),
        "language": "en",
        "rights": "© 2026 Herald",
    }
    return OutEntry(**{**said, **more})  # type: ignore[arg-type]


def feed(*entries: OutEntry) -> OutFeed:
    return OutFeed(id=f"urn:uuid:{uuid.UUID(int=99)}", name=FeedName("sections/wörld"), title="World · Firsthand", subtitle="A section.",
                   page="/sections/w%C3%B6rld", entries=entries)  # fmt: skip


def written(form: Form, *entries: OutEntry, **place: object) -> bytes:
    given = {"base": "https://news.example.org", "form": form, "hub": "https://hub.example/"}
    return WRITERS[form](feed(*entries), Place(**{**given, **place}))  # type: ignore[arg-type]


def whole(text: str) -> Article:
    return Article(text=text, blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))


@pytest.mark.parametrize("form", Form)
def test_our_own_parser_reads_it_back(form: Form) -> None:
    parsed = parse_feed(written(form, entry(1), entry(2)), url="https://news.example.org/x")
    assert parsed.format is {Form.ATOM: FeedFormat.ATOM, Form.RSS: FeedFormat.RSS, Form.JSON: FeedFormat.JSON}[form]
    assert parsed.title == "World · Firsthand"
    assert parsed.hub_url == "https://hub.example/"
    assert parsed.self_url == f"https://news.example.org/out/sections/w%C3%B6rld.{form.value}"
    assert parsed.site_url == "https://news.example.org/sections/w%C3%B6rld"
    assert [one.id for one in parsed.items] == [entry(1).id, entry(2).id]
    assert [one.url for one in parsed.items] == [entry(1).url, entry(2).url]
    first = parsed.items[0]
    assert (first.title, first.summary, first.authors) == ("Title 1", "Summary 1.", ("Ada Quist", "Ben Vane"))
    assert first.published is not None
    assert first.published.instant() == (NOW - timedelta(hours=1)).replace(microsecond=0)


@pytest.mark.parametrize("form", [Form.ATOM, Form.RSS])
def test_feedparser_reads_it_without_a_complaint(form: Form) -> None:
    read = feedparser.parse(written(form, entry(1), entry(2)))
    assert not read.bozo
    assert read.version == {Form.ATOM: "atom10", Form.RSS: "rss20"}[form]
    assert [one.title for one in read.entries] == ["Title 1", "Title 2"]
    assert {link.rel for link in read.feed.links} >= {"self", "hub", "alternate"}


def test_atom_has_all_that_the_format_wants() -> None:
    root = fromstring(written(Form.ATOM, entry(1), entry(2, authors=(), outlet="")))
    assert_atom(root)
    assert root.findtext(f"{ATOM}updated") == "2026-11-24T12:00:00Z"


def test_an_empty_feed_is_one_too() -> None:
    assert_atom(fromstring(written(Form.ATOM)))
    assert written(Form.ATOM) == written(Form.ATOM)
    assert json.loads(written(Form.JSON))["items"] == []
    assert not feedparser.parse(written(Form.RSS)).bozo


def assert_atom(root: Element) -> None:
    """RFC 4287 §4.1: what must be there, once, and what an id and a time are."""
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or "")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{ATOM}updated") or "")
        links = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert all("://" in (one.get("href") or "") for one in element.findall(f"{ATOM}link"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None  # so that every entry has one (§4.1.2)
    ids = [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def test_rss_has_all_that_the_validator_wants() -> None:
    root = fromstring(written(Form.RSS, entry(1), entry(2)))
    channel = root.find("channel")
    assert root.get("version") == "2.0"
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    own = [one for one in channel.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert [one.get("type") for one in own] == ["application/rss+xml"]
    for item in channel.findall("item"):
        for name in ("title", "link", "guid", "pubDate", "description"):
            assert len(item.findall(name)) == 1, name
        assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]
        assert item.find("author") is None  # it would have to be a mail address
        assert parsedate_to_datetime(item.findtext("pubDate") or "").tzinfo is not None
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", item.findtext("pubDate") or "")
        assert len(item.findall("category")) == 2


def test_json_feed_has_all_that_the_format_wants() -> None:
    document = json.loads(written(Form.JSON, entry(1), entry(2, text=whole("All of it."), summary="")))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"].startswith("https://")
    assert document["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    for item in document["items"]:
        assert isinstance(item["id"], str)
        assert ("content_html" in item) != ("content_text" in item)
        assert datetime.fromisoformat(item["date_published"]) <= datetime.fromisoformat(item["date_modified"])
        assert all(name.startswith("_") or name in KNOWN for name in item)
    assert document["items"][1]["content_html"] == "<p>All of it.</p><p>© 2026 Herald</p>"


KNOWN = {"id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image",
         "date_published", "date_modified", "authors", "tags", "language", "attachments"}  # fmt: skip


@pytest.mark.parametrize("form", Form)
def test_nothing_hostile_gets_through(form: Form) -> None:
    body = written(form, entry(1, title=HOSTILE, summary=HOSTILE, authors=(HOSTILE,), rights=HOSTILE,
                               categories=(HOSTILE,), text=whole(HOSTILE)))  # fmt: skip
    body.decode("utf-8")
    parsed = parse_feed(body, url="https://news.example.org/x")
    assert len(parsed.items) == 1
    assert "<script" not in (parsed.items[0].content_html or "")
    if form is not Form.JSON:
        read = feedparser.parse(body)
        assert not read.bozo
        said = read.entries[0].summary_detail  # plain text may look like anything
        assert said.type == "text/plain" or "<script" not in said.value


@pytest.mark.parametrize("form", Form)
def test_whatever_an_entry_holds_its_feed_is_valid(form: Form) -> None:
    bare = {"title": "", "summary": "", "authors": (), "outlet": "", "categories": (), "language": None, "rights": None}
    entries = (
        entry(1, title=HOSTILE, summary=HOSTILE, authors=(HOSTILE,), categories=(HOSTILE,), text=whole(HOSTILE)),
        entry(2, **bare),
        entry(3, **bare, url=None, text=whole("All of it.")),
        entry(4, authors=("", " "), categories=("", "World"), language="zh-Hant-TW"),
        entry(5, url="https://herald.example/søk?q=a&c=ü"),
    )
    address = f"https://news.example.org/out/sections/w%C3%B6rld.{form.value}"
    assert complaints(form.value, written(form, *entries), address, f"{form.media_type}; charset=utf-8") == []


@pytest.mark.parametrize("form", Form)
def test_a_text_that_may_not_leave_is_nowhere(form: Form) -> None:
    assert b"All of it." not in written(form, entry(1))
    assert b"All of it." in written(form, entry(1, text=whole("All of it.")))


@pytest.mark.parametrize("form", Form)
def test_anybody_is_led_to_the_outlet_and_not_to_pages_that_are_closed(form: Form) -> None:
    story = entry(1, page="/stories/5")
    assert b"news.example.org/stories/5" in written(form, story)
    assert b"/stories/5" not in written(form, story, pages=False)
    assert b"herald.example/1" in written(form, story, pages=False)


def test_the_secret_of_an_address_is_in_its_own_address() -> None:
    place = Place("https://news.example.org", Form.ATOM, "s3cret")
    assert (
        place.self_url(FeedName("search", "sea wall"))
        == "https://news.example.org/out/search.atom?q=sea+wall&key=s3cret"
    )
