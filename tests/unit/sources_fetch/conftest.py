from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from fetch_world import LOOPBACK, World

from firsthand.sources.fetcher import Fetcher


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A server without routes; it answers 404 to everything."""
    world = World()
    server = await asyncio.start_server(world.serve, "127.0.0.1", 0, limit=2**20)
    world.port = server.sockets[0].getsockname()[1]
    yield world
    server.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher that may connect to loopback, with the settings of every installation otherwise."""
    async with Fetcher(LOOPBACK) as fetcher:
        yield fetcher
