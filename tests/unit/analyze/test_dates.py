"""Dates: what every text must survive, and a few readings in full; the large set is in tests/eval/dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthand.analyze.dates import UnknownWeekday, find_dates, resolve_weekday
from firsthand.analyze.dates.calendar import Days, Part, Unit, around, part_of, shift, span_of
from firsthand.analyze.dates.tense import Tense, tense_of

SATURDAY = date(2021, 9, 4)

WORDS = st.sampled_from(
    "on Friday . , “ ” \" in March May 3 2019 two weeks before the deadline ago last year 's – to from and will said that 3-5 9/11 at 0900 GMT"
    " am Montag 3. Mai hier le 3 mai hace tres días \n\n next day later Sept. 11 attacks 1990s the century of Q3 31 February 0 \x00 \ud800 é 日".split(
        " "
    )
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=300),
    st.none() | st.dates(),
    st.sampled_from(["en", "de", "fr", "es-MX", "pt", None]),
)
def test_spans_lie_in_bounds_in_order_and_apart(text: str, published: date | None, language: str | None) -> None:
    found = find_dates(text, published, language)
    last = 0
    for one in found:
        assert last <= one.start < one.end <= len(text)
        assert one.earliest <= one.latest
        assert one.event is None or 0 <= one.event.start < one.event.end <= len(text)
        last = one.end
    assert find_dates(text, published, language) == found


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja", None])
@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800", "x" * 300_000, "1,2." * 40_000, "May " * 5_000, "“" * 50_000, "on Friday " * 1_000],
)
def test_hostile_texts_are_read(text: str, language: str | None) -> None:
    for one in find_dates(text, SATURDAY, language):
        assert text[one.start : one.end].strip()


@pytest.mark.parametrize(
    ("name", "coming", "strictly", "day"),
    [
        ("Friday", False, False, date(2021, 9, 3)),
        ("saturday", False, False, SATURDAY),
        ("Sat.", False, True, date(2021, 8, 28)),
        ("Monday", True, False, date(2021, 9, 6)),
        ("Saturday", True, False, SATURDAY),
        ("Saturday", True, True, date(2021, 9, 11)),
    ],
)
def test_a_weekday_is_the_nearest_in_its_direction(name: str, coming: bool, strictly: bool, day: date) -> None:
    assert resolve_weekday(name, SATURDAY, coming=coming, strictly=strictly) == day


def test_what_is_no_weekday_is_refused() -> None:
    with pytest.raises(UnknownWeekday):
        resolve_weekday("Fritag", SATURDAY)


def test_at_the_edges_of_the_calendar_nothing_breaks() -> None:
    text = "It began 9999 years ago, on Friday, two weeks ago, and it ends next year and next week."
    for published in (date.min, date.max):
        find_dates(text, published, "en")


def test_last_monday_beside_a_bare_monday_is_the_one_before() -> None:
    text = "Talks began on Monday. Last Monday, the envoy had fallen ill."
    found = find_dates(text, date(2021, 9, 7), "en")
    assert [one.earliest for one in found] == [date(2021, 9, 6), date(2021, 8, 30)]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("On Wednesday, the council voted to close the bridge.", ["the council voted to close the bridge"]),
        (
            "The strike, which began on Monday, is to end on Tuesday.",
            ["The strike, which began", "The strike, which began on Monday, is to end"],
        ),
        ("The mayor resigned on Friday, officials said.", ["The mayor resigned"]),
        ("Officials said on Friday the mayor had resigned on Thursday.", ["Officials said", "the mayor had resigned"]),
        ("A report published on Friday lists 40 cases.", ["A report published on Friday lists 40 cases"]),
    ],
)
def test_a_date_carries_the_clause_it_dates(text: str, events: list[str]) -> None:
    found = find_dates(text, SATURDAY, "en")
    assert [text[one.event.start : one.event.end] for one in found if one.event] == events


def test_english_rules_touch_no_other_language() -> None:
    assert find_dates("Op Friday, in March, two weeks ago.", SATURDAY, "nl") == ()


@pytest.mark.parametrize(
    ("before", "after", "tense"),
    [
        ("The board will meet on ", ".", Tense.COMING),
        ("The board met on ", ".", Tense.PAST),
        ("He said he would go on ", ".", Tense.LATER),
        ("He said he had gone on ", ".", Tense.EARLIER),
        ("The vote was due on ", ".", Tense.EITHER),
        ("On ", ", the board will meet.", Tense.COMING),
        ("", "", Tense.NONE),
        ("It could not be reached on ", ".", Tense.PAST),
    ],
)
def test_the_nearest_verb_gives_the_tense(before: str, after: str, tense: Tense) -> None:
    assert tense_of(before, after) is tense


@given(st.dates(), st.integers(-3000, 3000), st.sampled_from(Unit))
def test_what_is_moved_lies_around_where_it_was_moved_to(day: date, count: int, unit: Unit) -> None:
    try:
        found = around(day, count, unit)
    except (ValueError, OverflowError):
        return
    assert found.earliest <= shift(day, count, unit) <= found.latest


@given(
    st.dates(date(1000, 1, 1), date(3000, 1, 1)),
    st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.YEAR, Unit.DECADE, Unit.CENTURY]),
)
def test_early_mid_and_late_part_a_stretch_without_a_gap(day: date, unit: Unit) -> None:
    whole = span_of(day, unit)
    early, mid, late = (part_of(whole, part) for part in (Part.EARLY, Part.MID, Part.LATE))
    assert (early.earliest, late.latest) == (whole.earliest, whole.latest)
    assert (mid.earliest - early.latest).days == (late.earliest - mid.latest).days == 1


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Days(date(2021, 1, 2), date(2021, 1, 1))
