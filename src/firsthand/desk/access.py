"""Accounts as a whole: who may join, who is here, what each reader takes along, and how an account ends."""

from __future__ import annotations

import json
import re
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

from firsthand.desk.accounts import NO_PASSWORD, Accounts, account_name, token_hash
from firsthand.desk.following import export_opml
from firsthand.desk.oidc import Person
from firsthand.model.access import Account, Identity, Invite, Passkey, Role, Session
from firsthand.model.errors import AccessDenied, NotFound, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.store import Store

MAX_NOTE: Final = 80
MOST_INVITES: Final = 500
IN_MEMORY: Final = 4_000_000
"""Bytes of an export that stay in memory; a larger one goes to a file."""
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A new invite; its token is shown this once."""

    token: str
    invite: Invite


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What a reader is shown of their own account."""

    sessions: tuple[Session, ...]
    passkeys: tuple[Passkey, ...]
    identities: tuple[Identity, ...]
    last_owner: bool
    """The only owner, whose account cannot be deleted."""


class Access:
    """Joining, being here and leaving. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime], accounts: Accounts) -> None:
        self._store = store
        self._clock = clock
        self._accounts = accounts

    # ── For owners ───────────────────────────────────────────────────────────────────────────────────────────────────

    def everybody(self) -> list[Account]:
        """All accounts."""
        return self._store.access.accounts()

    def invites(self) -> list[Invite]:
        """All invites, the newest first."""
        return self._store.access.invites()

    def invite(self, note: str = "", *, lasts: timedelta = timedelta(days=7), role: Role = Role.READER) -> Made:
        """A link with which one person can make an account.

        Raises:
            UsageError: there is no account yet, so nobody has to be invited; or there are too many invites.
        """
        if not self._accounts.needs_sign_in():
            raise UsageError("There is no account yet.", "Make your own first: `firsthand user add NAME`.")
        if not timedelta(0) < lasts <= timedelta(days=365):
            raise UsageError("An invite lasts between a day and a year.", "Give another number of days.")
        if len(self._store.access.invites()) >= MOST_INVITES:
            raise UsageError(f"There are {MOST_INVITES} invites already.", "Withdraw those that are not needed.")
        token, now = secrets.token_urlsafe(32), self._clock()
        held = self._store.access.invite(token_hash(token), role, one_line(note)[:MAX_NOTE], now, now + lasts)
        return Made(token, held)

    def withdraw(self, invite_id: int) -> None:
        """End an invite. Raises NotFound."""
        if not self._store.access.revoke_invite(invite_id):
            raise NotFound(f"There is no invite {invite_id}.", "It may have been withdrawn already.")

    def set_role(self, name_or_id: str | int, role: Role) -> Reader:
        """Make somebody an owner, or no longer one.

        Raises:
            UsageError: there is no such account, or it is the last owner's.
        """
        reader = self._reader(name_or_id)
        if not self._store.access.set_role(reader.id, role):
            raise UsageError(f"{reader.name} is the only owner.", "Make somebody else an owner first.")
        return reader

    def remove(self, name_or_id: str | int) -> Reader:
        """Delete an account with all that is its own; the articles stay.

        Raises:
            UsageError: there is no such account, or it is the last owner's.
        """
        reader = self._reader(name_or_id)
        if not self._store.access.remove(reader.id):
            raise UsageError(
                f"{reader.name} is the only owner, and an installation has one.", "Make somebody else an owner first."
            )
        return reader

    def stop_feed(self, feed_id: int) -> None:
        """Stop following a feed for all readers; it is then no longer asked. Its articles stay. Raises NotFound."""
        self._store.feeds.get(feed_id)
        self._store.readers.unfollow_for_all(feed_id)

    # ── Joining ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def invite_of(self, token: str) -> Invite:
        """The invite of a link. Raises AccessDenied where it cannot be used (any more)."""
        invite = self._store.access.open_invite(token_hash(token), self._clock())
        if invite is None:
            raise AccessDenied("This invite is not valid, or not any more.", "Ask for a new one.")
        return invite

    def join(self, invite_id: int, name: str, password: str | None) -> Reader:
        """Make an account with an invite. `password` None: it will sign in by other ways.

        Raises:
            AccessDenied: the invite has been used, or has ended.
            UsageError: the name or the password cannot be had; the invite can still be used.
        """
        reader = self._store.access.join(invite_id, account_name(name), self._hash(password), self._clock())
        if reader is None:
            raise AccessDenied("This invite is not valid, or not any more.", "Ask for a new one.")
        return reader

    def sign_up(self, name: str, password: str | None, address: str) -> Reader:
        """Make an account without an invite, where the settings allow that.

        A name that is taken has to be told, so tries are counted: nobody reads off a list of who is here.

        Raises:
            AccessDenied: tried too often from this address.
            UsageError: the name or the password cannot be had, or there is no owner yet.
        """
        if not self._accounts.needs_sign_in():
            raise UsageError("There is no account yet.", "The owner makes the first: `firsthand user add NAME`.")
        self._accounts.count_try(address)
        return self._store.readers.add(account_name(name), self._hash(password), self._clock())

    def free_name(self, wish: str) -> str:
        """A name that nobody has yet, near what somebody is called elsewhere."""
        wish = one_line(wish)[:60].strip() or "reader"
        for number in range(1, 1000):
            name = wish if number == 1 else f"{wish} {number}"
            if self._store.readers.by_name(name) is None:
                return name
        return f"{wish} {secrets.token_hex(4)}"

    # ── For each reader, of themselves ───────────────────────────────────────────────────────────────────────────────

    def page(self, reader: Reader, token: str) -> AccountPage:
        """A reader's sessions and ways in; `token` is the session that asks."""
        owners = [one for one in self._store.access.accounts() if one.role is Role.OWNER] if reader.owns else []
        return AccountPage(
            sessions=tuple(self._store.access.sessions(reader.id, token_hash(token), self._clock())),
            passkeys=tuple(self._store.access.passkeys(reader.id)),
            identities=tuple(self._store.access.identities(reader.id)),
            last_owner=reader.owns and len(owners) < 2,
        )

    def end_session(self, reader: Reader, session_id: str) -> None:
        """End one of the reader's sessions. Raises NotFound."""
        if not self._store.access.end_session(reader.id, session_id):
            raise NotFound("There is no such session.", "It may have ended already.")

    def end_other_sessions(self, reader: Reader, token: str) -> None:
        """End all of the reader's sessions but the one of `token`."""
        self._store.access.end_other_sessions(reader.id, token_hash(token))

    def reader_of(self, person: Person) -> Reader | None:
        """Whose account somebody at the sign-in service comes to."""
        return self._store.access.by_identity(person.issuer, person.subject, self._clock())

    def link(self, reader: Reader, person: Person) -> None:
        """Let somebody at the sign-in service come to this account. Raises AccessDenied where they come to another."""
        if not self._store.access.link(reader.id, person.issuer, person.subject, person.name, self._clock()):
            raise AccessDenied(
                "This identity leads to another account here.", "Unlink it there, or sign out at the service."
            )

    def unlink(self, reader: Reader, identity_id: int) -> None:
        """Let an identity no longer lead here. Raises NotFound."""
        if not self._store.access.unlink(reader.id, identity_id):
            raise NotFound("There is no such identity.", "It may have been removed already.")

    def leave(self, reader: Reader, given: str) -> None:
        """Delete the reader's own account, with their password or, where it has none, its name.

        Raises:
            AccessDenied: that is wrong.
            UsageError: it is the last owner's.
        """
        self._accounts.confirm(reader, given)
        self.remove(reader.id)

    def export(self, reader: Reader) -> IO[bytes]:
        """All that is kept of a reader, as a zip: feeds as OPML, marks with their articles, all else as JSON."""
        target: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the caller closes it)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("feeds.opml", export_opml(self._store, reader, self._clock()))
            account = {"name": reader.name, "zone": reader.zone, "role": reader.role.value, "exported": self._clock()}
            archive.writestr("account.json", _json(account, indent=2))
            with archive.open("marks.jsonl", "w") as lines:
                for row in self._store.access.marks(reader.id):
                    lines.write(_json(row) + b"\n")
            for name, rows in self._store.access.own_rows(reader.id):
                if rows:
                    archive.writestr(f"{name}.json", _json(rows, indent=2))
        target.seek(0)
        return target

    def _reader(self, name_or_id: str | int) -> Reader:
        if isinstance(name_or_id, int):
            return self._store.readers.get(name_or_id)
        reader = self._store.readers.by_name(one_line(name_or_id))
        if reader is None or reader.password_hash is None:
            raise UsageError(f"There is no account named {one_line(name_or_id)[:80]}.", "Run `firsthand user list`.")
        return reader

    def _hash(self, password: str | None) -> str:
        return NO_PASSWORD if password is None else self._accounts.hash(password)


def device_words(user_agent: str) -> str:
    """A browser in words, "Firefox on Linux"; of a program its own first word."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser:
        return f"{browser} on {system}" if system else browser
    first = re.match(r"[A-Za-z0-9 ._-]{1,40}", one_line(user_agent))
    return first[0].strip() if first else ""


def _json(value: Any, indent: int | None = None) -> bytes:
    def plain(other: Any) -> Any:
        return other.isoformat() if isinstance(other, datetime) else str(other)

    return json.dumps(value, ensure_ascii=False, indent=indent, default=plain).encode("utf-8", "replace")
