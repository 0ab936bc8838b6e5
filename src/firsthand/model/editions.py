"""Editions: a digest for one reader at their hour; the letters that carry them, and the addresses these go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from firsthand.model.article import Article
from firsthand.model.stories import OriginMark, StoryHead


class Rhythm(Enum):
    """When an edition comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    BREAKING = "breaking"
    """When a story is carried by many outlets within hours of its first report; at most once an hour."""


class Scope(Enum):
    """What an edition is about; all but the first name one by its key."""

    ALL = "all"
    """Everything that the reader follows."""
    SECTION = "section"
    OUTLET = "outlet"
    SEARCH = "search"
    """What a search finds, of all that is held."""
    BEAT = "beat"
    """What a beat of the reader's holds."""


class LetterState(Enum):
    """How far a letter has come."""

    DUE = "due"
    SENDING = "sending"
    """Recorded before it is handed over. Found so after a crash, nobody knows whether it was: it becomes doubtful."""
    SENT = "sent"
    """The mail server has taken it."""
    DOUBTFUL = "doubtful"
    """It may have been taken. Never repeated silently: a reader says whether it came."""
    FAILED = "failed"
    """Refused for good, or tried for too long."""
    DROPPED = "dropped"
    """Not sent: the edition was put off, or the address taken away, before its turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mail address of a reader. Only a confirmed one gets letters, beside the question whether it wants any."""

    id: int
    reader_id: int
    address: str
    confirmed: datetime | None = None
    asked_at: datetime | None = None
    """When it was last asked to confirm."""
    asked: int = 0
    """How often."""
    question: str = ""
    """How the last question went: "", wanted, sending, sent, failed."""
    problem: str | None = None
    """Why the question could not be sent, or a letter came back, in words."""
    bounces: int = 0
    """Letters that came back for good since it was confirmed."""
    stopped: datetime | None = None
    """From when on it gets no letters, because they came back."""

    @property
    def usable(self) -> bool:
        return self.confirmed is not None and self.stopped is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an edition comes, on the reader's clock."""

    rhythm: Rhythm = Rhythm.DAILY
    minute: int = 7 * 60
    """Minutes after midnight, 0 to 1439."""
    weekday: int = 0
    """For a weekly one; Monday is 0."""
    zone: str = "UTC"
    """IANA name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPlan:
    """What a reader sets: the title, when it comes, what it is about."""

    title: str
    schedule: Schedule = field(default_factory=Schedule)
    scope: Scope = Scope.ALL
    scope_key: str = ""
    """The section's or beat's slug, the outlet's id, or the search; "" for everything."""
    outlets: int = 3
    """For breaking ones: as many outlets carry the story."""
    images: bool = False
    """Whether pictures are shown; a mail program then fetches them, and this server sees that it was opened."""
    address_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition as it is kept."""

    id: int
    reader_id: int
    plan: EditionPlan
    created: datetime
    told_upto: datetime
    """What came later is news."""
    next_due: datetime | None
    """None while it is put off."""
    address: str | None = None
    """Where it goes, if a usable address is chosen."""


class EntryKind(Enum):
    """Why something stands in an edition."""

    NEW = "new"
    """A story that this edition has not told."""
    MORE = "more"
    """A story that it told, with another independent origin, or with many more outlets."""
    SAID = "said"
    """A story that it told, with new statements."""
    CORRECTION = "correction"
    """An article that it told, which its outlet has changed since."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement: who, and what in the article's own words; `quoted` where these stand in quotation marks."""

    speaker: str
    words: str
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What an edition said of a story before."""

    article_id: int
    version: int
    mark: OriginMark
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An article that was told, as it stood then and as it stands now."""

    article_id: int
    story_id: int
    outlet: str
    before: Article
    after: Article
    version: int
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that an edition is made from."""

    heads: Sequence[StoryHead]
    """Stories that changed since the last edition, the highest first."""
    told: Mapping[int, Told]
    """What was said of these before, by story."""
    said: Mapping[int, Sequence[Quote]]
    """New statements, by story."""
    edited: Sequence[Edited] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that an edition tells."""

    kind: EntryKind
    story_id: int
    article_id: int
    version: int = 0
    """Of a correction: the version that holds it; 0: the newest when it was told."""
    title: str
    outlet: str
    lead: str = ""
    section: str = ""
    at: datetime
    """First seen; of a correction, when it was seen."""
    image: str | None = None
    mark: OriginMark | None = None
    was: OriginMark | None = None
    """The mark as it was told before."""
    said: tuple[Quote, ...] = ()
    note: str = ""
    """What is new about it, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one letter says, in order."""

    since: datetime
    upto: datetime
    entries: tuple[Entry, ...] = ()
    left_out: int = 0
    """Further stories that found no room."""

    def of(self, *kinds: EntryKind) -> tuple[Entry, ...]:
        """The entries of these kinds."""
        return tuple(one for one in self.entries if one.kind in kinds)

    @property
    def sections(self) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        """New stories by section, in the order in which sections first appear; those without one last."""
        new = self.of(EntryKind.NEW)
        names = list(dict.fromkeys(one.section for one in new if one.section))
        if any(not one.section for one in new):
            names.append("")
        return tuple((name, tuple(one for one in new if one.section == name)) for name in names)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of an edition, to be kept."""

    edition: Edition
    content: Content
    letter: tuple[str, str, str] | None
    """Slot, Message-ID and subject; None where there is nothing to tell."""
    next_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One edition at one time, as it goes out."""

    id: int
    edition_id: int
    reader_id: int
    address_id: int | None
    title: str
    zone: str
    images: bool
    slot: str
    address: str
    message_id: str
    """Without angle brackets; the same however often it is tried."""
    subject: str
    content: Content
    made: datetime
    state: LetterState
    attempts: int = 0
    started: datetime | None = None
    ended: datetime | None = None
    problem: str | None = None
    bounce: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter or a question as text, ready to be put into MIME parts."""

    subject: str
    html: str
    text: str


class Fate(Enum):
    """How handing a mail to the server ended."""

    TAKEN = "taken"
    AGAIN = "again"
    """Refused for now, surely not taken."""
    REFUSED = "refused"
    """Refused for good."""
    NO_SUCH_ADDRESS = "no such address"
    """Refused for good because of the recipient."""
    UNKNOWN = "unknown"
    """The content was sent and no answer came."""


@dataclass(frozen=True, slots=True)
class Handed:
    """The end of one attempt to hand a mail over; `says` is the server's reason, or ours."""

    fate: Fate
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an attempt ended, as it is kept."""

    letter_id: int
    state: LetterState
    problem: str | None
    due: datetime
    """When it is tried again, where it is."""


_PLAIN = ("story_id", "article_id", "version", "title", "outlet", "lead", "section", "image", "note")


def content_to_json(content: Content) -> dict[str, Any]:
    """A letter's content for the database."""
    return {
        "since": content.since.isoformat(),
        "upto": content.upto.isoformat(),
        "left_out": content.left_out,
        "entries": [_entry_to_json(one) for one in content.entries],
    }


def content_from_json(value: dict[str, Any]) -> Content:
    """The inverse of `content_to_json`."""
    return Content(
        since=datetime.fromisoformat(value["since"]),
        upto=datetime.fromisoformat(value["upto"]),
        left_out=value["left_out"],
        entries=tuple(_entry_from_json(one) for one in value["entries"]),
    )


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    value = {name: part for name in _PLAIN if (part := getattr(entry, name)) not in (None, "")}
    value |= {"kind": entry.kind.value, "at": entry.at.isoformat()}
    for name, mark in (("mark", entry.mark), ("was", entry.was)):
        if mark is not None:
            value[name] = [mark.outlets, mark.at_least, mark.at_most]
    if entry.said:
        value["said"] = [[one.speaker, one.words, one.quoted] for one in entry.said]
    return value


def _entry_from_json(value: dict[str, Any]) -> Entry:
    marks: dict[str, Any] = {name: OriginMark(*value[name]) for name in ("mark", "was") if name in value}
    said = tuple(Quote(*one) for one in value.get("said", ()))
    rest = {name: part for name, part in value.items() if name not in {"kind", "at", "said", "mark", "was"}}
    texts = {"title": "", "outlet": ""} | rest
    kind, at = EntryKind(value["kind"]), datetime.fromisoformat(value["at"])
    return Entry(kind=kind, at=at, said=said, **marks, **texts)
