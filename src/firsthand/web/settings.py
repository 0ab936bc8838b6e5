"""Settings of the web server."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How Firsthand is served."""

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback needs an account (`firsthand user add`)."""
    port: int = 8000
    """Port to listen on; 0 takes any free one."""
    allowed_hosts: tuple[str, ...] = ()
    """Names under which this server is asked, beside localhost: `news.example.org`, or `*.example.org`."""
    address: str = ""
    """The address under which readers reach the app, as `https://news.example.org`; links in letters lead there."""
    public: bool = False
    """Whether anybody may read the feeds out of sections, outlets, people, stories, searches and the front page, without a
    secret address. Saved lists and beats stay each reader's own."""
    hub: str = ""
    """Address of a WebSub hub that our public feeds name and that is told when they change; empty for none."""
    sign_up: bool = False
    """Whether anybody who reaches the server may make an account, without an invite."""
    oidc_issuer: str = ""
    """Address of a sign-in service (OpenID Connect issuer), as `https://login.example.org`; empty for none."""
    oidc_client: str = ""
    """The client id under which that service knows this server."""
    oidc_secret: str = field(default="", repr=False)
    """The client secret that belongs to it; empty for a public client."""
    oidc_name: str = "the sign-in service"
    """What readers call the service: "Sign in with …"."""
    secure_cookies: bool = False
    """Set where readers come over https (behind a proxy): cookies are then sent over https only."""
    max_streams: int = 200
    """Live streams at one time; further ones are told to come back later."""
    max_upload: int = 10_000_000
    """Largest request body in bytes (an OPML file)."""
