"""A statement in running text never says more than its article: no paraphrase as a quote, no denial as a claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from firsthand.desk.cues import in_words
from firsthand.model.findings import Polarity, StatementKind
from firsthand.model.people import Said


@pytest.mark.parametrize(
    ("kind", "content", "cue", "words"),
    [
        (StatementKind.DIRECT, "“Nobody knew,”", "said", "“Nobody knew,”"),
        (StatementKind.DIRECT, "nobody knew", "said", "“nobody knew”"),
        (StatementKind.INDIRECT, "that she was warned", "denied", "denied: that she was warned"),
        (StatementKind.MIXED, "that it was “checked daily”", "told", "told: that it was “checked daily”"),
        (StatementKind.INDIRECT, "that she was warned", None, "that she was warned"),
    ],
)
def test_only_what_is_quoted_stands_in_quotation_marks(
    kind: StatementKind, content: str, cue: str | None, words: str
) -> None:
    said = Said(
        article_id=1, number=0, headline="", outlet="", content=content, kind=kind, polarity=Polarity.DENIES, role=None,
        day=None, published=datetime(2025, 3, 8, tzinfo=UTC), speaker="Ada Quist", person_id=1,
    )  # fmt: skip
    assert in_words(said, cue) == words
