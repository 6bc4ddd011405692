"""The lesson on a map with doubt: two bakes, a guess everywhere, and the exercise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pizzatune.gp import matern52
from pizzatune.parameters import FloatArray

USUAL, AMPLITUDE, LENGTH = 5.0, 1.5, 60.0
"""Points of a pizza that nobody baked, how far off that is (a standard deviation), and °C to half alike."""

CLOSE = 1e-6  # points between two guesses that count as one

Guesser = Callable[[float, FloatArray, FloatArray], Any]


def alike(a: Any, b: Any) -> FloatArray:
    """How alike pizzas are that were baked at these heats, in °C: 1 at the same heat, less farther apart.

    Examples
    --------
    >>> alike(np.array([200.0, 260.0]), 200.0).round(2)
    array([1.  , 0.52])
    """
    gaps: FloatArray = np.abs(a - b) / LENGTH
    return matern52(gaps)


def weights_of(heat: float, heats: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How alike a pizza is to each bake, and how much each counts in its guess; shape (n,) each."""
    near = alike(heats, heat)
    weights: FloatArray = np.linalg.solve(alike(heats[:, None], heats), near).astype(float)
    return near, weights


def guess(heat: float, heats: FloatArray, scores: FloatArray) -> tuple[float, float]:
    """What a pizza gets that nobody baked, and how far off that may be, in points.

    Parameters
    ----------
    heat : float
        In °C.
    heats, scores : ndarray, shape (n,)
        Where was baked, in °C, no heat twice, and the points that came.

    References
    ----------
    Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, equations 2.25 and 2.26, without
    noise.

    Examples
    --------
    >>> mean, doubt = guess(220.0, np.array([210.0, 270.0]), np.array([8.0, 3.0]))
    >>> round(mean, 1), round(doubt, 1)
    (7.4, 0.2)
    """
    near, weights = weights_of(heat, heats)
    return float(USUAL + weights @ (scores - USUAL)), _doubt(near, weights)


def _doubt(near: FloatArray, weights: FloatArray) -> float:
    return float(AMPLITUDE * np.sqrt(max(1.0 - float(weights @ near), 0.0)))
