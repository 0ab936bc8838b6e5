"""Word classes looked up are those that the parser model's own rules give; numpy multiplies in one thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy

from firsthand.analyze import parse as parsing
from firsthand.analyze.blas import one_thread

TEXTS = [
    "There is a plan, but it ’s not theirs; she hadn't gone because they do have one.",
    "Something that had been said so often isn’t true, is it? What's more: nobody'd know  whose it was.",
    "He’d like to; let's say he did. He does nothing, having done it once.\n\nThat they will. Which ones ain't?",
    "U.S. officials said (on background) that $5m went to no-one — “all of it”.",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_classes_as_the_rules_give(text: str) -> None:
    whole = spacy.load(parsing._MODEL, exclude=["lemmatizer", "ner"])
    for piece in parsing._pieces(text):
        found, wanted = parsing.parse(piece, names=False), whole(piece)
        assert [(t.text, t.pos_, t.tag_, t.dep_) for t in found] == [(t.text, t.pos_, t.tag_, t.dep_) for t in wanted]


def test_products_go_on_after_the_threads_are_set() -> None:
    one_thread()
    assert np.allclose(np.ones((300, 300)) @ np.ones((300, 300)), 300)


def test_another_build_of_numpy_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numpy").mkdir()
    monkeypatch.setattr(np, "__file__", str(tmp_path / "numpy" / "__init__.py"))
    assert one_thread.__wrapped__() is False
    (tmp_path / "numpy.libs").mkdir()
    (tmp_path / "numpy.libs" / "libscipy_openblas64_-0.so").write_bytes(b"no library")
    assert one_thread.__wrapped__() is False
