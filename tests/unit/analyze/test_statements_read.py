"""From relations to statements: what nobody says has no source."""

from __future__ import annotations

import pytest

from firsthand.analyze.statements.read import to_statements
from firsthand.analyze.statements.relation import Relation, Span
from firsthand.model.findings import Speaker, SpeakerKind


def source_of(source: str, cue: str, content: str) -> str | None:
    text = f"{source} {cue} {content}"
    at = len(source) + 1
    spans = Span(0, len(source)), Span(at, at + len(cue)), Span(at + len(cue) + 1, len(text))
    (one,) = to_statements(
        text,
        [Relation(*((span,) for span in spans), 1.0)],
        lambda span: Speaker(text[span.start : span.end], SpeakerKind.UNNAMED),
        (),
    )
    assert (one.source is None) == (one.speaker is None)
    return one.speaker.name if one.speaker else None


@pytest.mark.parametrize(
    "cue", ["is apparent", "goes without saying", "was not clear", "is widely believed", "turns out"]
)
def test_nobody_says_what_is_apparent(cue: str) -> None:
    assert source_of("It", cue, "that the wall held") is None


@pytest.mark.parametrize("cue", ["said", "is considering", "turned down", "was asked whether", "is sure"])
def test_it_may_be_a_company(cue: str) -> None:
    assert source_of("It", cue, "that the wall held") == "It"


def test_somebody_to_whom_it_is_clear_says_so() -> None:
    assert source_of("The board", "is clear", "that the wall held") == "The board"


@pytest.mark.parametrize(
    ("rest", "to"),
    [
        ("the council. The cracks that divers found are deep.", "the council"),
        ("the BBC. He added nothing.", "the BBC"),
        ("St. Petersburg Times on Monday.", "St. Petersburg Times"),
        ("U.S. lawmakers.", "U.S. lawmakers"),
        ("Reuters on Friday.", "Reuters"),
    ],
)
def test_who_was_told_ends_with_the_sentence(rest: str, to: str) -> None:
    text = f"The wall will stand, she told {rest}"
    relation = Relation((Span(21, 24),), (Span(25, 29),), (Span(0, 19),), 1.0)
    (one,) = to_statements(text, [relation], lambda _: Speaker("she", SpeakerKind.UNNAMED), ())
    assert one.addressee == to


@pytest.mark.parametrize(
    ("text", "source", "cue", "said"),
    [
        ("Did he see the ball coming? It was dark.", "he", "see", False),
        ("When would the board say that it knew?", "the board", "say", False),
        ("Don’t you think that it was dark? He laughed.", "you", "think", False),
        ("All that he did, he said, was wait. Why?", "he", "said", True),
        ("The keeper saw the ball coming.", "The keeper", "saw", True),
    ],
)
def test_a_question_about_somebody_is_no_statement_of_theirs(text: str, source: str, cue: str, said: bool) -> None:
    at = text.index(cue)
    begin = text.rindex(source, 0, at)
    rest = Span(at + len(cue) + 1, at + len(cue) + 8)
    relation = Relation((Span(begin, begin + len(source)),), (Span(at, at + len(cue)),), (rest,), 1.0)
    found = to_statements(text, [relation], lambda _: Speaker("he", SpeakerKind.UNNAMED), ())
    assert bool(found) is said
