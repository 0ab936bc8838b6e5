"""robots.txt (RFC 9309): which pages a site asks not to have fetched, and how slowly it wants to be asked."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from firsthand.model.errors import BadStatus, FetchError, RobotsRefused, TooManyRedirects
from firsthand.model.feed import Fetched

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 500 * 1024
"""RFC 9309 §2.5: at least so much is to be read; the rest is not."""

KEEP = 24 * 3600.0
"""Seconds that an answer is believed (RFC 9309 §2.4: not more than a day)."""

KEEP_FAILURE = 300.0
"""Seconds after which a robots.txt that could not be read is asked for again."""

LONGEST_DELAY = 10.0
"""Seconds; a longer Crawl-delay is cut to this. News of a busy outlet would never be read otherwise."""

_TOKEN = re.compile(r"[A-Za-z_-]+")
_USER_AGENT_LINE = re.compile(r"(\s*user[-\s]?agent\s*[:\s]\s*)([^#]*)", re.IGNORECASE)


class RobotsRules:
    """One site's robots.txt, as it concerns one product token ("Firsthand")."""

    __slots__ = ("_parsed", "_token", "crawl_delay")

    def __init__(self, text: str, token: str) -> None:
        from protego import Protego

        self._token = token
        self._parsed: Protego = Protego.parse(_own_groups(text, token))
        delay = self._parsed.crawl_delay(token)
        self.crawl_delay: float = 0.0 if delay is None else min(max(delay, 0.0), LONGEST_DELAY)

    def allows(self, url: str) -> bool:
        """Whether `url` of this site may be fetched."""
        return bool(self._parsed.can_fetch(url, self._token))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an origin until `until`. No rules and no error: everything is allowed."""

    until: float
    rules: RobotsRules | None = None
    error: FetchError | None = None


class RobotsCache:
    """Asks each origin for its robots.txt once a day, and once however many pages wait for it.

    Args:
        fetch: gets a robots.txt, its body cut at `MAX_BYTES`; raises FetchError.
        token: the product token that groups of robots.txt name.
        on_delay: told host (with port) and seconds where a Crawl-delay is asked for.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[Fetched]],
        token: str,
        *,
        on_delay: Callable[[str, float], None] = lambda host, seconds: None,
        clock: Callable[[], float] = time.monotonic,
        max_origins: int = 1000,
    ) -> None:
        self._fetch = fetch
        self._token = token
        self._on_delay = on_delay
        self._clock = clock
        self._max_origins = max_origins
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Task[_Known]] = {}

    async def check(self, url: str) -> None:
        """Let `url` pass if its site does.

        A robots.txt that cannot be read because the site fails (5xx, 429, no connection) is taken as "not now"
        (RFC 9309 §2.3.1.4): its own error is raised, so that the page is tried again later and not given up.

        Raises:
            RobotsRefused: the site asks not to fetch this page.
            FetchError: the site's robots.txt cannot be had at present.
        """
        parts = urlsplit(url)
        if parts.path == "/robots.txt":
            return
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(origin)
        if known is None or known.until <= self._clock():
            known = await self._ask(origin, parts.netloc)
        if known.error is not None:
            raise _not_now(url, known.error)
        if known.rules is not None and not known.rules.allows(url):
            raise RobotsRefused(
                url,
                f"{parts.hostname} asks programs not to fetch this page (robots.txt).",
                "Read it at the outlet's own site.",
            )

    async def close(self) -> None:
        """End what is still being asked."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, origin: str, host: str) -> _Known:
        """One question per origin; a caller that is cancelled does not end it for the others."""
        task = self._asking.get(origin)
        if task is None:
            task = self._asking[origin] = asyncio.create_task(self._learn(origin, host))
            task.add_done_callback(lambda _: self._asking.pop(origin, None))
        return await asyncio.shield(task)

    async def _learn(self, origin: str, host: str) -> _Known:
        now = self._clock
        try:
            answer = await self._fetch(origin + "/robots.txt")
        except BadStatus as error:
            if error.status >= 500 or error.status == 429:
                known = _Known(now() + KEEP_FAILURE, error=error)
            else:  # RFC 9309 §2.3.1.3: "unavailable" means that everything may be fetched
                known = _Known(now() + KEEP)
        except TooManyRedirects:  # §2.3.1.2: as if it were unavailable
            known = _Known(now() + KEEP)
        except FetchError as error:
            known = _Known(now() + KEEP_FAILURE, error=error)
        else:
            rules = await self._read(answer.body)
            if rules.crawl_delay:
                self._on_delay(host, rules.crawl_delay)
            known = _Known(now() + KEEP, rules=rules)
        self._known[origin] = known
        self._known.move_to_end(origin)
        while len(self._known) > self._max_origins:
            self._known.popitem(last=False)
        return known

    async def _read(self, body: bytes) -> RobotsRules:
        text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
        if len(text) < 64 * 1024:
            return RobotsRules(text, self._token)
        return await asyncio.to_thread(RobotsRules, text, self._token)  # a full one takes a good part of a second


def _not_now(url: str, error: FetchError) -> FetchError:
    """A fresh error for the page `url` from one that its robots.txt gave, of the same class."""
    message = f"robots.txt could not be read, so this page is not fetched now: {error.message}"
    if isinstance(error, BadStatus):
        return BadStatus(url, error.status, message, error.remedy, error.retry_after)
    return type(error)(url, message, error.remedy)


def product_token(user_agent: str) -> str:
    """The name that robots.txt knows a program by: `Firsthand/0.1 (…)` gives "Firsthand" (RFC 9309 §2.2.1)."""
    match = _TOKEN.match(user_agent)
    return match[0] if match else "Firsthand"


def _own_groups(text: str, token: str) -> str:
    """`text` with every User-agent line but ours and `*` under one foreign name.

    Groups keep their extent, and a file of 15,000 agents times 15,000 rules costs no more than its length.
    """

    def renamed(line: str) -> str:
        match = _USER_AGENT_LINE.match(line)
        if match is None:
            return line
        name = match[2].strip()
        product = _TOKEN.match(name)
        if name != "*":
            name = token if product is not None and product[0].lower() == token.lower() else "x-another"
        return match[1] + name

    return "\n".join(renamed(line) for line in text.splitlines())
