"""What bytes are that were taken for text: outlets link to PDF files, and people give a picture for a page."""

from __future__ import annotations

import re

# First bytes (https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern and following).
_KINDS = tuple(
    (re.compile(begins, re.DOTALL), what)
    for begins, what in (
        (rb"\x89PNG\r\n", "a PNG image"),
        (rb"\xff\xd8\xff", "a JPEG image"),
        (rb"GIF8[79]a", "a GIF image"),
        (rb"\s*%PDF-", "a PDF document"),
        (rb"PK\x03\x04", "a ZIP archive or an office document"),
        (rb"\xd0\xcf\x11\xe0", "an office document"),
        (rb"\x1f\x8b\x08", "a gzip archive"),
        (rb"RIFF.{4}(?:WEBP|WAVE|AVI )", "an image, a sound or a film"),
        (rb"ID3[\x00-\x08]|\xff[\xfb\xf3\xf2]", "a sound"),
        (rb".{4}ftyp", "a film"),
        (rb"\x00\x00\x01\x00", "an icon"),
        (rb"SQLite format 3\x00", "a database"),
    )
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = bytes(set(range(1, 0x20)) - set(b"\t\n\f\r\x1b"))
"""What no text holds: without NUL, of which UTF-16 is full, and ESC, by which ISO-2022-JP changes its letters."""
_WINDOW = 4096
_SHARE = 0.05
"""Of control characters from which on bytes are no text, however broken; a tenth of random bytes are."""


def begins_as(data: bytes) -> str | None:
    """What `data` is by its first bytes ("a PDF document"); None where these say nothing."""
    return next((what for begins, what in _KINDS if begins.match(data)), None)


def no_text(data: bytes) -> str | None:
    """What `data` is where it is no text in any encoding; None where it may be text."""
    if kind := begins_as(data):
        return kind
    window = data[:_WINDOW]
    controls = len(window) - len(window.translate(None, _CONTROLS))
    wide = window.startswith(_WIDE) or 0 in window[:2]  # of UTF-16, with a mark or without
    return "no text" if controls > _SHARE * len(window) and not wide else None
