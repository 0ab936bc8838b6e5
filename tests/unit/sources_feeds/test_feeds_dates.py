"""Dates as feeds write them, and no more than they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.when import Precision, When
from firsthand.sources.feeds import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 822 and its usual liberties
        ("Sat, 04 Sep 2021 14:19:00 +0530", "2021-09-04T14:19:00+05:30"),
        ("Sat, 04 Sep 2021 14:19:00 -0800", "2021-09-04T14:19:00-08:00"),
        ("Sat, 04 Sep 2021 14:19:00 GMT", "2021-09-04T14:19:00+00:00"),
        ("Sat, 4 Sep 2021 14:19:00 GMT", "2021-09-04T14:19:00+00:00"),
        ("Sat, 04 Sep 2021 14:19 GMT", "2021-09-04T14:19:00+00:00"),
        ("Wed, 04 Sep 2021 14:19:00 GMT", "2021-09-04T14:19:00+00:00"),  # it was a Saturday
        ("04 Sep 2021 14:19:00 GMT", "2021-09-04T14:19:00+00:00"),
        ("Sat,04 Sep 2021 14:19:00 GMT", "2021-09-04T14:19:00+00:00"),
        ("  SAT, 04 SEP 2021\n 14:19:00 gmt ", "2021-09-04T14:19:00+00:00"),
        ("Saturday, 04-Sep-21 14:19:00 UTC", "2021-09-04T14:19:00+00:00"),
        ("Sat, 04 September 2021 14:19:00 Z", "2021-09-04T14:19:00+00:00"),
        ("Sat, 04 Sep 21 14:19:00 GMT", "2021-09-04T14:19:00+00:00"),
        ("Sat, 04 Sep 93 14:19:00 GMT", "1993-09-04T14:19:00+00:00"),
        ("Sat, 04 Sep 2021 14:19:60 GMT", "2021-09-04T14:19:59+00:00"),
        ("Sat, 04 Sep 2021 24:00:00 GMT", "2021-09-05T00:00:00+00:00"),
        ("Sat, 04 Sep 2021 14:19:00 GMT+02:00", "2021-09-04T14:19:00+02:00"),
        ("Sat, 04 Sep 2021 14:19:00 +0530 (IST)", "2021-09-04T14:19:00+05:30"),
        ("Sat, 04 Sep 2021 14:19:00 -0000", "2021-09-04T14:19:00+00:00"),
        ("Sat, 04 Sep 2021 14:19:00 +10", "2021-09-04T14:19:00+10:00"),
        # names of zones
        ("Sat, 04 Sep 2021 14:19:00 EST", "2021-09-04T14:19:00-05:00"),
        ("Sat, 04 Sep 2021 14:19:00 PDT", "2021-09-04T14:19:00-07:00"),
        ("Sat, 04 Sep 2021 14:19:00 CEST", "2021-09-04T14:19:00+02:00"),
        ("Sat, 04 Sep 2021 14:19:00 BST", "2021-09-04T14:19:00+01:00"),
        ("Sat, 04 Sep 2021 14:19:00 AEST", "2021-09-04T14:19:00+10:00"),
        ("Sat, 04 Sep 2021 14:19:00 ET", "2021-09-04T14:19:00-04:00"),
        ("Mon, 04 Jan 2021 14:19:00 ET", "2021-01-04T14:19:00-05:00"),
        # zones that say nothing certain leave a local time
        ("Sat, 04 Sep 2021 14:19:00 IST", "2021-09-04T14:19:00"),
        ("Sat, 04 Sep 2021 14:19:00 M", "2021-09-04T14:19:00"),
        ("Sat, 04 Sep 2021 14:19:00 XYZ", "2021-09-04T14:19:00"),
        ("Sat, 04 Sep 2021 14:19:00 +9900", "2021-09-04T14:19:00"),
        ("Sat, 04 Sep 2021 14:19:00", "2021-09-04T14:19:00"),
        # ISO 8601, W3CDTF, RFC 3339
        ("2021-09-04T14:19:00+05:30", "2021-09-04T14:19:00+05:30"),
        ("2021-09-04T14:19:00.123456Z", "2021-09-04T14:19:00+00:00"),
        ("2021-09-04T14:19:00.5-0500", "2021-09-04T14:19:00-05:00"),
        ("2021-09-04T14:19Z", "2021-09-04T14:19:00+00:00"),
        ("2021-09-04t14:19:00z", "2021-09-04T14:19:00+00:00"),
        ("2021-09-04 14:19:00 +0530", "2021-09-04T14:19:00+05:30"),
        ("2021-09-04 14:19:00 UTC", "2021-09-04T14:19:00+00:00"),
        ("2021-09-04T14:19:00", "2021-09-04T14:19:00"),
        ("2021-09-04T14:19:00+05:30[Asia/Kolkata]", "2021-09-04T14:19:00+05:30"),
        ("20210904T141900Z", "2021-09-04T14:19:00+00:00"),
        ("2021-9-4", "2021-09-04"),
        ("2021-09-04", "2021-09-04"),
        ("20210904", "2021-09-04"),
        ("2021-247", "2021-09-04"),
        ("2021-W35-6", "2021-09-04"),
        ("04 Sep 2021", "2021-09-04"),
        # other orders
        ("Sat Sep  4 14:19:00 2021", "2021-09-04T14:19:00"),
        ("Sat Sep  4 14:19:00 +0530 2021", "2021-09-04T14:19:00+05:30"),
        ("Saturday, September 4th, 2021 at 2:19 PM EDT", "2021-09-04T14:19:00-04:00"),
        ("Sep 4, 2021 12:19 a.m.", "2021-09-04T00:19:00"),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T08:19:53-04:00"),
        ("1630765140", "2021-09-04T14:19:00+00:00"),
        ("1630765140000", "2021-09-04T14:19:00+00:00"),
        # other languages
        ("Σαβ, 04 Σεπ 2021 14:19:00 EEST", "2021-09-04T14:19:00+03:00"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T12:00:00-05:00"),
        ("2004-július-13T9:15-03:00", "2004-07-13T09:15:00-03:00"),
        ("2004년 05월 28일  01:31:15", "2004-05-28T01:31:15+09:00"),
        ("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17+09:00"),
        ("Sa, 04 Dez 2021 14:19:00 +0100", "2021-12-04T14:19:00+01:00"),
        ("sam., 4 août 2021 14:19:00 +0200", "2021-08-04T14:19:00+02:00"),
        ("4 de septiembre de 2021", "2021-09-04"),
        ("5 juillet 2021 à 10:00", "2021-07-05T10:00:00"),
        # what says no day says nothing
        ("", None),
        ("   ", None),
        ("yesterday", None),
        ("2021", None),
        ("2021-09", None),
        ("Sep 2021", None),
        ("14:19:00 GMT", None),
        ("03/04/2021", None),
        ("2021-13-01", None),
        ("30 Feb 2021 10:00:00 GMT", None),
        ("Sat, 04 Sep 2021 25:00:00 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("0000-00-00 00:00:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("2021-366", None),
        ("2021-W60-1", None),
        ("9" * 5000, None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    found = parse_date(text)
    assert (found and found.isoformat()) == expected


def test_precision_is_what_the_text_gives() -> None:
    precisions = [parse_date(text) for text in ("2021-09-04", "2021-09-04T14:19:00", "2021-09-04T14:19:00Z")]
    assert [one and one.precision for one in precisions] == [Precision.DAY, Precision.LOCAL, Precision.INSTANT]


moments = st.datetimes(
    min_value=datetime(1000, 1, 2),
    max_value=datetime(9998, 12, 30),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(lambda at: at.replace(microsecond=0))


@given(moments)
def test_rfc_822_and_rfc_3339_come_back_with_their_offset(at: datetime) -> None:
    for text in (format_datetime(at), at.isoformat(), at.isoformat(sep=" ")):
        found = parse_date(text)
        assert found is not None
        assert found == When.of(at)
        assert found.at.utcoffset() == at.utcoffset()


@given(st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{2,4} \d\d:\d\d(:\d\d)? \w{1,5}"))
def test_any_text_is_a_date_that_can_be_sorted_or_none(text: str) -> None:
    found = parse_date(text)
    if found is not None:
        assert found.instant().tzinfo is UTC
        assert When.fromisoformat(found.isoformat()) == found
