"""Atom 1.0 and 0.3."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from firsthand.model.feed import Enclosure, FeedFormat, Item, ParsedFeed
from firsthand.model.when import When
from firsthand.sources.feeds import parse_feed

URL = "https://paper.example/atom.xml"

FULL = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xmlns:media="http://search.yahoo.com/mrss/">
  <title type="html">Harbour &amp;amp; Town</title>
  <subtitle>All the news</subtitle>
  <link rel="self" href="/atom.xml"/>
  <link rel="hub" href="https://hub.example/"/>
  <link href="/"/>
  <icon>/icon.png</icon>
  <author><name>The Desk</name></author>
  <rights>© 2024</rights>
  <entry>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Ferry <em>Petrel</em> sails</div></title>
    <link rel="alternate" type="text/html" href="2024/petrel"/>
    <link rel="enclosure" type="image/jpeg" length="77" href="/petrel.jpg"/>
    <link rel="related" href="https://elsewhere.example/"/>
    <id>urn:uuid:1</id>
    <published>2024-05-04T09:15:00.25Z</published>
    <updated>2024-05-04T10:15:00Z</updated>
    <author><name>Ada Moor</name><email>ada@paper.example</email></author>
    <author><name>Ben Quay</name></author>
    <category term="sea" label="The sea"/><category term="town"/>
    <summary>It sailed.</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It sailed.<br/>At last.</p><p/></div></content>
  </entry>
  <entry>
    <title>Copied</title><id>https://paper.example/copied</id>
    <source><title>The Wire</title><link href="https://wire.example/"/><author><name>W. Ire</name></author></source>
  </entry>
</feed>"""


def parse(document: str) -> ParsedFeed:
    return parse_feed(document.encode(), url=URL)


def entry(inner: str, version: str = "") -> Item:
    namespace = "http://purl.org/atom/ns#" if version else "http://www.w3.org/2005/Atom"
    (only,) = parse(f"<feed xmlns='{namespace}' {version}><entry>{inner}</entry></feed>").items
    return only


def test_a_feed_with_everything() -> None:
    feed = parse(FULL)
    assert feed.format is FeedFormat.ATOM
    assert (feed.title, feed.description, feed.language) == ("Harbour & Town", "All the news", "en")
    assert feed.site_url == "https://paper.example/"
    assert (feed.self_url, feed.hub_url) == (URL, "https://hub.example/")
    assert feed.image == "https://paper.example/icon.png"


def test_an_entry_with_everything() -> None:
    assert parse(FULL).items[0] == Item(
        id="urn:uuid:1",
        url="https://paper.example/2024/petrel",
        title="Ferry Petrel sails",
        summary="It sailed.",
        content_html="<p>It sailed.<br/>At last.</p><p></p>",
        published=When.of(datetime(2024, 5, 4, 9, 15, tzinfo=UTC)),
        updated=When.of(datetime(2024, 5, 4, 10, 15, tzinfo=UTC)),
        authors=("Ada Moor", "Ben Quay"),
        categories=("The sea", "town"),
        image="https://paper.example/petrel.jpg",
        enclosures=(Enclosure("https://paper.example/petrel.jpg", "image/jpeg", 77),),
        language="en",
        rights="© 2024",
    )


def test_an_entry_copied_from_elsewhere_says_so() -> None:
    copied = parse(FULL).items[1]
    assert (copied.source, copied.source_url, copied.authors) == ("The Wire", "https://wire.example/", ("W. Ire",))
    assert copied.url == "https://paper.example/copied"


def test_an_entry_without_author_has_the_feeds() -> None:
    feed = parse("<feed xmlns='http://www.w3.org/2005/Atom'><author><name>Desk</name></author><entry/></feed>")
    assert feed.items[0].authors == ("Desk",)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<title>History of the &lt;blink&gt; tag</title>", "History of the <blink> tag"),
        ("<title type='html'>History of the &amp;lt;blink&amp;gt; tag</title>", "History of the <blink> tag"),
        ("<title type='html'>A &lt;b&gt;bold&lt;/b&gt; claim</title>", "A bold claim"),
        ("<title>Naked <b>markup</b></title>", "Naked markup"),
        ("<title type='TEXT/HTML'>a &amp;amp; b</title>", "a & b"),
    ],
)
def test_titles_are_what_their_type_says(inner: str, expected: str) -> None:
    assert entry(inner).title == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<link href='/a'/>", "https://paper.example/a"),
        ("<link rel='alternate' type='text/html' href='/a'/><link rel='alternate' type='text/plain' href='/b'/>",
         "https://paper.example/a"),
        ("<link rel='alternate' type='text/plain' href='/b'/>", "https://paper.example/b"),
        ("<link rel='http://www.iana.org/assignments/relation/alternate' href='/a'/>", "https://paper.example/a"),
        ("<link rel='self' href='/a'/>", None),
        ("<link rel='self' href='/a'/><id>https://paper.example/id</id>", "https://paper.example/id"),
        ("<link href='javascript:alert(1)'/><id>tag:x</id>", None),
        ("<link>https://paper.example/text</link>", "https://paper.example/text"),
        ("<link xml:base='https://base.example/b/' href='c'/>", "https://base.example/b/c"),
    ],
)  # fmt: skip
def test_links(inner: str, expected: str | None) -> None:
    assert entry(inner).url == expected


def test_content_is_html_whatever_its_type() -> None:
    assert entry("<content>2 &lt; 3</content>").content_html == "2 &lt; 3"
    assert entry("<content type='html'>&lt;p&gt;a&lt;/p&gt;</content>").content_html == "<p>a</p>"
    assert entry("<content type='image/png'>iVBORw0KGgo=</content>").content_html is None


def test_atom_03() -> None:
    escaped = base64.encodebytes(
        b"A <b>bold</b> claim, and a long one, so that it takes more than one line of base64"
    ).decode()
    found = entry(
        f"<title mode='base64' type='text/html'>{escaped}</title><issued>2004-01-01T10:00:00+01:00</issued>"
        "<modified>2004-01-02T10:00:00+01:00</modified>"
        "<content mode='escaped' type='text/html'>&lt;p&gt;x&lt;/p&gt;</content>",
        "version='0.3'",
    )
    assert found.title == "A bold claim, and a long one, so that it takes more than one line of base64"
    assert found.published is not None
    assert found.published.isoformat() == "2004-01-01T10:00:00+01:00"
    assert found.updated is not None
    assert found.updated.isoformat() == "2004-01-02T10:00:00+01:00"
    assert found.content_html == "<p>x</p>"


def test_a_film_described_in_a_media_group() -> None:
    found = entry(
        "<media:group><media:title>Film</media:title><media:description>About &lt;it&gt;</media:description>"
        "<media:thumbnail url='https://img.example/t.jpg'/></media:group>"
    )
    assert (found.title, found.summary, found.image) == ("Film", "About <it>", "https://img.example/t.jpg")


def test_a_bare_entry_is_a_feed_of_one() -> None:
    feed = parse("<entry xmlns='http://www.w3.org/2005/Atom'><title>One</title><id>1</id></entry>")
    assert [one.title for one in feed.items] == ["One"]
