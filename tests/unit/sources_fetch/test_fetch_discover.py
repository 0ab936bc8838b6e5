"""Discovery: from what a reader types to the feeds behind it."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from fetch_world import Request, World, Writer, answer, redirect

from firsthand.model.errors import AddressRefused, BadStatus, NotAFeed, Unreachable
from firsthand.model.feed import FeedFormat, FeedLink
from firsthand.sources.discover import MAX_REQUESTS, discover
from firsthand.sources.fetcher import Fetcher


def rss(title: str = "Harbour Post", items: int = 2) -> bytes:
    entries = "".join(
        f"<item><title>{title} {number}</title><link>https://post.example/{title}/{number}</link></item>"
        for number in range(items)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()


def page(head: str = "", body: str = "") -> bytes:
    html = f"<!DOCTYPE html><html><head><title>Harbour Post - News</title>{head}</head><body>{body}</body></html>"
    return answer(html.encode(), content_type="text/html; charset=utf-8")


def feed(title: str = "Harbour Post", content_type: str = "application/rss+xml") -> bytes:
    return answer(rss(title), content_type=content_type)


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


@pytest.mark.parametrize(
    "content_type", ["application/rss+xml", "text/html", "text/plain", "application/octet-stream", "", "image/png"]
)
async def test_the_address_is_a_feed_whatever_its_content_type(
    world: World, fetcher: Fetcher, content_type: str
) -> None:
    world.routes["/any"] = feed(content_type=content_type)

    found = await discover(fetcher, world.url + "/any")

    assert found.page_url == world.url + "/any"
    assert found.title == "Harbour Post"
    assert found.feeds == (FeedLink(world.url + "/any", "Harbour Post", FeedFormat.RSS),)
    assert found.parsed is not None
    assert len(found.parsed[1].items) == 2
    assert len(world.requests) == 1


async def test_a_feed_that_has_moved_for_good_is_followed_there(world: World, fetcher: Fetcher) -> None:
    world.routes["/old"] = redirect("/new", "301 Moved Permanently")
    world.routes["/new"] = feed()

    found = await discover(fetcher, world.url + "/old")

    assert [one.url for one in found.feeds] == [world.url + "/new"]


async def test_a_page_with_one_feed_gives_it_read(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(link("feeds/main.xml", title="Main"))
    world.routes["/feeds/main.xml"] = feed("Main news")

    found = await discover(fetcher, world.url)

    assert found.page_url == world.url + "/"
    assert found.title == "Harbour Post - News"
    assert [one.url for one in found.feeds] == [world.url + "/feeds/main.xml"]
    assert found.parsed is not None
    assert found.parsed[1].title == "Main news"
    assert world.paths == ["/", "/feeds/main.xml"]


async def test_several_feeds_are_listed_main_first_comments_last(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(
        link("/comments/feed", title="Harbour Post » Comments Feed")
        + link("/category/sport/feed", title="Sport")
        + link("/feed", title="Harbour Post » Feed")
        + link("/feed.json", "application/feed+json")
        + link("/atom.xml", "application/atom+xml", "All news")
        + link("/feed#again")
    )

    found = await discover(fetcher, world.url)

    assert [(one.url.removeprefix(world.url), one.format) for one in found.feeds] == [
        ("/feed", FeedFormat.RSS),
        ("/feed.json", FeedFormat.JSON),
        ("/atom.xml", FeedFormat.ATOM),
        ("/category/sport/feed", FeedFormat.RSS),
        ("/comments/feed", FeedFormat.RSS),
    ]
    assert found.feeds[1].title == "Harbour Post - News"
    assert found.parsed is None
    assert world.paths == ["/"]


async def test_what_is_alternate_but_no_feed_is_not_listed(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(
        '<link rel="alternate" hreflang="de" href="/de/">'
        + link("/wp-json/wp/v2/pages/7", "application/json", "JSON")
        + link("/oembed?url=x", "application/json+oembed")
        + link("/print", "text/html")
        + link("javascript:alert(1)")
        + link("http://[broken/")
        + '<link rel="stylesheet" href="/rss.css">'
        + link("/news.xml", "text/xml")
    )
    world.routes["/news.xml"] = feed()

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/news.xml"]


async def test_relative_addresses_go_by_the_base(world: World, fetcher: Fetcher) -> None:
    world.routes["/a/b/"] = page(f'<base href="{world.url}/elsewhere/">' + link("feed.xml"))
    world.routes["/elsewhere/feed.xml"] = feed()

    found = await discover(fetcher, world.url + "/a/b/")

    assert [one.url for one in found.feeds] == [world.url + "/elsewhere/feed.xml"]


async def test_a_link_in_the_page_that_says_rss(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(
        body='<a href="/about">About</a> <a href="/feedback">Feedback</a> <a href="/xml/all">RSS</a>'
        '<a href="https://www.facebook.com/feed/">feed</a>'
    )
    world.routes["/xml/all"] = feed()

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/xml/all"]
    assert "/about" not in world.paths
    assert "/feedback" not in world.paths


async def test_a_page_about_feeds_is_looked_through(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(body='<a href="/rss">RSS</a>')
    world.routes["/rss"] = page(body='<a href="/rss/world.xml">World</a><a href="/rss/sport.xml">Sport</a>')
    world.routes["/rss/world.xml"] = feed("World")
    world.routes["/rss/sport.xml"] = feed("Sport")

    found = await discover(fetcher, world.url)

    assert [one.title for one in found.feeds] == ["World", "Sport"]


async def test_an_article_that_declares_its_sites_feed(world: World, fetcher: Fetcher) -> None:
    world.routes["/2024/a-story"] = page(link("/feed"))
    world.routes["/feed"] = feed()

    found = await discover(fetcher, world.url + "/2024/a-story")

    assert [one.url for one in found.feeds] == [world.url + "/feed"]


async def test_an_article_without_links_leads_to_its_sites_front_page(world: World, fetcher: Fetcher) -> None:
    world.routes["/2024/a-story"] = page(link("/2024/a-story/feed", title="Comments on: A story"))
    world.routes["/"] = page(link("/main.rss"))
    world.routes["/main.rss"] = feed()

    found = await discover(fetcher, world.url + "/2024/a-story")

    assert found.page_url == world.url + "/"
    assert [one.url for one in found.feeds] == [world.url + "/main.rss"]


async def test_comments_are_better_than_nothing(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(link("/comments/feed"))

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/comments/feed"]


@pytest.mark.parametrize("path", ["/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/?feed=rss2"])
async def test_well_known_paths(world: World, fetcher: Fetcher, path: str) -> None:
    world.routes["/"] = page()
    world.routes[path] = feed()

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + path]
    assert found.parsed is not None


async def test_one_feed_under_several_well_known_paths_is_listed_once(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page()
    for path in ("/feed", "/rss", "/feed.xml"):
        world.routes[path] = feed()

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/feed"]


async def test_a_declared_feed_that_is_gone_gives_way_to_one_that_is_there(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(link("/dead.xml"))
    world.routes["/rss.xml"] = feed()

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/rss.xml"]


async def test_a_declared_feed_that_is_ill_today_is_still_listed(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(link("/ill.xml"))
    world.routes["/ill.xml"] = answer(b"", "503 Service Unavailable")

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/ill.xml"]
    assert found.parsed is None


async def test_a_site_that_refuses_its_page_but_gives_its_feed(world: World, fetcher: Fetcher) -> None:
    world.routes["/story"] = answer(b"no robots", "403 Forbidden")
    world.routes["/"] = answer(b"no robots", "403 Forbidden")
    world.routes["/rss"] = feed()

    found = await discover(fetcher, world.url + "/story")

    assert [one.url for one in found.feeds] == [world.url + "/rss"]


NEWS = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://post.example/1</loc><news:news>
 <news:publication><news:name>Harbour Post</news:name><news:language>en</news:language></news:publication>
 <news:publication_date>2024-05-01T10:00:00Z</news:publication_date><news:title>Bridge opens</news:title></news:news>
 </url></urlset>"""
PLAIN = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
 <url><loc>https://post.example/about</loc></url></urlset>"""


async def test_a_news_sitemap_of_robots_txt(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page()
    world.routes["/robots.txt"] = answer(f"Sitemap: {world.url}/all.xml\nsitemap: /news-map.xml".encode())
    world.routes["/all.xml"] = answer(PLAIN)
    world.routes["/news-map.xml"] = answer(NEWS)

    found = await discover(fetcher, world.url)

    assert [(one.url, one.format) for one in found.feeds] == [(world.url + "/news-map.xml", FeedFormat.SITEMAP)]
    assert found.parsed is not None
    assert found.parsed[1].items[0].title == "Bridge opens"


async def test_a_news_sitemap_in_a_sitemap_index_and_gzipped(world: World, fetcher: Fetcher) -> None:
    index = "".join(f"<sitemap><loc>{world.url}/map{number}.xml</loc></sitemap>" for number in range(500))
    index += f"<sitemap><loc> {world.url}/google-news.xml.gz?a=1&amp;b=2 </loc></sitemap>"
    world.routes["/"] = page()
    world.routes["/robots.txt"] = answer(f"Sitemap: {world.url}/index-of-maps.xml".encode())
    world.routes["/index-of-maps.xml"] = answer(f"<sitemapindex>{index}</sitemapindex>".encode())
    world.routes["/google-news.xml.gz?a=1&b=2"] = answer(gzip.compress(NEWS), content_type="application/x-gzip")

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/google-news.xml.gz?a=1&b=2"]
    assert len(world.requests) <= MAX_REQUESTS


async def test_no_feed_anywhere_says_what_to_do_and_asks_little(world: World, fetcher: Fetcher) -> None:
    hints = "".join(f'<a href="/feeds/{number}">RSS</a>' for number in range(1000))
    world.routes["/a/b"] = page(body=hints)
    world.routes["/"] = page(body=hints)
    world.routes["/robots.txt"] = answer("".join(f"Sitemap: /{number}.xml\n" for number in range(1000)).encode())

    with pytest.raises(NotAFeed, match=r"No feed was found at 127\.0\.0\.1\.") as caught:
        await discover(fetcher, world.url + "/a/b")

    assert "RSS" in caught.value.remedy
    assert len(world.requests) <= MAX_REQUESTS


async def test_an_address_that_is_gone_on_a_site_without_feeds(world: World, fetcher: Fetcher) -> None:
    with pytest.raises(BadStatus, match="404"):
        await discover(fetcher, world.url + "/gone")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"%PDF-1.7 not a page",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"\x00" * 1000,
        b"<html>" + b"<div>" * 50_000,
        b"{}",
        b"<?xml version='1.0'?><note/>",
        "<html><head><title>Zażółć \ud83d</title></head>".encode("utf-16", "surrogatepass"),
    ],
)
async def test_pages_that_are_none(world: World, fetcher: Fetcher, body: bytes) -> None:
    world.routes["/"] = answer(body, content_type="text/html; charset=nonsense")

    with pytest.raises(NotAFeed):
        await discover(fetcher, world.url)


@pytest.mark.parametrize(
    "typed", ["127.0.0.1:{port}", "//127.0.0.1:{port}/", " 127.0.0.1:{port}/#top\n", "feed://127.0.0.1:{port}"]
)
async def test_a_bare_host_is_tried_with_https_and_then_http(fetcher: Fetcher, typed: str) -> None:
    seen: list[bytes] = []

    async def http_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(1)
        seen.append(first)
        if first == b"G":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(feed())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(http_only, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    found = await discover(fetcher, typed.format(port=port))

    assert found.feeds[0].url == f"http://127.0.0.1:{port}/"
    assert seen == [b"\x16", b"G"]
    server.close()


async def test_feed_scheme_in_front_of_a_whole_address(world: World, fetcher: Fetcher) -> None:
    world.routes["/x"] = feed()

    found = await discover(fetcher, f"feed:{world.url}/x")

    assert found.feeds[0].url == world.url + "/x"


async def test_a_host_that_answers_neither_way_gives_the_first_error(fetcher: Fetcher) -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()

    with pytest.raises(Unreachable) as caught:
        await discover(fetcher, f"127.0.0.1:{port}")
    assert caught.value.url.startswith("https://")


@pytest.mark.parametrize(
    "typed", ["", "the harbour post", "ftp://example.com/feed", "192.168.0.1", "javascript:alert(1)"]
)
async def test_what_cannot_be_looked_for(fetcher: Fetcher, typed: str) -> None:
    with pytest.raises(AddressRefused):
        await discover(fetcher, typed)


async def test_hostile_titles_are_clean(world: World, fetcher: Fetcher) -> None:
    world.routes["/"] = page(
        '<meta property="og:site_name" content="Post\x1b[31m &#0;\n Daily">'
        + link("/a", title="A\x07 <b>bold</b>")
        + link("/b", title="x" * 5000)
    )

    found = await discover(fetcher, world.url)

    assert found.title.startswith("Post")
    assert "\x1b" not in found.title
    assert "\x07" not in found.feeds[0].title
    assert len(found.feeds[1].title) <= 200


async def test_a_tarpit_among_the_guesses_does_not_lose_the_feed(world: World, fetcher: Fetcher) -> None:
    async def broken(request: Request, writer: Writer) -> None:
        writer.close()

    world.routes["/"] = page()
    world.routes["/feed"] = broken
    world.routes["/rss"] = feed()

    found = await discover(fetcher, world.url)

    assert [one.url for one in found.feeds] == [world.url + "/rss"]
