"""The same quote in the words of several outlets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from firsthand.desk.quotes import quotes
from firsthand.group.variants import PieceKind
from firsthand.model.findings import Polarity, StatementKind
from firsthand.model.people import Said

NOW = datetime(2025, 3, 8, 12, tzinfo=UTC)
WORDS = "We knew of the cracks in the wall since January and nobody wanted to hear of it"
CUT = "We knew of the cracks since January and nobody wanted to hear of it"


def said(article_id: int, content: str, outlet: str = "Tide", minutes: int = 0, number: int = 0) -> Said:
    return Said(
        article_id=article_id, number=number, headline="Cracks", outlet=outlet, content=content,
        kind=StatementKind.DIRECT, polarity=Polarity.ASSERTS, role=None, day=None,
        published=NOW + timedelta(minutes=minutes), speaker="Ada Quist", person_id=1,
    )  # fmt: skip


def test_the_first_wording_stands_at_the_head_and_the_same_words_once() -> None:
    (quote,) = quotes([said(3, WORDS, "Herald", 20), said(2, CUT, "Tide", 10), said(1, WORDS.upper(), "Coast News")])
    assert [[one.outlet for one in wording.said] for wording in quote.wordings] == [["Coast News", "Herald"], ["Tide"]]
    head, other = quote.wordings
    assert [piece.kind for piece in head.pieces] == [PieceKind.KEPT]
    assert [piece.text for piece in other.pieces if piece.kind is PieceKind.CUT] == ["IN THE WALL "]


def test_where_all_print_the_same_words_there_is_nothing_to_compare() -> None:
    assert quotes([said(1, WORDS), said(2, WORDS, "Herald", 5)]) == ()


def test_an_article_is_not_compared_with_itself() -> None:
    assert quotes([said(1, WORDS), said(1, CUT, number=1)]) == ()


def test_nothing_said_is_nothing_to_compare() -> None:
    assert quotes([]) == ()
