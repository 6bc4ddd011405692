"""Test functions from the literature, turned so that higher is better, on points of the unit cube.

Each has a highest point that is known; `placed` moves and mirrors it with a seed, so that a search that
starts in the centre, or in a corner, wins nothing by it. Where no source is named, the function and its
highest point are those of the collection of Surjanovic and Bingham (2013), Virtual Library of Simulation
Experiments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FloatArray = np.ndarray  # of floats
Score = Callable[[FloatArray], FloatArray]  # rows (n, d) -> scores (n,), higher is better

SHIFT = 0.15  # how far the domain may move, as a share of its width
MARGIN = 0.05  # how far from the border, at least, the highest point stays


@dataclass(frozen=True)
class Function:
    """A function of `len(top)` numbers between `low` and `high`, highest at `top`."""

    score: Score  # takes rows in the function's own units
    low: tuple[float, ...]
    high: tuple[float, ...]
    top: tuple[float, ...]

    @property
    def best(self) -> float:
        return float(self.score(np.array([self.top]))[0])

    def placed(self, rng: np.random.Generator) -> Placed:
        """The function on the unit cube, mirrored in some dimensions and shifted in all, by `rng`."""
        low, high, top = (np.array(side, dtype=float) for side in (self.low, self.high, self.top))
        top = (top - low) / (high - low)
        flip = rng.random(len(top)) < 0.5
        # The highest point lies at `top - shift`, or mirrored; it must not leave the cube.
        least, most = np.maximum(-SHIFT, top - 1 + MARGIN), np.minimum(SHIFT, top - MARGIN)
        shift = rng.uniform(least, most)
        return Placed(self, flip, shift, np.where(flip, 1.0 - (top - shift), top - shift))


@dataclass(frozen=True)
class Placed:
    """A function on the unit cube, and where its highest point lies there."""

    function: Function
    flip: FloatArray
    shift: FloatArray
    top: FloatArray

    def __call__(self, points: FloatArray) -> FloatArray:
        turned = np.where(self.flip, 1.0 - points, points) + self.shift
        low, high = np.array(self.function.low), np.array(self.function.high)
        return self.function.score(low + turned * (high - low))


def _branin(x: FloatArray) -> FloatArray:
    a, b = x.T
    bowl = (b - 5.1 / (4 * np.pi**2) * a**2 + 5 / np.pi * a - 6) ** 2
    return -(bowl + 10 * (1 - 1 / (8 * np.pi)) * np.cos(a) + 10)


def _goldstein_price(x: FloatArray) -> FloatArray:
    a, b = x.T
    left = 1 + (a + b + 1) ** 2 * (19 - 14 * a + 3 * a**2 - 14 * b + 6 * a * b + 3 * b**2)
    right = 30 + (2 * a - 3 * b) ** 2 * (18 - 32 * a + 12 * a**2 + 48 * b - 36 * a * b + 27 * b**2)
    return -left * right


def _camel(x: FloatArray) -> FloatArray:
    a, b = x.T
    return -((4 - 2.1 * a**2 + a**4 / 3) * a**2 + a * b + (-4 + 4 * b**2) * b**2)


SHEKEL_CENTRES = np.array(
    [
        [4, 4, 4, 4],
        [1, 1, 1, 1],
        [8, 8, 8, 8],
        [6, 6, 6, 6],
        [3, 7, 3, 7],
        [2, 9, 2, 9],
        [5, 5, 3, 3],
        [8, 1, 8, 1],
        [6, 2, 6, 2],
        [7, 3.6, 7, 3.6],
    ]
)
SHEKEL_WIDTHS = np.array([0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5])


def _shekel(x: FloatArray) -> FloatArray:
    squares = ((x[:, None, :] - SHEKEL_CENTRES) ** 2).sum(axis=-1)  # (n, 10)
    return (1 / (squares + SHEKEL_WIDTHS)).sum(axis=-1)


def _michalewicz(x: FloatArray) -> FloatArray:
    place = np.arange(1, x.shape[1] + 1)
    return (np.sin(x) * np.sin(place * x**2 / np.pi) ** 20).sum(axis=1)


def _styblinski_tang(x: FloatArray) -> FloatArray:
    return -0.5 * (x**4 - 16 * x**2 + 5 * x).sum(axis=1)


def _rosenbrock(x: FloatArray) -> FloatArray:
    return -(100 * (x[:, 1:] - x[:, :-1] ** 2) ** 2 + (1 - x[:, :-1]) ** 2).sum(axis=1)


def _dixon_price(x: FloatArray) -> FloatArray:
    place = np.arange(2, x.shape[1] + 1)
    return -((x[:, 0] - 1) ** 2 + (place * (2 * x[:, 1:] ** 2 - x[:, :-1]) ** 2).sum(axis=1))


HARTMANN_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
HARTMANN_WIDTHS = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
HARTMANN_CENTRES = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def _hartmann(x: FloatArray) -> FloatArray:
    squares = (HARTMANN_WIDTHS * (x[:, None, :] - HARTMANN_CENTRES) ** 2).sum(axis=-1)  # (n, 4)
    return np.exp(-squares) @ HARTMANN_WEIGHTS


def _ackley(x: FloatArray) -> FloatArray:
    root = np.sqrt((x**2).mean(axis=1))
    return 20 * np.exp(-0.2 * root) + np.exp(np.cos(2 * np.pi * x).mean(axis=1)) - 20 - np.e


def _levy(x: FloatArray) -> FloatArray:
    w = 1 + (x - 1) / 4
    inner = (w[:, :-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:, :-1] + 1) ** 2)
    last = (w[:, -1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[:, -1]) ** 2)
    return -(np.sin(np.pi * w[:, 0]) ** 2 + inner.sum(axis=1) + last)


def styblinski_tang(d: int) -> Function:
    return Function(_styblinski_tang, (-5,) * d, (5,) * d, (-2.903534,) * d)


def rosenbrock(d: int) -> Function:
    return Function(_rosenbrock, (-2.0,) * d, (2.0,) * d, (1.0,) * d)


def dixon_price(d: int) -> Function:
    top = tuple(2.0 ** -((2**i - 2) / 2**i) for i in range(1, d + 1))
    return Function(_dixon_price, (-2.0,) * d, (2.0,) * d, top)


def ackley(d: int) -> Function:
    return Function(_ackley, (-5.0,) * d, (5.0,) * d, (0.0,) * d)


def levy(d: int) -> Function:
    return Function(_levy, (-5.0,) * d, (5.0,) * d, (1.0,) * d)


def shekel() -> Function:
    return Function(_shekel, (0.0,) * 4, (10.0,) * 4, (4.00075, 4.00059, 3.99966, 3.99951))


def michalewicz() -> Function:
    top = (2.202906, 1.570796, 1.284992, 1.923058, 1.720470)
    return Function(_michalewicz, (0.0,) * 5, (np.pi,) * 5, top)


def hartmann() -> Function:
    top = (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573)
    return Function(_hartmann, (0.0,) * 6, (1.0,) * 6, top)


BRANIN = Function(
    _branin, (-5.0, 0.0), (10.0, 15.0), (np.pi, 2.275)
)  # Branin (1972); two more tops are as high
GOLDSTEIN_PRICE = Function(_goldstein_price, (-2.0, -2.0), (2.0, 2.0), (0.0, -1.0))
CAMEL = Function(_camel, (-2.0, -1.0), (2.0, 1.0), (0.089842, -0.712656))  # a second top is as high
