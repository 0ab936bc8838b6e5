"""Writes the light network as the package's data: `python -m light.export --run F --out FOLDER`.

Two ONNX graphs with int8 weights, the scores of moves, and the strings that have numbers.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from attribution.export import shrink

from firsthand.analyze.statements.traits import LISTS, SEEN, read_lists
from light.model import FLAT, TENSOR, WIDTH, Light

OPSET = 17


def tokens_graph(model: Light, path: Path) -> None:
    kinds = model.tokens.below.in_features
    given = (
        torch.zeros(2, 7, 6, dtype=torch.int64),
        torch.zeros(2, 7, dtype=torch.int64),
        torch.zeros(2, 7, kinds, dtype=torch.bool),
        torch.zeros(2, 7, TENSOR),
        torch.ones(2, 7, dtype=torch.bool),
    )
    names, results = ["columns", "heads", "children", "tensor", "real"], ["states", "flat"]
    axes = {name: {0: "rows", 1: "tokens"} for name in (*names, *results)}
    _write(model.tokens, given, path, names, results, axes)


def arguments_graph(model: Light, path: Path) -> None:
    given = (
        torch.zeros(14, WIDTH),
        torch.zeros(14, FLAT),
        torch.zeros(3, 5, dtype=torch.int64),
        torch.tensor([1, 2, 8]),
        torch.zeros(3, 5, len(SEEN), dtype=torch.int64),
        torch.ones(3, 5, dtype=torch.bool),
    )
    names = ["states", "flat", "places", "roots", "seen", "real"]
    axes = {name: {0: "all"} for name in names[:2]} | {"roots": {0: "cues"}}
    axes |= {name: {0: "cues", 1: "near"} for name in ("places", "seen", "real", "scores")}
    _write(model.arguments, given, path, names, ["scores"], axes)


def _write(module: torch.nn.Module, given: tuple, path: Path, names: list[str], results: list[str], axes: dict) -> None:
    torch.onnx.export(
        module.eval(), given, path, input_names=names, output_names=results, dynamic_axes=axes, opset_version=OPSET,
        dynamo=False,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="where light.train wrote")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    lists = read_lists(options.run / "light.txt")
    model = Light({name: len(lists[name]) for name in LISTS})
    model.load_state_dict(torch.load(options.run / "light.pt"))
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, graph in (("light_tokens", tokens_graph), ("light_arguments", arguments_graph)):
            whole = Path(folder) / f"{name}.onnx"
            graph(model, whole)
            shrink(whole, options.out / whole.name)
    shutil.copyfile(options.run / "light.txt", options.out / "light.txt")
    flat, arguments = (crf.scores().detach().numpy() for crf in (model.flat_crf, model.argument_crf))
    np.savez(options.out / "light.npz", flat=flat, arguments=arguments)


if __name__ == "__main__":
    main()
