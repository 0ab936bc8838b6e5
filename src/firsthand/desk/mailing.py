"""Editions by mail: what a reader sets, what goes out, and what comes back.

The way of a letter: an edition is due → `prepare` composes it and keeps a letter with what it told, in one transaction →
`record` says that it is handed over → the mail server takes it → `record` says so. Whatever crashes between the two records
leaves a letter of which nobody knows: it is doubtful, and never repeated silently.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import structlog

from firsthand.desk import editions as rules
from firsthand.desk.addresses import MailAddresses
from firsthand.desk.composer import Composer, Picture
from firsthand.desk.composition import Composition
from firsthand.desk.query import parse_search
from firsthand.model.editions import (
    Address,
    Content,
    Edition,
    EditionPlan,
    Ending,
    Fate,
    Handed,
    Letter,
    LetterState,
    Mail,
    Rhythm,
    Schedule,
    Scope,
    Turn,
)
from firsthand.model.errors import AccessDenied, NotFound, StoreError, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.store import Store

log = structlog.get_logger(__name__)

MOST_EDITIONS: Final = 20
FIRST_LOOK: Final = timedelta(days=1)
"""How far back the first letter of a new edition reaches."""
BROKEN: Final = timedelta(hours=1)
"""When an edition that broke the program is tried again."""
LOST: Final = timedelta(minutes=30)
"""A handing over that takes longer than any server may take (RFC 5321 §4.5.3.2: 10 minutes for the end of the data) was
cut off."""
RETRIES: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30, 60, 120, 240, 480, 480, 480))
"""When a letter that was refused for now is tried again; then it has failed. RFC 5321 §4.5.4.1: for hours, not minutes."""
LETTERS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition with its latest letters, as the page lists it."""

    edition: Edition
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionsPage:
    """All that a reader set about mail."""

    ready: bool
    """Whether this installation can send mail."""
    addresses: tuple[Address, ...]
    editions: tuple[EditionView, ...]
    sections: tuple[tuple[str, str], ...]
    """Slug and label of the sections that an edition may be about."""
    outlets: tuple[tuple[int, str], ...]
    """Id and name of the outlets that the reader follows."""
    beats: tuple[tuple[str, str], ...]
    """Slug and name of the reader's beats."""


class Mailing:
    """Editions, letters and addresses. Thread-safe."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], addresses: MailAddresses, composer: Composer | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._addresses = addresses
        self._composer = composer

    @property
    def composer(self) -> Composer:
        """What makes text of letters. Raises UsageError where this program sends none."""
        if self._composer is None:
            raise UsageError("This program sends no mail.", "Use `firsthand serve`.")
        return self._composer

    # ── What a reader sets ───────────────────────────────────────────────────────────────────────────────────────────

    def page(self, reader: Reader) -> EditionsPage:
        """The page of editions."""
        held = self._store.editions.of(reader.id)
        letters = self._store.letters.of([one.id for one in held], LETTERS_SHOWN)
        return EditionsPage(
            ready=self._composer is not None and self._composer.ready,
            addresses=tuple(self._store.addresses.of(reader.id)),
            editions=tuple(EditionView(one, tuple(letters[one.id])) for one in held),
            sections=tuple(self._store.articles.sections(reader.id, 100)),
            outlets=tuple((one.id, one.name) for one in self._store.articles.outlets(reader.id)),
            beats=tuple((one.slug, one.name) for one in self._store.beats.of(reader.id)),
        )

    def edition(self, reader: Reader, edition_id: int) -> Edition:
        """One of a reader's editions. Raises NotFound."""
        return self._store.editions.get(edition_id, reader.id)

    def create(self, reader: Reader, plan: EditionPlan) -> Edition:
        """A new edition; its first letter reaches a day back. Raises UsageError."""
        if len(self._store.editions.of(reader.id)) >= MOST_EDITIONS:
            raise UsageError(f"You have {MOST_EDITIONS} editions already.", "Remove one first.")
        plan, now = self._checked(reader, plan), self._clock()
        due = rules.next_due(plan.schedule, now)
        return self._store.editions.add(reader.id, plan, told_upto=now - FIRST_LOOK, next_due=due, now=now)

    def change(self, reader: Reader, edition_id: int, plan: EditionPlan, *, active: bool = True) -> Edition:
        """Change an edition, or put it off. Raises NotFound, UsageError."""
        self.edition(reader, edition_id)
        plan = self._checked(reader, plan)
        self._store.editions.change(edition_id, plan, rules.next_due(plan.schedule, self._clock()) if active else None)
        return self.edition(reader, edition_id)

    def remove(self, reader: Reader, edition_id: int) -> None:
        """Remove an edition and its letters. Raises NotFound."""
        self.edition(reader, edition_id)
        self._store.editions.remove(edition_id)

    def settle(self, reader: Reader, letter_id: int, *, again: bool) -> None:
        """Send a doubtful or failed letter again, or take it as come. Raises NotFound, UsageError."""
        self._store.letters.settle(reader.id, letter_id, again=again, now=self._clock())

    def _checked(self, reader: Reader, plan: EditionPlan) -> EditionPlan:
        title = one_line(plan.title)[:80] or "Firsthand"
        schedule = plan.schedule
        rules.zone_of(schedule.zone)
        if not (0 <= schedule.minute < 1440 and 0 <= schedule.weekday < 7):
            raise UsageError("There is no such hour.", "Give the time as hours and minutes.")
        if not 2 <= plan.outlets <= 50:
            raise UsageError("A breaking story is carried by 2 to 50 outlets.", "Give another number.")
        if plan.address_id is not None:
            self._store.addresses.get(reader.id, plan.address_id)
        return replace(plan, title=title, scope_key=self._checked_scope(reader, plan.scope, one_line(plan.scope_key)))

    def _checked_scope(self, reader: Reader, scope: Scope, key: str) -> str:
        match scope:
            case Scope.ALL:
                return ""
            case Scope.SECTION if key not in dict(self._store.articles.sections(reader.id, 1000)):
                raise UsageError("There is no such section.", "Choose one from the list.")
            case Scope.OUTLET:
                try:
                    self._store.articles.outlet(int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0)
                except NotFound:
                    raise UsageError("There is no such outlet.", "Choose one from the list.") from None
            case Scope.BEAT:
                try:
                    self._store.beats.by_slug(reader.id, key)
                except NotFound:
                    raise UsageError("There is no such beat.", "Choose one from the list.") from None
            case Scope.SEARCH:
                if not key:
                    raise UsageError("There is nothing to search for.", "Type a search.")
                parse_search(key)
        return key[:500]

    # ── Unsubscribing ────────────────────────────────────────────────────────────────────────────────────────────────

    def unsubscribe_token(self, edition_id: int) -> str:
        """Stands in every letter, and stops its edition without signing in. Nothing of it is kept."""
        return f"{edition_id}-{self._sign(f'unsubscribe:{edition_id}')}"

    def unsubscribes(self, token: str) -> Edition:
        """The edition that this token stops. Raises AccessDenied."""
        number, _, signature = token.partition("-")
        known = number.isascii() and number.isdigit() and len(number) < 19
        if not known or not hmac.compare_digest(signature.encode(), self._sign(f"unsubscribe:{int(number)}").encode()):
            raise AccessDenied("This link is not valid.", "Open the one in the newest letter.")
        try:
            return self._store.editions.get(int(number))
        except NotFound:
            raise AccessDenied("This edition is gone already.", "Nothing more is sent.") from None

    def unsubscribe(self, token: str) -> Edition:
        """Put an edition off. Doing it twice is no error. Raises AccessDenied."""
        held = self.unsubscribes(token)
        self._store.editions.change(held.id, held.plan, None)
        return held

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:40]

    @cached_property
    def _key(self) -> bytes:
        return self._store.secret("mail")

    # ── Composing ────────────────────────────────────────────────────────────────────────────────────────────────────

    def preview(self, edition: Edition) -> Letter:
        """The letter that an edition would send now, however little there is to tell."""
        now = self._clock()
        content = Composition(self._store, [edition], now, everything=True).content(edition)
        return self._draft(edition, content, now)

    def look(self, letter: Letter, sheet: str | None = None, picture: Picture | None = None) -> Mail:
        """A letter as text; for the browser with the address of the style sheet, and of pictures."""
        token = self.unsubscribe_token(letter.edition_id)
        return self.composer.letter(letter, token, sheet=sheet, picture=picture)

    def letter(self, reader: Reader, letter_id: int) -> Letter:
        """One of a reader's letters. Raises NotFound."""
        return self._store.letters.get(reader.id, letter_id)

    def prepare(self, limit: int) -> int:
        """Compose editions that are due, and keep their letters; how many editions were looked at."""
        due = self._store.editions.due(self._clock(), limit)
        try:
            self._prepare(due)
        except StoreError:
            raise
        except Exception:  # one edition that breaks the program holds up no other
            log.exception("editions could not be composed together; each is composed alone", editions=len(due))
            for one in due:
                self._prepare_alone(one)
        return len(due)

    def _prepare_alone(self, edition: Edition) -> None:
        try:
            self._prepare([edition])
        except StoreError:
            raise
        except Exception:
            log.exception("an edition could not be composed", edition=edition.id)
            self._store.editions.put_off(edition.id, self._clock() + BROKEN)

    def send_now(self, edition: Edition) -> bool:
        """Compose one edition out of turn; whether there was anything to tell. Raises UsageError without an address."""
        if edition.address is None:
            raise UsageError(
                f"The edition “{edition.plan.title}” has no confirmed address.", "Choose one on the page of editions."
            )
        return self._prepare([edition], out_of_turn=True)

    def _prepare(self, editions: Sequence[Edition], *, out_of_turn: bool = False) -> bool:
        """Compose editions together, since most tell the same stories; whether a letter was kept."""
        now = self._clock()
        composition = Composition(self._store, editions, now)
        turns = [self._turn(one, composition.content(one), now, out_of_turn=out_of_turn) for one in editions]
        kept = self._store.editions.keep(turns, now) if turns else set()
        return any(one.letter is not None and one.edition.id in kept for one in turns)

    def _turn(self, edition: Edition, content: Content, now: datetime, *, out_of_turn: bool) -> Turn:
        schedule = edition.plan.schedule
        letter = None
        if content.entries:
            named = now.isoformat(timespec="seconds") if out_of_turn else rules.slot(schedule, edition.next_due or now)
            message_id = f"edition-{edition.id}-{secrets.token_hex(12)}@{self.composer.domain}"
            letter = (named, message_id, rules.subject(edition.plan, content))
        next_due = edition.next_due if out_of_turn else rules.next_due(schedule, now)
        if letter and schedule.rhythm is Rhythm.BREAKING and next_due is not None:
            next_due = max(next_due, now + rules.APART)
        return Turn(edition, content, letter, next_due)

    def _draft(self, edition: Edition, content: Content, now: datetime) -> Letter:
        return Letter(
            id=0,
            edition_id=edition.id,
            reader_id=edition.reader_id,
            address_id=edition.plan.address_id,
            title=edition.plan.title,
            zone=edition.plan.schedule.zone,
            images=edition.plan.images,
            slot="",
            address=edition.address or "",
            message_id="",
            subject=rules.subject(edition.plan, content),
            content=content,
            made=now,
            state=LetterState.DUE,
        )

    # ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def letters_due(self, limit: int, edition_id: int | None = None) -> list[Letter]:
        """Letters to hand over now."""
        return self._store.letters.due(self._clock(), limit, edition_id=edition_id)

    def record(self, begun: Sequence[Letter], ended: Sequence[tuple[Letter, Handed]]) -> set[int]:
        """Record in one transaction how attempts ended, and which letters are about to be handed over.

        Returns the ids of those that are ours to hand over: not those that another process has taken.
        """
        now = self._clock()
        endings = [outcome(letter, handed, now) for letter, handed in ended]
        mine = self._store.letters.record([one.id for one in begun], endings, now)
        for letter, handed in ended:
            if handed.fate is Fate.NO_SUCH_ADDRESS:
                self._addresses.came_back(letter.message_id, handed.says, hard=True)
        return mine

    def recover(self, *, starting: bool) -> int:
        """What was being handed over when the program ended is doubtful; how many letters.

        Args:
            starting: nothing is being handed over now, so all that says so is lost.
        """
        before = self._clock() + timedelta(seconds=1) if starting else self._clock() - LOST
        self._store.addresses.recover_questions(before)
        return self._store.letters.recover(before)

    def prune(self) -> None:
        """Forget what was sent long ago."""
        self._store.letters.prune(self._clock())


def outcome(letter: Letter, handed: Handed, now: datetime) -> Ending:
    """A letter's state after an attempt, the reason, and when it is due again. Pure."""
    says = one_line(handed.says)[:300] or None
    state, problem, due = LetterState.FAILED, says, now
    match handed.fate:
        case Fate.TAKEN:
            state, problem = LetterState.SENT, None
        case Fate.UNKNOWN:
            state, problem = LetterState.DOUBTFUL, says or "No answer came."
        case Fate.AGAIN if letter.attempts < len(RETRIES):
            state, due = LetterState.DUE, now + RETRIES[letter.attempts]
    return Ending(letter_id=letter.id, state=state, problem=problem, due=due)


def default_schedule(zone: str) -> Schedule:
    """What the form for a new edition shows first: daily at seven."""
    return Schedule(zone=zone or "UTC")
