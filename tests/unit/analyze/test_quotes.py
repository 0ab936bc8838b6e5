from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.analyze.quotes import quoted_share, quotes
from firsthand.model.article import Span


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"It rained," she said, "and then it snowed."', ['"It rained,"', '"and then it snowed."']),
        ("He said “we will pay,\" and left.", ["“we will pay,\""]),
        ("“First part of it.\n\n“Second part of it.\n\n“And the end.” He left.", [
            "“First part of it.", "“Second part of it.", "“And the end.”"]),
        ("“An opening that never ends.\n\nAnother paragraph without marks.", []),
        ("Er sagte: „Wir zahlen nichts“ und ging.", ["„Wir zahlen nichts“"]),
        ("Er sagte: »Wir zahlen nichts« und ging.", ["»Wir zahlen nichts«"]),
        ("Il a dit : « Nous ne paierons pas ».", ["« Nous ne paierons pas »"]),
        ("‘We won’t pay a penny,’ he said.", ["‘We won’t pay a penny,’"]),
        ("The ‘so-called’ workers’ rights and a rock ’n’ roll band", []),
        ("The 6\" pipe and the 12\" pipe", []),
        ("知事は「払わない」と述べた。", ["「払わない」"]),
    ],
)  # fmt: skip
def test_quotes_in_the_marks_of_many_hands(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_two_straight_single_marks_are_one_mark() -> None:
    text = "He said, ''We're open -- and cheap,'' and left. ''Yes'' was all."
    assert [text[span.start + 1 : span.end - 1] for span in quotes(text)] == ["We're open -- and cheap,", "Yes"]


def test_the_share_of_quoted_words() -> None:
    text = 'She said the plan was "bad for us".'
    assert quoted_share([Span(9, 34)], text, quotes(text)) == pytest.approx(3 / 6)
    assert quoted_share([Span(0, 8)], text, quotes(text)) == 0.0


@given(st.text(alphabet="ab \n\"“”„«»‘’'.", max_size=60))
def test_any_text_gives_spans_in_order_and_inside(text: str) -> None:
    edges = [edge for span in quotes(text) for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
