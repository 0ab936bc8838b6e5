"""Fetching from a real server: validators, redirects, statuses, limits, broken answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from fetch_world import LOOPBACK, Request, World, Writer, answer, redirect

from firsthand.model.errors import (
    AddressRefused,
    BadResponse,
    BadStatus,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from firsthand.model.feed import Fetched, NotModified
from firsthand.sources.fetcher import Fetcher, FetchSettings


async def test_a_body_with_what_the_headers_say(world: World, fetcher: Fetcher) -> None:
    world.routes["/feed"] = answer(
        b"<rss/>",
        content_type="application/rss+xml; charset=utf-8",
        etag='W/"abc"',
        last_modified="Sat, 04 Sep 2021 08:49:00 GMT",
        cache_control="public, max-age=600",
        age="60",
    )

    got = await fetcher.get(world.url + "/feed#part", accept="application/rss+xml")

    assert got == Fetched(
        url=world.url + "/feed",
        status=200,
        body=b"<rss/>",
        content_type="application/rss+xml; charset=utf-8",
        etag='W/"abc"',
        last_modified="Sat, 04 Sep 2021 08:49:00 GMT",
        moved_to=None,
        max_age=timedelta(seconds=540),
    )
    sent = world.requests[0].headers
    assert sent["user-agent"] == "Firsthand/0.1 (self-hosted news reader)"
    assert sent["accept"] == "application/rss+xml"
    assert sent["accept-encoding"] == "gzip, deflate, br, zstd"
    assert "if-none-match" not in sent
    assert "cookie" not in sent


async def test_what_has_not_changed_is_not_sent_again(world: World, fetcher: Fetcher) -> None:
    def route(request: Request) -> bytes:
        if request.headers.get("if-none-match") == '"one"':
            return answer(b"", "304 Not Modified", cache_control="max-age=60")
        return answer(b"<rss/>", etag='"one"', last_modified="Sat, 04 Sep 2021 08:49:00 GMT")

    world.routes["/feed"] = route
    first = await fetcher.get(world.url + "/feed", polite=False)
    assert isinstance(first, Fetched)

    second = await fetcher.get(world.url + "/feed", etag=first.etag, last_modified=first.last_modified, polite=False)

    assert second == NotModified(world.url + "/feed", None, timedelta(seconds=60))
    assert world.requests[1].headers["if-modified-since"] == "Sat, 04 Sep 2021 08:49:00 GMT"


async def test_304_without_a_question_is_an_error(world: World, fetcher: Fetcher) -> None:
    world.routes["/feed"] = answer(b"", "304 Not Modified")

    with pytest.raises(BadStatus, match="304"):
        await fetcher.get(world.url + "/feed")


@pytest.mark.parametrize("etag", ['"a"\r\nX-Injected: 1', "", " ", '"é"', '"' + "a" * 2000 + '"', '"\x00"'])
async def test_a_validator_that_no_header_may_hold_is_not_sent(world: World, fetcher: Fetcher, etag: str) -> None:
    world.routes["/feed"] = answer(b"<rss/>")

    await fetcher.get(world.url + "/feed", etag=etag, polite=False)

    assert "if-none-match" not in world.requests[0].headers
    assert "x-injected" not in world.requests[0].headers


async def test_an_absurd_validator_is_not_kept(world: World, fetcher: Fetcher) -> None:
    world.routes["/feed"] = answer(b"<rss/>", etag='"' + "a" * 5000 + '"', last_modified="\xe9t\xe9")

    got = await fetcher.get(world.url + "/feed")

    assert isinstance(got, Fetched)
    assert got.etag is None
    assert got.last_modified is None


@pytest.mark.parametrize(
    ("hops", "moved"),
    [
        (["301 Moved Permanently"], True),
        (["308 Permanent Redirect", "301 Moved Permanently"], True),
        (["302 Found"], False),
        (["301 Moved Permanently", "302 Found"], False),
        (["307 Temporary Redirect", "301 Moved Permanently"], False),
        (["303 See Other"], False),
    ],
)
async def test_only_an_unbroken_permanent_chain_moves(
    world: World, fetcher: Fetcher, hops: list[str], moved: bool
) -> None:
    for number, status in enumerate(hops):
        world.routes[f"/{number}"] = redirect(f"/{number + 1}", status)
    world.routes[f"/{len(hops)}"] = answer(b"<rss/>")

    got = await fetcher.get(world.url + "/0", polite=False)

    assert got.url == f"{world.url}/{len(hops)}"
    assert got.moved_to == (got.url if moved else None)


async def test_a_move_is_told_with_304_too(world: World, fetcher: Fetcher) -> None:
    world.routes["/old"] = redirect("/new", "301 Moved Permanently")
    world.routes["/new"] = answer(b"", "304 Not Modified")

    got = await fetcher.get(world.url + "/old", etag='"x"', polite=False)

    assert got == NotModified(world.url + "/new", moved_to=world.url + "/new")


async def test_a_redirect_to_itself_is_a_circle(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = redirect("/b")
    world.routes["/b"] = redirect("/a")

    with pytest.raises(TooManyRedirects, match="circle"):
        await fetcher.get(world.url + "/a", polite=False)
    assert world.paths == ["/a", "/b"]


async def test_endless_redirects_end(world: World, fetcher: Fetcher) -> None:
    for number in range(50):
        world.routes[f"/{number}"] = redirect(f"/{number + 1}")

    with pytest.raises(TooManyRedirects, match="more than 10 times"):
        await fetcher.get(world.url + "/0", polite=False)
    assert len(world.requests) == 11


async def test_a_cookie_wall_is_passed_and_the_cookie_forgotten(world: World, fetcher: Fetcher) -> None:
    def wall(request: Request) -> bytes:
        if request.headers.get("cookie") == "seen=1":
            return answer(b"inside")
        return redirect("/page", set_cookie="seen=1; Path=/; HttpOnly")

    world.routes["/page"] = wall
    got = await fetcher.get(world.url + "/page", polite=False)
    await fetcher.get(world.url + "/page", polite=False)

    assert isinstance(got, Fetched)
    assert got.body == b"inside"
    assert [request.headers.get("cookie") for request in world.requests] == [None, "seen=1", None, "seen=1"]


async def test_cookies_do_not_travel_to_other_hosts(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = redirect(f"http://localhost:{world.port}/b", set_cookie="secret=1")
    world.routes["/b"] = answer(b"there")

    await fetcher.get(world.url + "/a", polite=False)

    assert "cookie" not in world.requests[1].headers


@pytest.mark.parametrize("location", ["", "javascript:alert(1)", "file:///etc/passwd", "http://a b/"])
async def test_a_redirect_to_what_is_no_web_address(world: World, fetcher: Fetcher, location: str) -> None:
    world.routes["/a"] = redirect(location)

    with pytest.raises(BadResponse, match="not a web address"):
        await fetcher.get(world.url + "/a")


async def test_a_redirect_without_a_location(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = answer(b"", "302 Found")

    with pytest.raises(BadResponse):
        await fetcher.get(world.url + "/a")


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://2130706433/"],
)
async def test_a_redirect_into_a_private_network_is_refused(world: World, fetcher: Fetcher, target: str) -> None:
    world.routes["/a"] = redirect(target)

    with pytest.raises(AddressRefused):
        await fetcher.get(world.url + "/a")


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("404 Not Found", "Check the address"),
        ("410 Gone", "unfollow"),
        ("403 Forbidden", "programs"),
        ("500 Internal Server Error", "asked again"),
        ("429 Too Many Requests", "less often"),
        ("299 Odd", None),
        ("204 No Content", ""),
        ("599 Odd", "asked again"),
    ],
)
async def test_statuses(world: World, fetcher: Fetcher, status: str, remedy: str | None) -> None:
    world.routes["/a"] = answer(b"", status)
    if remedy is None:
        assert isinstance(await fetcher.get(world.url + "/a"), Fetched)
        return

    with pytest.raises(BadStatus, match=status[:3]) as caught:
        await fetcher.get(world.url + "/a")

    assert caught.value.status == int(status[:3])
    assert caught.value.url == world.url + "/a"
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sat, 04 Sep 2021 09:00:00 GMT", 660),
        ("Sat, 04 Sep 2021 08:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("999999999999999999999", 30 * 24 * 3600),
    ],
)
async def test_retry_after(world: World, value: str, seconds: float | None) -> None:
    world.routes["/a"] = answer(b"", "503 Service Unavailable", retry_after=value)

    async with Fetcher(LOOPBACK, now=lambda: datetime(2021, 9, 4, 8, 49, tzinfo=UTC)) as fetcher:
        with pytest.raises(BadStatus) as caught:
            await fetcher.get(world.url + "/a")

    assert caught.value.retry_after == seconds


async def test_a_body_beyond_the_limit_is_not_read(world: World, fetcher: Fetcher) -> None:
    async def endless(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            await writer.drain()

    world.routes["/endless"] = endless
    world.routes["/announced"] = answer(b"", content_length="16000000")

    with pytest.raises(TooLarge, match="15 MB"):
        await fetcher.get(world.url + "/endless")
    with pytest.raises(TooLarge, match="15 MB"):
        await fetcher.get(world.url + "/announced")


async def test_a_smaller_limit_for_one_address(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = answer(bytes(1001))

    with pytest.raises(TooLarge, match="1,000 bytes"):
        await fetcher.get(world.url + "/a", max_bytes=1000, polite=False)
    got = await fetcher.get(world.url + "/a", max_bytes=1001, polite=False)
    assert isinstance(got, Fetched)
    assert len(got.body) == 1001


async def test_a_slow_drip_times_out(world: World) -> None:
    async def drip(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    world.routes["/drip"] = drip
    settings = FetchSettings(allow_networks=("127.0.0.0/8",), timeout=timedelta(seconds=0.3))

    async with Fetcher(settings) as fetcher:
        with pytest.raises(TimedOut):
            await fetcher.get(world.url + "/drip")


async def test_the_time_limit_holds_for_a_whole_chain(world: World) -> None:
    async def slow(request: Request, writer: Writer) -> None:
        await asyncio.sleep(0.2)
        writer.write(redirect(request.path + "x"))

    for number in range(12):
        world.routes["/" + "x" * number] = slow
    settings = FetchSettings(allow_networks=("127.0.0.0/8",), timeout=timedelta(seconds=0.5))

    async with Fetcher(settings) as fetcher:
        with pytest.raises(TimedOut):
            await fetcher.get(world.url + "/", polite=False)
    assert len(world.requests) <= 4


async def test_headers_that_never_end_time_out_or_break(world: World) -> None:
    async def endless(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(b"X-%d: %s\r\n" % (number, b"y" * 1000))
            await writer.drain()

    world.routes["/bomb"] = endless
    async with Fetcher(LOOPBACK) as fetcher:
        with pytest.raises(BadResponse):
            await fetcher.get(world.url + "/bomb")


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus one\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/9.9 twohundred\r\n\r\n",
        b"<html>not http at all</html>\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
async def test_broken_http_is_a_bad_response(world: World, fetcher: Fetcher, raw: bytes) -> None:
    async def broken(request: Request, writer: Writer) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    world.routes["/a"] = broken

    with pytest.raises(BadResponse) as caught:
        await fetcher.get(world.url + "/a")
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message


async def test_a_connection_closed_without_an_answer(world: World, fetcher: Fetcher) -> None:
    async def hang_up(request: Request, writer: Writer) -> None:
        writer.close()

    world.routes["/a"] = hang_up

    with pytest.raises(Unreachable, match="closed the connection"):
        await fetcher.get(world.url + "/a")


async def test_a_body_that_ends_with_the_connection(world: World, fetcher: Fetcher) -> None:
    async def old_style(request: Request, writer: Writer) -> None:
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss/>")
        await writer.drain()
        writer.close()

    world.routes["/a"] = old_style

    got = await fetcher.get(world.url + "/a")

    assert isinstance(got, Fetched)
    assert got.body == b"<rss/>"


async def test_nobody_listens(fetcher: Fetcher) -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()

    with pytest.raises(Unreachable, match="refused the connection"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://example.com/", "http://", "javascript:alert(1)", "http://\x00/"]
)
async def test_what_is_no_web_address(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(AddressRefused, match="not a web address"):
        await fetcher.get(url)


async def test_a_proxy_of_the_environment_is_not_used(
    world: World, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    world.routes["/a"] = answer(b"direct")

    got = await fetcher.get(world.url + "/a")

    assert isinstance(got, Fetched)
    assert got.body == b"direct"


async def test_connections_are_used_again(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = answer(b"<rss/>")

    for _ in range(5):
        await fetcher.get(world.url + "/a", polite=False)

    assert world.connections == 1


async def test_a_fetcher_that_is_not_open() -> None:
    with pytest.raises(RuntimeError, match="not open"):
        await Fetcher(LOOPBACK).get("http://127.0.0.1:8000/")
