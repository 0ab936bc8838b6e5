"""Scores a checkpoint through the same door as the packaged network: `python -m attribution.evaluate …`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from bench.attribution import Scores
from light.corpus import parsed

from attribution.model import Model
from attribution.packaged import packaged
from firsthand.analyze.statements.decode import Crf
from firsthand.analyze.statements.detect import relations_of
from firsthand.analyze.statements.encoder import DATA
from firsthand.analyze.statements.traits import Numbers, Traits, read_lists, traits
from firsthand.analyze.statements.wordpiece import WordPieces

STILL = frozenset({"encoder.word.weight", "encoder.place.weight"})
"""What training leaves as it is; of all else a checkpoint holds the average, in the order of its names."""


class TorchNetwork:
    """A `firsthand.analyze.statements.encoder.Network` of live weights."""

    def __init__(self, model: Model, pieces: WordPieces) -> None:
        self.model, self.pieces = model, pieces
        self.lists: dict[str, Numbers] = {}  # what it reads has its numbers
        self.flat_moves = Crf(model.flat_crf.scores().detach().numpy())
        self.argument_moves = Crf(model.argument_crf.scores().detach().numpy())

    def words(self, *arrays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pieces, kinds, grammar, firsts = map(torch.from_numpy, arrays)
        with torch.inference_mode():
            real = torch.ones_like(pieces, dtype=torch.bool)
            states, flat = self.model.encoder(pieces, kinds, grammar, real, firsts)
        return states.numpy(), flat.numpy()

    def arguments(self, *arrays: np.ndarray) -> np.ndarray:
        states, flat, places, edges, view = map(torch.from_numpy, arrays)
        with torch.inference_mode():
            words = torch.ones(states.shape[:2], dtype=torch.bool)
            return self.model.arguments(states, flat, places, words, edges, view).numpy()


def score(model: Model, pieces: WordPieces, docs: list[tuple[dict, Traits]], every: int = 1) -> Scores:
    training = model.training
    model.eval()
    network, scores = TorchNetwork(model, pieces), Scores()
    for record, t in docs[::every]:
        scores.add(record["text"], record["attributions"], relations_of(record["text"], t, network))
    model.train(training)
    return scores


def load(model: Model, checkpoint: Path, mean: bool = True, share: float = 1.0) -> Model:
    """Brings a model to a checkpoint, or `share` of the way; by default to its averaged weights."""
    state = torch.load(checkpoint)
    learned = dict(zip((name for name in state["model"] if name not in STILL), state["mean"], strict=True))
    wanted = state["model"] | (learned if mean else {})
    with torch.no_grad():
        for name, held in model.state_dict().items():
            held.lerp_(wanted[name], share)
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="folder with the parses, as for training")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--live", action="store_true", help="the last weights, not their average")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the checkpoint; the rest is packaged")
    options = parser.parse_args()
    model = load(packaged(DATA), options.checkpoint, not options.live, options.share)
    lists = read_lists(DATA / "light.txt")
    docs = [(record, traits(doc, lists)) for record, doc in parsed(options.data, "dev", options.cache)]
    print(score(model, WordPieces(DATA / "vocabulary.txt"), docs).line())


if __name__ == "__main__":
    main()
