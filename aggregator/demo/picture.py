"""Pictures for the sample stories: a quiet sky of two colours, drawn when asked for."""

import hashlib
import struct
import zlib

WIDTH, HEIGHT = 640, 360


def png(name: str) -> bytes:
    """A PNG of 640 by 360 pixels, the same for the same name."""
    seed = hashlib.sha256(name.encode()).digest()
    top, bottom = seed[:3], seed[3:6]
    rows = b"".join(b"\0" + _between(top, bottom, row / HEIGHT) * WIDTH for row in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _between(top: bytes, bottom: bytes, part: float) -> bytes:
    return bytes(int(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
