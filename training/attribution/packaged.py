"""The model out of the graphs that the package ships: to write them anew, in another form, without training.

Weights come back as their int8 values say, which are the same int8 values when they are written again.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from attribution.model import Arguments, Model

CONFIG = {"num_attention_heads": 12, "layer_norm_eps": 1e-12}
"""What the shapes of MiniLM-L6 do not tell."""


def packaged(folder: Path) -> Model:
    """The model of `encoder.onnx`, `arguments.onnx` and `moves.npz` in a folder."""
    encoder, arguments = _weights(folder / "encoder.onnx"), _weights(folder / "arguments.onnx")
    words, width = encoder["word.weight"].shape
    shapes = {"vocab_size": words, "hidden_size": width, "max_position_embeddings": len(encoder["place.weight"])}
    inner = {"intermediate_size": len(encoder["layers.0.f1.weight"])}
    layers = {"num_hidden_layers": sum(name.endswith(".l1.weight") for name in encoder)}
    model = Model(CONFIG | shapes | inner | layers)
    arguments |= _apart(arguments.pop("table"), model.arguments)
    model.encoder.load_state_dict(encoder)
    model.arguments.load_state_dict(arguments)
    with np.load(folder / "moves.npz") as moves:
        for name, crf in (("flat", model.flat_crf), ("arguments", model.argument_crf)):
            crf.moves.data.copy_(torch.from_numpy(moves[name]))
    return model.eval()


def _apart(table: torch.Tensor, head: Arguments) -> dict[str, torch.Tensor]:
    """The tables whose sums `Arguments._where` looks up: any that give the same sums are as good."""
    sides = (head.distance.num_embeddings, head.paragraph.num_embeddings, head.sentence.num_embeddings)
    sums = table.reshape(*sides, -1)
    zero = sums[0, 0, 0]
    return {
        "distance.weight": sums[:, 0, 0],
        "paragraph.weight": sums[0, :, 0] - zero,
        "sentence.weight": sums[0, 0] - zero,
    }


def _weights(path: Path) -> dict[str, torch.Tensor]:
    """Weights by the names that the model has for them; a product's are named by its place in the graph."""
    graph = onnx.load(path).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {name: array for name, array in held.items() if name.endswith((".weight", ".bias"))}
    for name in held:
        if name.startswith("onnx::Gather"):  # the one table that the exporter worked out
            found["table"] = held[name]
        if name.endswith(".weight_quantized"):
            found[name.removesuffix("_quantized")] = _plain(held, name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            module = re.split("/(?:MatMul|Gemm)_", node.output[0])[0].strip("/").replace("/", ".")
            found[f"{module}.weight"] = _plain(held, node.input[1]).T
    return {
        name: torch.from_numpy(np.array(array, np.float32)) for name, array in found.items() if "Transposed" not in name
    }


def _plain(held: dict[str, np.ndarray], name: str) -> np.ndarray:
    base = name.removesuffix("_quantized")
    return (held[name].astype(np.float32) - held[f"{base}_zero_point"].astype(np.float32)) * held[f"{base}_scale"]
