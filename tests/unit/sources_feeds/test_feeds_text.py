"""Words out of HTML, and addresses that need no work."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firsthand.model.text import one_line
from firsthand.model.urls import absolute_url
from firsthand.sources.feeds.fields import item_id, language, resolve
from firsthand.sources.feeds.plain import beginning, excerpt, guessed_text, html_text, tidy


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One</p><p>Two</p>", "One Two"),
        ("One<br>Two<BR/>Three<br />Four", "One Two Three Four"),
        ("<P CLASS='x'>Loud</P>", "Loud"),
        ("<b>W</b>ord and <a href='x'>link</a>.", "Word and link."),
        ("<p\nclass='x'>line</p>", "line"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a <!-- <b>hidden</b> --> b", "a b"),
        ("<script>if (a < b) { x() }</script>after", "after"),
        ("<style>p { color: red }</style>after", "after"),
        ('<img alt="a > b" src="x">after', "after"),
        ("<svg><title>icon</title></svg>after", "after"),
        ("<SCRIPT>x()</SCRIPT><iframe src='x'>no frames</iframe>after", "after"),
        ("before<iframe src='x'/> after", "before after"),
        ("<nav-bar>Word</nav-bar> processor", "Word processor"),
        ("<ul>\n <li>One</li>\n\t<li>Two</li>\n</ul>", "One Two"),
        ("a <!--> b <!-- c", "a b"),
        ("<!DOCTYPE html><p>after", "after"),
        ("<o:p>Word</o:p> processor", "Word processor"),
        ("&lt;b&gt;not a tag&lt;/b&gt;", "<b>not a tag</b>"),
        ("caf&eacute; &amp;#8211; &amp;rsquo;", "café – ’"),
        ("AT&T", "AT&T"),
        ("no\u00a0break\u200b", "no break\u200b"),
        ("", ""),
        ("<", "<"),
        ("<p", ""),
        ("&lt;!DOCTYPE", "<!DOCTYPE"),
    ],
)
def test_html_becomes_words(markup: str, expected: str) -> None:
    assert html_text(markup) == expected


@pytest.mark.parametrize("digits", ["9" * 5_000, "0" * 5_000 + "38"])
def test_a_reference_of_thousands_of_digits_means_nothing(digits: str) -> None:
    assert html_text(f"<b>Fish</b> &#{digits}; chips").startswith("Fish &#")
    assert html_text(f"Fish &#38; chips &amp;#{digits};").startswith("Fish & chips &#")


def test_a_text_of_unknown_kind_is_html_only_if_it_shows_it() -> None:
    assert guessed_text("The <video> element") == "The <video> element"
    assert guessed_text("<b>bold</b>") == "bold"
    assert guessed_text("#include <stdio.h>") == "#include <stdio.h>"
    assert guessed_text("vector<int></int>") == "vector<int></int>"


@given(st.text())
def test_tidy_text_is_one_clean_line(text: str) -> None:
    found = tidy(text)
    assert one_line(found) == found


@given(st.text(), st.integers(1, 50))
def test_excerpts_fit(text: str, limit: int) -> None:
    assert len(excerpt(text, limit)) <= limit + 1
    assert len(beginning(text, limit)) <= limit


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("The ferry Petrel was late again", 20) == "The ferry Petrel was…"
    assert excerpt("The ferry", 20) == "The ferry"
    assert beginning("<p>text</p><a href='x'>", 15) == "<p>text</p>"


URL_CHARACTERS = st.text(alphabet="abzAZ09-._~:/?#[]@!$&'()*+,;=%é \\^{}|", max_size=40)


@example("", "; ")
@given(URL_CHARACTERS, URL_CHARACTERS)
def test_the_short_way_to_an_address_gives_what_the_long_way_gives(host: str, rest: str) -> None:
    for base in ("https://base.example/dir/", "http://[::1]:8080/", "ftp://base.example/", ""):
        for url in (f"https://{host}/{rest}", f"http://a.example/{rest}", rest, f"/{rest}", f"/img/{rest}"):
            assert resolve(base, url) == absolute_url(base, url)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("EN-us", "en-us"),
        ("pt_BR", "pt-BR"),
        (" de ", "de"),
        ("", None),
        ("english please", None),
        ("x" * 50, None),
    ],
)
def test_language_tags(tag: str, expected: str | None) -> None:
    assert language(tag) == expected


@given(st.text(max_size=2000), st.none() | st.just("https://a.example/"), st.text())
def test_an_id_is_never_empty_and_never_long(given_id: str, url: str | None, title: str) -> None:
    made = item_id(given_id, url, title, None)
    assert 0 < len(made) <= 500
    assert made == item_id(given_id, url, title, None)
