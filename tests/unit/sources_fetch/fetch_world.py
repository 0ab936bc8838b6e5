"""A small HTTP server on loopback that answers exactly what a test says, down to the broken byte."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from firsthand.sources.fetcher import FetchSettings

LOOPBACK = FetchSettings(allow_networks=("127.0.0.0/8",))

Writer = asyncio.StreamWriter


@dataclass
class Request:
    path: str
    headers: dict[str, str]


Route = bytes | Callable[[Request, Writer], Awaitable[None]] | Callable[[Request], bytes]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; header names are given with underscores (`content_type="text/html"`)."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    fields.setdefault("content-length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def redirect(to: str, status: str = "302 Found", **headers: str) -> bytes:
    return answer(b"", status, location=to, **headers)


@dataclass
class World:
    """Routes by path, and what was asked."""

    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.rstrip().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                request = Request(first.split(" ")[1], headers)
                self.requests.append(request)
                route = self.routes.get(request.path, answer(b"nothing here", "404 Not Found"))
                if isinstance(route, bytes):
                    writer.write(route)
                elif asyncio.iscoroutinefunction(route):
                    await route(request, writer)
                else:
                    writer.write(route(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            writer.close()
