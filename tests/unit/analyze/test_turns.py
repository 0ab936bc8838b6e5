"""Transcripts: a line for each turn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firsthand.analyze.statements.relation import Relation, Span
from firsthand.analyze.statements.turns import find_turns, with_turns

TALK = """On Sunday the senator was asked about the wall.

"WALLACE: Will the wall hold?

PENCE (voice-over): It will. The board said “it is sound.”

WALLACE: Thank you.”

He left."""


def told(text: str) -> list[tuple[str, str]]:
    return [
        (text[one.source[0].start : one.source[0].end], text[one.content[0].start : one.content[0].end])
        for one in find_turns(text)
    ]


def test_whoever_is_named_before_the_colon_says_the_line() -> None:
    assert told(TALK) == [
        ("WALLACE", "Will the wall hold?"),
        ("PENCE", "It will. The board said “it is sound."),
        ("WALLACE", "Thank you."),
    ]


def test_one_name_with_a_colon_is_no_transcript() -> None:
    assert find_turns("LONDON: The wall held.\n\nNothing else.") == ()
    assert find_turns("VIDEO: The wall.\n\nWATCH: The sea.") == ()
    assert find_turns("Note: one thing.\n\nSource: another.") == ()


def test_a_turn_stands_for_what_takes_it_for_something_else() -> None:
    first, *_ = find_turns(TALK)
    whole = Relation((), (Span(0, 2),), (Span(0, len(TALK)),), 0.5)
    again = Relation(first.source, (Span(3, 4),), first.content, 0.5)
    board, said, sound = (_span(words) for words in ("The board", "said", "it is sound"))
    inner = Relation((board,), (said,), (sound,), 0.5)
    assert with_turns(TALK, [inner, again, whole]) == (*find_turns(TALK)[:2], inner, find_turns(TALK)[2])


def _span(words: str) -> Span:
    return Span(TALK.index(words), TALK.index(words) + len(words))


@given(st.text(alphabet="AB: \n\"”“'(),ab.", max_size=120))
def test_spans_lie_within_the_text(text: str) -> None:
    for one in find_turns(text):
        assert 0 <= one.source[0].start < one.cue[0].start < one.content[0].start < one.content[0].end <= len(text)
