"""A PNG file from an array, in a few lines: a heat map is a small one that the page smooths."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np


def png(dots: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """A PNG file of dots with red, green, blue and cover; shape (rows, columns, 4), the top row first.

    Examples
    --------
    >>> png(np.zeros((1, 2, 4), dtype=np.uint8))[1:4]
    b'PNG'
    """
    rows, columns, _ = dots.shape
    raw = b"".join(b"\0" + row.tobytes() for row in dots)
    parts = (
        (b"IHDR", struct.pack(">2I5B", columns, rows, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw, 1)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
