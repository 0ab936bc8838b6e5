"""Pictures: only five kinds, only by their own bytes, and none that is a bomb."""

from __future__ import annotations

import struct

import pytest
from fetch_world import World, answer
from hypothesis import given
from hypothesis import strategies as st

from firsthand.model.errors import AddressRefused, ParseError, TooLarge
from firsthand.sources.fetcher import Fetcher
from firsthand.sources.images import fetch_image, image_type


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 6, 0, 0, 0) + bytes(20)


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(20)


def jpeg(width: int, height: int, *, start: int = 0xC0) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    comment = b"\xff\xfe" + struct.pack(">H", 8) + b"\xff\xc0abcd"  # looks like a frame header and is none
    return b"\xff\xd8" + app + comment + b"\xff\xff" + bytes((start,)) + struct.pack(">HBHH", 11, 8, height, width)


def webp(chunk: bytes, payload: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 100) + b"WEBP" + chunk + struct.pack("<I", len(payload)) + payload


def webp_lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(8))


def webp_lossless(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(8))


def webp_extended(width: int, height: int) -> bytes:
    return webp(b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + bytes(8))


def avif(width: int, height: int, brand: bytes = b"avif") -> bytes:
    brands = struct.pack(">I4s4sI4s4s", 24, b"ftyp", brand, 0, b"mif1", b"avif")
    thumbnail = struct.pack(">I4sIII", 20, b"ispe", 0, 16, 16)
    return brands + thumbnail + struct.pack(">I4sIII", 20, b"ispe", 0, width, height)


MAKERS = {
    "image/png": png,
    "image/gif": gif,
    "image/jpeg": jpeg,
    "image/webp": webp_lossy,
    "image/webp lossless": webp_lossless,
    "image/webp extended": webp_extended,
    "image/avif": avif,
}


@pytest.mark.parametrize(("kind", "make"), MAKERS.items())
def test_the_bytes_decide(kind: str, make) -> None:  # type: ignore[no-untyped-def]
    assert image_type(make(640, 480)) == kind.split()[0]


@pytest.mark.parametrize(("kind", "make"), [(kind, make) for kind, make in MAKERS.items() if make is not webp_extended])
def test_a_dimension_bomb_is_refused(kind: str, make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ParseError, match="too many pixels"):
        image_type(make(16_000, 16_000))


def test_the_largest_sizes_that_headers_can_hold_are_refused() -> None:
    for body in (png(2**31, 2**31), gif(65535, 65535), webp_extended(2**24, 2**24), avif(2**32 - 1, 2**32 - 1)):
        with pytest.raises(ParseError, match="too many pixels"):
            image_type(body)


def test_progressive_jpeg_and_avif_sequences() -> None:
    assert image_type(jpeg(640, 480, start=0xC2)) == "image/jpeg"
    assert image_type(avif(640, 480, b"mif1")) == "image/avif"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"<html><img></html>",
        b"%PDF-1.7",
        b"BM" + bytes(60),
        b"\0\0\1\0" + bytes(60),
        b"II*\0" + bytes(60),
        b"RIFF\0\0\0\0WAVE" + bytes(60),
        struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + bytes(60),
        b" \x89PNG\r\n\x1a\n",
    ],
)
def test_all_other_kinds_are_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="not a picture of a kind"):
        image_type(body)


@pytest.mark.parametrize("make", MAKERS.values())
def test_a_picture_cut_before_its_size_is_broken(make) -> None:  # type: ignore[no-untyped-def]
    whole = make(640, 480)
    with pytest.raises(ParseError):
        image_type(whole[: 8 if make is gif else 14])


@pytest.mark.parametrize("make", [png, gif, jpeg, webp_lossy])
def test_a_picture_without_pixels_is_empty(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ParseError, match="empty"):
        image_type(make(0, 480))


@given(st.sampled_from(sorted(MAKERS)), st.binary(max_size=80))
def test_any_bytes_after_a_magic_number_give_a_type_or_a_parse_error(kind: str, rest: bytes) -> None:
    body = MAKERS[kind](1, 1)[:16] + rest
    try:
        assert image_type(body) == kind.split()[0]
    except ParseError as error:
        assert error.message.endswith(".")  # noqa: PT017


async def test_what_the_server_says_is_not_believed(world: World, fetcher: Fetcher) -> None:
    world.routes["/a.svg"] = answer(png(2, 2), content_type="image/svg+xml")
    world.routes["/a.png"] = answer(b"<svg/>", content_type="image/png")

    image = await fetch_image(fetcher, world.url + "/a.svg")

    assert (image.content_type, image.body) == ("image/png", png(2, 2))
    with pytest.raises(ParseError):
        await fetch_image(fetcher, world.url + "/a.png")


async def test_a_picture_of_more_than_5_mb(world: World, fetcher: Fetcher) -> None:
    world.routes["/a"] = answer(png(100, 100) + bytes(5_000_000))

    with pytest.raises(TooLarge, match="5 MB"):
        await fetch_image(fetcher, world.url + "/a")


@pytest.mark.parametrize(
    "url", ["http://192.168.0.1/a.png", "file:///etc/passwd", "//x/../../etc/passwd", "data:image/png,x"]
)
async def test_addresses_that_a_proxy_must_not_open(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(AddressRefused):
        await fetch_image(fetcher, url)
