"""The web's pure parts: words for times, links, article bodies, hosts, vendored files."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.article import Article, Block, BlockKind, Link, Span
from firsthand.model.errors import UsageError
from firsthand.model.findings import Statement, StatementKind
from firsthand.model.records import Cursor
from firsthand.model.when import When
from firsthand.web import render, words
from firsthand.web.body import body_parts, plain_parts
from firsthand.web.guard import host_allowed
from firsthand.web.links import ImageSigner, own_path, read_cursor, write_cursor
from firsthand.web.live import read_page
from firsthand.web.render import direction, language_tag, snippet
from firsthand.web.settings import WebSettings

NOW = datetime(2025, 3, 8, 14, 0, tzinfo=UTC)
SIGNER = ImageSigner(b"k" * 32)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=14), "14 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=20), "yesterday 18:00"),
        (timedelta(days=3), "Wednesday 14:00"),
        (timedelta(days=30), "6 February"),
        (timedelta(days=400), "2 February 2024"),
    ],
)
def test_how_long_ago(before: timedelta, said: str) -> None:
    assert words.ago(NOW - before, NOW, UTC) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ((2025, 3, 1), None),
        ((2025, 1, 8), "2 months ago"),
        ((2023, 7, 1), "1 year 8 months ago"),
        ((2015, 1, 1), "10 years ago"),
    ],
)
def test_how_old(day: tuple[int, int, int], said: str | None) -> None:
    assert words.age(datetime(*day, tzinfo=UTC), NOW) == said


def test_both_clocks() -> None:
    when = When.fromisoformat("2025-03-08T14:19:00+05:30")
    assert words.published(when) == "Sat 8 March 2025, 14:19 +05:30"
    assert words.yours(when, UTC) == "08:49"
    assert words.yours(when, ZoneInfo("Asia/Kolkata")) == ""
    assert words.yours(When.day(2025, 3, 8), UTC) == ""
    assert words.published(When.day(2025, 3, 8)) == "Sat 8 March 2025"


@pytest.mark.parametrize(("text", "minutes"), [("", 0), ("word " * 10, 1), ("word " * 2380, 10), ("新" * 2600, 10)])
def test_reading_time(text: str, minutes: int) -> None:
    assert words.reading_minutes(text) == minutes


@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 10**12),
)
def test_cursors_come_back_as_they_went(at: datetime, number: int) -> None:
    assert read_cursor(write_cursor(Cursor(at, number))) == Cursor(at, number)


@pytest.mark.parametrize("text", ["x", "1", "1.", "9" * 18 + ".1", "1.1; drop", "٣.١"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_cursor(text)


@given(st.text(max_size=60))
def test_nobody_is_ever_sent_elsewhere(text: str) -> None:
    path = own_path(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert not re.search(r"[\s\x00-\x1f\\]", path)


def test_a_picture_s_address_is_signed_whole() -> None:
    signature = SIGNER.sign("https://a.example/1.png")
    assert SIGNER.verify("https://a.example/1.png", signature)
    assert not SIGNER.verify("https://a.example/2.png", signature)
    assert not ImageSigner(b"x" * 32).verify("https://a.example/1.png", signature)
    assert not SIGNER.verify("https://a.example/1.png", "é" * 22)


def test_hits_are_marked_and_everything_else_is_text() -> None:
    assert snippet("<b>\ue000wall\ue001</b> \ue000open") == "&lt;b&gt;<mark>wall</mark>&lt;/b&gt; open"


def test_a_hostile_body_is_only_text_and_safe_links() -> None:
    text = '<script>alert(1)</script>\n\nsee "this"\n\none\ntwo'
    article = Article(
        text=text,
        blocks=(
            Block(BlockKind.PARAGRAPH, 0, 25),
            Block(BlockKind.HEADING, 27, 37, level=1),
            Block(BlockKind.LIST, 39, 46, items=(Span(39, 42), Span(43, 46))),
            Block(BlockKind.IMAGE, 46, 46, url="https://a.example/x.png?a=1&b=2", alt='"><script>', caption="<i>c</i>"),
            Block(BlockKind.IMAGE, 46, 46, url="javascript:alert(1)"),
            Block(BlockKind.EMBED, 46, 46, url="https://video.example/1", caption="A film"),
            Block(BlockKind.TABLE, 46, 46, rows=(("", "<b>"), ("1", "2")), caption="T"),
        ),
        links=(Link(27, 30, "javascript:alert(1)"), Link(31, 37, "https://b.example/?q=<>")),
    )
    parts = body_parts(article, SIGNER.link)
    html = "".join(part.html for part in parts)
    assert "<script" not in html
    assert "javascript:" not in html
    assert "<i>" not in html
    assert '<h2>see <a href="https://b.example/' in html
    assert "<ul><li>one</li><li>two</li></ul>" in html
    assert '<img src="/image?u=https%3A%2F%2Fa.example%2Fx.png%3Fa%3D1%26b%3D2&amp;s=' in html
    assert 'rel="noopener noreferrer"' in html
    assert [part.wide for part in parts] == [False, True]
    assert '<th scope="col">&lt;b&gt;</th>' in parts[1].html


@given(st.text(max_size=200))
def test_plain_text_never_becomes_markup(text: str) -> None:
    html = "".join(part.html for part in plain_parts(text))
    assert set(re.findall(r"</?([a-z]+)", html)) <= {"p", "br"}


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("localhost:8000", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.20:8000", True),
        ("news.example.org", True),
        ("a.feeds.example.org", True),
        ("feeds.example.org.evil.example", False),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost@evil.example", False),
        ("", False),
    ],
)
def test_hosts(host: str, answered: bool) -> None:
    settings = WebSettings(allowed_hosts=("news.example.org", "*.feeds.example.org"))
    assert host_allowed(host, settings) is answered


@pytest.mark.parametrize("view", ["", "nothing", "article:", "article:x", "outlet:1;2", "outlet:" + "9" * 30])
def test_only_real_pages_are_followed_live(view: str) -> None:
    with pytest.raises(UsageError):
        read_page(view)


def test_languages() -> None:
    assert (direction("ar-EG"), direction("en"), direction(None)) == ("rtl", "ltr", "auto")
    assert language_tag('en"><script>') is None
    assert language_tag("pt-BR") == "pt-BR"


def test_vendored_files_are_the_ones_that_are_named() -> None:
    folder = Path(render.STATIC) / "vendor"
    table = dict(re.findall(r"\| `([\w.-]+\.js)` .*`([0-9a-f]{64})` \|", (folder / "README.md").read_text()))
    assert set(table) == {path.name for path in folder.glob("*.js")}
    for name, digest in table.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def stated(*spans: tuple[int, int]) -> Statement:
    content = tuple(Span(*span) for span in spans)
    return Statement(source=None, cue=None, content=content, kind=StatementKind.INDIRECT)


def test_statements_are_marked_whatever_links_and_statements_overlap() -> None:
    text = "Rain <fell> on Friday, said Ada."
    article = Article(
        text=text, blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),), links=(Link(15, 26, "https://ada.example/"),)
    )
    (part,) = body_parts(article, SIGNER.link, [stated((0, 21)), stated((5, 11))])
    html = str(part.html)
    assert re.sub(r"<sup>.*?</sup>|<[^>]+>", "", html) == "Rain &lt;fell&gt; on Friday, said Ada."
    assert re.findall(r'href="(#said-\d)"', html) == ["#said-2", "#said-1"]
    marked = "".join(re.sub("<[^>]+>", "", one) for one in re.findall(r"<mark[^>]*>(.*?)</mark>", html))
    assert marked == "Rain &lt;fell&gt; on Friday"
    linked = "".join(re.sub("<[^>]+>", "", one) for one in re.findall(r'<a href="https[^>]*>(.*?)</a>', html))
    assert linked == "Friday, sai"


def test_what_goes_on_in_another_paragraph_has_its_number_in_both_and_the_innermost_is_pointed_at() -> None:
    text = "We knew of it.\n\nNobody said so."
    blocks = (Block(BlockKind.PARAGRAPH, 0, 14), Block(BlockKind.PARAGRAPH, 16, 31))
    whole = Statement(source=None, cue=None, content=(Span(0, 14), Span(16, 31)), kind=StatementKind.INDIRECT)
    (part,) = body_parts(Article(text=text, blocks=blocks), SIGNER.link, [whole, stated((23, 30))])
    assert part.html.count('href="#said-1"') == 2
    assert '<mark class="stated s2">said so</mark>' in part.html
    assert '<mark class="stated s1">We knew of it.</mark>' in part.html
