"""The search language."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.desk.query import format_search, parse_search
from firsthand.model.errors import UsageError
from firsthand.model.findings import StatementKind
from firsthand.model.records import SearchQuery

LINE = (
    'sea wall "progressive failure" -flood outlet:ledger by:"Ada Quist" section:region after:2025-03 before:2025-04-15'
)


def test_every_part_of_the_language() -> None:
    assert parse_search(LINE) == SearchQuery(
        words=("sea", "wall"),
        phrases=("progressive failure",),
        excluded=("flood",),
        outlet="ledger",
        by="Ada Quist",
        section="region",
        after=datetime(2025, 3, 1, tzinfo=UTC),
        before=datetime(2025, 4, 15, tzinfo=UTC),
    )


def test_what_was_found_is_asked_for_as_well() -> None:
    query = parse_search('flood Said-By:"Ada Quist" source:memos credits:Tidewire kind:Direct')
    assert query == SearchQuery(
        words=("flood",), said_by="Ada Quist", source="memos", credits="Tidewire", kind=StatementKind.DIRECT
    )
    assert parse_search(format_search(query)) == query


def test_a_credit_is_looked_for_by_the_name_that_it_is_kept_under() -> None:
    assert parse_search("credits:AP").credits == "Associated Press"
    assert parse_search("credits:apnews.com").credits == "apnews.com"


def test_dates_begin_in_the_reader_s_zone() -> None:
    query = parse_search("after:2025-03-08", ZoneInfo("Asia/Kolkata"))
    assert query.after == datetime(2025, 3, 7, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "-only",
        "before:soon",
        "after:2025-02-30",
        "outlet:",
        "-outlet:x",
        "!?",
        "x" * 501,
        "kind:loud",
        "said-by:",
        "-said-by:quist",
    ],
)
def test_what_cannot_be_meant_is_said(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_search(text)
    assert caught.value.remedy


def test_typographic_quotes_and_unknown_filters_are_taken_as_meant() -> None:
    query = parse_search("“sea wall” update:final")
    assert query == SearchQuery(words=("update:final",), phrases=("sea wall",))


@given(st.text(max_size=600))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        query = parse_search(text)
    except UsageError:
        return
    assert query != SearchQuery()


WORD = st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@given(st.lists(WORD, min_size=1, max_size=4), st.lists(WORD, max_size=2), WORD, st.dates())
def test_what_is_written_is_read_again(words: list[str], excluded: list[str], outlet: str, day: object) -> None:
    when = datetime(day.year, day.month, day.day, tzinfo=UTC)  # type: ignore[attr-defined]
    query = SearchQuery(words=tuple(words), excluded=tuple(excluded), outlet=outlet, before=when)
    assert parse_search(format_search(query)) == query
