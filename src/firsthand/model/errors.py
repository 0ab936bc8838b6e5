"""The one error tree. Foreign exceptions are translated into it at the edge where they arise.

FirsthandError                 every error that a user may see: one sentence, and a remedy
├── UsageError                 the request itself is wrong (command line, form, query)
├── ConfigError                a setting is wrong or missing
├── NotFound                   the thing asked for is not held here
├── AccessDenied               sign-in is needed, failed, or is throttled
├── FetchError                 an address could not be had; carries `url`
│   ├── AddressRefused         the address is not one that may be fetched (private network, scheme)
│   ├── Unreachable            no name, no route, connection refused or broken, TLS failed
│   ├── TimedOut               slower than the limit allows
│   ├── TooLarge               larger than the limit allows, on the wire or inflated
│   ├── BadStatus              an answer other than success; carries `status`, `retry_after`
│   ├── TooManyRedirects       a redirect loop, or too long a chain
│   ├── RobotsRefused          the site's robots.txt asks not to fetch this page
│   └── BadResponse            an answer that breaks HTTP or its own content coding
├── ParseError                 bytes that are not what they were taken for
│   ├── NotAFeed               no feed of any format that is read here
│   └── NotAnArticle           no article could be found in the input
└── StoreError                 the database cannot do what was asked
    ├── StoreUnavailable       it cannot be opened or reached
    └── SchemaMismatch         its schema is older or newer than this program
"""

from __future__ import annotations


class FirsthandError(Exception):
    """An error that a user may see.

    Args:
        message: one clear sentence that says what went wrong, ending with a full stop.
        remedy: one sentence that says what to do about it, or "" where nothing can be done.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


class UsageError(FirsthandError):
    """The request itself is wrong."""


class ConfigError(FirsthandError):
    """A setting is wrong or missing."""


class NotFound(FirsthandError):
    """The thing asked for is not held here."""


class AccessDenied(FirsthandError):
    """Sign-in is needed, failed, or is throttled."""


class FetchError(FirsthandError):
    """An address could not be had."""

    def __init__(self, url: str, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.url = url


class AddressRefused(FetchError):
    """The address is not one that may be fetched."""


class Unreachable(FetchError):
    """No name, no route, a connection refused or broken, or TLS failed."""


class TimedOut(FetchError):
    """Slower than the limit allows."""


class TooLarge(FetchError):
    """Larger than the limit allows, on the wire or inflated."""


class BadStatus(FetchError):
    """An answer other than success.

    `retry_after` is in seconds from the answer, as the server asked, or None.
    """

    def __init__(self, url: str, status: int, message: str, remedy: str = "", retry_after: float | None = None) -> None:
        super().__init__(url, message, remedy)
        self.status = status
        self.retry_after = retry_after


class TooManyRedirects(FetchError):
    """A redirect loop, or too long a chain."""


class RobotsRefused(FetchError):
    """The site's robots.txt asks not to fetch this page."""


class BadResponse(FetchError):
    """An answer that breaks HTTP or its own content coding."""


class ParseError(FirsthandError):
    """Bytes that are not what they were taken for."""


class NotAFeed(ParseError):
    """No feed of any format that is read here."""


class NotAnArticle(ParseError):
    """No article could be found in the input."""


class StoreError(FirsthandError):
    """The database cannot do what was asked."""


class StoreUnavailable(StoreError):
    """The database cannot be opened or reached."""


class SchemaMismatch(StoreError):
    """The database's schema is older or newer than this program."""
