"""What the light network is told of a text: rows, quotes, and the way through the parse from a cue to each token."""

from __future__ import annotations

import numpy as np
import pytest

from firsthand.analyze.parse import parse
from firsthand.analyze.statements.traits import LONGEST, SEEN, Numbers, Traits, rows_of, seen_from, traits

DEPS = ["nsubj", "ccomp", "mark", "det", "ROOT", "dobj", "aux"]
LISTS = {
    "words": Numbers(["the", "mayor", "said", "“", "”"]),
    "suffixes": Numbers(["aid"]),
    "tags": Numbers(["NN", "VBD"]),
    "deps": Numbers(DEPS),
}
TEXT = "The mayor said that the wall holds.\n\n“Nobody slept,” she added."


@pytest.fixture(scope="module")
def read() -> Traits:
    return traits(parse(TEXT, names=False), LISTS)


def test_strings_have_their_numbers_and_others_none(read: Traits) -> None:
    assert read.columns[:4, 0].tolist() == [1, 2, 3, 0]
    assert read.columns[2, 1] == 1
    assert read.columns[1, 3] == DEPS.index("nsubj") + 1  # a name that spaCy keeps among its symbols
    assert [TEXT[a:b] for a, b in zip(read.starts[:3], read.ends[:3], strict=True)] == ["The", "mayor", "said"]


def test_rows_are_paragraphs_and_a_quote_ends_with_its_own(read: Traits) -> None:
    assert len(read.rows) == 2
    first, last = read.rows[1]
    assert TEXT[read.starts[first] : read.ends[last - 1]] == "“Nobody slept,” she added."
    assert read.columns[first : first + 5, 5].tolist() == [2, 1, 1, 1, 2]
    assert not read.columns[: read.rows[0][1], 5].any()
    open_ended = traits(parse("“Nobody slept\n\nShe added nothing.", names=False), LISTS)
    begin = open_ended.rows[1][0]
    assert not open_ended.columns[begin:, 5].any()


def test_long_paragraphs_are_cut_and_no_token_is_lost() -> None:
    found = traits(parse("word " * 1000, names=False), LISTS)
    assert max(last - first for first, last in found.rows) <= LONGEST
    assert sum(last - first for first, last in found.rows) == len(found.starts)


def test_dependents_are_told_by_kind(read: Traits) -> None:
    r = rows_of(read, read.rows[:1], len(LISTS["deps"]))
    said = 2
    assert r.children[0, said, LISTS["deps"](np.array([_hash("nsubj"), _hash("ccomp")], np.uint64))].all()


def test_the_way_from_the_cue_to_each_token(read: Traits) -> None:
    seen, real, points = seen_from(read, [(2, 3, *read.rows[0])])
    by_name = dict(zip(SEEN, np.moveaxis(seen[0], 1, 0).tolist(), strict=True))
    assert points.tolist() == [[0, 2]]
    assert real.all()
    middle = by_name["distance"][2]
    assert [each - middle for each in by_name["distance"][:5]] == [-2, -1, 0, 1, 2]
    subject, clause = DEPS.index("nsubj") + 1, DEPS.index("ccomp") + 1
    assert by_name["branch"][:3] == [subject, subject, 0]
    assert set(by_name["branch"][3:7]) == {clause}
    assert by_name["down"][:3] == [2, 1, 0]
    assert by_name["edges"][0] == 1  # the subject begins with "The" …
    assert by_name["edges"][1] == 2  # … and ends with "mayor"
    assert by_name["inside"] == [0, 0, 1, 0, 0, 0, 0, 0]


def test_another_sentence_meets_nowhere() -> None:
    found = traits(parse("The mayor said it. Nobody slept there.", names=False), LISTS)
    seen, _, _ = seen_from(found, [(2, 3, *found.rows[0])])
    up, sentence = seen[0, :, SEEN.index("up")], seen[0, :, SEEN.index("sentence")]
    assert (up[sentence == 4] == up.max()).all()
    assert up[2] == 0


def _hash(string: str) -> int:
    from spacy.strings import get_string_id

    return get_string_id(string)
