"""Readable diffs: sentences side by side, moves, figures and quotes called out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firsthand.group.diff import diff, sentence_spans
from firsthand.model.grouping import PartKind, TellingKind

BEFORE = (
    "Officials said 170 people were killed when the river rose on Monday. “We have never seen such a flood,” the mayor "
    "said at noon. Roads in the valley are closed. Mr. Smith went home by train that night, his wife said."
)
AFTER = (
    "Mr. Smith went home by train that night, his wife said. Officials said 183 people were killed when the river rose "
    "on Monday. “We have never seen such a storm,” the mayor said at noon. Help is on its way from the coast."
)


def test_figures_and_quotes_that_changed_are_called_out() -> None:
    told = [(one.kind, one.before, one.after) for one in diff(AFTER, BEFORE).telling]
    assert told[0] == (TellingKind.FIGURE, "170", "183")
    assert told[1][0] is TellingKind.QUOTE
    assert "flood" in told[1][1]
    assert "storm" in told[1][2]


def test_sentences_stand_side_by_side_in_the_order_of_the_new_text() -> None:
    lines = diff(AFTER, BEFORE).lines
    assert [line.kind for line in lines] == [
        PartKind.MOVED,
        PartKind.CHANGED,
        PartKind.CHANGED,
        PartKind.CUT,
        PartKind.ADDED,
    ]
    first = lines[1]
    assert [AFTER[span.start : span.end] for span in first.words_here] == ["183"]
    assert [BEFORE[span.start : span.end] for span in first.words_there] == ["170"]
    assert BEFORE[lines[3].there.start : lines[3].there.end] == "Roads in the valley are closed."


def test_abbreviations_end_no_sentence() -> None:
    text = "Mr. Smith met Dr. Jones at St. Paul. They talked.\nA new line"
    assert [text[span.start : span.end] for span in sentence_spans(text)] == [
        "Mr. Smith met Dr. Jones at St. Paul.",
        "They talked.",
        "A new line",
    ]


def test_the_same_text_has_no_differences() -> None:
    found = diff(BEFORE, BEFORE)
    assert {line.kind for line in found.lines} == {PartKind.KEPT}
    assert found.telling == ()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    found = diff(one, other)
    for line in found.lines:
        assert 0 <= line.here.start <= line.here.end <= len(one)
        assert 0 <= line.there.start <= line.there.end <= len(other)
