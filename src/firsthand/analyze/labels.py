"""The labels of names in parsed texts: spaCy's own network, its decoding done for all words at once.

spaCy asks of every word, one after the other, which of 74 moves its state allows: three fifths of the time of its labels.
But what a word begins depends on nothing before it, and how far a name that it begins reaches on nothing but that word.
So both are worked out for all words together, and a walk from left to right picks. The labels are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Labels"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
_CLOSED = -1
"""In the place of a word: there is none."""


class Labels:
    """Labels by the network of a trained entity recognizer (spaCy's `ner`, which stays as it is)."""

    def __init__(self, recognizer: Any) -> None:
        model = recognizer.model
        self._network, self._lower, upper = (model.get_ref(name) for name in ("tok2vec", "lower", "upper"))
        self._weights, self._bias = upper.get_param("W").T.copy(), upper.get_param("b")
        moves = {recognizer.moves.get_class_name(number): number for number in range(recognizer.moves.n_moves)}
        self._names = sorted(recognizer.labels)
        begins, ins, lasts, units = ([moves[f"{kind}-{name}"] for name in self._names] for kind in "BILU")
        self._ins, self._lasts = np.array(ins), np.array(lasts)
        self._starts = [*begins, *units, moves["O"]]
        """What a word may do where no name is open: begin one, be one, or neither."""

    def give(self, docs: Sequence[Doc]) -> None:
        """Set the named entities of parsed texts, in place."""
        from spacy.tokens import Span

        for doc, found in zip(docs, self._found(docs), strict=True):
            doc.set_ents([Span(doc, first, last, self._names[name]) for first, last, name in found], default="outside")

    def _found(self, docs: Sequence[Doc]) -> list[list[tuple[int, int, int]]]:
        """First and last + 1 word and number of the label of each name, by text."""
        if not any(len(doc) for doc in docs):
            return [[] for _ in docs]
        known = self._lower.predict(self._network.predict(docs))
        blank, fixed = self._limits(docs)
        count = len(self._names)
        best = self._begin(known, blank, fixed)
        begun = np.flatnonzero(best < count)
        ends = dict(zip(begun.tolist(), self._ends(known, fixed, begun, best[begun]).tolist(), strict=True))
        found, first = [], 0
        for doc in docs:
            names, at = [], first
            while at < first + len(doc):
                choice = int(best[at])
                end = ends.get(at, at + 1)
                if choice < 2 * count:
                    names.append((at - first, end - first, choice % count))
                at = end
            found.append(names)
            first += len(doc)
        return found

    def _limits(self, docs: Sequence[Doc]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """By word: whether it is white space, and whether it ends a sentence or a text, so that no name goes on after it."""
        from spacy import attrs

        columns = np.concatenate([doc.to_array([attrs.IS_SPACE, attrs.SENT_START]).astype(np.int64) for doc in docs])
        last = np.zeros(len(columns), np.bool_)
        last[np.cumsum([len(doc) for doc in docs if len(doc)]) - 1] = True
        last[:-1] |= columns[1:, 1] == 1
        return columns[:, 0] == 1, last

    def _begin(self, known: Floats, blank: npt.NDArray[np.bool_], fixed: npt.NDArray[np.bool_]) -> Ints:
        """What each word does where no name is open: by place in `_starts`."""
        words = np.arange(len(blank))
        none = np.full(len(words), _CLOSED)
        scores = self._scores(known, np.stack([words, none, none], 1))[:, self._starts]
        count = len(self._names)
        scores[blank, : 2 * count] = -np.inf
        scores[fixed, :count] = -np.inf
        return np.asarray(scores.argmax(1), np.int64)

    def _ends(self, known: Floats, fixed: npt.NDArray[np.bool_], begun: Ints, names: Ints) -> Ints:
        """Where the names that begin at the words `begun` end: the word after."""
        ends = begun + 1
        going = np.arange(len(begun))
        while len(going):
            words = ends[going]
            scores = self._scores(known, np.stack([words, begun[going], words - 1], 1))
            across = np.arange(len(going))
            ins, lasts = scores[across, self._ins[names[going]]], scores[across, self._lasts[names[going]]]
            ends[going] += 1
            going = going[(ins > lasts) & ~fixed[words]]
        return ends

    def _scores(self, known: Floats, words: Ints) -> Floats:
        """Scores of all moves, for states as spaCy sees them: the word, where the open name began, the word before."""
        rows = known[words + 1]  # row 0 stands for no word
        total = rows[:, 0, 0] + rows[:, 1, 1] + rows[:, 2, 2] + self._lower.get_param("b")
        return np.asarray(total.max(2) @ self._weights + self._bias, np.float32)
