"""One HTTP request on the wire: aiohttp behind the guard, its many exceptions turned into ours."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from firsthand.model.errors import (
    AddressRefused,
    BadResponse,
    FetchError,
    TimedOut,
    TooLarge,
    Unreachable,
)
from firsthand.model.text import one_line
from firsthand.sources.guard import AddressGuard, refused

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to IP addresses, best first; raises OSError (socket.gaierror) where there are none."""

_MAX_FIELD = 32 * 1024  # content security policies of news sites pass aiohttp's default of 8 KiB
_MAX_HEADERS = 256
_KEEPALIVE = 5.0  # seconds; thousands of hosts are asked in turn, and each idle connection holds a descriptor
_DNS_THREADS = 16


class Refusal(OSError):
    """Raised inside aiohttp where the guard speaks against an address.

    The text is the same for all, because aiohappyeyeballs keeps the class of an error only where all addresses fail
    alike.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EACCES, "the address is refused")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: the body still coded, and read only for a success (2xx)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str]


class SystemLookup:
    """`getaddrinfo` on threads of its own, so that slow name servers hold up nothing else."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_DNS_THREADS, thread_name_prefix="dns")
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _getaddrinfo, host, port)
        except UnicodeError as error:  # a label that is empty or longer than 63
            raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
        return found

    def close(self) -> None:
        """Let go of the threads; those that still wait for a name server end by themselves."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedResolver(AbstractResolver):
    """Names to those of their addresses that may be connected to.

    `localhost` and names under it are loopback by definition and never asked for on the network (RFC 6761 §6.3).
    """

    def __init__(self, guard: AddressGuard, lookup: Lookup) -> None:
        self._guard = guard
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        name = host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            addresses: Sequence[str] = ("127.0.0.1", "::1")
        else:
            addresses = await self._lookup(host, port)
        results: list[ResolveResult] = []
        reason: str | None = None
        for address in addresses:
            speaks_against = self._guard.reason(address)
            if speaks_against is None:
                results.append(_result(host, port, address))
            reason = reason or speaks_against
        if not results:
            if reason is not None:
                raise Refusal(reason)
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return results

    async def close(self) -> None:
        """Nothing is held."""


def guarded_connector(guard: AddressGuard, resolver: AbstractResolver, dns_seconds: int) -> aiohttp.TCPConnector:
    """A connector whose every socket is made for an address that the guard has seen.

    The socket factory is the last step before `connect`, and is given the very sockaddr: neither a literal address,
    nor a redirect, nor a name that changes its mind after the resolver can get round it.
    """

    def make_socket(info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        reason = guard.reason(str(sockaddr[0]))
        if reason is not None:
            raise Refusal(reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    return aiohttp.TCPConnector(
        resolver=resolver,
        use_dns_cache=dns_seconds > 0,
        ttl_dns_cache=dns_seconds,
        dns_cache_max_size=5000,
        keepalive_timeout=_KEEPALIVE,
        limit=0,  # the fetcher bounds connections itself, so that waiting for one costs no time of the request
        socket_factory=make_socket,
    )


class Transport:
    """The connection pool, and one request at a time through it. Opened inside a running event loop."""

    def __init__(self, guard: AddressGuard, user_agent: str, *, lookup: Lookup | None, dns_seconds: int) -> None:
        self._own_lookup = SystemLookup() if lookup is None else None
        resolver = GuardedResolver(guard, lookup or self._own_lookup or SystemLookup())
        self._session = aiohttp.ClientSession(
            connector=guarded_connector(guard, resolver, dns_seconds),
            headers={"User-Agent": user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),  # no outlet follows a reader about; see Fetcher for redirects
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            trust_env=False,  # a proxy from the environment would connect where the guard cannot see
            max_line_size=_MAX_FIELD,
            max_field_size=_MAX_FIELD,
            max_headers=_MAX_HEADERS,
        )

    async def close(self) -> None:
        await self._session.close()
        if self._own_lookup is not None:
            self._own_lookup.close()

    async def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        limit: int,
        seconds: float,
        truncate: bool = False,
        post: bytes | None = None,
    ) -> Answer:
        """GET `url`, not following redirects, all within `seconds`, however slowly it drips.

        Args:
            post: what to POST there instead.
            limit: the most bytes of body on the wire.
            truncate: cut a longer body off instead of raising.

        Raises:
            FetchError: TimedOut, TooLarge, AddressRefused, Unreachable or BadResponse.
        """
        try:
            async with asyncio.timeout(max(seconds, 0)):
                return await self._ask(url, headers, limit, truncate, post)
        except TimeoutError as error:
            raise TimedOut(
                url, f"{_host(url)} did not answer in time.", "It is probably busy; it will be asked again."
            ) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _translated(url, error) from error

    async def _ask(
        self, url: str, headers: Mapping[str, str], limit: int, truncate: bool, post: bytes | None
    ) -> Answer:
        asked = self._session.request(
            "GET" if post is None else "POST", URL(url, encoded=True), headers=headers, data=post, allow_redirects=False
        )
        async with asked as response:
            status = response.status
            if not 200 <= status < 300:
                cookies = {name: morsel.value for name, morsel in response.cookies.items()} if status < 400 else {}
                return Answer(status, response.headers, b"", cookies)
            length = response.content_length
            if length is not None and length > limit and not truncate:
                response.close()
                raise too_large(url, limit)
            chunks: list[bytes] = []
            size = 0
            async for chunk in response.content.iter_any():
                chunks.append(chunk)
                size += len(chunk)
                if size > limit:
                    response.close()
                    if not truncate:
                        raise too_large(url, limit)
                    break
            body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
            return Answer(status, response.headers, body[:limit], {})


def too_large(url: str, limit: int) -> TooLarge:
    """The error for a body of more than `limit` bytes, on the wire or inflated."""
    size = f"{limit / 1_000_000:g} MB" if limit >= 100_000 else f"{limit:,} bytes"
    return TooLarge(url, f"What {_host(url)} sends is larger than {size}, so it was not read.")


def _result(host: str, port: int, address: str) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def _getaddrinfo(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def _host(url: str) -> str:
    return URL(url, encoded=True).host or url


def _translated(url: str, error: Exception) -> FetchError:
    host = _host(url)
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, Refusal):
        return refused(url, _led(host, cause.reason))
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        cause = error.certificate_error
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = one_line(cause.verify_message or "verification failed").rstrip(".")
        return Unreachable(url, f"The certificate of {host} is not valid: {why}.", "The outlet has to mend it.")
    if isinstance(cause, ssl.SSLError) or isinstance(error, aiohttp.ClientSSLError):
        return Unreachable(url, f"No secure connection to {host} could be made.", "Try its http:// address.")
    if isinstance(cause, socket.gaierror) or isinstance(error, aiohttp.ClientConnectorDNSError):
        return Unreachable(url, f"No address was found for {host}.", "Check its spelling and your network.")
    if isinstance(error, aiohttp.ClientPayloadError):
        return BadResponse(url, f"{host} broke off or garbled its answer.", "It will be asked again.")
    if isinstance(error, aiohttp.ClientResponseError):
        return BadResponse(url, f"What {host} answers is not sound HTTP ({_short(error.message)}).")
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return AddressRefused(url, f"{url!r} is not an address that can be fetched.", "Check its spelling.")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return Unreachable(url, f"{host} closed the connection without an answer.", "It will be asked again.")
    if isinstance(cause, ConnectionRefusedError):
        return Unreachable(url, f"{host} refused the connection.", "Check the address; it will be asked again.")
    if isinstance(cause, ConnectionResetError | BrokenPipeError):
        return Unreachable(url, f"{host} broke off the connection.", "It will be asked again.")
    why = _short(getattr(cause, "strerror", None) or str(cause) or type(cause).__name__)
    return Unreachable(url, f"{host} could not be reached ({why}).", "Check your network; it will be asked again.")


def _short(text: str) -> str:
    line = one_line(text).rstrip(".:")
    return line if len(line) <= 100 else line[:99] + "…"


def _led(host: str, reason: str) -> str:
    """The guard's reason with the name that led there: "evil.example leads to 127.0.0.1, a loopback address"."""
    address, _, what = reason.partition(" is ")
    return reason if address == host else f"{host} leads to {address}, {what}"
