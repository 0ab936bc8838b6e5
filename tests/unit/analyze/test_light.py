"""Attributions by the light network over the parse, and the profile that is made of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firsthand.analyze import analyze
from firsthand.analyze.parse import parse
from firsthand.analyze.profiles import FAST, FULL, PROFILES
from firsthand.analyze.statements.light import find_light
from firsthand.model.article import Article

CASES = [
    ("The mayor said that the wall would hold.", ("The mayor", "said", ["that the wall would hold"])),
    ("“The wall will hold,” the mayor said on Friday.", ("the mayor", "said", ["“The wall will hold,”"])),
    (
        "“It holds,” said Ada Quist. “Nobody slept.”",
        ("Ada Quist", "said", ["“It holds,”", "“Nobody slept.”"]),
    ),
    ("The wall would hold, the mayor had said.", ("the mayor", "had said", ["The wall would hold"])),
    ("TARROW (AP) -- The wall would hold, the mayor said.", ("the mayor", "said", ["The wall would hold"])),
    ("The minister criticized the plan.", ("The minister", "criticized", ["the plan"])),
    ("According to the board, the wall was sound.", ("the board", "According to", ["the wall was sound"])),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_who_said_what(text: str, expected: tuple[str, str, list[str]]) -> None:
    (found,) = find_light(parse(text, names=False))
    said = [text[span.start : span.end] for span in (*found.source, *found.cue)]
    assert (*said, [text[span.start : span.end] for span in found.content]) == expected


def test_what_nobody_says_is_no_attribution() -> None:
    assert find_light(parse("The wall held. The sea rose over the road.", names=False)) == ()
    assert find_light(parse("", names=False)) == ()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="“”\"' said told He she the wall,.\n—A", max_size=120))
def test_spans_lie_within_the_text_and_do_not_overlap(text: str) -> None:
    for one in find_light(parse(text, names=False)):
        for spans in (one.source, one.cue, one.content):
            edges = [0, *(at for span in spans for at in (span.start, span.end)), len(text)]
            assert edges == sorted(edges)
            assert all(span.start < span.end for span in spans)


def test_the_fast_profile_gives_the_same_kinds_of_findings_without_the_network() -> None:
    text = (
        "HARBORVIEW (Reuters) – “The wall will hold,” mayor Ada Quist said on Friday.\n\nShe denied that it had cracks."
    )
    found = analyze(Article(text=text, language="en"), FAST)
    assert not found.failed
    assert [text[one.content[0].start : one.content[-1].end] for one in found.statements] == [
        "“The wall will hold,”",
        "that it had cracks",
    ]
    assert [one.polarity.value for one in found.statements] == ["asserts", "denies"]
    assert PROFILES == {"full": FULL, "fast": FAST}


def test_other_languages_go_by_their_quotation_marks() -> None:
    text = "«No vamos a pagar nada», dijo Ana López, ministra de Hacienda."
    assert len(analyze(Article(text=text, language="es"), FAST).statements) == 1
