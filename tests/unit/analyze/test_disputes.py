"""Disputes: any statements may be asked about; the set of readings is in tests/eval/disputes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.analyze.disputes import find_disputes
from firsthand.model.article import Span
from firsthand.model.findings import Statement, StatementKind

WORDS = st.sampled_from(
    "denied the claim . “ ” said that is not true rejected report false Khan he . \n\n contradicts her account \x00 \ud800 é".split(
        " "
    )
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join), st.data())
def test_disputes_link_two_of_the_statements_with_words_of_the_text(text: str, data: st.DataObject) -> None:
    span = st.tuples(st.integers(0, len(text)), st.integers(0, 40)).map(
        lambda at: Span(at[0], min(len(text), at[0] + at[1]))
    )
    one = st.builds(
        Statement,
        source=st.none() | span,
        cue=st.none() | span,
        content=st.lists(span, min_size=1, max_size=2).map(tuple),
        kind=st.just(StatementKind.INDIRECT),
    )
    statements = data.draw(st.lists(one, max_size=6))
    found = find_disputes(text, statements)
    assert find_disputes(text, statements) == found
    for dispute in found:
        assert dispute.statement != dispute.disputed
        assert {dispute.statement, dispute.disputed} <= set(range(len(statements)))
        assert 0 <= dispute.evidence.start < dispute.evidence.end <= len(text)


def test_long_texts_take_no_longer_than_they_are() -> None:
    text = "The army denied the claim. Rebels said so. " * 3_000
    statements = [
        Statement(
            source=Span(at, at + 8),
            cue=Span(at + 9, at + 15),
            content=(Span(at + 16, at + 25),),
            kind=StatementKind.INDIRECT,
        )
        for at in range(0, len(text) - 60, 43)
    ]
    assert len(find_disputes(text, statements[:400])) <= 400
