"""MiniLM-L6 with two heads: flat tags of all words, and source and content for a given cue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FLAT = 7
"""Tags of the flat tagger: O, then B and I of source, cue and content."""
ARGUMENTS = 5
"""Tags of the second head: O, then B and I of source and content."""
WIDTH, HEADS, LAYERS = 128, 4, 2
"""The second head."""
NEAR = 16
"""Words from the cue that are told apart one by one; farther ones by powers of the square root of 2."""


def allowed(tags: int) -> Tensor:
    """[from, to]: I only after B or I of the same role; the last row is for the start."""
    may = torch.ones(tags + 1, tags, dtype=torch.bool)
    for inner in range(2, tags, 2):
        may[:, inner] = False
        may[inner - 1, inner] = may[inner, inner] = True
    return may


class Crf(nn.Module):
    """Linear-chain CRF over BIO tags."""

    def __init__(self, tags: int) -> None:
        super().__init__()
        self.moves = nn.Parameter(torch.zeros(tags + 1, tags))
        self.register_buffer("may", allowed(tags), persistent=False)

    def scores(self) -> Tensor:
        return self.moves.masked_fill(~self.may, -1e4)

    def loss(self, e: Tensor, tags: Tensor, words: Tensor) -> Tensor:
        """Negative log likelihood by sequence. Padding may stand only at the end."""
        moves = self.scores()
        start, moves = moves[-1], moves[:-1]
        real = words.float()
        gold = (e.gather(2, tags[:, :, None])[:, :, 0] * real).sum(1) + start[tags[:, 0]]
        gold = gold + (moves[tags[:, :-1], tags[:, 1:]] * real[:, 1:]).sum(1)
        a = start + e[:, 0]
        for et, wt in zip(e.unbind(1)[1:], words.unbind(1)[1:], strict=True):
            a = torch.where(wt[:, None], torch.logsumexp(a[:, :, None] + moves, 1) + et, a)
        return torch.logsumexp(a, 1) - gold


class Layer(nn.Module):
    """A BERT layer (post-norm)."""

    def __init__(self, width: int, heads: int, inner: int, eps: float, drop: float) -> None:
        super().__init__()
        self.heads, self.drop = heads, drop
        self.qkv, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.f1, self.f2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.l1, self.l2 = nn.LayerNorm(width, eps), nn.LayerNorm(width, eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, n, w = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        # Written out: in bfloat16 on a processor it takes less than half the time of the fused attention.
        near = torch.matmul(q * (w // self.heads) ** -0.5, k.transpose(-1, -2)) + mask.to(q.dtype)
        a = torch.matmul(F.softmax(near, -1, dtype=near.dtype), v).transpose(1, 2).reshape(b, n, w)
        x = self.l1(x + F.dropout(self.o(a), self.drop, self.training))
        return self.l2(x + F.dropout(self.f2(F.gelu(self.f1(x))), self.drop, self.training))


def masked(real: Tensor) -> Tensor:
    return torch.where(real, 0.0, -1e4)[:, None, None, :]


class Encoder(nn.Module):
    """Pieces to: states of words for the second head, and scores of the flat tags."""

    def __init__(self, config: dict, drop: float) -> None:
        super().__init__()
        width, eps = config["hidden_size"], config["layer_norm_eps"]
        self.drop = drop
        self.word = nn.Embedding(config["vocab_size"], width)
        self.place = nn.Embedding(config["max_position_embeddings"], width)
        self.kind = nn.Embedding(6, width)
        self.norm = nn.LayerNorm(width, eps)
        make = lambda: Layer(width, config["num_attention_heads"], config["intermediate_size"], eps, drop)  # noqa: E731
        self.layers = nn.ModuleList(make() for _ in range(config["num_hidden_layers"]))
        self.flat = nn.Linear(width, FLAT)
        self.narrow = nn.Linear(width, WIDTH)

    def forward(self, ids: Tensor, kinds: Tensor, real: Tensor, firsts: Tensor) -> tuple[Tensor, Tensor]:
        x = self.word(ids) + self.place.weight[: ids.shape[1]] + self.kind(kinds)
        x = F.dropout(self.norm(x), self.drop, self.training)
        mask = masked(real)
        for layer in self.layers:
            x = layer(x, mask)
        x = x.gather(1, firsts[:, :, None].expand(-1, -1, x.shape[2]))
        x = F.dropout(x, self.drop, self.training)
        return self.narrow(x), self.flat(x)


class Arguments(nn.Module):
    """For each cue, the scores of the tags of its source and content over all words of its window."""

    def __init__(self, drop: float) -> None:
        super().__init__()
        self.drop = drop
        steps = torch.arange(512).float()
        far = NEAR + torch.floor(2 * torch.log2(steps.clamp(min=1) / NEAR))
        self.register_buffer("bucket", torch.where(steps < NEAR, steps, far).long(), persistent=False)
        self.side = int(self.bucket.max()) + 1
        self.distance = nn.Embedding(2 * self.side, WIDTH)
        self.paragraph, self.sentence = nn.Embedding(5, WIDTH), nn.Embedding(9, WIDTH)
        self.tags = nn.Linear(FLAT, WIDTH)
        self.gate, self.cue = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-6)
        self.layers = nn.ModuleList(Layer(WIDTH, HEADS, 2 * WIDTH, 1e-6, drop) for _ in range(LAYERS))
        self.out, self.short = nn.Linear(WIDTH, ARGUMENTS), nn.Linear(FLAT, ARGUMENTS)

    def forward(
        self, states: Tensor, flat: Tensor, places: Tensor, words: Tensor, rows: Tensor, edges: Tensor
    ) -> Tensor:
        h, f, where = states[rows], flat[rows], places[rows]
        first, last = edges[:, 0], edges[:, 1]
        number = torch.arange(h.shape[0])
        cue = (h[number, first] + h[number, last]) / 2
        at = torch.arange(h.shape[1])[None]
        before, after = (first[:, None] - at).clamp(0, 511), (at - last[:, None]).clamp(0, 511)
        steps = self.bucket[before] + torch.where(after > 0, self.side + self.bucket[after], 0)
        apart = where - where[number, first][:, None]
        x = h * (1 + self.gate(cue))[:, None] + self.cue(cue)[:, None] + self.tags(f) + self.distance(steps)
        x = x + self.paragraph(apart[..., 0].clamp(-2, 2) + 2) + self.sentence(apart[..., 1].clamp(-4, 4) + 4)
        x = F.dropout(self.norm(x), self.drop, self.training)
        mask = masked(words[rows])
        for layer in self.layers:
            x = layer(x, mask)
        return self.out(x) + self.short(f)


class Model(nn.Module):
    def __init__(self, config: dict, drop: float = 0.1) -> None:
        super().__init__()
        self.encoder, self.arguments = Encoder(config, drop), Arguments(drop)
        self.flat_crf, self.argument_crf = Crf(FLAT), Crf(ARGUMENTS)


def pretrained(folder: Path, drop: float = 0.1) -> Model:
    """The model with the weights of a BERT-like encoder (`config.json`, `model.safetensors`), heads at random."""
    from safetensors.torch import load_file

    model = Model(json.loads((folder / "config.json").read_text()), drop)
    loaded = {re.sub(r"^(bert|model)\.", "", k): v.float() for k, v in load_file(folder / "model.safetensors").items()}
    e, emb = model.encoder, "embeddings."
    with torch.no_grad():
        e.word.weight.copy_(loaded[emb + "word_embeddings.weight"])
        e.place.weight.copy_(loaded[emb + "position_embeddings.weight"])
        e.kind.weight.copy_(loaded[emb + "token_type_embeddings.weight"][0].expand(6, -1))
        for part in ("weight", "bias"):
            getattr(e.norm, part).copy_(loaded[emb + f"LayerNorm.{part}"])
            for number, layer in enumerate(e.layers):
                _fill(layer, part, loaded, f"encoder.layer.{number}.")
        for linear in (e.flat, e.narrow):
            linear.weight.normal_(0, 0.02)
            linear.bias.zero_()
        for table in (model.arguments.distance, model.arguments.paragraph, model.arguments.sentence):
            table.weight.normal_(0, 0.1)
        for linear in (model.arguments.gate, model.arguments.out):
            linear.weight.normal_(0, 0.02)
            linear.bias.zero_()
    return model


def _fill(layer: Layer, part: str, loaded: dict[str, Tensor], prefix: str) -> None:
    parts = [loaded[f"{prefix}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
    getattr(layer.qkv, part).copy_(torch.cat(parts))
    for module, name in (
        (layer.o, "attention.output.dense"),
        (layer.l1, "attention.output.LayerNorm"),
        (layer.f1, "intermediate.dense"),
        (layer.f2, "output.dense"),
        (layer.l2, "output.LayerNorm"),
    ):
        getattr(module, part).copy_(loaded[f"{prefix}{name}.{part}"])
