"""Abstract landscapes as PNG, painted in pure Python: the demo's photographs, without a photograph from elsewhere.

PNG because Firsthand's image proxy refuses SVG, and palette PNG because it is written with `zlib` alone
(PNG specification, third edition, sections 11.2.1 IHDR, 11.2.2 PLTE, 11.2.3 IDAT).
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random

WIDTH, HEIGHT = 640, 360
_SKY = 96
"""Palette entries for the sky's gradient; the layers follow, then the lights."""

Color = tuple[int, int, int]
Ridge = list[int]


@dataclass(frozen=True, slots=True)
class _Scene:
    """The colors of a motif, and how the outline of one layer is drawn."""

    top: Color
    horizon: Color
    far: Color
    near: Color
    sun: Color
    outline: Callable[[Random, float], Ridge]
    layers: int = 4
    first: float = 0.5
    """Where the farthest layer begins, as a part of the height."""


def _waves(rng: Random, base: float) -> Ridge:
    step, phase = rng.uniform(40, 90), rng.uniform(0, 9)
    return [int(base * HEIGHT + 3 * math.sin(x / step + phase) + 2 * math.sin(x / 17 + phase)) for x in range(WIDTH)]


def _ridges(rng: Random, base: float) -> Ridge:
    terms = [(rng.uniform(30, 50) / k, rng.uniform(60, 150) / k, rng.uniform(0, 9)) for k in (1, 2, 4)]
    return [int(base * HEIGHT - 14 + sum(a * math.sin(x / s + p) for a, s, p in terms) * 0.7) for x in range(WIDTH)]


def _fields(rng: Random, base: float) -> Ridge:
    step, slope = rng.uniform(120, 220), rng.uniform(-0.06, 0.06)
    return [int(base * HEIGHT + 12 * math.sin(x / step) + slope * (x - WIDTH / 2)) for x in range(WIDTH)]


def _roofs(rng: Random, base: float) -> Ridge:
    heights: Ridge = []
    while len(heights) < WIDTH:
        heights += [int(base * HEIGHT - rng.uniform(0, 70))] * rng.randint(14, 46)
    return heights[:WIDTH]


_SCENES: dict[str, _Scene] = {
    "sea": _Scene((96, 134, 158), (226, 222, 206), (92, 132, 146), (24, 56, 74), (248, 240, 214), _waves, 6, 0.55),
    "storm": _Scene((58, 64, 74), (142, 146, 146), (88, 100, 106), (28, 36, 44), (172, 174, 170), _waves, 7, 0.5),
    "hills": _Scene((148, 176, 196), (240, 222, 196), (144, 156, 148), (44, 66, 56), (252, 236, 200), _ridges, 5, 0.5),
    "dusk": _Scene((58, 56, 92), (232, 152, 112), (122, 92, 112), (30, 28, 48), (255, 214, 150), _ridges, 4, 0.55),
    "fire": _Scene((74, 50, 46), (236, 138, 62), (150, 78, 48), (34, 24, 24), (255, 190, 96), _ridges, 5, 0.5),
    "fields": _Scene(
        (168, 196, 210), (244, 232, 206), (206, 184, 112), (112, 110, 52), (255, 246, 214), _fields, 6, 0.5
    ),
    "city": _Scene((132, 152, 172), (236, 214, 194), (150, 148, 156), (48, 52, 66), (250, 232, 206), _roofs, 4, 0.6),
    "night": _Scene((14, 18, 36), (62, 66, 96), (40, 44, 68), (10, 12, 22), (236, 232, 210), _roofs, 4, 0.6),
}
SCENES = frozenset(_SCENES)
"""The motifs that `paint` knows."""


@lru_cache(maxsize=256)
def paint(scene: str, seed: int) -> bytes:
    """A PNG of `scene`, 640 × 360; the same `seed` gives the same picture.

    Raises:
        KeyError: the scene is not one of `SCENES`.
    """
    motif = _SCENES[scene]
    rng = Random(seed)  # noqa: S311 - paints a picture, keeps no secret
    spacing = (1.0 - motif.first) / motif.layers
    layers = [motif.outline(rng, motif.first + spacing * number) for number in range(motif.layers)]
    palette = [_mix(motif.top, motif.horizon, step / (_SKY - 1)) for step in range(_SKY)]
    palette += [_mix(motif.far, motif.near, step / (motif.layers - 1)) for step in range(motif.layers)]
    palette.append(motif.sun)
    columns = [_column(x, layers) for x in range(WIDTH)]
    _place_sun(columns, rng, motif, len(palette) - 1)
    rows = (b"\0" + bytes(row) for row in zip(*columns, strict=True))
    return _png(palette, b"".join(rows))


def _column(x: int, layers: list[Ridge]) -> bytearray:
    """One column, top to bottom: the sky down to the highest layer, then each layer down to the next."""
    column = bytearray(min(y * _SKY // int(HEIGHT * 0.75), _SKY - 1) for y in range(HEIGHT))
    for number, ridge in enumerate(layers):
        top = max(0, min(HEIGHT, ridge[x]))
        column[top:] = bytes([_SKY + number]) * (HEIGHT - top)
    return column


def _place_sun(columns: list[bytearray], rng: Random, motif: _Scene, color: int) -> None:
    """A disc in the sky, behind the layers."""
    cx, cy, radius = rng.randint(90, WIDTH - 90), rng.randint(70, int(motif.first * HEIGHT) - 40), rng.randint(18, 34)
    for x in range(cx - radius, cx + radius + 1):
        half = int(math.sqrt(radius**2 - (x - cx) ** 2))
        for y in range(cy - half, cy + half + 1):
            if columns[x][y] < _SKY:
                columns[x][y] = color


def _mix(a: Color, b: Color, share: float) -> Color:
    red, green, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return red, green, blue


def _png(palette: list[Color], pixels: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", bytes(part for color in palette for part in color))]
    parts += [(b"IDAT", zlib.compress(pixels, 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
