"""robots.txt: obeyed for pages, asked once, and no way to lose articles or time."""

from __future__ import annotations

import asyncio

import pytest
from fetch_world import LOOPBACK, Request, World, Writer, answer, redirect

from firsthand.model.errors import BadStatus, FetchError, RobotsRefused, TimedOut, Unreachable
from firsthand.model.feed import Fetched
from firsthand.sources.fetcher import Fetcher, FetchSettings
from firsthand.sources.robots import KEEP, KEEP_FAILURE, RobotsCache, RobotsRules, product_token

SITE = "https://news.example"


class Site:
    """Gives a robots.txt, or fails, and counts how often it was asked."""

    def __init__(self, given: bytes | FetchError) -> None:
        self.given = given
        self.asked = 0

    async def __call__(self, url: str) -> Fetched:
        self.asked += 1
        await asyncio.sleep(0)
        if isinstance(self.given, FetchError):
            raise self.given
        return Fetched(url, 200, self.given)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /private", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/news/a", True),
        ("User-agent: *\nDisallow: /\nAllow: /news", "/news/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: GPTBot\nDisallow: /", "/a", True),
        ("User-agent: GPTBot\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: firsthand\nDisallow: /no", "/a", True),
        ("User-agent: *\nAllow: /\n\nUser-Agent: Firsthand/1.0\nDisallow: /", "/a", False),
        ("User-agent: First\nDisallow: /", "/a", True),
        ("User-agent: FirsthandOther\nDisallow: /", "/a", True),
        ("USER-AGENT: * # all\r\nDISALLOW: /a # this", "/a", False),
        ("<html><body>not robots</body></html>", "/a", True),
        ("\x00\xff\n\u2028User-agent: *\u2028Disallow: /", "/a", False),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert RobotsRules(text, "Firsthand").allows(SITE + path) is allowed


@pytest.mark.parametrize(
    ("line", "delay"),
    [("2", 2), ("0.5", 0.5), ("86400", 10), ("-1", 0), ("soon", 0), ("inf", 0), ("nan", 0)],
)
def test_crawl_delay_is_bounded(line: str, delay: float) -> None:
    assert RobotsRules(f"User-agent: *\nCrawl-delay: {line}", "Firsthand").crawl_delay == delay


def test_a_hostile_file_costs_no_more_than_its_length() -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(20_000))
    rules = "".join(f"Disallow: /{number}*a*a*a*a$\n" for number in range(10_000))

    assert RobotsRules(agents + rules, "Firsthand").allows(SITE + "/" + "a" * 2000)


@pytest.mark.parametrize(
    ("agent", "token"),
    [("Firsthand/0.1 (x)", "Firsthand"), ("My-Reader 2", "My-Reader"), ("", "Firsthand"), ("(odd)", "Firsthand")],
)
def test_product_token(agent: str, token: str) -> None:
    assert product_token(agent) == token


async def test_asked_once_for_many_pages_and_again_after_a_day() -> None:
    now = 0.0
    site = Site(b"User-agent: *\nDisallow: /no")
    cache = RobotsCache(site, "Firsthand", clock=lambda: now)

    await asyncio.gather(*(cache.check(f"{SITE}/{number}") for number in range(20)))
    with pytest.raises(RobotsRefused, match=r"robots\.txt"):
        await cache.check(f"{SITE}/no")
    assert site.asked == 1

    now = KEEP
    await cache.check(f"{SITE}/1")
    assert site.asked == 2


async def test_each_origin_has_its_own() -> None:
    site = Site(b"")
    cache = RobotsCache(site, "Firsthand")
    for origin in ("https://a.example", "http://a.example", "https://a.example:8443", "https://b.example"):
        await cache.check(origin + "/x")

    assert site.asked == 4


async def test_memory_is_bounded() -> None:
    site = Site(b"")
    cache = RobotsCache(site, "Firsthand", max_origins=10)
    for number in range(50):
        await cache.check(f"https://{number}.example/")
    await cache.check("https://49.example/")
    assert site.asked == 50

    await cache.check("https://0.example/")
    assert site.asked == 51


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_site_without_robots_allows_all(status: int) -> None:
    site = Site(BadStatus(SITE, status, "No."))
    cache = RobotsCache(site, "Firsthand")

    await cache.check(f"{SITE}/a")
    await cache.check(f"{SITE}/b")

    assert site.asked == 1


@pytest.mark.parametrize(
    "failure",
    [
        BadStatus(SITE, 503, "Busy.", retry_after=7),
        BadStatus(SITE, 429, "Too many."),
        Unreachable(SITE, "Gone."),
        TimedOut(SITE, "Slow."),
    ],
)
async def test_a_failing_site_means_not_now_and_is_asked_again(failure: FetchError) -> None:
    now = 0.0
    site = Site(failure)
    cache = RobotsCache(site, "Firsthand", clock=lambda: now)

    for _ in range(2):
        with pytest.raises(type(failure), match=r"robots\.txt could not be read") as caught:
            await cache.check(f"{SITE}/a")
        assert caught.value.url == f"{SITE}/a"
    assert site.asked == 1
    if isinstance(failure, BadStatus):
        assert isinstance(caught.value, BadStatus)
        assert (caught.value.status, caught.value.retry_after) == (failure.status, failure.retry_after)

    now = KEEP_FAILURE
    site.given = b""
    await cache.check(f"{SITE}/a")


async def test_one_who_gives_up_does_not_end_the_question_for_the_others() -> None:
    site = Site(b"User-agent: *\nDisallow: /")
    cache = RobotsCache(site, "Firsthand")
    first = asyncio.create_task(cache.check(f"{SITE}/a"))
    second = asyncio.create_task(cache.check(f"{SITE}/b"))
    await asyncio.sleep(0)
    first.cancel()

    with pytest.raises(RobotsRefused):
        await second
    assert site.asked == 1


async def test_a_page_that_robots_forbids_is_not_asked_for(world: World, fetcher: Fetcher) -> None:
    world.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /no")
    world.routes["/no"] = answer(b"secret")

    with pytest.raises(RobotsRefused):
        await fetcher.get(world.url + "/no", robots=True)
    assert world.paths == ["/robots.txt"]

    await fetcher.get(world.url + "/no")  # a feed that a reader asked for
    assert world.paths == ["/robots.txt", "/no"]


async def test_a_redirect_into_what_robots_forbids(world: World, fetcher: Fetcher) -> None:
    world.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /no")
    world.routes["/yes"] = redirect("/no")

    with pytest.raises(RobotsRefused):
        await fetcher.get(world.url + "/yes", robots=True, polite=False)
    assert "/no" not in world.paths


async def test_the_setting_turns_it_off(world: World) -> None:
    world.routes["/robots.txt"] = answer(b"User-agent: *\nDisallow: /")
    world.routes["/a"] = answer(b"page")

    async with Fetcher(FetchSettings(allow_networks=("127.0.0.0/8",), robots=False)) as fetcher:
        await fetcher.get(world.url + "/a", robots=True)

    assert world.paths == ["/a"]


async def test_an_endless_robots_file_is_read_in_part(world: World, fetcher: Fetcher) -> None:
    async def endless(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nUser-agent: *\nDisallow: /no\n")
        while True:
            writer.write(b"# filler\n" * 10_000)
            await writer.drain()

    world.routes["/robots.txt"] = endless
    world.routes["/yes"] = answer(b"page")

    await fetcher.get(world.url + "/yes", robots=True, polite=False)
    with pytest.raises(RobotsRefused):
        await fetcher.get(world.url + "/no", robots=True, polite=False)


async def test_a_crawl_delay_slows_the_pages_down(world: World) -> None:
    world.routes["/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 7")
    world.routes["/a"] = answer(b"page")
    slept: list[float] = []
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    async with Fetcher(LOOPBACK, clock=lambda: now, sleep=sleep) as fetcher:
        await fetcher.get(world.url + "/a", robots=True)
        await fetcher.get(world.url + "/a", robots=True)

    assert slept == [7]


async def test_closing_ends_a_question_that_hangs(world: World) -> None:
    async def hang(request: Request, writer: Writer) -> None:
        await asyncio.sleep(60)

    world.routes["/robots.txt"] = hang
    async with Fetcher(LOOPBACK) as fetcher:
        page = asyncio.create_task(fetcher.get(world.url + "/a", robots=True))
        while not world.requests:
            await asyncio.sleep(0)
        page.cancel()
    with pytest.raises(asyncio.CancelledError):
        await page
