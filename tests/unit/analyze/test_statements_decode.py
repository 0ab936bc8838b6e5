"""Viterbi against trying every path, and runs of tags."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.analyze.statements.decode import Crf, runs

TAGS = 3
SEEDS = st.integers(0, 10_000)


def random_crf(rng: np.random.Generator) -> Crf:
    moves = rng.normal(0, 2, (TAGS + 1, TAGS)).astype(np.float32)
    moves[[0, TAGS], 2] = -1e4  # I follows only B or I
    return Crf(moves)


def value(crf: Crf, scores: np.ndarray, path: tuple[int, ...]) -> float:
    total = float(crf.moves[-1][path[0]])
    total += sum(float(crf.moves[a][b]) for a, b in itertools.pairwise(path))
    return total + sum(float(scores[at, tag]) for at, tag in enumerate(path))


@settings(max_examples=50, deadline=None)
@given(seed=SEEDS, lengths=st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_the_best_path_is_the_best_of_all(seed: int, lengths: list[int]) -> None:
    rng = np.random.default_rng(seed)
    crf, longest = random_crf(rng), max(lengths)
    scores = rng.normal(0, 2, (len(lengths), longest, TAGS)).astype(np.float32)
    words = np.arange(longest)[None] < np.array(lengths)[:, None]
    tags, chances = crf.best(scores, words, np.zeros_like(words))
    for row, length in enumerate(lengths):
        values = {path: value(crf, scores[row], path) for path in itertools.product(range(TAGS), repeat=length)}
        found = tuple(int(tag) for tag in tags[row, :length])
        assert values[found] == pytest.approx(max(values.values()), abs=1e-3)
        total = float(np.logaddexp.reduce(list(values.values())))
        assert chances[row] == pytest.approx(max(values.values()) - total, abs=1e-3)
        assert not tags[row, length:].any()


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, length=st.integers(1, 8))
def test_words_that_must_be_outside_are_and_no_run_begins_inside(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 3, (1, length, TAGS)).astype(np.float32)
    outside = rng.random((1, length)) < 0.4
    tags, _ = random_crf(rng).best(scores, np.ones((1, length), bool), outside)
    assert not tags[outside].any()
    assert all(tags[0, at] != 2 or (at and tags[0, at - 1] in (1, 2)) for at in range(length))


@pytest.mark.parametrize(
    ("tags", "role", "wanted"),
    [
        ([], 0, []),
        ([1, 2, 2, 0, 1], 0, [(0, 2), (4, 4)]),
        ([1, 1, 2], 0, [(0, 0), (1, 2)]),
        ([1, 3, 4, 0, 3], 1, [(1, 2), (4, 4)]),
        ([0, 4, 4], 1, [(1, 2)]),
    ],
)
def test_runs(tags: list[int], role: int, wanted: list[tuple[int, int]]) -> None:
    assert runs(np.array(tags, np.int64), role) == wanted
