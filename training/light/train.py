"""Trains the light network: `python -m light.train --data F --cache F --out F --words F`.

Everything it writes lies in `--out`: `light.txt` (strings with numbers), `light.pt` (weights, averaged over the last steps).
The schedule is by steps, so that the same data and seed give the same weights on the same machine.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from attribution.train import found as runs_of_cues
from bench.attribution import Scores

from firsthand.analyze.statements.light import relations_of
from firsthand.analyze.statements.traits import LISTS, Numbers, Rows, Traits, read_lists, rows_of, seen_from
from light.corpus import Document, document, parsed, write_lists
from light.model import Light
from light.network import TorchNetwork

FALSE_CUES = 1.3
"""Cues shown to the second head for each gold one, at most; the others are errors of the first, with nothing to find."""
AVERAGE = 0.997


@dataclass(slots=True)
class Row:
    traits: Traits
    rows: Rows
    tags: np.ndarray
    cues: list[tuple[int, int, np.ndarray]]


def rows_for_training(doc: Document, kinds: int) -> list[Row]:
    t, found = doc.traits, []
    for first, last in t.rows:
        size = last - first
        heads = np.clip(t.heads[first:last] - first, 0, size - 1)
        own = Traits(
            t.columns[first:last], heads, t.tensor[first:last], t.starts[first:last], t.ends[first:last],
            t.sentences[first:last], t.marks[first:last], np.clip(t.lefts[first:last] - first, 0, size - 1),
            np.clip(t.rights[first:last] - first, 0, size - 1), ((0, size),),
        )  # fmt: skip
        cues = [
            (max(a, first) - first, min(b, last) - first, tags[first:last])
            for a, b, tags in doc.cues
            if first <= a < last
        ]
        found.append(Row(own, rows_of(own, own.rows, kinds), doc.tags[first:last], cues))
    return found


def batches(rows: list[Row], most: int, rng: random.Random) -> list[list[Row]]:
    order = sorted(rows, key=lambda row: len(row.tags) + rng.random() * 12)
    found: list[list[Row]] = []
    for row in order:
        if found and (len(found[-1]) + 1) * (len(row.tags) + 12) <= most:
            found[-1].append(row)
        else:
            found.append([row])
    rng.shuffle(found)
    return found


def collate(chosen: list[Row]) -> tuple[Rows, np.ndarray]:
    longest = max(len(row.tags) for row in chosen)

    def joined(name: str) -> np.ndarray:
        parts = [getattr(row.rows, name) for row in chosen]
        whole = np.zeros((len(parts), longest, *parts[0].shape[2:]), parts[0].dtype)
        for number, part in enumerate(parts):
            whole[number, : part.shape[1]] = part[0]
        return whole

    tags = np.zeros((len(chosen), longest), np.int64)
    for number, row in enumerate(chosen):
        tags[number, : len(row.tags)] = row.tags
    return Rows(*(joined(name) for name in ("columns", "heads", "children", "tensor", "real"))), tags


def cues_of(
    chosen: list[Row], guessed: np.ndarray, real: np.ndarray, rng: random.Random
) -> list[tuple[int, int, int, np.ndarray]]:
    """(row, first, last + 1, tags): gold cues, half of them with the edges that the tagger gives, and its false cues."""
    found = [(number, a, b, tags) for number, row in enumerate(chosen) for a, b, tags in row.cues]
    gold = len(found)
    by_row: dict[int, list[int]] = {}
    for at, cue in enumerate(found):
        by_row.setdefault(cue[0], []).append(at)
    for row, first, last in runs_of_cues(guessed, real):
        near = [at for at in by_row.get(row, ()) if found[at][1] <= last and first < found[at][2]]
        if near:
            tags = found[near[0]][3]
            if rng.random() < 0.5 and not tags[first : last + 1].any():
                found[near[0]] = (row, first, last + 1, tags)
        elif len(found) < FALSE_CUES * gold + 1:
            found.append((row, first, last + 1, np.zeros(len(chosen[row].tags), np.int64)))
    return found


def second(
    chosen: list[Row], cues: list[tuple[int, int, int, np.ndarray]], longest: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Places, roots, traits, tags and which are real, for cues."""
    parts = []
    for row, first, last, tags in cues:
        size = len(chosen[row].tags)
        seen, _, ((begin, root),) = seen_from(chosen[row].traits, [(first, last, 0, size)])
        parts.append((row * longest + begin, row * longest + root, seen[0], tags[begin : begin + seen.shape[1]]))
    n, t = len(parts), max(len(part[3]) for part in parts)
    places, roots = np.zeros((n, t), np.int64), np.zeros(n, np.int64)
    seen, tags = np.zeros((n, t, parts[0][2].shape[1]), np.int64), np.zeros((n, t), np.int64)
    real = np.zeros((n, t), bool)
    for number, (begin, root, s, w) in enumerate(parts):
        size = len(w)
        places[number, :size], roots[number] = np.arange(begin, begin + size), root
        seen[number, :size], tags[number, :size], real[number, :size] = s, w, True
    return places, roots, seen, tags, real


def losses(model: Light, chosen: list[Row], rng: random.Random) -> torch.Tensor:
    r, wanted = collate(chosen)
    arrays = [torch.from_numpy(a) for a in (r.columns, r.heads, r.children, r.tensor)]
    if model.training:  # rare words and new texts: a word's number is hidden now and then
        arrays[0][:, :, 0] *= torch.rand(arrays[0].shape[:2]) > 0.08
    real, tags = torch.from_numpy(r.real), torch.from_numpy(wanted)
    states, flat = model.tokens(*arrays, real)
    loss = model.flat_crf.loss(flat, tags, real).sum() / real.sum()
    cues = cues_of(chosen, flat.detach().argmax(2).numpy(), r.real, rng)
    if not cues:
        return loss
    places, roots, seen, arguments, shown = map(torch.from_numpy, second(chosen, cues, wanted.shape[1]))
    width = flat.shape[1] * flat.shape[0]
    scores = model.arguments(states.reshape(width, -1), flat.detach().reshape(width, -1), places, roots, seen, shown)
    return loss + model.argument_crf.loss(scores, arguments, shown).sum() / real.sum()


def score(model: Light, docs: list[tuple[dict, Document]]) -> Scores:
    model.eval()
    network, scores = TorchNetwork(model), Scores()
    for record, doc in docs:
        scores.add(record["text"], record["attributions"], relations_of(doc.traits, network))
    model.train()
    return scores


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--few", type=int, default=0, help="documents, to try something")
    parser.add_argument("--words", type=Path, help="word vectors to begin with: .npy, a row for each word of light.txt")
    return parser.parse_args()


def sizes_of(lists: dict[str, Numbers]) -> dict[str, int]:
    return {name: len(lists[name]) for name in LISTS}


def main() -> None:
    options = parse_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    train = parsed(options.data, "train", options.cache)
    if not (options.out / "light.txt").exists():
        write_lists([doc for _, doc in train], options.out / "light.txt")
    lists = read_lists(options.out / "light.txt")
    sizes = sizes_of(lists)
    train = train[: options.few] if options.few else train
    rows = [row for record, doc in train for row in rows_for_training(document(record, doc, lists), sizes["deps"])]
    del train
    dev = [(record, document(record, doc, lists)) for record, doc in parsed(options.data, "dev", options.cache)]
    model = Light(sizes, options.dropout)
    if options.words:
        model.tokens.word.weight.data[1:] = torch.from_numpy(np.load(options.words))
    print(sizes, len(rows), "rows", sum(p.numel() for p in model.parameters()), "weights", flush=True)
    run(model, rows, dev, options)


def run(model: Light, rows: list[Row], dev: list[tuple[dict, Document]], options: argparse.Namespace) -> None:
    rng = random.Random(options.seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.01)
    steps, step, begun = options.epochs * len(batches(rows, options.tokens, random.Random(0))), 0, time.time()
    mean = [p.detach().clone() for p in model.parameters()]
    for epoch in range(options.epochs):
        total, count = 0.0, 0
        for chosen in batches(rows, options.tokens, rng):
            done = min(1.0, step / steps)
            for group in optimizer.param_groups:
                group["lr"] = options.rate * min(1.0, step / 60, 1.02 - done)
            loss = losses(model, chosen, rng)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            keep = min(AVERAGE, step / (step + 10))
            for held, p in zip(mean, model.parameters(), strict=True):
                held.lerp_(p.detach(), 1 - keep)
            total, count = total + loss.item(), count + 1
            if step % 50 == 0:
                print(f"{time.time() - begun:6.0f} s, step {step} of {steps}, loss {total / count:.4f}", flush=True)
        live = [p.detach().clone() for p in model.parameters()]
        _put(model, mean)
        torch.save(model.state_dict(), options.out / "light.pt")
        print(f"epoch {epoch + 1}: {score(model, dev).line()}", flush=True)
        if epoch + 1 < options.epochs:
            _put(model, live)


def _put(model: Light, weights: list[torch.Tensor]) -> None:
    for p, held in zip(model.parameters(), weights, strict=True):
        p.data.copy_(held)


if __name__ == "__main__":
    main()
