"""When an edition is due, and what stands in it: pure rules, on clocks that change."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from firsthand.desk.editions import MOST, compose, excerpt, next_due, slot, subject
from firsthand.desk.mailing import RETRIES, outcome
from firsthand.model.article import Article
from firsthand.model.editions import (
    Content,
    Edited,
    EditionPlan,
    EntryKind,
    Fate,
    Found,
    Handed,
    Letter,
    LetterState,
    Quote,
    Rhythm,
    Schedule,
    Told,
    content_from_json,
    content_to_json,
)
from firsthand.model.stories import OriginMark, StoryHead

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PLAN = EditionPlan(title="Morning")


def head(number: int = 1, mark: OriginMark | None = None, *, first_seen: datetime = NOW, title: str = "") -> StoryHead:
    return StoryHead(
        id=number, title=title or f"Story {number}", lead="What happened.", outlet="Herald", article_id=number * 10,
        section="World", section_slug="world", image=None, first_seen=first_seen, last_seen=NOW, changed=NOW,
        articles=1, mark=mark or OriginMark(1, 1, 1),
    )  # fmt: skip


def found(*heads: StoryHead, told: dict[int, Told] | None = None, **more: object) -> Found:
    return Found(heads=heads, told=told or {}, said=more.pop("said", {}), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("zone", "after", "due"),
    [
        # Berlin, summer to winter on 25 October 2026: seven stays seven, an hour later in UTC.
        ("Europe/Berlin", "2026-10-24T06:00Z", "2026-10-25T06:00Z"),
        ("Europe/Berlin", "2026-10-23T06:00Z", "2026-10-24T05:00Z"),
        # New York, winter to summer on 14 March 2027.
        ("America/New_York", "2027-03-13T13:00Z", "2027-03-14T11:00Z"),
        ("America/New_York", "2027-03-12T13:00Z", "2027-03-13T12:00Z"),
        ("Asia/Kolkata", "2026-11-24T12:00Z", "2026-11-25T01:30Z"),
        ("Pacific/Kiritimati", "2026-11-24T12:00Z", "2026-11-24T17:00Z"),
        ("UTC", "2026-11-24T07:00Z", "2026-11-25T07:00Z"),  # strictly after
        ("UTC", "2026-11-24T06:59:59Z", "2026-11-24T07:00Z"),
    ],
)
def test_the_hour_is_the_wall_clock_s(zone: str, after: str, due: str) -> None:
    schedule = Schedule(minute=7 * 60, zone=zone)
    assert next_due(schedule, datetime.fromisoformat(after)) == datetime.fromisoformat(due)


def test_an_hour_that_does_not_exist_and_one_that_comes_twice() -> None:
    schedule = Schedule(minute=2 * 60 + 30, zone="Europe/Berlin")
    spring = next_due(schedule, datetime(2027, 3, 27, 12, tzinfo=UTC))
    assert spring == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 03:30 on the clock
    autumn = next_due(schedule, datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first 02:30
    assert next_due(schedule, autumn) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)  # not again an hour later


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
@pytest.mark.parametrize("minute", [0, 90, 150, 420, 1439])
def test_every_day_of_years_has_exactly_one(zone: str, minute: int) -> None:
    schedule, at = Schedule(minute=minute, zone=zone), datetime(2025, 12, 31, 20, tzinfo=UTC)
    slots = []
    for _ in range(800):
        at = next_due(schedule, at)
        slots.append(slot(schedule, at))
    days = [one[:10] for one in slots]
    assert len(set(days)) == len(days)
    gaps = {(datetime.fromisoformat(b) - datetime.fromisoformat(a)).days for a, b in itertools.pairwise(days)}
    assert gaps == {1}


def test_a_weekly_one_comes_on_its_day() -> None:
    schedule = Schedule(rhythm=Rhythm.WEEKLY, weekday=6, minute=9 * 60, zone="Asia/Tokyo")
    due = next_due(schedule, NOW)
    assert slot(schedule, due) == "2026-11-29T09:00+09:00"
    assert next_due(schedule, due) - due == timedelta(days=7)


def test_nothing_is_told_twice() -> None:
    told = {1: Told(10, 1, OriginMark(3, 1, 1), NOW)}
    assert compose(PLAN, found(head(1, OriginMark(4, 1, 2)), told=told), NOW, NOW).entries == ()
    (one,) = compose(PLAN, found(head(1, OriginMark(4, 2, 2)), told=told), NOW, NOW).entries
    assert (one.kind, one.note) == (EntryKind.MORE, "A new independent origin.")
    (one,) = compose(PLAN, found(head(1, OriginMark(9, 1, 1)), told=told), NOW, NOW).entries
    assert one.note == "Now 9 outlets carry it; it was 3."
    said = {1: [Quote("Mara Lindqvist", "The wall was checked every day.")]}
    (one,) = compose(PLAN, found(head(1, OriginMark(3, 1, 1)), told=told, said=said), NOW, NOW).entries
    assert (one.kind, one.said) == (EntryKind.SAID, (Quote("Mara Lindqvist", "The wall was checked every day."),))


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (
            Article(headline="A", text="It was Monday."),
            Article(headline="A", text="It was Tuesday.\n\nCorrection: This article misstated the day."),
            "Correction: This article misstated the day.",
        ),
        (Article(headline="Port knew", text="x"), Article(headline="Port denies", text="x"), "The headline was: Port knew"),
        (Article(headline="A", summary="One dead", text="x"), Article(headline="A", summary="Two dead", text="x"),
         "The standfirst was: One dead"),
        (Article(headline="A", text="A comma here"), Article(headline="A", text="A comma, here"), None),
    ],
)  # fmt: skip
def test_what_an_outlet_corrects_is_told_and_what_it_polishes_is_not(
    before: Article, after: Article, note: str
) -> None:
    edited = Edited(article_id=10, story_id=1, outlet="Herald", before=before, after=after, version=2, seen=NOW)
    entries = compose(PLAN, found(edited=[edited]), NOW, NOW).entries
    assert [one.note for one in entries] == ([note] if note else [])


def test_what_breaks() -> None:
    plan = EditionPlan(title="Breaking", schedule=Schedule(rhythm=Rhythm.BREAKING), outlets=4)
    stories = (
        head(1, OriginMark(4, 1, 2)),
        head(2, OriginMark(3, 2, 2)),
        head(3, OriginMark(9, 1, 1), first_seen=NOW - timedelta(hours=7)),
    )
    assert [one.story_id for one in compose(plan, found(*stories), NOW, NOW).entries] == [1]
    assert len(compose(plan, found(*stories), NOW, NOW, everything=True).entries) == 3


def test_a_long_list_ends_and_says_so() -> None:
    content = compose(PLAN, found(*(head(number) for number in range(1, MOST + 6))), NOW, NOW)
    assert (len(content.entries), content.left_out) == (MOST, 5)
    assert subject(PLAN, content) == f"Morning: Story 1, and {MOST - 1} more"
    assert content_from_json(content_to_json(content)) == content


def test_a_subject_and_an_excerpt_are_short_and_end_at_a_word() -> None:
    content = compose(PLAN, found(head(title="word " * 100)), NOW, NOW)
    assert len(subject(PLAN, content)) < 140
    assert excerpt("one  two\nthree", 8) == "one two…"
    assert excerpt("x" * 300) == "x" * 240 + "…"


def test_what_became_of_an_attempt() -> None:
    def state(fate: Fate, attempts: int = 1) -> tuple[LetterState, datetime]:
        letter = Letter(
            id=1, edition_id=1, reader_id=1, address_id=1, title="", zone="UTC", images=False, slot="", address="",
            message_id="", subject="", content=Content(since=NOW, upto=NOW), made=NOW, state=LetterState.DUE,
            attempts=attempts,
        )  # fmt: skip
        became = outcome(letter, Handed(fate, "450 later"), NOW)
        return became.state, became.due

    assert state(Fate.TAKEN)[0] is LetterState.SENT
    assert state(Fate.UNKNOWN)[0] is LetterState.DOUBTFUL
    assert state(Fate.REFUSED)[0] is state(Fate.NO_SUCH_ADDRESS)[0] is LetterState.FAILED
    assert state(Fate.AGAIN, 0) == (LetterState.DUE, NOW + RETRIES[0])
    assert state(Fate.AGAIN, len(RETRIES))[0] is LetterState.FAILED
