"""The parse by the words of the encoder: each word has its token's traits, and nothing is told from afar."""

from __future__ import annotations

import re

import numpy as np
import pytest

from firsthand.analyze.parse import parse
from firsthand.analyze.statements.encoder import DATA
from firsthand.analyze.statements.syntax import VIEW, Syntax
from firsthand.analyze.statements.traits import read_lists, traits

TEXT = "Ostrow didn't say the U.S. ship had left.\n\nThe union doubts it."
SPANS = [match.span() for match in re.finditer(r"\w+|[^\w\s]", TEXT)]
WORDS = [TEXT[start:end] for start, end in SPANS]
FIRST = WORDS.index("The")
"""The first word of the second paragraph."""


@pytest.fixture(scope="module")
def syntax() -> Syntax:
    return Syntax(traits(parse(TEXT), read_lists(DATA / "light.txt")), SPANS)


def test_a_word_has_the_grammar_of_the_token_in_which_it_begins(syntax: Syntax) -> None:
    grammar = dict(zip(WORDS, syntax.grammar(np.arange(len(WORDS))).tolist(), strict=False))
    assert grammar["U"] == grammar["S"]  # one token, "U.S."
    assert grammar["ship"] != grammar["say"]
    assert all(part > 0 for one in grammar.values() for part in one)


def test_separators_have_no_grammar(syntax: Syntax) -> None:
    assert syntax.grammar(np.array([-1, 0, -1]))[[0, 2]].tolist() == [[0, 0], [0, 0]]


def test_a_cue_sees_its_own_paragraph_only(syntax: Syntax) -> None:
    words = np.array([*range(FIRST), -1, *range(FIRST, len(WORDS)), -1])
    say, doubts = WORDS.index("say"), WORDS.index("doubts") + 1  # a separator stands between
    view = syntax.view(words, np.array([[say, say], [doubts, doubts]]))
    assert view.shape == (2, len(words), len(VIEW))
    told = view.any(2)
    assert told[0].tolist() == [True] * FIRST + [False] * (len(words) - FIRST)
    assert told[1].tolist() == [False] * (FIRST + 1) + [True] * (len(WORDS) - FIRST) + [False]


def test_the_subject_hangs_on_the_cue_itself(syntax: Syntax) -> None:
    say = WORDS.index("say")
    view = syntax.view(np.arange(FIRST), np.array([[say, say]]))[0]
    up, down = VIEW.index("up"), VIEW.index("down")
    assert view[say, [up, down]].tolist() == [1, 1]  # both 0 steps: it is the cue
    assert view[0, [up, down]].tolist() == [1, 2]  # one step down to "Ostrow"
    assert view[WORDS.index("ship"), down] > view[0, down]


def test_a_text_of_nothing_has_no_syntax() -> None:
    empty = Syntax(traits(parse(""), read_lists(DATA / "light.txt")), [])
    assert empty.grammar(np.array([], np.int64)).shape == (0, 2)
