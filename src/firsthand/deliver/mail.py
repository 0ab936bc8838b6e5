"""Handing mail to a server (SMTP, RFC 5321): one connection for many letters, and what each answer means."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from email.utils import parseaddr
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from firsthand.deliver.settings import MailSettings
from firsthand.model.editions import Fate, Handed
from firsthand.model.errors import ConfigError, FirsthandError
from firsthand.model.text import one_line

SECURITIES: Final = ("starttls", "tls", "none")
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_MAILBOX: Final = frozenset({550, 551, 553})
"""RFC 5321 §4.2.3: mailbox unavailable, user not local, mailbox name not allowed."""


class MailServerAway(FirsthandError):
    """The mail server cannot be reached or does not let us in; nothing was handed over."""


def check(settings: MailSettings) -> None:
    """Refuse settings that cannot work. Raises ConfigError."""
    if not settings.host:
        raise ConfigError("No mail server is set.", "Set mail.host, mail.sender and web.address.")
    if settings.security not in SECURITIES:
        raise ConfigError(f"mail.security is {settings.security!r}.", "Write starttls, tls or none.")
    if "@" not in sender_address(settings):
        raise ConfigError("mail.sender holds no mail address.", "Write it as `Firsthand <news@example.org>`.")
    if settings.ca_file:
        _context(settings)


def sender_address(settings: MailSettings) -> str:
    """The bare address of the sender, to which what cannot be delivered comes back; "" if there is none."""
    return parseaddr(settings.sender)[1]


class Mailer:
    """One connection to the mail server, opened when it is needed and again when it was closed. For one task at a time."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._from = sender_address(settings)
        self._client: SMTP | None = None

    async def connect(self) -> None:
        """Have a connection that is signed in. Raises MailServerAway."""
        if self._client is not None and self._client.is_connected:
            return
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=_context(settings) if settings.security != "none" else None,
            timeout=settings.timeout.total_seconds(),
        )
        try:
            await client.connect()
            if settings.user:
                await client.login(settings.user, settings.password)
        except SMTPAuthenticationError as error:
            client.close()
            raise MailServerAway(
                f"The mail server {settings.host} does not let us in: {_words(error)}.",
                "Check mail.user and mail.password.",
            ) from error
        except (SMTPException, OSError, ValueError) as error:  # ValueError: a name that no resolver takes
            client.close()
            raise MailServerAway(
                f"The mail server {settings.host}:{settings.port} cannot be used: {_words(error)}.",
                "Check mail.host, mail.port and mail.security.",
            ) from error
        self._client = client

    async def hand_over(self, recipient: str, message: bytes) -> Handed:
        """Hand one mail over.

        Raises:
            MailServerAway: there is no connection; surely nothing was taken.
        """
        for last in (False, True):
            await self.connect()
            assert self._client is not None
            try:
                await self._client.mail(self._from)
                break
            except SMTPResponseException as error:
                await self._reset()
                return _refused(error, of_recipient=False)
            except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
                self.close()  # an idle connection that the server has closed: a fresh one is tried once
                if last:
                    raise MailServerAway(f"The mail server hangs up: {_words(error)}.", "Wait.") from error
        return await self._rest(recipient, message)

    async def _rest(self, recipient: str, message: bytes) -> Handed:
        assert self._client is not None
        try:
            await self._client.rcpt(recipient)
        except SMTPResponseException as error:
            await self._reset()
            return _refused(error, of_recipient=True)
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            self.close()
            return Handed(Fate.AGAIN, _words(error))
        try:
            await self._client.data(message)
        except SMTPResponseException as error:
            await self._reset()
            return _refused(error, of_recipient=False)
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            # The content may have arrived, and only the answer not (RFC 1047).
            self.close()
            return Handed(Fate.UNKNOWN, _words(error))
        return Handed(Fate.TAKEN)

    async def _reset(self) -> None:
        """Forget the mail that was refused; a server that does not even do that is asked on a fresh connection."""
        assert self._client is not None
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            self.close()

    async def quit(self) -> None:
        """Take leave of the server."""
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(SMTPException, OSError, asyncio.TimeoutError):
                await self._client.quit(timeout=5)
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()
            self._client = None


def _refused(error: SMTPResponseException, *, of_recipient: bool) -> Handed:
    """What a refusal means: 4xx passes by itself, 5xx does not (RFC 5321 §4.2.1); 5.1.x is about the address (RFC 3463)."""
    says = f"{error.code} {one_line(error.message)}"
    if 400 <= error.code < 500:
        return Handed(Fate.AGAIN, says)
    enhanced = _ENHANCED.search(error.message)
    about_address = enhanced[2] == "1" or enhanced.group(1, 2, 3) == ("5", "2", "1") if enhanced else None
    if of_recipient and (about_address or (about_address is None and error.code in _NO_MAILBOX)):
        return Handed(Fate.NO_SUCH_ADDRESS, says)
    return Handed(Fate.REFUSED, says)


def _context(settings: MailSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"mail.ca_file {settings.ca_file} cannot be read.", "Name a file in PEM form.") from error


def _words(error: BaseException) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {one_line(error.message)}".rstrip(".")
    return (one_line(str(error)) or type(error).__name__).rstrip(".")
