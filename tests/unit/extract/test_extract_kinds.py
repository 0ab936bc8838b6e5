"""Kinds of pages that are not a plain report: live, video, interview, list, opinion; and those that hold no article."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthand.extract import extract_article
from firsthand.model.article import Article, BlockKind
from firsthand.model.errors import NotAnArticle

PAGES = Path(__file__).parent / "pages"


def read(name: str, url: str) -> Article:
    return extract_article((PAGES / f"{name}.html").read_bytes(), url)


def texts(article: Article, *kinds: BlockKind) -> list[str]:
    wanted = kinds or tuple(BlockKind)
    return [article.text[block.start : block.end] for block in article.blocks if block.kind in wanted]


def test_a_live_page_keeps_its_points_and_its_entries_in_order_with_their_times() -> None:
    article = read("live", "https://harborgazette.example/live/storm")
    assert article.byline == ("Ada Quist", "Tom Bell")
    assert texts(article, BlockKind.HEADING) == [
        "What we know so far", "Ferries stay in port", "Power goes out in the old town", "The first gusts",
    ]  # fmt: skip
    assert [text for text in texts(article) if len(text) == 5] == ["14:05", "11:40", "06:10"]
    (points,) = [block for block in article.blocks if block.kind is BlockKind.LIST]
    assert len(points.items) == 3
    assert texts(article, BlockKind.QUOTE) == [
        "We have three crews on it, and each of them has been out since midnight."
    ]
    for furniture in ("Share", "Copy link", "Advertisement", "Most read", "seal on the tram", "Updated"):
        assert furniture not in article.text


def test_a_page_of_a_video_and_one_paragraph_is_that_paragraph_and_the_video() -> None:
    article = read("video", "https://meridian.example/video/seals")
    assert [block.kind.value for block in article.blocks] == ["embed", "paragraph"]
    assert article.blocks[0].url == "https://player.example/embed/771"
    assert article.text.startswith("For the first time in forty years")
    assert article.published is not None
    assert article.published.isoformat() == "2025-05-14T09:30:00+02:00"


def test_an_interview_s_questions_are_paragraphs_and_a_quote_set_large_is_not_said_twice() -> None:
    article = read("interview", "https://northernpost.example/2025/03/02/penhallow")
    assert article.byline == ("Callum Reeve",)
    assert not texts(article, BlockKind.HEADING)
    assert article.text.count("It is six minutes on foot") == 1
    questions = [text for text in texts(article) if text.endswith("?")]
    assert questions == [
        "Ms. Penhallow, when did you know that the wall would not hold?",
        "Who told you so?",
        "Would you do anything differently?",
    ]
    assert "conducted by" not in article.text
    assert "Ruth Penhallow\n" not in article.text


def test_a_list_article_has_a_heading_and_a_picture_for_each_item() -> None:
    article = read("listicle", "https://tide.example/a/1/walks")
    kinds = [block.kind.value for block in article.blocks]
    assert kinds == ["paragraph", *["heading", "image", "paragraph"] * 5]
    assert texts(article, BlockKind.HEADING)[2] == "3. The heath above Skerrow"
    assert article.section == ()
    assert "inbox" not in article.text
    assert "soups" not in article.text


def test_an_opinion_piece_loses_who_wrote_it_and_keeps_what_was_written() -> None:
    article = read("opinion", "https://ledger.example/opinion/terminal")
    assert article.byline == ("Petra Vane",)
    assert article.section == ("Opinion",)
    assert article.blocks[0].kind is BlockKind.PARAGRAPH
    assert texts(article)[1].startswith("Nobody stands at a ribbon")
    assert texts(article, BlockKind.HEADING) == ["The price of a ribbon"]
    assert article.text.endswith("It is time to be rude about the ribbon, and to sell.")


@pytest.mark.parametrize(
    ("name", "url", "word"),
    [
        ("gone", "https://ledger.example/news/2025/a-page-that-was", "gone"),
        ("consent", "https://kuestenblatt.example/politik/haushalt", "cookies"),
    ],
)
def test_pages_in_an_article_s_place_are_refused_with_the_reason(name: str, url: str, word: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        read(name, url)
    assert word in caught.value.message
