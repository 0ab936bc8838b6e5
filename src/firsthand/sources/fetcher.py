"""Fetching: one address to its body, politely and safely.

The way of a request, in order, for each hop of a redirect chain:

1. the guard looks at the address (scheme, port, literal hosts)
2. robots.txt is asked, for pages
3. the host's politeness gives a turn
4. the transport connects, the guard seeing each socket's address, and reads within limits
5. a redirect begins again at 1; a body is inflated within the limit
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from firsthand.model.errors import AddressRefused, BadResponse, BadStatus, TooManyRedirects
from firsthand.model.feed import Fetched, NotModified
from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url
from firsthand.sources import robots as robots_rules
from firsthand.sources.decoding import ACCEPT_ENCODING, BadCoding, InflatedTooLarge, decode
from firsthand.sources.guard import AddressGuard
from firsthand.sources.httpcache import freshness, retry_after, validator
from firsthand.sources.politeness import HostResting, Politeness

if TYPE_CHECKING:
    from firsthand.sources.transport import Answer, Lookup, Transport

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.8"
)
"""Accept header for a feed: some servers give their HTML page to who does not ask for more."""

PAGE_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"

ANY_ACCEPT = (
    "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, */*;q=0.8"
)
"""For an address that may be a page or a feed."""

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_FOR_GOOD = frozenset((301, 308))
_RESTING = frozenset((429, 503))
_NO_BODY = frozenset((204, 205, 206))
_MAX_CONTENT_TYPE = 200
_MAX_LINKS = 4000
_MAX_COOKIE = 4096


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch; section `fetch` of the configuration."""

    user_agent: str = "Firsthand/0.1 (self-hosted news reader)"
    """The name under which outlets see us. Say who you are, if you run this for many."""
    timeout: timedelta = timedelta(seconds=20)
    """For one address with all its redirects, not counting the wait for a host's turn."""
    max_bytes: int = 15_000_000
    """The largest body, both on the wire and inflated."""
    allow_networks: tuple[str, ...] = ()
    """Networks that may be fetched from although they are not public, in CIDR form."""
    host_delay: timedelta = timedelta(seconds=1)
    """Between the starts of two requests to one host."""
    host_concurrency: int = 2
    """Requests to one host at the same time."""
    max_redirects: int = 10
    """Redirects that are followed from one address."""
    robots: bool = True
    """Whether to ask robots.txt before a page is fetched."""
    max_connections: int = 200
    """Requests at the same time, over all hosts."""
    dns_cache: timedelta = timedelta(seconds=60)
    """How long an address found for a name is used again; zero to ask each time."""


@dataclass(slots=True)
class _Trip:
    """One call of `get` on its way through redirects."""

    url: str
    headers: dict[str, str]
    polite: bool
    robots: bool
    limit: int
    truncate: bool
    left: float
    """Seconds of network time that are left."""
    for_good: bool = True
    """Every redirect so far was permanent."""
    hops: int = 0
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)


class Fetcher:
    """Gets addresses. An async context manager; one for a whole process, since it pools connections.

    Args:
        settings: see `FetchSettings`.
        lookup: host names to addresses; the system's resolver if None. Its answers are guarded like any.
        clock, sleep: monotonic seconds, and waiting for some; for politeness and robots.txt.
        now: aware UTC, for dates in headers where a server sends no Date.

    Raises:
        ConfigError: a network of `settings.allow_networks` is none.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        lookup: Lookup | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings or FetchSettings()
        self._guard = AddressGuard(self.settings.allow_networks)
        self._lookup = lookup
        self._now = now
        self._politeness = Politeness(
            delay=self.settings.host_delay.total_seconds(),
            concurrency=self.settings.host_concurrency,
            clock=clock,
            sleep=sleep,
        )
        self._robots = robots_rules.RobotsCache(
            self._get_robots,
            robots_rules.product_token(self.settings.user_agent),
            on_delay=self._politeness.slow_down,
            clock=clock,
        )
        self._connections = asyncio.Semaphore(self.settings.max_connections)
        self._transport: Transport | None = None

    async def __aenter__(self) -> Self:
        from firsthand.sources.transport import Transport  # aiohttp takes 0.2 s to import, which no --help should pay

        self._transport = Transport(
            self._guard,
            self.settings.user_agent,
            lookup=self._lookup,
            dns_seconds=int(self.settings.dns_cache.total_seconds()),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        transport, self._transport = self._transport, None
        await self._robots.close()
        if transport is not None:
            await transport.close()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = "*/*",
        polite: bool = True,
        robots: bool = False,
        max_bytes: int | None = None,
    ) -> Fetched | NotModified:
        """The body at `url`, or word that what we hold is current.

        Args:
            etag, last_modified: validators of what we hold, as an earlier `Fetched` gave them.
            polite: keep the delay between requests to a host, and its rest after Retry-After. False for an address
                that a reader asked for just now; host concurrency is kept in any case.
            robots: obey robots.txt, where the settings do.
            max_bytes: another limit than the settings' for the body, on the wire and inflated.

        Raises:
            AddressRefused: the address, or one it redirects to, is not one that may be fetched.
            Unreachable, TimedOut, TooLarge, TooManyRedirects, BadResponse: as their names say.
            BadStatus: an answer other than success, with `retry_after`; also without a request, while the host rests.
            RobotsRefused: `robots`, and the site asks not to fetch it.
        """
        headers = {"Accept": accept, "Accept-Encoding": ACCEPT_ENCODING}
        if (tag := validator(etag)) is not None:
            headers["If-None-Match"] = tag
        if (date := validator(last_modified)) is not None:
            headers["If-Modified-Since"] = date
        limit = self.settings.max_bytes if max_bytes is None else max_bytes
        return await self._travel(self._trip(url, headers, polite, robots and self.settings.robots, limit))

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = 20.0, max_bytes: int = 64_000
    ) -> Answer:
        """Send `body` to an address that a reader or a hub named, behind the same guard as everything that is fetched.

        A redirect is an answer like any: what is sent goes to nobody but whom it was meant for. Of an answer other than
        success no body is read.

        Raises:
            AddressRefused: the address is not one that may be connected to.
            Unreachable, TimedOut, BadResponse: as their names say.
        """
        address = absolute_url(None, url)
        transport = self._transport
        if transport is None:
            raise RuntimeError("the Fetcher is not open: use it as `async with Fetcher(settings) as fetcher`")
        if address is None:
            raise AddressRefused(url, f"{one_line(url)[:200]!r} is not a web address.", "Give an http(s) address.")
        self._guard.check_url(address)
        async with self._connections:
            return await transport.ask(address, headers, limit=max_bytes, seconds=seconds, truncate=True, post=body)

    async def _get_robots(self, url: str) -> Fetched:
        headers = {"Accept": "text/plain, */*;q=0.8", "Accept-Encoding": ACCEPT_ENCODING}
        trip = self._trip(url, headers, False, False, robots_rules.MAX_BYTES, truncate=True)
        answer = await self._travel(trip)
        assert isinstance(answer, Fetched)  # no validators were sent
        return answer

    def _trip(
        self, url: str, headers: dict[str, str], polite: bool, robots: bool, limit: int, *, truncate: bool = False
    ) -> _Trip:
        address = absolute_url(None, url)
        if address is None:
            shown = one_line(url)[:200]
            raise AddressRefused(
                url, f"{shown!r} is not a web address that can be fetched.", "Give an http(s) address."
            )
        left = self.settings.timeout.total_seconds()
        return _Trip(address.partition("#")[0], headers, polite, robots, limit, truncate, left)

    async def _travel(self, trip: _Trip) -> Fetched | NotModified:
        while True:
            self._guard.check_url(trip.url)
            if trip.robots:
                await self._robots.check(trip.url)
            answer = await self._ask(trip)
            if answer.status not in _REDIRECTS:
                return self._arrive(trip, answer)
            self._redirect(trip, answer)

    async def _ask(self, trip: _Trip) -> Answer:
        """One hop's request, within its host's turn."""
        transport = self._transport
        if transport is None:
            raise RuntimeError("the Fetcher is not open: use it as `async with Fetcher(settings) as fetcher`")
        host = _authority(trip.url)
        try:
            await self._politeness.enter(host, polite=trip.polite)
        except HostResting as resting:
            raise BadStatus(
                trip.url,
                429,
                f"{_host(trip.url)} asked to be left alone for a while.",
                "It will be asked again after that.",
                retry_after=resting.seconds,
            ) from None
        try:
            async with self._connections:
                loop_time = asyncio.get_running_loop().time
                began = loop_time()
                headers = trip.headers
                if cookies := trip.cookies.get(host):
                    headers = headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
                answer = await transport.ask(
                    trip.url, headers, limit=trip.limit, seconds=trip.left, truncate=trip.truncate
                )
                trip.left -= loop_time() - began
                return answer
        finally:
            self._politeness.leave(host, polite=trip.polite)

    def _redirect(self, trip: _Trip, answer: Answer) -> None:
        """Turn `trip` to where the answer points.

        Cookies that a redirect sets are given back to the same host for the rest of this trip and then forgotten:
        consent and load-balancer walls redirect to themselves until their cookie comes back.
        """
        target = absolute_url(trip.url, answer.headers.get("Location", ""))
        if target is None:
            shown = one_line(answer.headers.get("Location", ""))[:200]
            raise BadResponse(trip.url, f"{_host(trip.url)} redirects to {shown!r}, which is not a web address.")
        trip.seen.add((trip.url, _cookie_state(trip)))
        if answer.cookies:
            jar = trip.cookies.setdefault(_authority(trip.url), {})
            jar.update((name, value) for name, value in answer.cookies.items() if _plain_cookie(name, value))
        downgrade = trip.url.startswith("https:") and target.startswith("http:")
        trip.for_good = trip.for_good and answer.status in _FOR_GOOD and not downgrade
        trip.hops += 1
        trip.url = target.partition("#")[0]
        if (trip.url, _cookie_state(trip)) in trip.seen:
            raise TooManyRedirects(trip.url, f"{_host(trip.url)} redirects in a circle.", "The outlet has to mend it.")
        if trip.hops > self.settings.max_redirects:
            raise TooManyRedirects(
                trip.url,
                f"The address redirects more than {self.settings.max_redirects} times.",
                "Use its last address.",
            )

    def _arrive(self, trip: _Trip, answer: Answer) -> Fetched | NotModified:
        status, headers = answer.status, answer.headers
        moved_to = trip.url if trip.hops and trip.for_good else None
        if status == 304 and ("If-None-Match" in trip.headers or "If-Modified-Since" in trip.headers):
            return NotModified(trip.url, moved_to, freshness(headers, self._now()))
        if not 200 <= status < 300 or status in _NO_BODY:
            raise self._bad_status(trip, answer)
        coding = headers.get("Content-Encoding", "")
        try:
            body = decode(answer.body, coding, trip.limit, truncate=trip.truncate)
        except InflatedTooLarge:
            from firsthand.sources.transport import too_large

            raise too_large(trip.url, trip.limit) from None
        except BadCoding as error:
            raise BadResponse(trip.url, f"What {_host(trip.url)} sends cannot be read: {error}.") from error
        return Fetched(
            url=trip.url,
            status=status,
            body=body,
            content_type=one_line(headers.get("Content-Type", ""))[:_MAX_CONTENT_TYPE],
            etag=validator(headers.get("ETag")),
            last_modified=validator(headers.get("Last-Modified")),
            moved_to=moved_to,
            max_age=freshness(headers, self._now()),
            links=one_line(", ".join(value for name, value in headers.items() if name.lower() == "link"))[:_MAX_LINKS],
        )

    def _bad_status(self, trip: _Trip, answer: Answer) -> BadStatus:
        wait = retry_after(answer.headers, self._now()) if answer.status in _RESTING else None
        if wait:
            self._politeness.rest(_authority(trip.url), wait)
        try:
            phrase = f"{answer.status} {HTTPStatus(answer.status).phrase}"
        except ValueError:
            phrase = str(answer.status)
        return BadStatus(
            trip.url, answer.status, f"{_host(trip.url)} answered {phrase}.", _remedy(answer.status), retry_after=wait
        )


_REMEDIES: Mapping[int, str] = {
    401: "It wants a sign-in, which Firsthand does not have.",
    402: "It wants to be paid.",
    403: "The outlet does not let programs read it.",
    404: "Check the address, or follow the outlet's site again to find its feed.",
    410: "The outlet has taken it away for good; unfollow it, or follow its site again.",
    429: "It will be asked less often.",
    451: "It is withheld for legal reasons.",
}


def _remedy(status: int) -> str:
    if status >= 500:
        return "The trouble is at the outlet; it will be asked again."
    return _REMEDIES.get(status, "")


def _authority(url: str) -> str:
    """Host and port: what robots.txt and politeness go by (RFC 9309 §2.3)."""
    return urlsplit(url).netloc


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _plain_cookie(name: str, value: str) -> bool:
    text = name + value
    return len(text) < _MAX_COOKIE and text.isascii() and text.isprintable() and ";" not in text


def _cookie_state(trip: _Trip) -> str:
    jar = trip.cookies.get(_authority(trip.url))
    return "" if not jar else repr(sorted(jar.items()))
