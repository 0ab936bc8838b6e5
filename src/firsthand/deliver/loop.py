"""Delivery, beside ingestion: editions that are due become letters, letters are handed over, addresses are asked.

A mail server that is away costs nothing but time: as long as there is no connection, nothing is recorded as handed over.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from firsthand.deliver.compose import LetterComposer
from firsthand.deliver.ledger import Ledger
from firsthand.deliver.mail import Mailer, MailServerAway
from firsthand.deliver.mime import as_bytes
from firsthand.deliver.settings import MailSettings
from firsthand.desk import Desk
from firsthand.model.editions import Address, Fate, Handed, Letter
from firsthand.model.errors import StoreError

log = structlog.get_logger(__name__)

IDLE: Final = 2.0
"""Seconds between looks for what is due while nothing is."""
TROUBLE: Final = 30.0
"""Seconds to wait when the mail server or the database does not answer."""
HOURLY: Final = 3600.0
BATCH: Final = 50
GRACE: Final = 15.0
"""Seconds that a handing over gets to end when the program does."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter that is due, as bytes; None where it cannot be put into words."""

    letter: Letter
    message: bytes | None


class Delivery:
    """Sends what is due, until told to stop."""

    def __init__(
        self, desk: Desk, composer: LetterComposer, settings: MailSettings, clock: Callable[[], datetime]
    ) -> None:
        self._mailing = desk.mailing
        self._addresses = desk.addresses
        self._composer = composer
        self._settings = settings
        self._clock = clock
        self._ledger = Ledger(self._mailing.record)
        self._waiting: deque[Written] = deque()
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Work for ever. Cancel the task to stop: a handing over that is under way ends first."""
        await self._patiently(self._recover)
        senders = [self._keep_sending() for _ in range(max(1, self._settings.connections))]
        await asyncio.gather(self._keep(self._prepare_some), self._keep(self._ask_some), self._keep_house(), *senders)

    async def run_once(self, edition_id: int | None = None) -> dict[Fate, int]:
        """Hand over every letter that is due now, and say how that went.

        Args:
            edition_id: only this edition's letters.

        Raises:
            MailServerAway: the server cannot be reached; letters stay due.
        """
        fates: dict[Fate, int] = {}

        async def work() -> None:
            mailer = Mailer(self._settings)
            try:
                while written := await self._next(edition_id):
                    await mailer.connect()
                    if handed := await self._send(mailer, written):
                        fates[handed.fate] = fates.get(handed.fate, 0) + 1
            finally:
                await mailer.quit()

        await asyncio.gather(*(work() for _ in range(max(1, self._settings.connections))))
        return fates

    # ── Editions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _prepare_some(self) -> bool:
        return bool(await asyncio.to_thread(self._mailing.prepare, BATCH))

    async def _recover(self) -> bool:
        lost = await asyncio.to_thread(self._mailing.recover, starting=True)
        if lost:
            log.warning("letters may or may not have been taken; they wait for their readers' word", letters=lost)
        return False

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(HOURLY)
            await self._patiently(self._tidy)

    async def _tidy(self) -> bool:
        await asyncio.to_thread(self._mailing.recover, starting=False)
        await asyncio.to_thread(self._mailing.prune)
        return False

    # ── Letters ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _keep_sending(self) -> None:
        mailer = Mailer(self._settings)
        try:
            while True:
                written = await self._next_patiently()
                if written is None:
                    await mailer.quit()  # servers hang up on idle connections; take leave first
                    await asyncio.sleep(IDLE)
                    continue
                await self._send_patiently(mailer, written)
        finally:
            mailer.close()

    async def _next_patiently(self) -> Written | None:
        try:
            return await self._next()
        except StoreError as error:
            log.error("cannot see which letters are due", reason=str(error))
            await asyncio.sleep(TROUBLE)
            return None

    async def _next(self, edition_id: int | None = None) -> Written | None:
        """A letter that is due; several senders take from one list."""
        async with self._looking:
            if not self._waiting:
                self._waiting.extend(await asyncio.to_thread(self._write_due, edition_id))
            return self._waiting.popleft() if self._waiting else None

    def _write_due(self, edition_id: int | None) -> list[Written]:
        return [Written(one, self._message(one)) for one in self._mailing.letters_due(BATCH, edition_id)]

    def _message(self, letter: Letter) -> bytes | None:
        token = self._mailing.unsubscribe_token(letter.edition_id)
        try:
            return as_bytes(self._composer.letter(letter, token), self._composer.envelope(letter, token))
        except Exception:  # one letter that breaks the program holds up no other
            log.exception("a letter could not be put into words", letter=letter.id)
            return None

    async def _send_patiently(self, mailer: Mailer, written: Written) -> None:
        try:
            await mailer.connect()
            await self._uncut(self._send(mailer, written))
        except MailServerAway as error:
            log.error("letters wait", reason=error.message)
            self._waiting.clear()
            await asyncio.sleep(TROUBLE)
        except Exception as error:
            log.error("a letter could not be sent", reason=str(error), exc_info=not isinstance(error, StoreError))
            await asyncio.sleep(TROUBLE)

    async def _send(self, mailer: Mailer, written: Written) -> Handed | None:
        """Hand one letter over, recorded before and after; None where another process has taken it."""
        letter = written.letter
        if not await self._ledger.begin(letter):
            return None
        handed = await self._hand_over(mailer, letter, written.message)
        await self._ledger.end(letter, handed)
        if handed.fate is not Fate.TAKEN:
            log.warning("a letter was not taken", letter=letter.id, fate=handed.fate.value, reason=handed.says)
        return handed

    async def _hand_over(self, mailer: Mailer, letter: Letter, message: bytes | None) -> Handed:
        if message is None:
            return Handed(Fate.AGAIN, "It could not be put into words; the log says why.")
        try:
            return await mailer.hand_over(letter.address, message)
        except MailServerAway as error:
            return Handed(Fate.AGAIN, error.message)

    # ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def ask_once(self) -> int:
        """Ask every address that waits for its question. Raises MailServerAway."""
        asked = 0
        while await self._ask_some():
            asked += 1
        return asked

    async def _ask_some(self) -> bool:
        waiting = await asyncio.to_thread(self._addresses.to_ask, BATCH)
        if not waiting:
            return False
        mailer = Mailer(self._settings)
        try:
            await mailer.connect()
            for one in waiting:
                await self._uncut(self._ask(mailer, one))
        finally:
            await mailer.quit()
        return True

    async def _ask(self, mailer: Mailer, address: Address) -> None:
        begun = await asyncio.to_thread(self._addresses.begin_question, address)
        if begun is None:
            return
        token, reader = begun
        question = self._composer.question(address.address, reader, token)
        message_id = f"question-{address.id}-{secrets.token_hex(12)}@{self._composer.domain}"
        envelope = self._composer.question_envelope(address.address, message_id, self._clock())
        try:
            handed = await mailer.hand_over(address.address, as_bytes(question, envelope))
        except MailServerAway as error:
            handed = Handed(Fate.AGAIN, error.message)
        await asyncio.to_thread(self._addresses.end_question, address, handed)

    # ── Patience ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _keep(self, work: Callable[[], Coroutine[Any, Any, bool]]) -> None:
        """Do some of a work, for ever; wait a little where there was none."""
        while True:
            if not await self._patiently(work):
                await asyncio.sleep(IDLE)

    async def _patiently(self, work: Callable[[], Coroutine[Any, Any, bool]]) -> bool:
        """Delivery must not end while the pages go on being served: what does not work now is tried again."""
        try:
            return await work()
        except Exception as error:
            foreseen = isinstance(error, StoreError | MailServerAway)
            log.error("delivery waits", reason=str(error), exc_info=not foreseen)
            await asyncio.sleep(TROUBLE)
            return False

    async def _uncut(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let a handing over end when the program does: cut off, nobody would know whether the mail was taken."""
        task = asyncio.create_task(work)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=GRACE)
            raise
