"""What the network overlooks: by the parse, in plain forms; and sources set right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.analyze.parse import parse
from firsthand.analyze.statements.overlooked import with_overlooked
from firsthand.analyze.statements.relation import Relation, Span


def relation(text: str, source: str, cue: str, content: str) -> Relation:
    spans = [
        (Span(text.index(words), text.index(words) + len(words)),) if words else () for words in (source, cue, content)
    ]
    return Relation(spans[0], spans[1], spans[2], 0.9)


def told(text: str, *known: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    def words(spans: tuple[Span, ...]) -> str:
        return " … ".join(text[span.start : span.end] for span in spans)

    found = with_overlooked(parse(text), [relation(text, *one) for one in known])
    return [(words(one.source), words(one.cue), words(one.content)) for one in found]


def test_somebody_who_seems_to_doubt_something() -> None:
    text = "In one talk the harbor master appeared to question reports that the crane had failed."
    assert told(text) == [
        ("the harbor master", "appeared to question", "reports that the crane had failed"),
        ("", "reports", "that the crane had failed"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "In reply, Ambassador Ostrow “acknowledged the strike was a danger for the port as well.”",
            ("Ambassador Ostrow", "acknowledged", "the strike was a danger for the port as well"),
        ),
        (
            "The cable goes on. “Noting the delay, Mr Sallow underscored the interest that both ports have in calm.”",
            ("Mr Sallow", "underscored", "the interest that both ports have in calm"),
        ),
    ],
)
def test_words_about_somebody_in_anothers_quotation_marks(text: str, wanted: tuple[str, str, str]) -> None:
    assert told(text) == [wanted]


def test_a_quotation_that_goes_on_where_somebody_spoke_is_kept() -> None:
    text = "Lena Ostrow said the port was open.\n\n“We are grateful to all the crews who worked through the night.”"
    known = ("Lena Ostrow", "said", "the port was open")
    assert told(text, known)[1:] == [("", "", "“We are grateful to all the crews who worked through the night.”")]
    assert (
        len(
            told(
                text.replace("We are grateful to all the crews who worked through the night.", "Night of Ships"), known
            )
        )
        == 1
    )
    assert len(told(text.replace("open.", "open. It rained."), known)) == 1
    assert len(told(text.replace("open.", "open.\n\nDid anybody complain?").replace("\n\n“", " “"), known)) == 2


def test_what_a_document_tells_of_others_words() -> None:
    text = "The ministry denied that it had known, according to the memos."
    assert ("The ministry", "denied", "that it had known") in told(
        text, ("the memos", "according to", "The ministry denied that it had known")
    )
    of_a_person = "The ministry denied that it had known, according to Lena Ostrow."
    assert len(told(of_a_person, ("Lena Ostrow", "according to", "The ministry denied that it had known"))) == 1


@pytest.mark.parametrize(
    ("text", "known", "wanted"),
    [
        (
            "The clerk said that “he has read the bill and hopes the town will not pay it.”",
            ("The clerk", "said", "he has read the bill and hopes the town will not pay it"),
            ("he", "hopes", "the town will not pay it"),
        ),
        (
            "Ostrow said that “the crews were not stopping any ship but acknowledged there were delays at the lock.”",
            ("Ostrow", "said", "the crews were not stopping any ship but acknowledged there were delays at the lock"),
            ("Ostrow", "acknowledged", "there were delays at the lock"),
        ),
        (
            "Ostrow also praised the “work of the crews (while admitting it was too late) to free the ship.”",
            ("Ostrow", "praised", "the “work of the crews (while admitting it was too late) to free the ship"),
            ("Ostrow", "admitting", "it was too late"),
        ),
        (
            "Ostrow told the council that the crews “were not idle, and they were going home to home to assure people that there is water.”",
            (
                "Ostrow",
                "told",
                "the crews “were not idle, and they were going home to home to assure people that there is water",
            ),
            ("they", "assure", "that there is water"),
        ),
        (
            "Ostrow hinted that the ministry would also appreciate a public word of thanks.",
            ("Ostrow", "hinted", "the ministry would also appreciate a public word of thanks"),
            ("the ministry", "would also appreciate", "a public word of thanks"),
        ),
        (
            "A note of the meeting shows that Ostrow offered condolences and the use of two cranes.",
            ("A note of the meeting", "shows", "Ostrow offered condolences and the use of two cranes"),
            ("Ostrow", "offered", "condolences and the use of two cranes"),
        ),
    ],
)
def test_who_says_or_wants_what_in_somebodys_words(
    text: str, known: tuple[str, str, str], wanted: tuple[str, str, str]
) -> None:
    assert wanted in told(text, known)


@pytest.mark.parametrize(
    "content",
    [
        "we would prefer a public inquiry",
        "the crews will go from door to door to assure people that there is water",
        "the crews cleared the lock but acknowledged nobody",
    ],
)
def test_what_nobody_else_says_in_somebodys_words(content: str) -> None:
    assert len(told(f"Ostrow said {content}.", ("Ostrow", "said", content))) == 1


def test_a_quotation_that_an_inner_content_opens_is_taken_to_its_end() -> None:
    text = "The cables show that the ministry sees the port as “a place with many ships. It is also dear to the crown,” he said."
    content = "the ministry sees the port as “a place with many ships. It is also dear to the crown"
    assert told(text, ("The cables", "show", content))[1] == (
        "the ministry",
        "sees",
        "the port as “a place with many ships. It is also dear to the crown,”",
    )


def test_the_reader_of_a_document_does_not_say_what_it_says() -> None:
    text = "The pages seen by the Ledger did not specify who had paid."
    assert told(text, ("the Ledger", "did not specify", "who had paid")) == [
        ("The pages seen by the Ledger", "did not specify", "who had paid")
    ]


def test_nobody_is_said_to_see_what_is_seen() -> None:
    text = "Officials have blamed the attack on the Night Guard group, seen as a rival of the union."
    assert told(text, ("Officials", "seen", "as a rival of the union"))[0][0] == ""


def test_messages_tell_and_not_the_files_that_hold_them() -> None:
    text = "The files include letters from the embassy, telling the ministry that the roads were closed."
    assert told(text, ("The files", "telling", "that the roads were closed"))[0][0] == "letters from the embassy"


WORDS = '“ ” " Khan Mr acknowledged said appeared to question reports that the messages show “acknowledged it .\n\n , from seen by as'.split(
    " "
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_spans_lie_within_any_text(text: str) -> None:
    known = (
        [relation(text, "Khan", "said", "reports")] if all(one in text for one in ("Khan", "said", "reports")) else []
    )
    for one in with_overlooked(parse(text), known):
        for span in (*one.source, *one.cue, *one.content):
            assert 0 <= span.start < span.end <= len(text)
