"""Discovery: from whatever address a reader gives to the feeds behind it.

The ways, in order; each is gone only where those before found nothing:

1. the address is a feed
2. its page declares feeds (`<link rel=alternate>`)
3. its page links to what looks like a feed, or to a page about feeds
4. the site's front page does either
5. well-known paths
6. news sitemaps that robots.txt names

What is declared is believed; what is guessed is tried. All of it keeps within `MAX_REQUESTS` and `MAX_SECONDS`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from firsthand.model.errors import AddressRefused, BadStatus, FetchError, NotAFeed, TimedOut, Unreachable
from firsthand.model.feed import FeedFormat, FeedLink, Fetched, ParsedFeed
from firsthand.model.text import one_line, unescaped
from firsthand.model.urls import absolute_url, url_key
from firsthand.sources.feeds import parse_feed
from firsthand.sources.fetcher import ANY_ACCEPT, FEED_ACCEPT, PAGE_ACCEPT, Fetcher
from firsthand.sources.links import PageLinks, best_first, is_comments, is_html, read_links

MAX_REQUESTS = 30
MAX_SECONDS = 60.0

# Where the systems that most sites run on keep their feed: WordPress and Ghost, Hugo, Jekyll, Blogger, Substack,
# Drupal, Squarespace, Escenic.
WELL_KNOWN_PATHS = (
    "/feed",
    "/rss",
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/?feed=rss2",
    "/feeds/posts/default",
    "/rss/news",
    "/?format=rss",
)
_BATCH = 4
_MAX_HINTS = 6
_MAX_SITEMAPS = 4
_NEWS_NAMESPACE = b"schemas/sitemap-news"
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,2000}?)\s*(?:\]\]>)?\s*</loc>")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Discovery:
    """The feeds behind an address."""

    page_url: str
    """Where the address led in the end; the feed itself if it is one."""
    title: str
    feeds: tuple[FeedLink, ...]
    """At least one, best first."""
    parsed: tuple[Fetched, ParsedFeed] | None
    """The one feed, as it was read, where there is only one and it could be read already."""


async def discover(fetcher: Fetcher, url: str) -> Discovery:
    """Find the feeds behind `url`: a feed, a site ("example.com" will do), or an article's address.

    Raises:
        FetchError: the address itself cannot be had, and its site gives no feed either.
        NotAFeed: no feed was found.
    """
    return await _Search(fetcher).run(url)


@dataclass(frozen=True, slots=True)
class _Found:
    """A guess that turned out to be a feed."""

    link: FeedLink
    answer: Fetched
    feed: ParsedFeed


class _Search:
    """One search, with what it may still spend and what it has already tried."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._requests = MAX_REQUESTS
        self._until = asyncio.get_running_loop().time() + MAX_SECONDS
        self._tried: set[str] = set()

    async def run(self, given: str) -> Discovery:
        error: FetchError | None = None
        page: Fetched | None = None
        try:
            page = await self._open(given)
        except BadStatus as status:  # a site may refuse its pages to programs and still give its feed
            error = status
        url = page.url if page is not None else _candidates(given)[0]
        links = PageLinks()
        if page is not None:
            self._tried.add(_key(page.url))
            found = await self._read(FeedLink(page.url), page)
            if found is not None:
                return _one(found)
            links = await asyncio.to_thread(read_links, page.body, page.url, page.content_type)
        discovery = await self._from_page(url, links) or await self._from_site(url, links.title)
        if discovery is not None:
            return discovery
        if links.feeds:  # comments only, but what the page itself declares
            return Discovery(url, links.title, links.feeds, None)
        if error is not None:
            raise error
        raise NotAFeed(
            f"No feed was found at {urlsplit(url).hostname}.",
            'Look on its site for a link named "RSS" or "feed" and give that address.',
        )

    async def _open(self, given: str) -> Fetched:
        """The page at the address as given; a bare host is tried with https, then with http."""
        candidates = _candidates(given)
        first: FetchError | None = None
        for url in candidates:
            try:
                return await self._get(url, ANY_ACCEPT)
            except (AddressRefused, BadStatus):
                raise
            except FetchError as error:
                first = first or error
        assert first is not None
        raise first

    async def _from_page(self, url: str, links: PageLinks) -> Discovery | None:
        """What a page declares, else those of its hints that are feeds."""
        if any(not is_comments(link) for link in links.feeds):
            declared = await self._declared(url, links)
            if declared is not None:
                return declared
        found = await self._try_hints(links.hints)
        return _several(url, links.title, found) if found else None

    async def _declared(self, url: str, links: PageLinks) -> Discovery | None:
        """Several feeds are listed as they are declared; a single one is looked at, and dropped if it is none."""
        if len(links.feeds) > 1:
            return Discovery(url, links.title, links.feeds, None)
        link = links.feeds[0]
        try:
            found = await self._fetch_feed(link)
        except (TimedOut, Unreachable, BadStatus) as error:
            if isinstance(error, BadStatus) and error.status < 500 and error.status != 429:
                return None
            return Discovery(url, links.title, links.feeds, None)  # it may be well tomorrow
        except FetchError:
            return None
        return _one(found, url, links.title) if found is not None else None

    async def _from_site(self, url: str, title: str) -> Discovery | None:
        """The site's front page, its well-known paths, its news sitemaps."""
        root = urljoin(url, "/")
        if _key(root) not in self._tried:
            page = await self._get_or_none(root, PAGE_ACCEPT)
            if page is not None:
                found = await self._read(FeedLink(page.url), page)
                if found is not None:
                    return _one(found)
                links = await asyncio.to_thread(read_links, page.body, page.url, page.content_type)
                title = links.title or title
                if (discovery := await self._from_page(page.url, links)) is not None:
                    return discovery
                root = urljoin(page.url, "/")
        for at in range(0, len(WELL_KNOWN_PATHS), _BATCH):
            guesses = [FeedLink(urljoin(root, path), title) for path in WELL_KNOWN_PATHS[at : at + _BATCH]]
            if found_feeds := await self._try_all(guesses):
                return _several(root, title, found_feeds)
        sitemaps = await self._news_sitemaps(root)
        return _several(root, title, sitemaps) if sitemaps else None

    async def _try_hints(self, hints: Sequence[FeedLink]) -> list[_Found]:
        """Hints that are feeds; where one is a page about feeds ("RSS"), those that it links to."""
        found: list[_Found] = []
        pages: list[Fetched] = []
        for result in await self._in_parallel(hints[:_MAX_HINTS]):
            if isinstance(result, _Found):
                found.append(result)
            elif result is not None and is_html(result.body):
                pages.append(result)
        if found or not pages:
            return found
        links = await asyncio.to_thread(read_links, pages[0].body, pages[0].url, pages[0].content_type)
        return await self._try_all([*links.feeds, *links.hints][:_MAX_HINTS])

    async def _news_sitemaps(self, root: str) -> list[_Found]:
        """News sitemaps that robots.txt names, directly or through one sitemap index."""
        robots = await self._get_or_none(urljoin(root, "/robots.txt"), "text/plain, */*;q=0.8")
        if robots is None:
            return []
        named = _SITEMAP_LINE.findall(robots.body[:500_000].decode("utf-8", "replace"))
        found: list[_Found] = []
        children: list[str] = []
        for sitemap in await self._sitemaps(root, named):
            if b"<sitemapindex" in sitemap.body[:4096]:
                children += [_text(match) for match in _LOCATION.findall(sitemap.body[:2_000_000])]
            else:
                found += await self._if_news(sitemap)
        if not found:
            for sitemap in await self._sitemaps(root, [child for child in children if "news" in child.lower()]):
                found += await self._if_news(sitemap)
        return found

    async def _sitemaps(self, root: str, addresses: Iterable[str]) -> list[Fetched]:
        """The few most promising of these sitemaps: those that have "news" in their address come first."""
        absolute = [url for address in addresses if (url := absolute_url(root, address)) is not None]
        best = sorted(dict.fromkeys(absolute), key=lambda url: "news" not in url.lower())[:_MAX_SITEMAPS]
        answers = await asyncio.gather(*(self._get_or_none(url, FEED_ACCEPT) for url in best))
        return [answer for answer in answers if answer is not None]

    async def _if_news(self, sitemap: Fetched) -> list[_Found]:
        if _NEWS_NAMESPACE not in sitemap.body[:4096]:
            return []
        found = await self._read(FeedLink(sitemap.url, "", FeedFormat.SITEMAP), sitemap)
        return [found] if found is not None and found.feed.items else []

    async def _try_all(self, links: Sequence[FeedLink]) -> list[_Found]:
        return [result for result in await self._in_parallel(links) if isinstance(result, _Found)]

    async def _in_parallel(self, links: Sequence[FeedLink]) -> list[_Found | Fetched | None]:
        """For each link the feed that it is, else what it is, else None where it cannot be had or was tried before."""
        fresh: list[FeedLink] = []
        for link in links:
            if _key(link.url) not in self._tried:
                self._tried.add(_key(link.url))
                fresh.append(link)
        return list(await asyncio.gather(*(self._try(link) for link in fresh)))

    async def _try(self, link: FeedLink) -> _Found | Fetched | None:
        answer = await self._get_or_none(link.url, FEED_ACCEPT)
        if answer is None:
            return None
        return await self._read(link, answer) or answer

    async def _fetch_feed(self, link: FeedLink) -> _Found | None:
        self._tried.add(_key(link.url))
        return await self._read(link, await self._get(link.url, FEED_ACCEPT))

    async def _read(self, link: FeedLink, answer: Fetched) -> _Found | None:
        """The feed that an answer is, or None. On a thread: a page of 15 MB must not hold up the others."""
        if is_html(answer.body):
            return None
        try:
            feed = await asyncio.to_thread(parse_feed, answer.body, url=answer.url, content_type=answer.content_type)
        except NotAFeed:
            return None
        url = answer.moved_to or link.url
        return _Found(FeedLink(url, one_line(feed.title) or link.title, feed.format), answer, feed)

    async def _get_or_none(self, url: str, accept: str) -> Fetched | None:
        """For guesses: that one cannot be had only means that it is not the one."""
        try:
            return await self._get(url, accept)
        except FetchError:
            return None

    async def _get(self, url: str, accept: str) -> Fetched:
        self._requests -= 1
        if self._requests < 0 or asyncio.get_running_loop().time() > self._until:
            raise TimedOut(url, f"The search for feeds at {urlsplit(url).hostname} took too long.")
        answer = await self._fetcher.get(url, accept=accept, polite=False)
        assert isinstance(answer, Fetched)  # no validators were sent
        return answer


def _candidates(given: str) -> list[str]:
    """The addresses that a reader can mean, likeliest first."""
    text = re.sub(r"^feed:(?://(?=https?:))?", "", one_line(given), flags=re.IGNORECASE)  # as old browsers wrote it
    if _SCHEME.match(text):
        urls = [absolute_url(None, text)]
    else:
        bare = text.removeprefix("//")
        urls = [absolute_url(None, f"https://{bare}"), absolute_url(None, f"http://{bare}")]
    found = [url.partition("#")[0] for url in urls if url is not None]
    if not found:
        raise AddressRefused(given, f"{text[:200]!r} is not a web address.", "Give one such as example.com/news.")
    return found


def _one(found: _Found, page_url: str | None = None, title: str = "") -> Discovery:
    return Discovery(page_url or found.answer.url, title or found.link.title, (found.link,), (found.answer, found.feed))


def _several(page_url: str, title: str, found: Sequence[_Found]) -> Discovery:
    """Feeds that were tried, one for each content: sites give the same one under several addresses."""
    unique: dict[object, _Found] = {}
    for one in found:
        items = tuple(item.id for item in one.feed.items[:20])
        unique.setdefault(items or one.answer.url, one)
    links = best_first([one.link for one in unique.values()])
    if len(links) == 1:
        only = next(one for one in unique.values() if one.link == links[0])
        return _one(only, page_url, title)
    return Discovery(page_url, title, links, None)


def _key(url: str) -> str:
    return url_key(url) or url


def _text(location: bytes) -> str:
    return unescaped(location.decode("utf-8", "replace"))
