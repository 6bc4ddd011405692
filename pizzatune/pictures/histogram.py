"""How many fell where: a histogram, with a marker or two that tell where something special lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Axes, Bars, Key, Mark, Panel, Rule, Scale
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import score_scale
from pizzatune.words import number_text, score_text

BINS = 24
RULES = ("best", "next", "truth")  # how the markers look, in their order


@dataclass(frozen=True)
class Histogram:
    """Edges of the bins, shape (n + 1,), how many values fell into each, shape (n,), and their mean."""

    edges: FloatArray
    counts: FloatArray
    mean: float


def histogram_of(values: Sequence[float] | FloatArray, bins: int = BINS) -> Histogram:
    """Work out `Histogram`; what is not finite is left out.

    Raises
    ------
    ValueError
        If no value is finite.

    Examples
    --------
    >>> histogram_of([1.0, 1.0, 2.0, 3.0], bins=2).counts.tolist()
    [2.0, 2.0]
    """
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        raise ValueError("a histogram needs at least one finite value, got none")
    scale = score_scale(finite, room=0.0)
    shares = np.clip((bins * scale.share(finite)).astype(int), 0, bins - 1)
    edges = np.array([scale.value(share) for share in np.linspace(0.0, 1.0, bins + 1)])
    counts = np.bincount(shares, minlength=bins).astype(float)
    return Histogram(edges, counts, float((finite / len(finite)).sum()))


def histogram_marks(
    panel: Panel, found: Histogram, markers: Mapping[str, float], style: str = "quiet"
) -> list[Mark]:
    """The bars, and a line all the way up at each marker."""
    tips = [
        f"{number_text(low)} to {number_text(high)}: {many:.0f}"
        for low, high, many in zip(found.edges, found.edges[1:], found.counts, strict=False)
    ]
    marks: list[Mark] = [
        Bars(
            panel,
            found.edges[:-1],
            found.edges[1:],
            np.zeros(len(found.counts)),
            found.counts,
            style,
            tips=tips,
        )
    ]
    for number, (name, place) in enumerate(markers.items()):
        marks.append(Rule(panel, place, RULES[number % len(RULES)], tip=f"{name}: {score_text(place)}"))
    return marks


def histogram(
    values: Sequence[float] | FloatArray,
    *,
    markers: Mapping[str, float] | None = None,
    bins: int = BINS,
    xlabel: str = "score",
    ylabel: str = "how many",
) -> Picture:
    """Show how values are spread, with a line for each of a few that matter.

    Parameters
    ----------
    values : sequence of float
        At least one that is finite; the others are left out.
    markers : dict, optional
        Name -> where its line stands.
    bins : int
        How many bars, at least 1.
    xlabel, ylabel : str
        What is written along the axes.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If no value is finite, or there are no bins.

    Examples
    --------
    >>> histogram([7.0, 8.0, 8.5, 9.0], markers={"grid": 8.8}, xlabel="best score")
    4 values of best score from 7.00 to 9.00, on average 8.12. grid: 8.80.
    """
    if bins < 1:
        raise ValueError(f"a histogram needs at least one bin, got {bins}")
    found, markers = histogram_of(values, bins), dict(markers or {})
    x = score_scale([*found.edges, *markers.values()], xlabel, room=0.03)
    entries = [(name, "line", RULES[number % len(RULES)]) for number, name in enumerate(markers)]
    key = Key(58, 20, entries)
    y = Scale(0.0, 1.05 * float(found.counts.max()), ylabel)
    panel = Panel(58, key.floor + 38 if entries else 32, 640, 260, x, y, grid="y")
    columns = {"from": found.edges[:-1], "to": found.edges[1:], ylabel: found.counts}
    marks = [Axes(panel), *histogram_marks(panel, found, markers), *([key] if entries else [])]
    return Picture(marks, in_words(found, markers, xlabel), columns, height=panel.floor + 52)


def in_words(found: Histogram, markers: Mapping[str, float], label: str) -> str:
    """Read the picture aloud."""
    low, high = score_text(float(found.edges[0])), score_text(float(found.edges[-1]))
    said = "".join(f" {name}: {score_text(place)}." for name, place in markers.items())
    many, mean = f"{found.counts.sum():.0f}", score_text(found.mean)
    return f"{many} values of {label} from {low} to {high}, on average {mean}.{said}"
