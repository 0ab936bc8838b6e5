"""The trained network: two ONNX graphs and the scores of moves, read from the package once, when first needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from firsthand.analyze.statements.decode import Crf, Floats, Ints
from firsthand.analyze.statements.traits import Numbers, read_lists
from firsthand.analyze.statements.wordpiece import WordPieces

DATA = Path(__file__).parents[1] / "data"
"""Weights, vocabulary and model card."""


class Network(Protocol):
    """What detection needs; the trainer scores its checkpoints through the same door."""

    @property
    def pieces(self) -> WordPieces: ...

    @property
    def lists(self) -> dict[str, Numbers]:
        """Numbers of parts of speech and dependencies."""
        ...

    @property
    def flat_moves(self) -> Crf: ...

    @property
    def argument_moves(self) -> Crf: ...

    def words(self, ids: Ints, kinds: Ints, grammar: Ints, firsts: Ints) -> tuple[Floats, Floats]:
        """The pieces (1, L), with their `grammar` (1, L, 2), of a window → states (1, T, width) and scores of the flat
        tags (1, T, 7) of its words."""
        ...

    def arguments(self, states: Floats, flat: Floats, places: Ints, edges: Ints, view: Ints) -> Floats:
        """Scores (N, T, 5) of the tags of source and content for N cues of a window: first and last word `edges`, and
        what each word is to each cue, see `syntax`."""
        ...


@dataclass(frozen=True, slots=True)
class OnnxNetwork:
    """The packaged network. Runs on the processor; the same input gives the same output."""

    pieces: WordPieces
    lists: dict[str, Numbers]
    flat_moves: Crf
    argument_moves: Crf
    _encoder: Session
    _arguments: Session

    def words(self, ids: Ints, kinds: Ints, grammar: Ints, firsts: Ints) -> tuple[Floats, Floats]:
        given = {"ids": ids, "kinds": kinds, "grammar": grammar, "firsts": firsts}
        states, flat = self._encoder.run(None, given)
        return states, flat

    def arguments(self, states: Floats, flat: Floats, places: Ints, edges: Ints, view: Ints) -> Floats:
        given: Mapping[str, Floats | Ints] = {
            "states": states, "flat": flat, "places": places, "edges": edges, "view": view,
        }  # fmt: skip
        return self._arguments.run(None, given)[0]


class Session(Protocol):
    """The part of `onnxruntime.InferenceSession` that is used."""

    def run(self, names: None, given: Mapping[str, Any]) -> list[Floats]: ...


def open_network(threads: int = 1, folder: Path = DATA) -> OnnxNetwork:
    """The network of a folder, loaded once for each number of threads (about 0.2 s and 60 MB).

    Raises:
        OSError: the weights are not there (a broken installation).
    """
    return _open(threads, folder)


@lru_cache(maxsize=4)
def _open(threads: int, folder: Path) -> OnnxNetwork:
    for name in ("vocabulary.txt", "moves.npz", "encoder.onnx", "arguments.onnx"):
        (folder / name).stat()
    with np.load(folder / "moves.npz") as moves:
        flat, arguments = Crf(moves["flat"]), Crf(moves["arguments"])
    return OnnxNetwork(
        WordPieces(folder / "vocabulary.txt"),
        read_lists(DATA / "light.txt"),
        flat,
        arguments,
        open_session(folder / "encoder.onnx", threads),
        open_session(folder / "arguments.onnx", threads),
    )


_SLOWER = ["SkipLayerNormFusion"]
"""The sum and its normalization in one step take longer than one after the other (ONNX Runtime 1.32, 6 % of the encoder)."""


def open_session(path: Path, threads: int = 1) -> Session:
    """A graph of the package, on the processor."""
    import onnxruntime  # heavy: only those who read statements pay for it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session: Session = onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )
    return session
