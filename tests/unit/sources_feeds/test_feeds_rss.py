"""RSS in all its versions and with the modules that news uses."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from firsthand.model.feed import Enclosure, FeedFormat, Item, ParsedFeed
from firsthand.model.when import Precision, When
from firsthand.sources.feeds import parse_feed

URL = "https://paper.example/news/feed.xml"

FULL = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
  <title>The Harbour Paper</title>
  <link>https://paper.example/</link>
  <atom:link rel="self" type="application/rss+xml" href="https://paper.example/news/feed.xml"/>
  <atom:link rel="hub" href="https://hub.example/"/>
  <description>News of the harbour &amp;amp; the town</description>
  <language>en_GB</language>
  <copyright>© The Harbour Paper</copyright>
  <image><url>/logo.png</url><title>Logo</title><link>https://elsewhere.example/</link></image>
  <ttl>30</ttl>
  <sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
  <skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>99</hour></skipHours>
  <skipDays><day>Sunday</day><day>Caturday</day></skipDays>
  <item>
    <title>Ferry &lt;i&gt;Petrel&lt;/i&gt; delayed &amp;#8211; again</title>
    <link>../2024/ferry?a=1&amp;b=2</link>
    <guid isPermaLink="false">tag:paper.example,2024:1</guid>
    <pubDate>Sat, 04 May 2024 09:15:00 +0530</pubDate>
    <atom:updated>2024-05-04T10:00:00Z</atom:updated>
    <dc:creator>Ada Moor</dc:creator><dc:creator>Ben Quay</dc:creator>
    <category>Transport</category><category><![CDATA[Sea & shore]]></category><category>Transport</category>
    <description>&lt;p&gt;The ferry was late.&lt;/p&gt;&lt;p&gt;Nobody minded.&lt;/p&gt;</description>
    <content:encoded><![CDATA[<p>The ferry was late.</p><img src="https://paper.example/deck.jpg">]]></content:encoded>
    <enclosure url="/sound.mp3" type="audio/mpeg" length="1234"/>
    <media:group>
      <media:content url="https://img.example/small.jpg" medium="image" width="100"/>
      <media:content url="https://img.example/large.jpg" medium="image" width="900"/>
      <media:content url="https://img.example/film.mp4" medium="video" width="1900"/>
    </media:group>
    <source url="https://wire.example/rss">The Wire</source>
  </item>
</channel></rss>"""


def parse(document: str | bytes, **options: int) -> ParsedFeed:
    body = document.encode() if isinstance(document, str) else document
    return parse_feed(body, url=URL, **options)


def item(inner: str) -> Item:
    (only,) = parse(f"<rss version='2.0'><channel><title>T</title><item>{inner}</item></channel></rss>").items
    return only


def test_a_channel_with_everything() -> None:
    feed = parse(FULL)
    assert feed.format is FeedFormat.RSS
    assert feed.title == "The Harbour Paper"
    assert feed.description == "News of the harbour & the town"
    assert feed.site_url == "https://paper.example/"
    assert feed.self_url == URL
    assert feed.hub_url == "https://hub.example/"
    assert feed.language == "en-GB"
    assert feed.image == "https://paper.example/logo.png"
    assert feed.hints.period == timedelta(minutes=30)
    assert feed.hints.skip_hours == {0, 3}
    assert feed.hints.skip_days == {6}


def test_an_item_with_everything() -> None:
    (found,) = parse(FULL).items
    assert found == Item(
        id="tag:paper.example,2024:1",
        url="https://paper.example/2024/ferry?a=1&b=2",
        title="Ferry Petrel delayed – again",
        summary="The ferry was late. Nobody minded.",
        content_html='<p>The ferry was late.</p><img src="https://paper.example/deck.jpg">',
        published=When.of(datetime(2024, 5, 4, 9, 15, tzinfo=timezone(timedelta(hours=5, minutes=30)))),
        updated=When.of(datetime(2024, 5, 4, 10, tzinfo=timezone.utc)),  # noqa: UP017
        authors=("Ada Moor", "Ben Quay"),
        categories=("Transport", "Sea & shore"),
        image="https://img.example/large.jpg",
        enclosures=(Enclosure("https://paper.example/sound.mp3", "audio/mpeg", 1234),),
        rights="© The Harbour Paper",
        source="The Wire",
        source_url="https://wire.example/rss",
    )


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<title>1 &lt; 2</title>", "1 < 2"),
        ("<title>AT&amp;amp;T</title>", "AT&T"),
        ("<title>The &lt;video&gt; element</title>", "The <video> element"),
        ("<title>A &lt;b&gt;bold&lt;/b&gt; claim</title>", "A bold claim"),
        ("<title><![CDATA[It&#39;s &quot;here&quot;]]></title>", 'It\'s "here"'),
        ("<title>Naked <b>markup</b></title>", "Naked markup"),
        ("<title>\n  Two\n  lines </title>", "Two lines"),
        ("<title> </title><media:title>Pictured</media:title>", "Pictured"),
        ("<dc:title>Of Dublin</dc:title>", "Of Dublin"),
        ("<title>It\u0092s windows-1252</title>", "It’s windows-1252"),
        ("<title>It&#146;s windows-1252</title>", "It’s windows-1252"),
        ("<title>Itâ€™s UTF-8 read twice</title>", "It’s UTF-8 read twice"),
        ("<title>SÃO PAULO</title>", "SÃO PAULO"),
        ("<TITLE>Loud</TITLE>", "Loud"),
    ],
)
def test_titles_become_plain_text(inner: str, expected: str) -> None:
    assert item(inner).title == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<link>https://a.example/x</link>", "https://a.example/x"),
        ("<link>\n https://a.example/x \n</link>", "https://a.example/x"),
        ("<link>/x</link>", "https://paper.example/x"),
        ("<link>//b.example/x</link>", "https://b.example/x"),
        ("<link>https://a.example/?a=1&amp;amp;b=2</link>", "https://a.example/?a=1&b=2"),
        ("<link>https://a.example/straße</link>", "https://a.example/stra%C3%9Fe"),
        ("<link xml:base='https://c.example/d/' href='e'/>", "https://paper.example/news/e"),
        ("<guid>https://a.example/g</guid>", "https://a.example/g"),
        ("<guid isPermaLink='false'>https://a.example/g</guid>", None),
        ("<guid>12345</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>data:text/html,hello</link>", None),
        ("<link>java\nscript:alert(1)</link>", None),
        ("<link>https://user:secret@a.example/</link>", None),
        ("<link>javascript:x</link><guid>https://a.example/g</guid>", "https://a.example/g"),
        ("<link>https://a.example/" + "x" * 3000 + "</link>", None),
        ("<link></link>", None),
        ("<image><url>https://a.example/i.png</url><link>https://a.example/no</link></image>", None),
    ],
)
def test_links_are_absolute_web_addresses_or_nothing(inner: str, expected: str | None) -> None:
    assert item(inner).url == expected


def test_xml_base_is_obeyed() -> None:
    feed = parse(
        "<rss xml:base='https://base.example/a/'><channel><link>b</link>"
        "<item xml:base='c/'><link>d</link></item></channel></rss>"
    )
    assert feed.site_url == "https://base.example/a/b"
    assert feed.items[0].url == "https://base.example/a/c/d"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<author>ed@paper.example (Ada Moor)</author>", ("Ada Moor",)),
        ("<author>Ada Moor &lt;ed@paper.example&gt;</author>", ("Ada Moor",)),
        ("<author>Ada Moor</author>", ("Ada Moor",)),
        ("<author>ed@paper.example</author>", ()),
        ("<author>noreply@blogger.example (Unknown)</author>", ()),
        ("<author><name>Ada Moor</name><email>a@b.example</email></author>", ("Ada Moor",)),
        ("<author>x@y.example</author><dc:creator>Ben Quay</dc:creator>", ("Ben Quay",)),
        ("<itunes:author>Ada Moor</itunes:author>", ("Ada Moor",)),
    ],
)
def test_authors_are_names(inner: str, expected: tuple[str, ...]) -> None:
    assert item(inner).authors == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<pubDate>Sat, 04 May 2024 09:15:00 GMT</pubDate>", "2024-05-04T09:15:00+00:00"),
        ("<dc:date>2024-05-04</dc:date>", "2024-05-04"),
        ("<pubDate>never</pubDate><dc:date>2024-05-04</dc:date>", "2024-05-04"),
        ("<pubDate>Sat, 04 May 2024 09:15:00</pubDate>", "2024-05-04T09:15:00"),
        ("<pubDate>Fri, 03 May 2024 08:00:00 GMT</pubDate><pubDate>Sat, 04 May 2024 09:15:00 GMT</pubDate>",
         "2024-05-04T09:15:00+00:00"),
        ("<pubDate>Sat, 04 May 2024 09:15:00 GMT</pubDate><pubDate>soon</pubDate>", "2024-05-04T09:15:00+00:00"),
        ("<dc:date>2020-01-01</dc:date><pubDate>Sat, 04 May 2024 09:15:00 GMT</pubDate>", "2024-05-04T09:15:00+00:00"),
        ("<pubDate></pubDate>", None),
    ],
)  # fmt: skip
def test_dates_say_what_the_feed_says(inner: str, expected: str | None) -> None:
    published = item(inner).published
    assert (published and published.isoformat()) == expected


def test_a_day_is_a_day() -> None:
    published = item("<dc:date>2024-05-04</dc:date>").published
    assert published is not None
    assert published.precision is Precision.DAY


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<enclosure url='/a.jpg' type='image/jpeg'/>", "https://paper.example/a.jpg"),
        ("<media:thumbnail url='/t.jpg'/>", "https://paper.example/t.jpg"),
        ("<media:content url='/film.mp4' type='video/mp4'><media:thumbnail url='/t.jpg'/></media:content>",
         "https://paper.example/t.jpg"),
        ("<media:content url='/noext'/>", None),
        ("<media:content url='/p.webp'/>", "https://paper.example/p.webp"),
        ("<itunes:image href='/i.png'/>", "https://paper.example/i.png"),
        ("<image><url>/i.png</url></image>", "https://paper.example/i.png"),
        ("<description>&lt;img width=\"1\" height=\"1\" src=\"/pixel.gif\"&gt;&lt;img src='/p.jpg?a=1&amp;amp;b=2'&gt;"
         "</description>", "https://paper.example/p.jpg?a=1&b=2"),
        ("<enclosure url='javascript:x' type='image/png'/>", None),
        ("<description>no picture</description>", None),
    ],
)  # fmt: skip
def test_pictures(inner: str, expected: str | None) -> None:
    assert item(inner).image == expected


def test_a_long_description_is_content() -> None:
    long = "<p>" + "A sentence about the harbour. " * 60 + "</p>"
    found = item(f"<description><![CDATA[{long}]]></description>")
    assert found.content_html == long
    assert found.summary.endswith("…")
    assert len(found.summary) <= 600


def test_content_alone_is_summed_up_by_its_beginning() -> None:
    found = item("<content:encoded>&lt;h1&gt;Head&lt;/h1&gt;&lt;p&gt;Body&lt;/p&gt;</content:encoded>")
    assert found.summary == "Head Body"
    assert found.content_html == "<h1>Head</h1><p>Body</p>"


def test_a_summary_has_no_scripts_or_comments() -> None:
    found = item(
        "<description><![CDATA[<!-- x --><script>evil()</script><p>Good</p><style>p{}</style>]]></description>"
    )
    assert found.summary == "Good"


def test_names_of_unknown_namespaces_do_not_clash() -> None:
    (found,) = parse(
        "<rss xmlns:x='https://unknown.example/ns'><channel><item><x:title>No</x:title><title>Yes</title>"
        "<x:link>https://no.example/</x:link><x:description>No</x:description></item></channel></rss>"
    ).items
    assert (found.title, found.url, found.summary) == ("Yes", None, "")


def test_a_default_namespace_that_nobody_knows_is_ignored() -> None:
    (found,) = parse(
        "<rss xmlns='https://unknown.example/ns'><channel><item><title>Yes</title></item></channel></rss>"
    ).items
    assert found.title == "Yes"


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://paper.example/"><title>Channel</title><link>https://paper.example/</link></channel>
<image><url>https://paper.example/i.png</url></image>
<item rdf:about="https://paper.example/1"><title>One</title><link>https://paper.example/one</link>
<dc:date>2024-05-04T09:15:00+02:00</dc:date></item>
<item rdf:about="https://paper.example/2"><title>Two</title></item></rdf:RDF>"""


@pytest.mark.parametrize("namespace", ["http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"])
def test_rdf_keeps_its_items_beside_the_channel(namespace: str) -> None:
    feed = parse(RDF.format(namespace=namespace))
    assert feed.format is FeedFormat.RDF
    assert (feed.title, feed.site_url, feed.image) == (
        "Channel",
        "https://paper.example/",
        "https://paper.example/i.png",
    )
    assert [(one.id, one.title, one.url) for one in feed.items] == [
        ("https://paper.example/1", "One", "https://paper.example/one"),
        ("https://paper.example/2", "Two", "https://paper.example/2"),
    ]
    assert feed.items[0].published == When.of(datetime(2024, 5, 4, 9, 15, tzinfo=timezone(timedelta(hours=2))))


# --- ids


def test_an_id_is_the_guid_else_the_link_else_of_the_words() -> None:
    assert item("<guid> g1 </guid><link>https://a.example/</link>").id == "g1"
    assert item("<link>https://a.example/x</link>").id == "https://a.example/x"
    words = "<title>Words</title><pubDate>Sat, 04 May 2024 09:15:00 GMT</pubDate>"
    assert item(words).id == item(words + "<description>changed later</description>").id
    assert item(words).id.startswith("sha256:")
    assert item("<title>Others</title>").id != item(words).id
    assert item("<description>one</description>").id != item("<description>two</description>").id
    assert item("").id


def test_a_very_long_id_is_digested() -> None:
    assert len(item("<guid>" + "g" * 10_000 + "</guid>").id) < 100


def test_an_id_that_all_items_share_is_no_id() -> None:
    feed = parse(
        "<rss><channel>"
        + "".join(f"<item><guid>0</guid><link>https://a.example/{n}</link></item>" for n in range(3))
        + "<item><guid>1</guid><link>https://a.example/own</link></item></channel></rss>"
    )
    assert [one.id for one in feed.items] == [*(f"https://a.example/{n}" for n in range(3)), "1"]


def test_the_first_items_are_kept_and_the_others_counted() -> None:
    many = "".join(f"<item><guid>{n}</guid></item>" for n in range(10))
    feed = parse(f"<rss><channel>{many}</channel></rss>", limit=4)
    assert [one.id for one in feed.items] == ["0", "1", "2", "3"]
    assert feed.dropped == 6


def test_a_feed_without_items_is_a_feed() -> None:
    feed = parse("<rss version='2.0'><channel><title>Empty</title></channel></rss>")
    assert (feed.title, feed.items) == ("Empty", ())


def test_the_languages_of_feed_and_item() -> None:
    feed = parse("<rss xml:lang='de'><channel><item xml:lang='fr_CA'/><item/><item><dc:language>pt-BR</dc:language></item>"
                 "</channel></rss>")  # fmt: skip
    assert feed.language == "de"
    assert [one.language for one in feed.items] == ["fr-CA", "de", "pt-BR"]
