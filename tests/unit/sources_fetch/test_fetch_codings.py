"""Content codings: all that are asked for, those that lie, and those that explode."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
import zstandard
from fetch_world import World, answer

from firsthand.model.errors import BadResponse, TooLarge
from firsthand.model.feed import Fetched
from firsthand.sources.decoding import BadCoding, InflatedTooLarge, decode
from firsthand.sources.fetcher import Fetcher

LIMIT = 1_000_000
BODY = b"<rss>" + b"plain " * 50 + os.urandom(50_000) + b"news " * 50_000 + b"</rss>"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:1000]) + gzip.compress(BODY[1000:])),
        ("gzip", gzip.compress(BODY) + b"trailing garbage"),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
        ("br", brotli.compress(BODY)),
        ("zstd", zstd(BODY)),
        ("zstd", zstd(BODY[:1000]) + zstd(BODY[1000:])),
        ("gzip, br", brotli.compress(gzip.compress(BODY))),
        ("gzip", BODY),
        ("zstd", b"\xef\xbb\xbf \n" + BODY),
        ("", gzip.compress(BODY)),
    ],
)
def test_every_coding_gives_the_body(coding: str, packed: bytes) -> None:
    assert decode(packed, coding, LIMIT).endswith(BODY)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(BODY)[:-20000]),
        ("deflate", zlib.compress(BODY)[:-20000]),
        ("br", brotli.compress(BODY)[:-20000]),
        ("zstd", zstd(BODY)[:-20000]),
        ("gzip", b"\x1f\x8b\x08" + os.urandom(1000)),
        ("gzip", brotli.compress(BODY)),
        ("br", b"\xff" * 1000),
        ("zstd", b"\x28\xb5\x2f\xfd" + b"\xff" * 1000),
        ("deflate", b"\xff" * 1000),
        ("compress", b"\x1f\x9d" + b"x" * 100),
        ("gzip, gzip, gzip, gzip", b"x"),
    ],
)
def test_broken_cut_short_or_unknown(coding: str, packed: bytes) -> None:
    with pytest.raises(BadCoding):
        decode(packed, coding, LIMIT)


def test_gzip_that_is_only_a_file_name_stays_as_it_is() -> None:
    almost = b"\x1f\x8b\x08" + b"\xff" * 100

    assert decode(almost, "", LIMIT) == almost


def test_empty_bodies_are_empty_in_any_coding() -> None:
    for coding in ("", "gzip", "deflate", "br", "zstd"):
        assert decode(b"", coding, LIMIT) == b""


def test_exactly_the_limit_passes_and_one_more_does_not() -> None:
    for pack, coding in ((gzip.compress, "gzip"), (zlib.compress, "deflate"), (brotli.compress, "br"), (zstd, "zstd")):
        assert len(decode(pack(bytes(LIMIT)), coding, LIMIT)) == LIMIT
        with pytest.raises(InflatedTooLarge):
            decode(pack(bytes(LIMIT + 1)), coding, LIMIT)


def test_truncation_gives_the_beginning() -> None:
    assert decode(gzip.compress(BODY), "gzip", 1000, truncate=True) == BODY[:1000]
    assert BODY.startswith(decode(gzip.compress(BODY)[:-100], "gzip", LIMIT, truncate=True))


def pieces_of_zeros(total: int) -> Iterator[bytes]:
    piece = bytes(2**20)
    for _ in range(total // len(piece)):
        yield piece


def packed_zeros(add: Callable[[bytes], bytes], finish: Callable[[], bytes]) -> bytes:
    return b"".join(add(piece) for piece in pieces_of_zeros(10**9)) + finish()


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    """A gigabyte of zeros in a megabyte or less, in each coding."""
    packer = zlib.compressobj(level=1, wbits=31)
    zst = zstandard.ZstdCompressor(level=1).compressobj()
    brotler = brotli.Compressor(quality=1)
    return {
        "gzip": packed_zeros(packer.compress, packer.flush),
        "zstd": packed_zeros(zst.compress, zst.flush),
        "br": packed_zeros(brotler.process, brotler.finish),
    }


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br"])
async def test_a_gigabyte_of_zeros_is_too_large_and_costs_little(
    world: World, fetcher: Fetcher, bombs: dict[str, bytes], coding: str
) -> None:
    assert len(bombs[coding]) < 6_000_000
    world.routes["/bomb"] = answer(bombs[coding], content_encoding=coding)

    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="15 MB"):
            await fetcher.get(world.url + "/bomb")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 50_000_000


def test_a_bomb_inside_a_bomb_is_too_large() -> None:
    inner = gzip.compress(bytes(LIMIT * 10))

    with pytest.raises(InflatedTooLarge):
        decode(gzip.compress(inner), "gzip, gzip", LIMIT)


async def test_a_lie_about_the_coding_is_a_bad_response(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = answer(b"\x00\x01\x02 neither gzip nor text", content_encoding="gzip")

    with pytest.raises(BadResponse, match="says gzip and is not"):
        await fetcher.get(world.url + "/a")


async def test_plain_text_that_is_declared_as_gzip_is_read(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = answer(b"<rss/>", content_encoding="gzip")

    got = await fetcher.get(world.url + "/a")

    assert isinstance(got, Fetched)
    assert got.body == b"<rss/>"
