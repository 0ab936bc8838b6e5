"""An attribution as it stands in the text: source, cue and content, each by its spans."""

from __future__ import annotations

from dataclasses import dataclass

from firsthand.model.article import Span

__all__ = ["Relation", "Span"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One attribution; every span is a half-open range of code points of the text that was read.

    Spans of one role stand in reading order and do not overlap. A role that the sentence leaves out is empty;
    cue and content hold at least one span in all that `find_relations` returns.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float
    """How sure the reader is, 0 to 1: the chance it gives to the tags of source and content, by word."""
