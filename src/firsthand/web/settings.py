"""Settings of the web server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How Firsthand is served."""

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback needs an account (`firsthand user add`)."""
    port: int = 8000
    """Port to listen on; 0 takes any free one."""
    allowed_hosts: tuple[str, ...] = ()
    """Names under which this server is asked, beside localhost: `news.example.org`, or `*.example.org`."""
    secure_cookies: bool = False
    """Set where readers come over https (behind a proxy): cookies are then sent over https only."""
    max_streams: int = 200
    """Live streams at one time; further ones are told to come back later."""
    max_upload: int = 10_000_000
    """Largest request body in bytes (an OPML file)."""
