"""Fine-tunes the encoder and both heads: `python -m attribution.train --data FOLDER --encoder FOLDER --out FOLDER`.

The schedule is by wall time (`--minutes`), since the machine is shared: warm-up, then linear to nothing at the end.
The number in OUT/minutes moves the end while it runs. A run that was cut off goes on with `--resume`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from light.corpus import parsed
from torch import Tensor

from attribution.corpus import Batch, Example, batches, collate, documents, examples, views
from attribution.evaluate import score
from attribution.meeting import EVERY, Meeting
from attribution.model import Model, pretrained
from attribution.packaged import packaged
from firsthand.analyze.statements.encoder import DATA
from firsthand.analyze.statements.traits import read_lists, traits
from firsthand.analyze.statements.wordpiece import WordPieces

CLIP, DECAY = 1.0, 0.01
CUE_TAGS = (3, 4)
SAVE, SCORE = 4.0, 12.0
"""Minutes between checkpoints, and between scores."""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train.jsonl and dev.jsonl")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--encoder", type=Path, help="folder with config.json and model.safetensors to begin with")
    start.add_argument("--packaged", type=Path, help="folder with the graphs to go on from")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the parses, which take minutes")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=70)
    parser.add_argument("--warm", type=float, default=3, help="minutes of warm-up")
    parser.add_argument("--pieces", type=int, default=1024, help="pieces a batch")
    parser.add_argument("--rate", type=float, default=3.5e-4)
    parser.add_argument("--head-rate", type=float, default=1.5e-3)
    parser.add_argument("--masked", type=float, default=0.04, help="share of pieces hidden")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the average of weights, by step")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--half", action="store_true", help="bfloat16 where it is safe")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=0, help="stop after so many (for timing)")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--meet", type=Path, help="file where two trainers meet (see meeting.py); give each its --seed")
    parser.add_argument("--helper", action="store_true", help="the second trainer: neither saves nor scores")
    return parser.parse_args()


class Average:
    """Exponential average of the weights; steps four at a time, for speed."""

    EVERY = 4

    def __init__(self, model: Model, decay: float) -> None:
        self.live = [p for p in model.parameters() if p.requires_grad]
        self.mean = [p.detach().clone() for p in self.live]
        self.decay = decay

    def update(self, step: int) -> None:
        if step % self.EVERY == 0:
            keep = min(self.decay, (step + 1) / (step + 40)) ** self.EVERY
            torch._foreach_lerp_(self.mean, [p.detach() for p in self.live], 1 - keep)

    def swap(self) -> None:
        """Exchange the live weights and the average (twice: as before)."""
        for live, mean in zip(self.live, self.mean, strict=True):
            held = live.detach().clone()
            live.data.copy_(mean)
            mean.copy_(held)


def optimizer(model: Model, options: argparse.Namespace) -> torch.optim.Optimizer:
    """Embeddings of words and places stay as they are: 840 documents cannot teach 30,000 rows."""
    model.encoder.word.weight.requires_grad_(False)
    model.encoder.place.weight.requires_grad_(False)
    heads, body = [], []
    for name, p in model.named_parameters():
        if p.requires_grad:
            inside = name.startswith("encoder.") and not name.startswith(("encoder.flat", "encoder.narrow"))
            (body if inside else heads).append(p)
    groups = [
        {"params": [p for p in body if p.ndim > 1], "lr": options.rate, "weight_decay": DECAY},
        {"params": [p for p in body if p.ndim < 2], "lr": options.rate, "weight_decay": 0.0},
        {"params": heads, "lr": options.head_rate, "weight_decay": 0.0},
    ]
    for group in groups:
        group["full"] = group["lr"]
    return torch.optim.AdamW(groups, fused=True)


class Clock:
    """The share of the full learning rate, by wall time that training took (evaluations do not count)."""

    def __init__(self, out: Path, minutes: float, warm: float) -> None:
        self.file, self.end, self.warm = out / "minutes", minutes, warm
        self.spent, self.level, self._last = 0.0, 0.0, time.time()

    def start(self) -> None:
        self._last = time.time()

    def tick(self) -> float:
        now = time.time()
        passed, self._last = (now - self._last) / 60, now
        if self.file.exists():
            self.end = float(self.file.read_text() or self.end)
        left = max(1e-9, self.end - self.spent)
        self.spent += passed
        if self.spent < self.warm:
            self.level = self.spent / self.warm
        else:
            self.level = max(0.0, (self.level or 1.0) * (1 - passed / left))
        return max(self.level, 1e-3)

    @property
    def over(self) -> bool:
        return self.spent >= self.end


def step_loss(model: Model, b: Batch, rng: random.Random, options: argparse.Namespace) -> tuple[Tensor, Tensor]:
    """Sums of both heads' losses, by word of the batch."""
    ids, kinds, grammar, real, firsts = map(torch.from_numpy, (b.ids, b.kinds, b.grammar, b.real, b.firsts))
    words, tags = torch.from_numpy(b.words), torch.from_numpy(b.tags)
    hidden = torch.rand(ids.shape) < options.masked
    ids = torch.where(hidden & (ids > 200) & (ids != 102), 103, ids)  # 101 [CLS], 102 [SEP], 103 [MASK]
    with torch.autocast("cpu", torch.bfloat16, enabled=options.half):
        states, flat = model.encoder(ids, kinds, grammar, real, firsts)
    flat = flat.float()
    total = words.sum()
    flat_loss = model.flat_crf.loss(flat, tags, words).sum() / total
    rows, edges, wanted = cues(b, flat.detach().argmax(2).numpy(), rng)
    if not len(rows):
        return flat_loss, torch.zeros(())
    r, e, w, v = map(torch.from_numpy, (rows, edges, wanted, views(b, rows, edges)))
    with torch.autocast("cpu", torch.bfloat16, enabled=options.half):
        scores = model.arguments(states[r], flat[r], torch.from_numpy(b.places)[r], words[r], e, v)
    return flat_loss, model.argument_crf.loss(scores.float(), w, words[r]).sum() / total


def cues(b: Batch, guessed: np.ndarray, rng: random.Random) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gold cues, some with edges as the tagger now has them, and its false cues, which have no source or content."""
    rows, edges, wanted = list(b.rows), [tuple(e) for e in b.edges], list(b.arguments)
    by_row: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        by_row.setdefault(int(row), []).append(number)
    for row, first, last in found(guessed, b.words):
        near = [n for n in by_row.get(row, ()) if b.edges[n][0] <= last and first <= b.edges[n][1]]
        if near:
            tags = wanted[near[0]]
            if rng.random() < 0.5 and not tags[first : last + 1].any():
                edges[near[0]] = (first, last)
        elif len(rows) < 1.3 * len(b.rows):
            rows.append(row)
            edges.append((first, last))
            wanted.append(np.zeros(b.words.shape[1], np.int64))
    shape = (len(rows), b.words.shape[1])
    return np.array(rows, np.int64), np.array(edges, np.int64).reshape(-1, 2), np.array(wanted, np.int64).reshape(shape)


def found(guessed: np.ndarray, words: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Runs of cue tags: (window, first, last)."""
    is_cue = np.isin(guessed, CUE_TAGS) & words
    for row in range(len(guessed)):
        places = np.flatnonzero(is_cue[row])
        for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
            if len(run):
                yield row, int(run[0]), int(run[-1])


class Trainer:
    """All that a run holds, and how it goes on after it was cut off."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.last = options, options.out / "last.pt"
        self.pieces = WordPieces(DATA / "vocabulary.txt")
        self.lists = read_lists(DATA / "light.txt")
        self.dev = [(record, traits(doc, self.lists)) for record, doc in parsed(options.data, "dev", options.cache)]
        torch.manual_seed(0)  # both trainers start from the same heads
        self.model = packaged(options.packaged) if options.packaged else pretrained(options.encoder)
        torch.manual_seed(options.seed)
        self.optimizer = optimizer(self.model, options)
        self.average = Average(self.model, options.average)
        self.clock = Clock(options.out, options.minutes, options.warm)
        self.rng = random.Random(options.seed)
        self.epoch = self.step = 0
        self.smooth = [0.0, 0.0]
        if options.resume:
            self._resume()
        self.meeting = Meeting(options.meet, self.average.live) if options.meet else None
        self.saved = self.scored = self.clock.spent

    def _resume(self) -> None:
        state = torch.load(self.last)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["opt"])
        for mean, held in zip(self.average.mean, state["mean"], strict=True):
            mean.copy_(held)
        self.clock.spent, self.clock.level = state["spent"], state["level"]
        self.epoch, self.step = state["epoch"] + 1, state["step"]

    def save(self) -> None:
        state = {"model": self.model.state_dict(), "mean": self.average.mean, "opt": self.optimizer.state_dict()}
        state |= {"epoch": self.epoch, "step": self.step, "spent": self.clock.spent, "level": self.clock.level}
        torch.save(state, self.last.with_suffix(".tmp"))
        self.last.with_suffix(".tmp").replace(self.last)
        self.saved = self.clock.spent

    def batches(self) -> Iterator[list[Example]]:
        train = documents(self.options.data, "train", self.pieces, self.options.cache, self.lists)
        while True:
            rng = random.Random(self.options.seed * 1000 + self.epoch)
            yield from batches(examples(train, self.pieces, rng), self.options.pieces, rng)
            self.epoch += 1

    def learn(self, chosen: list[Example]) -> int:
        """One step; how many pieces it read."""
        level = self.clock.tick()
        for group in self.optimizer.param_groups:
            group["lr"] = group["full"] * level
        batch = collate(chosen)
        losses = step_loss(self.model, batch, self.rng, self.options)
        self.optimizer.zero_grad()
        torch.stack(losses).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.average.live, CLIP)
        self.optimizer.step()
        if self.meeting and self.step % EVERY == 0:
            self.meeting.meet()
        self.average.update(self.step)
        self.step += 1
        rate = max(0.05, 1 / self.step)
        self.smooth = [(1 - rate) * s + rate * x.item() for s, x in zip(self.smooth, losses, strict=True)]
        return int(batch.real.sum())

    def show(self, every: int) -> None:
        """The score of the averaged weights so far. The clock stands still."""
        self.average.swap()
        line = score(self.model, self.pieces, self.dev, every=every).line()
        self.average.swap()
        print(f"{self.clock.spent:5.1f} min, 1/{every} of dev: {line}", flush=True)
        self.scored = self.clock.spent
        self.clock.start()

    def run(self) -> None:
        self.model.train()
        chosen = self.batches()
        first = next(chosen)  # reads the corpus before the clock starts
        self.clock.start()
        seen = self.learn(first)
        begun = time.time()
        while not self.clock.over:
            seen += self.learn(next(chosen))
            if self.step == self.options.steps:
                break
            if self.step % 50 == 0:
                speed = seen / (time.time() - begun)
                state = (
                    f"{self.clock.spent:5.1f} min, epoch {self.epoch} step {self.step}, level {self.clock.level:.3f}"
                )
                print(f"{state}, loss {self.smooth[0]:.4f} {self.smooth[1]:.4f}, {speed:.0f} pieces/s", flush=True)
                seen, begun = 0, time.time()
            if not self.options.helper:
                self._keep()
        if not self.options.helper:
            self.save()
            self.show(every=1)

    def _keep(self) -> None:
        if self.clock.spent > self.saved + SAVE:
            self.save()
        if self.clock.spent > self.scored + SCORE and not self.clock.over:
            self.show(every=2)


def main() -> None:
    options = parse()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    Trainer(options).run()


if __name__ == "__main__":
    main()
