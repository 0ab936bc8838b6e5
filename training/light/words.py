"""Word vectors to begin with, from the table of the encoder that the package holds: `python -m light.words LIST OUT`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from firsthand.analyze.statements.encoder import DATA
from firsthand.analyze.statements.wordpiece import WordPieces
from light.model import WIDTH

SCALE = 0.1
"""What a table that begins at random has for its deviation."""


def table() -> np.ndarray:
    """The encoder's word table: the one weight with as many rows as the vocabulary has pieces."""
    size = len((DATA / "vocabulary.txt").read_text(encoding="utf-8").split("\n"))
    graph = onnx.load(DATA / "encoder.onnx").graph
    return next(
        numpy_helper.to_array(one).astype(np.float32)
        for one in graph.initializer
        if len(one.dims) == 2 and size - 2 <= one.dims[0] <= size
    )


def main() -> None:
    words = Path(sys.argv[1]).read_text(encoding="utf-8").split("\n\n")[0].split("\n")
    pieces, vectors = WordPieces(DATA / "vocabulary.txt"), table()
    vectors -= vectors.mean(0)
    found = np.stack([vectors[list(pieces(word))].mean(0) for word in words])
    found /= np.linalg.norm(found, axis=1, keepdims=True) + 1e-6
    found -= found.mean(0)
    _, _, axes = np.linalg.svd(found, full_matrices=False)
    short = found @ axes[:WIDTH].T
    np.save(sys.argv[2], (SCALE * short / short.std()).astype(np.float32))


if __name__ == "__main__":
    main()
