"""The guard at connect time: names that lie, change their mind, or mean this machine."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from fetch_world import LOOPBACK, World, answer, redirect

from firsthand.model.errors import AddressRefused, Unreachable
from firsthand.sources.fetcher import Fetcher, FetchSettings
from firsthand.sources.guard import AddressGuard
from firsthand.sources.transport import guarded_connector

NO_DNS_CACHE = FetchSettings(allow_networks=("127.0.0.0/8",), dns_cache=timedelta(0))


class Names:
    """A name server: each name's answers in turn, the last one for ever."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(turns) for name, turns in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        turns = self.answers.get(host)
        if turns is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return turns.pop(0) if len(turns) > 1 else turns[0]


async def test_a_name_that_leads_into_a_private_network(world: World) -> None:
    async with Fetcher(lookup=Names(evil_example=[["127.0.0.1"]])) as fetcher:
        with pytest.raises(AddressRefused) as caught:
            await fetcher.get(f"http://evil.example:{world.port}/")

    assert caught.value.message == (
        "evil.example leads to 127.0.0.1, a loopback address, and only public addresses are fetched."
    )
    assert world.connections == 0


async def test_a_name_that_changes_its_mind_is_refused_the_second_time(world: World) -> None:
    world.routes["/"] = answer(b"first", connection="close")
    names = Names(evil_example=[["127.0.0.1"], ["10.0.0.1"]])

    async with Fetcher(NO_DNS_CACHE, lookup=names) as fetcher:
        await fetcher.get(f"http://evil.example:{world.port}/", polite=False)
        with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
            await fetcher.get(f"http://evil.example:{world.port}/", polite=False)


async def test_a_name_that_changes_its_mind_during_a_redirect(world: World) -> None:
    world.routes["/"] = redirect("/again", connection="close")
    names = Names(evil_example=[["127.0.0.1"], ["192.168.1.1"]])

    async with Fetcher(NO_DNS_CACHE, lookup=names) as fetcher:
        with pytest.raises(AddressRefused, match=r"192\.168\.1\.1"):
            await fetcher.get(f"http://evil.example:{world.port}/", polite=False)
    assert world.paths == ["/"]


async def test_of_several_addresses_only_the_allowed_are_used(world: World) -> None:
    world.routes["/"] = answer(b"here")
    names = Names(mixed_example=[["10.0.0.1", "fe80::1", "::ffff:192.168.0.1", "127.0.0.1"]])

    async with Fetcher(LOOPBACK, lookup=names) as fetcher:
        got = await fetcher.get(f"http://mixed.example:{world.port}/")

    assert got.url == f"http://mixed.example:{world.port}/"


class LyingResolver(AbstractResolver):
    """A resolver that skips the guard, as a second answer between check and connect would."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("127.0.0.1", "127.0.0.2"), ("::ffff:127.0.0.1", "127.0.0.1")])
async def test_no_socket_is_made_for_a_refused_address_whatever_the_resolver_says(
    world: World, addresses: tuple[str, ...]
) -> None:
    connector = guarded_connector(AddressGuard(), LyingResolver(*addresses), 0)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError, match="the address is refused"):
            await session.get(f"http://rebinding.example:{world.port}/")

    assert world.connections == 0


async def test_a_literal_address_meets_the_same_gate(world: World) -> None:
    connector = guarded_connector(AddressGuard(), LyingResolver(), 0)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError, match="the address is refused"):
            await session.get(world.url)

    assert world.connections == 0


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "news.localhost", "a.b.localhost", "localhost."])
async def test_localhost_means_this_machine_and_is_never_looked_up(world: World, host: str) -> None:
    world.routes["/"] = answer(b"here")
    names = Names()

    async with Fetcher(LOOPBACK, lookup=names) as fetcher:
        await fetcher.get(f"http://{host}:{world.port}/")
    async with Fetcher(lookup=names) as fetcher:
        with pytest.raises(AddressRefused, match="loopback"):
            await fetcher.get(f"http://{host}:{world.port}/")

    assert names.asked == []
    assert world.connections == 1


async def test_a_name_that_nobody_has() -> None:
    async with Fetcher(lookup=Names()) as fetcher:
        with pytest.raises(Unreachable, match=r"No address was found for nosuch\.example\."):
            await fetcher.get("http://nosuch.example/")


async def test_a_name_that_is_no_host_name() -> None:
    async with Fetcher() as fetcher:
        with pytest.raises(Unreachable, match="No address was found"):
            await fetcher.get(f"http://{'a' * 64}.example/")


async def test_tls_to_what_does_not_speak_it(world: World, fetcher: Fetcher) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Unreachable, match="secure connection"):
        await fetcher.get(f"https://127.0.0.1:{port}/")
    server.close()


# Made for this test with `openssl req -x509 -newkey ec -nodes`; trusted by nobody, secret from nobody.
SELF_SIGNED = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDqio4pHxHmUefjzz
MlxVfwJ1bCxIO6w1vH7jcfvf36GhRANCAAQsCRazuYRtIPQvdzjQjH75lo+mmPPJ
dXKGTFFhjqzSKjg39rj7kD1Re+gojGuf3aVFlwWRHPF3+ntA170aHM2u
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUFFcm39bna3XXPCS7xKXftjkhNNwwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOZmlyc3RoYW5kLXRlc3QwIBcNMjYxMTI0MDU1MTQzWhgPMjEy
NjEwMzEwNTUxNDNaMBkxFzAVBgNVBAMMDmZpcnN0aGFuZC10ZXN0MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAELAkWs7mEbSD0L3c40Ix++ZaPppjzyXVyhkxRYY6s
0io4N/a4+5A9UXvoKIxrn92lRZcFkRzxd/p7QNe9GhzNrqNTMFEwHQYDVR0OBBYE
FEeSb3EprVjDJyLGlNn5vtXh0wl0MB8GA1UdIwQYMBaAFEeSb3EprVjDJyLGlNn5
vtXh0wl0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAMzxv8Wr
xsHHZ5WN2tWhgL+DjaBjuU8yVdaGi+A0BAmUAiBfnrbFK0Le4aSlAA1xPrW995v8
8/J9SCLIBnkhoMXCkA==
-----END CERTIFICATE-----
"""


async def test_a_certificate_that_nobody_vouches_for(fetcher: Fetcher, tmp_path: Path) -> None:
    pem = tmp_path / "both.pem"
    pem.write_text(SELF_SIGNED)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]

    with pytest.raises(Unreachable, match=r"The certificate of 127\.0\.0\.1 is not valid: self.signed certificate\."):
        await fetcher.get(f"https://127.0.0.1:{port}/")
    server.close()
