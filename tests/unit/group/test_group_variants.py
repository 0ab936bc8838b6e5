"""Wordings of one utterance: which belong together, and what each changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firsthand.group.variants import PieceKind, is_same_wording, marked, same_quotes

FIRST = "We knew of the cracks in the wall since January, and nobody at the authority wanted to hear of it"
CHANGED = "We have known of the cracks in the wall since January and nobody at the authority would hear of it"
PART = "nobody at the authority wanted to hear"
OTHER = "The barley will spoil in the queue if the ministry does not open a second corridor before the spring"


def test_changed_words_and_parts_belong_together_and_other_words_do_not() -> None:
    assert same_quotes([FIRST, OTHER, CHANGED, PART]) == [[0, 2, 3]]


def test_small_words_in_order_are_no_part_of_a_long_text() -> None:
    scattered = "of the in the since and at the to of"
    assert same_quotes([FIRST, scattered]) == []


def test_short_answers_are_alike_by_chance() -> None:
    assert same_quotes(["I have no comment", "I have no comment"]) == []


def test_what_is_cut_and_added_is_marked_in_its_own_letters() -> None:
    pieces = marked("The harbor authority knew “of it” in January", "The authority knew 'of it' in early January")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        (PieceKind.KEPT, "The "),
        (PieceKind.CUT, "harbor "),
        (PieceKind.KEPT, "authority knew 'of it' in "),
        (PieceKind.ADDED, "early "),
        (PieceKind.KEPT, "January"),
    ]


def test_marks_and_case_are_no_change() -> None:
    assert is_same_wording("“It’s sound,” she said", "it's sound she said")
    assert not is_same_wording("It is sound", "It is not sound")


@given(st.text(max_size=80), st.text(max_size=80))
def test_each_side_is_whole(first: str, other: str) -> None:
    pieces = marked(first, other)
    new = "".join(piece.text for piece in pieces if piece.kind is not PieceKind.CUT)
    old = [word for piece in pieces if piece.kind is not PieceKind.ADDED for word in piece.text.split()]
    assert new.split() == other.split()
    assert len(old) == len(first.split())


@given(st.lists(st.text(alphabet="ab cd", max_size=40), max_size=8))
def test_every_wording_is_in_one_group_at_most(contents: list[str]) -> None:
    places = [place for group in same_quotes(contents) for place in group]
    assert len(places) == len(set(places))


def test_what_was_left_out_stands_before_what_was_put_in() -> None:
    pieces = marked("that she was warned of it all", "that she had been warned of it all")
    assert [(piece.kind.value, piece.text.strip()) for piece in pieces][1:3] == [("cut", "was"), ("added", "had been")]
