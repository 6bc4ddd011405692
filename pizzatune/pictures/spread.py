"""Several searches of each kind: the mean of the best so far, and from the worst to the best of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Axes, Band, Key, Line, Mark, Panel, Rule, Scale
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import score_scale
from pizzatune.words import score_text


@dataclass(frozen=True)
class Spread:
    """Mean, lowest and highest value of several searches at each step, shape (steps,); and their number."""

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    searches: int


def spread_of(rows: FloatArray) -> Spread:
    """Work out `Spread` from rows of shape (searches, steps).

    Examples
    --------
    >>> spread_of(np.array([[1.0, 2.0], [3.0, 4.0]])).mean.tolist()
    [2.0, 3.0]
    """
    rows = np.atleast_2d(np.asarray(rows, dtype=float))
    return Spread(rows.mean(axis=0), rows.min(axis=0), rows.max(axis=0), len(rows))


def spread_marks(panel: Panel, x: FloatArray, found: Spread, number: int, name: str) -> list[Mark]:
    """The range of a kind of search, and its mean over it."""
    many = f"{name}: mean of {found.searches}, from the lowest to the highest"
    marks: list[Mark] = []
    if found.searches > 1:
        marks.append(Band(panel, x, found.low, found.high, f"pen{number}", tip=many))
    return [*marks, Line(panel, x, found.mean, f"pen{number}", tip=many)]


def spread(
    curves: Mapping[str, FloatArray],
    *,
    x: Sequence[float] | None = None,
    top: float | None = None,
    xlabel: str = "trials so far",
    ylabel: str = "best so far",
) -> Picture:
    """Show several searches of each kind: their mean, and the range from the lowest to the highest.

    Parameters
    ----------
    curves : dict
        Name -> what each search of that kind had reached, shape (searches, steps), in score units.
    x : sequence of float, optional
        Where the steps lie; by default 1, 2, 3 ...
    top : float, optional
        The best possible.
    xlabel, ylabel : str
        What is written along the axes.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no curve, or the steps do not fit `x`.

    Examples
    --------
    >>> spread({"warm": np.array([[5.0, 8.0], [7.0, 9.0]]), "cold": np.array([[1.0, 4.0]])})
    At the end: warm 8.50 (from 8.00 to 9.00 in 2 searches); cold 4.00.
    """
    if not curves:
        raise ValueError("there is nothing to draw, got no curves; pass e.g. {'random': array}")
    found = {name: spread_of(rows) for name, rows in curves.items()}
    steps = {len(one.mean) for one in found.values()}
    places = np.arange(1.0, max(steps) + 1) if x is None else np.asarray(x, dtype=float)
    if steps != {len(places)}:
        raise ValueError(
            f"there are {len(places)} places and curves of {sorted(steps)} steps; give one place a step"
        )
    every = [*(one.low for one in found.values()), *(one.high for one in found.values())]
    y = score_scale(np.concatenate([*every, [np.nan if top is None else top]]), ylabel)
    entries = [(name, "line", f"pen{number % 6}") for number, name in enumerate(found)]
    key = Key(58, 20, entries + ([("best possible", "line", "limit")] if top is not None else []))
    whole = bool((places == np.round(places)).all())
    x_scale = Scale(float(places[0]), float(places[-1]) or 1.0, xlabel, whole=whole)
    panel = Panel(58, key.floor + 38, 640, 286, x_scale, y, grid="y")
    marks: list[Mark] = [Axes(panel)]
    if top is not None:
        marks.append(Rule(panel, top, "limit", along="x", tip=f"the best possible: {score_text(top)}"))
    for number, (name, one) in enumerate(found.items()):
        marks += spread_marks(panel, places, one, number % 6, name)
    marks.append(key)
    columns = {
        "search": [name for name, one in found.items() for _ in one.mean],
        xlabel: np.tile(places, len(found)),
        **{
            part: np.concatenate([getattr(one, part) for one in found.values()])
            for part in ("mean", "low", "high")
        },
    }
    return Picture(marks, in_words(found), columns, height=panel.floor + 52)


def in_words(found: Mapping[str, Spread]) -> str:
    """Read the picture aloud."""

    def ending(name: str, one: Spread) -> str:
        ends = f"{name} {score_text(float(one.mean[-1]))}"
        if one.searches == 1:
            return ends
        low, high = score_text(float(one.low[-1])), score_text(float(one.high[-1]))
        return f"{ends} (from {low} to {high} in {one.searches} searches)"

    return f"At the end: {'; '.join(ending(name, one) for name, one in found.items())}."
