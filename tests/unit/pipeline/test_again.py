"""Reading again: when, and what may never be lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from firsthand.model.article import Article
from firsthand.model.errors import BadStatus, FirsthandError, NotAnArticle, RobotsRefused, TimedOut, Unreachable
from firsthand.model.feed import Fetched, Item, NotModified
from firsthand.model.records import PageDue, Reading
from firsthand.pipeline.again import next_reading, replaces
from firsthand.pipeline.decide import RETRIES, decide_reading
from firsthand.pipeline.settings import PipelineSettings

FIRST = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REREADS = PipelineSettings().rereads
URL = "https://herald.example/a"
TEXT = "The flood put 170 homes under water, the district said. " * 3 + "\n\nNobody was killed. The school is closed."
HELD = Article(url=URL, headline="Flood", text=TEXT)
PAGE = PageDue(
    article_id=3, url=URL, item=Item(id="a"), attempts=0, first_read=FIRST, etag='"1"', last_modified="yesterday"
)
ANSWER = Fetched(url=URL, status=200, body=b"", etag='"2"', last_modified="today")


def again(
    result: Article | NotModified | FirsthandError,
    after: timedelta = 15 * MINUTE,
    *,
    page: PageDue = PAGE,
    held: Article = HELD,
) -> Reading:
    fetched = ANSWER if isinstance(result, Article) else None
    return decide_reading(page, result, FIRST + after, held=held, fetched=fetched, rereads=REREADS)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (timedelta(0), 15 * MINUTE),
        (15 * MINUTE, HOUR),
        (20 * MINUTE, HOUR),
        (HOUR, 4 * HOUR),
        (5 * HOUR, DAY),  # nothing ran for a while: one reading, not three
        (DAY, 7 * DAY),
        (7 * DAY, None),
        (30 * DAY, None),
    ],
)
def test_the_schedule_follows_the_age_of_the_article(after: timedelta, due: timedelta | None) -> None:
    assert next_reading(FIRST, FIRST + after, REREADS) == (FIRST + due if due else None)


def test_the_first_reading_begins_the_schedule_and_keeps_the_validators() -> None:
    page = replace(PAGE, first_read=None, etag=None, last_modified=None)
    reading = decide_reading(page, HELD, FIRST, fetched=ANSWER, rereads=REREADS)
    assert (reading.article, reading.reread_at) == (HELD, FIRST + 15 * MINUTE)
    assert (reading.etag, reading.last_modified) == ('"2"', "today")


def test_what_only_the_feed_gives_is_not_asked_for_again() -> None:
    page = replace(PAGE, first_read=None, etag=None, last_modified=None)
    reading = decide_reading(page, HELD, FIRST, rereads=REREADS)
    assert (reading.reread_at, reading.etag) == (None, None)


def test_an_empty_schedule_reads_once() -> None:
    page = replace(PAGE, first_read=None)
    assert decide_reading(page, HELD, FIRST, fetched=ANSWER).reread_at is None


def test_304_changes_nothing_but_when_to_come_again() -> None:
    reading = again(NotModified(url=URL))
    assert (reading.stands, reading.article, reading.reread_at) == (True, None, FIRST + HOUR)
    assert (reading.etag, reading.last_modified) == ('"1"', "yesterday")


def test_a_changed_text_is_read_whole() -> None:
    reading = again(replace(HELD, text=TEXT.replace("170", "183")))
    assert reading.article is not None
    assert (reading.stands, reading.corrected, reading.reread_at, reading.etag) == (False, False, FIRST + HOUR, '"2"')


def test_a_changed_headline_is_a_change() -> None:
    assert again(replace(HELD, headline="Flood kills nobody")).article is not None


def test_the_same_words_with_other_spaces_stand_and_the_new_validators_are_kept() -> None:
    reading = again(replace(HELD, text=TEXT.replace(" ", "\n")))
    assert (reading.stands, reading.etag) == (True, '"2"')


def test_a_correction_note_is_noticed_once() -> None:
    note = "\n\nCorrection: An earlier version of this article said 170 homes."
    corrected = replace(HELD, text=TEXT.replace("170", "183") + note)
    assert again(corrected).corrected
    assert not again(replace(corrected, text=corrected.text + "\n\nMore rain is coming."), held=corrected).corrected


@pytest.mark.parametrize(
    "read",
    [
        replace(HELD, text=TEXT[:90], partial=True),
        replace(HELD, text=TEXT[:90]),  # a teaser that does not say so
        replace(HELD, text=TEXT[:90].rsplit(" ", 1)[0] + " …"),
    ],
)
def test_a_page_that_shows_only_a_part_now_leaves_the_whole(read: Article) -> None:
    reading = again(read)
    assert (reading.stands, reading.article) == (True, None)


def test_a_part_gives_way_to_the_whole_and_to_another_part() -> None:
    part = replace(HELD, text=TEXT[:90], partial=True)
    assert again(HELD, held=part).article is HELD
    longer = replace(HELD, text="Another beginning of the same article.", partial=True)
    assert again(longer, held=part).article is longer


def test_a_wall_that_was_taken_for_an_article_leaves_the_last_version() -> None:
    wall = Article(
        url=URL, headline="Before you go on", text="We and our 840 partners keep cookies. Choose what we may do."
    )
    assert again(wall).stands
    rewritten = replace(wall, headline="Flood: what we know", text="A new text on all that happened in the night.")
    assert again(rewritten).article is rewritten
    taken_back = replace(wall, headline="Retraction", text="Retraction: we could not confirm what stood on this page.")
    assert again(taken_back).article is taken_back


def test_scripts_without_spaces_are_read_as_well() -> None:
    held = replace(
        HELD,
        headline="洪水で百七十戸が浸水",
        text="ソルトゲートの洪水で百七十戸が浸水した。死者はいなかった。学校は閉まったままだ。" * 3,
    )
    edited = replace(held, headline="洪水で百八十三戸", text=held.text.replace("百七十", "百八十三"))
    assert again(edited, held=held).article is edited
    assert again(replace(held, text=held.text[:30]), held=held).stands
    assert again(
        replace(held, headline="続ける前に", text="クッキーを保存します。設定を選んでください。"), held=held
    ).stands


def test_a_page_that_is_not_free_but_shows_all_of_its_text_is_a_version() -> None:
    whole = replace(HELD, text=TEXT.replace("170", "183"), partial=True)
    assert again(whole).article is whole


def test_a_text_that_the_outlet_took_back_is_a_version() -> None:
    taken_back = replace(HELD, text="This report has been withdrawn because it could not be confirmed.")
    assert again(taken_back).article is taken_back


@pytest.mark.parametrize(
    "error",
    [
        NotAnArticle("The page asks for consent first."),
        BadStatus("u", 403, "No."),
        BadStatus("u", 402, "Pay."),
        RobotsRefused("u", "No robots."),
    ],
)
def test_a_wall_in_front_of_the_page_leaves_the_last_version(error: FirsthandError) -> None:
    reading = again(error)
    assert (reading.stands, reading.removed, reading.missing) == (True, None, None)
    assert (reading.reread_at, reading.etag) == (FIRST + HOUR, '"1"')


@pytest.mark.parametrize("error", [Unreachable("u", "Down."), TimedOut("u", "Slow."), BadStatus("u", 503, "Busy.")])
def test_a_passing_failure_is_tried_again_before_the_schedule_says(error: FirsthandError) -> None:
    reading = again(error, HOUR)
    assert (reading.reread_at, reading.attempts) == (FIRST + HOUR + RETRIES[0], 1)
    last = again(error, 7 * DAY, page=replace(PAGE, attempts=len(RETRIES)))
    assert (last.reread_at, last.stands) == (None, True)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_twice_is_removed(status: int) -> None:
    gone = BadStatus(URL, status, "Gone.")
    first = again(gone, HOUR)
    assert (first.missing, first.removed, first.reread_at) == (FIRST + HOUR, None, FIRST + HOUR + 15 * MINUTE)
    page = replace(PAGE, missing=first.missing)
    soon = again(gone, HOUR + 5 * MINUTE, page=page)
    assert (soon.removed, soon.reread_at) == (None, FIRST + HOUR + 15 * MINUTE)
    second = again(gone, HOUR + 15 * MINUTE, page=page)
    assert (second.stands, second.missing, second.removed) == (True, FIRST + HOUR, FIRST + HOUR + 15 * MINUTE)
    assert second.reread_at == FIRST + 4 * HOUR
    third = again(gone, 4 * HOUR, page=replace(page, removed=second.removed))
    assert (third.removed, third.reread_at) == (second.removed, FIRST + DAY)


def test_the_last_look_still_asks_twice() -> None:
    assert again(BadStatus(URL, 404, "Gone."), 7 * DAY).reread_at == FIRST + 7 * DAY + 15 * MINUTE


def test_a_page_that_comes_back_is_removed_no_longer() -> None:
    page = replace(PAGE, missing=FIRST + HOUR, removed=FIRST + 2 * HOUR)
    for result in (HELD, NotModified(url=URL), replace(HELD, text="Another text.")):
        reading = again(result, 4 * HOUR, page=page)
        assert (reading.missing, reading.removed) == (None, None)


def test_a_failure_says_nothing_of_whether_it_was_removed() -> None:
    page = replace(PAGE, missing=FIRST + HOUR, removed=FIRST + 2 * HOUR)
    assert again(TimedOut("u", "Slow."), 4 * HOUR, page=page).removed == FIRST + 2 * HOUR


def test_an_address_that_leads_to_another_article_now_counts_as_gone() -> None:
    other = Article(
        url="https://herald.example/live", headline="Live", text="Votes are counted in all districts tonight."
    )
    reading = again(other)
    assert (reading.stands, reading.missing, reading.keys) == (True, FIRST + 15 * MINUTE, ())


def test_an_article_that_moved_is_followed() -> None:
    moved = replace(HELD, url="https://herald.example/2026/a", text=TEXT.replace("170", "183"))
    reading = again(moved)
    assert reading.article is moved
    assert "https://herald.example/2026/a" in reading.keys


def test_a_feed_s_content_stands_for_a_page_only_where_it_is_as_long() -> None:
    assert replaces(replace(HELD, text=TEXT.replace("170", "183")), HELD)
    assert not replaces(HELD, HELD)
    assert not replaces(replace(HELD, text=TEXT.replace("170", "183")), replace(HELD, section=("World",)))
    assert not replaces(replace(HELD, text=TEXT[:100]), HELD)
