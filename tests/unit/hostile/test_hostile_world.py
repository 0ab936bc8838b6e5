"""Hostile outlets through the whole of it: fetched, parsed, read, kept, and shown. The process goes on, what is well is
not hindered, each trouble is told in words, and what is shown is clean."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from hostile_world import OUTLETS, PROSE, World

from app_running import serving
from firsthand.analyze.isolated import IsolatedAnalyst
from firsthand.cli.house import House
from firsthand.config import Settings
from firsthand.model.errors import FirsthandError
from firsthand.model.records import HeldArticle, ReadState
from firsthand.pipeline import PipelineSettings
from firsthand.sources.fetcher import FetchSettings
from firsthand.web.settings import WebSettings

FAILING = sorted(name for name, outlet in OUTLETS.items() if outlet.fails)
WELL = sorted(name for name, outlet in OUTLETS.items() if not outlet.fails)
TIMEOUT = timedelta(seconds=15)


@dataclass
class Scene:
    """The app after it has met all outlets once."""

    base: str
    house: House
    call: Callable[..., object]
    world: World
    ids: dict[str, int]
    """Each outlet's feed."""
    articles: dict[str, list[HeldArticle]]
    """Each outlet's articles, by its name."""

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.base + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    settings = Settings(
        data=tmp_path_factory.mktemp("hostile"),
        web=WebSettings(port=0),
        fetch=FetchSettings(allow_networks=("127.0.0.0/8",), host_delay=timedelta(0), timeout=TIMEOUT),
        pipeline=PipelineSettings(analyze=False, entries_per_feed=500),  # some are analyzed below
    )
    with World() as world, serving(settings) as (base, house, call):
        now = datetime.now(UTC)
        ids = {name: house.desk.follow_known(world.address(name), title=name, now=now).id for name in OUTLETS}
        call(house.pipeline.run_once())
        articles: dict[str, list[HeldArticle]] = {name: [] for name in OUTLETS}
        for held in house.store.articles.export():
            articles[held.outlet.domain.partition(".")[0]].append(held)
        yield Scene(base, house, call, world, ids, articles)


def test_what_is_well_arrives_whole_beside_all_that_is_not(scene: Scene) -> None:
    (held,) = scene.articles["good"]
    assert held.state is ReadState.WHOLE
    assert held.article.headline == "Ferry is free again"
    assert PROSE in held.article.text
    status, text = scene.get(f"/articles/{held.id}")
    assert status == 200
    assert PROSE in text


@pytest.mark.parametrize("name", FAILING)
def test_a_feed_that_fails_says_why_in_its_own_words(scene: Scene, name: str) -> None:
    feed = scene.house.store.feeds.get(scene.ids[name])
    assert feed.failing_since is not None
    assert feed.failure
    assert any(words in feed.failure for words in OUTLETS[name].fails), feed.failure
    assert "error in Firsthand itself" not in feed.failure
    assert feed.failure.isprintable()
    assert len(feed.failure) < 500
    assert feed.last_poll is not None
    assert feed.next_poll > feed.last_poll
    page = lxml.html.fromstring(scene.get("/feeds")[1])
    (entry,) = page.xpath(f'//ul[contains(@class, "feeds")]/li[.//a[@href="/feeds/{feed.id}"]]')
    said = " ".join(entry.text_content().split())
    assert "Failing since" in said
    assert any(words in said for words in OUTLETS[name].fails), said


@pytest.mark.parametrize("name", WELL)
def test_a_feed_that_can_be_read_is_read(scene: Scene, name: str) -> None:
    feed = scene.house.store.feeds.get(scene.ids[name])
    assert feed.failing_since is None, feed.failure
    assert bool(scene.articles[name]) is not OUTLETS[name].quiet


def test_nothing_is_left_hanging(scene: Scene) -> None:
    """Every page was tried: what is still pending says why, and is tried again later."""
    with_page = [held for name in OUTLETS for held in scene.articles[name] if held.article.url]
    assert len(with_page) > 8
    assert [held.article.url for held in with_page if held.state is ReadState.PENDING and not held.problem] == []
    problems = [held for name in ("bombpage", "away") for held in scene.articles[name]]
    assert len(problems) == 2
    assert all(held.state is ReadState.SUMMARY and held.problem for held in problems)


def test_what_is_too_much_is_cut(scene: Scene) -> None:
    assert len(scene.articles["many"]) == 500
    assert "100000" in (scene.house.store.feeds.get(scene.ids["many"]).note or "").replace(",", "")
    assert len(scene.articles["same"]) == 1
    (long,) = scene.articles["longtitle"]
    assert len(long.article.headline or "") < 2000
    _, text = scene.get("/")
    assert len(text) < 1_000_000


def test_no_entity_is_expanded_and_no_file_is_read(scene: Scene) -> None:
    everything = json.dumps([one.article.headline for name in OUTLETS for one in scene.articles[name]])
    assert "hahaha" not in everything
    assert "root:" not in everything
    assert ("leak", "/outside.dtd") not in scene.world.asked


def test_what_lies_about_its_encoding_is_read_by_what_it_is(scene: Scene) -> None:
    (held,) = scene.articles["liar"]
    assert held.article.headline == "Überflutung in Nørrebro"


def test_impossible_dates_are_no_dates_and_put_nothing_at_the_top_for_ever(scene: Scene) -> None:
    now = datetime.now(UTC)
    assert len(scene.articles["dates"]) == 10
    for held in scene.articles["dates"]:
        assert held.article.published is None or 1900 < held.article.published.at.year < 2200
    rows = scene.house.store.articles.front(1, before=None, limit=1000, unread_only=False)
    assert all(row.sort_at <= now for row in rows)


def test_asked_again_everything_is_as_it_was(scene: Scene) -> None:
    names = [name for name in WELL if name != "many"]
    before = {name: sorted(held.id for held in scene.articles[name]) for name in names}
    for name in names:
        scene.house.store.feeds.poll_now(scene.ids[name], datetime.now(UTC))
    scene.call(scene.house.pipeline.run_once())
    after: dict[str, list[int]] = {name: [] for name in names}
    for held in scene.house.store.articles.export():
        name = held.outlet.domain.partition(".")[0]
        if name in after:
            after[name].append(held.id)
    assert {name: sorted(ids) for name, ids in after.items()} == before


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────────────────

OWN = re.compile(r"/(?![/\\]).*|#.*|\?.*", re.DOTALL)
SOURCES = re.compile(r"/(?:static/|image\?).*")
LINKED = re.compile(r"/manifest\.webmanifest|/out/[a-z]+(?:/[\w%-]+)?\.(?:atom|rss|json)(?:\?q=[\w%+.-]*)?")
"""What a `link` may name besides: what installs the app, and our own feeds, which a browser only offers."""
ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "poster",
    "data",
    "background",
    "cite",
    "xlink:href",
    "ping",
)
HARMLESS = {"hidden", "open", "required", "checked", "selected", "disabled"}


def faults(text: str) -> list[str]:
    """What in a page could run, load or lead where it must not."""
    found = [f"control character {hit!r}" for hit in re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text)]
    page = lxml.html.document_fromstring(text)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.lower()
        if tag in {"iframe", "object", "embed", "style", "svg", "math", "base", "frame", "applet", "template"}:
            found.append(f"<{tag}>")
        if tag == "script" and not (element.get("src", "").startswith("/static/") and not element.text_content()):
            found.append("a script of its own")
        if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
            found.append("refresh")
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style" or name == "srcdoc":
                found.append(f"{tag}[{name}={value[:60]}]")
            if name in ADDRESSES and not allowed(tag, name, value):
                found.append(f"{tag}[{name}={value[:80]}]")
    return found


def allowed(tag: str, name: str, value: str) -> bool:
    if tag == "link" and name == "href" and LINKED.fullmatch(value):
        return True
    if tag in {"img", "script"} or (tag == "link" and name == "href"):
        return SOURCES.fullmatch(value) is not None
    if tag == "a" and name == "href" and urlsplit(value).scheme in {"http", "https"}:
        return "@" not in urlsplit(value).netloc
    return OWN.fullmatch(value) is not None


def test_the_check_itself_finds_what_it_looks_for() -> None:
    for evil in (
        "<script>x</script>", "<p onclick=x>", "<a href='javascript:x'>", "<img src='https://evil.example/x'>", "<p style='x'>",
        "<svg></svg>", "<a href='//evil.example'>", "<form action='https://evil.example'>", "<img src=/image srcset='x 2x'>", "\x1b",
        "<script src='https://evil.example/x'></script>", "<a href='data:text/html,x'>", "<link rel=stylesheet href='http://x/'>",
    ):  # fmt: skip
        assert faults(f"<html><body>{evil}</body></html>"), evil
    assert not faults(
        "<html><body><a href='https://a.example/'>x</a><img src='/image?u=x&s=y'><a href='#top'>y</a></body></html>"
    )


def pages(scene: Scene) -> list[str]:
    articles = [f"/articles/{held.id}" for name in OUTLETS for held in scene.articles[name][:12]]
    feeds = [f"/feeds/{number}" for number in scene.ids.values()]
    outlets = [f"/outlets/{held.outlet.id}" for name in OUTLETS for held in scene.articles[name][:1]]
    lists = [
        "/",
        "/?show=unread",
        "/feeds",
        "/follow",
        "/saved",
        "/settings",
        "/search?q=ferry",
        "/search?q=script",
        "/search?q=hurt",
    ]
    return lists + articles + feeds + outlets


def test_every_page_is_clean(scene: Scene) -> None:
    checked = pages(scene)
    assert len(checked) > 100
    found: dict[str, list[str]] = {}
    for path in checked:
        status, text = scene.get(path)
        assert status == 200, path
        if wrong := faults(text):
            found[path] = wrong[:5]
    assert found == {}


def test_every_older_page_of_the_front_is_clean(scene: Scene) -> None:
    path, seen = "/", 0
    while path and seen < 60:
        status, text = scene.get(path)
        assert status == 200
        assert faults(text) == []
        link = lxml.html.fromstring(text).xpath('//a[@rel="next"]')
        path, seen = (link[0].get("href") if link else ""), seen + 1
    assert seen > 5


def test_the_poisoned_article_is_an_article_all_the_same(scene: Scene) -> None:
    held = next(one for one in scene.articles["poison"] if (one.article.url or "").endswith("/poison"))
    assert held.state is ReadState.WHOLE
    assert PROSE in held.article.text
    assert "hurt()" not in held.article.text.replace("<script>hurt()</script>", "").replace("onerror=hurt()", "")
    assert held.article.canonical_url is None or held.article.canonical_url.startswith("http")
    assert all(link.url.startswith("http") for link in held.article.links)
    _, text = scene.get(f"/articles/{held.id}")
    body = lxml.html.fromstring(text)
    assert "hurt" not in " ".join(
        f"{name}={value}"
        for one in body.iter()
        if isinstance(one.tag, str)
        for name, value in one.attrib.items()
        if name not in {"title", "alt"}
    )


def test_items_whose_links_are_none_stand_without_a_link(scene: Scene) -> None:
    without = [held for held in scene.articles["poison"] if not (held.article.url or "").endswith("/poison")]
    assert len(without) == 5
    assert all(held.article.url is None or held.article.url.startswith("http") for held in without)
    assert not any("user:word" in json.dumps(held.article.url) for held in without)


def test_the_picture_proxy_gives_pictures_or_nothing(scene: Scene) -> None:
    links = set()
    for path in pages(scene):
        links.update(one.get("src") for one in lxml.html.fromstring(scene.get(path)[1]).iter("img"))
    assert links
    for link in links:
        assert link.startswith("/image?")
        assert urlsplit(parse_qs(urlsplit(link).query)["u"][0]).scheme in {"http", "https"}
        status, headers, body = picture(scene, link)
        if status == 200:
            assert headers["content-type"] in {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"}
            assert headers["content-security-policy"].startswith("default-src 'none'; sandbox")
            assert headers["x-content-type-options"] == "nosniff"
        else:
            assert (status, body) == (502, b"")


def picture(scene: Scene, link: str) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(scene.base + link) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_what_is_exported_is_clean_too(scene: Scene) -> None:
    opml = scene.get("/opml")[1]
    assert lxml.etree.fromstring(opml.encode()) is not None
    assert "javascript:" not in opml
    from firsthand.model.jsonform import article_to_json

    for name in OUTLETS:
        for held in scene.articles[name]:
            text = json.dumps(article_to_json(held.article), ensure_ascii=False)
            text.encode("utf-8")  # no lone surrogate
            assert "\\u0000" not in text


def test_what_is_found_in_hostile_articles_lies_within_them(scene: Scene) -> None:
    analyst = IsolatedAnalyst()
    try:
        for name in ("good", "poison", "longtitle", "halves", "nuls", "dates", "etag"):
            for held in scene.articles[name][:3]:
                analysis = analyst(held.article)
                assert analysis.failed == (), (name, analysis.failed)
                for statement in analysis.statements:
                    for span in statement.content:
                        assert 0 <= span.start < span.end <= len(held.article.text)
    finally:
        analyst.close()


# ── Asked for by a reader ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [name for name in sorted(OUTLETS) if name not in {"drip", "silent"}])
@pytest.mark.parametrize("path", ["/feed", "/"])
def test_what_a_reader_types_is_found_or_refused_in_words(scene: Scene, name: str, path: str) -> None:
    try:
        scene.call(scene.house.desk.following.find(scene.world.address(name, path)))
    except FirsthandError as error:
        said = error.message
        assert said.endswith((".", "…"))
        assert said.isprintable()
        assert len(said) < 600


def test_at_the_end_it_still_answers(scene: Scene) -> None:
    assert scene.get("/healthz") == (200, "ok\n")
    assert scene.get("/")[0] == 200
