from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from firsthand.model.text import clean, one_line
from firsthand.model.when import Precision, When

INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (When.day(2025, 3, 8), "2025-03-08"),
        (When.of(datetime(2025, 3, 8, 14, 19)), "2025-03-08T14:19:00"),
        (When.of(datetime(2025, 3, 8, 14, 19, tzinfo=INDIA)), "2025-03-08T14:19:00+05:30"),
    ],
)
def test_it_says_what_it_knows_and_reads_it_back(when: When, text: str) -> None:
    assert when.isoformat() == text
    assert When.fromisoformat(text) == when


def test_an_instant_keeps_its_offset_and_sorts_as_utc() -> None:
    when = When.of(datetime(2025, 3, 8, 14, 19, tzinfo=INDIA))
    assert when.instant() == datetime(2025, 3, 8, 8, 49, tzinfo=UTC)
    assert when.at.utcoffset() == timedelta(hours=5, minutes=30)


def test_precision_and_zone_must_agree() -> None:
    with pytest.raises(ValueError, match="aware"):
        When(datetime(2025, 3, 8), Precision.INSTANT)
    with pytest.raises(ValueError, match="naive"):
        When(datetime(2025, 3, 8, tzinfo=UTC), Precision.DAY)


def test_what_no_database_takes_is_cleaned_away() -> None:
    assert clean("a\x00b\ud800c\x1b[31m\u0085\n\td\uffff") == "abc[31m\u0085\n\td"
    assert one_line(" a\u00a0 b\n\x00c ") == "a b c"
