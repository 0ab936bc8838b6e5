"""Mail, NewsML-G2, NITF and ninjs; which is which; and feeds that carry the whole text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from firsthand.extract import from_item, read_eml, read_newsml, read_ninjs, sniff
from firsthand.model.article import BlockKind, Dateline, OutletName, Redistribution
from firsthand.model.errors import NotAnArticle
from firsthand.model.feed import Item
from firsthand.model.when import When

P = [f"Paragraph number {i} says what the council said, and says it at some length." for i in range(12)]
HTML = "".join(f"<p>{text}</p>" for text in P)


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    fields = {"Subject": "Council delays vote", "From": "Harbor Briefing <news@harborgazette.example>"}
    fields |= {"Date": "Sat, 08 Mar 2025 14:19:00 +0530"} | headers
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message


def test_a_newsletter_is_read_from_its_html() -> None:
    message = mail()
    message.set_content("Read this in a browser.")
    message.add_alternative(
        f"<html><body><h1>Council delays vote</h1>{HTML}<p>© 2025 Harbor Gazette. All rights reserved.</p>"
        '<p><a href="https://harborgazette.example/unsubscribe">Unsubscribe</a></p></body></html>',
        subtype="html",
    )
    article = read_eml(message.as_bytes())
    assert article.headline == "Council delays vote"
    assert article.outlet == OutletName("Harbor Briefing", "harborgazette.example")
    assert article.byline == ()
    assert article.published is not None
    assert article.published.isoformat() == "2025-03-08T14:19:00+05:30"
    assert article.text == "\n\n".join(P)
    assert article.rights is not None
    assert article.rights.line == "© 2025 Harbor Gazette. All rights reserved."


def test_a_plain_mail_from_a_person() -> None:
    message = mail(From="Ada Quist <ada@harborgazette.example>")
    message.set_content("HARBORVIEW (AP) - The council met.\n\nIt will meet again on Tuesday, it said.\n")
    article = read_eml(message.as_bytes())
    assert article.byline == ("Ada Quist",)
    assert article.agency == "AP"
    assert article.dateline == Dateline("Harborview")
    assert [block.kind for block in article.blocks] == [BlockKind.PARAGRAPH] * 2


def test_mail_in_an_undeclared_charset_and_with_coded_headers() -> None:
    body = "Die Regierung erklärte am Samstag, der Hafen bleibe für die ganze Woche geschlossen.".encode("cp1252")
    raw = b"From: =?utf-8?q?K=C3=BCstenblatt?= <x@k.example>\r\nSubject: =?utf-8?b?SGFmZW4gZ2VzcGVycnQ=?=\r\n"
    raw += b"Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body
    article = read_eml(raw)
    assert article.headline == "Hafen gesperrt"
    assert article.outlet.name == "Küstenblatt"
    assert "erklärte" in article.text


@pytest.mark.parametrize(
    "raw", [b"", b"From: x@y.example\r\n\r\n", b"\x00\xff\xfe", b"Subject: a\r\nContent-Type: image/png\r\n\r\nxx"]
)
def test_mail_without_text_is_no_article(raw: bytes) -> None:
    with pytest.raises(NotAnArticle):
        read_eml(raw)


NEWSML = f"""<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem xml:lang="en" guid="urn:newsml:cna.example:2025:1">
 <rightsInfo><copyrightHolder><name>Coast News Agency</name></copyrightHolder>
  <copyrightNotice>© 2025 CNA.</copyrightNotice><usageTerms>Redistribution is prohibited.</usageTerms></rightsInfo>
 <itemMeta><provider qcode="p:cna"><name>Coast News Agency</name></provider>
  <versionCreated>2025-03-08T15:00:00+05:30</versionCreated><firstCreated>2025-03-08T14:19:00+05:30</firstCreated></itemMeta>
 <contentMeta><headline>Council delays vote</headline><by>By Ada Quist</by><dateline>HARBORVIEW, March 8</dateline>
  <language tag="en-GB"/><subject><name>Politics</name></subject></contentMeta>
 <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>
  <body><h2>What was said</h2>{HTML}</body></html></inlineXML></contentSet>
</newsItem>
<newsItem guid="urn:pic"><itemMeta><firstCreated>2025-03-08</firstCreated></itemMeta><contentSet/></newsItem>
</itemSet></newsMessage>"""

NITF = f"""<nitf><head><title>x</title><docdata><date.issue norm="20250308T141900+0530"/>
<doc.copyright holder="CNA"/></docdata></head><body><body.head><hedline><hl1>Council delays vote</hl1></hedline>
<byline>By Ada Quist</byline><dateline><location>Harborview</location></dateline></body.head>
<body.content>{HTML}<hl2>What comes next</hl2><p>The council meets again.</p></body.content></body></nitf>"""


def test_newsml_g2_with_xhtml() -> None:
    (article,) = read_newsml(NEWSML.encode())
    assert article.headline == "Council delays vote"
    assert article.byline == ("Ada Quist",)
    assert article.agency == "Coast News Agency"
    assert article.outlet.name == "Coast News Agency"
    assert article.dateline == Dateline("Harborview")
    assert article.published is not None
    assert article.published.isoformat() == "2025-03-08T14:19:00+05:30"
    assert article.modified is not None
    assert article.language == "en-GB"
    assert article.section == ("Politics",)
    assert article.rights is not None
    assert article.rights.redistribution is Redistribution.FORBIDDEN
    assert article.text == "What was said\n\n" + "\n\n".join(P)


def test_nitf_alone_and_within_newsml() -> None:
    wrapped = f"<newsItem><contentSet><inlineXML>{NITF}</inlineXML></contentSet></newsItem>"
    for document in (NITF, wrapped):
        (article,) = read_newsml(document.encode())
        assert article.headline == "Council delays vote"
        assert article.byline == ("Ada Quist",)
        assert article.published is not None
        assert article.published.isoformat() == "2025-03-08T14:19:00+05:30"
        assert article.text == "\n\n".join([*P, "What comes next", "The council meets again."])
        assert [block.kind.value for block in article.blocks[-2:]] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"not xml",
        b"<html><body/></html>",
        b"<newsItem/>",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><newsItem>&b;</newsItem>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><newsItem><inlineData>&a;</inlineData></newsItem>',
        b"<a>" * 5_000,
    ],
)
def test_xml_without_news_is_no_article(document: bytes) -> None:
    with pytest.raises(NotAnArticle):
        read_newsml(document)


def test_ninjs_1() -> None:
    item = {
        "uri": "https://cna.example/1",
        "type": "text",
        "headline": "Council delays vote",
        "byline": "By Ada Quist",
        "located": "Harborview",
        "language": "en",
        "firstcreated": "2025-03-08T14:19:00+05:30",
        "versioncreated": "2025-03-08T15:00:00+05:30",
        "infosource": [{"name": "Coast News Agency"}],
        "subject": [{"name": "Politics"}, {"name": "Harbors"}],
        "copyrightnotice": "© 2025 CNA.",
        "usageterms": "Redistribution is prohibited.",
        "body_text": "\n\n".join(P),
        "body_xhtml": HTML,
        "associations": {"lead": {"type": "picture", "renditions": {"web": {"href": "https://cna.example/1.jpg"}}}},
    }
    article = read_ninjs(json.dumps(item).encode())
    assert article.headline == "Council delays vote"
    assert article.url == "https://cna.example/1"
    assert article.byline == ("Ada Quist",)
    assert article.agency == "Coast News Agency"
    assert article.dateline == Dateline("Harborview")
    assert article.section == ("Politics",)
    assert article.image == "https://cna.example/1.jpg"
    assert article.modified is not None
    assert article.rights is not None
    assert article.rights.redistribution is Redistribution.FORBIDDEN
    assert article.text == "\n\n".join(P)


def test_ninjs_2() -> None:
    item = {
        "uri": "urn:1",
        "headlines": [{"role": "main", "value": "Council delays vote"}],
        "bodies": [{"contentType": "text/plain", "value": "short"}, {"contentType": "text/html", "value": HTML}],
        "by": "Ada Quist and Tom Bell",
        "firstCreated": "2025-03-08T14:19:00Z",
    }
    article = read_ninjs(json.dumps([item]).encode())
    assert article.headline == "Council delays vote"
    assert article.url is None
    assert article.byline == ("Ada Quist", "Tom Bell")
    assert article.text == "\n\n".join(P)


@pytest.mark.parametrize(
    "document", [b"", b"{", b"[]", b"7", b"{}", b'{"headline": "x"}', b'{"body_text": 7}', b"[" * 99_999]
)
def test_json_without_text_is_no_article(document: bytes) -> None:
    with pytest.raises(NotAnArticle):
        read_ninjs(document)


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"<!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf\n<html lang=en>", "html"),
        ("<html><body><p>x".encode("utf-16"), "html"),
        (b"<div><p>A fragment</p></div>", "html"),
        (b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n<html>", "eml"),
        (b"Return-Path: <a@b.example>\nReceived: from x\nFrom: a@b.example\n\nHello", "eml"),
        (NEWSML.encode(), "newsml"),
        (NITF.encode(), "newsml"),
        (b'{"uri": "urn:1", "headline": "x"}', "ninjs"),
        (b"Council delays vote\n\nThe council said on Saturday", "text"),
        (b"Date: Monday. Subject: the harbor.\n\nFrom: here on it is prose.", "text"),
        (b"{ not json } and so on", "text"),
        (b"", "text"),
        (b"\xff\xfe\x00", "text"),
    ],
)
def test_sniffing(data: bytes, form: str) -> None:
    assert sniff(data) == form


def feed_item(content: str, **more: object) -> Item:
    known = {"id": "1", "url": "https://h.example/a", "title": "Council delays vote"}
    return Item(content_html=content, **(known | more))  # type: ignore[arg-type]


def test_full_content_of_a_feed_is_an_article() -> None:
    trailer = '<p>The post <a href="/a">Council delays vote</a> appeared first on <a href="/">Harbor Gazette</a>.</p>'
    at = When.of(datetime(2025, 3, 8, 8, 49, tzinfo=UTC))
    item = feed_item(HTML + "<script>x()</script>" + trailer, authors=("Ada Quist", "Harbor Gazette"), published=at)
    article = from_item(item, OutletName("Harbor Gazette", "h.example"))
    assert article is not None
    assert article.text == "\n\n".join(P)
    assert article.byline == ("Ada Quist",)
    assert article.headline == "Council delays vote"
    assert article.published == at
    assert article.outlet == OutletName("Harbor Gazette", "h.example")
    assert article.language == "en"


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "<p>A teaser.</p>",
        HTML + "<p>And so it goes on […]</p>",
        HTML.removesuffix("</p>") + "...</p>",
        f"<p>{' '.join(P)}</p>",
    ],
)
def test_a_teaser_is_none(content: str | None) -> None:
    assert from_item(feed_item(content or ""), OutletName("H", "h.example")) is None
