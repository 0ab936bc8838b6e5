"""Live weights behind the door that the app uses."""

from __future__ import annotations

import numpy as np
import torch

from firsthand.analyze.statements.decode import Crf
from firsthand.analyze.statements.traits import Rows
from light.model import Light


class TorchNetwork:
    """A `firsthand.analyze.statements.light.LightNetwork`."""

    def __init__(self, model: Light) -> None:
        self.model = model
        self.kinds = model.tokens.below.in_features
        self.flat_moves = Crf(model.flat_crf.scores().detach().numpy())
        self.argument_moves = Crf(model.argument_crf.scores().detach().numpy())

    def tokens(self, r: Rows) -> tuple[np.ndarray, np.ndarray]:
        given = (r.columns, r.heads, r.children, r.tensor, r.real)
        with torch.inference_mode():
            states, flat = self.model.tokens(*map(torch.from_numpy, given))
        return states.numpy(), flat.numpy()

    def arguments(self, *arrays: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return self.model.arguments(*map(torch.from_numpy, arrays)).numpy()
