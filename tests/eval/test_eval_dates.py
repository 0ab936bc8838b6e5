"""Dates: every sentence of our set, and the first real article."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from dates_score import Case, cases, events, read

from firsthand.analyze.dates import find_dates

CASES = list(cases())


@pytest.mark.parametrize("what", sorted({case.what for case in CASES}))
def test_every_sentence_is_read_right(what: str) -> None:
    wrong = [_said(case) for case in CASES if case.what == what and read(case) != case.mentions]
    assert not wrong, "\n".join(wrong)


def test_clauses_are_those_that_the_dates_date() -> None:
    wrong = [(case.text, events(case)) for case in CASES if case.events and events(case) != case.events]
    assert not wrong


def test_the_set_is_as_large_as_it_should_be(capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter(case.what for case in CASES)
    with capsys.disabled():
        print(
            f"\ndates: {sum(counts.values())} sentences, {len({case.text for case in CASES})} different",
            file=sys.stderr,
        )
    assert len({case.text for case in CASES}) >= 200


def test_every_dated_event_of_the_first_article_is_on_its_day(shared_data: Path) -> None:
    text = (shared_data / "seed" / "article.txt").read_text("utf-8")
    body = text[text.index("The Biden administration") : text.index("Khan also highlighted")]
    found = find_dates(body, date(2021, 9, 4), "en")
    days = [
        (body[one.start : one.end].removeprefix("on ").removeprefix("On "), one.earliest, one.latest) for one in found
    ]
    wanted = [
        ("Saturday", 4),
        ("Friday", 3),
        ("August 15", -16),
        ("August 31", 0),
        ("Wednesday", 1),
        ("August 26", -5),
        ("August 20", -11),
    ]
    told = [day for day in days if not day[0].startswith(("two", "the day"))]
    assert told == [
        (words, *(2 * [date.fromordinal(date(2021, 8, 31).toordinal() + offset)])) for words, offset in wanted
    ]
    assert all(
        first <= date(2021, 8, 26) and last >= date(2021, 8, 15)
        for words, first, last in days
        if words.startswith("two")
    )


def _said(case: Case) -> str:
    return f"{case.published} {case.text}\n   read   {read(case)}\n   wanted {case.mentions}"
