"""Parsed documents with the tags of their tokens: what the light network learns from."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import spacy
from spacy.tokens import Doc

from firsthand.analyze.parse import parse
from firsthand.analyze.statements.traits import LISTS, Numbers, Traits, traits

ROLES = ("source", "cue", "content")
SEEN_OFTEN = {"words": 4, "suffixes": 20, "tags": 1, "deps": 1}
"""Strings that occur less often share one number."""
MOST = {"words": 9000, "suffixes": 1500, "tags": 100, "deps": 100}


@dataclass(slots=True)
class Document:
    text: str
    traits: Traits
    tags: np.ndarray
    """By token: 0, or 1 + 2 × role for the first of a span, one more for the others."""
    cues: list[tuple[int, int, np.ndarray]] = field(default_factory=list)
    """First and last + 1 token of each cue, and by token the tags of its source and content."""


def parsed(data: Path, split: str, cache: Path) -> list[tuple[dict, Doc]]:
    """The documents of a split with their parses, which are kept in `cache`: parsing takes minutes."""
    kept, vocab = cache / f"{split}.pkl", spacy.blank("en").vocab
    with (data / f"{split}.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps([_columns(parse(record["text"], names=False)) for record in records]))
    return [
        (record, _doc(vocab, columns)) for record, columns in zip(records, pickle.loads(kept.read_bytes()), strict=True)
    ]


def _columns(doc: Doc) -> dict:
    return {
        "words": [t.text for t in doc],
        "spaces": [bool(t.whitespace_) for t in doc],
        "tags": [t.tag_ for t in doc],
        "deps": [t.dep_ for t in doc],
        "heads": [t.head.i for t in doc],
        "tensor": doc.tensor.astype(np.float16),
    }


def _doc(vocab: spacy.vocab.Vocab, columns: dict) -> Doc:
    doc = Doc(vocab, **{name: value for name, value in columns.items() if name != "tensor"})
    doc.tensor = columns["tensor"].astype(np.float32)
    return doc


def write_lists(docs: list[Doc], path: Path) -> None:
    """The strings that get numbers, most frequent first."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in LISTS}
    for doc in docs:
        for token in doc:
            strings = (token.lower_, token.suffix_, token.tag_, token.dep_)
            for name, one in zip(LISTS, strings, strict=True):
                if one.strip() and "\n" not in one:
                    counts[name][one] += 1
    parts = []
    for name in LISTS:
        often = [(one, n) for one, n in counts[name].items() if n >= SEEN_OFTEN[name]]
        parts.append("\n".join(one for one, _ in sorted(often, key=lambda each: (-each[1], each[0]))[: MOST[name]]))
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def document(record: dict, doc: Doc, lists: dict[str, Numbers]) -> Document:
    t = traits(doc, lists)
    row = np.zeros(len(t.starts), np.int64)
    for number, (first, last) in enumerate(t.rows):
        row[first:last] = number + 1
    found = Document(record["text"], t, np.zeros(len(row), np.int64))
    for attribution in record["attributions"]:
        tokens = {role: _tokens(t, attribution[role]) for role in ROLES}
        tokens = {role: [at for at in held if row[at]] for role, held in tokens.items()}
        for number, role in enumerate(ROLES):
            for at, tag in _tagged(tokens[role], row, 1 + 2 * number):
                if not found.tags[at]:
                    found.tags[at] = tag
        if tokens["cue"]:
            arguments = np.zeros(len(row), np.int64)
            for role, first in (("content", 3), ("source", 1)):
                for at, tag in _tagged(tokens[role], row, first):
                    arguments[at] = tag
            first, last = tokens["cue"][0], tokens["cue"][-1] + 1
            arguments[first:last] = 0
            found.cues.append((first, last, arguments))
    return found


def _tokens(t: Traits, wanted: list[list[int]]) -> list[int]:
    found: set[int] = set()
    for begin, end in wanted:
        at = int(np.searchsorted(t.ends, begin, "right"))
        while at < len(t.starts) and t.starts[at] < end:
            found.add(at)
            at += 1
    return sorted(found)


def _tagged(tokens: list[int], row: np.ndarray, first: int) -> list[tuple[int, int]]:
    found, previous = [], None
    for at in tokens:
        joined = previous is not None and at == previous + 1 and row[at] == row[previous]
        found.append((at, first + joined))
        previous = at
    return found
