"""What may leave the house: a rights line is obeyed, and what it does not say counts as no."""

from __future__ import annotations

import pytest

from firsthand.desk.rights import EXCERPT_WORDS, excerpt, leaving, may_leave
from firsthand.extract.rights import rights_in
from firsthand.model.article import Article, Rights

# In the manner of agencies: the mark, the year, the holder, and then what is prohibited, by any means.
AGENCY = (
    "Source: QNA© Copyright 2026 QNA. All rights reserved. Republication or redistribution of QNA content, including by"
    " framing or similar means, is expressly prohibited without the prior written consent."
)
BODY = " ".join(f"word{number}" for number in range(200))


def article(line: str | None, **more: str) -> Article:
    return Article(headline="A headline", text=BODY, rights=rights_in([line]) if line else None, **more)


@pytest.mark.parametrize(
    "line",
    [
        AGENCY,
        "© 2026 Harbor Gazette Ltd.",
        "Copyright 2026. All rights reserved.",
        "Dieser Text darf ohne Genehmigung nicht weiterverbreitet werden. © 2026 Küstenblatt, Nachdruck verboten",
        "© 2026 The Post. Photographs under Creative Commons. All rights reserved.",
        None,
    ],
)
def test_only_headline_excerpt_and_link_leave(line: str | None) -> None:
    out = leaving(article(line))
    assert not out.whole
    assert out.headline == "A headline"
    assert len(out.excerpt.split()) <= EXCERPT_WORDS + 1  # the last is "…"
    assert out.excerpt.endswith(" …")
    assert out.excerpt.split()[:3] == ["word0", "word1", "word2"]


@pytest.mark.parametrize(
    "line",
    ["Licensed under Creative Commons CC BY 4.0", "© 2026 The Commons. CC BY-SA", "Copyright: CC0, public domain"],
)
def test_a_text_leaves_whole_where_its_line_plainly_allows_it(line: str) -> None:
    assert may_leave(Rights(line))
    out = leaving(article(line, summary="The standfirst."))
    assert out.whole
    assert out.excerpt == "The standfirst."


def test_the_rights_line_goes_with_what_leaves() -> None:
    assert "expressly prohibited" in (leaving(article(AGENCY)).rights or "")


def test_a_long_standfirst_is_an_excerpt_too() -> None:
    assert leaving(article(AGENCY, summary=BODY)).excerpt.split()[-2:] == [f"word{EXCERPT_WORDS - 1}", "…"]


def test_what_the_feed_says_stands_in_where_the_page_was_not_read() -> None:
    assert leaving(Article(headline="A"), "From the feed.").excerpt == "From the feed."


def test_scripts_without_spaces_are_cut_by_letters() -> None:
    text = "東京都は月曜日に" * 100
    assert len(excerpt(text)) < 100
    assert len(excerpt(" ".join(["長" * 50] * 40))) <= 10 * EXCERPT_WORDS + 2


def test_a_short_text_is_not_said_to_go_on() -> None:
    assert excerpt("Three short\n words") == "Three short words"
    assert excerpt("") == ""
