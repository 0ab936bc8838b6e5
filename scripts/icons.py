"""Draw the icons of the app on a phone from `mark.svg`, as PNG: iOS and Android's launchers take no SVG.

    python scripts/icons.py

The mark is two circles, so they are drawn here, four samples a pixel each way; the same bytes come out every time.
`maskable` stands on paper and keeps inside the safe zone, a circle of 80 % of the width (W3C Manifest, "maskable icons");
`badge` is white on nothing: Android shows only its outline beside a notification.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from lxml import etree

ICONS = Path(__file__).parent.parent / "src" / "firsthand" / "web" / "static" / "icons"
PAPER = (0xFB, 0xFA, 0xF7)
WHITE = (255, 255, 255)
SAMPLES = 4
WANTED = (
    # file, pixels, part of the width that the mark fills, paper beneath, white mark
    ("app-192.png", 192, 0.95, True, False),
    ("app-512.png", 512, 0.95, True, False),
    ("maskable-192.png", 192, 0.78, True, False),
    ("maskable-512.png", 512, 0.78, True, False),
    ("touch-180.png", 180, 0.85, True, False),
    ("badge-96.png", 96, 1.0, False, True),
)


def circles() -> list[dict[str, str]]:
    """The mark's circles, as the SVG gives them."""
    root = etree.fromstring((ICONS / "mark.svg").read_bytes())
    return [dict(one.attrib) for one in root.iter("{http://www.w3.org/2000/svg}circle")]


def draw(size: int, fills: float, paper: bool, white: bool) -> np.ndarray:
    """The mark as `size` × `size` pixels of red, green, blue and alpha."""
    fine = size * SAMPLES
    y, x = np.mgrid[0:fine, 0:fine] + 0.5
    scale = 32 / (fine * fills)
    x, y = (x - fine / 2) * scale + 16, (y - fine / 2) * scale + 16
    canvas = np.zeros((fine, fine, 4))
    if paper:
        canvas[:] = (*PAPER, 255)
    for one in circles():
        away = np.hypot(x - float(one["cx"]), y - float(one["cy"]))
        radius, width = float(one["r"]), float(one.get("stroke-width", 0))
        inside = abs(away - radius) <= width / 2 if one["fill"] == "none" else away <= radius
        color = one["stroke"] if one["fill"] == "none" else one["fill"]
        canvas[inside] = (*(WHITE if white else bytes.fromhex(color[1:])), 255)
    alpha = canvas[..., 3:] / 255
    summed = (canvas[..., :3] * alpha).reshape(size, SAMPLES, size, SAMPLES, 3).mean((1, 3))
    cover = alpha.reshape(size, SAMPLES, size, SAMPLES, 1).mean((1, 3))
    colors = np.divide(summed, cover, out=np.zeros_like(summed), where=cover > 0)
    return np.concatenate([colors, cover * 255], axis=2).round().astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    """Pixels as a PNG (ISO/IEC 15948), with alpha only where there is any."""
    height, width = pixels.shape[:2]
    opaque = bool((pixels[..., 3] == 255).all())
    rows = pixels[..., :3] if opaque else pixels
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if opaque else 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(raw, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    for name, size, fills, paper, white in WANTED:
        (ICONS / name).write_bytes(png(draw(size, fills, paper, white)))
        print(name)
