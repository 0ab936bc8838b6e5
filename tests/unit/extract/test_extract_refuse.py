"""What is no article is refused, and the sentence says why."""

from __future__ import annotations

import pytest

from firsthand.extract import extract_article
from firsthand.model.binary import no_text
from firsthand.model.errors import NotAnArticle


def page(body: str, title: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


CARDS = "".join(
    f'<div class="card"><h3><a href="/{i}">Headline number {i} of this front page</a></h3>'
    f"<p><a href='/{i}'>A teaser for story {i}, short as teasers are on a front page.</a></p></div>"
    for i in range(30)
)


CONSENT = """<h1>Before you continue</h1><p>We and our 842 partners store and access information on a device, such as
cookies, and process personal data, such as unique identifiers sent by a device.</p><p>With your permission we and our
partners may use precise geolocation data and identification through device scanning. You may click to consent to our
processing as described above, or click to refuse to consent.</p><button>OK</button>"""
PUR = """<h1>Mit Werbung weiterlesen</h1><p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Details zum Tracking
finden Sie im Privacy Center und in unserer Datenschutzerklärung.</p><p>Zustimmen und weiter. Wir und unsere Partner
speichern und verarbeiten Daten auf Ihrem Gerät, zum Beispiel Cookies.</p>"""
PAYWALL = """<h1>Subscribe to continue reading</h1><p>Already a subscriber? Sign in. Choose the plan that suits you and
cancel at any time. The first month costs nothing, every later month costs ten crowns.</p>"""
MOMENT = "<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>"
NO_SCRIPT = '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>'


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("", "text"),
        ("<html></html>", "text"),
        (page('<div id="root"></div><script>boot()</script>', "App"), "text"),
        (page(NO_SCRIPT), "JavaScript"),
        (page(MOMENT, "Just a moment..."), "captcha"),
        (page("<h1>Verify you are human</h1><p>Complete the security check to access this site.</p>"), "captcha"),
        (page(CONSENT), "cookies"),
        (page(PUR), "cookies"),
        (page("<h1>Access denied</h1><p>You don't have permission to access this page on this server.</p>"), "refuses"),
        (page("<h1>Page not found</h1><p>The page may have been moved or deleted.</p>", "404"), "gone"),
        (page(PAYWALL), "subscribe"),
        (page(CARDS, "The Harbor Gazette"), "list"),
    ],
    ids=[
        "nothing",
        "empty",
        "shell",
        "script",
        "moment",
        "human",
        "consent",
        "pur",
        "denied",
        "404",
        "paywall",
        "home",
    ],
)
def test_the_reason_is_told(html: str, word: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        extract_article(html, "https://harborgazette.example/")
    assert word in caught.value.message
    assert caught.value.message.endswith(".")


def test_an_article_about_cookies_is_one() -> None:
    first = "Regulators said on Monday that they would look again at banners that ask readers to accept all cookies."
    rest = [f"Report number {i} runs to many pages and names the sites that the authority tested." for i in range(25)]
    body = "".join(f"<p>{text}</p>" for text in (first, *rest))
    article = extract_article(page(f"<article><h1>Regulators look at cookie banners</h1>{body}</article>"))
    assert "accept all cookies" in article.text


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + b"Tj (A sentence of the report.) " * 60, "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "PNG"),
        (b"PK\x03\x04" + bytes(range(256)) * 8, "ZIP"),
        (b"\x1f\x8b\x08" + bytes(range(256)) * 8, "gzip"),
        (bytes(range(200, -1, -1)) * 8, "no text"),
        (
            b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?>\n<!-- made --><rss version="2.0"><channel/></rss>',
            "feed",
        ),
        (b'\xef\xbb\xbf<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "feed"),
    ],
)
def test_a_file_of_another_kind_is_no_article(data: bytes, word: str) -> None:
    with pytest.raises(NotAnArticle, match=word):
        extract_article(data, "https://council.example/minutes", content_type="text/html")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "iso2022_jp", "shift_jis", "koi8_r"])
def test_text_in_any_encoding_is_text(charset: str) -> None:
    words = "町議会は水曜日に橋について話し合った。" if "j" in charset or "16" in charset else "Совет собрался в среду."
    assert no_text(page(f"<p>{words * 40}</p>").encode(charset)) is None
