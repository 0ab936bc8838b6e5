"""A page with all its furniture gives the article and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from firsthand.extract import extract_article
from firsthand.model.article import Article, Block, BlockKind, Dateline, Redistribution
from firsthand.model.feed import Item
from firsthand.model.when import When

URL = "https://harborgazette.example/news/region/port-cracks?utm_source=feed"
PAGE = (Path(__file__).parent / "pages" / "gazette.html").read_bytes()


@pytest.fixture(scope="module")
def article() -> Article:
    return extract_article(PAGE, URL)


def blocks_of(article: Article, kind: BlockKind) -> list[Block]:
    return [block for block in article.blocks if block.kind is kind]


def words_of(article: Article, kind: BlockKind) -> list[str]:
    return [article.text[block.start : block.end] for block in blocks_of(article, kind)]


def test_names_and_times(article: Article) -> None:
    assert article.headline == "Port authority knew of cracks, memos show"
    assert article.byline == ("Ada Quist",)
    assert article.agency == "Coast News Agency"
    assert article.outlet.name == "The Harbor Gazette"
    assert article.outlet.domain == "harborgazette.example"
    assert article.published is not None
    assert article.published.isoformat() == "2025-03-08T14:19:00+05:30"
    assert article.modified is not None
    assert article.modified.isoformat() == "2025-03-09T08:02:00+05:30"


def test_the_rest_of_the_furniture(article: Article) -> None:
    assert article.url == URL
    assert article.canonical_url == "https://harborgazette.example/news/region/port-cracks"
    assert article.section == ("News",)
    assert article.dateline == Dateline("Harborview", date(2025, 3, 8))
    assert article.language == "en-GB"
    assert article.image == "https://harborgazette.example/img/wall-1200.jpg"
    assert article.summary == "Four memos, read to the council on Saturday, describe cracks in the sea wall."
    assert article.partial is True
    assert article.rights is not None
    assert article.rights.line.startswith("© 2025 CNA.")
    assert article.rights.redistribution is Redistribution.FORBIDDEN


def test_the_body_begins_with_the_lede_and_ends_with_the_last_paragraph(article: Article) -> None:
    assert article.text.startswith("HARBORVIEW, March 8 (Coast News Agency) — The harbor authority")
    assert article.text.endswith("are expected to answer questions in public.")


@pytest.mark.parametrize(
    "furniture",
    [
        "cookies",
        "Sport",
        "By Ada",
        "Updated",
        "Facebook",
        "newsletter",
        "Morning briefing",
        "Also read",
        "Source:",
        "©",
    ],
)
def test_no_furniture_is_in_the_body(article: Article, furniture: str) -> None:
    assert furniture not in article.text


def test_blocks_stand_in_reading_order(article: Article) -> None:
    kinds = [block.kind.value for block in article.blocks]
    assert kinds == [
        "image",
        "paragraph",
        "paragraph",
        "heading",
        "paragraph",
        "list",
        "quote",
        "table",
        "embed",
        "paragraph",
        "paragraph",
    ]


def test_headings_quotes_and_lists_have_their_text(article: Article) -> None:
    assert words_of(article, BlockKind.HEADING) == ["What the memos say"]
    assert blocks_of(article, BlockKind.HEADING)[0].level == 2
    assert words_of(article, BlockKind.QUOTE)[0].startswith("We were told to wait")
    (listing,) = blocks_of(article, BlockKind.LIST)
    items = [article.text[item.start : item.end] for item in listing.items]
    assert items == [
        "The first, of 11 January, asks for an inspection.",
        "The last, of 20 February, speaks of danger.",
    ]


def test_images_tables_and_embeds_stand_between_the_text(article: Article) -> None:
    (image,) = blocks_of(article, BlockKind.IMAGE)
    assert image.url == "https://harborgazette.example/img/wall-800.jpg"
    assert image.caption == "The northern section. Photo: Lena Marsh"
    assert image.alt == "A cracked wall"
    (table,) = blocks_of(article, BlockKind.TABLE)
    assert table.rows == (("Section", "Width"), ("North", "3 cm"))
    assert table.caption == "Cracks by section"
    (embed,) = blocks_of(article, BlockKind.EMBED)
    assert embed.url == "https://video.example/embed/42"
    assert embed.caption == "The council meeting"
    assert all(block.start == block.end for block in (image, table, embed))


def test_links_are_spans_of_the_text(article: Article) -> None:
    links = [(article.text[link.start : link.end], link.url) for link in article.links]
    assert ("Daily Ledger", "https://dailyledger.example/memos?utm_source=x") in links
    assert ("an inspection", "https://harborgazette.example/doc/1") in links


def test_the_same_bytes_give_the_same_article(article: Article) -> None:
    assert extract_article(PAGE, URL) == article


def test_the_feed_fills_what_the_page_does_not_say() -> None:
    page = (
        "<html><body><article>" + "<p>A paragraph with words enough to be taken as an article's text, surely.</p>" * 1
    )
    page += "".join(f"<p>Sentence number {i} goes on for a while, so that the page holds a body.</p>" for i in range(6))
    item = Item(
        id="1",
        url="https://a.example/1",
        title="A title from the feed",
        summary="A summary.",
        published=When.of(datetime(2025, 3, 8, 9, tzinfo=UTC)),
        authors=("By Ada Quist", "Reuters"),
        image="https://a.example/1.jpg",
    )
    article = extract_article(page, None, item=item)
    assert article.headline == "A title from the feed"
    assert article.url == "https://a.example/1"
    assert article.byline == ("Ada Quist",)
    assert article.published == item.published
    assert article.image == "https://a.example/1.jpg"


def test_the_feeds_instant_is_better_than_the_pages_day() -> None:
    page = PAGE.replace(b'"datePublished":"2025-03-08T14:19:00+05:30"', b'"datePublished":"2025-03-08"')
    at = When.of(datetime(2025, 3, 8, 8, 49, tzinfo=UTC))
    article = extract_article(page, URL, item=Item(id="1", published=at))
    assert article.published == at


@pytest.mark.parametrize(
    "wrapped",
    [
        "{body}",
        '<div class="desktop">{body}</div><div class="mobile">{body}</div>',
        "<noscript>{body}</noscript>",
        '<div hidden id="S:0">{body}</div>',
        "<div>" * 1500 + "{body}" + "</div>" * 1500,
        "<div>{body}</div>" + "<p><a href='/x'>some link</a> <a href='/y'>another</a></p>" * 3000,
    ],
    ids=["plain", "mobile and desktop", "noscript", "streamed", "deep", "many links"],
)
def test_a_body_is_found_once_wherever_it_stands(wrapped: str) -> None:
    paragraphs = [f"This is paragraph number {i}, with enough words in it to be an article's text." for i in range(8)]
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    page = f"<html><head><title>A page of this world</title></head><body>{wrapped.format(body=body)}</body></html>"
    assert extract_article(page).text.split("\n\n") == paragraphs


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    lines = [f"Line {i} of a page that knows no paragraphs and parts its text by breaks." for i in range(8)]
    page = (
        "<html><body><div class='article-body'>"
        + "<br>\n<br/>".join(lines)
        + "<br>and goes on here.</div></body></html>"
    )
    article = extract_article(page)
    assert article.text.split("\n\n")[:-1] == lines[:-1]
    assert article.text.endswith("\nand goes on here.")


def test_nuls_surrogates_and_controls_are_gone() -> None:
    page = PAGE.decode().replace("council", "coun\x00\ud800\x1b[31mcil\ufffe")
    article = extract_article(page, URL)
    assert "coun[31mcil" in article.text
    assert not set("\x00\x1b\ufffe") & set(article.text)
    article.text.encode("utf-8")


def test_dangerous_addresses_do_not_come_through() -> None:
    page = PAGE.replace(b'href="/doc/1"', b'href="java\nscript:alert(1)"').replace(
        b"/img/wall-800.jpg", b"data:image/png;x"
    )
    article = extract_article(page, URL)
    assert all(link.url.startswith(("http://", "https://")) for link in article.links)
    assert all(block.url is None or block.url.startswith("http") for block in article.blocks)
    assert "an inspection" in article.text


def test_json_ld_helps_out_where_the_page_shows_only_a_beginning() -> None:
    sentences = [
        f"Sentence {i} of the body stands in the data for machines, and goes on for some words." for i in range(9)
    ]
    told = json.dumps({"@type": "NewsArticle", "headline": "Told whole", "articleBody": "\n".join(sentences)})
    head = f'<title>T</title><script type="application/ld+json">{told}</script>'
    page = f"<html><head>{head}</head><body><h1>Told whole</h1><p>{sentences[0]}</p></body></html>"
    assert extract_article(page).text.split("\n\n") == sentences


def test_but_not_where_it_is_another_text() -> None:
    other = " ".join(f"Word{i}" for i in range(900))
    page = PAGE.replace(b'"isAccessibleForFree"', f'"articleBody":"{other}","isAccessibleForFree"'.encode())
    assert "Word500" not in extract_article(page, URL).text


def test_a_base_element_is_obeyed() -> None:
    page = PAGE.replace(b"<head>", b'<head><base href="https://cdn.example/x/">').replace(b'"/doc/1"', b'"doc/1"')
    assert "https://cdn.example/x/doc/1" in {link.url for link in extract_article(page, URL).links}
