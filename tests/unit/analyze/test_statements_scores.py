"""How attributions are scored: what counts as equal, and as linked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3]))

from bench.attribution import Scores, Words

from firsthand.analyze.statements.relation import Relation, Span

TEXT = "The mayor said “no”. He added that she left."


def span(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def wanted(source: str, cue: str, *content: str) -> dict[str, list[list[int]]]:
    return {"source": [span(source)] if source else [], "cue": [span(cue)], "content": [span(c) for c in content]}


def found(source: str, cue: str, *content: str) -> Relation:
    return Relation(
        tuple(Span(*span(s)) for s in (source,) if s), (Span(*span(cue)),), tuple(Span(*span(c)) for c in content), 1.0
    )


GOLD = [wanted("The mayor", "said", "“no”"), wanted("He", "added", "that she left")]


def scores(*ours: Relation) -> Scores:
    result = Scores()
    result.add(TEXT, GOLD, ours)
    return result


def test_what_is_equal_scores_full() -> None:
    result = scores(found("The mayor", "said", "“no”"), found("He", "added", "that she left"))
    assert [count.f1 for count in result.exact.values()] == [100, 100, 100]
    assert result.linked.f1 == 100


def test_an_edge_that_is_off_is_not_exact_but_linked() -> None:
    result = scores(found("The mayor", "said", "no"), found("He", "added", "that she left"))
    assert result.exact["content"].f1 == 50
    assert result.linked.f1 == 100


@pytest.mark.parametrize(
    "other",
    [
        found("", "added", "that she left"),
        found("The mayor", "added", "that she left"),
        found("He", "added", "The mayor"),
        found("He", "left", "that she"),
    ],
)
def test_a_relation_with_a_wrong_part_is_not_linked(other: Relation) -> None:
    result = scores(found("The mayor", "said", "“no”"), other)
    assert (result.linked.right, result.linked.found, result.linked.wanted) == (1, 2, 2)


def test_the_same_source_of_two_relations_counts_once() -> None:
    result = scores(found("He", "added", "that she left"), found("He", "said", "“no”"))
    assert (result.exact["source"].right, result.exact["source"].found) == (1, 1)


def test_words_are_parted_at_marks_and_runs_at_paragraphs() -> None:
    words = Words("a b-c\n\nd e")
    assert words.spans(words.numbers([[0, 11]])) == [(0, 3), (4, 5)]
    assert words.numbers([[1, 2]]) == set()
