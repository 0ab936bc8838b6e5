"""Beats: a reader saves a search, a person, an outlet, a place or a story, and is told what happens there.

How articles come into a beat, and what is worth an alert, is in `watching`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from firsthand.desk.pages import BeatBox, Listing, Shell
from firsthand.desk.query import parse_search
from firsthand.model.beats import ALL_ALERTS, LONGEST_NAME, Alert, AlertKind, Beat, BeatKind, slug_of
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.people import name_key
from firsthand.model.records import Cursor, Headline, Reader
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.store import Store

PAGE: Final = 30
MAX_BEATS: Final = 500
"""Beats of one reader."""
FILLED: Final = 200
"""Articles that were there before and that a new beat takes in."""
IN_BOX: Final = 4
"""Headlines in the box of a special beat."""
ALERTS: Final = 20
_LONGEST_KEY: Final = 500
_LONGEST_ID: Final = 18


@dataclass(frozen=True, slots=True)
class BeatLine:
    """A beat in a list, with how many of its alerts have not been seen."""

    beat: Beat
    unseen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatsPage:
    shell: Shell
    running: tuple[BeatLine, ...]
    coming: tuple[BeatLine, ...]
    ended: tuple[BeatLine, ...]
    """The archive: what has ended, with all its articles."""
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatPage:
    shell: Shell
    beat: Beat
    about: str
    """What is watched, in words."""
    source: str | None
    """The page of what is watched; None for a place."""
    listing: Listing
    alerts: tuple[Alert, ...]
    state: str
    """running, coming, ended"""


class Beats:
    """What a reader watches."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def add(
        self,
        reader: Reader,
        kind: BeatKind,
        key: str,
        *,
        name: str = "",
        starts: datetime | None = None,
        ends: datetime | None = None,
        alerts: Iterable[AlertKind] = ALL_ALERTS,
    ) -> Beat:
        """Watch something. What is held of it already comes in silently; what comes from now on brings alerts.

        What is watched already, and is to have no other name or times, is not watched twice.

        Args:
            key: the words of a search, the id of a person, outlet or story, the name of a place.
            name: "" for what is watched.
            starts, ends: of an event that begins and ends, as an election.

        Raises:
            NotFound: there is no such person, outlet or story.
            UsageError: the search cannot be understood, the times are the wrong way round, or there are too many beats.
        """
        key = " ".join(key.split())
        if not key or len(key) > _LONGEST_KEY:
            raise UsageError("There is nothing to watch.", "Say what: a search, a person, an outlet, a place, a story.")
        held = self.watched(reader, kind, key)
        if held is not None and not (name or starts or ends):
            return held  # pressed twice
        if len(self._store.beats.of(reader.id)) >= MAX_BEATS:
            raise UsageError(f"There are {MAX_BEATS} beats already.", "Remove those that are over.")
        own = self._name_of(kind, key)
        name = _named(name or own)
        _check_times(starts, ends)
        now = self._clock()
        beat = self._store.beats.add(
            reader.id, name, slug_of(name), kind, key, starts=starts, ends=ends, alerts=alerts, now=now
        )
        self._store.watching.cursor()  # from here on the watcher looks at what changes
        self._store.beats.fill(beat.id, [one for one in self._held(reader, beat) if beat.spans(one.sort_at)])
        return beat

    def change(
        self,
        reader: Reader,
        slug: str,
        *,
        name: str,
        starts: datetime | None,
        ends: datetime | None,
        alerts: Iterable[AlertKind],
    ) -> Beat:
        """Change a beat; its address stays. Raises NotFound, UsageError."""
        beat = self.get(reader, slug)
        _check_times(starts, ends)
        name = _named(name or beat.name)
        self._store.beats.change(reader.id, beat.id, name=name, starts=starts, ends=ends, alerts=alerts)
        changed = self.get(reader, slug)
        self._store.beats.fill(beat.id, [one for one in self._held(reader, changed) if changed.spans(one.sort_at)])
        return changed

    def remove(self, reader: Reader, slug: str) -> Beat:
        """Stop watching; the articles stay where they are. Raises NotFound."""
        beat = self.get(reader, slug)
        self._store.beats.remove(reader.id, beat.id)
        return beat

    def get(self, reader: Reader, slug: str) -> Beat:
        """A reader's beat by its address. Raises NotFound."""
        return self._store.beats.by_slug(reader.id, slug)

    def lines(self, reader: Reader) -> list[BeatLine]:
        """A reader's beats, by name."""
        unseen = self._store.beats.unseen(reader.id)
        return [BeatLine(one, unseen.get(one.id, 0)) for one in self._store.beats.of(reader.id)]

    def unseen(self, reader: Reader) -> int:
        """How many alerts the reader has not seen; stops at 100."""
        return sum(self._store.beats.unseen(reader.id).values())

    def alerts(self, reader: Reader, *, before: int | None = None, limit: int = ALERTS) -> list[Alert]:
        """A reader's alerts, the newest first."""
        return self._store.beats.alerts(reader.id, before=before, limit=limit)

    def alerts_after(self, alert_id: int, limit: int = 1000) -> list[Alert]:
        """Alerts of all readers after this one, oldest first: for those who deliver them."""
        return self._store.beats.alerts_after(alert_id, limit)

    def watched(self, reader: Reader, kind: BeatKind, key: str) -> Beat | None:
        """The beat that watches this, where the reader has one."""
        return next((one for one in self._store.beats.of(reader.id) if (one.kind, one.key) == (kind, key)), None)

    # ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def page(self, reader: Reader, shell: Shell) -> BeatsPage:
        """All beats, and what has happened on them."""
        now = self._clock()
        states: dict[str, list[BeatLine]] = {"running": [], "coming": [], "ended": []}
        for line in self.lines(reader):
            states[state_of(line.beat, now)].append(line)
        return BeatsPage(
            shell=shell,
            running=tuple(states["running"]),
            coming=tuple(states["coming"]),
            ended=tuple(states["ended"]),
            alerts=tuple(self.alerts(reader)),
        )

    def beat(
        self, reader: Reader, slug: str, shell: Shell, *, before: Cursor | None = None, opened: bool = True
    ) -> BeatPage:
        """One beat with its articles. Opening it says that its alerts have been seen. Raises NotFound."""
        beat = self.get(reader, slug)
        rows = self._store.beats.articles(beat.id, reader.id, before=before, limit=PAGE + 1)
        alerts = self._store.beats.alerts(reader.id, beat_id=beat.id, limit=ALERTS) if before is None else []
        if opened and alerts and not alerts[0].seen:
            self._store.beats.see(beat.id, alerts[0].id)
            shell = replace(shell, alerts=self.unseen(reader))
        about, source = self._about(beat)
        return BeatPage(
            shell=shell,
            beat=beat,
            about=about,
            source=source,
            listing=Listing(tuple(rows[:PAGE]), rows[PAGE - 1].cursor if len(rows) > PAGE else None),
            alerts=tuple(alerts),
            state=state_of(beat, self._clock()),
        )

    # ── What is watched ──────────────────────────────────────────────────────────────────────────────────────────────

    def _name_of(self, kind: BeatKind, key: str) -> str:
        """What is watched is called so. Raises NotFound, UsageError."""
        if kind.is_numbered and not (key.isascii() and key.isdigit() and len(key) <= _LONGEST_ID):
            raise NotFound(f"There is no {kind.value} {key[:40]}.", "Open its page and press Watch there.")
        match kind:
            case BeatKind.SEARCH:
                parse_search(key)
                return key
            case BeatKind.PERSON:
                return self._store.findings.person(int(key)).name
            case BeatKind.OUTLET:
                return self._store.articles.outlet(int(key)).name
            case BeatKind.STORY:
                return self._store.stories.get(int(key)).title or f"Story {key}"
            case BeatKind.PLACE:
                if not name_key(key):
                    raise UsageError("A place has a name.", "Write it as the news does: Paris, Lviv, Cape Town.")
                return key

    def _about(self, beat: Beat) -> tuple[str, str | None]:
        """What is watched, in words, and the page where it stands."""
        if beat.kind is BeatKind.SEARCH:
            from urllib.parse import urlencode

            return f"the search {beat.key}", "/search?" + urlencode({"q": beat.key})
        if beat.kind is BeatKind.PLACE:
            return f"the place {beat.key}", None
        try:
            name = self._name_of(beat.kind, beat.key)
        except NotFound:
            return f"a {beat.kind.value} that is no longer held", None
        paths = {BeatKind.PERSON: "people", BeatKind.OUTLET: "outlets", BeatKind.STORY: "stories"}
        says = {BeatKind.PERSON: f"what {name} says", BeatKind.OUTLET: f"what {name} publishes"}
        return says.get(beat.kind, f"the story {name}"), f"/{paths[beat.kind]}/{beat.key}"

    def _held(self, reader: Reader, beat: Beat) -> list[Headline]:
        """What is held already of what is watched, the newest."""
        store = self._store
        match beat.kind:
            case BeatKind.SEARCH:
                return store.articles.search(reader.id, parse_search(beat.key), before=None, limit=FILLED)
            case BeatKind.OUTLET:
                return store.articles.by_outlet(reader.id, int(beat.key), before=None, limit=FILLED)
            case BeatKind.PERSON:
                said = store.findings.said_by(int(beat.key), None, FILLED)
                return store.articles.listed(reader.id, list({one.article_id for one in said}))
            case BeatKind.STORY:
                story = store.stories.get(int(beat.key))
                return store.articles.listed(reader.id, list(store.stories.reasons(story.id))[-FILLED:])
            case BeatKind.PLACE:
                words = " ".join(beat.key.replace('"', " ").split())
                rows = store.articles.search(reader.id, parse_search(f'"{words}"'), before=None, limit=FILLED)
                facts = store.watching.facts([one.id for one in rows], words=False)
                there = {one.id for one in facts if name_key(beat.key) in one.places}
                return [one for one in rows if one.id in there]


def state_of(beat: Beat, now: datetime) -> str:
    """running, coming or ended."""
    if beat.starts is not None and now < beat.starts:
        return "coming"
    return "ended" if beat.ends is not None and now >= beat.ends else "running"


def boxes_of(store: Store, reader: Reader, now: datetime) -> tuple[BeatBox, ...]:
    """The boxes of the special beats that run now."""
    special = [one for one in store.beats.of(reader.id) if one.is_special and one.spans(now)]
    return tuple(
        BeatBox(one, tuple(store.beats.articles(one.id, reader.id, before=None, limit=IN_BOX))) for one in special
    )


def first_day(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The beginning of a day, `2026-11-03`, in a reader's zone; None for "". Raises UsageError."""
    day = _day(text)
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None


def last_day(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The end of a day: the beginning of the next one. None for "". Raises UsageError."""
    day = _day(text)
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC) if day else None


def _day(text: str) -> date | None:
    text = one_line(text)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1900 <= day.year <= 9000:
        raise UsageError(f"“{text[:40]}” is not a day.", "Write it as 2026-11-03.")
    return day


def _named(name: str) -> str:
    name = one_line(name)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _check_times(starts: datetime | None, ends: datetime | None) -> None:
    if starts is not None and ends is not None and ends <= starts:
        raise UsageError("The beat would end before it begins.", "Give a later end.")
