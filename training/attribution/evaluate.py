"""Scores a checkpoint through the same door as the packaged network: `python -m attribution.evaluate …`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from bench.attribution import Scores

from attribution.model import Model
from firsthand.analyze.statements.decode import Crf
from firsthand.analyze.statements.detect import relations_of
from firsthand.analyze.statements.wordpiece import WordPieces


class TorchNetwork:
    """A `firsthand.analyze.statements.encoder.Network` of live weights."""

    def __init__(self, model: Model, pieces: WordPieces) -> None:
        self.model, self.pieces = model, pieces
        self.flat_moves = Crf(model.flat_crf.scores().detach().numpy())
        self.argument_moves = Crf(model.argument_crf.scores().detach().numpy())

    def words(self, ids: np.ndarray, kinds: np.ndarray, firsts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pieces, types, places = map(torch.from_numpy, (ids, kinds, firsts))
        with torch.inference_mode():
            states, flat = self.model.encoder(pieces, types, torch.ones_like(pieces, dtype=torch.bool), places)
        return states.numpy(), flat.numpy()

    def arguments(self, states: np.ndarray, flat: np.ndarray, places: np.ndarray, edges: np.ndarray) -> np.ndarray:
        given = [*map(torch.from_numpy, (states, flat, places))]
        with torch.inference_mode():
            words = torch.ones(given[0].shape[:2], dtype=torch.bool)
            return self.model.arguments(*given, words, torch.from_numpy(edges)).numpy()


def score(model: Model, pieces: WordPieces, path: Path, every: int = 1) -> Scores:
    training = model.training
    model.eval()
    network, scores = TorchNetwork(model, pieces), Scores()
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in records[::every]:
        scores.add(record["text"], record["attributions"], relations_of(record["text"], network))
    model.train(training)
    return scores


def load(checkpoint: Path, encoder: Path, mean: bool = True) -> Model:
    """The model of a checkpoint; by default the averaged weights."""
    model = Model(json.loads((encoder / "config.json").read_text()))
    state = torch.load(checkpoint)
    model.load_state_dict(state["model"])
    if mean:
        still = {"encoder.word.weight", "encoder.place.weight"}
        live = [p for name, p in model.named_parameters() if name not in still]
        for p, held in zip(live, state["mean"], strict=True):
            p.data.copy_(held)
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--live", action="store_true", help="the last weights, not their average")
    options = parser.parse_args()
    model = load(options.checkpoint, options.encoder, not options.live)
    print(score(model, WordPieces(options.encoder / "vocab.txt"), options.data / "dev.jsonl").line())


if __name__ == "__main__":
    main()
