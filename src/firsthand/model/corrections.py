"""A note by which an outlet corrects what it had published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from firsthand.model.article import Span


class NoteKind(Enum):
    CORRECTION = "correction"
    """Something was wrong."""
    CLARIFICATION = "clarification"
    """Something could be misunderstood, or was left out."""


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """A note of correction, in the outlet's own words: `text[span.start:span.end]`."""

    kind: NoteKind
    span: Span
