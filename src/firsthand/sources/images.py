"""Pictures for the image proxy: fetched, and let through only if their own bytes say that they are pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from firsthand.model.errors import ParseError
from firsthand.model.feed import Fetched
from firsthand.sources.fetcher import Fetcher

MAX_BYTES = 5_000_000
MAX_PIXELS = 100_000_000
"""A larger picture is a decompression bomb for the reader's browser: four bytes for each pixel."""

IMAGE_ACCEPT = "image/avif, image/webp, image/png, image/jpeg, image/gif;q=0.9, */*;q=0.1"

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF markers, ITU-T T.81 table B.1
_JPEG_BARE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a segment
_AVIF_BRANDS = frozenset((b"avif", b"avis"))


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it came. `content_type` is what its bytes say, never what the server said."""

    content_type: str
    body: bytes


async def fetch_image(fetcher: Fetcher, url: str) -> Image:
    """The picture at `url`, at most `MAX_BYTES` large.

    Raises:
        FetchError: it cannot be had.
        ParseError: it is no JPEG, PNG, GIF, WebP or AVIF (SVG is a document with scripts), or has too many pixels.
    """
    answer = await fetcher.get(url, accept=IMAGE_ACCEPT, polite=False, max_bytes=MAX_BYTES)
    assert isinstance(answer, Fetched)  # no validators were sent
    return Image(image_type(answer.body), answer.body)


def image_type(body: bytes) -> str:
    """The media type of a picture by its magic number, after a look at its size in pixels.

    Raises:
        ParseError: as for `fetch_image`.
    """
    kind, size_of = _kind(body)
    try:
        width, height = size_of(body)
    except (IndexError, ValueError) as error:
        raise ParseError("The picture is broken: it does not say how large it is.") from error
    if width <= 0 or height <= 0:
        raise ParseError("The picture is empty.")
    if width * height > MAX_PIXELS:
        raise ParseError(f"The picture has too many pixels ({width} by {height}).")
    return kind


def _kind(body: bytes) -> tuple[str, Callable[[bytes], tuple[int, int]]]:
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", _jpeg_size
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", _png_size
    if body.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif", _gif_size
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "image/webp", _webp_size
    if body[4:8] == b"ftyp" and _AVIF_BRANDS.intersection(_brands(body)):
        return "image/avif", _avif_size
    raise ParseError("The address is not a picture of a kind that is shown here (JPEG, PNG, GIF, WebP, AVIF).")


def _big(body: bytes, at: int, count: int) -> int:
    """An unsigned big-endian number; IndexError where the body ends before it."""
    if at + count > len(body):
        raise IndexError(at)
    return int.from_bytes(body[at : at + count], "big")


def _little(body: bytes, at: int, count: int) -> int:
    if at + count > len(body):
        raise IndexError(at)
    return int.from_bytes(body[at : at + count], "little")


def _png_size(body: bytes) -> tuple[int, int]:
    """IHDR is always first (ISO/IEC 15948 §11.2.2)."""
    if body[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    return _big(body, 16, 4), _big(body, 20, 4)


def _gif_size(body: bytes) -> tuple[int, int]:
    return _little(body, 6, 2), _little(body, 8, 2)


def _jpeg_size(body: bytes) -> tuple[int, int]:
    """Walk the segments to the frame header (ITU-T T.81 §B.2.2)."""
    at = 2
    while True:
        if body[at] != 0xFF:
            raise ValueError("no marker")
        marker = body[at + 1]
        if marker == 0xFF:  # fill bytes may precede a marker
            at += 1
        elif marker in _JPEG_FRAMES:
            return _big(body, at + 7, 2), _big(body, at + 5, 2)
        elif marker in _JPEG_BARE:
            at += 2
        else:
            at += 2 + max(_big(body, at + 2, 2), 2)


def _webp_size(body: bytes) -> tuple[int, int]:
    """The three kinds of first chunk: RFC 9649 §2.5 to 2.7, RFC 6386 §9.1."""
    chunk = body[12:16]
    if chunk == b"VP8X":
        return _little(body, 24, 3) + 1, _little(body, 27, 3) + 1
    if chunk == b"VP8L":
        bits = _little(body, 21, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return _little(body, 26, 2) & 0x3FFF, _little(body, 28, 2) & 0x3FFF
    raise ValueError("no picture chunk")


def _brands(body: bytes) -> list[bytes]:
    """Major and compatible brands of an ISO base media file (ISO/IEC 14496-12 §4.3)."""
    end = min(_big(body, 0, 4), len(body), 256)
    return [body[8:12], *(body[at : at + 4] for at in range(16, end, 4))]


def _avif_size(body: bytes) -> tuple[int, int]:
    """The largest of the image spatial extents (`ispe`, ISO/IEC 23008-12 §6.5.3); every item must have one."""
    sizes: list[tuple[int, int]] = []
    at = body.find(b"ispe")
    while at != -1 and len(sizes) < 100:
        sizes.append((_big(body, at + 8, 4), _big(body, at + 12, 4)))
        at = body.find(b"ispe", at + 4)
    return max(sizes, key=lambda size: size[0] * size[1])
