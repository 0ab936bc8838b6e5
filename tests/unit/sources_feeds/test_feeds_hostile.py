"""Broken and hostile input: right, or refused in one sentence; never a crash, never slow, never trusted."""

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.model.errors import NotAFeed
from firsthand.model.feed import ParsedFeed
from firsthand.model.text import clean
from firsthand.sources.feeds import parse_feed

URL = "https://paper.example/feed"
ITEM = "<item><title>{}</title><link>https://a.example/{}</link><guid>{}</guid></item>"


def parse(document: str | bytes, content_type: str = "", limit: int = 5000) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, url=URL, content_type=content_type, limit=limit)


def titles(document: str | bytes, content_type: str = "") -> list[str]:
    return [item.title for item in parse(document, content_type).items]


def rss(inner: str, before: str = "") -> str:
    return f"{before}<rss version='2.0'><channel><title>T</title>{inner}</channel></rss>"


# --- broken XML


@pytest.mark.parametrize(
    "document",
    [
        rss("<item><title>Fish &amp; chips</title></item>", before="\n\n  <?xml version='1.0'?>"),
        rss("<item><title>Fish &amp; chips</title></item>", before="<br>Warning: something<br><?xml version='1.0'?>"),
        rss("<item><title>Fish &amp; chips</title></item>", before="<!-- made by hand --><?xml version='1.0'?>"),
        rss("<item><title>Fish & chips</title></item>"),
        rss("<item><title>Fish &amp; chips</title><link>https://a.example/?a=1&b=2</link></item>"),
        rss("<item><title>Fish &amp; chips</item>"),
        rss("<item><title>Fish &amp; chips</title>")[:-20],
        rss("<item><title>Fish &amp; chips</title><dc:x>1</dc:x></item>"),
        rss("<item><title>Fish &amp; chips</title></item>").upper().replace("&AMP;", "&amp;").replace("FISH", "Fish")
        .replace("CHIPS", "chips"),
        rss("<item><title><![CDATA[Fish & chips</title></item>"),
        rss("<item><title>Fish \x0b&amp;\x01 chips</title></item>"),
        rss("<item><title>Fish &#0;&amp;&#x1F;&#xD800;&#55296; chips</title></item>"),
        rss("<item foo=bar baz><title>Fish &amp; chips</title></item>"),
        rss("<item><title>Fish &amp; chips</title></item>", before="<!DOCTYPE html>"),
    ],
)  # fmt: skip
def test_broken_xml_is_read(document: str) -> None:
    assert titles(document) == ["Fish & chips"]


def test_stray_characters_in_links_survive() -> None:
    (item,) = parse(rss("<item><title>x</title><link>https://a.example/?a=1&b=2&copy=3</link></item>")).items
    assert item.url == "https://a.example/?a=1&b=2&copy=3"


def test_undeclared_entities_of_html_are_resolved_and_unknown_ones_stay() -> None:
    assert titles(rss("<item><title>Caf&eacute;&nbsp;&mdash; &bogus; &amp; 1 < 2</title></item>")) == [
        "Café — &bogus; & 1 < 2"
    ]


def test_cdata_that_is_not_closed_takes_nothing_else_with_it() -> None:
    feed = parse(rss(
        "<item><title><![CDATA[One</title><link>https://a.example/1</link></item>"
        "<item><title><![CDATA[Two]]></title><link>https://a.example/2</link></item>"
    ))  # fmt: skip
    assert [(item.title, item.url) for item in feed.items] == [
        ("One", "https://a.example/1"),
        ("Two", "https://a.example/2"),
    ]


def test_an_item_that_is_not_closed_does_not_swallow_the_next() -> None:
    assert titles(rss("<item><title>One</title><item><title>Two</title></item>")) == ["One", "Two"]


def test_what_our_parser_cannot_find_feedparser_may() -> None:
    # A root that no format has, as some generators write; feedparser does not look at roots.
    assert titles("<news><item><title>One</title><link>https://a.example/1</link></item></news>") == ["One"]


def test_feedparsers_reading_is_as_clean_as_ours() -> None:
    (item,) = parse(
        "<news><item><title>A&#150;B &amp; <b>c</b></title><link>javascript:x</link><author>ed@a.example (Ada)</author>"
        "<description>&lt;p&gt;Hi&#x85;&lt;/p&gt;&lt;img src='/p.jpg'&gt;</description><pubDate>4 Sep 2021</pubDate>"
        "<enclosure url='/a.mp3' type='audio/mpeg' length='x'/><category>Sea</category></item></news>"
    ).items
    assert (item.url, item.authors, item.categories) == (None, ("Ada",), ("Sea",))
    assert (item.title, item.summary, item.image) == ("A–B & c", "Hi…", "https://paper.example/p.jpg")
    assert item.published is not None
    assert item.published.isoformat() == "2021-09-04"
    assert [(one.url, one.length) for one in item.enclosures] == [("https://paper.example/a.mp3", None)]


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "iso-8859-1", "bogus"])
def test_unicode_is_found_whatever_is_declared(encoding: str, declared: str) -> None:
    document = rss("<item><title>Grüße aus Łódź</title></item>", before=f"<?xml version='1.0' encoding='{declared}'?>")
    assert titles(document.encode(encoding)) == ["Grüße aus Łódź"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso-8859-1", "Grüße"),
        ("windows-1252", "“Grüße” – €5"),
        ("windows-1251", "Новости порта"),
        ("koi8-r", "Новости порта"),
        ("shift_jis", "港のニュース"),
        ("euc-jp", "港のニュース"),
        ("iso-2022-jp", "港のニュース"),
        ("gb2312", "港口新闻"),
        ("big5", "港口新聞"),
        ("euc-kr", "항구 소식"),
    ],
)
def test_declared_encodings_are_obeyed(encoding: str, text: str) -> None:
    body = rss(f"<item><title>{text}</title></item>").encode(encoding)
    assert titles(f"<?xml version='1.0' encoding='{encoding}'?>".encode() + body) == [text]
    assert titles(body, content_type=f"text/xml; charset={encoding}") == [text]


def test_latin_1_labelled_utf_8() -> None:
    body = rss("<item><title>Grüße</title></item>", before="<?xml version='1.0' encoding='utf-8'?>").encode("latin-1")
    assert titles(body) == ["Grüße"]


def test_utf_8_with_one_broken_byte_stays_utf_8() -> None:
    body = rss("<item><title>Grüße aus Łódź, grüße, größer, schöner</title></item>").encode()
    assert titles(body.replace("größer".encode(), b"gr\xc3er")) == ["Grüße aus Łódź, grüße, gr\ufffder, schöner"]


def test_a_content_type_of_anything_is_no_obstacle() -> None:
    assert titles(rss("<item><title>x</title></item>"), content_type="text/html; charset=zlib") == ["x"]


# --- bombs and entities


def test_entities_never_explode() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{levels}]>' + rss(
        "<item><title>&l11;</title></item>"
    )
    assert titles(document) == ["&l11;"]


def test_one_entity_many_times_never_explodes() -> None:
    document = f'<!DOCTYPE r [<!ENTITY a "{"x" * 200}">]>' + rss(
        f"<item><description>{'&a;' * 100_000}</description></item>"
    )
    (item,) = parse(document).items
    assert "xxx" not in item.summary


@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>\n<?style x?>", "<?xml version='1.0'?><!-- <rss> -->\n"])
def test_plain_entities_that_a_document_declares_are_resolved(before: str) -> None:
    document = before + '<!DOCTYPE r [<!ENTITY paper "The Harbour Paper">]>'
    assert titles(document + rss("<item><title>&paper;</title></item>")) == ["The Harbour Paper"]


def test_a_document_type_in_the_wrong_place_declares_nothing() -> None:
    (item,) = parse(
        rss("<!DOCTYPE r [<!ENTITY a 'expanded'>]><item><title>x &a;</title><enclosure url='/&a;'/></item>")
    ).items
    assert "expanded" not in repr(item)


def test_capitals_make_no_markup_of_escaped_text() -> None:
    assert titles(rss("<item><title>1 &LT; 2 &AMP;amp; 3 &bogus;</title></item>")) == ["1 < 2 & 3 &bogus;"]


def test_files_and_addresses_are_never_loaded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    document = (
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY % p SYSTEM "{secret.as_uri()}">%p;]>'
        + rss(f"<item><title>a&x;b</title><description xmlns:xi='http://www.w3.org/2001/XInclude'>"
              f"<xi:include href='{secret.as_uri()}' parse='text'/></description></item>")
    )  # fmt: skip
    (item,) = parse(document).items
    assert "the secret" not in repr(item)
    assert item.title == "a&x;b"


def test_a_hundred_thousand_items() -> None:
    feed = parse(rss("".join(ITEM.format(n, n, n) for n in range(100_000))), limit=1000)
    assert (len(feed.items), feed.dropped) == (1000, 99_000)
    assert feed.items[0].id == "0"


@pytest.mark.parametrize(
    "piece", ["<a>", "<item>", "<![CDATA[", "<!--", "&", "&a;", "<", "<a b='", "&#x", "<?x ", "<!DOCTYPE a ["]
)
def test_endless_openings(piece: str) -> None:
    document = rss(
        "<item><title>first</title></item><item><title>" + piece * (100_000 // len(piece)) + "</title></item>"
    )
    assert titles(document)[0] == "first"


def test_ten_thousand_attributes() -> None:
    attributes = " ".join(f'a{n}="x"' for n in range(10_000))
    assert titles(rss(f"<item {attributes}><title>x</title></item>")) == ["x"]


@pytest.mark.parametrize("piece", ["<p a='", "<!--", "<script>", "<div>", "<b", "&amp;amp;", "< ", "<!-->"])
def test_summaries_of_soup(piece: str) -> None:
    document = rss(f"<item><title>x</title><description><![CDATA[{piece * 50_000}]]></description></item>")
    assert titles(document) == ["x"]


@pytest.mark.parametrize(
    "text",
    ["<" + "a" * 500_000, "<a" * 250_000, "<p " * 250_000, "<!--" * 250_000, "&#" + "9" * 500_000, "<svg>" * 100_000],
    ids=lambda text: text[:5],
)
def test_a_title_in_html_that_never_ends(text: str) -> None:
    feed = parse(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'><![CDATA[{text}]]></title>"
                 "<id>x</id></entry><entry><title>second</title></entry></feed>")  # fmt: skip
    assert feed.items[1].title == "second"


def test_references_of_thousands_of_digits() -> None:
    (item,) = parse(rss(f"<item><title>x&#{'0' * 5000}150; &#{'9' * 5000}; &nbsp;</title><link>/a</link></item>")).items
    assert item.title.startswith("x&#000")
    assert item.url == "https://paper.example/a"


def test_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(NotAFeed, match="more than 64 MB"):
        parse(gzip.compress(b" " * (65 * 2**20)))


# --- what is no feed


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"<!DOCTYPE html><html><head><title>x</title></head><body><p>Hello</body></html>", "web page"),
        (b"<html><body>no doctype</body></html>", "web page"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG image"),
        (b"%PDF-1.7 ...", "PDF document"),
        (b"\x00\x01\x02\x03" * 100, "neither XML nor JSON"),
        (b"Hello, world.", "neither XML nor JSON"),
        (b"<?xml version='1.0'?><catalogue><book/></catalogue>", "<catalogue>"),
        (b"<opml version='2.0'><body/></opml>", "OPML"),
        (b'{"hello": "world"}', "not a JSON Feed"),
        (b"[1, 2, 3]", "not a JSON Feed"),
        (b'{"version": ', "cannot be read as JSON"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"\x1f\x8b\x08garbage", "damaged gzip"),
    ],
)
def test_no_feed_is_refused_in_one_sentence_with_a_remedy(body: bytes, what: str) -> None:
    with pytest.raises(NotAFeed, match=what) as caught:
        parse(body)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy


# --- whatever comes

FRAGMENTS = st.sampled_from(
    [
        *("<rss>", "</rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "<![CDATA[", "]]>"),
        *("<!--", "-->", "&", "&amp;", "&nbsp;", "&#0;", "&#xD800;", "&#150;", "<entry>", "<content type='xhtml'>"),
        *(
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "<div>",
            "<a href='",
            "'",
            ">",
            "\x00",
            "í\xa0\x80",
            "text",
            "é",
        ),
        *("<!DOCTYPE r [", "<!ENTITY a 'b'>", "]>", "<?xml version='1.0' encoding='utf-16'?>", "javascript:x"),
        *("https://a.example/", "<pubDate>", "2024-01-01", "<urlset>", "<url>", "<news:news>", '{"items":'),
        *("<guid isPermaLink='true'>", "<enclosure url='x'/>", "<media:content>", "<source url='/'>", "\x85"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map("".join), st.sampled_from(["utf-8", "latin-1", "utf-16"]))
def test_any_soup_is_a_feed_or_no_feed(soup: str, encoding: str) -> None:
    try:
        feed = parse(soup.encode(encoding, "replace"))
    except NotAFeed:
        return
    for item in feed.items:
        assert item.id
        for text in (item.id, item.title, item.summary, item.content_html or "", *item.authors, *item.categories):
            assert clean(text) == text
        assert item.url is None or item.url.startswith(("http://", "https://"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_no_feed(body: bytes) -> None:
    for wrapped in (body, b"<rss><channel><item><title>" + body + b"</title></item></channel></rss>"):
        with suppress(NotAFeed):
            parse(wrapped)
