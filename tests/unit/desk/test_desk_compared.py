"""Two texts beside each other: what is marked, what is folded, what is called out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.desk.compared import (
    Comparison,
    Mark,
    Piece,
    Told,
    compare_texts,
    said,
    still_says,
    word_pieces,
)
from firsthand.model.article import Article
from firsthand.model.grouping import PartKind, TellingKind, percent

OPENING = "The flood put 170 homes under water, according to the flood office."
QUIET = [f"Sentence {word} says nothing that anybody would want to change." for word in "one two six ten".split()]


def text(*sentences: str) -> str:
    return " ".join(sentences)


def kinds(found: Comparison) -> list[str]:
    return [row.kind.value for row in found.rows]


def plain(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def bare(pieces: tuple[Piece, ...]) -> str:
    marks = {Mark.SAME: "{}", Mark.CUT: "[-{}-]", Mark.ADDED: "{{+{}+}}"}
    return "".join(
        marks[piece.mark].format(piece.text.rstrip()) + piece.text[len(piece.text.rstrip()) :] for piece in pieces
    )


def test_the_same_text_has_nothing_to_tell() -> None:
    found = compare_texts(text(OPENING, *QUIET), text(OPENING, *QUIET))
    assert (found.words, found.told, found.kept, found.reused) == ("", (), 1.0, 1.0)
    assert [block.folded for block in found.blocks] == [True]


def test_a_word_that_changed_is_marked_and_what_lies_far_from_it_is_folded() -> None:
    before = text(OPENING, *QUIET)
    found = compare_texts(before, before.replace("170", "183"))
    assert found.words == "1 sentence changed"
    first = next(found.rows)
    assert bare(first.inline) == "The flood put [-170-] {+183+} homes under water, according to the flood office."
    assert bare(first.before) == "The flood put [-170-] homes under water, according to the flood office."
    assert bare(first.after) == "The flood put {+183+} homes under water, according to the flood office."
    assert [(len(block.rows), block.folded) for block in found.blocks] == [(2, False), (3, True)]


def test_both_sides_are_the_texts_themselves_to_the_letter() -> None:
    before, after = text(OPENING, *QUIET[:2]), text(OPENING.replace("170", "183"), QUIET[1], "More rain is expected.")
    found = compare_texts(before, after)
    assert " ".join(plain(row.after) for row in found.rows if row.after) == after
    assert sorted(plain(row.before) for row in found.rows if row.before) == sorted([OPENING, QUIET[0], QUIET[1]])


def test_what_was_cut_added_and_moved_is_counted_in_words() -> None:
    before = text(OPENING, "Eleven people were treated for cold and cuts in the school hall.", *QUIET)
    after = text(OPENING, *QUIET, "Repairs will cost four million crowns and last until the spring.")
    found = compare_texts(before, after)
    assert found.words == "1 sentence added, 1 cut"
    moved = compare_texts(text(*QUIET, OPENING), text(OPENING, *QUIET))
    assert (moved.words, kinds(moved)[0]) == ("1 sentence moved", "moved")
    assert next(moved.rows).moved == "moved up, was sentence 5"


def test_a_sentence_that_moved_down_says_so() -> None:
    moved = compare_texts(text(OPENING, *QUIET), text(*QUIET, OPENING))
    assert [row.moved for row in moved.rows if row.moved] == ["moved down, was sentence 1"]


def test_a_sentence_that_was_written_anew_is_not_marked_word_by_word() -> None:
    pieces = word_pieces("The mayor has resigned after the vote.", "Nobody knows where all those ferries went.")
    assert [piece.mark for piece in pieces] == [Mark.CUT, Mark.SAME, Mark.ADDED]


def test_another_kind_of_quotation_mark_changes_nothing() -> None:
    found = compare_texts(
        text("“It’s sound,” she said on Friday.", *QUIET), text('"It\'s sound," she said on Friday.', *QUIET)
    )
    assert found.words == ""


def test_a_closing_quotation_mark_at_the_end_of_a_text_is_no_change() -> None:
    ending = "“I would have asked what it meant.”"
    found = compare_texts(text(*QUIET, ending), text(*QUIET, ending) + "\n\nCorrection: The board has nine members.")
    assert found.words == "1 sentence added"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("put 170 homes under water", "put 183 homes under water", ("170 homes", "183 homes")),
        ("cost $4.2 million in all", "cost $4.4 million in all", ("$4.2 million", "$4.4 million")),
        ("rose by 97% in May", "rose by 81% in May", ("97%", "81%")),
        ("won by seven votes there", "won by nine votes there", ("seven votes", "nine votes")),
        ("was built in 1931, they said", "was built in 1913, they said", ("in 1931", "in 1913")),
    ],
)
def test_figures_are_called_out_with_what_they_count(before: str, after: str, told: tuple[str, str]) -> None:
    frame = "According to the district the wall {} and the office agreed with all of that."
    found = compare_texts(text(frame.format(before), *QUIET), text(frame.format(after), *QUIET))
    (one,) = found.told
    assert (one.kind, one.before, one.after, one.row) == (TellingKind.FIGURE, *told, 1)


def test_quotes_that_changed_are_called_out() -> None:
    quote = "“I was told that the wall was {}, and so I moved people toward it,” she said on Friday."
    found = compare_texts(text(quote.format("sound"), *QUIET), text(quote.format("safe"), *QUIET))
    (one,) = found.told
    assert one.kind is TellingKind.QUOTE
    assert ("sound" in one.before, "safe" in one.after, one.after.endswith(",")) == (True, True, False)


def test_figures_of_other_texts_do_not_stand_for_each_other() -> None:
    found = compare_texts("The match ended 3 to 1 before 400 people.", "Shares fell 7 percent to 12 crowns on Monday.")
    assert found.told == ()


def test_the_same_figure_is_called_out_once() -> None:
    twice = text("In all 170 homes stood under water.", QUIET[0], "Of the 170 homes most are empty now.", *QUIET[1:])
    assert len(compare_texts(twice, twice.replace("170", "183")).told) == 1


@pytest.mark.parametrize(
    ("copy", "still"),
    [
        ("The flood put 170 homes under water.", True),
        ("The flood put 183 homes under water.", False),
        ("Correction: it was 183 homes, not 170 homes.", False),
        ("The flood put 1,170 homes under water.", False),
        ("Trains ran late.", False),
    ],
)
def test_a_copy_that_still_has_the_old_words_is_known(copy: str, still: bool) -> None:
    assert still_says(copy, Told(TellingKind.FIGURE, "170 homes", "183 homes", 1)) is still


def test_the_headline_is_compared_as_well() -> None:
    before, after = (Article(headline=line, text=text(*QUIET)) for line in ("Flood kills three", "Flood kills four"))
    found = compare_texts(said(before), said(after))
    assert found.words == "1 sentence changed"
    assert kinds(found)[0] == PartKind.CHANGED.value


WORDS = st.lists(st.sampled_from("The wall, was built in 1931. No! “Yes,” she said. 170 homes".split()), max_size=60)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
def test_whatever_the_texts_nothing_of_either_is_lost(one: list[str], other: list[str]) -> None:
    before, after = " ".join(one), " ".join(other)
    found = compare_texts(before, after)
    for side, whole in (("after", after), ("before", before)):
        shown = sorted("".join("".join(plain(getattr(row, side)).split()) for row in found.rows))
        assert shown == sorted("".join(whole.split())) or side == "before"
    numbers = [row.number for row in found.rows]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_hundred_percent_is_all_of_it() -> None:
    assert [percent(share) for share in (0, 0.001, 0.5, 0.994, 0.998, 1)] == [0, 1, 50, 99, 99, 100]
