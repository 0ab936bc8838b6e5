"""When an edition is due, and what stands in it. Pure: what was found and the time are arguments."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firsthand.extract.corrections import find_corrections
from firsthand.model.editions import (
    Content,
    Edited,
    EditionPlan,
    Entry,
    EntryKind,
    Found,
    Quote,
    Rhythm,
    Schedule,
    Told,
)
from firsthand.model.errors import UsageError
from firsthand.model.stories import OriginMark, StoryHead

LOOK: Final = timedelta(minutes=5)
"""How often an edition of breaking stories looks for some."""
APART: Final = timedelta(hours=1)
"""Letters of breaking stories come no closer than this."""
FRESH: Final = timedelta(hours=6)
"""A story that was first seen longer ago than this does not break any more."""
MOST: Final = 30
"""Stories of one edition; what does not fit is counted."""
MOST_CORRECTIONS: Final = 5
MOST_SAID: Final = 2
"""Statements beside one story."""
GROWN: Final = 3
"""Times as many outlets as before, from which on a story that was told is told again."""
LEAD: Final = 240
"""Characters of a lead. An excerpt, whatever an outlet's terms say of the whole."""
WORDS: Final = 200
"""Characters of a statement."""


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises UsageError."""
    try:
        if not name or len(name) > 60:
            raise ValueError(name)
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"There is no time zone “{name[:60]}”.", "Write it as Continent/City.") from None


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """When an edition comes next, strictly after an instant; aware UTC.

    The hour is the wall clock's: it stays at seven when the clocks change. An hour that the spring change leaps over is
    taken as long after midnight as the clock would have shown it (02:30 comes at 03:30); of an hour that autumn brings
    twice, the first is meant (PEP 495, fold 0 in both cases).
    """
    if schedule.rhythm is Rhythm.BREAKING:
        return after.astimezone(UTC) + LOOK
    zone = zone_of(schedule.zone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    clock = time(schedule.minute // 60, schedule.minute % 60)
    while True:
        if schedule.rhythm is Rhythm.DAILY or day.weekday() == schedule.weekday:
            due = datetime.combine(day, clock, zone).astimezone(UTC)
            if due > after:
                return due
        day += timedelta(days=1)


def slot(schedule: Schedule, due: datetime) -> str:
    """What names the turn of an edition that was due: the date and time on the reader's clock."""
    return due.astimezone(zone_of(schedule.zone)).isoformat(timespec="minutes")


def compose(plan: EditionPlan, found: Found, since: datetime, upto: datetime, *, everything: bool = False) -> Content:
    """What an edition says: new stories, what is new about those it told, corrections; nothing twice.

    Args:
        everything: for a look ahead, also what an edition of breaking stories would hold back.
    """
    breaking = plan.schedule.rhythm is Rhythm.BREAKING
    entries: list[Entry] = []
    for head in found.heads:
        before = found.told.get(head.id)
        if breaking and not everything and not _breaks(plan, head, before, upto):
            continue
        entry = _entry(head, before, found)
        if entry is not None:
            entries.append(entry)
    corrections = [] if breaking else [one for one in map(_correction, found.edited) if one is not None]
    shown = entries[:MOST]
    return Content(
        since=since,
        upto=upto,
        entries=(*shown, *corrections[:MOST_CORRECTIONS]),
        left_out=len(entries) - len(shown),
    )


def subject(plan: EditionPlan, content: Content) -> str:
    """The subject line: the title, and the first headline, so that no two look alike."""
    if not content.entries:
        return plan.title
    first = content.entries[0].title
    more = len(content.entries) - 1
    rest = f", and {more} more" if more else ""
    return f"{plan.title}: {_shortened(first, 110)}{rest}"


def excerpt(text: str, most: int = LEAD) -> str:
    """The beginning of a text, cut at a word."""
    return _shortened(" ".join(text.split()), most)


def _breaks(plan: EditionPlan, head: StoryHead, before: Told | None, now: datetime) -> bool:
    return before is None and head.mark.outlets >= plan.outlets and now - head.first_seen <= FRESH


def _entry(head: StoryHead, before: Told | None, found: Found) -> Entry | None:
    said = tuple(_quote(one) for one in found.said.get(head.id, ())[:MOST_SAID])
    if before is None:
        kind, note = EntryKind.NEW, ""
    elif (note := _news(before.mark, head.mark)) != "":
        kind = EntryKind.MORE
    elif said:
        kind, note = EntryKind.SAID, "New statements."
    else:
        return None
    return Entry(
        kind=kind,
        story_id=head.id,
        article_id=head.article_id,
        title=head.title,
        outlet=head.outlet,
        lead=excerpt(head.lead),
        section=head.section or "",
        at=head.first_seen,
        image=head.image,
        mark=head.mark,
        was=before.mark if before else None,
        said=said,
        note=note,
    )


def _news(before: OriginMark, now: OriginMark) -> str:
    """What is new between two marks of a story, or ""."""
    if now.at_least > before.at_least:
        number = now.at_least - before.at_least
        return "A new independent origin." if number == 1 else f"{number} new independent origins."
    if now.outlets >= max(GROWN, GROWN * before.outlets):
        return f"Now {now.outlets} outlets carry it; it was {before.outlets}."
    return ""


def _correction(edited: Edited) -> Entry | None:
    """An edit that a reader of the old text must know of: a note of correction, another headline, another standfirst."""
    before, after = edited.before, edited.after
    known = set(_notes(before.text))
    notes = [one for one in _notes(after.text) if one not in known]
    if notes:
        note = excerpt(notes[0])
    elif before.headline and after.headline and before.headline != after.headline:
        note = f"The headline was: {excerpt(before.headline)}"
    elif before.summary and after.summary and before.summary != after.summary:
        note = f"The standfirst was: {excerpt(before.summary)}"
    else:
        return None
    return Entry(
        kind=EntryKind.CORRECTION,
        story_id=edited.story_id,
        article_id=edited.article_id,
        version=edited.version,
        title=after.headline or before.headline or "",
        outlet=edited.outlet,
        at=edited.seen,
        note=note,
    )


def _notes(text: str) -> list[str]:
    """An article's notes of correction, in its own words."""
    return [" ".join(text[one.span.start : one.span.end].split()) for one in find_corrections(text)]


def _quote(one: Quote) -> Quote:
    return Quote(one.speaker, excerpt(one.words, WORDS), one.quoted)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    cut = text[:most]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > most // 2 else cut).rstrip(" ,;:–-") + "…"
