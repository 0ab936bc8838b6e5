from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.urls import _PLAIN, absolute_url, domain_of, is_web_url, url_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "http://example.com/a/"),
        ("https://example.com/a", "https://www.example.com/a"),
        ("https://example.com/a", "https://m.example.com/a"),
        ("https://example.com/a", "https://amp.example.com/a"),
        ("https://example.com/a", "https://example.com/a/amp/"),
        ("https://example.com/a", "https://example.com/amp/a"),
        ("https://example.com/a.html", "https://example.com/a.amp.html"),
        ("https://example.com/a", "https://example.com/a?utm_source=rss&utm_medium=feed"),
        ("https://example.com/a", "https://example.com/a?fbclid=123#comments"),
        ("https://example.com/a?id=7", "https://example.com/a?at_medium=RSS&id=7&at_campaign=KARANGA"),
        ("https://example.com/a?id=7&page=2", "https://example.com/a?page=2&id=7"),
        ("https://example.com/a", "https://example.com/a?ref=rss"),
        ("https://example.com/a", "https://example.com/a?cmp=rss"),
        ("https://example.com/", "https://example.com/index.html"),
        ("https://example.com/a", "HTTPS://EXAMPLE.com:443//a"),
        ("https://example.com/a.html", "https://example-com.cdn.ampproject.org/c/s/example.com/a.html"),
        ("https://example.com/a", "https://www.google.com/amp/s/example.com/a"),
        ("https://xn--mnchen-3ya.example/", "https://münchen.example"),
    ],
)
def test_two_addresses_of_one_article_have_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/b"),
        ("https://example.com/a?id=1", "https://example.com/a?id=2"),
        ("https://example.com/a", "https://example.org/a"),
        ("https://example.com/a?ref=chapter-2", "https://example.com/a"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
        ("http://ledger.localhost:8001/a", "http://tide.localhost:8001/a"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://m.example/a", "https://example/a"),
    ],
)
def test_two_articles_have_two_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_the_fragment_counts_where_a_page_holds_several_articles() -> None:
    assert url_key("http://www.example.com/log/?utm_source=x#july", part=True) == "https://example.com/log#july"
    assert url_key("https://example.com/log#july") == url_key("https://example.com/log#august")
    assert url_key("https://example.com/log", part=True) == url_key("https://example.com/log")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        " \x01javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "ftp://example.com/a",
        "mailto:a@example.com",
        "https://user:secret@example.com/",
        "https://",
        "https:///a",
        "http://[::1",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "",
        "/a",
    ],
)
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert absolute_url(None, url) is None
    assert url_key(url) is None
    assert domain_of(url) == ""
    assert not is_web_url(url)


@pytest.mark.parametrize(
    ("base", "url", "absolute"),
    [
        ("https://example.com/news/", "a.html", "https://example.com/news/a.html"),
        ("https://example.com/news/", "//other.example/a", "https://other.example/a"),
        ("https://example.com/news/", "?page=2", "https://example.com/news/?page=2"),
        ("https://example.com/", "/ü?q=ä", "https://example.com/%C3%BC?q=%C3%A4"),
        ("https://example.com/", "/a%20b", "https://example.com/a%20b"),
        ("https://example.com/", " /a\n ", "https://example.com/a"),
        (None, "http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("https://example.com/", "javascript:alert(1)", None),
    ],
)
def test_absolute(base: str | None, url: str, absolute: str | None) -> None:
    assert absolute_url(base, url) == absolute


@given(st.text())
def test_no_text_breaks_them(text: str) -> None:
    for url in (text, "https://example.com/" + text, "https://" + text):
        absolute = absolute_url("https://example.com/", url)
        assert absolute is None or urlsplit(absolute).scheme in {"http", "https"}
        key = url_key(url)
        assert key is None or (key.encode("ascii") and url_key(key) is not None)


@given(st.text(alphabet="ab/?&=.%#", max_size=20))
def test_a_key_is_its_own_key(tail: str) -> None:
    key = url_key("https://example.com/" + tail)
    assert key is not None
    assert url_key(key) == key


@given(
    st.sampled_from(["http://", "https://", "HTTPS://"]),
    st.text(alphabet="ab1.-_:80@Ä", max_size=12),
    st.text(alphabet="/.%aÄ ?#&=\\\t'", max_size=14),
)
def test_what_is_taken_for_plain_is_what_taking_apart_gives(scheme: str, host: str, rest: str) -> None:
    url = scheme + host + rest
    if _PLAIN.fullmatch(url):
        # A leading space is dropped, but is not plain: the long way is taken.
        assert absolute_url(None, url) == absolute_url(None, " " + url) == url
