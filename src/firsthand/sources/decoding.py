"""Content codings (RFC 9110 §8.4): gzip, deflate, br, zstd, inflated step by step and never beyond a limit."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

ACCEPT_ENCODING = "gzip, deflate, br, zstd"

MAX_CODINGS = 3
"""Codings on top of each other; one is usual, two happen behind careless proxies, more is an attack."""

_STEP = 256 * 1024
_GZIP_MAGIC = b"\x1f\x8b\x08"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ZSTD_SLICE = 256
_ZSTD_MAX_WINDOW = 8 * 1024 * 1024  # RFC 9659: larger windows are not to be used on the web


class InflatedTooLarge(Exception):
    """More comes out than the limit allows."""


class BadCoding(Exception):
    """The bytes are not what their Content-Encoding says; the text is a sentence fragment that says how."""


def decode(body: bytes, content_encoding: str, limit: int, *, truncate: bool = False) -> bytes:
    """`body` with every coding of its Content-Encoding header undone.

    A body that plainly is text although a coding is declared is taken as it is (misconfigured servers send it, and
    nothing else could be meant); gzip that nobody declared is inflated too (`sitemap.xml.gz` as served by most).

    Args:
        content_encoding: the header's value, "" if there was none.
        limit: the most bytes that any stage may yield.
        truncate: return the first `limit` bytes, and what a broken body yields, instead of raising.

    Raises:
        InflatedTooLarge: a stage yields more than `limit`.
        BadCoding: a coding is unknown, there are too many, or the bytes are broken or cut short.
    """
    codings = [name for part in content_encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(codings) > MAX_CODINGS:
        raise BadCoding(f"it is coded {len(codings)} times over")
    for coding in reversed(codings):
        body = _undo(body, coding, limit, truncate)
    if not codings and body.startswith(_GZIP_MAGIC):
        try:
            return _collect(_gunzip(body), limit, truncate)
        except BadCoding:
            return body
    return body


def _undo(body: bytes, coding: str, limit: int, truncate: bool) -> bytes:
    inflate = _INFLATERS.get(coding)
    if inflate is None:
        raise BadCoding(f"its content coding {coding[:20]!r} is not one that was asked for")
    if not body:
        return body
    if coding not in ("deflate", "br") and _is_text(body):
        return body
    return _collect(inflate(body), limit, truncate)


def _collect(pieces: Iterator[bytes], limit: int, truncate: bool) -> bytes:
    collected: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            collected.append(piece)
            size += len(piece)
            if size > limit:
                if truncate:
                    break
                raise InflatedTooLarge
    except BadCoding:
        if not truncate:
            raise
    return (collected[0] if len(collected) == 1 else b"".join(collected))[:limit]


def _is_text(body: bytes) -> bool:
    """Whether this begins as XML, HTML or JSON does, and holds no control characters for a while."""
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head[:1] in (b"<", b"{", b"[") and _CONTROL.search(head) is None


def _gunzip(body: bytes) -> Iterator[bytes]:
    """Every member of a gzip file (RFC 1952 §2.2); garbage after the last is ignored, as gzip(1) does."""
    if not body.startswith(_GZIP_MAGIC):
        raise BadCoding("it says gzip and is not")
    while body.startswith(_GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        yield from _zlib_steps(member, body)
        body = member.unused_data


def _inflate(body: bytes) -> Iterator[bytes]:
    """`deflate` is zlib by the standard and raw by the habit of old servers; browsers read both."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    yield from _zlib_steps(zlib.decompressobj(wbits=15 if is_zlib else -15), body)


def _zlib_steps(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    try:
        while not member.eof:
            piece = member.decompress(data, _STEP)
            data = member.unconsumed_tail
            if piece:
                yield piece
            elif not data and not member.eof:
                raise BadCoding("its compressed data are cut short")
    except zlib.error as error:
        raise BadCoding("its compressed data are broken") from error


def _unbrotli(body: bytes) -> Iterator[bytes]:
    import brotli

    stream = brotli.Decompressor()
    data = body
    try:
        while not stream.is_finished():
            piece: bytes = stream.process(data, output_buffer_limit=_STEP)
            data = b""
            if piece:
                yield piece
            elif not stream.is_finished():
                raise BadCoding("its compressed data are cut short")
    except brotli.error as error:
        raise BadCoding("its compressed data are broken") from error


def _unzstd(body: bytes) -> Iterator[bytes]:
    """Every frame of a zstd body (RFC 8878 §3.1).

    The library bounds no output, so the input goes in by slices: four bytes make at most one block of 128 KiB
    (RFC 8878 §3.1.1.2, RLE_Block), a slice therefore at most 8 MiB.
    """
    import zstandard

    context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MAX_WINDOW)
    frame = context.decompressobj()
    view = memoryview(body)
    at = 0
    try:
        while at < len(body):
            if frame.eof:
                frame = context.decompressobj()
            slice_ = view[at : at + _ZSTD_SLICE]
            piece = frame.decompress(slice_)
            at += len(slice_) - len(frame.unused_data)
            if piece:
                yield piece
    except zstandard.ZstdError as error:
        raise BadCoding("its compressed data are broken") from error
    if not frame.eof:
        raise BadCoding("its compressed data are cut short")


_INFLATERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
