"""A guess with its doubt along one dial: a line, a band about it, and what was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pizzatune.parameters import FloatArray
from pizzatune.pictures.marks import Axes, Band, Dots, Key, Line, Mark, Panel, Rule, Scale
from pizzatune.pictures.picture import Picture
from pizzatune.pictures.source import score_scale
from pizzatune.words import number_text, score_text

WIDE = 2.0  # standard deviations on either side of the guess

Numbers = Sequence[float] | FloatArray


@dataclass(frozen=True)
class Doubtful:
    """A guess along a dial, its doubt as a standard deviation, and the truth or None; shape (k,) each."""

    x: FloatArray
    mean: FloatArray
    std: FloatArray
    truth: FloatArray | None = None

    @property
    def ends(self) -> tuple[FloatArray, FloatArray]:
        """The lower and the upper end of the band, shape (k,) each."""
        return self.mean - WIDE * self.std, self.mean + WIDE * self.std

    @property
    def held(self) -> int | None:
        """At how many of 100 places the truth lies in the band, where it is known."""
        if self.truth is None:
            return None
        low, high = self.ends
        slack = 1e-6 * (1.0 + np.abs(self.truth))  # where it was baked, band and truth are one point
        return round(100 * float(((self.truth >= low - slack) & (self.truth <= high + slack)).mean()))


def doubtful(x: Numbers, mean: Numbers, std: Numbers, truth: Numbers | None = None) -> Doubtful:
    """The numbers of `band`, checked.

    Raises
    ------
    ValueError
        If they are not as many, `x` does not grow, or a doubt is below 0.
    """
    rows = [np.asarray(row, dtype=float) for row in (x, mean, std, *(() if truth is None else (truth,)))]
    if rows[0].ndim != 1 or len(rows[0]) < 2 or any(row.shape != rows[0].shape for row in rows):
        raise ValueError(
            "x, mean, std and truth must be rows of equally many numbers, two or more, got shapes "
            f"{[row.shape for row in rows]}; give one guess and one doubt for each place"
        )
    if not (np.diff(rows[0]) > 0).all():
        raise ValueError("x must grow from place to place; sort the places first")
    if not (rows[2] >= 0).all():
        raise ValueError(f"a doubt must be 0 or more, got {np.nanmin(rows[2]):.3g}; is it a variance?")
    return Doubtful(*rows)


def band(
    x: Numbers,
    mean: Numbers,
    std: Numbers,
    *,
    seen: tuple[Numbers, Numbers] | None = None,
    truth: Numbers | None = None,
    markers: Mapping[str, float] | None = None,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    xlabel: str = "",
    ylabel: str = "score",
) -> Picture:
    """Show a guess along one dial, and about it a band of two standard deviations up and down.

    Parameters
    ----------
    x, mean, std : sequence of float, shape (k,)
        Places on the dial in growing order, what is guessed there, and how much that is doubted, the last
        two in score units.
    seen : pair of sequences, optional
        Places and scores of what was tried.
    truth : sequence of float, shape (k,), optional
        The true scores.
    markers : dict, optional
        Name -> the score at which its line lies.
    log : bool
        Whether equal steps along the dial are equal ratios.
    limits : tuple of float, optional
        The ends of the score axis; what lies beyond is cut off there. By default it lies around the band.
    xlabel, ylabel : str
        What is written along the axes.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there are not as many guesses and doubts as places, places do not grow, or a doubt is below 0.

    Examples
    --------
    >>> band([150, 200, 250], [6.0, 8.0, 5.0], [1.0, 0.0, 1.5], seen=([200], [8.0]))
    The guess is highest at 200: 8.00 ± 0.00. It is least sure at 250: 5.00 ± 3.00 (± is 2 std).
    """
    numbers, markers = doubtful(x, mean, std, truth), dict(markers or {})
    seen_x, scores = (np.asarray(row, dtype=float) for row in (seen or ((), ())))
    low, high = numbers.ends
    heights = np.concatenate([low, high, scores, [*markers.values()], *_known(numbers)])
    y = score_scale(heights, ylabel, 0.05) if limits is None else Scale(*limits, ylabel)
    entries = [("guess", "line", "mean"), (f"± {WIDE:g} std", "area", "doubt")]
    entries += [("truth", "line", "truth")] if numbers.truth is not None else []
    entries += [("tried", "dot", "tried")] if len(seen_x) else []
    entries += [(name, "line", "limit") for name in markers]
    key = Key(58, 20, entries)
    across = Scale(float(numbers.x[0]), float(numbers.x[-1]), xlabel, log=log)
    panel = Panel(58, key.floor + 38, 640, 286, across, y, grid="y")
    marks: list[Mark] = [Axes(panel), *band_marks(panel, numbers)]
    for name, at in markers.items():
        marks.append(Rule(panel, at, "limit", along="x", tip=f"{name}: {score_text(at)}"))
    tips = [f"{number_text(at)}: {score_text(score)}" for at, score in zip(seen_x, scores, strict=True)]
    if len(seen_x):
        marks.append(Dots(panel, seen_x, np.clip(scores, y.low, y.high), "tried", tips=tips))
    columns = {xlabel or "x": numbers.x, "mean": numbers.mean, "std": numbers.std}
    columns |= {} if numbers.truth is None else {"truth": numbers.truth}
    return Picture([*marks, key], in_words(numbers), columns, height=panel.floor + 52)


def _known(numbers: Doubtful) -> list[FloatArray]:
    return [] if numbers.truth is None else [numbers.truth]


def band_marks(panel: Panel, numbers: Doubtful) -> list[Mark]:
    """The band, the guess and the truth; what leaves the panel is cut off at its edge."""
    low, high, mean, *truth = (
        np.clip(row, panel.y.low, panel.y.high) for row in (*numbers.ends, numbers.mean, *_known(numbers))
    )
    marks: list[Mark] = [Band(panel, numbers.x, low, high, "doubt"), Line(panel, numbers.x, mean, "mean")]
    return [*marks, *(Line(panel, numbers.x, row, "truth") for row in truth)]


def in_words(numbers: Doubtful) -> str:
    """Read the picture aloud."""

    none = 1e-3 * float(numbers.std.max())  # what arithmetic leaves of no doubt

    def at(place: int) -> str:
        guess, std = float(numbers.mean[place]), float(numbers.std[place])
        doubt = WIDE * std if std > none else 0.0
        where = number_text(float(f"{numbers.x[place]:.4g}"))
        return f"{where}: {score_text(guess)} ± {score_text(doubt)}"

    said = f"The guess is highest at {at(int(numbers.mean.argmax()))}. "
    said += f"It is least sure at {at(int(numbers.std.argmax()))} (± is 2 std)."
    return said if numbers.held is None else f"{said} The band holds {numbers.held} of 100 truths."
