"""Who may do what: roles, sessions, invites, passkeys, identities at a sign-in service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account may do beside reading."""

    OWNER = "owner"
    """Runs this installation: invites and removes readers, and decides what holds for all of them."""
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in. `id` names it to its reader; the token cannot be had from it."""

    id: str
    device: str
    created: datetime
    last_used: datetime
    expires: datetime
    here: bool = False
    """It is the one that asks."""


@dataclass(frozen=True, slots=True)
class Invite:
    """A link that lets one person make an account. The link itself is not kept, only its hash."""

    id: int
    role: Role
    note: str
    """Whom it is for, in the words of the owner who made it."""
    created: datetime
    expires: datetime
    used: datetime | None = None
    used_by: str = ""
    """Name of the account that was made with it; "" where none was, or it is no longer there."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key that a reader's device holds, and signs in with (WebAuthn)."""

    id: int
    reader_id: int
    credential_id: bytes
    public_key: bytes
    """COSE_Key, as the authenticator gave it."""
    sign_count: int
    name: str
    created: datetime
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """An account at a sign-in service that leads to a reader's account here (OpenID Connect: issuer and subject)."""

    id: int
    issuer: str
    subject: str
    name: str
    """As the service shows it: a name or a mail address; not to tell accounts apart by."""
    created: datetime
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as owners see it: that it is there, nothing of what it reads."""

    id: int
    name: str
    role: Role
    created: datetime | None
    last_used: datetime | None
    """Of its sessions, the last that was used; None where none lasts."""
