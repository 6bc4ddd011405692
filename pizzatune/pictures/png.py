"""A PNG file from an array, in a few lines: a heat map is a small one that the page smooths."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

Bytes = np.ndarray[Any, np.dtype[np.uint8]]


def png(places: Bytes, colours: Bytes) -> bytes:
    """A PNG file of dots that are places in a list of colours; the last place is see-through.

    Parameters
    ----------
    places : ndarray of uint8, shape (rows, columns)
        The top row first.
    colours : ndarray of uint8, shape (256, 3)
        Red, green and blue.

    Examples
    --------
    >>> png(np.zeros((1, 2), dtype=np.uint8), np.zeros((256, 3), dtype=np.uint8))[1:4]
    b'PNG'
    """
    rows, columns = places.shape
    raw = np.zeros((rows, columns + 1), dtype=np.uint8)  # each row starts with the number of its filter: none
    raw[:, 1:] = places
    parts = (
        (b"IHDR", struct.pack(">2I5B", columns, rows, 8, 3, 0, 0, 0)),
        (b"PLTE", colours.tobytes()),
        (b"tRNS", b"\xff" * 255 + b"\0"),
        (b"IDAT", zlib.compress(raw.tobytes(), 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
