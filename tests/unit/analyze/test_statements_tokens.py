"""Words, pieces and windows: what the encoder reads, and where it stands in the text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.analyze.statements.tokens import WINDOW, paragraphs, windows
from firsthand.analyze.statements.wordpiece import PIECES_A_WORD, WordPieces

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "the",
    "mayor",
    "harbor",
    "##s",
    "##ing",
    "say",
    '"',
    "'",
    ".",
]
ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\n\n.“”\"'"), max_size=200)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    path: Path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    path.write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    return WordPieces(path)


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("mayors", ["mayor", "##s"]),
        ("Saying", ["say", "##ing"]),
        ("MAYÓR", ["mayor"]),
        ("zeppelin", ["[UNK]"]),
        ("mayor_say", ["mayor", "[UNK]", "say"]),
        ("mayor" * 30, ["[UNK]"]),
        ("\ud800", ["[UNK]"]),
        ("\x00", ["[UNK]"]),
    ],
)
def test_a_word_comes_in_the_longest_pieces(pieces: WordPieces, word: str, wanted: list[str]) -> None:
    assert [VOCABULARY[number] for number in pieces(word)] == wanted


def test_a_word_has_a_bounded_number_of_pieces(pieces: WordPieces) -> None:
    assert len(pieces("say" + "ing" * 20)) == PIECES_A_WORD


def test_words_inside_quotation_marks_are_told_apart(pieces: WordPieces) -> None:
    text = "The mayor “say harbor” said 'no ''NO MORE'' then"
    (paragraph,) = paragraphs(text, pieces)
    inside = [(text[a:b], kind) for (a, b), kind in zip(paragraph.spans, paragraph.kinds, strict=True) if kind >= 3]
    assert inside == [("“", 3), ("say", 3), ("harbor", 3), ("'", 3), ("'", 3), ("NO", 5), ("MORE", 5)]
    assert paragraph.kinds[0] == 1


def test_a_quotation_that_is_never_closed_ends_with_its_paragraph(pieces: WordPieces) -> None:
    _, second = paragraphs("“the mayor\n\nthe harbor", pieces)
    assert second.kinds == [0, 0]


def test_a_paragraph_too_long_for_a_window_is_cut_at_a_sentence(pieces: WordPieces) -> None:
    sentence = "the mayor say the harbor."
    parts = paragraphs(" ".join([sentence] * 100), pieces)
    assert len(parts) > 1
    assert all(part.size <= WINDOW - 2 and part.ends[-1] for part in parts)
    assert {part.number for part in parts} == {0}


@given(text=ANY_TEXT)
def test_every_word_is_in_one_window_and_lies_where_it_says(pieces: WordPieces, text: str) -> None:
    parts = paragraphs(text, pieces, most=12)
    spans = [span for part in parts for span in part.spans]
    assert all(0 <= start < end <= len(text) and "\n" not in text[start:end] for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    gaps = zip([0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)], strict=True)
    assert not "".join(text[end:start] for end, start in gaps).strip()
    numbers = [word for window in windows(parts, pieces) for word in window.words if word >= 0]
    assert numbers == list(range(len(spans)))


@given(text=ANY_TEXT)
def test_the_lists_of_a_window_run_parallel(pieces: WordPieces, text: str) -> None:
    for window in windows(paragraphs(text, pieces, most=40), pieces):
        assert len(window.ids) == len(window.kinds) <= WINDOW
        assert len(window.firsts) == len(window.words) == len(window.paragraphs) == len(window.sentences)
        assert all(0 < first < len(window.ids) for first in window.firsts)
        assert window.paragraphs == sorted(window.paragraphs)
        assert window.sentences == sorted(window.sentences)
