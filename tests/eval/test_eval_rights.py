"""The real rights line of the seed article: it forbids redistribution, so only an excerpt may leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from firsthand.desk.rights import EXCERPT_WORDS, leaving, may_leave
from firsthand.extract.flat import read_text
from firsthand.model.article import Redistribution

pytestmark = pytest.mark.eval


def test_the_seeds_rights_line_keeps_its_text_in_the_house(shared_data: Path) -> None:
    path = shared_data / "seed" / "article.txt"
    if not path.is_file():
        pytest.skip(f"EVAL SKIPPED: no seed article at {path}")
    article = read_text(path.read_text("utf-8"))
    assert article.rights is not None
    assert article.rights.redistribution is Redistribution.FORBIDDEN
    assert not may_leave(article.rights)
    out = leaving(article)
    assert not out.whole
    assert out.headline
    assert 0 < len(out.excerpt.split()) <= EXCERPT_WORDS + 1
