"""Two trainers, one model: each trains alone and meets the other's weights in a file (elastic averaging).

On a busy machine two threads of one process wait for each other at every product; two processes of one thread that
average their weights every few steps wait for nobody (Zhang, Choromanska, LeCun 2015, "Deep learning with elastic
averaging SGD"). With half the batch each, they take twice the steps of one.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

import numpy as np
import torch

EVERY = 8
"""Steps between meetings."""


class Meeting:
    """The common weights: the file holds them one after another; the first trainer to come writes its own."""

    def __init__(self, path: Path, weights: list[torch.nn.Parameter]) -> None:
        self.weights = weights
        size = sum(w.numel() for w in weights)
        self.lock = path.with_suffix(".lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        fresh = not path.exists()
        self.common = np.memmap(path, np.float32, "w+" if fresh else "r+", shape=(size,))
        if fresh:
            self.common[:] = self._own().numpy()
        fcntl.flock(self.lock, fcntl.LOCK_UN)

    def _own(self) -> torch.Tensor:
        return torch.cat([w.detach().reshape(-1) for w in self.weights])

    def meet(self) -> None:
        """Both sides go half the way."""
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        common = torch.from_numpy(self.common)
        common.lerp_(self._own(), 0.5)
        middle = common.clone()
        fcntl.flock(self.lock, fcntl.LOCK_UN)
        for w, part in zip(self.weights, middle.split([w.numel() for w in self.weights]), strict=True):
            w.data.copy_(part.view_as(w))
