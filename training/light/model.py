"""The light network: a few convolutions over words and their parse, a flat tagger, and a head that finds the source and
the content of one cue; a CRF over each."""

from __future__ import annotations

import torch
from attribution.model import Crf
from torch import nn

from firsthand.analyze.statements.traits import SEEN, SIZES

WIDTH, NARROW = 128, 96
FLAT, ARGUMENTS = 7, 5
CASES, PLACES, TENSOR = 6, 3, 96


class Step(nn.Module):
    """A residual convolution over three tokens, `apart` from each other; padding stays nothing."""

    def __init__(self, width: int, apart: int, dropout: float) -> None:
        super().__init__()
        self.norm, self.mix, self.apart = nn.LayerNorm(width), nn.Linear(3 * width, width), apart
        self.out, self.drop = nn.Linear(width, width), nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        y = self.norm(x) * real
        none = torch.zeros_like(y[:, :1]).expand(-1, self.apart, -1)
        padded = torch.cat([none, y, none], 1)
        size = y.shape[1]
        near = torch.cat([padded[:, :size], y, padded[:, 2 * self.apart : 2 * self.apart + size]], 2)
        return x + self.drop(self.out(torch.relu(self.mix(near))))


class Tokens(nn.Module):
    """Rows of tokens → states (P, T, WIDTH) and scores of flat tags (P, T, 7)."""

    def __init__(self, sizes: dict[str, int], dropout: float) -> None:
        super().__init__()
        self.word = nn.Embedding(sizes["words"], WIDTH)
        self.suffix = nn.Embedding(sizes["suffixes"], WIDTH)
        self.tag, self.dep = nn.Embedding(sizes["tags"], WIDTH), nn.Embedding(sizes["deps"], WIDTH)
        self.case, self.place = nn.Embedding(CASES, WIDTH), nn.Embedding(PLACES, WIDTH)
        for table in (self.word, self.suffix, self.tag, self.dep, self.case, self.place):
            nn.init.normal_(table.weight, std=0.1)
        self.below, self.dense = nn.Linear(sizes["deps"], WIDTH), nn.Linear(TENSOR, WIDTH)
        self.head, self.above = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.steps = nn.ModuleList(Step(WIDTH, apart, dropout) for apart in (1, 2, 4, 1))
        self.norm, self.flat, self.drop = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, FLAT), nn.Dropout(dropout)

    def forward(
        self,
        columns: torch.Tensor,
        heads: torch.Tensor,
        children: torch.Tensor,
        tensor: torch.Tensor,
        real: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        mask = real[:, :, None].to(tensor.dtype)
        tables = (self.word, self.suffix, self.tag, self.dep, self.case, self.place)
        x = sum(table(columns[:, :, number]) for number, table in enumerate(tables))
        x = self.drop(x) + self.below(children.to(tensor.dtype)) + self.dense(tensor)
        up = heads[:, :, None].expand(-1, -1, WIDTH)
        x = x + torch.relu(self.head(x.gather(1, up)))
        for number, step in enumerate(self.steps):
            x = step(x, mask)
            if number == 1:
                x = x + torch.relu(self.above(x.gather(1, up)))
        x = self.drop(self.norm(x)) * mask
        return x, self.flat(x)


class Arguments(nn.Module):
    """Windows around cues → scores of the tags of source and content (N, T, 5)."""

    def __init__(self, sizes: dict[str, int], dropout: float) -> None:
        super().__init__()
        of = {**SIZES, "branch": sizes["deps"], "way": sizes["deps"]}
        self.tables = nn.ModuleList(nn.Embedding(of[name], NARROW) for name in SEEN)
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.1)
        self.state, self.tags, self.cue = nn.Linear(WIDTH, NARROW), nn.Linear(FLAT, NARROW), nn.Linear(WIDTH, NARROW)
        self.steps = nn.ModuleList(Step(NARROW, apart, dropout) for apart in (1, 2, 4, 8, 1))
        self.norm, self.out, self.drop = nn.LayerNorm(NARROW), nn.Linear(NARROW, ARGUMENTS), nn.Dropout(dropout)

    def forward(
        self, states: torch.Tensor, flat: torch.Tensor, places: torch.Tensor, roots: torch.Tensor, seen: torch.Tensor,
        real: torch.Tensor,
    ) -> torch.Tensor:  # fmt: skip
        """`states` and `flat` are the rows' (P × T, …); `places` (N, T) and `roots` (N,) point into them."""
        mask = real[:, :, None].to(states.dtype)
        x = sum(table(seen[:, :, number]) for number, table in enumerate(self.tables))
        x = (
            x
            + self.state(states[places])
            + self.tags(torch.softmax(flat[places], 2))
            + self.cue(states[roots])[:, None]
        )
        x = self.drop(x)
        for step in self.steps:
            x = step(x, mask)
        return self.out(self.drop(self.norm(x)))


class Light(nn.Module):
    def __init__(self, sizes: dict[str, int], dropout: float = 0.2) -> None:
        super().__init__()
        self.tokens, self.arguments = Tokens(sizes, dropout), Arguments(sizes, dropout)
        self.flat_crf, self.argument_crf = Crf(FLAT), Crf(ARGUMENTS)
