"""Where to write the numbers of dots that cover each other: beside them, at the end of a thin line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pizzatune.parameters import FloatArray

REACHES = (25.0, 33.0, 41.0, 50.0)  # how far beside its dot a number may stand, in points
ANGLES = np.linspace(0.0, 2 * np.pi, 16, endpoint=False)
TOUCH = 2.5  # a line nearer than this to the middle of a dot runs over it, in points
HALF = 8.0  # half the width of a number with the paper around it, in points


def crowded(spots: FloatArray, room: float) -> np.ndarray:
    """Which dots have another one nearer than `room`, shape (n,).

    Parameters
    ----------
    spots : ndarray, shape (n, 2)
        Where the dots lie, in points.
    room : float
        In points.

    Examples
    --------
    >>> crowded(np.array([[0.0, 0.0], [5.0, 0.0], [50.0, 0.0]]), room=11.0)
    array([ True,  True, False])
    """
    apart = np.linalg.norm(spots[:, None] - spots[None], axis=-1)
    np.fill_diagonal(apart, np.inf)
    return np.asarray((apart < room).any(axis=1))


def beside(
    spots: FloatArray, wanted: Sequence[int], marks: FloatArray, radii: FloatArray, corners: FloatArray
) -> FloatArray:
    """Find a place beside each wanted dot where its number covers as little as possible.

    Each in turn takes the best of a few places around its dot: first of all inside the frame and clear of
    the numbers and lines before it, then with a line that passes no other wanted dot, off the marks, away
    from the crowd, and near.

    Parameters
    ----------
    spots : ndarray, shape (n, 2)
        Where the dots lie, in points.
    wanted : sequence of int
        Which of them get a number, the first to choose first.
    marks, radii : ndarray, shape (m, 2) and (m,)
        What should not be covered, and how large it is, in points.
    corners : ndarray, shape (2, 2)
        Lower left and upper right corner of the frame, in points.

    Returns
    -------
    ndarray, shape (number wanted, 2)
        The middles of the numbers, in points.

    Examples
    --------
    >>> spots, frame = np.array([[50.0, 50.0], [48.0, 50.0]]), np.array([[0.0, 0.0], [99.0, 99.0]])
    >>> beside(spots, [0], spots, np.array([4.0, 4.0]), frame)
    array([[75., 50.]])
    """
    found: list[FloatArray] = []
    lines: list[tuple[FloatArray, FloatArray]] = []
    for i in wanted:
        near = spots[np.linalg.norm(spots - spots[i], axis=1) < REACHES[0]]
        away = spots[i] - near.mean(axis=0)
        best, least = spots[i], np.inf
        for reach in REACHES:
            for angle in ANGLES:
                ahead = np.array([np.cos(angle), np.sin(angle)])
                place = spots[i] + reach * ahead
                covered = np.maximum(radii + HALF - np.linalg.norm(marks - place, axis=1), 0.0).sum()
                inside = (place - HALF >= corners[0]).all() and (place + HALF <= corners[1]).all()
                near_other = sum(np.linalg.norm(place - other) < 2.5 * HALF for other in found)
                crossed = sum(_cross(spots[i], place, *line) for line in lines)
                over = sum(_passes(spots[i], place, spots[other]) for other in wanted if other != i)
                wrong = 150.0 * (not inside) + 100.0 * near_other + 60.0 * crossed + 8.0 * over
                cost = wrong + 2.0 * covered + 0.3 * reach - float(ahead @ away) / (1 + np.hypot(*away))
                if cost < least - 1e-9:
                    best, least = place, cost
        found.append(best)
        lines.append((spots[i], best))
    return np.array(found).reshape(-1, 2)


def _cross(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> bool:
    """Whether the line from `a` to `b` crosses the one from `c` to `d`."""

    def side(p: FloatArray, q: FloatArray, r: FloatArray) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _passes(a: FloatArray, b: FloatArray, dot: FloatArray) -> bool:
    """Whether the line from `a` to `b` runs over a dot on its way."""
    along = float((dot - a) @ (b - a)) / float((b - a) @ (b - a))
    return 0 < along < 1 and float(np.linalg.norm(a + along * (b - a) - dot)) < TOUCH
