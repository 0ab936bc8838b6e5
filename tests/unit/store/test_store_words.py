"""Words: whatever a text holds, what is kept of it is letters and digits, and is found again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.records import SearchQuery
from firsthand.store.snippets import HIT_END, HIT_START, snippet
from firsthand.store.words import fold, phrases, single_letters, split

ANY = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


def is_plain(word: str) -> bool:
    return all(letter.isalnum() or unicodedata.category(letter) in ("Mn", "Mc") for letter in word)


@given(ANY)
def test_words_are_letters_and_digits_only(text: str) -> None:
    for word in (*split(text), *single_letters([text]), *(word for phrase in phrases(text) for word in phrase)):
        assert word
        assert is_plain(word)


@given(ANY)
def test_composed_and_decomposed_text_are_the_same_words(text: str) -> None:
    assert split(unicodedata.normalize("NFD", text)) == split(unicodedata.normalize("NFC", text)) == split(text)


@given(ANY, ANY)
def test_snippets_give_the_text_and_only_mark_it(text: str, term: str) -> None:
    marked = snippet(SearchQuery(words=(term,)), text)
    assert marked.count(HIT_START) == marked.count(HIT_END)
    plain = text.replace(HIT_START, "").replace(HIT_END, "")
    expected = " ".join(unicodedata.normalize("NFC", plain).split())
    if "…" not in marked:
        assert " ".join(marked.replace(HIT_START, "").replace(HIT_END, "").split()) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("O'Neill's 3.5-litre car", ["o", "neill", "s", "3", "5", "litre", "car"]),
        ("Straße ÆØÅ ŁÓDŹ", ["strasse", "aeoa", "lodz"]),
        ("東京都", ["東京", "京都"]),
        ("東", ["東"]),
        ("iPhone手机壳", ["iphone", "手机", "机壳"]),
        ("x" * 300, ["x" * 255]),
        ("", []),
        ("… — „“", []),
    ],
)
def test_how_text_is_split(text: str, words: list[str]) -> None:
    assert split(text) == words


def test_a_letter_that_stands_alone_is_looked_for_by_itself() -> None:
    assert phrases("国5G") == [("国",), ("5g",)]
    assert phrases("中国5G") == [("中国", "5g")]


def test_what_is_dropped_leaves_no_gap() -> None:
    assert fold("soft\u00adware\u200d") == "software"


def test_a_megabyte_on_one_line_is_split_at_once() -> None:
    assert len(split("é" * 500_000 + "中" * 500_000)) == 1 + 499_999
    assert snippet(SearchQuery(words=("中",)), "é" * 1_000_000) == "é" * 220 + "…"
