"""Where marks lie on the sheet, and the paths through them, in as few letters as will do."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pizzatune.pictures import palette
from pizzatune.pictures.marks import Panel

FEW = 64  # numbers
FAR = 1e5  # px; what lies farther out is cut there, for no renderer takes 1e308


def places(panel: Panel | None, x: Any, y: Any) -> tuple[list[float], list[float]]:
    """Px on the sheet, to a tenth, each within `FAR`."""
    if panel is None:
        return _near(x, 0.0, 1.0, 0.0), _near(y, 0.0, 1.0, 0.0)
    ends = (panel.x, panel.left, panel.width, x), (panel.y, panel.floor, -panel.height, y)
    across, down = (
        _near(values, start, length / (scale.high - scale.low), scale.low)
        if not scale.log and 1e-290 < abs(scale.high - scale.low) < math.inf
        else _near(scale.share(values), start, length, 0.0)
        for scale, start, length, values in ends
    )
    return across, down


def _near(values: Any, start: float, factor: float, low: float) -> list[float]:
    """``start + factor * (value - low)`` of each; a few numbers are quicker without numpy."""
    if isinstance(values, np.ndarray):
        if values.size > FEW:
            places = start + factor * (values.ravel() - low)
            clipped: list[float] = np.round(np.clip(places, -FAR, FAR), 1).tolist()
            return clipped
        values = values.tolist()
    return [_in_reach(start + factor * (value - low)) for value in values]


def _in_reach(place: float) -> float:
    if -FAR < place < FAR:
        return round(place, 1)
    return place if place != place else math.copysign(FAR, place)


def path(x: Sequence[float], y: Sequence[float]) -> str:
    """Through points, broken at nan: a move to each first one, and from there short steps."""
    steps: list[str] = []
    before, pen = None, ""
    for a, b in zip(x, y, strict=True):
        if a != a or b != b:
            before = None
            continue
        across, down = round(10 * a), round(10 * b)
        if before is None:
            steps.append(f"M{a:g} {b:g}")
            pen = "l"
        else:
            steps.append(f"{pen}{_tenths(across - before[0])} {_tenths(down - before[1])}")
            pen = ""
        before = across, down
    return " ".join(steps).replace(" -", "-").replace(" l", "l").replace(" M", "M")


@functools.lru_cache(maxsize=4096)
def _tenths(number: int) -> str:
    return f"{number / 10:.7g}"


def spots(x: Sequence[float], y: Sequence[float]) -> str:
    """Many small round dots as the ends of a thick pen, to whole px.

    Examples
    --------
    >>> spots([10.2, 13.1], [20.0, 17.0])
    'm10 20h0m3-3h0'
    """
    ends = [(0, 0), *((round(a), round(b)) for a, b in zip(x, y, strict=True) if a == a and b == b)]
    steps = [f"m{b[0] - a[0]} {b[1] - a[1]}h0" for a, b in itertools.pairwise(ends)]
    return "".join(steps).replace(" -", "-")


@functools.lru_cache(maxsize=64)
def _outline(kind: str, size: float) -> str:
    """The rest of a marker's path, after a move to its middle."""
    corners = [(size * x, size * y) for x, y in palette.MARKERS[kind]]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(corners)]
    drawn = "m{:g} {:g}".format(*np.round(corners[0], 2))
    for x, y in np.round(steps, 2):
        drawn += f"v{y:g}" if x == 0 else f"h{x:g}" if y == 0 else f"l{x:g} {y:g}"
    return f"{drawn}z"


def marker(kind: str, x: float, y: float, size: float) -> str:
    """A marker of `palette.MARKERS` with corners.

    Examples
    --------
    >>> marker("s", 10.0, 20.0, 5.0)
    'M5.5 15.5h9v9h-9z'
    """
    if kind == "s":  # the shortest way to write it
        half = round(abs(palette.MARKERS[kind][0][0]) * size, 2)
        return f"M{x - half:g} {y - half:g}h{2 * half:g}v{2 * half:g}h{-2 * half:g}z"
    return f"M{x:g} {y:g}{_outline(kind, size)}"


def stroke(x: float, y: float, to_x: float, to_y: float) -> str:
    """A straight line; one along an axis is written with one number less.

    Examples
    --------
    >>> stroke(1.0, 2.0, 1.0, 5.5), stroke(1.0, 2.0, 3.0, 2.0), stroke(1.0, 2.0, 3.0, 4.0)
    ('M1 2V5.5', 'M1 2H3', 'M1 2L3 4')
    """
    end = f"V{to_y:g}" if x == to_x else f"H{to_x:g}" if y == to_y else f"L{to_x:g} {to_y:g}"
    return f"M{x:g} {y:g}{end}"
