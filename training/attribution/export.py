"""Writes a checkpoint as the package's data: `python -m attribution.export --checkpoint F --out FOLDER`.

Two ONNX graphs with int8 weights (activations are quantized as they come), each for one window without padding; the scores
of moves, the vocabulary. Without a checkpoint, the packaged weights are written anew; with `--share`, what lies between
both: the average of two trainings knows more than either.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from attribution.evaluate import load
from attribution.model import FLAT, WIDTH, Model
from attribution.packaged import packaged
from attribution.train import CUE_TAGS
from firsthand.analyze.statements.encoder import DATA
from firsthand.analyze.statements.syntax import VIEW

OPSET = 17
QUANTIZED = {"encoder": ["MatMul", "Gather"], "arguments": ["MatMul"]}
"""Products with weights, and the table of words. The second head looks into a small table often: that stays as it is."""


def encoder_graph(model: Model, path: Path) -> None:
    ids = torch.ones(1, 12, dtype=torch.int64)
    grammar, firsts = torch.zeros(1, 12, 2, dtype=torch.int64), torch.zeros(1, 7, dtype=torch.int64)
    given = (ids, torch.zeros_like(ids), grammar, torch.ones(1, 12, dtype=torch.bool), firsts)
    names = ["ids", "kinds", "grammar", "real", "firsts"]
    axes = {name: {1: "pieces"} for name in ("ids", "kinds", "grammar")} | {
        name: {1: "words"} for name in ("firsts", "states", "flat")
    }
    _write(model.encoder, given, path, names, ["states", "flat"], axes)


def arguments_graph(model: Model, path: Path) -> None:
    given = (
        torch.zeros(1, 7, WIDTH),
        torch.zeros(1, 7, FLAT),
        torch.zeros(1, 7, 2, dtype=torch.int64),
        torch.ones(1, 7, dtype=torch.bool),
        torch.tensor([[1, 2], [3, 3], [5, 6]]),
        torch.zeros(3, 7, len(VIEW), dtype=torch.int64),
    )
    names = ["states", "flat", "places", "words", "edges", "view"]
    axes = {name: {1: "words"} for name in names[:3]} | {"edges": {0: "cues"}}
    axes |= {name: {0: "cues", 1: "words"} for name in ("view", "scores")}
    _write(model.arguments, given, path, names, ["scores"], axes)


def _write(module: torch.nn.Module, given: tuple, path: Path, names: list[str], results: list[str], axes: dict) -> None:
    torch.onnx.export(
        module.eval(), given, path, input_names=names, output_names=results, dynamic_axes=axes, opset_version=OPSET,
        dynamo=False,
    )  # fmt: skip


def shrink(graph: Path, out: Path, kinds: list[str]) -> None:
    """Weights as int8, each output column with a scale of its own; 7 bits, since older processors overflow at 8."""
    quantize_dynamic(
        graph, out, op_types_to_quantize=kinds, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
    )
    onnx.checker.check_model(str(out))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--packaged", type=Path, default=DATA, help="a folder of such graphs, to write anew")
    parser.add_argument("--share", type=float, default=1.0, help="how much of the checkpoint; the rest is packaged")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--live", action="store_true", help="the last weights, not their average")
    parser.add_argument(
        "--cues", type=float, default=0.0, help="added to the scores of cue tags: how readily one is seen"
    )
    options = parser.parse_args()
    model = packaged(options.packaged)
    if options.checkpoint:
        load(model, options.checkpoint, not options.live, options.share)
    with torch.no_grad():
        model.flat_crf.moves[:, list(CUE_TAGS)] += options.cues  # the second head sees the scores as they were
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, write in (("encoder", encoder_graph), ("arguments", arguments_graph)):
            whole = Path(folder) / f"{name}.onnx"
            write(model, whole)
            shrink(whole, options.out / f"{name}.onnx", QUANTIZED[name])
    moves = {"flat": model.flat_crf, "arguments": model.argument_crf}
    np.savez(options.out / "moves.npz", **{name: crf.scores().detach().numpy() for name, crf in moves.items()})
    (options.out / "vocabulary.txt").write_bytes((DATA / "vocabulary.txt").read_bytes())
    for path in sorted(options.out.iterdir()):
        print(f"{path.name:20} {path.stat().st_size / 1e6:6.2f} MB")


if __name__ == "__main__":
    main()
