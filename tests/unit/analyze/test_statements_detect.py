"""Relations from a network of noise (any text is safe), from one that knows a rule, and from the packaged one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.analyze.parse import parse
from firsthand.analyze.statements.decode import Crf, Floats, Ints
from firsthand.analyze.statements.detect import find_relations, relations_of
from firsthand.analyze.statements.encoder import DATA, open_network
from firsthand.analyze.statements.relation import Relation
from firsthand.analyze.statements.syntax import VIEW
from firsthand.analyze.statements.traits import read_lists, traits
from firsthand.analyze.statements.wordpiece import WordPieces

ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\n\n  .,“”\"'aB"), max_size=400)
needs_weights = pytest.mark.skipif(
    not (DATA / "encoder.onnx").exists(), reason="weights not built (training/README.md)"
)


def bio_moves(tags: int) -> Crf:
    """No preference, save that I follows only B or I of its role."""
    moves = np.full((tags + 1, tags), 0, np.float32)
    for inner in range(2, tags, 2):
        moves[:, inner] = -1e4
        moves[inner - 1, inner] = moves[inner, inner] = 0
    return Crf(moves)


class Noise:
    """A network whose scores are noise, the same for the same pieces."""

    def __init__(self, pieces: WordPieces) -> None:
        self.pieces = pieces
        self.lists = read_lists(DATA / "light.txt")
        self.flat_moves, self.argument_moves = bio_moves(7), bio_moves(5)

    def words(self, ids: Ints, kinds: Ints, grammar: Ints, firsts: Ints) -> tuple[Floats, Floats]:
        assert grammar.shape == (*ids.shape, 2)
        rng = np.random.default_rng(int(ids.sum() + kinds.sum()))
        return np.zeros((*firsts.shape, 2), np.float32), rng.normal(0, 3, (*firsts.shape, 7)).astype(np.float32)

    def arguments(self, states: Floats, flat: Floats, places: Ints, edges: Ints, view: Ints) -> Floats:
        assert view.shape == (len(edges), flat.shape[1], len(VIEW))
        rng = np.random.default_rng(int(edges.sum()))
        return rng.normal(0, 3, (len(edges), flat.shape[1], 5)).astype(np.float32)


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Noise:
    path: Path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.txt"
    path.write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n", encoding="utf-8")
    return Noise(WordPieces(path))


def read(text: str, noise: Noise) -> tuple[Relation, ...]:
    doc = parse(text)
    return relations_of(doc.text, traits(doc, noise.lists), noise)


def assert_sound(text: str, relations: tuple[Relation, ...]) -> None:
    """Every span holds whole words of one paragraph, in order; cue and content are there."""
    for relation in relations:
        assert relation.cue
        assert relation.content
        assert 0 <= relation.score <= 1
        for spans in (relation.source, relation.cue, relation.content):
            for span in spans:
                assert 0 <= span.start < span.end <= len(text)
                held = text[span.start : span.end]
                assert held == held.strip()
                assert "\n" not in held
                assert not is_word(text[span.start - 1 : span.start]) or not is_word(held[0])
                assert not is_word(text[span.end : span.end + 1]) or not is_word(held[-1])
            assert all(a.end <= b.start for a, b in pairwise(spans))


def is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT)
def test_no_span_is_out_of_bounds_or_off_by_one_for_any_text(noise: Noise, text: str) -> None:
    relations = read(text, noise)
    assert_sound(text, relations)
    assert relations == read(text, noise)


@pytest.mark.parametrize(
    "text", ["", "\n", " \u2003\t", "\x00" * 50, "\ud800\udfff " * 400, "a" * 1_000_000, "” “" * 3000, "a b. " * 3000]
)
def test_strange_texts_are_read(noise: Noise, text: str) -> None:
    assert_sound(text, read(text, noise))


def texts(text: str, relation: Relation) -> tuple[list[str], list[str], list[str]]:
    source, cue, content = (
        [text[span.start : span.end] for span in spans] for spans in (relation.source, relation.cue, relation.content)
    )
    return source, cue, content


PLAIN = [
    (
        "The harbor master said the crane had failed twice this winter.",
        (["The harbor master"], ["said"], ["the crane had failed twice this winter"]),
    ),
    (
        "“We counted the boats ourselves,” Lena Ostrow told reporters on Tuesday.",
        (["Lena Ostrow"], ["told reporters on Tuesday"], ["“We counted the boats ourselves,”"]),
    ),
    (
        "The ferry was late because of fog, according to the port authority.\n\nThe next one left on time.",
        (["the port authority"], ["according to"], ["The ferry was late because of fog"]),
    ),
]


@needs_weights
@pytest.mark.parametrize(("text", "wanted"), PLAIN)
def test_plain_statements_are_found(text: str, wanted: tuple[list[str], list[str], list[str]]) -> None:
    (relation,) = find_relations(parse(text))
    source, cue, content = texts(text, relation)
    assert (source, content) == (wanted[0], wanted[2])
    assert wanted[1][0].startswith(cue[0])


@needs_weights
def test_a_content_interrupted_by_its_cue_comes_in_two_spans() -> None:
    text = "“The bridge will open,” Ostrow said, “when the inspectors are done.”"
    (relation,) = find_relations(parse(text))
    assert texts(text, relation) == (
        ["Ostrow"],
        ["said"],
        ["“The bridge will open,”", "“when the inspectors are done.”"],
    )


@needs_weights
def test_each_of_two_statements_in_a_sentence_has_its_own_content() -> None:
    text = "Ostrow said the bridge was safe, but the union warned that its bolts were rusting."
    found = [texts(text, relation) for relation in find_relations(parse(text))]
    # Annotators of the corpus are divided over whether "that" belongs to the content.
    assert [(source, [part.removeprefix("that ") for part in content]) for source, _, content in found] == [
        (["Ostrow"], ["the bridge was safe"]),
        (["the union"], ["its bolts were rusting"]),
    ]


@needs_weights
def test_text_that_quotes_nobody_has_no_relations() -> None:
    assert find_relations(parse("The ferry leaves at nine. It carries forty cars and a crew of six.")) == ()


@needs_weights
@settings(max_examples=15, deadline=None)
@given(text=ANY_TEXT)
def test_the_packaged_network_reads_any_text_twice_alike(text: str) -> None:
    relations = find_relations(parse(text))
    assert_sound(text, relations)
    assert relations == find_relations(parse(text))


@needs_weights
def test_the_network_is_opened_once() -> None:
    assert open_network() is open_network(1, DATA)
