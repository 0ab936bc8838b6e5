"""MiniLM-L6 with two heads: flat tags of all words, and source and content for a given cue."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from firsthand.analyze.statements.syntax import VIEW
from firsthand.analyze.statements.traits import SIZES

FLAT = 7
"""Tags of the flat tagger: O, then B and I of source, cue and content."""
ARGUMENTS = 5
"""Tags of the second head: O, then B and I of source and content."""
TAGS, DEPENDENCIES = 64, 64
"""Rows of the tables of parts of speech and dependencies; spaCy's small English model has fewer."""
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


def attend(q: Tensor, k: Tensor, v: Tensor, real: Tensor, heads: int) -> Tensor:
    """Attention, (B, T, width) each; nothing looks at padding, where `real` is False."""
    if torch.onnx.is_in_onnx_export():
        return _Fused.apply(q, k, v, heads)
    b, n, w = q.shape
    q, k, v = (each.view(b, -1, heads, w // heads).transpose(1, 2) for each in (q, k, v))
    # Written out: in bfloat16 on a processor it takes less than half the time of the fused attention.
    near = torch.matmul(q * (w // heads) ** -0.5, k.transpose(-1, -2))
    near = near + torch.where(real, 0.0, -1e4)[:, None, None, :].to(q.dtype)
    return torch.matmul(F.softmax(near, -1, dtype=near.dtype), v).transpose(1, 2).reshape(b, n, w)


class _Fused(torch.autograd.Function):
    """`attend` as the one step that ONNX Runtime has for it. The app reads window by window: there is no padding."""

    @staticmethod
    def forward(_: Any, q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
        return q.clone()

    @staticmethod
    def symbolic(g: Any, q: Any, k: Any, v: Any, heads: int) -> Any:
        return g.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=heads).setType(q.type())


def chosen(x: Tensor, places: Tensor) -> Tensor:
    """(B, L, width) → (B, T, width): what stands at `places` (B, T)."""
    return x.gather(1, places[:, :, None].expand(-1, -1, x.shape[2]))


class Layer(nn.Module):
    """A BERT layer (post-norm)."""

    def __init__(self, width: int, heads: int, inner: int, eps: float, drop: float) -> None:
        super().__init__()
        self.heads, self.drop = heads, drop
        self.qkv, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.f1, self.f2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.l1, self.l2 = nn.LayerNorm(width, eps), nn.LayerNorm(width, eps)

    def forward(self, x: Tensor, real: Tensor, places: Tensor | None = None) -> Tensor:
        """`places`: where a result is wanted, if not everywhere."""
        q, k, v = self.qkv(x).chunk(3, 2)
        if places is not None:
            q, x = chosen(q, places), chosen(x, places)
        a = attend(q, k, v, real, self.heads)
        x = self.l1(x + F.dropout(self.o(a), self.drop, self.training))
        return self.l2(x + F.dropout(self.f2(F.gelu(self.f1(x))), self.drop, self.training))


class Encoder(nn.Module):
    """Pieces to: states of words for the second head, and scores of the flat tags."""

    def __init__(self, config: dict, drop: float) -> None:
        super().__init__()
        width, eps = config["hidden_size"], config["layer_norm_eps"]
        self.drop = drop
        self.word = nn.Embedding(config["vocab_size"], width)
        self.place = nn.Embedding(config["max_position_embeddings"], width)
        self.kind = nn.Embedding(6, width)
        self.tag, self.dependency = nn.Embedding(TAGS, width), nn.Embedding(DEPENDENCIES, width)
        self.norm = nn.LayerNorm(width, eps)
        make = lambda: Layer(width, config["num_attention_heads"], config["intermediate_size"], eps, drop)  # noqa: E731
        self.layers = nn.ModuleList(make() for _ in range(config["num_hidden_layers"]))
        self.flat = nn.Linear(width, FLAT)
        self.narrow = nn.Linear(width, WIDTH)

    def forward(
        self, ids: Tensor, kinds: Tensor, grammar: Tensor, real: Tensor, firsts: Tensor
    ) -> tuple[Tensor, Tensor]:
        x = self.word(ids) + self.place.weight[: ids.shape[1]] + self.kind(kinds)
        x = x + self.tag(grammar[:, :, 0]) + self.dependency(grammar[:, :, 1])
        x = F.dropout(self.norm(x), self.drop, self.training)
        *inner, last = self.layers
        for layer in inner:
            x = layer(x, real)
        x = last(x, real, firsts)  # a word is known by its first piece: nobody asks for the others
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
        sizes = SIZES | {"branch": DEPENDENCIES, "way": DEPENDENCIES}
        self.view = nn.ModuleList(nn.Embedding(sizes[name] + 1, WIDTH) for name in VIEW)
        self.tags = nn.Linear(FLAT, WIDTH)
        self.gate, self.cue = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-6)
        self.layers = nn.ModuleList(Layer(WIDTH, HEADS, 2 * WIDTH, 1e-6, drop) for _ in range(LAYERS))
        self.out, self.short = nn.Linear(WIDTH, ARGUMENTS), nn.Linear(FLAT, ARGUMENTS)

    def forward(
        self, states: Tensor, flat: Tensor, places: Tensor, words: Tensor, edges: Tensor, view: Tensor
    ) -> Tensor:
        """Scores (N, T, 5) for cues with first and last word `edges` (N, 2), each in a window of its own (N, T, …), or
        all in one (1, T, …): then what depends on no cue is computed once."""
        first, last = edges[:, 0], edges[:, 1]
        window = torch.arange(states.shape[0]) if states.shape[0] > 1 else torch.zeros_like(first)
        cue = (states[window, first] + states[window, last]) / 2
        at = torch.arange(states.shape[1])[None]
        before, after = (first[:, None] - at).clamp(0, 511), (at - last[:, None]).clamp(0, 511)
        steps = self.bucket[before] + torch.where(after > 0, self.side + self.bucket[after], 0)
        apart = places - places[window, first][:, None]
        x = states * (1 + self.gate(cue))[:, None] + self.tags(flat) + self.cue(cue)[:, None]
        x = x + self._where(steps, apart[..., 0].clamp(-2, 2) + 2, apart[..., 1].clamp(-4, 4) + 4)
        x = x + sum(table(view[:, :, number]) for number, table in enumerate(self.view))
        x = F.dropout(self.norm(x), self.drop, self.training)
        words = words.expand(edges.shape[0], -1)
        for layer in self.layers:
            x = layer(x, words)
        return self.out(x) + self.short(flat)

    def _where(self, steps: Tensor, paragraph: Tensor, sentence: Tensor) -> Tensor:
        """What a word's place to the cue adds. One table of all combinations: one look and one sum for three."""
        p, s = self.paragraph.weight, self.sentence.weight
        both = (p[:, None] + s).reshape(-1, WIDTH)
        table = (self.distance.weight[:, None] + both).reshape(-1, WIDTH)
        return F.embedding((steps * len(p) + paragraph) * len(s) + sentence, table)


class Model(nn.Module):
    def __init__(self, config: dict, drop: float = 0.1) -> None:
        super().__init__()
        self.encoder, self.arguments = Encoder(config, drop), Arguments(drop)
        self.flat_crf, self.argument_crf = Crf(FLAT), Crf(ARGUMENTS)


def blank(model: Model) -> None:
    """The tables of the parse at nothing: what was learned without them holds."""
    tables = (model.encoder.tag, model.encoder.dependency, *model.arguments.view)
    for table in tables:
        nn.init.zeros_(table.weight)


def pretrained(folder: Path, drop: float = 0.1) -> Model:
    """The model with the weights of a BERT-like encoder (`config.json`, `model.safetensors`), heads at random."""
    from safetensors.torch import load_file

    model = Model(json.loads((folder / "config.json").read_text()), drop)
    loaded = {re.sub(r"^(bert|model)\.", "", k): v.float() for k, v in load_file(folder / "model.safetensors").items()}
    e, emb = model.encoder, "embeddings."
    blank(model)
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
