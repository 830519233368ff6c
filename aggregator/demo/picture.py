"""Pictures for the sample stories: hills under a quiet sky, drawn when asked for."""

import hashlib
import struct
import zlib
from math import sin

WIDTH, HEIGHT = 640, 360
_SHADES = 120  # of the sky
_HILLS = 3  # the farthest first


def png(name: str) -> bytes:
    """A PNG of 640 by 360 pixels, the same for the same name."""
    seed = hashlib.sha256(name.encode()).digest()
    ridges = [_ridge(seed[6 + 4 * hill :], hill) for hill in range(_HILLS)]
    rows = b"".join(b"\0" + _row(y, ridges) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    palette = _palette(seed[:3], seed[3:6])
    chunks = _chunk(b"IHDR", head) + _chunk(b"PLTE", palette) + _chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunks + _chunk(b"IEND", b"")


def _palette(above: bytes, below: bytes) -> bytes:
    """The shades of the sky from top to horizon, then the hills, each darker than the one behind it."""
    top, horizon = [90 + value // 3 for value in above], [165 + value // 3 for value in below]
    sky = [_between(top, horizon, shade / _SHADES) for shade in range(_SHADES)]
    hills = [_between(top, [20, 24, 28], (hill + 1.5) / (_HILLS + 1)) for hill in range(_HILLS)]
    return b"".join(sky + hills)


def _ridge(seed: bytes, hill: int) -> list[float]:
    """How far below the upper edge a hill begins, by column."""
    base, wide, near, start = 190 + 50 * hill, 90 + seed[0] // 2, 30 + seed[1] // 6, seed[2]
    return [base + 26 * sin((x + start) / wide) + 9 * sin((x + 2 * start) / near) for x in range(WIDTH)]


def _row(y: int, ridges: list[list[float]]) -> bytes:
    """The colours of a row of pixels, by their numbers in the palette."""
    row = bytearray([y * _SHADES // HEIGHT]) * WIDTH
    for hill, ridge in enumerate(ridges):
        if y >= min(ridge):
            row = bytearray(
                _SHADES + hill if y >= edge else old for old, edge in zip(row, ridge, strict=True)
            )
    return bytes(row)


def _between(one: list[int], other: list[int], part: float) -> bytes:
    return bytes(int(a + (b - a) * part) for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
