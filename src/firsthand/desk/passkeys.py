"""Passkeys: signing in with a key that never leaves the reader's device (WebAuthn level 2).

A challenge is signed rather than kept: it holds when it ends, and belongs to one browser's cookie. Signing in changes that
cookie, so a challenge that signed somebody in does so once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from firsthand.desk.accounts import Accounts
from firsthand.model.access import Passkey
from firsthand.model.errors import AccessDenied, NotFound, UsageError
from firsthand.model.records import Reader
from firsthand.model.text import one_line

if TYPE_CHECKING:
    from firsthand.store import Store

HOLDS: Final = timedelta(minutes=5)
MOST_KEYS: Final = 50
MAX_NAME: Final = 80
MAX_ANSWER: Final = 20_000
"""Characters of what a browser sends: an answer without attestation has about 2,000."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader's browser is: what a passkey is bound to."""

    origin: str
    """Scheme, host and port, as the browser sees them."""
    host: str
    """The relying party's id."""
    browser: str
    """The token of the browser's cookie."""


class Passkeys:
    """Making, listing, removing passkeys, and signing in with them. Thread-safe."""

    def __init__(self, store: Store, clock: Callable[[], datetime], accounts: Accounts) -> None:
        self._store = store
        self._clock = clock
        self._accounts = accounts

    def options_to_add(self, reader: Reader, place: Place) -> str:
        """What the browser is to be asked for, as JSON (PublicKeyCredentialCreationOptions).

        Raises:
            UsageError: the reader has no account, or has too many keys.
        """
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        if reader.password_hash is None:
            raise UsageError("There is no account yet.", "Run `firsthand user add NAME` to make one.")
        held = self._store.access.passkeys(reader.id)
        if len(held) >= MOST_KEYS:
            raise UsageError(f"There are {MOST_KEYS} passkeys already.", "Remove those that are not used.")
        options = generate_registration_options(
            rp_id=place.host,
            rp_name="Firsthand",
            user_name=reader.name,
            user_id=self._handle(reader.id),
            challenge=self._challenge("add", place),
            # The key is found by the device itself, so that nobody has to say a name to sign in; and it takes the place
            # of name and password, so the device makes sure whose finger it is.
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(one.credential_id) for one in held],
        )
        return options_to_json(options)

    def add(self, reader: Reader, answer: str, name: str, place: Place) -> None:
        """Keep the key that a browser made.

        Raises:
            AccessDenied: the answer is to no question of ours, or is not sound.
            UsageError: the key is held already.
        """
        from webauthn import verify_registration_response

        made = _read(answer)
        challenge = self._check_challenge("add", made, place)
        try:
            key = verify_registration_response(
                credential=made,
                expected_challenge=challenge,
                expected_rp_id=place.host,
                expected_origin=place.origin,
                require_user_verification=True,
            )
        except Exception as error:  # the library lets struct, CBOR and key errors through
            raise _unsound(error) from error
        name = one_line(name)[:MAX_NAME] or "Passkey"
        if not self._store.access.add_passkey(
            reader.id, key.credential_id, key.credential_public_key, key.sign_count, name, self._clock()
        ):
            raise UsageError("This passkey is held already.", "Sign in with it.")

    def options_to_sign_in(self, place: Place) -> str:
        """What the browser is to be asked for, as JSON (PublicKeyCredentialRequestOptions). Names nobody."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        return options_to_json(
            generate_authentication_options(
                rp_id=place.host,
                challenge=self._challenge("in", place),
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    def sign_in(self, answer: str, place: Place, address: str, device: str = "") -> str:
        """Check what a key signed and start a session; gives the token that the reader's browser keeps.

        Raises:
            AccessDenied: it is wrong, whatever about it is; or was tried too often.
        """
        try:
            reader = self._signed(answer, place)
        except AccessDenied:
            self._accounts.count_try(address)
            raise
        return self._accounts.start(reader, device)

    def list(self, reader: Reader) -> tuple[Passkey, ...]:
        """A reader's passkeys, the newest first."""
        return tuple(self._store.access.passkeys(reader.id))

    def remove(self, reader: Reader, passkey_id: int) -> None:
        """Let a passkey no longer sign in. Raises NotFound."""
        if not self._store.access.remove_passkey(reader.id, passkey_id):
            raise NotFound("There is no such passkey.", "It may have been removed already.")

    def _signed(self, answer: str, place: Place) -> Reader:
        from webauthn import verify_authentication_response

        made = _read(answer)
        challenge = self._check_challenge("in", made, place)
        try:
            held = self._store.access.passkey(_decoded(made["rawId"]))
            handle = _decoded(made["response"].get("userHandle") or "")
        except (KeyError, AttributeError, TypeError, ValueError) as error:
            raise _unsound(error) from error
        if held is None or (handle and not hmac.compare_digest(handle, self._handle(held.reader_id))):
            raise AccessDenied("This passkey belongs to no account here.", "Sign in another way.")
        try:
            seen = verify_authentication_response(
                credential=made,
                expected_challenge=challenge,
                expected_rp_id=place.host,
                expected_origin=place.origin,
                credential_public_key=held.public_key,
                credential_current_sign_count=held.sign_count,
                require_user_verification=True,
            )
        except Exception as error:  # the library lets struct, CBOR and key errors through
            raise _unsound(error) from error
        self._store.access.passkey_used(held.id, seen.new_sign_count, self._clock())
        return self._store.readers.get(held.reader_id)

    # ── Challenges ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _challenge(self, purpose: str, place: Place) -> bytes:
        ends = int((self._clock() + HOLDS - _EPOCH).total_seconds())
        head = struct.pack(">q", ends) + secrets.token_bytes(24)
        return head + self._seal(purpose, head, place)

    def _check_challenge(self, purpose: str, made: dict[str, Any], place: Place) -> bytes:
        """The challenge that was answered, if it is one of ours, for this browser, and still holds."""
        try:
            said = json.loads(_decoded(made["response"]["clientDataJSON"]))
            challenge = _decoded(said["challenge"])
            (ends,) = struct.unpack(">q", challenge[:8])
        except (KeyError, TypeError, ValueError, RecursionError, struct.error) as error:
            raise _unsound(error) from error
        if not hmac.compare_digest(challenge[32:], self._seal(purpose, challenge[:32], place)):
            raise AccessDenied("This answer is to another question.", "Load the page anew and try again.")
        if ends <= (self._clock() - _EPOCH).total_seconds():
            raise AccessDenied("That took too long.", "Load the page anew and try again.")
        return challenge

    def _seal(self, purpose: str, head: bytes, place: Place) -> bytes:
        said = f"challenge:{purpose}:{place.browser}:".encode() + head
        return hmac.new(self._store.secret("passkeys"), said, hashlib.sha256).digest()

    def _handle(self, reader_id: int) -> bytes:
        """What a key keeps of its account; says nothing about the reader (WebAuthn §14.6.1)."""
        return hmac.new(self._store.secret("passkeys"), f"handle:{reader_id}".encode(), hashlib.sha256).digest()


def _read(answer: str) -> dict[str, Any]:
    """A browser's answer. Raises AccessDenied for what is none."""
    try:
        made = json.loads(answer) if len(answer) <= MAX_ANSWER else None
    except (ValueError, RecursionError) as error:
        raise _unsound(error) from error
    if not isinstance(made, dict) or not isinstance(made.get("response"), dict):
        raise _unsound(None)
    return made


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _unsound(_error: Exception | None) -> AccessDenied:
    return AccessDenied("The passkey’s answer is not sound.", "Load the page anew and try again.")
