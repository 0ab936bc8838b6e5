"""The demo world on loopback: one server, eight hosts, articles that come out as time passes."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from types import TracebackType
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from firsthand.demo.content import RUN, DemoArticle, load_world
from firsthand.demo.feeds import Channel, write_feed
from firsthand.demo.outlets import BY_ID, OUTLETS, FeedKind, Outlet
from firsthand.demo.pages import Pages, stylesheet
from firsthand.demo.pictures import paint
from firsthand.demo.site import Site
from firsthand.model.errors import ConfigError

_START_LIMIT = 10.0
"""Seconds that the server may take to start, or to stop."""


class DemoFeed(NamedTuple):
    """A feed of the demo, as a list of starters names it. `kind` is the outlet's kind; `country` is ""."""

    outlet: str
    kind: str
    country: str
    url: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the run: an article is published, revised or withdrawn."""

    at: datetime
    what: str
    """"published", "revised" or "withdrawn"."""
    article: DemoArticle


class DemoWorld:
    """Eight outlets, served on 127.0.0.1 as `http://<outlet>.localhost:<port>/`.

    A third of the articles is out at `start`; the others come out over `duration`. What is out follows `clock`, which
    tells aware UTC time (default: the real clock); `publish_next` and `publish_all` step past it by hand. The port
    is bound at once, so that addresses are known; `start` serves, `stop` ends, and a world is a context manager.

    Raises:
        ConfigError: the port is taken or may not be used.
    """

    def __init__(
        self,
        start: datetime,
        *,
        duration: timedelta = RUN,
        port: int = 0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.world = load_world(start, duration)
        self.begins = start
        self.ends = start + duration
        self._clock = clock or (lambda: datetime.now(UTC))
        self._stepped = start
        self._socket = _bind(port)
        self.port: int = self._socket.getsockname()[1]
        self.site = Site(self.world, self.port)
        self._pages = Pages(self.site)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._happenings = _happenings(self.world.articles)

    def start(self) -> None:
        """Serve, in a thread of its own; returns when the server answers."""
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "HEAD"])])
        config = uvicorn.Config(
            app, log_level="error", access_log=False, lifespan="off", timeout_graceful_shutdown=1, server_header=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="firsthand-demo", daemon=True
        )
        self._thread.start()
        limit = time.monotonic() + _START_LIMIT
        while not self._server.started:
            if time.monotonic() > limit or not self._thread.is_alive():
                raise ConfigError("The demo's server did not start.", "Try again with another port.")
            time.sleep(0.01)

    def stop(self) -> None:
        """End serving and free the port. Safe to call twice."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_START_LIMIT)
        self._server = self._thread = None
        self._socket.close()

    def __enter__(self) -> DemoWorld:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def now(self) -> datetime:
        """The world's time: the clock's, or what was stepped to by hand where that is later."""
        return max(self._clock(), self._stepped)

    def publish_next(self) -> tuple[Happening, ...]:
        """Step to the next time at which something happens, and tell what; () when all has happened."""
        now = self.now()
        ahead = [one for one in self._happenings if one.at > now]
        if not ahead:
            return ()
        self._stepped = ahead[0].at
        return tuple(one for one in ahead if one.at == ahead[0].at)

    def publish_all(self) -> None:
        """Step to the end of the run, with all revisions and withdrawals."""
        self._stepped = max(self._stepped, self.ends)

    def feeds(self) -> list[DemoFeed]:
        """One feed per outlet."""
        return [DemoFeed(one.name, one.kind, one.country, self.site.feed(one)) for one in OUTLETS]

    @property
    def opml(self) -> bytes:
        """The feeds as OPML 2.0, in folders by kind of outlet."""
        lines = ['<?xml version="1.0" encoding="utf-8"?>', '<opml version="2.0">']
        lines += ["<head><title>Firsthand demo</title></head>", "<body>"]
        for kind in dict.fromkeys(outlet.kind for outlet in OUTLETS):
            lines.append(f"<outline text={quoteattr(kind.capitalize())}>")
            for outlet in (one for one in OUTLETS if one.kind == kind):
                name, feed, home = (quoteattr(v) for v in (outlet.name, self.site.feed(outlet), self.home(outlet)))
                lines.append(f'<outline type="rss" text={name} title={name} xmlUrl={feed} htmlUrl={home}/>')
            lines.append("</outline>")
        return "\n".join([*lines, "</body>", "</opml>", ""]).encode()

    def home(self, outlet: Outlet | str) -> str:
        """The address of an outlet's front page; the outlet may be named by its id."""
        return self.site.home(BY_ID[outlet] if isinstance(outlet, str) else outlet) + "/"

    def url(self, article: DemoArticle | str) -> str:
        """The canonical address of an article, which may be named by its id."""
        return self.site.url(self.world.article(article) if isinstance(article, str) else article)

    async def _answer(self, request: Request) -> Response:
        """One request, answered by the host that it names."""
        host = (request.headers.get("host") or "").partition(":")[0].lower()
        outlet = BY_ID.get(host.removesuffix(".localhost"))
        if outlet is None or not host.endswith(".localhost"):
            return Response(self._directory(), 404, media_type="text/html")
        path, now = "/" + request.path_params["path"], self.now()
        if path == "/robots.txt":
            return Response(self._robots(outlet), media_type="text/plain")
        if path == "/assets/site.css":
            return Response(stylesheet(outlet), media_type="text/css", headers={"Cache-Control": "max-age=3600"})
        if picture := self.site.picture(outlet, path):
            body = paint(picture.scene, picture.seed)
            return Response(body, media_type="image/png", headers={"Cache-Control": "max-age=86400"})
        changed = self.site.changed(outlet, now) or self.begins
        if path == outlet.feed_path:
            channel = Channel(outlet, self.site.home(outlet), self.site.feed(outlet), changed.astimezone(outlet.zone))
            content_type, body = write_feed(channel, self._pages.entries(outlet, now))
            return _conditional(request, body, content_type, changed)
        section = self.site.section(outlet, path)
        if path == "/" or section is not None:
            return _conditional(request, self._pages.front(outlet, now, section), _html(outlet), changed)
        return self._article(request, outlet, path, now)

    def _article(self, request: Request, outlet: Outlet, path: str, now: datetime) -> Response:
        """An article's page; 404 before it is out, 410 after it was withdrawn, or the status that it always has."""
        article = self.site.page(outlet, path)
        if article is None or article.out > now:
            return _refusal(404, "Not found", "There is no page at this address.")
        if not article.stands(now):
            return _refusal(410, "Gone", "This article has been removed.")
        if article.status != 200:
            return _refusal(article.status, "Access denied", "Automated access to this page is not permitted.")
        return _conditional(request, self._pages.article(article, now), _html(outlet), article.changed(now))

    def _robots(self, outlet: Outlet) -> str:
        lines = ["User-agent: *", "Disallow: /search", "Disallow: /account"]
        if outlet.feed is FeedKind.NEWS_SITEMAP:
            lines += ["", f"Sitemap: {self.site.feed(outlet)}"]
        return "\n".join([*lines, ""])

    def _directory(self) -> str:
        links = "".join(f'<li><a href="{self.home(one)}">{one.name}</a></li>' for one in OUTLETS)
        return f"<!doctype html><title>Firsthand demo</title><h1>The outlets of the demo</h1><ul>{links}</ul>"


def _bind(port: int) -> socket.socket:
    # The protocol is named, or asyncio leaves Nagle's algorithm on and small answers wait 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        sock.close()
        raise ConfigError(f"The demo cannot use port {port}: {error}.", "Choose another, or 0 for any.") from error
    return sock


def _happenings(articles: tuple[DemoArticle, ...]) -> list[Happening]:
    found = [Happening(one.out, "published", one) for one in articles]
    found += [Happening(edition.at, "revised", one) for one in articles for edition in one.editions[1:]]
    found += [Happening(one.withdrawn, "withdrawn", one) for one in articles if one.withdrawn]
    return sorted(found, key=lambda one: (one.at, one.article.id))


def _conditional(request: Request, body: bytes, content_type: str, changed: datetime) -> Response:
    """The answer with validators; 304 where the request holds the current state (RFC 9110, section 13.2.2)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {
        "ETag": etag,
        "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True),
        "Cache-Control": "max-age=5",
        "Content-Type": content_type,
    }
    held = request.headers.get("if-none-match")
    if held is not None:
        fresh = etag in {tag.strip().removeprefix("W/") for tag in held.split(",")}
    else:
        fresh = _not_later(changed, request.headers.get("if-modified-since"))
    return Response(None, 304, headers) if fresh else Response(body, 200, headers)


def _not_later(changed: datetime, since: str | None) -> bool:
    """Whether `changed` is not after the date of an If-Modified-Since header; False without a readable one."""
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return moment.tzinfo is not None and changed.replace(microsecond=0) <= moment


def _html(outlet: Outlet) -> str:
    return f"text/html; charset={outlet.charset}"


def _refusal(status: int, title: str, sentence: str) -> Response:
    page = f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1><p>{sentence}</p></html>"
    return Response(page, status, media_type="text/html")
