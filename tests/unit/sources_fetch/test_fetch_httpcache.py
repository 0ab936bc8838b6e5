"""Cache and retry headers, sane and absurd."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.sources.httpcache import LONGEST_AGE, freshness, http_date, retry_after

NOW = datetime(2021, 9, 4, 8, 49, tzinfo=UTC)
DATE = "Sat, 04 Sep 2021 08:49:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=300"}, 300),
        ({"Cache-Control": "public, MAX-AGE = 300, must-revalidate"}, 300),
        ({"Cache-Control": 'max-age="300"'}, 300),
        ({"Cache-Control": "s-maxage=300"}, None),
        ({"Cache-Control": "no-cache"}, None),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "max-age=300", "Age": "100"}, 200),
        ({"Cache-Control": "max-age=300", "Age": "400"}, 0),
        ({"Cache-Control": "max-age=300", "Age": "old"}, 300),
        ({"Cache-Control": "max-age=300", "Expires": "0"}, 300),
        ({"Cache-Control": "max-age=999999999999"}, LONGEST_AGE.total_seconds()),
        ({"Cache-Control": "max-age=" + "9" * 500}, LONGEST_AGE.total_seconds()),
        ({"Expires": "Sat, 04 Sep 2021 09:49:00 GMT", "Date": DATE}, 3600),
        ({"Expires": "Sat, 04 Sep 2021 09:49:00 GMT"}, 3600),
        ({"Expires": "Sat, 04 Sep 2021 07:49:00 GMT"}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "-1"}, 0),
        ({"Expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, LONGEST_AGE.total_seconds()),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)

    assert freshness(headers, NOW) == expected


def test_retry_after_counts_from_the_servers_own_clock() -> None:
    headers = {"Retry-After": "Sat, 04 Sep 2021 08:50:00 GMT", "Date": DATE}

    assert retry_after(headers, NOW + timedelta(days=3)) == 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DATE, NOW),
        ("Saturday, 04-Sep-21 08:49:00 GMT", NOW),
        ("Sat Sep  4 08:49:00 2021", NOW),
        ("Sat, 04 Sep 2021 10:49:00 +0200", NOW),
        ("yesterday", None),
        ("", None),
        ("Sat, 99 Sep 2021 08:49:00 GMT", None),
    ],
)
def test_http_dates_in_all_three_forms(text: str, expected: datetime | None) -> None:
    assert http_date(text) == expected


@given(st.text(max_size=120))
def test_no_header_breaks_it(text: str) -> None:
    headers = {"Cache-Control": text, "Expires": text, "Retry-After": text, "Date": text, "Age": text}

    fresh = freshness(headers, NOW)
    assert fresh is None or timedelta(0) <= fresh <= LONGEST_AGE
    wait = retry_after(headers, NOW)
    assert wait is None or wait >= 0
