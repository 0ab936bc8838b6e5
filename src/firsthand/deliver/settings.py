"""Settings of mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How letters go out, and how what comes back is read."""

    host: str = ""
    """Mail server to which letters are handed (a submission server, or your own); empty: no mail is sent."""
    port: int = 587
    """Its port: 587 with STARTTLS, 465 with TLS from the start, 25 on this machine."""
    security: str = "starttls"
    """`starttls`, `tls`, or `none`. With the first, a server that offers no TLS is not used."""
    user: str = ""
    """Name to sign in with; empty: without signing in."""
    password: str = field(default="", repr=False)
    """Its password. Better in the environment than in the file."""
    sender: str = ""
    """Who letters are from, as `Firsthand <news@example.org>`. What cannot be delivered comes back there."""
    ca_file: str = ""
    """Certificates to trust, in PEM form, for a server with a private authority; empty for the system's."""
    connections: int = 4
    """Connections to the server at one time, each for many letters."""
    timeout: timedelta = timedelta(minutes=2)
    """How long the server may take for one answer."""
